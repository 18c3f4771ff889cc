#pragma once
#include <gmime/gmime.h>

// The casting and checking macros of GMime, as functions that Swift can call.

static inline int liaison_is_multipart(void *object) { return object && GMIME_IS_MULTIPART(object); }
static inline int liaison_is_part(void *object) { return object && GMIME_IS_PART(object); }
static inline int liaison_is_mailbox(void *address) { return address && INTERNET_ADDRESS_IS_MAILBOX(address); }
static inline int liaison_is_group(void *address) { return address && INTERNET_ADDRESS_IS_GROUP(address); }

// A GNU function that the C library hides from Swift.
extern void *memmem(const void *haystack, size_t haystack_length, const void *needle, size_t needle_length);
static inline const void *liaison_find(const void *haystack, size_t length, const void *needle, size_t needle_length) {
  return memmem(haystack, length, needle, needle_length);
}

#pragma once
#include <stdint.h>

// The only door to ICU, whose symbols carry its version. Every function may be called from any thread.
// Functions that write text return its length in bytes; when that is greater than `capacity`, call again with more
// room; a negative number is a failure. Locales are BCP 47 tags.

// What a folded scalar is to search: in the top byte of the values that cicu_fold writes.
enum { CICU_SEPARATOR = 0, CICU_WORD = 1, CICU_PAIR = 2, CICU_MARK = 3 };
enum { CICU_FOLD_MAX = 64 };

// Compatibility-folds one scalar; writes `class << 24 | scalar` and returns how many (0: the scalar is ignored).
int32_t cicu_fold(uint32_t scalar, uint32_t out[CICU_FOLD_MAX]);
int32_t cicu_nfc(const uint8_t *text, int32_t length, uint8_t *out, int32_t capacity);
int32_t cicu_nfkc_casefold(const uint8_t *text, int32_t length, uint8_t *out, int32_t capacity);
// Word boundaries as byte offsets of the ends of segments, with ICU's rule status; returns how many there are.
int32_t cicu_word_breaks(
    const uint8_t *text, int32_t length, const char *locale, int32_t *ends, int32_t *statuses, int32_t capacity);
// The same for sentences; only the ends.
int32_t cicu_sentence_breaks(
    const uint8_t *text, int32_t length, const char *locale, int32_t *ends, int32_t capacity);
int32_t cicu_word_breaks_utf16(
    const uint16_t *text, int32_t length, const char *locale, int32_t *ends, int32_t *statuses, int32_t capacity);

// Writes, for `count` characters from `first` on, the simplified Chinese character that stands for each, or itself;
// returns how many differ, or a negative number when ICU has no such table.
int32_t cicu_simplified(uint16_t *out, int32_t first, int32_t count);

// Plural category 0…5: zero, one, two, few, many, other.
int32_t cicu_plural_category(const char *locale, double number);
// Bit n set: the language has category n.
int32_t cicu_plural_categories(const char *locale);
int32_t cicu_format_number(const char *locale, double number, char *out, int32_t capacity);
// Units: 0 byte, 1 kilobyte, 2 megabyte, 3 gigabyte; the number is of that unit.
int32_t cicu_format_unit(const char *locale, double number, int32_t unit, char *out, int32_t capacity);
// Styles: -1 none, 0 full, 1 long, 2 medium, 3 short. `time` in milliseconds UTC.
int32_t cicu_format_date(
    const char *locale, const char *zone, int32_t date_style, int32_t time_style, double time, char *out,
    int32_t capacity);
// Units: 0 year, 2 month, 3 week, 4 day, 5 hour, 6 minute, 7 second; a negative offset lies in the past.
int32_t cicu_format_relative(const char *locale, double offset, int32_t unit, char *out, int32_t capacity);
// `items`, at most 256, are separated by line feeds.
int32_t cicu_format_list(const char *locale, const char *items, int32_t length, char *out, int32_t capacity);
// Name of `language` in the language `locale`.
int32_t cicu_language_name(const char *language, const char *locale, char *out, int32_t capacity);
// -1, 0 or 1 as the language sorts; code points decide when ICU fails.
int32_t cicu_compare(
    const char *locale, const char *left, int32_t left_length, const char *right, int32_t right_length);

#pragma once
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// What CLD2 found in a text: the best language and how sure it is.
typedef struct {
    /// CLD2's own code such as "de", "zh-Hant" or "un"; static storage.
    const char *code;
    /// Share of the text in this language, 0 to 100.
    int percent;
    /// Letters-only bytes looked at.
    int textBytes;
    /// Nonzero when clearly more probable than the second.
    int isReliable;
} ccld2_result;

/// Detects the language of UTF-8 text; `hint` is a code such as "de" or NULL. Safe from any thread.
ccld2_result ccld2_detect(const char *text, size_t length, const char *hint, int bestEffort);

#ifdef __cplusplus
}
#endif

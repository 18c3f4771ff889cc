#include <cstdio>  // CLD2's header uses FILE without including it.
#include <cld2/public/compact_lang_det.h>
#include <cld2/public/encodings.h>

#include "include/ccld2.h"

extern "C" ccld2_result ccld2_detect(const char *text, size_t length, const char *hint, int bestEffort) {
    CLD2::Language languages[3] = {CLD2::UNKNOWN_LANGUAGE, CLD2::UNKNOWN_LANGUAGE, CLD2::UNKNOWN_LANGUAGE};
    int percents[3] = {0, 0, 0};
    double scores[3] = {0, 0, 0};
    int textBytes = 0;
    int validPrefix = 0;
    bool isReliable = false;
    CLD2::CLDHints hints = {hint, nullptr, CLD2::UNKNOWN_ENCODING, CLD2::UNKNOWN_LANGUAGE};
    if (length > 0x3fffffff) length = 0x3fffffff;
    CLD2::ExtDetectLanguageSummaryCheckUTF8(
        text, static_cast<int>(length), true, &hints, bestEffort ? CLD2::kCLDFlagBestEffort : 0, languages, percents,
        scores, nullptr, &textBytes, &isReliable, &validPrefix);
    return {CLD2::LanguageCode(languages[0]), percents[0], textBytes, isReliable ? 1 : 0};
}

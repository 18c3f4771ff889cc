// Scalars and text: folding, normalisation, word boundaries. Keeps no state.
#include "include/cicu.h"

#include <stdlib.h>
#include <unicode/ubrk.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/ustring.h>
#include <unicode/utext.h>

static int is_folded_script(UScriptCode script) {
    return script == USCRIPT_LATIN || script == USCRIPT_GREEK || script == USCRIPT_CYRILLIC
        || script == USCRIPT_ARABIC || script == USCRIPT_HEBREW || script == USCRIPT_DEVANAGARI;
}

static int is_pair_script(UScriptCode script) {
    return script == USCRIPT_HAN || script == USCRIPT_HIRAGANA || script == USCRIPT_KATAKANA
        || script == USCRIPT_BOPOMOFO || script == USCRIPT_THAI || script == USCRIPT_LAO || script == USCRIPT_KHMER
        || script == USCRIPT_MYANMAR || script == USCRIPT_YI;
}

static uint32_t classified(UChar32 c) {
    uint32_t general = U_MASK(u_charType(c));
    UErrorCode status = U_ZERO_ERROR;
    if (general & U_GC_M_MASK) return (uint32_t)CICU_MARK << 24 | (uint32_t)c;
    if (!(general & (U_GC_L_MASK | U_GC_N_MASK))) return CICU_SEPARATOR;
    if (general & U_GC_ND_MASK) return (uint32_t)CICU_WORD << 24 | (uint32_t)('0' + u_charDigitValue(c));
    if (c == 0x30FC || is_pair_script(uscript_getScript(c, &status))) return (uint32_t)CICU_PAIR << 24 | (uint32_t)c;
    return (uint32_t)CICU_WORD << 24 | (uint32_t)c;
}

int32_t cicu_fold(uint32_t scalar, uint32_t out[CICU_FOLD_MAX]) {
    UChar32 c = (UChar32)scalar;
    uint32_t general = U_MASK(u_charType(c));
    // The spellings of the apostrophe are separators together, whatever class they have.
    if (c >= 0x2B9 && c <= 0x2BF) general = 0;
    // Geresh and gershayim stand inside Hebrew words.
    if (c == 0x5F3 || c == 0x5F4) return 0;
    if (u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT)) return 0;
    if (!(general & (U_GC_L_MASK | U_GC_N_MASK | U_GC_M_MASK))) {
        out[0] = CICU_SEPARATOR;
        return 1;
    }
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *compatible = unorm2_getNFKCCasefoldInstance(&status);
    const UNormalizer2 *canonical = unorm2_getNFDInstance(&status);
    UChar source[2], folded[CICU_FOLD_MAX], apart[CICU_FOLD_MAX];
    int32_t length = 0, count = 0;
    U16_APPEND_UNSAFE(source, length, c);
    length = unorm2_normalize(compatible, source, length, folded, CICU_FOLD_MAX, &status);
    if (U_SUCCESS(status) && is_folded_script(uscript_getScript(c, &status))) {
        length = unorm2_normalize(canonical, folded, length, apart, CICU_FOLD_MAX, &status);
        if (U_SUCCESS(status)) u_memcpy(folded, apart, length);
    }
    if (U_FAILURE(status)) {
        out[0] = CICU_SEPARATOR;
        return 1;
    }
    for (int32_t index = 0; index < length && count < CICU_FOLD_MAX;) {
        UChar32 part;
        U16_NEXT(folded, index, length, part);
        out[count++] = classified(part);
    }
    return count;
}

static int32_t normalised(
    const UNormalizer2 *form, const uint8_t *text, int32_t length, uint8_t *out, int32_t capacity) {
    UErrorCode status = U_ZERO_ERROR;
    if (length > INT32_MAX / 64) return -1;
    int32_t units = 0, room = length * 18 + 16, written = 0;
    UChar *source = malloc(sizeof(UChar) * (size_t)(length + 1));
    UChar *result = malloc(sizeof(UChar) * (size_t)room);
    if (source == NULL || result == NULL) {
        status = U_MEMORY_ALLOCATION_ERROR;
    } else {
        u_strFromUTF8WithSub(source, length + 1, &units, (const char *)text, length, 0xFFFD, NULL, &status);
        if (status == U_STRING_NOT_TERMINATED_WARNING) status = U_ZERO_ERROR;
        units = unorm2_normalize(form, source, units, result, room, &status);
        u_strToUTF8((char *)out, capacity, &written, result, units, &status);
        if (status == U_BUFFER_OVERFLOW_ERROR) status = U_ZERO_ERROR;
    }
    free(source);
    free(result);
    return U_FAILURE(status) ? -1 : written;
}

int32_t cicu_nfc(const uint8_t *text, int32_t length, uint8_t *out, int32_t capacity) {
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *form = unorm2_getNFCInstance(&status);
    return U_FAILURE(status) ? -1 : normalised(form, text, length, out, capacity);
}

int32_t cicu_nfkc_casefold(const uint8_t *text, int32_t length, uint8_t *out, int32_t capacity) {
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *form = unorm2_getNFKCCasefoldInstance(&status);
    return U_FAILURE(status) ? -1 : normalised(form, text, length, out, capacity);
}

static int32_t breaks(UBreakIterator *iterator, int32_t *ends, int32_t *statuses, int32_t capacity) {
    int32_t count = 0;
    for (int32_t end = ubrk_next(iterator); end != UBRK_DONE; end = ubrk_next(iterator)) {
        if (count < capacity) {
            ends[count] = end;
            if (statuses != NULL) statuses[count] = ubrk_getRuleStatus(iterator);
        }
        count++;
    }
    ubrk_close(iterator);
    return count;
}

static int32_t utf8_breaks(
    UBreakIteratorType type, const uint8_t *text, int32_t length, const char *locale, int32_t *ends, int32_t *statuses,
    int32_t capacity) {
    UErrorCode status = U_ZERO_ERROR;
    UText access = UTEXT_INITIALIZER;
    utext_openUTF8(&access, (const char *)text, length, &status);
    UBreakIterator *iterator = ubrk_open(type, locale, NULL, 0, &status);
    if (U_SUCCESS(status)) ubrk_setUText(iterator, &access, &status);
    if (U_FAILURE(status)) {
        if (iterator != NULL) ubrk_close(iterator);
        utext_close(&access);
        return -1;
    }
    int32_t count = breaks(iterator, ends, statuses, capacity);
    utext_close(&access);
    return count;
}

int32_t cicu_word_breaks(
    const uint8_t *text, int32_t length, const char *locale, int32_t *ends, int32_t *statuses, int32_t capacity) {
    return utf8_breaks(UBRK_WORD, text, length, locale, ends, statuses, capacity);
}

int32_t cicu_sentence_breaks(
    const uint8_t *text, int32_t length, const char *locale, int32_t *ends, int32_t capacity) {
    return utf8_breaks(UBRK_SENTENCE, text, length, locale, ends, NULL, capacity);
}

int32_t cicu_word_breaks_utf16(
    const uint16_t *text, int32_t length, const char *locale, int32_t *ends, int32_t *statuses, int32_t capacity) {
    UErrorCode status = U_ZERO_ERROR;
    UBreakIterator *iterator = ubrk_open(UBRK_WORD, locale, (const UChar *)text, length, &status);
    return U_FAILURE(status) ? -1 : breaks(iterator, ends, statuses, capacity);
}

// What depends on a language: plurals, numbers, dates, lists, names, order.
//
// Formatters are dear to open and most of them may not be used by two threads at once. They are kept in one table under
// one lock, which is held while a formatter is used. The table is bounded: the oldest gives way and is closed.
#include "include/cicu.h"

#include <pthread.h>
#include <string.h>
#include <unicode/ucol.h>
#include <unicode/udat.h>
#include <unicode/uldnames.h>
#include <unicode/ulistformatter.h>
#include <unicode/uloc.h>
#include <unicode/unum.h>
#include <unicode/unumberformatter.h>
#include <unicode/upluralrules.h>
#include <unicode/ureldatefmt.h>
#include <unicode/ustring.h>

enum { PLURAL = 1, NUMBER, DATE, RELATIVE, LIST, NAMES, COLLATOR, UNIT };
enum { SLOTS = 96, NAME = 64, TEXT = 1024 };

typedef struct {
    int kind, date_style, time_style;
    char locale[NAME], zone[NAME];
    void *handle;
} Slot;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static Slot slots[SLOTS];
static int oldest = 0;

static void close_slot(Slot *slot) {
    if (slot->handle == NULL) return;
    switch (slot->kind) {
    case PLURAL: uplrules_close(slot->handle); break;
    case NUMBER: unum_close(slot->handle); break;
    case DATE: udat_close(slot->handle); break;
    case RELATIVE: ureldatefmt_close(slot->handle); break;
    case LIST: ulistfmt_close(slot->handle); break;
    case NAMES: uldn_close(slot->handle); break;
    case COLLATOR: ucol_close(slot->handle); break;
    case UNIT: unumf_close(slot->handle); break;
    }
    slot->handle = NULL;
}

// ICU takes the machine's language for one it does not know; ours shall be the same everywhere. The lock is held.
static void choose_default(void) {
    static int chosen = 0;
    UErrorCode status = U_ZERO_ERROR;
    if (!chosen) uloc_setDefault("en", &status);
    chosen = 1;
}

// Units of cicu_format_unit, as ICU's number skeletons.
static const UChar *const skeletons[] = {
    u"unit/byte unit-width-short .", u"unit/kilobyte unit-width-short .", u"unit/megabyte unit-width-short .#",
    u"unit/gigabyte unit-width-short .#"};

static void *opened(const Slot *wanted) {
    UErrorCode status = U_ZERO_ERROR;
    choose_default();
    char locale[ULOC_FULLNAME_CAPACITY];
    UChar zone[NAME];
    uloc_forLanguageTag(wanted->locale, locale, sizeof locale, NULL, &status);
    if (U_FAILURE(status)) return NULL;
    void *handle = NULL;
    switch (wanted->kind) {
    case PLURAL: handle = uplrules_open(locale, &status); break;
    case NUMBER: handle = unum_open(UNUM_DECIMAL, NULL, 0, locale, NULL, &status); break;
    case DATE:
        u_uastrcpy(zone, wanted->zone);
        handle = udat_open(wanted->time_style, wanted->date_style, locale, zone, -1, NULL, 0, &status);
        break;
    case RELATIVE:
        handle = ureldatefmt_open(
            locale, NULL, UDAT_STYLE_LONG, UDISPCTX_CAPITALIZATION_NONE, &status);
        break;
    case LIST: handle = ulistfmt_open(locale, &status); break;
    case NAMES: handle = uldn_open(locale, ULDN_DIALECT_NAMES, &status); break;
    case COLLATOR: handle = ucol_open(locale, &status); break;
    case UNIT: handle = unumf_openForSkeletonAndLocale(skeletons[wanted->date_style], -1, locale, &status); break;
    }
    return U_FAILURE(status) ? NULL : handle;
}

// The lock is held. NULL when ICU refuses or a name is too long.
static void *find(int kind, const char *locale, const char *zone, int date_style, int time_style) {
    Slot wanted = {.kind = kind, .date_style = date_style, .time_style = time_style};
    if (strlen(locale) >= NAME || strlen(zone) >= NAME) return NULL;
    strcpy(wanted.locale, locale);
    strcpy(wanted.zone, zone);
    for (int index = 0; index < SLOTS; index++) {
        Slot *slot = &slots[index];
        if (slot->handle != NULL && slot->kind == kind && slot->date_style == date_style
            && slot->time_style == time_style && strcmp(slot->locale, locale) == 0 && strcmp(slot->zone, zone) == 0)
            return slot->handle;
    }
    wanted.handle = opened(&wanted);
    if (wanted.handle == NULL) return NULL;
    close_slot(&slots[oldest]);
    slots[oldest] = wanted;
    oldest = (oldest + 1) % SLOTS;
    return wanted.handle;
}

static int32_t written(const UChar *text, int32_t length, UErrorCode status, char *out, int32_t capacity) {
    int32_t bytes = 0;
    if (U_FAILURE(status)) return -1;
    status = U_ZERO_ERROR;
    u_strToUTF8WithSub(out, capacity, &bytes, text, length, 0xFFFD, NULL, &status);
    return U_FAILURE(status) && status != U_BUFFER_OVERFLOW_ERROR ? -1 : bytes;
}

static int32_t category_of(const UChar *keyword) {
    static const char *const names[] = {"zero", "one", "two", "few", "many", "other"};
    char name[16];
    int32_t length = u_strlen(keyword);
    if (length >= (int32_t)sizeof name) return 5;
    u_UCharsToChars(keyword, name, length + 1);
    for (int32_t index = 0; index < 6; index++)
        if (strcmp(name, names[index]) == 0) return index;
    return 5;
}

int32_t cicu_plural_category(const char *locale, double number) {
    UErrorCode status = U_ZERO_ERROR;
    UChar keyword[16];
    int32_t category = 5;
    pthread_mutex_lock(&lock);
    UPluralRules *rules = find(PLURAL, locale, "", 0, 0);
    if (rules != NULL) {
        uplrules_select(rules, number, keyword, 16, &status);
        if (U_SUCCESS(status)) category = category_of(keyword);
    }
    pthread_mutex_unlock(&lock);
    return category;
}

int32_t cicu_plural_categories(const char *locale) {
    UErrorCode status = U_ZERO_ERROR;
    int32_t bits = 1 << 5;
    pthread_mutex_lock(&lock);
    UPluralRules *rules = find(PLURAL, locale, "", 0, 0);
    UEnumeration *keywords = rules == NULL ? NULL : uplrules_getKeywords(rules, &status);
    if (keywords != NULL) {
        const UChar *keyword;
        while (U_SUCCESS(status) && (keyword = uenum_unext(keywords, NULL, &status)) != NULL)
            bits |= 1 << category_of(keyword);
        uenum_close(keywords);
    }
    pthread_mutex_unlock(&lock);
    return bits;
}

int32_t cicu_format_number(const char *locale, double number, char *out, int32_t capacity) {
    UErrorCode status = U_ZERO_ERROR;
    UChar text[TEXT];
    int32_t length = -1;
    pthread_mutex_lock(&lock);
    UNumberFormat *format = find(NUMBER, locale, "", 0, 0);
    if (format != NULL) length = unum_formatDouble(format, number, text, TEXT, NULL, &status);
    pthread_mutex_unlock(&lock);
    return length < 0 ? -1 : written(text, length, status, out, capacity);
}

int32_t cicu_format_unit(const char *locale, double number, int32_t unit, char *out, int32_t capacity) {
    UErrorCode status = U_ZERO_ERROR;
    UChar text[TEXT];
    int32_t bytes = -1;
    if (unit < 0 || unit > 3) return -1;
    pthread_mutex_lock(&lock);
    UNumberFormatter *format = find(UNIT, locale, "", unit, 0);
    UFormattedNumber *result = unumf_openResult(&status);
    if (format != NULL && U_SUCCESS(status)) {
        unumf_formatDouble(format, number, result, &status);
        int32_t length = unumf_resultToString(result, text, TEXT, &status);
        bytes = written(text, length, status, out, capacity);
    }
    unumf_closeResult(result);
    pthread_mutex_unlock(&lock);
    return bytes;
}

int32_t cicu_format_date(
    const char *locale, const char *zone, int32_t date_style, int32_t time_style, double time, char *out,
    int32_t capacity) {
    UErrorCode status = U_ZERO_ERROR;
    UChar text[TEXT];
    int32_t length = -1;
    pthread_mutex_lock(&lock);
    UDateFormat *format = find(DATE, locale, zone, date_style, time_style);
    if (format != NULL) length = udat_format(format, time, text, TEXT, NULL, &status);
    pthread_mutex_unlock(&lock);
    return length < 0 ? -1 : written(text, length, status, out, capacity);
}

int32_t cicu_format_relative(const char *locale, double offset, int32_t unit, char *out, int32_t capacity) {
    UErrorCode status = U_ZERO_ERROR;
    UChar text[TEXT];
    int32_t length = -1;
    pthread_mutex_lock(&lock);
    URelativeDateTimeFormatter *format = find(RELATIVE, locale, "", 0, 0);
    if (format != NULL)
        length = ureldatefmt_formatNumeric(format, offset, (URelativeDateTimeUnit)unit, text, TEXT, &status);
    pthread_mutex_unlock(&lock);
    return length < 0 ? -1 : written(text, length, status, out, capacity);
}

int32_t cicu_format_list(const char *locale, const char *items, int32_t length, char *out, int32_t capacity) {
    UErrorCode status = U_ZERO_ERROR;
    UChar source[TEXT * 4], text[TEXT * 4 + 512];
    const UChar *starts[256];
    int32_t lengths[256], count = 0, units = 0, result = -1;
    u_strFromUTF8WithSub(source, TEXT * 4, &units, items, length, 0xFFFD, NULL, &status);
    if (U_FAILURE(status)) return -1;
    for (int32_t start = 0, end = 0; end <= units; end++) {
        if (end < units && source[end] != '\n') continue;
        if (count == 256) return -1;
        starts[count] = source + start;
        lengths[count++] = end - start;
        start = end + 1;
    }
    status = U_ZERO_ERROR;
    pthread_mutex_lock(&lock);
    UListFormatter *format = find(LIST, locale, "", 0, 0);
    if (format != NULL) result = ulistfmt_format(format, starts, lengths, count, text, TEXT * 4 + 512, &status);
    pthread_mutex_unlock(&lock);
    return result < 0 ? -1 : written(text, result, status, out, capacity);
}

int32_t cicu_language_name(const char *language, const char *locale, char *out, int32_t capacity) {
    UErrorCode status = U_ZERO_ERROR;
    UChar text[TEXT];
    char id[ULOC_FULLNAME_CAPACITY];
    int32_t length = -1;
    uloc_forLanguageTag(language, id, sizeof id, NULL, &status);
    if (U_FAILURE(status) || id[0] == 0) return -1; // ICU would call it "root".
    pthread_mutex_lock(&lock);
    ULocaleDisplayNames *names = find(NAMES, locale, "", 0, 0);
    if (names != NULL) length = uldn_localeDisplayName(names, id, text, TEXT, &status);
    pthread_mutex_unlock(&lock);
    return length < 0 ? -1 : written(text, length, status, out, capacity);
}

int32_t cicu_compare(
    const char *locale, const char *left, int32_t left_length, const char *right, int32_t right_length) {
    UErrorCode status = U_ZERO_ERROR;
    UCollationResult result = UCOL_EQUAL;
    pthread_mutex_lock(&lock);
    UCollator *collator = find(COLLATOR, locale, "", 0, 0);
    if (collator != NULL) result = ucol_strcollUTF8(collator, left, left_length, right, right_length, &status);
    pthread_mutex_unlock(&lock);
    if (collator != NULL && U_SUCCESS(status)) return (int32_t)result;
    int32_t shorter = left_length < right_length ? left_length : right_length;
    int order = memcmp(left, right, (size_t)shorter);
    if (order == 0) order = left_length - right_length;
    return order < 0 ? -1 : order > 0;
}

// Chinese characters: which simplified one stands for each. Keeps no state.
#include "include/cicu.h"

#include <stdlib.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>

int32_t cicu_simplified(uint16_t *out, int32_t first, int32_t count) {
    UErrorCode status = U_ZERO_ERROR;
    static const UChar name[] = u"Traditional-Simplified";
    for (int32_t index = 0; index < count; index++) out[index] = (uint16_t)(first + index);
    UTransliterator *change = utrans_openU(name, -1, UTRANS_FORWARD, NULL, 0, NULL, &status);
    if (U_FAILURE(status)) return -1;
    // One character a line, so that none is read together with its neighbour.
    int32_t length = count * 2, capacity = count * 4 + 1, limit = length, changed = 0, place = 0;
    UChar *text = malloc(sizeof(UChar) * (size_t)capacity);
    if (text == NULL) status = U_MEMORY_ALLOCATION_ERROR;
    if (U_SUCCESS(status)) {
        for (int32_t index = 0; index < count; index++) {
            text[index * 2] = (UChar)(first + index);
            text[index * 2 + 1] = '\n';
        }
        utrans_transUChars(change, text, &length, capacity, 0, &limit, &status);
    }
    for (int32_t index = 0, start = 0; U_SUCCESS(status) && index < length && place < count; index++) {
        if (text[index] != '\n') continue;
        if (index - start == 1 && text[start] != out[place]) {
            out[place] = text[start];
            changed++;
        }
        start = index + 1;
        place++;
    }
    free(text);
    utrans_close(change);
    return U_SUCCESS(status) ? changed : -1;
}

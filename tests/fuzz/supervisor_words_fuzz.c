/* Commands: all words together are never longer than the text. */
#include "supervisors/words.h"

#include <stella/auto.h>

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(4u << 20);
    stella_word *words = NULL;
    uint32_t count = 0;
    if (!arena || words_split(stella_sv_of((const char *)data, size), arena, &words, &count, NULL) != STELLA_OK)
        return 0;
    size_t bytes = 0;
    for (uint32_t i = 0; i < count; i++)
        bytes += words[i].text.len;
    assert(bytes <= size);
    return 0;
}

/* Scripts: whatever they are made of, every block that begins has an end among the words. */
#include "execline/script.h"

#include <stella/auto.h>

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(4u << 20);
    stella_word *words = NULL;
    uint32_t count = 0;
    if (!arena || script_words(stella_sv_of((const char *)data, size), arena, &words, &count, NULL) != STELLA_OK)
        return 0;
    size_t bytes = 0;
    for (uint32_t i = 0; i < count; i++)
        bytes += words[i].text.len;
    assert(count <= LAUNCH_WORDS_MAX && bytes <= size + (size_t)count * SCRIPT_DEPTH_MAX);
    return 0;
}

/* env -S: words never hold more bytes than the text and the variables it names. */
#include "wrappers/wrap.h"

#include <stella/auto.h>

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(4u << 20);
    const stella_variable env[] = {{.name = STELLA_SV_INIT("HOME"), .value = {.text = STELLA_SV_INIT("/root")}}};
    const stella_launch launch = {.struct_size = sizeof launch, .env = env, .env_count = 1};
    const stella_word *words = NULL;
    uint32_t count = 0;
    if (!arena || wrap_split(arena, &launch, stella_sv_of((const char *)data, size), &words, &count, NULL) != STELLA_OK)
        return 0;
    size_t bytes = 0;
    for (uint32_t i = 0; i < count; i++)
        bytes += words[i].text.len;
    assert(bytes <= size); /* "${HOME}" is longer than what it stands for */
    return 0;
}

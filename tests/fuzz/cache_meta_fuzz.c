/* meta.json of layers and files, and the list of an export: what is believed of them is what could have been written. */
#include "plugins/scanner/cache/meta.h"

#include <stella/auto.h>

#include <assert.h>
#include <stdlib.h>

#define DIGEST "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_layer(stella_sv text, stella_arena *arena) {
    meta_layer m;
    if (!meta_layer_parse(text, DIGEST, arena, &m))
        return;
    assert(m.pack.fd == -1 && m.pack.segment_count <= CACHE_SEGMENTS_MAX);
    assert(strncmp(m.name, CACHE_PACK, 5) == 0 && is_hex(m.name + 5));
    for (uint32_t i = 0; i < m.pack.segment_count; i++)
        assert(strlen(m.pack.segments[i].plugin) < sizeof m.pack.segments[i].plugin);
    cache_pack_fini(&m.pack);
}

static void check_list(stella_sv text, stella_arena *arena) {
    static const char *const names[] = {CACHE_META, CACHE_DATA};
    meta_place *places = NULL;
    uint32_t count = 77;
    if (meta_list_parse(text, arena, &places, &count, NULL) != STELLA_OK) {
        assert(!places && count == 77);
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        const meta_place *p = &places[i];
        assert(is_hex(p->hex) && !strchr(p->name, '/'));
        assert(strcmp(p->name, names[0]) == 0 || strcmp(p->name, names[1]) == 0 ||
               (p->is_layer && is_hex(p->name + 5)));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(64u << 20);
    const stella_sv text = stella_sv_of((const char *)data, size);
    meta_file file;
    if (!arena)
        return 0;
    check_layer(text, arena);
    check_list(text, arena);
    if (meta_file_parse(text, &DIGEST[7], arena, &file))
        assert(stella_digest_is_valid(file.digest));
    return 0;
}

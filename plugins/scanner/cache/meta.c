#include "meta.h"

#include <stella/auto.h>
#include <stella/json.h>

#include <stdio.h>
#include <stdlib.h>

static int has_schema(const stella_json *root, const char *schema) {
    return stella_sv_eq(stella_json_str(stella_json_get(root, "schema")), stella_sv_cstr(schema));
}

static int take_text(stella_sv from, char *out, size_t size) {
    const size_t len = from.ptr ? from.len : 0;
    if (len >= size || (len && memchr(from.ptr, 0, len)))
        return 0;
    if (len)
        memcpy(out, from.ptr, len);
    out[len] = 0;
    return 1;
}

/* ---- layers -------------------------------------------------------------------------------------------------------
 */

static int read_segments(const stella_json *list, cache_pack *out) {
    const uint32_t count = stella_json_is(list, STELLA_JSON_ARRAY) ? list->count : CACHE_SEGMENTS_MAX + 1;
    if (count > CACHE_SEGMENTS_MAX || !(out->segments = calloc(count + 1, sizeof *out->segments)))
        return 0;
    for (uint32_t i = 0; i < count; i++) {
        const stella_json *item = stella_json_at(list, i);
        cache_segment *to = &out->segments[i];
        if (!take_text(stella_json_str(stella_json_get(item, "plugin")), to->plugin, sizeof to->plugin) ||
            !take_text(stella_json_str(stella_json_get(item, "digest")), to->digest, sizeof to->digest))
            return 0;
    }
    out->segment_count = count;
    return 1;
}

static int is_pack_name(const char *name) {
    return strncmp(name, CACHE_PACK, strlen(CACHE_PACK)) == 0 && is_hex(name + strlen(CACHE_PACK));
}

int meta_layer_parse(stella_sv text, const char *digest, stella_arena *arena, meta_layer *out) {
    STELLA_AUTO(cache_pack_fini) cache_pack pack = CACHE_PACK_NONE;
    const stella_json *root = NULL;
    meta_layer m = {.pack = CACHE_PACK_NONE};
    if (stella_json_parse(text, arena, &root, NULL) != STELLA_OK || !has_schema(root, META_LAYER_SCHEMA) ||
        !stella_sv_eq(stella_json_str(stella_json_get(root, "digest")), stella_sv_cstr(digest)))
        return 0;
    m.context = stella_json_str(stella_json_get(root, "context"));
    const int ok = stella_json_u64(stella_json_get(root, "entries"), &pack.entries) &&
                   stella_json_u64(stella_json_get(root, "bytes"), &pack.bytes) &&
                   stella_json_u64(stella_json_get(root, "size"), &m.size) &&
                   take_text(stella_json_str(stella_json_get(root, "diffId")), pack.diff_id, sizeof pack.diff_id) &&
                   take_text(stella_json_str(stella_json_get(root, "pack")), m.name, sizeof m.name);
    if (!ok || !is_pack_name(m.name) || !read_segments(stella_json_get(root, "segments"), &pack))
        return 0;
    m.pack = pack;
    pack = (cache_pack)CACHE_PACK_NONE;
    *out = m;
    return 1;
}

/* ---- files --------------------------------------------------------------------------------------------------------
 */

int meta_file_parse(stella_sv text, const char *key, stella_arena *arena, meta_file *out) {
    const stella_json *root = NULL;
    meta_file m = {0};
    if (stella_json_parse(text, arena, &root, NULL) != STELLA_OK || !has_schema(root, META_FILE_SCHEMA) ||
        !stella_sv_eq(stella_json_str(stella_json_get(root, "key")), stella_sv_cstr(key)) ||
        !stella_json_u64(stella_json_get(root, "size"), &m.size))
        return 0;
    m.kind = stella_json_str(stella_json_get(root, "kind"));
    m.digest = stella_json_str(stella_json_get(root, "digest"));
    if (!stella_digest_is_valid(m.digest))
        return 0;
    *out = m;
    return 1;
}

/* ---- exports ------------------------------------------------------------------------------------------------------
 */

static int is_layer_file(const char *name) {
    return strcmp(name, CACHE_META) == 0 || is_pack_name(name) ||
           (strncmp(name, CACHE_MORE, strlen(CACHE_MORE)) == 0 && is_hex(name + strlen(CACHE_MORE)));
}

static int is_cas_file(const char *name) {
    return strcmp(name, CACHE_META) == 0 || strcmp(name, CACHE_DATA) == 0;
}

static int parse_path(meta_place *out) {
    char text[256] = "";
    if (!take_text(out->path, text, sizeof text))
        return 0;
    out->is_layer = strncmp(text, "layers/", 7) == 0;
    const char *hex = text + strlen("layers/"); /* "cas/ab/" is as long */
    if ((!out->is_layer && (strncmp(text, "cas/", 4) != 0 || strlen(text) < 7 || text[6] != '/')) ||
        strlen(hex) < CACHE_HEX_SIZE + 1 || hex[CACHE_HEX_SIZE - 1] != '/' ||
        !take_text(stella_sv_cstr(hex + CACHE_HEX_SIZE), out->name, sizeof out->name))
        return 0;
    memcpy(out->hex, hex, CACHE_HEX_SIZE - 1);
    if (!is_hex(out->hex))
        return 0;
    return out->is_layer ? is_layer_file(out->name) : memcmp(text + 4, out->hex, 2) == 0 && is_cas_file(out->name);
}

stella_status meta_list_parse(stella_sv text, stella_arena *arena, meta_place **places, uint32_t *count,
                              stella_error *err) {
    const stella_json *root = NULL;
    const stella_status status = stella_json_parse(text, arena, &root, err);
    if (status != STELLA_OK)
        return status;
    const stella_json *files = stella_json_get(root, "files");
    if (!has_schema(root, META_EXPORT_SCHEMA) || !stella_json_is(files, STELLA_JSON_ARRAY))
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "not the list of an export");
    meta_place *made = stella_arena_alloc(arena, files->count, sizeof *made);
    if (!made)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the list of an export");
    for (uint32_t i = 0; i < files->count; i++) {
        const stella_json *item = stella_json_at(files, i);
        made[i].path = stella_json_str(stella_json_get(item, "path"));
        made[i].digest = stella_json_str(stella_json_get(item, "digest"));
        if (!parse_path(&made[i]) || !stella_json_u64(stella_json_get(item, "size"), &made[i].size))
            return stella_error_at(err, STELLA_E_FORMAT, made[i].path, "no file of a cache");
    }
    *places = made;
    *count = files->count;
    return STELLA_OK;
}

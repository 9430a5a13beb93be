#include "memo_text.h"

#include <stella/digest.h>

/* ---- reading ------------------------------------------------------------------------------------------------------
 */

static int read_texts(const stella_json *list, stella_arena *arena, const stella_sv **out, uint32_t *count) {
    if (!stella_json_is(list, STELLA_JSON_ARRAY))
        return 0;
    stella_sv *texts = stella_arena_alloc(arena, list->count, sizeof *texts);
    for (uint32_t i = 0; texts && i < list->count; i++) {
        if (!stella_json_is(stella_json_at(list, i), STELLA_JSON_STRING))
            return 0;
        texts[i] = stella_json_str(stella_json_at(list, i));
    }
    *out = texts;
    *count = list->count;
    return texts != NULL;
}

static int are_digests(const stella_sv *texts, uint32_t count) {
    for (uint32_t i = 0; i < count; i++)
        if (texts[i].len && !stella_digest_is_valid(texts[i]))
            return 0;
    return 1;
}

static int read_file(const stella_json *json, memo_file *out) {
    out->path = stella_json_str(stella_json_get(json, "path"));
    return stella_json_u64(stella_json_get(json, "dev"), &out->dev) &&
           stella_json_u64(stella_json_get(json, "ino"), &out->ino) &&
           stella_json_u64(stella_json_get(json, "size"), &out->size) &&
           stella_json_i64(stella_json_get(json, "changed"), &out->changed_ns) &&
           stella_json_i64(stella_json_get(json, "modified"), &out->modified_ns);
}

static int read_files(const stella_json *list, stella_arena *arena, memo_text *out) {
    if (!stella_json_is(list, STELLA_JSON_ARRAY) || list->count == 0)
        return 0;
    memo_file *files = stella_arena_alloc(arena, list->count, sizeof *files);
    for (uint32_t i = 0; i < list->count; i++)
        if (!files || !read_file(stella_json_at(list, i), &files[i]))
            return 0;
    out->files = files;
    out->file_count = list->count;
    return 1;
}

int memo_text_parse(stella_sv text, stella_arena *arena, memo_text *out) {
    const stella_json *root = NULL;
    if (stella_json_parse(text, arena, &root, NULL) != STELLA_OK)
        return 0;
    memo_text m = {.plugins = stella_json_str(stella_json_get(root, "plugins")),
                   .reply = stella_json_str(stella_json_get(root, "reply"))};
    if (!m.plugins.len || !m.reply.len ||
        !read_texts(stella_json_get(root, "formats"), arena, &m.formats, &m.format_count) ||
        !read_files(stella_json_get(root, "files"), arena, &m) ||
        !read_texts(stella_json_get(root, "layers"), arena, &m.layers, &m.layer_count) ||
        !are_digests(m.layers, m.layer_count))
        return 0;
    *out = m;
    return 1;
}

/* ---- writing ------------------------------------------------------------------------------------------------------
 */

static void write_number(stella_json_writer *w, const char *name, int64_t value) {
    stella_json_key(w, stella_sv_cstr(name));
    stella_json_write_i64(w, value);
}

static void write_file(stella_json_writer *w, const memo_file *file) {
    stella_json_begin_object(w);
    stella_json_member_str(w, "path", file->path);
    stella_json_member_u64(w, "dev", file->dev);
    stella_json_member_u64(w, "ino", file->ino);
    stella_json_member_u64(w, "size", file->size);
    write_number(w, "changed", file->changed_ns);
    write_number(w, "modified", file->modified_ns);
    stella_json_end_object(w);
}

static void write_texts(stella_json_writer *w, const char *name, const stella_sv *texts, uint32_t count) {
    stella_json_member_array(w, name);
    for (uint32_t i = 0; i < count; i++)
        stella_json_write_str(w, texts[i]);
    stella_json_end_array(w);
}

int memo_text_write(const memo_text *memo, const stella_sink *out) {
    stella_json_writer w;
    stella_json_writer_init(&w, out, 0);
    stella_json_begin_object(&w);
    stella_json_member_str(&w, "plugins", memo->plugins);
    write_texts(&w, "formats", memo->formats, memo->format_count);
    stella_json_member_array(&w, "files");
    for (uint32_t i = 0; i < memo->file_count; i++)
        write_file(&w, &memo->files[i]);
    stella_json_end_array(&w);
    write_texts(&w, "layers", memo->layers, memo->layer_count);
    stella_json_member_str(&w, "reply", memo->reply);
    stella_json_end_object(&w);
    return stella_json_finish(&w, NULL) == STELLA_OK;
}

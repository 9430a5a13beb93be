#include "meta.h"

#include "common/fields.h"
#include "common/words.h"

#include <stella/auto.h>
#include <stella/digest.h>
#include <stella/json.h>

#define ARENA_BYTES ((uint64_t)256 << 20)
#define LIST_MAX    ((size_t)7 << 20) /* bytes of a list; what is behind is cut, with a note */
#define PATH_BYTES  4096

static stella_sv text_of(const stella_json *object, const char *key) {
    return stella_json_str(stella_json_get(object, key));
}

stella_sv meta_channel(stella_sv channel, stella_sv subdir) {
    while (stella_sv_ends(channel, STELLA_SV("/")))
        channel.len--;
    const size_t slash = stella_sv_rfind(channel, '/');
    if (subdir.len && slash < channel.len && stella_sv_eq(stella_sv_skip(channel, slash + 1), subdir))
        channel = stella_sv_first(channel, slash);
    const size_t last = stella_sv_rfind(channel, '/');
    channel = last < channel.len ? stella_sv_skip(channel, last + 1) : channel;
    return word_is_plain(channel) ? channel : stella_sv_of("", 0);
}

/* Names and versions become parts of purls and, with '/', of nothing else. */
static int is_word(stella_sv text) {
    return word_is_plain(text) && stella_sv_find(text, '/') == text.len && stella_sv_find(text, '\\') == text.len;
}

static int is_path(stella_sv path) {
    for (size_t i = 0; i < path.len; i++)
        if ((unsigned char)path.ptr[i] < 0x20 || path.ptr[i] == 0x7f)
            return 0;
    for (stella_sv rest = path, part; stella_sv_split(&rest, '/', &part);)
        if (part.len == 0 || stella_sv_eq(part, STELLA_SV("..")) || stella_sv_eq(part, STELLA_SV(".")))
            return 0;
    return path.len > 0 && path.len <= PATH_BYTES;
}

static int is_sha256(stella_sv text) {
    for (size_t i = 0; i < text.len; i++)
        if (!((text.ptr[i] >= '0' && text.ptr[i] <= '9') || (text.ptr[i] >= 'a' && text.ptr[i] <= 'f')))
            return 0;
    return text.len == (size_t)2 * STELLA_SHA256_SIZE;
}

/* A line that the list has no room for is left out. Returns STELLA_E_NOMEM. */
static stella_status add_line(stella_buf *list, stella_sv first, stella_sv second, int *was_cut) {
    if (list->len + first.len + second.len + 2 > list->max) {
        *was_cut = 1;
        return STELLA_OK;
    }
    return stella_buf_printf(list, "%.*s%s%.*s\n", STELLA_SV_FMT(first), first.len ? " " : "", STELLA_SV_FMT(second));
}

/* paths_data has digests; older files have names alone. The digest in the prefix is that of the file as it lies there. */
static stella_status add_files(const stella_json *tree, stella_buf *list, int *was_cut) {
    const stella_json *paths = stella_json_get(stella_json_get(tree, "paths_data"), "paths");
    const stella_json *files = paths && paths->kind == STELLA_JSON_ARRAY ? paths : stella_json_get(tree, "files");
    for (uint32_t i = 0; files && files->kind == STELLA_JSON_ARRAY && i < files->count; i++) {
        const stella_json *item = &files->items[i];
        const stella_sv path = files == paths ? text_of(item, "_path") : stella_json_str(item);
        stella_sv digest = text_of(item, "sha256_in_prefix");
        if (digest.len == 0)
            digest = text_of(item, "sha256");
        if (!is_path(path))
            continue;
        const stella_status status = add_line(list, is_sha256(digest) ? digest : STELLA_SV("-"), path, was_cut);
        if (status != STELLA_OK)
            return status;
    }
    return STELLA_OK;
}

static stella_status add_depends(const stella_json *tree, stella_buf *list, int *was_cut) {
    const stella_json *depends = stella_json_get(tree, "depends");
    for (uint32_t i = 0; depends && depends->kind == STELLA_JSON_ARRAY && i < depends->count; i++) {
        const stella_sv text = stella_json_str(&depends->items[i]);
        if (text.len == 0 || stella_sv_find(text, '\n') < text.len)
            continue;
        const stella_status status = add_line(list, stella_sv_of("", 0), text, was_cut);
        if (status != STELLA_OK)
            return status;
    }
    return STELLA_OK;
}

static void read_fields(const stella_json *tree, stella_sv values[META_FIELDS]) {
    const stella_sv build = text_of(tree, "build"), file = text_of(tree, "fn");
    values[META_NAME] = text_of(tree, "name");
    values[META_VERSION] = text_of(tree, "version");
    values[META_BUILD] = build.len ? build : text_of(tree, "build_string");
    values[META_SUBDIR] = text_of(tree, "subdir");
    values[META_CHANNEL] = meta_channel(text_of(tree, "channel"), values[META_SUBDIR]);
    values[META_TYPE] = stella_sv_ends(file, STELLA_SV(".conda"))     ? STELLA_SV("conda")
                        : stella_sv_ends(file, STELLA_SV(".tar.bz2")) ? STELLA_SV("tar.bz2")
                                                                      : stella_sv_of("", 0);
    values[META_LICENSE] = text_of(tree, "license");
    values[META_URL] = text_of(tree, "url");
    if (!is_word(values[META_BUILD]))
        values[META_BUILD] = stella_sv_of("", 0);
    if (!is_word(values[META_SUBDIR]))
        values[META_SUBDIR] = stella_sv_of("", 0);
}

static stella_status emit(stella_probe *probe, stella_sv values[META_FIELDS], uint32_t line, stella_error *err) {
    STELLA_AUTO(stella_buf_fini) stella_buf bytes = stella_buf_of((size_t)16 << 20);
    stella_record record = {.struct_size = sizeof record, .kind = STELLA_SV(META_RECORD)};
    record.key = stella_arena_printf(probe->arena, "%.*s=%.*s=%.*s", STELLA_SV_FMT(values[META_NAME]),
                                     STELLA_SV_FMT(values[META_VERSION]), STELLA_SV_FMT(values[META_BUILD]));
    if (!record.key.ptr || fields_encode(line, values, META_FIELDS, &bytes) != STELLA_OK)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a package");
    record.bytes = stella_buf_sv(&bytes);
    return stella_probe_record(probe, &record, err);
}

static stella_status take_tree(stella_probe *probe, const stella_json *tree, stella_error *err) {
    STELLA_AUTO(stella_buf_fini) stella_buf depends = stella_buf_of((size_t)1 << 20);
    STELLA_AUTO(stella_buf_fini) stella_buf files = stella_buf_of(LIST_MAX);
    stella_sv values[META_FIELDS];
    int was_cut = 0;
    read_fields(tree, values);
    if (!is_word(values[META_NAME]) || !is_word(values[META_VERSION])) {
        stella_probe_note(probe, STELLA_NOTE_ERROR, 0, STELLA_SV("no valid name and version: it was skipped"));
        return STELLA_OK;
    }
    if (add_depends(tree, &depends, &was_cut) != STELLA_OK || add_files(tree, &files, &was_cut) != STELLA_OK)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the lists of a package");
    if (was_cut)
        stella_probe_note(probe, STELLA_NOTE_ERROR, 0, STELLA_SV("a list of more than 7 MiB was cut"));
    values[META_DEPENDS] = stella_buf_sv(&depends);
    values[META_FILES] = stella_buf_sv(&files);
    return emit(probe, values, stella_json_get(tree, "name")->line, err);
}

stella_status meta_probe(stella_probe *probe, stella_error *err) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(ARENA_BYTES);
    const stella_json *tree = NULL;
    stella_error why = {0};
    stella_sv bytes;
    stella_status status = stella_probe_content(probe, &bytes, err);
    if (status != STELLA_OK)
        return status;
    if (!arena)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a package");
    if (stella_json_parse(bytes, arena, &tree, &why) == STELLA_OK)
        return take_tree(probe, tree, err);
    stella_probe_note(probe, STELLA_NOTE_ERROR, 0, stella_sv_cstr(why.message));
    return STELLA_OK;
}

stella_status meta_decode(stella_sv bytes, meta_view *out, stella_error *err) {
    meta_view view;
    const stella_status status = fields_decode(bytes, META_FIELDS, &view.line, view.values, err);
    if (status == STELLA_OK)
        *out = view;
    return status;
}

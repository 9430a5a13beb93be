#include "plugin/sign.h"

#include "plugin/elf_check.h"
#include "plugin/files.h"
#include "plugin/folder.h"

#include <stella/auto.h>
#include <stella/json.h>

static const char size_member[] = "fileSize", digest_member[] = "fileDigest";

static stella_status in_file(stella_error *err, const stella_error *why, const char *path) {
    return stella_error_set(err, why->code, path, "%s%s%s", why->path, why->path[0] ? ": " : "", why->message);
}

static void write_members(stella_json_writer *w, const stella_json *source, stella_sv binary) {
    char digest[STELLA_DIGEST_TEXT_SIZE];
    stella_digest_of(binary, digest);
    stella_json_begin_object(w);
    for (uint32_t i = 0; i < source->count; i++) {
        const stella_json_member *m = &source->members[i];
        if (stella_sv_eq(m->key, stella_sv_cstr(size_member)) || stella_sv_eq(m->key, stella_sv_cstr(digest_member)))
            continue;
        stella_json_key(w, m->key);
        stella_json_write_value(w, &m->value);
        if (!stella_sv_eq(m->key, STELLA_SV("file")))
            continue;
        stella_json_member_u64(w, size_member, binary.len);
        stella_json_member_str(w, digest_member, stella_sv_cstr(digest));
    }
    stella_json_end_object(w);
}

/* The source with the binary's size and digest behind "file", everything else as it was. */
static stella_status complete(const stella_json *source, stella_sv binary, stella_buf *out, stella_error *err) {
    const stella_sink sink = stella_buf_sink(out);
    stella_json_writer w;
    stella_json_writer_init(&w, &sink, 2);
    write_members(&w, source, binary);
    return stella_json_finish(&w, err);
}

static stella_status read_source(const char *path, stella_arena *arena, const stella_json **out, stella_error *err) {
    stella_sv text;
    stella_error why = {0};
    stella_status status = files_read_path(path, PLUGIN_MANIFEST_BYTES_MAX, arena, &text, err);
    if (status != STELLA_OK)
        return status;
    status = stella_json_parse(text, arena, out, &why);
    if (status == STELLA_OK && !stella_json_is(*out, STELLA_JSON_OBJECT))
        status = stella_error_set(&why, STELLA_E_FORMAT, "", "a manifest is a JSON object");
    return status == STELLA_OK ? STELLA_OK : in_file(err, &why, path);
}

/* The binary that the source names: read, and held against the rules that every loader will apply. */
static stella_status read_binary(const sign_request *r, const stella_json *source, stella_arena *arena, stella_sv *out,
                                 stella_error *err) {
    const stella_sv file = stella_json_str(stella_json_get(source, "file"));
    if (file.len == 0 || stella_sv_find(file, '/') < file.len)
        return stella_error_set(err, STELLA_E_FORMAT, r->manifest_path, "/file: must be the name of the binary");
    const char *path = stella_arena_printf(arena, "%s/%.*s", r->binary_dir, STELLA_SV_FMT(file)).ptr;
    if (!path)
        return stella_error_set(err, STELLA_E_NOMEM, r->binary_dir, "no memory for it");
    stella_error why = {0};
    stella_status status = files_read_path(path, PLUGIN_FILE_BYTES_MAX, arena, out, err);
    if (status != STELLA_OK)
        return status;
    status = elf_check(*out, NULL, &why);
    return status == STELLA_OK ? STELLA_OK : in_file(err, &why, path);
}

static stella_status write_binary(const sign_request *r, const plugin_manifest *m, stella_sv binary,
                                  stella_arena *arena, stella_error *err) {
    const char *path = files_join(r->output_dir, m->file, arena, err);
    stella_sv present;
    if (!path)
        return STELLA_E_NOMEM;
    if (files_read_path(path, PLUGIN_FILE_BYTES_MAX, arena, &present, NULL) == STELLA_OK &&
        stella_sv_eq(present, binary))
        return STELLA_OK;
    return files_write(path, binary, 0755, err);
}

static stella_status write_signature(const sign_request *r, stella_sv manifest, stella_arena *arena,
                                     stella_error *err) {
    STELLA_AUTO(stella_buf_fini) stella_buf envelope = stella_buf_of(FOLDER_SIGNATURE_BYTES_MAX);
    const stella_sink sink = stella_buf_sink(&envelope);
    const char *path = files_join(r->output_dir, FOLDER_SIGNATURE, arena, err);
    if (!path)
        return STELLA_E_NOMEM;
    const stella_status status =
        stella_dsse_sign(STELLA_SV(PLUGIN_MANIFEST_PAYLOAD_TYPE), manifest, r->key->secret_key, &sink, arena, err);
    return status == STELLA_OK ? files_write(path, stella_buf_sv(&envelope), 0644, err) : status;
}

static stella_status write_folder(const sign_request *r, const plugin_manifest *m, stella_sv binary,
                                  stella_arena *arena, stella_error *err) {
    const char *path = files_join(r->output_dir, FOLDER_MANIFEST, arena, err);
    stella_status status = path ? files_make_dirs(r->output_dir, 0, err) : STELLA_E_NOMEM;
    if (status == STELLA_OK)
        status = write_binary(r, m, binary, arena, err);
    if (status == STELLA_OK)
        status = files_write(path, m->json, 0644, err);
    return status == STELLA_OK ? write_signature(r, m->json, arena, err) : status;
}

stella_status sign_folder(const sign_request *r, stella_arena *arena, plugin_manifest *out, stella_error *err) {
    STELLA_AUTO(stella_buf_fini) stella_buf text = stella_buf_of(PLUGIN_MANIFEST_BYTES_MAX);
    const stella_json *source;
    stella_sv binary;
    stella_status status = read_source(r->manifest_path, arena, &source, err);
    if (status == STELLA_OK)
        status = read_binary(r, source, arena, &binary, err);
    if (status == STELLA_OK)
        status = complete(source, binary, &text, err);
    if (status != STELLA_OK)
        return status;
    plugin_manifest m;
    stella_error why = {0};
    if (plugin_manifest_parse(stella_buf_sv(&text), arena, &m, &why) != STELLA_OK)
        return in_file(err, &why, r->manifest_path);
    status = write_folder(r, &m, binary, arena, err);
    if (status == STELLA_OK)
        *out = m;
    return status;
}

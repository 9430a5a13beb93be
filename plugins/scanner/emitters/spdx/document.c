#include "spdx/document.h"

#include "common/subject.h"
#include "spdx/comment.h"

#include <stella/analyzer.h>
#include <stella/auto.h>
#include <stella/digest.h>
#include <stella/encoding.h>
#include <stella/spdx.h>

#include <stdio.h>
#include <time.h>

#define NAMESPACE     "https://stella-ops.org/spdx/"
#define NAME_MAX_SIZE 128 /* of the subject's name in the namespace */
#define SCRATCH_BYTES (256u << 20)
#define LAST_MS       INT64_C(253402300799999) /* the end of the year 9999 */

/* A document must have a time: 1970 when the result has none. */
static void set_created(spdx_document *d) {
    struct tm t;
    const int64_t ms = d->bom->created_ms;
    const time_t seconds = ms < 0 || ms > LAST_MS ? 0 : (time_t)(ms / 1000);
    if (!gmtime_r(&seconds, &t) || strftime(d->created, sizeof d->created, "%Y-%m-%dT%H:%M:%SZ", &t) == 0)
        snprintf(d->created, sizeof d->created, "1970-01-01T00:00:00Z");
}

/* Without the date behind it. */
static stella_sv list_version(void) {
    const stella_sv version = stella_sv_cstr(stella_spdx_list_version());
    return stella_sv_first(version, stella_sv_find(version, ' '));
}

static stella_status digest_refs(spdx_document *d, stella_error *err) {
    const stella_list *components = &d->bom->components;
    d->digests = stella_arena_alloc(d->arena, components->count, sizeof *d->digests);
    if (!d->digests)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for %u ids", components->count);
    for (uint32_t i = 0; i < components->count; i++) {
        unsigned char digest[STELLA_SHA256_SIZE];
        stella_sha256_of(STELLA_AT(*components, stella_bom_component, i)->ref, digest);
        memcpy(d->digests[i], digest, sizeof d->digests[i]);
    }
    return STELLA_OK;
}

static stella_status hash_bytes(void *self, stella_sv bytes, stella_error *err) {
    (void)err;
    stella_sha256_update(self, bytes.ptr, bytes.len);
    return STELLA_OK;
}

/* What a URL's path may hold without escapes. */
static void add_name(stella_buf *text, stella_sv name) {
    for (size_t i = 0; i < name.len && i < NAME_MAX_SIZE; i++)
        stella_buf_u8(text, spdx_is_id_byte(name.ptr[i]) ? (uint8_t)name.ptr[i] : '-');
}

static stella_status set_namespace(spdx_document *d, const unsigned char hash[STELLA_SHA256_SIZE], stella_error *err) {
    unsigned char u[16];
    char hex[2 * sizeof u + 1];
    memcpy(u, hash, sizeof u);
    u[6] = (unsigned char)((u[6] & 0x0f) | 0x50); /* a UUID of version 5's form */
    u[8] = (unsigned char)((u[8] & 0x3f) | 0x80);
    stella_hex(u, sizeof u, hex);
    d->text.len = 0;
    stella_buf_printf(&d->text, NAMESPACE "%.*s/", STELLA_SV_FMT(d->bom->subject_kind));
    add_name(&d->text, d->name);
    stella_buf_printf(&d->text, "-%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12, hex + 16, hex + 20);
    d->namespace_ = d->text.failed ? stella_sv_of(NULL, 0) : stella_arena_dup(d->arena, stella_buf_sv(&d->text));
    return d->namespace_.ptr ? STELLA_OK : stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the namespace");
}

static stella_status find_namespace(spdx_document *d, spdx_write *write, stella_error *err) {
    STELLA_AUTO(stella_sha256_destroyp) stella_sha256 *hash = stella_sha256_create();
    unsigned char digest[STELLA_SHA256_SIZE];
    if (!hash)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a hash");
    const stella_sink sink = {.head = STELLA_HEAD(stella_sink), .self = hash, .write = hash_bytes};
    const stella_status status = write(d, &sink, err);
    if (status != STELLA_OK)
        return status;
    stella_sha256_final(hash, digest);
    return set_namespace(d, digest, err);
}

static void document_fini(spdx_document *d) {
    stella_arena_destroy(d->scratch);
    stella_buf_fini(&d->text);
}

stella_status spdx_emit(const stella_bom *bom, const stella_emission *out, spdx_write *write, stella_error *err) {
    STELLA_AUTO(document_fini)
    spdx_document d = {.bom = bom,
                       .arena = out->arena,
                       .scratch = stella_arena_create(SCRATCH_BYTES),
                       .name = bom->subject_name.len ? bom->subject_name : bom->subject_kind,
                       .list_version = list_version(),
                       .text = stella_buf_of(SPDX_TEXT_MAX)};
    if (!d.scratch)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a document");
    set_created(&d);
    stella_status status = subject_purl(bom, d.arena, &d.root_purl, err);
    if (status == STELLA_OK)
        status = spdx_licenses_collect(bom, d.arena, &d.licenses, err);
    if (status == STELLA_OK)
        status = digest_refs(&d, err);
    if (status == STELLA_OK)
        status = find_namespace(&d, write, err);
    return status == STELLA_OK ? write(&d, out->sink, err) : status;
}

/* "<code> <plugin> <path>: <message>" */
static void add_error(stella_buf *text, const stella_bom_error *e) {
    spdx_line_begin(text, e->severity == STELLA_NOTE_ERROR ? STELLA_SV("error") : STELLA_SV("note"));
    spdx_line_add(text, e->code);
    spdx_line_add(text, STELLA_SV(" "));
    spdx_line_add(text, e->plugin.len ? e->plugin : STELLA_SV("engine"));
    spdx_line_add(text, e->path.len ? STELLA_SV(" ") : STELLA_SV(""));
    spdx_line_add(text, e->path);
    spdx_line_add(text, STELLA_SV(": "));
    spdx_line_add(text, e->message);
    spdx_line_end(text);
}

stella_sv spdx_document_comment(spdx_document *d) {
    d->text.len = 0;
    d->text.failed = 0;
    for (uint32_t i = 0; i < d->bom->errors.count; i++)
        add_error(&d->text, STELLA_AT(d->bom->errors, stella_bom_error, i));
    return stella_sv_trim(stella_buf_sv(&d->text));
}

stella_sv spdx_short_list_version(const spdx_document *d) {
    return stella_sv_first(d->list_version, stella_sv_rfind(d->list_version, '.'));
}

stella_bom_pair spdx_tool(const stella_bom *bom, uint32_t index) {
    if (index == 0)
        return (stella_bom_pair){.name = bom->tool_name, .value = bom->tool_version};
    return *STELLA_AT(bom->plugins, stella_bom_pair, index - 1);
}

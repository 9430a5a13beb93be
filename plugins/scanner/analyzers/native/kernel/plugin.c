/* The analyzer of Linux kernels and their modules (README.md). */
#include "describe.h"

#include "common/unpack/unpack.h"

#include <stella/auto.h>

#define MODULE_BYTES_MAX ((size_t)256 << 20) /* of a module, also once it is unpacked */

/* Modules are read here and there, for .modinfo lies anywhere; images of kernels streamed, for the folder of a kernel
 * holds larger files that are none. */
enum { FIRST_IMAGE = 4 };

static const stella_interest interests[] = {
    {.mode = STELLA_PROBE | STELLA_SEEK, .suffix = ".ko", .type = STELLA_TYPE_ELF},
    {.mode = STELLA_PROBE | STELLA_SEEK, .suffix = ".ko.gz", .type = STELLA_TYPE_GZIP},
    {.mode = STELLA_PROBE | STELLA_SEEK, .suffix = ".ko.xz", .type = STELLA_TYPE_XZ},
    {.mode = STELLA_PROBE | STELLA_SEEK, .suffix = ".ko.zst", .type = STELLA_TYPE_ZSTD},
    [FIRST_IMAGE] = {.mode = STELLA_PROBE, .dir = "boot"},
    {.mode = STELLA_PROBE, .name = "vmlinuz"},
    {.mode = STELLA_PROBE, .name = "vmlinux"},
    {.mode = STELLA_PROBE, .name = "bzImage"},
    {.mode = STELLA_PROBE, .name = "Image"},
    {.mode = STELLA_PROBE, .name = "Image.gz"},
    {.mode = STELLA_PROBE, .type = STELLA_TYPE_PE},
};

/* A fault of the file's own is told of here, with the file; any other is the probe's. */
static stella_status noted(stella_probe *p, stella_status status, const stella_error *why, stella_error *err) {
    if (status == STELLA_E_FORMAT || status == STELLA_E_LIMIT || status == STELLA_E_UNSUPPORTED) {
        stella_probe_note(p, STELLA_NOTE_ERROR, 0, stella_sv_cstr(why->message));
        return STELLA_OK;
    }
    if (status != STELLA_OK && err)
        *err = *why;
    return status;
}

static stella_status probe_image(stella_probe *p, stella_error *err) {
    stella_error why = {0};
    image kernel;
    int is_found;
    const stella_status status = image_read(p, &kernel, &is_found, &why);
    if (status != STELLA_OK)
        return noted(p, status, &why, err);
    return is_found ? describe_kernel(p, &kernel, err) : STELLA_OK;
}

static stella_status unpack_all(stella_probe *p, stella_sv packed, stella_buf *out, stella_error *err) {
    const unpack_source source = {.first = packed};
    STELLA_AUTO(unpack_destroyp)
    unpack *u = unpack_create(unpack_format_of(packed), &source, MODULE_BYTES_MAX, p->arena);
    stella_sv piece = {0};
    stella_status status;
    if (!u)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory to unpack a module");
    while ((status = unpack_next(u, &piece, err)) == STELLA_OK && piece.len)
        if (stella_buf_add(out, piece) != STELLA_OK)
            return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory to unpack a module");
    return status;
}

static stella_status probe_module(stella_probe *p, stella_error *err) {
    STELLA_AUTO(stella_buf_fini) stella_buf unpacked = stella_buf_of(MODULE_BYTES_MAX);
    STELLA_AUTO(stella_buf_fini) stella_buf authors = stella_buf_of(MODULE_AUTHORS_MAX);
    stella_error why = {0};
    stella_sv bytes;
    module m;
    stella_status status = stella_probe_content(p, &bytes, err);
    if (status != STELLA_OK)
        return status;
    if (unpack_format_of(bytes) != UNPACK_NONE) {
        status = unpack_all(p, bytes, &unpacked, &why);
        if (status != STELLA_OK)
            return noted(p, status, &why, err);
        bytes = stella_buf_sv(&unpacked);
    }
    if (!module_read(bytes, &authors, &m))
        return STELLA_OK;
    if (m.damage)
        stella_probe_note(p, STELLA_NOTE_ERROR, 0, stella_sv_cstr(m.damage));
    return m.magic.len || m.license.len ? describe_module(p, &m, err) : STELLA_OK;
}

static stella_status probe(void *self, stella_probe *p, stella_error *err) {
    (void)self;
    return p->file->interest < FIRST_IMAGE ? probe_module(p, err) : probe_image(p, err);
}

typedef stella_status (*add_record)(graph *g, const stella_record *record, stella_error *err);

static stella_status add_all(graph *g, const char *kind, add_record add, stella_error *err) {
    stella_record record = STELLA_RECORD_INIT;
    stella_status status = STELLA_OK;
    for (stella_records it = stella_records_of(stella_sv_cstr(kind));
         status == STELLA_OK && stella_records_next(g->job, &it, &record);) {
        if (stella_cancelled(g->job))
            return stella_error_set(err, STELLA_E_CANCELLED, NULL, "the result is no longer wanted");
        status = add(g, &record, err);
    }
    return status;
}

static stella_status analyze(void *self, stella_analysis *job, stella_error *err) {
    (void)self;
    graph g = graph_of(job);
    stella_status status = add_all(&g, DESCRIBE_KERNEL, describe_add_kernel, err);
    if (status == STELLA_OK)
        status = add_all(&g, DESCRIBE_MODULE, describe_add_module, err);
    if (status == STELLA_OK)
        graph_relate(&g);
    return status;
}

STELLA_ANALYZER("org.stella-ops.analyzer.kernel", "0.1.0", STELLA_PHASE_BINARIES, interests, .probe = probe,
                .analyze = analyze);

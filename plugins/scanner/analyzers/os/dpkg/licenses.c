#include "licenses.h"

#include "copyright.h"

#include "common/license_text/texts.h"

#include <stella/auto.h>

#include <stdlib.h>

/* A package and the file that its copyright path leads to. */
typedef struct document {
    stella_sv path, bytes;
    const package *owner;
    uint32_t layer;
} document;

static int compare(const void *x, const void *y) {
    const document *a = x, *b = y;
    const int order = stella_sv_cmp(a->path, b->path);
    return order ? order : (a->owner > b->owner) - (a->owner < b->owner);
}

/* Looks for the file; one that was not kept (a link that leads elsewhere) is asked for, and comes with the next call.
 * Returns STELLA_E_NOTFOUND or STELLA_E_PENDING when there is nothing to read, STELLA_E_NOMEM. */
static stella_status find(stella_analysis *job, const package *p, document *out) {
    stella_file file = STELLA_FILE_INIT;
    const stella_sv path = stella_arena_printf(job->arena, "usr/share/doc/%.*s/copyright", STELLA_SV_FMT(p->name));
    if (!path.ptr)
        return STELLA_E_NOMEM;
    stella_status status = stella_view_stat(job, path, &file, NULL);
    if (status != STELLA_OK || file.kind != STELLA_FILE_REGULAR)
        return STELLA_E_NOTFOUND;
    if (!file.bytes.ptr)
        status = stella_view_read(job, path, &file, NULL);
    if (status == STELLA_OK)
        *out = (document){.path = file.path, .bytes = file.bytes, .owner = p, .layer = file.layer};
    return status;
}

/* What the words of one copyright file are, when the user asked for it. */
static stella_status classify(const stella_analysis *job, const document *d, license_text_file *out) {
    license_text_file file = {.path = d->path, .layer = d->layer};
    if (job->options & STELLA_OPTION_LICENSE_TEXTS) {
        STELLA_AUTO(stella_arena_destroyp) stella_arena *scratch = stella_arena_create(LICENSE_TEXT_ARENA_BYTES);
        const stella_status status = scratch ? license_text_match(d->bytes, scratch, &file.matches) : STELLA_E_NOMEM;
        if (status != STELLA_OK)
            return status;
    }
    *out = file;
    return STELLA_OK;
}

static void apply(const copyright *c, const license_text_file *file, const package *p) {
    license_text_state(file, c->count ? 0 : LICENSE_TEXTS_LICENSE, p->component);
    for (uint32_t i = 0; i < c->count; i++)
        stella_component_license(p->component, c->licenses[i].how, c->licenses[i].text);
}

static stella_status read_documents(stella_analysis *job, const document *documents, uint32_t count, copyright *c) {
    license_text_file file = {.path = STELLA_SV("")};
    for (uint32_t i = 0; i < count; i++) {
        const int is_same = i > 0 && stella_sv_eq(documents[i].path, documents[i - 1].path);
        stella_status status = is_same ? STELLA_OK : copyright_parse(documents[i].bytes, job->arena, c);
        if (status == STELLA_OK && !is_same)
            status = classify(job, &documents[i], &file);
        if (status != STELLA_OK)
            return status;
        if (!is_same && c->is_full)
            stella_note(job, STELLA_NOTE_ERROR, documents[i].path, 0,
                        STELLA_SV("more than 128 different licenses: the rest was left out"));
        apply(c, &file, documents[i].owner);
    }
    return STELLA_OK;
}

stella_status licenses_add(stella_analysis *job, const inventory *inv, stella_error *err) {
    document *documents = stella_arena_alloc(job->arena, inv->package_count, sizeof *documents);
    copyright *c = stella_arena_alloc(job->arena, 1, sizeof *c);
    if (!documents || !c)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for %u copyright files", inv->package_count);
    uint32_t count = 0;
    stella_status status = STELLA_OK;
    for (uint32_t i = 0; i < inv->package_count && status != STELLA_E_NOMEM; i++) {
        status = find(job, &inv->packages[i], &documents[count]);
        count += status == STELLA_OK ? 1 : 0;
    }
    if (count)
        qsort(documents, count, sizeof *documents, compare);
    if (status != STELLA_E_NOMEM)
        status = read_documents(job, documents, count, c);
    return status == STELLA_OK ? status : stella_error_set(err, status, NULL, "no memory for licenses");
}

#include "texts.h"

#include <stella/auto.h>
#include <stella/cursor.h>
#include <stella/sink.h>

#include <stdio.h>
#include <stdlib.h>

#define RECORD_KIND        "license-text/0"
#define PROPERTY_BYTES_MAX 4608 /* a path of 4 KiB and what is in front of it */

/* ---- probe ----------------------------------------------------------------------------------------------------------
 */

static stella_status read_text(stella_probe *probe, stella_buf *out, stella_error *err) {
    stella_sv chunk;
    stella_status status = stella_probe_read(probe, &chunk, err);
    while (status == STELLA_OK && chunk.len) {
        const size_t have = stella_buf_sv(out).len;
        if (have == LICENSE_TEXT_BYTES_MAX)
            break;
        status = stella_buf_add(out, stella_sv_first(chunk, LICENSE_TEXT_BYTES_MAX - have));
        if (status == STELLA_OK)
            status = stella_probe_read(probe, &chunk, err);
    }
    return status;
}

static stella_status encode(const license_text_matches *m, stella_buf *out) {
    stella_status status = STELLA_OK;
    for (uint32_t i = 0; i < m->count && status == STELLA_OK; i++) {
        const license_text_found *f = &m->items[i];
        status = stella_buf_varint(out, 2 * (uint64_t)f->score + f->is_notice);
        if (status == STELLA_OK)
            status = stella_buf_str(out, f->id);
    }
    return status;
}

static stella_status no_memory(stella_error *err) {
    return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the text of a license");
}

stella_status license_text_probe(stella_probe *probe, stella_error *err) {
    STELLA_AUTO(stella_buf_fini) stella_buf text = stella_buf_of(LICENSE_TEXT_BYTES_MAX);
    STELLA_AUTO(stella_buf_fini) stella_buf bytes = stella_buf_of(4096);
    license_text_matches found;
    if (!(probe->options & STELLA_OPTION_LICENSE_TEXTS))
        return STELLA_OK;
    const stella_status status = read_text(probe, &text, err);
    if (status != STELLA_OK)
        return status;
    if (license_text_match(stella_buf_sv(&text), probe->arena, &found) != STELLA_OK ||
        encode(&found, &bytes) != STELLA_OK)
        return no_memory(err);
    if (found.count == 0)
        return STELLA_OK;
    const stella_record record = {.struct_size = sizeof record,
                                  .kind = STELLA_SV(RECORD_KIND),
                                  .key = found.items[0].id,
                                  .bytes = stella_buf_sv(&bytes)};
    return stella_probe_record(probe, &record, err);
}

/* ---- analysis -------------------------------------------------------------------------------------------------------
 */

static license_text_matches decode(stella_sv bytes) {
    license_text_matches m = {.count = 0};
    stella_cursor c = stella_cursor_of(bytes.ptr, bytes.len);
    while (c.ok && stella_cursor_left(&c) && m.count < LICENSE_TEXT_FOUND_MAX) {
        const uint64_t how = stella_cursor_varint(&c);
        const stella_sv id = stella_cursor_str(&c, stella_cursor_varint(&c));
        if (c.ok)
            m.items[m.count++] =
                (license_text_found){.id = id, .score = (uint32_t)(how / 2), .is_notice = (uint32_t)(how % 2)};
    }
    return m;
}

static int compare(const void *x, const void *y) {
    const license_text_file *a = x, *b = y;
    return stella_sv_cmp(a->path, b->path);
}

static uint32_t count_records(stella_analysis *job) {
    stella_record record = STELLA_RECORD_INIT;
    uint32_t count = 0;
    for (stella_records it = stella_records_of(STELLA_SV(RECORD_KIND)); stella_records_next(job, &it, &record);)
        count++;
    return count;
}

stella_status license_texts_load(stella_analysis *job, license_texts *out, stella_error *err) {
    stella_record record = STELLA_RECORD_INIT;
    license_texts texts = {.items = NULL};
    const uint32_t count = job->options & STELLA_OPTION_LICENSE_TEXTS ? count_records(job) : 0;
    if (count) {
        texts.items = stella_arena_alloc(job->arena, count, sizeof *texts.items);
        if (!texts.items)
            return no_memory(err);
        for (stella_records it = stella_records_of(STELLA_SV(RECORD_KIND)); stella_records_next(job, &it, &record);)
            texts.items[texts.count++] =
                (license_text_file){.path = record.path, .layer = record.layer, .matches = decode(record.bytes)};
        qsort(texts.items, texts.count, sizeof *texts.items, compare);
    }
    *out = texts;
    return STELLA_OK;
}

void license_text_state(const license_text_file *file, uint32_t flags, stella_component *c) {
    char text[PROPERTY_BYTES_MAX];
    const stella_file from = {
        .struct_size = sizeof from, .kind = STELLA_FILE_REGULAR, .layer = file->layer, .path = file->path};
    for (uint32_t i = 0; i < file->matches.count; i++) {
        const license_text_found *f = &file->matches.items[i];
        const int len = snprintf(text, sizeof text, "%.*s %u%% %s%.*s", STELLA_SV_FMT(f->id), f->score,
                                 f->is_notice ? "notice " : "", STELLA_SV_FMT(file->path));
        if (len > 0 && (size_t)len < sizeof text)
            stella_component_property(c, STELLA_SV(LICENSE_TEXT_PROPERTY), stella_sv_of(text, (size_t)len));
        if (flags & LICENSE_TEXTS_LICENSE)
            stella_component_license(c, STELLA_LICENSE_EXPRESSION, f->id);
    }
    if (file->matches.count)
        stella_component_evidence(c, &from, 0, STELLA_SV(LICENSE_TEXT_METHOD));
}

/* What of the path is behind "FOLDER/"; ptr NULL when it is not in there. */
static stella_sv behind(stella_sv path, stella_sv folder) {
    const int is_inside =
        stella_sv_starts(path, folder) && path.len > folder.len && (folder.len == 0 || path.ptr[folder.len] == '/');
    return is_inside ? stella_sv_skip(path, folder.len + (folder.len ? 1 : 0)) : (stella_sv){0};
}

/* The first file whose path does not come before the folder's. */
static uint32_t first_of(const license_texts *texts, stella_sv folder) {
    uint32_t low = 0, high = texts->count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (stella_sv_cmp(texts->items[middle].path, folder) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void license_texts_state(const license_texts *texts, stella_sv folder, uint32_t flags, stella_component *c) {
    for (uint32_t i = first_of(texts, folder); i < texts->count; i++) {
        const license_text_file *file = &texts->items[i];
        if (!stella_sv_starts(file->path, folder))
            break;
        const stella_sv rest = behind(file->path, folder);
        if (rest.ptr && (flags & LICENSE_TEXTS_BELOW || stella_sv_find(rest, '/') == rest.len))
            license_text_state(file, flags, c);
    }
}

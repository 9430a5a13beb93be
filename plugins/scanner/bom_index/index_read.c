#include "bom_index.h"
#include "layout.h"

/* The least that an entry takes: counts are held against what is left before anything is made of them. */
#define TEXT_BYTES_MIN           2u
#define LAYER_SET_BYTES_MIN      12u
#define ENTRYPOINT_SET_BYTES_MIN 4u

static stella_status cut_short(const char *section, uint32_t i, const stella_cursor *c, stella_error *err) {
    char path[INDEX_PATH_BYTES];
    index_path(path, section, i);
    return stella_error_set(err, STELLA_E_FORMAT, path, "the file ends in it, after %zu bytes",
                            (size_t)(c->end - c->start));
}

static stella_status check_magic(stella_cursor *c, stella_error *err) {
    const stella_sv magic = stella_cursor_str(c, INDEX_MAGIC.len);
    const uint32_t version = stella_cursor_u16le(c);
    if (!stella_sv_eq(magic, INDEX_MAGIC))
        return stella_error_set(err, STELLA_E_FORMAT, INDEX_HEADER, "not a BOM-Index: it does not begin with BOMIDX1");
    if (c->ok && version > BOM_INDEX_VERSION)
        return stella_error_set(err, STELLA_E_UNSUPPORTED, INDEX_HEADER,
                                "version %u of the format is newer than this program, which reads version %u", version,
                                BOM_INDEX_VERSION);
    if (c->ok && version == 0)
        return stella_error_set(err, STELLA_E_FORMAT, INDEX_HEADER, "there is no version 0 of the format");
    return STELLA_OK;
}

static stella_status check_flags(uint32_t flags, uint32_t entrypoints, stella_error *err) {
    if (flags & ~BOM_INDEX_FLAG_USAGE)
        return stella_error_set(err, STELLA_E_UNSUPPORTED, INDEX_HEADER, "flags 0x%04x, of which this program knows 1",
                                flags);
    if ((flags & BOM_INDEX_FLAG_USAGE) && !entrypoints)
        return stella_error_set(err, STELLA_E_FORMAT, INDEX_HEADER, "it claims usage and has no entrypoint");
    if (!(flags & BOM_INDEX_FLAG_USAGE) && entrypoints)
        return stella_error_set(err, STELLA_E_FORMAT, INDEX_HEADER, "it claims %u entrypoints and no usage",
                                entrypoints);
    return STELLA_OK;
}

/* Counts that the rest of the file cannot hold. */
static stella_status check_room(const bom_index *index, size_t left, stella_error *err) {
    const uint64_t per_component =
        TEXT_BYTES_MIN + LAYER_SET_BYTES_MIN + (index->has_usage ? ENTRYPOINT_SET_BYTES_MIN : 0);
    const uint64_t needed = (uint64_t)TEXT_BYTES_MIN * (index->layer_count + (uint64_t)index->entrypoint_count) +
                            per_component * index->component_count;
    if (needed <= left)
        return STELLA_OK;
    return stella_error_set(err, STELLA_E_FORMAT, INDEX_HEADER,
                            "it claims %u layers, %u components and %u entrypoints: %llu bytes at least, of %zu that "
                            "follow",
                            index->layer_count, index->component_count, index->entrypoint_count,
                            (unsigned long long)needed, left);
}

static stella_status read_header(stella_cursor *c, bom_index *out, stella_error *err) {
    stella_status status = check_magic(c, err);
    if (status != STELLA_OK)
        return status;
    const uint32_t flags = stella_cursor_u16le(c);
    out->image_digest = stella_cursor_str(c, stella_cursor_u16le(c));
    out->generated_us = (int64_t)stella_cursor_u64le(c);
    out->layer_count = stella_cursor_u32le(c);
    out->component_count = stella_cursor_u32le(c);
    out->entrypoint_count = stella_cursor_u32le(c);
    out->has_usage = flags & BOM_INDEX_FLAG_USAGE ? 1 : 0;
    if (!c->ok)
        return stella_error_set(err, STELLA_E_FORMAT, INDEX_HEADER, "the file ends in it, after %zu bytes",
                                (size_t)(c->end - c->start));
    status = check_flags(flags, out->entrypoint_count, err);
    if (status == STELLA_OK && stella_sv_utf8_prefix(out->image_digest) < out->image_digest.len)
        status = stella_error_set(err, STELLA_E_FORMAT, INDEX_DIGEST, "not UTF-8");
    if (status == STELLA_OK)
        status = index_check_counts(out->layer_count, out->component_count, out->entrypoint_count, err);
    return status == STELLA_OK ? check_room(out, stella_cursor_left(c), err) : status;
}

/* The bytes of a section that has been gone through. */
static stella_sv section_of(const stella_cursor *c, size_t begin) {
    return stella_sv_of((const char *)c->start + begin, stella_cursor_offset(c) - begin);
}

static stella_status read_table(stella_cursor *c, uint32_t count, const char *section, int is_ordered, stella_sv *out,
                                stella_error *err) {
    const size_t begin = stella_cursor_offset(c);
    stella_sv last = {0};
    char path[INDEX_PATH_BYTES];
    for (uint32_t i = 0; i < count; i++) {
        const stella_sv text = stella_cursor_str(c, stella_cursor_u16le(c));
        if (!c->ok)
            return cut_short(section, i, c, err);
        index_path(path, section, i);
        if (stella_sv_utf8_prefix(text) < text.len)
            return stella_error_set(err, STELLA_E_FORMAT, path, "not UTF-8");
        const int order = i && is_ordered ? stella_sv_cmp(last, text) : -1;
        if (order >= 0)
            return stella_error_set(err, STELLA_E_FORMAT, path,
                                    order ? "out of order: the entry before it sorts after it" : "an entry twice");
        last = text;
    }
    *out = section_of(c, begin);
    return STELLA_OK;
}

/* of: how many there are of what the sets are of
 * may_be_absent: a length of 0 stands for the empty set, and the empty set for nothing */
static stella_status read_sets(stella_cursor *c, uint32_t count, const char *section, uint32_t of, int may_be_absent,
                               stella_sv *out, stella_error *err) {
    const size_t begin = stella_cursor_offset(c);
    char path[INDEX_PATH_BYTES];
    roaring set;
    stella_error why = {0};
    for (uint32_t i = 0; i < count; i++) {
        const stella_sv bytes = stella_cursor_str(c, stella_cursor_u32le(c));
        if (!c->ok)
            return cut_short(section, i, c, err);
        if (may_be_absent && bytes.len == 0)
            continue;
        index_path(path, section, i);
        if (roaring_check(bytes, of, &set, &why) != STELLA_OK)
            return stella_error_set(err, why.code, path, "%s", why.message);
        if (may_be_absent && set.count == 0)
            return stella_error_set(err, STELLA_E_FORMAT, path, "an empty set, which is to have no bytes");
    }
    *out = section_of(c, begin);
    return STELLA_OK;
}

static stella_status read_sections(stella_cursor *c, bom_index *out, stella_error *err) {
    const uint32_t components = out->component_count;
    stella_status status = read_table(c, out->layer_count, INDEX_LAYERS, 0, &out->layers, err);
    if (status == STELLA_OK)
        status = read_table(c, components, INDEX_COMPONENTS, 1, &out->identities, err);
    if (status == STELLA_OK)
        status = read_sets(c, components, INDEX_LAYER_SETS, out->layer_count, 0, &out->layer_sets, err);
    if (status == STELLA_OK)
        status = read_table(c, out->entrypoint_count, INDEX_ENTRYPOINTS, 1, &out->entrypoints, err);
    if (status == STELLA_OK && out->has_usage)
        status = read_sets(c, components, INDEX_ENTRYPOINT_SETS, out->entrypoint_count, 1, &out->entrypoint_sets, err);
    if (status == STELLA_OK && stella_cursor_left(c))
        status = stella_error_set(err, STELLA_E_FORMAT, NULL, "%zu bytes follow the index", stella_cursor_left(c));
    return status;
}

stella_status bom_index_open(stella_sv bytes, bom_index *out, stella_error *err) {
    stella_cursor c = stella_cursor_of(bytes.ptr, bytes.len);
    bom_index index = {0};
    if (bytes.len > BOM_INDEX_BYTES_MAX)
        return stella_error_set(err, STELLA_E_LIMIT, NULL, "%zu bytes; an index has %u at most", bytes.len,
                                BOM_INDEX_BYTES_MAX);
    stella_status status = read_header(&c, &index, err);
    if (status == STELLA_OK)
        status = read_sections(&c, &index, err);
    if (status == STELLA_OK)
        *out = index;
    return status;
}

static stella_cursor over(stella_sv bytes) {
    return stella_cursor_of(bytes.ptr, bytes.len);
}

bom_index_texts bom_index_layers(const bom_index *index) {
    return (bom_index_texts){.at = over(index->layers)};
}

bom_index_texts bom_index_entrypoints(const bom_index *index) {
    return (bom_index_texts){.at = over(index->entrypoints)};
}

int bom_index_text_next(bom_index_texts *texts, stella_sv *out) {
    if (stella_cursor_left(&texts->at) == 0)
        return 0;
    *out = stella_cursor_str(&texts->at, stella_cursor_u16le(&texts->at));
    return 1;
}

bom_index_rows bom_index_begin(const bom_index *index) {
    return (bom_index_rows){.index = index,
                            .identities = over(index->identities),
                            .layer_sets = over(index->layer_sets),
                            .entrypoint_sets = over(index->entrypoint_sets)};
}

/* What bom_index_open has checked is checked once more: that is cheaper than remembering it. */
static roaring next_set(stella_cursor *sets, uint32_t of) {
    const stella_sv bytes = stella_cursor_str(sets, stella_cursor_u32le(sets));
    roaring set = {.count = 0};
    if (bytes.len)
        (void)roaring_check(bytes, of, &set, NULL); /* leaves alone what it refuses */
    return set;
}

int bom_index_row_next(bom_index_rows *rows, bom_index_row *out) {
    if (stella_cursor_left(&rows->identities) == 0)
        return 0;
    out->identity = stella_cursor_str(&rows->identities, stella_cursor_u16le(&rows->identities));
    out->layers = next_set(&rows->layer_sets, rows->index->layer_count);
    out->entrypoints = next_set(&rows->entrypoint_sets, rows->index->entrypoint_count);
    return 1;
}

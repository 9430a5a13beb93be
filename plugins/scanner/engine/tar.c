#include "tar.h"

#include "limits.h"
#include "tar_header.h"

#include <stella/sink.h>

#include <stdlib.h>

/* What headers before an entry say of it: GNU long names and pax records. */
typedef struct overrides {
    stella_buf name, link;
    int has_name, has_link, has_size, has_real_size, is_sparse;
    uint64_t size, real_size;
} overrides;

struct tar {
    input *in;
    uint64_t body_left;     /* of the entry at hand */
    uint64_t padding;       /* behind its body */
    uint64_t header_offset; /* of the header at hand, for errors */
    overrides next;         /* what has been said of the next entry */
    stella_buf name, link;  /* of the entry at hand: its header leaves the window */
    stella_buf pax;
    int is_over;
};

tar *tar_create(input *in) {
    tar *t = calloc(1, sizeof *t);
    if (!t)
        return NULL;
    t->in = in;
    t->name = stella_buf_of(TAR_NAME_BYTES_MAX);
    t->link = stella_buf_of(TAR_NAME_BYTES_MAX);
    t->next.name = stella_buf_of(TAR_NAME_BYTES_MAX);
    t->next.link = stella_buf_of(TAR_NAME_BYTES_MAX);
    t->pax = stella_buf_of(TAR_PAX_BYTES_MAX);
    return t;
}

void tar_destroy(tar *t) {
    if (!t)
        return;
    stella_buf_fini(&t->name);
    stella_buf_fini(&t->link);
    stella_buf_fini(&t->next.name);
    stella_buf_fini(&t->next.link);
    stella_buf_fini(&t->pax);
    free(t);
}

void tar_destroyp(tar **t) {
    tar_destroy(*t);
    *t = NULL;
}

static stella_status cut_short(const tar *t, const char *where, stella_error *err) {
    return stella_error_set(err, STELLA_E_FORMAT, NULL, "the archive is cut short at offset %llu, in %s",
                            (unsigned long long)input_offset(t->in), where);
}

static stella_status set_text(stella_buf *buf, stella_sv text, stella_error *err) {
    buf->len = 0;
    buf->failed = 0;
    if (stella_buf_add(buf, text) != STELLA_OK)
        return stella_error_set(err, text.len > buf->max ? STELLA_E_LIMIT : STELLA_E_NOMEM, NULL,
                                "a name of %zu bytes in the archive, at most %zu", text.len, buf->max);
    return STELLA_OK;
}

/* Steps to where the next header must be. */
static stella_status finish_body(tar *t, stella_error *err) {
    const uint64_t size = t->body_left + t->padding;
    uint64_t skipped = 0;
    if (size == 0)
        return STELLA_OK;
    const stella_status status = input_skip(t->in, size, &skipped, err);
    if (status != STELLA_OK)
        return status;
    if (skipped < t->body_left)
        return cut_short(t, "the body of an entry", err);
    t->body_left = t->padding = 0; /* the padding of a last entry may be missing: nothing is lost with it */
    return STELLA_OK;
}

static void begin_body(tar *t, uint64_t size) {
    t->body_left = size;
    t->padding = (0 - size) & (TAR_BLOCK - 1);
}

/* The whole body of a header that describes the next entry. */
static stella_status read_whole(tar *t, uint64_t size, stella_buf *out, const char *what, stella_error *err) {
    out->len = 0;
    out->failed = 0;
    if (size > out->max)
        return stella_error_set(err, STELLA_E_LIMIT, NULL, "%s of %llu bytes at offset %llu, at most %zu", what,
                                (unsigned long long)size, (unsigned long long)t->header_offset, out->max);
    begin_body(t, size);
    for (stella_sv chunk;;) {
        const stella_status status = tar_body(t, &chunk, err);
        if (status != STELLA_OK)
            return status;
        if (chunk.len == 0)
            break;
        if (stella_buf_add(out, chunk) != STELLA_OK)
            return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for %s", what);
    }
    return finish_body(t, err);
}

static stella_status read_long_name(tar *t, uint64_t size, stella_buf *out, stella_error *err) {
    const stella_status status = read_whole(t, size, out, "a long name", err);
    if (status != STELLA_OK)
        return status;
    out->len = stella_sv_find(stella_buf_sv(out), '\0'); /* GNU tar ends it with a NUL */
    return STELLA_OK;
}

/* One pax record that matters here; the others are nobody's business. */
static stella_status apply_pax(tar *t, stella_sv key, stella_sv value, stella_error *err) {
    overrides *next = &t->next;
    int ok = 1;
    if (stella_sv_eq(key, STELLA_SV("path")) || stella_sv_eq(key, STELLA_SV("GNU.sparse.name"))) {
        next->has_name = 1;
        return set_text(&next->name, value, err);
    }
    if (stella_sv_eq(key, STELLA_SV("linkpath"))) {
        next->has_link = 1;
        return set_text(&next->link, value, err);
    }
    if (stella_sv_eq(key, STELLA_SV("size")))
        next->has_size = ok = stella_sv_u64(value, INT64_MAX, &next->size);
    else if (stella_sv_eq(key, STELLA_SV("GNU.sparse.realsize")) || stella_sv_eq(key, STELLA_SV("GNU.sparse.size")))
        next->is_sparse = next->has_real_size = ok = stella_sv_u64(value, INT64_MAX, &next->real_size);
    else if (stella_sv_starts(key, STELLA_SV("GNU.sparse.")))
        next->is_sparse = 1;
    if (!ok)
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "a pax record at offset %llu has no number for %.*s",
                                (unsigned long long)t->header_offset, STELLA_SV_FMT(key));
    return STELLA_OK;
}

static stella_status read_pax(tar *t, uint64_t size, stella_error *err) {
    stella_status status = read_whole(t, size, &t->pax, "a pax header", err);
    stella_sv rest = stella_buf_sv(&t->pax), key, value;
    while (status == STELLA_OK && rest.len) {
        if (!tar_pax_next(&rest, &key, &value))
            return stella_error_set(err, STELLA_E_FORMAT, NULL, "the pax header at offset %llu has a broken record",
                                    (unsigned long long)t->header_offset);
        status = apply_pax(t, key, value, err);
    }
    return status;
}

/* The file's own header is at hand; what was said before it wins. */
static stella_status finish_entry(tar *t, const tar_header *header, tar_entry *out, stella_error *err) {
    overrides *next = &t->next;
    char joined[TAR_BLOCK];
    stella_status status =
        set_text(&t->name, next->has_name ? stella_buf_sv(&next->name) : tar_header_name(header, joined), err);
    if (status == STELLA_OK)
        status = set_text(&t->link, next->has_link ? stella_buf_sv(&next->link) : header->link, err);
    if (status != STELLA_OK)
        return status;
    uint64_t stored = next->has_size ? next->size : header->size;
    const uint32_t kind = tar_header_kind(header, stella_buf_sv(&t->name));
    if (!tar_header_has_body(header))
        stored = 0;
    const int is_sparse = header->type == 'S' || (next->is_sparse && kind == STELLA_FILE_REGULAR);
    const uint64_t whole = next->has_real_size                ? next->real_size
                           : is_sparse && header->type == 'S' ? header->real_size
                                                              : stored;
    *out = (tar_entry){.name = stella_buf_sv(&t->name),
                       .link = stella_buf_sv(&t->link),
                       .kind = kind,
                       .is_hardlink = header->type == '1',
                       .is_sparse = (uint32_t)is_sparse,
                       .mode = header->mode,
                       .uid = header->uid,
                       .gid = header->gid,
                       .size = kind == STELLA_FILE_REGULAR ? whole : 0,
                       .body_size = stored,
                       .header_offset = t->header_offset};
    next->has_name = next->has_link = next->has_size = next->has_real_size = next->is_sparse = 0;
    begin_body(t, stored);
    return STELLA_OK;
}

/* Old GNU sparse files continue their map in blocks behind the header. */
static stella_status skip_sparse_map(tar *t, const tar_header *header, stella_error *err) {
    int more = header->type == 'S' && header->sparse_goes_on;
    while (more) {
        const stella_status status = input_peek(t->in, TAR_BLOCK, err);
        if (status != STELLA_OK)
            return status;
        if (input_left(t->in) < TAR_BLOCK)
            return cut_short(t, "the map of a sparse file", err);
        more = t->in->at[TAR_SPARSE_MORE] != 0;
        t->in->at += TAR_BLOCK;
    }
    return STELLA_OK;
}

/* Behind a block of zeroes. Two end an archive, and so does one that nothing follows; one within is damage, as for the
 * tools that unpack images: what stands behind it must not be passed over in silence. */
static stella_status end_archive(tar *t, stella_error *err) {
    const stella_status status = input_peek(t->in, TAR_BLOCK, err);
    if (status != STELLA_OK)
        return status;
    if (input_left(t->in) >= TAR_BLOCK && !tar_block_is_zero(t->in->at))
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "a lone block of zeroes at offset %llu, and more behind it",
                                (unsigned long long)t->header_offset);
    t->is_over = 1;
    return STELLA_OK;
}

/* The next header block, parsed; is_over when there is none. */
static stella_status read_header(tar *t, tar_header *header, stella_error *err) {
    const stella_status status = input_peek(t->in, TAR_BLOCK, err);
    if (status != STELLA_OK)
        return status;
    t->header_offset = input_offset(t->in);
    if (input_left(t->in) == 0) {
        t->is_over = 1; /* archives without the closing zero blocks exist, and hold all they promised */
        return STELLA_OK;
    }
    if (input_left(t->in) < TAR_BLOCK)
        return cut_short(t, "a header", err);
    const unsigned char *block = t->in->at;
    t->in->at += TAR_BLOCK;
    if (tar_block_is_zero(block))
        return end_archive(t, err);
    if (!tar_header_parse(block, header))
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "no tar header at offset %llu: its %s",
                                (unsigned long long)t->header_offset,
                                tar_block_sum_fits(block) ? "numbers are no numbers" : "checksum does not fit");
    return STELLA_OK;
}

/* One header block: either the entry's own (done), or one that describes the next. */
static stella_status step(tar *t, tar_entry *out, int *done, stella_error *err) {
    tar_header header;
    stella_status status = read_header(t, &header, err);
    if (status != STELLA_OK || t->is_over)
        return status;
    switch (header.type) {
    case 'L':
        t->next.has_name = 1;
        return read_long_name(t, header.size, &t->next.name, err);
    case 'K':
        t->next.has_link = 1;
        return read_long_name(t, header.size, &t->next.link, err);
    case 'x':
    case 'X': /* Solaris' name for it */
        return read_pax(t, header.size, err);
    case 'g': /* for all that follows: nothing in it that we use may be said so */
    case 'V': /* a volume's label */
        begin_body(t, header.size);
        return finish_body(t, err);
    default:
        status = skip_sparse_map(t, &header, err);
        *done = 1;
        return status == STELLA_OK ? finish_entry(t, &header, out, err) : status;
    }
}

stella_status tar_next(tar *t, tar_entry *out, int *more, stella_error *err) {
    stella_status status = t->is_over ? STELLA_OK : finish_body(t, err);
    tar_entry entry;
    int done = 0;
    while (status == STELLA_OK && !t->is_over && !done)
        status = step(t, &entry, &done, err);
    if (status != STELLA_OK)
        return status;
    if (!done && (t->next.has_name || t->next.has_link || t->next.has_size))
        return cut_short(t, "an entry whose long name is all there is", err);
    if (done) {
        entry.offset = input_offset(t->in);
        *out = entry;
    }
    *more = done;
    return STELLA_OK;
}

stella_status tar_body(tar *t, stella_sv *chunk, stella_error *err) {
    stella_sv piece;
    const stella_status status = input_take(t->in, t->body_left, &piece, err);
    if (status != STELLA_OK)
        return status;
    if (piece.len == 0 && t->body_left)
        return cut_short(t, "the body of an entry", err);
    t->body_left -= piece.len;
    *chunk = piece;
    return STELLA_OK;
}

stella_status tar_peek(tar *t, size_t size, stella_sv *out, stella_error *err) {
    const size_t want = size < t->body_left ? size : (size_t)t->body_left;
    const stella_status status = input_peek(t->in, want, err);
    if (status != STELLA_OK)
        return status;
    if (input_left(t->in) < want)
        return cut_short(t, "the body of an entry", err);
    *out = stella_sv_of((const char *)t->in->at, want);
    return STELLA_OK;
}

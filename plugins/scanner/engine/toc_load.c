/* The stored bytes of a table of contents made its JSON. */
#include "inflate.h"
#include "toc.h"

#include <stella/auto.h>

#include <unistd.h>

#define JSON_NAME "stargz.index.json"

static stella_status add(stella_buf *out, stella_sv piece, stella_error *err) {
    if (stella_buf_add(out, piece) == STELLA_OK)
        return STELLA_OK;
    return stella_error_set(err, STELLA_E_LIMIT, NULL, "a table of contents of more than %u MiB", TOC_JSON_MAX >> 20);
}

static stella_status read_member(tar *t, stella_buf *out, stella_error *err) {
    stella_sv piece;
    for (;;) {
        stella_status status = tar_body(t, &piece, err);
        if (status == STELLA_OK && piece.len)
            status = add(out, piece, err);
        if (status != STELLA_OK || piece.len == 0)
            return status;
    }
}

/* eStargz keeps it as the one file of an archive. */
static stella_status read_archive(input *in, stella_buf *out, stella_error *err) {
    STELLA_AUTO(tar_destroyp) tar *t = tar_create(in);
    tar_entry entry;
    int more = 0;
    if (!t)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory to read a table of contents");
    const stella_status status = tar_next(t, &entry, &more, err);
    if (status != STELLA_OK)
        return status;
    if (!more || !stella_sv_eq(entry.name, STELLA_SV(JSON_NAME)))
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "where the table of contents should be there is no %s",
                                JSON_NAME);
    return read_member(t, out, err);
}

static stella_status read_stream(input *in, stella_buf *out, stella_error *err) {
    stella_sv piece;
    for (;;) {
        stella_status status = input_take(in, UINT64_MAX, &piece, err);
        if (status == STELLA_OK && piece.len)
            status = add(out, piece, err);
        if (status != STELLA_OK || piece.len == 0)
            return status;
    }
}

static stella_status verify(stella_sv json, stella_sv digest, stella_error *err) {
    char computed[STELLA_DIGEST_TEXT_SIZE];
    if (!digest.len)
        return STELLA_OK;
    stella_digest_of(json, computed);
    if (stella_sv_eq(digest, stella_sv_cstr(computed)))
        return STELLA_OK;
    return stella_error_set(err, STELLA_E_FORMAT, NULL,
                            "wrong digest of the table of contents: claimed %.*s, computed %s", STELLA_SV_FMT(digest),
                            computed);
}

stella_status toc_load(int fd, stella_sv digest, stella_buf *out, stella_error *err) {
    const inflate_options options = {.limits = ENGINE_LIMITS_DEFAULT};
    STELLA_AUTO(inflate_destroyp) inflate *z = NULL;
    if (lseek(fd, 0, SEEK_SET) != 0)
        return stella_error_set(err, STELLA_E_IO, NULL, "the table of contents cannot be read from its beginning");
    stella_status status = inflate_create(fd, &options, &z, err);
    if (status == STELLA_OK)
        status = digest.len ? read_archive(inflate_input(z), out, err) : read_stream(inflate_input(z), out, err);
    return status == STELLA_OK ? verify(stella_buf_sv(out), digest, err) : status;
}

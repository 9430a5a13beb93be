/* tar.h - tar archives as a stream: v7, ustar, GNU (long names, sparse), pax. Nothing is unpacked; bodies are read in
 * the input's window or stepped over.
 *
 *     for (int more; (status = tar_next(t, &entry, &more, err)) == STELLA_OK && more;)
 *         ...tar_body(t, &chunk, err) until chunk is empty, or not at all... */
#ifndef SCANNER_ENGINE_TAR_H
#define SCANNER_ENGINE_TAR_H

#include "input.h"

#include <stella/file.h>

typedef struct tar tar;

typedef struct tar_entry {
    stella_sv name;         /* as written, long names and pax applied: see path_clean. Valid until tar_next */
    stella_sv link;         /* target of a symbolic or hard link, as written */
    uint32_t kind;          /* STELLA_FILE_* */
    uint32_t is_hardlink;   /* 1: kind is REGULAR, link names the first name; there is no body */
    uint32_t is_sparse;     /* 1: the body is a map of holes and data: its bytes are not the file's */
    uint32_t mode;          /* 07777 */
    uint32_t uid, gid;      /* beyond 32 bits: 0xffffffff */
    uint64_t size;          /* of the file */
    uint64_t body_size;     /* bytes stored; differs from size in sparse files only */
    uint64_t offset;        /* of the body in the stream */
    uint64_t header_offset; /* of the entry's first header block */
} tar_entry;

/* The input is borrowed. NULL when memory is short. [one thread] */
tar *tar_create(input *in);
void tar_destroy(tar *t);
void tar_destroyp(tar **t);

/* The next entry; what is left of the previous body is stepped over.
 * out, more  set on success; *more is 0 at the end: two zero blocks, or the end of the stream at a header's place.
 *            Bytes behind the zero blocks are not looked at
 * Returns STELLA_E_FORMAT naming the offset when the archive is damaged or cut short, STELLA_E_LIMIT for a name or a
 * pax header beyond limits.h, or what the input returned. */
stella_status tar_next(tar *t, tar_entry *out, int *more, stella_error *err);

/* The next piece of the entry's body, empty at its end; borrows the input's window until the next call.
 * Returns STELLA_E_FORMAT when the archive ends inside it. */
stella_status tar_body(tar *t, stella_sv *chunk, stella_error *err);

/* Makes the window hold the first size bytes of a body that has not been read from yet (or all of it, when it is
 * shorter), without reading them; for sniffing. size is at most INPUT_PEEK_MAX. */
stella_status tar_peek(tar *t, size_t size, stella_sv *out, stella_error *err);

#endif

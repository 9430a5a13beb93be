/* body.h - the content of one regular file, wherever it streams from. [one thread] */
#ifndef SCANNER_ENGINE_BODY_H
#define SCANNER_ENGINE_BODY_H

#include <stella/error.h>

typedef struct body body;
struct body {
    uint64_t size;
    int32_t can_fail_alone; /* 1: a failed read is this file's own affair (a directory); 0: it ends the layer (a tar) */

    /* The first size bytes (at most INPUT_PEEK_MAX), fewer when the file is shorter, before anything was read. */
    stella_status (*peek)(body *b, size_t size, stella_sv *out, stella_error *err);

    /* The next piece, empty at the end; valid until the next call. */
    stella_status (*read)(body *b, stella_sv *chunk, stella_error *err);

    /* The file itself, to be read anywhere from its start on while the body lives; -1 when it cannot be had. NULL: the
     * content is only to be had as it streams by. */
    int (*descriptor)(body *b);
};

#endif

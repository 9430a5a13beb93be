/* memo_text.h - what memo.c keeps of an archive or a layout, as JSON. Private to the driver. [any thread] */
#ifndef SCANNER_DRIVER_MEMO_TEXT_H
#define SCANNER_DRIVER_MEMO_TEXT_H

#include <stella/arena.h>
#include <stella/json.h>

/* A file as it was when it was read. */
typedef struct memo_file {
    stella_sv path; /* below a directory target; empty: the target itself */
    uint64_t dev, ino, size;
    int64_t changed_ns, modified_ns;
} memo_file;

typedef struct memo_text {
    stella_sv plugins;                              /* digest over all that were there */
    stella_sv reply;                                /* of image.open */
    uint32_t format_count, file_count, layer_count; /* files: at least one */
    const stella_sv *formats;                       /* that were known to exist */
    const memo_file *files;                         /* that the description and the layers were read from */
    const stella_sv *layers;                        /* digests of the stored bytes; empty: of a foreign layer */
} memo_text;

/* out  set on success; texts live in the arena. Returns 1, or 0 for what was not written by memo_text_write. */
int memo_text_parse(stella_sv text, stella_arena *arena, memo_text *out);

/* Returns 0 when it does not fit. */
int memo_text_write(const memo_text *memo, const stella_sink *out);

#endif

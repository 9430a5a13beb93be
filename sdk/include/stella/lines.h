/* stella/lines.h - lines of a file that arrives in pieces, as probes read it. */
#ifndef STELLA_LINES_H
#define STELLA_LINES_H

#include <stella/analyzer.h>
#include <stella/sink.h>

STELLA_BEGIN_DECLS

/* In the caller's storage. [one thread] */
typedef struct stella_lines {
    stella_probe *probe;
    stella_sv chunk;  /* what is left of the piece at hand */
    stella_buf carry; /* a line that spans pieces */
    uint32_t number;  /* of the last line, 1-based */
    int32_t is_cut;   /* 1: the last line was longer than max; its rest was dropped */
    uint64_t max;
} stella_lines;

/* max  bytes of a line that are kept; the rest of a longer one is dropped and is_cut set */
void stella_lines_init(stella_lines *lines, stella_probe *probe, uint64_t max);
void stella_lines_fini(stella_lines *lines);

/* The next line without \n and \r before it; valid until the next call. line->ptr is NULL at the end of the
 * file.
 * Returns what stella_probe_read returns, or STELLA_E_NOMEM for a line that spans pieces. */
stella_status stella_lines_next(stella_lines *lines, stella_sv *line, stella_error *err);

STELLA_END_DECLS

#endif

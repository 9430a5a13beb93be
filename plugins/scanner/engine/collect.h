/* collect.h - what happens to an entry of a layer, whatever it comes from: matched, sniffed, indexed, kept, probed.
 * [one thread] */
#ifndef SCANNER_ENGINE_COLLECT_H
#define SCANNER_ENGINE_COLLECT_H

#include "analyzers.h"
#include "aside.h"
#include "body.h"
#include "links.h"

typedef struct collector {
    stella_job *job;
    engine_limits limits;
    analyzers analyzers;
    index_builder *index;
    scratch scratch;
    aside *aside;          /* what waits for the end of the layer */
    stella_buf content;    /* of the file at hand, when it does not lie in one piece */
    const stella_sv *only; /* a supplement: these paths alone, sorted; NULL for all */
    uint32_t only_count;
    links *links;        /* names missed by an earlier reading; owned, NULL for none */
    int sniffs_all;      /* looking into a file costs nothing: it streams by anyway */
    uint64_t unreadable; /* files and directories that could not be opened or read */
} collector;

typedef struct collect_options {
    stella_job *job;
    engine_limits limits;
    int scratch_fd;
    const stella_sv *only; /* sorted, borrowed; NULL for all */
    uint32_t only_count;
    int links_fd; /* what an earlier reading missed, or -1 */
    int sniffs_all;
    const stella_sv *plugins; /* these analyzers alone; NULL: all */
    uint32_t plugin_count;
    uint32_t analyzer_options; /* STELLA_OPTION_* */
} collect_options;

/* fini may be called whatever init returned. */
stella_status collector_init(collector *c, const collect_options *options, stella_error *err);
void collector_fini(collector *c);

/* Whether a supplement wants the path; everything is wanted without one. */
int collector_wants(const collector *c, stella_sv path);

/* Takes an entry.
 * content  of a regular file that is not a hard link and not sparse, else NULL
 * Returns an error only when the layer cannot be read on. */
stella_status collector_take(collector *c, const index_entry *entry, body *content, stella_error *err);

/* A note of the engine itself, about a path that may not be in the index. */
void collector_note(collector *c, uint32_t code, uint32_t severity, stella_sv path, const char *format, ...)
    STELLA_PRINTF(5, 6);

/* A file or directory that could not be read: counted and said. */
void collector_unreadable(collector *c, stella_sv path, const char *reason);

#endif

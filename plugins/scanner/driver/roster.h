/* roster.h - the plugins that a scan works with, known without starting their host. Private to the driver. */
#ifndef SCANNER_DRIVER_ROSTER_H
#define SCANNER_DRIVER_ROSTER_H

#include <stella/digest.h>
#include <stella/worker.h>

typedef struct roster_plugin {
    const char *id, *digest; /* the worker's */
    uint32_t index;
    const char *tags;  /* the worker's; blanks separate them */
    int is_analyzer;   /* a pack has a segment of it */
    int is_deselected; /* the user wants to do without it: as if it were not there */
} roster_plugin;

typedef struct roster {
    uint32_t count;
    roster_plugin *list;                  /* owned */
    char digest[STELLA_DIGEST_TEXT_SIZE]; /* over all of them: decides, with the input, what a result is */
    const char *engine;                   /* digest of the engine's binary; NULL when it is not there */
} roster;

/* is_loaded: those that the host has loaded, which starts it; else those that verified.
 * out  set on success; the caller ends it. Returns STELLA_E_NOMEM, or why the host cannot be started. */
stella_status roster_read(const stella_worker *worker, int is_loaded, roster *out, stella_error *err);
void roster_fini(roster *r); /* for STELLA_AUTO */

#endif

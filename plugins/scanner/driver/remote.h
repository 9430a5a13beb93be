/* remote.h - images that no path leads to: opened and fetched by jobs of the connect host. Private to the driver. */
#ifndef SCANNER_DRIVER_REMOTE_H
#define SCANNER_DRIVER_REMOTE_H

#include "run.h"

/* Whether a plugin of role connect is a source of that scheme: its id ends in it. For target_rules. */
int remote_has_scheme(void *scan_pointer, stella_sv scheme);

/* Has the image described, as describe does for one that is on this machine. An output that cannot be written is an
 * error (STELLA_E_INVALID) before anything is downloaded. An archive that a daemon hands out is
 * spooled, and from then on the target is that file. */
stella_status remote_describe(scan *s, stella_error *err);

#define REMOTE_RANGES_MAX 1024u

/* Parts of a layer. */
typedef struct remote_range {
    uint64_t offset, size;
} remote_range;

typedef struct remote_ranges {
    const remote_range *list;
    uint32_t count;
} remote_ranges;

/* The stored bytes of one layer on their way here. */
typedef struct remote_fetch {
    scan *owner;
    run job;
    int fd; /* to read from; -1: not started */
    int is_waited;
    stella_status status; /* of the start */
} remote_fetch;

/* ranges  parts of it, one behind the other; NULL: all of it
 * out  to be ended with remote_fetch_end whatever is returned
 * Returns what daemon_connect and the worker do. */
stella_status remote_fetch_start(scan *s, const layer_info *info, const remote_ranges *ranges, remote_fetch *out,
                                 stella_error *err);

/* Waits for some bytes. While nothing comes, the clock of the child that reads them stands still.
 * child  may be NULL
 * got    set on success; 0 at the end, when the source said that this was all
 * Returns the source's own error, STELLA_E_TIMEOUT when nothing came for five minutes, what scan_check returns. */
stella_status remote_fetch_read(remote_fetch *f, const run *child, char *buf, size_t room, size_t *got,
                                stella_error *err);
void remote_fetch_end(remote_fetch *f); /* for STELLA_AUTO */

#endif

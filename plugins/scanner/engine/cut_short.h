/* cut_short.h - a mapped file that somebody else may cut short: its missing pages are zeros instead of the end of the
 * process. One mapping a thread at a time. */
#ifndef SCANNER_ENGINE_CUT_SHORT_H
#define SCANNER_ENGINE_CUT_SHORT_H

#include <stddef.h>

void cut_short_watch(void *at, size_t size);

/* Before it is unmapped. Returns 1 when pages were missing. */
int cut_short_end(void);

#endif

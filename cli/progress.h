/* progress.h - a line on standard error that tells how far a scan is. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include "scan.h"

#include <stdio.h>

typedef enum progress_mode {
    PROGRESS_NONE,
    PROGRESS_PLAIN, /* a line a layer */
    PROGRESS_LIVE   /* one line, rewritten in place */
} progress_mode;

typedef struct progress {
    progress_mode mode;
    FILE *err;
    uint32_t layers_told;
    int is_shown; /* there is a live line to be wiped */
} progress;

/* name: "auto", "plain", "none" or NULL for auto: live on a terminal, nothing otherwise. */
progress_mode progress_mode_of(const char *name, int is_terminal);

/* "layers 2/5, 31.2 of 118.4 MB, 12345 files" */
void progress_text(const scan_progress *at, char text[128]);

void progress_show(progress *p, const scan_progress *at);
void progress_wipe(progress *p);

#endif

/* interrupt.h - runs a scan while a thread waits for signals and draws the progress. */
#ifndef CLI_INTERRUPT_H
#define CLI_INTERRUPT_H

#include "cli/progress.h"

/* A reader that goes away is a failed write. First thing. */
void interrupt_ignore_pipe(void);

/* Blocks the signals that end a program, for interrupt_run to wait for. Before it they do what they do by default: as
 * long as there is nothing but a host that starts, nothing needs to be wound up; a signal then ends the program. */
void interrupt_block(void);

/* Runs the scan. SIGINT, SIGTERM and SIGHUP cancel it.
 * by_signal  set: the signal that cancelled it, or 0 */
scan_outcome interrupt_run(scan *s, progress *p, const scan_output *outputs, uint32_t output_count, int *by_signal,
                           stella_error *err);

#endif

/* interrupt.h - runs a scan while a thread waits for signals and draws the progress. */
#ifndef CLI_INTERRUPT_H
#define CLI_INTERRUPT_H

#include "cli/progress.h"

/* Blocks the signals that end a program, so that threads started later (the supervisor's too) inherit it. First thing.
 */
void interrupt_block(void);

/* Runs the scan. SIGINT, SIGTERM and SIGHUP cancel it.
 * by_signal  set: the signal that cancelled it, or 0 */
scan_outcome interrupt_run(scan *s, progress *p, const scan_output *outputs, uint32_t output_count, int *by_signal,
                           stella_error *err);

#endif

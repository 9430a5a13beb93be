/* loss.h - what went wrong on the way, and which plugins are not to be used again. Private to the driver. */
#ifndef SCANNER_DRIVER_LOSS_H
#define SCANNER_DRIVER_LOSS_H

#include "scan.h"

#define EXCLUSIONS_MAX 16 /* plugins that may fail before a scan is given up */

/* Plugins by index, for stella_job_request.excluded. */
typedef struct exclusions {
    uint32_t count;
    uint32_t indices[EXCLUSIONS_MAX];
} exclusions;

typedef struct loss_list {
    uint32_t count;
    scan_loss *items; /* owned */
} loss_list;

int exclusions_has(const exclusions *x, uint32_t index);

/* Returns 0 when there is no more room; a plugin that is in already counts as added. */
int exclusions_add(exclusions *x, uint32_t index);

/* Adds a copy; past SCAN_LOSSES_MAX, or when memory is short, the last one stands for the rest. */
void loss_add(loss_list *list, const scan_loss *loss);

/* Orders by layer, plugin, path, message, and keeps one entry for a plugin that died, at the lowest layer: which thread
 * saw it first does not show. */
void loss_order(loss_list *list);
void loss_fini(loss_list *list);

/* Copies a text that a child said into a member of a loss, cut to fit. */
void loss_text(char *out, size_t size, stella_sv text);

/* What the end of a job means for the plugin that was at work. layer: -1 for none. */
scan_loss loss_of_end(const stella_job_result *result, int32_t layer);

#endif

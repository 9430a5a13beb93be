/* result.h - whole results, found again by everything that they are made of. Private to the driver.
 *
 * The key is over the request of image.analyze as it would be (image, layers by computed digest, errors, subject, time)
 * with one output, the plugins, and what packs depend on. Only what a scan without any loss wrote is kept. */
#ifndef SCANNER_DRIVER_RESULT_H
#define SCANNER_DRIVER_RESULT_H

#include "state.h"

/* Makes the keys; fills the outputs when all of them are known. Returns 1 when they are. */
int result_recall(scan *s, const scan_output *outputs, uint32_t output_count);

/* Keeps what was written, under the keys made by result_recall. Failing to do so is no failure. */
void result_store(scan *s, const scan_output *outputs, uint32_t output_count);

#endif

/* memo.h - what an archive on this machine was found to be, so that a later scan need neither open nor hash it.
 * Private to the driver.
 *
 * A file is taken for the one that was read by device, inode, size and both times. A change sets the time of change to
 * the moment it is made, as coarse as the file system keeps it: so a file counts as unchanged only when that time was
 * past, by more than that, when its reading began (the rule by which git knows its clean files). */
#ifndef SCANNER_DRIVER_MEMO_H
#define SCANNER_DRIVER_MEMO_H

#include "state.h"

/* Sets s->image, s->open_reply and the digests of layers, when an earlier scan with the same plugins remembered them.
 * Returns 1, or 0: the target must be described. */
int memo_recall(scan *s);

/* After it was described all the same: when the description is the one that is remembered, so are the digests. */
void memo_confirm(scan *s);

/* Remembers what is known now that all layers are. Failing to do so is no failure. */
void memo_store(scan *s);

#endif

/* offline.h - what is done with the state while no daemon runs: it takes the lock, so none can start meanwhile. */
#ifndef KERNEL_LIFECYCLE_OFFLINE_H
#define KERNEL_LIFECYCLE_OFFLINE_H

#include "config/conf.h"

/* Checks the store and prints what it found as JSON. */
stella_status offline_check(const conf *c, stella_error *err);

/* Writes a copy. */
stella_status offline_backup(const conf *c, const char *path, stella_error *err);

#endif

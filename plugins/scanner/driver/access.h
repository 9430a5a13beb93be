/* access.h - what a job may use to reach a registry: credentials, authorities, leave to be insecure. Secret: handed to
 * that job alone, never logged, never part of a result or of a key. Private to the driver. */
#ifndef SCANNER_DRIVER_ACCESS_H
#define SCANNER_DRIVER_ACCESS_H

#include "state.h"

/* The text of stella_target.access for the scan's target; empty for one that is no registry's.
 * out  set on success; in the scan's arena
 * Returns what credentials_find does; STELLA_E_INVALID when --registry-ca cannot be read or holds no certificate. */
stella_status access_grant(scan *s, stella_sv *out, stella_error *err);

#endif

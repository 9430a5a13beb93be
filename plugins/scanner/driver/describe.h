/* describe.h - has a child say what the target consists of. Private to the driver. */
#ifndef SCANNER_DRIVER_DESCRIBE_H
#define SCANNER_DRIVER_DESCRIBE_H

#include "state.h"

/* Asks, unless an earlier scan remembered the answer: sets s->image, and s->spool_fd when it was asked. */
stella_status describe(scan *s, stella_error *err);

/* The archive uncompressed, once somebody wants to read it: an answer that was remembered has none. [any thread] */
stella_status describe_spool(scan *s, stella_error *err);

#endif

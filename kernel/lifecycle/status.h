/* status.h - what `stella status` shows, and the daemon's own gauges. */
#ifndef KERNEL_LIFECYCLE_STATUS_H
#define KERNEL_LIFECYCLE_STATUS_H

#include "lifecycle/stellad.h"

#include <stella/sink.h>

/* One JSON object: docs/api. Everything on the way lives in the arena. [any thread] */
stella_status status_write(stellad *d, stella_arena *arena, const stella_sink *sink, stella_error *err);

/* Sets the gauges that are read rather than counted. [any thread] */
void status_update_metrics(stellad *d);

#endif

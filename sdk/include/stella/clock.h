/* stella/clock.h - host interface "stella.clock/1". Results must not depend on it (principle: same input, same bytes).
 */
#ifndef STELLA_CLOCK_H
#define STELLA_CLOCK_H

#include <stella/plugin.h>

STELLA_BEGIN_DECLS

#define STELLA_CLOCK_INTERFACE "stella.clock/1"

typedef struct stella_clock {
    stella_abi_head head;
    void *self;
    int64_t (*wall_ms)(void *self);       /* milliseconds since 1970 UTC. [any thread] */
    uint64_t (*monotonic_ns)(void *self); /* nanoseconds from an arbitrary start, never back. [any thread] */
} stella_clock;

STELLA_END_DECLS

#endif

/* stella/bus.h - host interface "stella.bus/1": tells watchers what happens. Role: kernel; NULL when bus.enabled is
 * off.
 *
 * A watcher that is slow or away misses events and sees it by the gap in the sequence: what must not be lost goes into
 * the state first. */
#ifndef STELLA_BUS_H
#define STELLA_BUS_H

#include <stella/plugin.h>

STELLA_BEGIN_DECLS

#define STELLA_BUS_INTERFACE "stella.bus/1"

#define STELLA_BUS_TOPIC_MAX 127                  /* bytes of [a-z0-9.-] */
#define STELLA_BUS_DATA_MAX  ((32u << 10) - 1024) /* bytes; with its envelope it fits what a unix socket takes at once */

typedef struct stella_bus {
    stella_abi_head head;
    void *self;

    /* Sends an event to all who watch the topic or a beginning of it. Never waits; with nobody watching it is gone.
     * topic  "scanner.scan.completed"
     * data   one JSON value; borrowed until it returns
     * Returns STELLA_E_INVALID for a malformed topic, STELLA_E_LIMIT, STELLA_E_NOMEM. [any thread] */
    stella_status (*publish)(void *self, stella_sv topic, stella_sv data, stella_error *err);
} stella_bus;

STELLA_END_DECLS

#endif

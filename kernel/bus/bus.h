/* bus.h - the event bus: nng publish/subscribe on a unix socket, for watchers in any language.
 *
 * A message is the topic, a space, and one JSON object: {"sequence":n,"topic":...,"timeMs":n,"data":...}. Subscribers
 * ask for a beginning of the topic. The sequence has no gaps; a watcher that sees one has missed something. */
#ifndef KERNEL_BUS_BUS_H
#define KERNEL_BUS_BUS_H

#include <stella/bus.h>

#define BUS_QUEUE_MAX 256 /* messages held for one slow watcher; the oldest are dropped beyond it */

typedef struct bus bus;

/* Listens on a socket of mode 0660; a stale one is replaced.
 * wall_ms  NULL: the real clock
 * out      set on success; the caller destroys it
 * Returns STELLA_E_BUSY when somebody listens there already, STELLA_E_IO. Starts threads: never before fork. */
stella_status bus_open(const char *socket_path, int64_t (*wall_ms)(void), bus **out, stella_error *err);
void bus_close(bus *b);
void bus_closep(bus **b);

/* The ABI face: same lifetime as the bus. */
const stella_bus *bus_interface(bus *b);

#endif

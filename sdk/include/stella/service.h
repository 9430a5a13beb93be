/* stella/service.h - plugin interface "stella.service/1": a part of the daemon that lives as long as it. Role: kernel.
 *
 * create only asks the host for interfaces. start begins the work (threads are allowed from here on); drain ends it.
 * After drain the service is in no call any more and owns no thread; then comes destroy. */
#ifndef STELLA_SERVICE_H
#define STELLA_SERVICE_H

#include <stella/plugin.h>
#include <stella/sink.h>

STELLA_BEGIN_DECLS

#define STELLA_SERVICE_INTERFACE "stella.service/1"

typedef struct stella_service {
    stella_abi_head head;

    /* Begins: reads back what the state holds, adds routes, starts threads. Interfaces of the host are ready.
     * An error ends the daemon's start. [main thread] */
    stella_status (*start)(void *self, stella_error *err);

    /* Takes no new work and ends the work at hand within deadline_ms; what is not finished then must be found again in
     * the state at the next start. May be called again with 0: at once. [main thread] */
    void (*drain)(void *self, uint32_t deadline_ms);

    /* The configuration or the plugins have changed. NULL when nothing depends on them. An error is logged, the service
     * goes on as before. [main thread] */
    stella_status (*reload)(void *self, stella_error *err);

    /* Writes one JSON object for `stella status`. NULL for none. [any thread, between start and drain] */
    stella_status (*status)(void *self, const stella_sink *sink, stella_error *err);
} stella_service;

STELLA_END_DECLS

#endif

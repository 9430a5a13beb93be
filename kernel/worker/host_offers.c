#include "worker/host.h"
#include "worker/log_lines.h"

#include <stella/clock.h>

#include <time.h>

static int64_t wall_ms(void *self) {
    (void)self;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static uint64_t clock_monotonic_ns(void *self) {
    (void)self;
    return monotonic_ns();
}

static const stella_clock system_clock = {
    .head = STELLA_HEAD(stella_clock), .wall_ms = wall_ms, .monotonic_ns = clock_monotonic_ns};

static const void *get_interface(const stella_host *offers, const char *id) {
    (void)offers;
    if (strcmp(id, STELLA_LOG_INTERFACE) == 0)
        return log_lines_writer();
    return strcmp(id, STELLA_CLOCK_INTERFACE) == 0 ? &system_clock : NULL;
}

stella_host host_offers(void) {
    return (stella_host){.head = STELLA_HEAD(stella_host), .get_interface = get_interface};
}

/* host_health.c - how often a host may die before it is held, and whether one that says nothing still lives. */
#include "worker/supervisor_internal.h"

#include <sys/socket.h>

static int crashes_too_often(const supervisor *s, const host_record *h, uint64_t now) {
    const uint32_t max = s->options.crashes_max;
    return h->crash_total > max &&
           now - h->crashes[(h->crash_total - 1 - max) % CRASHES_MAX] <= ms_to_ns(HEALTHY_AFTER_MS);
}

void host_back_off(supervisor *s, host_record *h) {
    const uint64_t now = monotonic_ns();
    if (h->state == HOST_READY && now - h->since_ns >= ms_to_ns(HEALTHY_AFTER_MS))
        h->delay_ms = RESTART_FIRST_MS;
    h->state = HOST_BACKOFF;
    h->restart_ns = now + ms_to_ns(h->delay_ms);
    h->delay_ms = h->delay_ms * 2 > RESTART_LONGEST_MS ? RESTART_LONGEST_MS : h->delay_ms * 2;
    pthread_cond_broadcast(&s->changed);
}

void host_hold(supervisor *s, host_record *h) {
    h->state = HOST_HELD;
    jobs_lose(s, h, 1); /* no successor will take those that wait */
    pthread_cond_broadcast(&s->changed);
}

void host_on_crash(supervisor *s, host_record *h) {
    const uint64_t now = monotonic_ns();
    h->crashes[h->crash_total++ % CRASHES_MAX] = now;
    host_back_off(s, h);
    if (!crashes_too_often(s, h, now))
        return;
    const stella_error last = h->why;
    stella_error_set(&h->why, STELLA_E_CRASHED, NULL,
                     "the %s host crashed %u times in ten minutes and is held: see its obituaries, mend or remove the "
                     "plugin, then reload (last: %.60s)",
                     h->role, s->options.crashes_max + 1, last.message);
    host_hold(s, h);
}

void host_release(supervisor *s, host_record *h) {
    h->crash_total = 0;
    h->delay_ms = RESTART_FIRST_MS;
    h->state = HOST_WANTED;
    supervisor_wake(s);
}

void host_check_life(supervisor *s, host_record *h, uint64_t now) {
    if (h->pinged_ns && now - h->pinged_ns > ms_to_ns(s->options.answer_ms))
        host_end(h, "the host shows no life");
    else if (!h->pinged_ns && now - h->heard_ns >= ms_to_ns(s->options.ping_ms)) {
        /* A channel that is full holds questions enough. */
        (void)channel_send(h->process.channel, CHANNEL_PING, 0, (stella_sv){0}, NULL, 0, MSG_DONTWAIT);
        h->pinged_ns = now;
    }
}

uint64_t host_next_life_check(const supervisor *s, const host_record *h) {
    return h->pinged_ns ? h->pinged_ns + ms_to_ns(s->options.answer_ms) + 1
                        : h->heard_ns + ms_to_ns(s->options.ping_ms);
}

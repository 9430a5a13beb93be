/* loop.c - the main thread: signals, requests from HTTP, and what is due every now and then. */
#include "lifecycle/notify.h"
#include "lifecycle/stellad.h"

#include <stella/auto.h>

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/signalfd.h>
#include <unistd.h>

#define PURGE_EVERY_MS 30000
#define PURGE_ITEMS    1000 /* at once: others write too */
#define EXIT_FORCED    1

stella_status stellad_ask(stellad *d, stellad_request request, stella_error *err) {
    const uint64_t one = 1;
    pthread_mutex_lock(&d->ask_lock);
    while (d->asked != STELLAD_NONE || d->has_answer)
        pthread_cond_wait(&d->answered, &d->ask_lock);
    d->asked = request;
    if (write(d->wake_fd, &one, sizeof one) != (ssize_t)sizeof one)
        d->asked = STELLAD_NONE;
    stella_status status = STELLA_OK;
    if (request == STELLAD_RELOAD && d->asked == STELLAD_RELOAD) {
        while (!d->has_answer)
            pthread_cond_wait(&d->answered, &d->ask_lock);
        status = d->answer;
        if (err)
            *err = d->answer_error;
        d->has_answer = 0;
        pthread_cond_broadcast(&d->answered);
    }
    pthread_mutex_unlock(&d->ask_lock);
    return status;
}

static stella_status reload(stellad *d, const char *by, stella_error *err) {
    log_event(d->log, STELLA_LOG_INFO, "reloading", "by", by, NULL);
    notify_reloading();
    const stella_status status = stellad_reload(d, err);
    notify_send("READY=1");
    if (status == STELLA_OK)
        log_event(d->log, STELLA_LOG_INFO, "reloaded", "generation", d->inventory.generation, NULL);
    else
        log_failure(d->log, STELLA_LOG_ERROR, "reload refused, everything stays as it was", err);
    return status;
}

/* Does what was asked. Returns 1 when the daemon shall end. */
static int serve_request(stellad *d) {
    uint64_t count;
    (void)!read(d->wake_fd, &count, sizeof count);
    pthread_mutex_lock(&d->ask_lock);
    const stellad_request request = d->asked;
    pthread_mutex_unlock(&d->ask_lock);
    if (request != STELLAD_RELOAD)
        return request == STELLAD_DRAIN;
    stella_error err = {0};
    const stella_status status = reload(d, "request", &err);
    pthread_mutex_lock(&d->ask_lock);
    d->answer = status;
    d->answer_error = err;
    d->has_answer = 1;
    d->asked = STELLAD_NONE;
    pthread_cond_broadcast(&d->answered);
    pthread_mutex_unlock(&d->ask_lock);
    return 0;
}

/* Returns 1 when the signal ends the daemon. */
static int serve_signal(stellad *d, int signal_fd) {
    struct signalfd_siginfo info;
    if (read(signal_fd, &info, sizeof info) != (ssize_t)sizeof info)
        return 0;
    stella_error err = {0};
    if (info.ssi_signo == SIGHUP)
        reload(d, "SIGHUP", &err);
    return info.ssi_signo != SIGHUP;
}

static void purge(stellad *d) {
    uint64_t removed;
    stella_error err;
    if (state_purge(d->state, PURGE_ITEMS, &removed, &err) != STELLA_OK)
        log_failure(d->log, STELLA_LOG_WARN, "expired items could not be removed", &err);
}

/* While the daemon ends, a second signal ends it at once: state and queue are made for that, hosts leave when their
 * channel closes. */
static void *force_on_signal(void *signal_fd) {
    struct signalfd_siginfo info;
    struct pollfd ready = {.fd = *(const int *)signal_fd, .events = POLLIN};
    for (;;)
        if (poll(&ready, 1, -1) == 1 && read(ready.fd, &info, sizeof info) == (ssize_t)sizeof info &&
            info.ssi_signo != SIGHUP)
            _exit(EXIT_FORCED);
}

static void drain(stellad *d, int signal_fd) {
    static int watched_fd; /* outlives this call: the watcher ends with the process */
    pthread_t watcher;
    watched_fd = signal_fd;
    if (pthread_create(&watcher, NULL, force_on_signal, &watched_fd) == 0)
        pthread_detach(watcher);
    notify_send("STOPPING=1");
    const uint32_t seconds = (uint32_t)conf_number(d->conf, CONF_LIFECYCLE_DRAIN_S);
    char text[16];
    snprintf(text, sizeof text, "%u", seconds);
    log_event(d->log, STELLA_LOG_INFO, "draining", "deadline_s", text, NULL);
    stellad_stop(d, seconds * 1000);
}

stella_status stellad_run(stellad *d, stella_error *err) {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGHUP);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    const int signal_fd = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
    if (signal_fd < 0)
        return stella_error_set(err, STELLA_E_IO, NULL, "signalfd: %s", strerror(errno));
    struct pollfd ready[] = {{.fd = signal_fd, .events = POLLIN}, {.fd = d->wake_fd, .events = POLLIN}};
    for (int is_over = 0; !is_over;) {
        const int count = poll(ready, 2, PURGE_EVERY_MS);
        if (count == 0)
            purge(d);
        if (count > 0 && (ready[0].revents & POLLIN))
            is_over |= serve_signal(d, signal_fd);
        if (count > 0 && (ready[1].revents & POLLIN))
            is_over |= serve_request(d);
    }
    drain(d, signal_fd);
    return STELLA_OK;
}

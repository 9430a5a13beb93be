#include "cli/interrupt.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <time.h>

#define TICK_NS 100000000L /* how often the progress is drawn */

typedef struct watch {
    scan *subject;
    progress *line;
    atomic_int is_over;
    atomic_int signal;
} watch;

static sigset_t ending_signals(void) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGHUP);
    return set;
}

void interrupt_ignore_pipe(void) {
    signal(SIGPIPE, SIG_IGN);
}

void interrupt_block(void) {
    const sigset_t set = ending_signals();
    pthread_sigmask(SIG_BLOCK, &set, NULL);
}

/* As if it had never been blocked. */
static void die_of(int number) {
    const sigset_t set = ending_signals();
    signal(number, SIG_DFL);
    pthread_sigmask(SIG_UNBLOCK, &set, NULL);
    raise(number);
}

static void *wait_and_draw(void *argument) {
    watch *w = argument;
    const sigset_t set = ending_signals();
    const struct timespec tick = {.tv_nsec = TICK_NS};
    while (!atomic_load(&w->is_over)) {
        const int number = sigtimedwait(&set, NULL, &tick);
        if (number > 0 && !atomic_load(&w->is_over)) {
            if (scan_is_starting(w->subject))
                die_of(number);
            atomic_store(&w->signal, number);
            scan_cancel(w->subject);
        }
        scan_progress at;
        scan_progress_get(w->subject, &at);
        progress_show(w->line, &at);
    }
    return NULL;
}

scan_outcome interrupt_run(scan *s, progress *p, const scan_output *outputs, uint32_t output_count, int *by_signal,
                           stella_error *err) {
    watch w = {.subject = s, .line = p};
    pthread_t thread;
    const int has_thread = pthread_create(&thread, NULL, wait_and_draw, &w) == 0;
    const scan_outcome outcome = scan_run(s, outputs, output_count, err);
    atomic_store(&w.is_over, 1);
    if (has_thread) {
        pthread_kill(thread, SIGHUP); /* ends its wait: is_over tells that this one is ours */
        pthread_join(thread, NULL);
    }
    scan_progress at;
    scan_progress_get(s, &at);
    progress_show(p, &at);
    progress_wipe(p);
    *by_signal = atomic_load(&w.signal);
    return outcome;
}

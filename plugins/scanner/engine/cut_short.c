#include "cut_short.h"

#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

typedef struct watched {
    uintptr_t start, end;
    volatile sig_atomic_t was_cut;
} watched;

static _Thread_local watched current;
static struct sigaction before;
static uintptr_t page_bytes;

/* What is read behind the end of the file becomes a page of zeros. Any other such signal is for whoever had it before:
 * the instruction is made again, and faults again. */
static void on_fault(int number, siginfo_t *info, void *context) {
    const uintptr_t at = (uintptr_t)info->si_addr;
    const uintptr_t page = at - at % page_bytes;
    (void)context;
    if (at < current.start || at >= current.end ||
        mmap((void *)page, page_bytes, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED) {
        sigaction(number, &before, NULL);
        return;
    }
    current.was_cut = 1;
}

void cut_short_watch(void *at, size_t size) {
    const struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    page_bytes = (uintptr_t)sysconf(_SC_PAGESIZE);
    current = (watched){.start = (uintptr_t)at, .end = (uintptr_t)at + size};
    sigaction(SIGBUS, &action, &before);
}

int cut_short_end(void) {
    const int was_cut = current.was_cut;
    sigaction(SIGBUS, &before, NULL);
    current = (watched){.start = 0};
    return was_cut;
}

#include "worker/crash_page.h"

#include <stella/auto.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

uint64_t monotonic_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

crash_page *crash_page_map(int fd) {
    struct stat st;
    if (fstat(fd, &st) < 0 || st.st_size < (off_t)sizeof(crash_page))
        return NULL;
    void *at = mmap(NULL, sizeof(crash_page), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    return at == MAP_FAILED ? NULL : at;
}

void crash_page_unmap(crash_page *page) {
    if (page)
        munmap(page, sizeof *page);
}

stella_status crash_page_create(crash_page **out, int *out_fd, stella_error *err) {
    STELLA_AUTO(stella_fd_closep) int fd = memfd_create("crash-page", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (fd < 0 || ftruncate(fd, sizeof(crash_page)) < 0 ||
        fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) < 0)
        return stella_error_set(err, STELLA_E_IO, NULL, "crash page: %s", strerror(errno));
    crash_page *page = crash_page_map(fd);
    if (!page)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "crash page: %s", strerror(errno));
    *out = page;
    *out_fd = stella_take_fd(&fd);
    return STELLA_OK;
}

/* Where this thread has entered, plus one, for the marks of the dying. */
static _Thread_local uint32_t current_slot;

void crash_page_enter(crash_page *page, uint32_t slot, uint32_t plugin, stella_sv what) {
    if (slot >= STELLA_JOB_SLOTS)
        return;
    crash_slot *s = &page->slots[slot];
    const size_t len = what.len < sizeof s->what ? what.len : sizeof s->what - 1;
    if (len)
        memcpy(s->what, what.ptr, len);
    s->what[len] = 0;
    atomic_store_explicit(&s->plugin, plugin + 1, memory_order_relaxed);
    atomic_store_explicit(&s->entered_ns, monotonic_ns(), memory_order_release);
    current_slot = slot + 1;
}

void crash_page_leave(crash_page *page, uint32_t slot) {
    if (slot >= STELLA_JOB_SLOTS)
        return;
    atomic_store_explicit(&page->slots[slot].entered_ns, 0, memory_order_release);
    current_slot = 0;
}

static crash_culprit culprit_of(const crash_slot *slot) {
    crash_culprit out = {.plugin = (int32_t)(atomic_load(&slot->plugin) & 0x7fffffff) - 1,
                         .entered_ns = atomic_load(&slot->entered_ns)};
    memcpy(out.what, slot->what, sizeof out.what - 1);
    for (char *c = out.what; *c; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            *c = '?';
    return out;
}

crash_culprit crash_page_at(const crash_page *page, uint32_t slot) {
    if (slot >= STELLA_JOB_SLOTS || !atomic_load(&page->slots[slot].entered_ns))
        return (crash_culprit){.plugin = -1};
    return culprit_of(&page->slots[slot]);
}

crash_culprit crash_page_longest(const crash_page *page) {
    const crash_slot *longest = NULL;
    uint64_t since = UINT64_MAX;
    for (uint32_t i = 0; i < STELLA_JOB_SLOTS; i++) {
        const uint64_t entered = atomic_load(&page->slots[i].entered_ns);
        if (entered && entered < since) {
            since = entered;
            longest = &page->slots[i];
        }
    }
    return longest ? culprit_of(longest) : (crash_culprit){.plugin = -1};
}

crash_culprit crash_page_culprit(const crash_page *page) {
    const uint32_t fatal = atomic_load(&page->fatal_slot);
    if (fatal && fatal <= STELLA_JOB_SLOTS && atomic_load(&page->slots[fatal - 1].entered_ns))
        return culprit_of(&page->slots[fatal - 1]);
    return crash_page_longest(page);
}

static crash_page *marked_page;

static void mark(void) {
    if (current_slot)
        atomic_store(&marked_page->fatal_slot, current_slot);
}

static void mark_and_die(int number) {
    mark();
    signal(number, SIG_DFL);
    raise(number);
}

void crash_page_mark_deaths(crash_page *page) {
    marked_page = page;
    atexit(mark);
#ifndef STELLA_SANITIZED /* a sanitizer's own report of the crash is worth more */
    static char stack[16384];
    const stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack};
    sigaltstack(&alternate, NULL);
    const struct sigaction action = {.sa_handler = mark_and_die, .sa_flags = SA_ONSTACK | SA_NODEFER};
    static const int deadly[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGXFSZ};
    for (size_t i = 0; i < sizeof deadly / sizeof deadly[0]; i++)
        sigaction(deadly[i], &action, NULL);
#else
    (void)mark_and_die;
#endif
}

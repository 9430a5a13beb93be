/* crash_page.h - memory that a job child shares with its supervisor: who is at work on what since when.
 *
 * It outlives the child, so the supervisor can name the plugin that took the child down. The child may write anything
 * into it at any time: readers copy, terminate and range-check whatever they take. */
#ifndef KERNEL_WORKER_CRASH_PAGE_H
#define KERNEL_WORKER_CRASH_PAGE_H

#include <stella/job.h>

#include <stdatomic.h>

/* All zero: nobody is at work. */
typedef struct crash_slot {
    _Atomic uint64_t entered_ns; /* CLOCK_MONOTONIC; 0: not in a plugin */
    _Atomic uint32_t plugin;     /* index in its generation, plus one */
    char what[192];
} crash_slot;

typedef struct crash_page {
    _Atomic uint64_t done, items; /* progress */
    _Atomic uint32_t fatal_slot;  /* the slot whose thread met its end, plus one; 0: unknown */
    _Atomic uint32_t runner;      /* index of the plugin that runs the job, plus one */
    char verdict[192];            /* while loading: the rule that the plugin broke */
    crash_slot slots[STELLA_JOB_SLOTS];
} crash_page;

/* Who was at work, as far as the page can be believed. */
typedef struct crash_culprit {
    int32_t plugin; /* index, -1: nobody */
    uint64_t entered_ns;
    char what[192]; /* control characters replaced */
} crash_culprit;

/* A page in a memfd that nobody can shrink (a shrunk one would kill its reader).
 * out_fd  set on success; the caller closes it, the mapping stays */
stella_status crash_page_create(crash_page **out, int *out_fd, stella_error *err);

/* Maps a page that was received. NULL when it is too small or cannot be mapped. */
crash_page *crash_page_map(int fd);
void crash_page_unmap(crash_page *page); /* NULL is allowed */

/* [the slot's thread] A slot out of range is ignored. */
void crash_page_enter(crash_page *page, uint32_t slot, uint32_t plugin, stella_sv what);
void crash_page_leave(crash_page *page, uint32_t slot);

/* Whose thread left the mark of the dying; without one, the one that is longest in its call. [any thread] */
crash_culprit crash_page_culprit(const crash_page *page);
/* Who is at work in one slot. */
crash_culprit crash_page_at(const crash_page *page, uint32_t slot);
/* The one that is longest in its call. */
crash_culprit crash_page_longest(const crash_page *page);

/* From now on, a thread of this process that dies of a signal or calls exit leaves its mark on the page. Once a
 * process, while it has one thread. */
void crash_page_mark_deaths(crash_page *page);

/* Nanoseconds of CLOCK_MONOTONIC. */
uint64_t monotonic_ns(void);

#endif

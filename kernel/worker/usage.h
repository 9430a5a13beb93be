/* usage.h - what a process uses: memory and threads, read through descriptors that stay with that process. */
#ifndef KERNEL_WORKER_USAGE_H
#define KERNEL_WORKER_USAGE_H

#include <stdint.h>

typedef struct usage {
    uint64_t private_bytes; /* resident and neither file nor shared memory */
    uint64_t data_bytes;    /* what RLIMIT_DATA counts, and the stack */
} usage;

/* Opens the statm of a process; -1 with errno set when it cannot be. The caller closes it. */
int usage_open(int32_t pid);
/* 0 once the process is gone. */
int usage_read(int statm, usage *out);

/* Opens what counts the threads of a process, as usage_open. */
int usage_open_threads(int32_t pid);
/* How many there are; 0 once the process is gone. */
uint32_t usage_threads(int tasks);

#endif

/* host_process.h - starting a host: the program itself, exec'd with a role, with nothing of ours but what it is given.
 */
#ifndef KERNEL_WORKER_HOST_PROCESS_H
#define KERNEL_WORKER_HOST_PROCESS_H

#include <stella/error.h>

#define HOST_CHANNEL_FD 3 /* its end of the channel */

typedef struct host_process {
    int32_t pid;
    int pidfd, channel, log; /* the supervisor's ends; log is the pipe of its standard output and error */
} host_process;

/* Exec's `executable --host role` in a process group of its own, with /dev/null, the log pipe and the channel as its
 * only descriptors and an empty environment (sanitizer options excepted). out's descriptors are the caller's.
 * [the supervisor's watcher only: the host dies with the thread that started it] */
stella_status host_process_start(const char *executable, const char *role, host_process *out, stella_error *err);

#endif

#include "worker/usage.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

int usage_open(int32_t pid) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/statm", pid);
    return open(path, O_RDONLY | O_CLOEXEC);
}

int usage_read(int statm, usage *out) {
    char text[160];
    const ssize_t got = pread(statm, text, sizeof text - 1, 0);
    if (got <= 0)
        return 0;
    text[got] = 0;
    unsigned long long size, resident, shared, code, library, data;
    /* NOLINTNEXTLINE(cert-err34-c): the kernel writes these numbers */
    if (sscanf(text, "%llu %llu %llu %llu %llu %llu", &size, &resident, &shared, &code, &library, &data) != 6)
        return 0;
    const uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
    out->private_bytes = resident > shared ? (resident - shared) * page : 0;
    out->data_bytes = data * page;
    return 1;
}

int usage_open_threads(int32_t pid) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/task", pid);
    return open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

/* A directory has its two names and one for each directory in it: here, for each thread. */
uint32_t usage_threads(int tasks) {
    struct stat st;
    return fstat(tasks, &st) == 0 && st.st_nlink > 2 ? (uint32_t)(st.st_nlink - 2) : 0;
}

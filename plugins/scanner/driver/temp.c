#include "temp.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PIPE_BYTES (1 << 20)

stella_status temp_file(const char *what, int *out_fd, stella_error *err) {
    const char *const dirs[] = {getenv("TMPDIR"), "/var/tmp", "/tmp"};
    int fd = -1;
    for (size_t i = 0; fd < 0 && i < sizeof dirs / sizeof dirs[0]; i++)
        if (dirs[i] && dirs[i][0] == '/')
            fd = open(dirs[i], O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0)
        fd = memfd_create(what, MFD_CLOEXEC);
    if (fd < 0)
        return stella_error_set(err, STELLA_E_INTERNAL, what, "no temporary file: %s", strerror(errno));
    *out_fd = fd;
    return STELLA_OK;
}

stella_status temp_reopen_read_only(int fd, int *out_fd, stella_error *err) {
    char path[32];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    const int again = open(path, O_RDONLY | O_CLOEXEC);
    if (again < 0)
        return stella_error_set(err, STELLA_E_INTERNAL, path, "reopening a temporary file: %s", strerror(errno));
    *out_fd = again;
    return STELLA_OK;
}

stella_status temp_pipe(int ends[2], stella_error *err) {
    if (pipe2(ends, O_CLOEXEC) != 0)
        return stella_error_set(err, STELLA_E_INTERNAL, NULL, "no pipe: %s", strerror(errno));
    /* An unprivileged user over his quota of pipe memory gets the small default: slower, not wrong. */
    (void)fcntl(ends[1], F_SETPIPE_SZ, PIPE_BYTES);
    return STELLA_OK;
}

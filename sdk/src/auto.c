#include <stella/auto.h>

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

void stella_fd_closep(int *fd) {
    if (*fd < 0)
        return;
    const int kept = errno;
    close(*fd);
    errno = kept;
    *fd = -1;
}

void stella_dir_closep(DIR **dir) {
    if (!*dir)
        return;
    const int kept = errno;
    closedir(*dir);
    errno = kept;
    *dir = NULL;
}

void stella_freep(void *pointer) {
    void **owner = pointer;
    free(*owner);
    *owner = NULL;
}

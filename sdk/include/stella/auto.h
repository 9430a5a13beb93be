/* stella/auto.h - release written where the resource is acquired.
 *
 *     STELLA_AUTO(stella_fd_closep) int fd = open(...);
 *     ...
 *     *out_fd = stella_take_fd(&fd);      ownership handed on, visibly */
#ifndef STELLA_AUTO_H
#define STELLA_AUTO_H

#include <stella/abi.h>

#include <dirent.h>

STELLA_BEGIN_DECLS

#define STELLA_AUTO(release) __attribute__((cleanup(release)))

/* Closes *fd when it is not negative, keeps errno, and sets it to -1. */
void stella_fd_closep(int *fd);

/* Closes *dir when it is not NULL, keeps errno, and sets it to NULL. */
void stella_dir_closep(DIR **dir);

/* Frees *(void **)pointer and sets it to NULL. */
void stella_freep(void *pointer);

/* The descriptor, which the variable gives up (it becomes -1). */
static inline int stella_take_fd(int *fd) {
    const int taken = *fd;
    *fd = -1;
    return taken;
}

/* The pointer, which the variable gives up (it becomes NULL); keeps its type. */
#ifndef __cplusplus
#define STELLA_TAKE(variable)                                                                                          \
    __extension__({                                                                                                    \
        __typeof__(variable) taken_ = (variable);                                                                      \
        (variable) = NULL;                                                                                             \
        taken_;                                                                                                        \
    })
#endif

STELLA_END_DECLS

#endif

/* sealed.h - a file's bytes in memory that nobody can change any more, this process included.
 *
 * What is hashed, verified and loaded is this copy: whatever happens to the file afterwards has no effect. */
#ifndef KERNEL_PLUGIN_SEALED_H
#define KERNEL_PLUGIN_SEALED_H

#include <stella/digest.h>

/* A sealed memfd and a read-only view of it. */
typedef struct sealed {
    int fd; /* -1: none */
    stella_sv bytes;
    char digest[STELLA_DIGEST_TEXT_SIZE];
} sealed;

#define SEALED_NONE                                                                                                    \
    { .fd = -1 }

/* Copies a file from its start.
 * file_fd    a regular file, open for reading; its position is untouched
 * name       how the memory file shows in /proc/PID/maps: "stella:org.example.a"
 * bytes_max  a longer file is STELLA_E_LIMIT
 * path       how errors call the file
 * out        set on success; the caller ends it with sealed_fini
 * [any thread] Blocks on disk. */
stella_status sealed_copy(int file_fd, const char *name, uint64_t bytes_max, const char *path, sealed *out,
                          stella_error *err);

/* Unmaps and closes; for STELLA_AUTO. The descriptor may be taken out before with stella_take_fd. */
void sealed_fini(sealed *s);

#endif

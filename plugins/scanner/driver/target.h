/* target.h - what the user named: SCHEME:PATH[:REF], or a plain path. */
#ifndef SCANNER_DRIVER_TARGET_H
#define SCANNER_DRIVER_TARGET_H

#include <stella/arena.h>
#include <stella/error.h>

typedef struct target {
    stella_sv scheme; /* "oci-layout"; empty for a plain path */
    const char *path; /* that was opened */
    stella_sv select; /* REF; may be empty */
    stella_sv name;   /* last part of the path, for people: never an absolute path */
    int fd;           /* read-only; the owner closes it */
    int is_directory;
} target;

/* Splits and opens it. A word of lower-case letters, digits and '-' before the first ':' is the scheme ("./a:b" is a
 * path). PATH is the longest beginning, up to a ':' or the end, that exists; what follows is REF. Behind "containerd:" a
 * text that begins with neither '/' nor '.' is REF, and PATH is /var/lib/containerd.
 * out  set on success, texts borrow from text or live in the arena
 * Returns STELLA_E_INVALID for an empty target, STELLA_E_NOTFOUND, STELLA_E_DENIED, STELLA_E_IO, STELLA_E_FORMAT for
 * what is neither a regular file nor a directory. [any thread] */
stella_status target_open(const char *text, stella_arena *arena, target *out, stella_error *err);

/* Opens a file below a target that is a directory, without leaving it.
 * out_fd  set on success; the caller closes it */
stella_status target_open_below(const target *t, stella_sv path, int *out_fd, stella_error *err);

#endif

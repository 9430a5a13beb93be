/* target.h - what the user named: SCHEME:PATH[:REF], a plain path, the name of an image in a registry, or "-". */
#ifndef SCANNER_DRIVER_TARGET_H
#define SCANNER_DRIVER_TARGET_H

#include <stella/arena.h>
#include <stella/error.h>

#define TARGET_INPUT_BYTES_MAX (UINT64_C(64) << 30) /* of standard input, unless told otherwise: it is spooled */

typedef struct target {
    stella_sv scheme; /* "oci-layout"; empty for a plain path */
    const char *path; /* that was opened; of a remote target what the user wrote */
    stella_sv select; /* REF; may be empty */
    stella_sv name;   /* last part of the path, for people: never an absolute path; of a remote target its reference */
    int fd;           /* read-only; the owner closes it; -1 when it is remote */
    int is_directory;
    int is_remote;
    int is_implied; /* no scheme said that it is remote: there is no such file, and it could be an image's name */
} target;

/* What decides, besides the file system, what a target is. NULL: all members 0. */
typedef struct target_rules {
    void *self;
    int (*has_remote)(void *self, stella_sv scheme);       /* whether a plugin's source is reached by that word */
    stella_status (*check)(void *self, stella_error *err); /* asked again and again while standard input is read */
    int has_input;                                         /* descriptor 0 may be read */
    uint64_t input_bytes_max;                              /* that it may hold; 0: TARGET_INPUT_BYTES_MAX */
} target_rules;

/* Splits and opens it. In this order:
 *   "-" and "SCHEME:-"     standard input, spooled into a file without a name unless it is a file; STELLA_E_LIMIT when
 *                          it holds more than it may
 *   "registry:", "docker:", "podman:", and schemes that rules know
 *                          a remote target
 *   SCHEME:PATH[:REF]      a word of lower-case letters, digits and '-' before the first ':' is the scheme ("./a:b" is
 *                          a path). PATH is the longest beginning, up to a ':' or the end, that exists; what follows
 *                          is REF. Behind "containerd:" a text that begins with neither '/' nor '.' is REF, and PATH is
 *                          /var/lib/containerd
 *   what does not exist    refused (STELLA_E_INVALID) when the word before ':' is nearly a scheme (scheme.h); else the
 *                          name of an image in a registry, when it can be one, and neither begins like a path ('/',
 *                          '.', '~') nor with the scheme of a kind of file; a remote target of another scheme
 * out  set on success, texts borrow from text or live in the arena
 * Returns STELLA_E_INVALID for an empty target, STELLA_E_NOTFOUND, STELLA_E_DENIED, STELLA_E_IO, STELLA_E_FORMAT for
 * what is neither a regular file nor a directory. [any thread] */
stella_status target_open(const char *text, const target_rules *rules, stella_arena *arena, target *out,
                          stella_error *err);

/* Opens a file below a target that is a directory, without leaving it.
 * out_fd  set on success; the caller closes it */
stella_status target_open_below(const target *t, stella_sv path, int *out_fd, stella_error *err);

#endif

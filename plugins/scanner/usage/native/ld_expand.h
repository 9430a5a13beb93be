/* ld_expand.h - $ORIGIN, $LIB and $PLATFORM in paths that ELF files hold (ld.so(8)), with or without braces. */
#ifndef NATIVE_LD_EXPAND_H
#define NATIVE_LD_EXPAND_H

#include <stella/arena.h>
#include <stella/error.h>

typedef struct ld_tokens {
    stella_sv origin;   /* directory of the file that holds the path, without slash at either end */
    stella_sv lib;      /* "lib64" */
    stella_sv platform; /* "x86_64" */
} ld_tokens;

/* out  set on success: the path without slash in front, relative to the root; empty for one that is not absolute or is too
 *      long (the directory a program is started in is not known). It may borrow from text.
 * Returns STELLA_E_NOMEM. [any thread] */
stella_status ld_expand(stella_sv text, const ld_tokens *tokens, stella_arena *arena, stella_sv *out,
                        stella_error *err);

#endif

/* process.h - what an image starts: its configuration (OCI image-spec, config.md: Entrypoint, Cmd, Env, WorkingDir, User),
 * and what the user says instead, as one launch. */
#ifndef SCANNER_ENGINE_PROCESS_H
#define SCANNER_ENGINE_PROCESS_H

#include <stella/arena.h>
#include <stella/entrytrace.h>

#define PROCESS_WORDS_MAX 4096u /* of a command line; so many variables, too */

/* config    the image configuration's JSON; empty: there is none
 * instead   {"entrypoint":[...], "cmd":[...], "env":["NAME=value",...], "user":..., "directory":...}, each may be absent;
 *           empty: nothing. An entrypoint without cmd is run without the image's Cmd, as container runtimes do; env is
 *           added
 * out       set on success; in the arena, borrows from the texts; arg_count 0: nothing is named
 * is_asked  set on success: whether there is a configuration, or anything instead
 * Returns STELLA_E_FORMAT for what is no such document, STELLA_E_LIMIT, STELLA_E_NOMEM. */
stella_status process_read(stella_sv config, stella_sv instead, stella_arena *arena, stella_launch *out, int *is_asked,
                           stella_error *err);

#endif

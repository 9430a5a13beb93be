/* launch.h - makes one launch of another: fewer words, another environment, a file seen from its directory. */
#ifndef ENTRYTRACE_LAUNCH_H
#define ENTRYTRACE_LAUNCH_H

#include "text.h"

#include <stella/entrytrace.h>

/* What the host takes of one launch. */
#define LAUNCH_WORDS_MAX     4096
#define LAUNCH_VARIABLES_MAX 4096

/* A word that is known. */
static inline stella_word word_of(stella_sv text) {
    return (stella_word){.text = text};
}

static inline int word_is_known(const stella_word *word) {
    return !(word->flags & STELLA_WORD_UNKNOWN);
}

/* Its words from that one on. at  at most arg_count */
stella_launch launch_from(const stella_launch *launch, uint32_t at);

/* Takes the place of the words from first to, not including, behind.
 * Returns STELLA_E_LIMIT for more than LAUNCH_WORDS_MAX words, STELLA_E_NOMEM. */
stella_status launch_replace(stella_arena *arena, stella_launch *launch, uint32_t first, uint32_t behind,
                             const stella_word *words, uint32_t count, stella_error *err);

/* The launch of "SHELL -c COMMAND". */
stella_status launch_shell(stella_arena *arena, stella_launch *launch, stella_sv shell, stella_word command,
                           stella_error *err);

/* A variable's value when that is known, else the empty text. */
stella_sv launch_text(const stella_launch *launch, const char *name);

/* Sets a variable; what the launch had is copied first.
 * Returns STELLA_E_LIMIT for more than LAUNCH_VARIABLES_MAX of them, STELLA_E_NOMEM. */
stella_status launch_set(stella_arena *arena, stella_launch *launch, stella_sv name, stella_word value,
                         stella_error *err);

/* Takes a variable away. Returns STELLA_E_NOMEM. */
stella_status launch_unset(stella_arena *arena, stella_launch *launch, stella_sv name, stella_error *err);

/* Keeps those variables alone, words between blanks; nothing else is there then.
 * Returns STELLA_E_NOMEM. */
stella_status launch_keep(stella_arena *arena, stella_launch *launch, const char *names, stella_error *err);

/* Sets "NAME=VALUE" as it stands in a word, whose value may be unknown. *is_one is 0 when the word is none. */
stella_status launch_assign(stella_arena *arena, stella_launch *launch, const stella_word *word, int *is_one,
                            stella_error *err);

/* stella_launch_path, which does not take a directory that is not known for the root.
 * ptr is NULL when the directory is not known or the budget is spent. */
stella_sv launch_path(stella_arena *arena, stella_sv directory, stella_sv path);

/* Changes its working directory; to one that is not known when the word is not. Returns STELLA_E_NOMEM. */
stella_status launch_chdir(stella_arena *arena, stella_launch *launch, const stella_word *directory, stella_error *err);

/* A word as the command line of a shell has it, so that the shell reads it as that one word. */
stella_sv launch_quote(stella_arena *arena, stella_sv text);

#endif

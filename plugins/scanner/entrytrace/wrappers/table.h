/* table.h - programs that run another one, each as the synopsis of its manual page. */
#ifndef ENTRYTRACE_WRAPPERS_TABLE_H
#define ENTRYTRACE_WRAPPERS_TABLE_H

#include <stella/sv.h>

/* Meanings of options and operands that change what is run; any other word is stepped over.
 *   USER       who runs it                      DIR      its working directory
 *   ROOT       another root of the file system  ARGV0    the name by which it is called
 *   UNSET      takes a variable away            CLEAR    all of them
 *   VARIABLE   "NAME=VALUE", or "NAME" to take it away
 *   UIDGID     sets UID and GID                 ENVDIR   variables from the files of a directory
 *   SPLIT      words in one, env(1)             LINE     a line for a shell
 *   ENDS       runs nothing
 * Of operands alone:
 *   ASSIGN     any number of NAME=VALUE         COMMAND  all that follows
 *   [COMMAND]  the same, if there is one        [SHELL]  the same, or the shell in SHELL */
typedef struct wrapper {
    const char *names;    /* separated by blanks */
    const char *options;  /* options.h */
    const char *operands; /* separated by blanks */
    int32_t sets_home;    /* 1: HOME becomes that of USER, or "/" */
} wrapper;

/* NULL when none has that name. */
const wrapper *wrapper_find(stella_sv name);

/* Every wrapper, for the list of programs the plugin knows. */
extern const wrapper wrappers[];
extern const uint32_t wrapper_count;

#endif

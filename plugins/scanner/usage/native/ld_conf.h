/* ld_conf.h - /etc/ld.so.conf (ldconfig(8) of glibc): directories one a line, "include PATTERN...", '#' starts a comment. */
#ifndef NATIVE_LD_CONF_H
#define NATIVE_LD_CONF_H

#include <stella/sv.h>

#define LD_CONF_DIRECTORY 1
#define LD_CONF_INCLUDE   2

typedef struct ld_conf_entry {
    uint32_t kind;  /* LD_CONF_* */
    stella_sv text; /* the directory; or the patterns, blanks between two */
} ld_conf_entry;

/* Takes the next entry off the file's text; lines that say nothing of directories are stepped over. Returns 0, leaving out
 * alone, at the end. [any thread] */
int ld_conf_next(stella_sv *rest, ld_conf_entry *out);

/* Takes the next of several texts between blanks (and colons when those separate too). Returns 0 at the end. */
int ld_conf_word(stella_sv *rest, int is_colon_blank, stella_sv *out);

/* Whether a file name is what the pattern describes: '*' any text, '?' any byte, all else itself. In time of at most the
 * product of both lengths. */
int ld_conf_matches(stella_sv pattern, stella_sv name);

#endif

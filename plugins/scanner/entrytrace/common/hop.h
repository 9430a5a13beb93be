/* hop.h - what the plugins say and read in more than one place. */
#ifndef ENTRYTRACE_HOP_H
#define ENTRYTRACE_HOP_H

#include "launch.h"

/* A step that becomes what runs until the end.
 * relation  see stella_trace_edge */
stella_status hop_main(stella_hop *hop, const stella_launch *next, const char *relation, stella_error *err);

/* What cannot be known, at no place in particular. */
stella_status hop_unknown(stella_hop *hop, uint32_t reason, stella_sv detail, stella_error *err);

/* The program is what runs. main  relative to the root; may be empty */
stella_status hop_terminal(stella_hop *hop, const char *type, stella_sv main, uint32_t confidence, stella_error *err);

/* Looks a path up, as seen from the launch's directory. out is whole on success.
 * Returns STELLA_E_NOTFOUND also when the directory is not known. */
stella_status hop_stat(stella_hop *hop, stella_sv path, stella_file *out, stella_error *err);

/* The same, of a regular file or a directory. Returns 0 when there is none. */
int hop_is_file(stella_hop *hop, stella_sv path, stella_file *out);
int hop_is_directory(stella_hop *hop, stella_sv path, stella_file *out);

/* Reads a file, as seen from the launch's directory.
 * max  bytes of a file that is read
 * Returns what stella_view_read returns - STELLA_E_PENDING must be handed on at last - and STELLA_E_LIMIT for a larger
 * file. */
stella_status hop_read(stella_hop *hop, stella_sv path, uint64_t max, stella_file *out, stella_error *err);

/* Whether the status is one that this hop survives: the file is missing or cannot be had. */
int hop_survives(stella_status status);

/* Says why the file could not be read: nothing for STELLA_OK; what hop_survives does not survive is handed on. */
stella_status hop_unread(stella_hop *hop, stella_status status, stella_sv path, stella_error *err);

/* The name by which the program is known: the one it is called by when that is in the list (a final '*' stands for digits
 * and dots), else that of the file which links lead to. */
stella_sv hop_name(const stella_hop *hop, const char *const *programs);

/* An error of memory. */
stella_status hop_nomem(stella_error *err);

/* The script was known by its name alone: runs its "#!" interpreter, as the kernel would. A file without such a line is
 * run by /bin/sh, as execvp(3) and shells do. Says nothing of what is no script. */
stella_status hop_shebang(stella_hop *hop, stella_error *err);

#endif

/* shell_parse.h - reads shell scripts. [any thread] */
#ifndef ENTRYTRACE_SHELL_PARSE_H
#define ENTRYTRACE_SHELL_PARSE_H

#include "shell_ast.h"

#include <stella/json.h>

/* Reads a script. A shell runs a script command by command, so the commands before a fault count (a self-extracting
 * archive is one that has its fault behind "exit"): a fault is part of the outcome.
 * text  borrowed: lives as long as the tree
 * out   set on success; lives in the arena
 * Returns STELLA_E_LIMIT above SHELL_SCRIPT_MAX bytes, STELLA_E_FORMAT for what is no text (as bash has it: a NUL in the
 * first line), STELLA_E_NOMEM. */
stella_status shell_parse(stella_sv text, stella_arena *arena, const shell_script **out, stella_error *err);

/* Writes the tree: an object with "commands" and, when there is one, "fault". Commands and parts of words that lie
 * deeper than JSON nests here (100 levels) are written as {"kind": "deeper"}. */
void shell_ast_json(const shell_script *script, stella_json_writer *w);

#endif

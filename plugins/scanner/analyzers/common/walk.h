/* walk.h - reads the kept files of an interest one by one: a file that cannot be used is noted, the others stand. */
#ifndef ANALYZER_WALK_H
#define ANALYZER_WALK_H

#include "graph.h"

#include <stella/json.h>

/* Bytes that may be taken to read one file. */
#define WALK_SCRATCH_MAX (512u << 20)

/* Reads one file, whose bytes are there.
 * scratch  emptied after the call
 * Returns STELLA_E_FORMAT or STELLA_E_LIMIT for a file that cannot be used: err's message becomes a note. Any other
 * error ends the walk. */
typedef stella_status (*walk_read)(graph *g, const stella_file *file, stella_arena *scratch, stella_error *err);

/* Gives each file of the interest to read.
 * Returns STELLA_E_NOMEM, STELLA_E_CANCELLED, or the error that ended it. */
stella_status walk_files(graph *g, uint32_t interest, walk_read read, stella_error *err);

/* The same without the files inside installed packages (inside.h): for what projects declare. */
stella_status walk_locks(graph *g, uint32_t interest, walk_read read, stella_error *err);

/* A step of such a walk, for whoever has no graph: the next file of the interest whose bytes are there.
 * is_lock  those inside installed packages are left out
 * status   set to STELLA_E_CANCELLED, with err, when the result is no longer wanted
 * Returns 0 at the end. */
int walk_next(stella_analysis *job, stella_files *it, int is_lock, stella_file *out, stella_status *status,
              stella_error *err);

/* stella_json_parse, yaml_parse, toml_parse, or another that makes trees. */
typedef stella_status (*walk_parse)(stella_sv text, stella_arena *arena, const stella_json **out, stella_error *err);

/* The file as a tree; a byte order mark of UTF-8 in front is stepped over.
 * out  set on success; lives in scratch
 * Returns what parse returns, STELLA_E_LIMIT for a document that needs more than scratch has. */
stella_status walk_tree(const stella_file *file, walk_parse parse, stella_arena *scratch, const stella_json **out,
                        stella_error *err);

/* The file as a JSON document. */
stella_status walk_json(const stella_file *file, stella_arena *scratch, const stella_json **out, stella_error *err);

#endif

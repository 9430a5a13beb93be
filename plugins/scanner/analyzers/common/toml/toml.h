/* toml.h - TOML 1.0 documents (https://toml.io/en/v1.0.0) as a tree of stella_json.
 *
 * Tables are objects, in the order in which their keys first occur; arrays and arrays of tables are arrays; strings are
 * strings, decoded, with line ends as \n. Integers and floats are numbers as written ("0x_ff", "1_000", "-inf"); dates
 * and times are strings as written. A byte order mark in front is stepped over.
 * The reader refuses what the specification does: keys and tables given twice, invalid UTF-8, control characters, dates
 * that no calendar has. Integers of any length are accepted. */
#ifndef ANALYZER_TOML_H
#define ANALYZER_TOML_H

#include <stella/json.h>

#define TOML_DEPTH_MAX STELLA_JSON_DEPTH_MAX /* tables and arrays in each other */
#define TOML_NODES_MAX 4000000u              /* keys, tables, arrays and elements */

/* Reads a document into the arena; texts may borrow from it, so it must live as long. Every value has the line it
 * begins at, a table that of its header or first key.
 * out  set on success
 * Returns STELLA_E_FORMAT with the line in the message, STELLA_E_LIMIT beyond the limits above, STELLA_E_NOMEM when the
 * arena is spent. [any thread] */
stella_status toml_parse(stella_sv text, stella_arena *arena, const stella_json **out, stella_error *err);

#endif

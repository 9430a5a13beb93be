/* documents.h - kept files that are JSON, YAML or TOML: each is read into a tree of its own, broken ones are noted. */
#ifndef ANALYZER_DOCUMENTS_H
#define ANALYZER_DOCUMENTS_H

#include "entry.h"
#include "walk.h"

/* stella_json_parse, toml_parse or yaml_parse; a byte order mark in front is stepped over. */
typedef walk_parse documents_parse;

/* Takes what one file holds; the tree is gone afterwards. An error ends the analysis. */
typedef stella_status (*documents_take)(void *self, const stella_file *file, const stella_json *root,
                                        stella_error *err);

/* Hands every kept file of the interest that can be read to take. A file's tree may be of at most 256 MiB.
 * Returns what take returns, STELLA_E_CANCELLED, STELLA_E_NOMEM. */
stella_status documents_read(stella_analysis *job, uint32_t interest, documents_parse parse, documents_take take,
                             void *self, stella_error *err);

/* The same without the files inside installed packages (inside.h): for what projects declare. */
stella_status documents_read_locks(stella_analysis *job, uint32_t interest, documents_parse parse, documents_take take,
                                   void *self, stella_error *err);

#endif

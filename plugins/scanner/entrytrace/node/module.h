/* module.h - which file a name stands for when node loads it (Node.js, "Modules: CommonJS modules", "All together"). */
#ifndef ENTRYTRACE_NODE_MODULE_H
#define ENTRYTRACE_NODE_MODULE_H

#include "entrytrace/common/hop.h"

/* A file or directory by its path: as it is, with ".js", ".json", ".node", ".mjs" or ".cjs", by the "main" of its package.json, or its
 * index.js.
 * found  1 and out set, or 0
 * Returns STELLA_E_NOMEM. */
stella_status module_at(stella_hop *hop, stella_sv path, int *found, stella_file *out, stella_error *err);

/* "./file", "/file" or "package/file", which is looked for in node_modules of the working directory and of those above. */
stella_status module_named(stella_hop *hop, stella_sv name, int *found, stella_file *out, stella_error *err);

#endif

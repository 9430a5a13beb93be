/* deps.h - X.deps.json: what an application was published with (dotnet/sdk: runtime-configuration-file.md). */
#ifndef DOTNET_DEPS_H
#define DOTNET_DEPS_H

#include "dotnet.h"

/* Where a description came from. */
typedef struct deps_source {
    const stella_file *file;     /* the evidence: the description, or the program that has it inside */
    const stella_record *record; /* of the program; NULL for a file of its own */
    stella_sv name;              /* "X.deps.json" */
    stella_sv folder;            /* where assets lie; not looked at for a program */
    stella_sv config;            /* X.runtimeconfig.json of a program; may be empty */
} deps_source;

/* Adds what it describes.
 * text     the JSON document
 * scratch  for the document's tree
 * Returns STELLA_E_FORMAT, STELLA_E_LIMIT for a description that cannot be used, STELLA_E_NOMEM. */
stella_status deps_add(dotnet *d, const deps_source *source, stella_sv text, stella_arena *scratch, stella_error *err);

/* A walk_read. */
stella_status deps_read(graph *g, const stella_file *file, stella_arena *scratch, stella_error *err);

#endif

/* dotnet.h - what the readers of .NET's files share: components by the rules of NuGet, and whose files are whose.
 *
 * Ids of NuGet are the same whatever the case of their letters: names in the graph are in lower case. */
#ifndef DOTNET_DOTNET_H
#define DOTNET_DOTNET_H

#include "common/entry.h"
#include "common/walk.h"

#define DOTNET_PACKAGES_MAX 100000 /* of one file */
#define DOTNET_NEEDS_MAX    400000

/* One analysis. The graph is the first member: readers that walk_files calls are given its address. */
typedef struct dotnet {
    graph g;
    providers files;   /* by path, of what belongs to a component already */
    providers folders; /* by path, of packages: .package is the component's place in g.components */
} dotnet;

dotnet dotnet_of(stella_analysis *job);
dotnet *dotnet_at(graph *g);

/* A package as one place of a file names it. */
typedef struct dotnet_package {
    stella_sv name, version;
    uint32_t line;
    uint32_t flags; /* STELLA_COMPONENT_* */
    const char *method;
} dotnet_package;

/* Adds pkg:nuget/NAME@VERSION. NULL, with a note, for what is none. */
stella_component *dotnet_add(dotnet *d, const stella_file *file, const dotnet_package *package);

/* The component answers to the name within the scope. Returns STELLA_E_NOMEM. */
stella_status dotnet_name(dotnet *d, stella_sv scope, stella_sv name, stella_component *c, stella_error *err);

/* from depends on what answers to the name within the scope. Returns STELLA_E_NOMEM. */
stella_status dotnet_needs(dotnet *d, stella_component *from, stella_sv scope, stella_sv name, uint32_t flags,
                           stella_error *err);

/* The same for each member of an object whose keys are names; what is no object says nothing.
 * room  how many more the file may have
 * Returns STELLA_E_LIMIT when there are more, STELLA_E_NOMEM. */
stella_status dotnet_needs_all(dotnet *d, stella_component *from, stella_sv scope, const stella_json *needs,
                               uint32_t *room, stella_error *err);

/* The regular file at the path, links followed.
 * out  its struct_size is 0 when there is none; bytes only when it was kept
 * Returns STELLA_E_NOMEM. */
stella_status dotnet_find(dotnet *d, stella_sv path, stella_file *out, stella_error *err);

/* The file belongs to the component, if there is such a one. Returns STELLA_E_NOMEM. */
stella_status dotnet_owns(dotnet *d, stella_component *c, stella_sv path, stella_error *err);

/* So does what lies in the folder, of which no file says whose it is. Returns STELLA_E_NOMEM. */
stella_status dotnet_owns_folder(dotnet *d, stella_component *c, stella_sv folder, stella_error *err);

/* folder/name in the arena, the name alone when there is no folder; ptr NULL when the arena is spent. */
stella_sv dotnet_join(stella_arena *arena, stella_sv folder, stella_sv name);

/* What packages of the runtime are called where an application was published with them: the prefix is the build's own. */
stella_sv dotnet_without_prefix(stella_sv name);

/* A digest as NuGet writes it, base64: the property nuget:sha512, with "sha512-" in front or without it. */
void dotnet_digest(stella_component *c, stella_sv text);

#endif

/* nuspec.h - ID/VERSION/ID.nuspec: a package that lies unpacked in a packages folder of NuGet
 * (https://learn.microsoft.com/nuget/reference/nuspec). */
#ifndef DOTNET_NUSPEC_H
#define DOTNET_NUSPEC_H

#include "dotnet.h"

/* A walk_read. A file that lies elsewhere is what a package is made from: it says nothing. */
stella_status nuspec_read(graph *g, const stella_file *file, stella_arena *scratch, stella_error *err);

#endif

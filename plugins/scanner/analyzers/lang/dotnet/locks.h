/* locks.h - what a project declares that it needs, and what NuGet has resolved it to. All components are declared. */
#ifndef DOTNET_LOCKS_H
#define DOTNET_LOCKS_H

#include "dotnet.h"

/* Each is a walk_read. */
stella_status locks_read_packages_lock(graph *g, const stella_file *file, stella_arena *scratch,
                                       stella_error *err); /* packages.lock.json, versions 1 and 2 */
stella_status locks_read_assets(graph *g, const stella_file *file, stella_arena *scratch,
                                stella_error *err); /* obj/project.assets.json, version 2 and 3 */
stella_status locks_read_packages_config(graph *g, const stella_file *file, stella_arena *scratch,
                                         stella_error *err); /* packages.config */
stella_status locks_read_props(graph *g, const stella_file *file, stella_arena *scratch,
                               stella_error *err); /* Directory.Packages.props */

#endif

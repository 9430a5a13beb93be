/* program.h - assemblies and single-file applications: what a probe reads of them, and what is made of it. */
#ifndef DOTNET_PROGRAM_H
#define DOTNET_PROGRAM_H

#include "dotnet.h"

/* Emits records of one ELF, PE or Mach-O file. */
stella_status program_probe(stella_probe *probe, stella_error *err);

/* Adds what single-file applications describe. */
stella_status program_add_bundles(dotnet *d, stella_error *err);

/* Adds assemblies that belong to no component yet: call it last.
 * Returns STELLA_E_NOMEM, STELLA_E_CANCELLED. */
stella_status program_add_assemblies(dotnet *d, stella_error *err);

#endif

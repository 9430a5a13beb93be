/* program.h - programs that Go built: their modules, from the build information in them. */
#ifndef GO_PROGRAM_H
#define GO_PROGRAM_H

#include <stella/analyzer.h>

/* Emits a record for each architecture of an executable file that holds build information. Says of a Go program that has
 * none, of one that UPX packed, and of damage. */
stella_status program_probe(stella_probe *probe, stella_error *err);

/* Adds the components of all those records: the main module, the modules it was made of, the standard library. */
stella_status program_add_all(stella_analysis *job, stella_error *err);

/* Adds the module of that path, split into namespace and name. NULL, with a note, when it is none. */
stella_component *program_add_module(stella_analysis *job, const stella_file *file, stella_sv path, stella_sv version,
                                     uint32_t line, uint32_t flags, const char *method);

#endif

/* spdx_table.h - the identifiers of the SPDX License List, sorted by their lower-case form. */
#ifndef STELLA_SRC_SPDX_TABLE_H
#define STELLA_SRC_SPDX_TABLE_H

#include <stella/sv.h>

extern const char stella_spdx_version[];
extern const stella_sv stella_spdx_licenses[];
extern const size_t stella_spdx_licenses_count;
extern const stella_sv stella_spdx_exceptions[];
extern const size_t stella_spdx_exceptions_count;

#endif

/* cpe.h - CPE 2.3 candidates of packages. */
#ifndef ANALYZER_CPE_H
#define ANALYZER_CPE_H

#include <stella/arena.h>
#include <stella/component.h>

/* Gives the component the candidate "cpe:2.3:a:NAME:NAME:VERSION:*:*:*:*:*:*:*" as STELLA_PROPERTY_CPE: the one rule
 * that needs no dictionary (a project that is its own vendor). Only for names of letters, digits, '.', '+', '-' and '_'
 * that begin with a letter, and versions that begin with a digit; for others it does nothing.
 * name     of the source package
 * version  upstream's, without epoch and the distribution's revision
 * Returns STELLA_E_NOMEM. */
stella_status cpe_add_candidate(stella_component *c, stella_sv name, stella_sv version, stella_arena *arena,
                                stella_error *err);

#endif

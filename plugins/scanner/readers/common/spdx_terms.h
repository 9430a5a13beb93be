/* spdx_terms.h - words of SPDX 2.3 that JSON and tag-value share. */
#ifndef READER_COMMON_SPDX_TERMS_H
#define READER_COMMON_SPDX_TERMS_H

#include <stella/analyzer.h>

/* How two components are related by a relationship of that type, with the words of its comment. Returns 0 for a type
 * that is none of ours. is_turned: to is the one that depends or contains. */
int spdx_relation(stella_sv type, stella_sv comment, uint32_t *kind, uint32_t *flags, int *is_turned);

/* The component type of CycloneDX for a primary package purpose; empty when there is none. */
stella_sv spdx_kind(stella_sv purpose);

/* States the licenses of an expression: each operand of the outermost ANDs is one, without the brackets around it.
 * free_name  the text of a LicenseRef- that stands for a free name; empty when it does not */
void spdx_licenses(stella_component *c, stella_sv expression, stella_sv (*free_name)(const void *self, stella_sv id),
                   const void *self);

/* "Organization: NAME (ADDRESS)" as "NAME <ADDRESS>"; empty for NOASSERTION. In the arena; ptr NULL when it is spent. */
stella_sv spdx_actor(stella_sv text, stella_arena *arena);

/* States supplier and originator as vendor and maintainer. */
stella_status spdx_people(stella_component *c, stella_sv supplier, stella_sv originator, stella_arena *arena,
                          stella_error *err);

/* "built package from: NAME VERSION" */
void spdx_source(stella_component *c, stella_sv source_info);

/* The lines "stella:NAME=VALUE" of a comment, one after the other. In the caller's storage. */
typedef struct spdx_facts {
    stella_sv rest;
    stella_arena *arena;
    int is_short; /* out of memory: what came before counts for nothing */
} spdx_facts;

static inline spdx_facts spdx_facts_of(stella_sv comment, stella_arena *arena) {
    return (spdx_facts){.rest = comment, .arena = arena};
}

/* The value lives in the arena when something in it was escaped. Returns 0 at the end, and when memory is short. */
int spdx_next_fact(spdx_facts *it, stella_sv *name, stella_sv *value);

#endif

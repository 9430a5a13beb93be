/* mapping.h - the parts of the mapping. Private to this folder. */
#ifndef EMITTER_CYCLONEDX_MAPPING_H
#define EMITTER_CYCLONEDX_MAPPING_H

#include "model.h"

/* A list of properties under construction; an empty value is left out. */
typedef struct properties {
    stella_arena *arena;
    stella_bom_pair *items;
    uint32_t count, room;
    int is_short; /* of memory */
} properties;

properties properties_of(stella_arena *arena, uint32_t room);
void properties_add(properties *p, stella_sv name, stella_sv value);
void properties_add_number(properties *p, stella_sv name, uint64_t value);
void properties_add_text(properties *p, stella_sv name, const char *value); /* static text */

/* Two texts as one, in the arena; ptr NULL when it is spent. */
stella_sv mapping_join(stella_arena *arena, stella_sv a, stella_sv b);

/* The licenses of a component as the version can say them. */
stella_status mapping_licenses(const cdx_document *d, const stella_bom_component *c, cdx_component *out,
                               stella_error *err);

/* The subject. Lives in the arena. */
stella_status mapping_root(cdx_document *d, stella_arena *arena, stella_error *err);

/* A UUID of version 5's form from the SHA-256 of all that the result says. */
stella_status mapping_serial(const stella_bom *bom, char serial[CDX_SERIAL_SIZE], stella_error *err);

#endif

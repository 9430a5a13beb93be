/* refs.h - the components of a document by the names that it gives them. */
#ifndef READER_COMMON_REFS_H
#define READER_COMMON_REFS_H

#include <stella/analyzer.h>

typedef struct ref {
    stella_sv name;
    stella_component *component;
} ref;

/* A plain value, all zero but the arena at the start. */
typedef struct refs {
    stella_arena *arena;
    ref *items;
    uint32_t count, room;
} refs;

/* Returns STELLA_E_NOMEM. */
stella_status refs_add(refs *r, stella_sv name, stella_component *component, stella_error *err);

/* Makes them ready to be found; none may be added afterwards. */
void refs_order(refs *r);

/* NULL when there is none of that name, and for the empty one. */
stella_component *refs_find(const refs *r, stella_sv name);

#endif

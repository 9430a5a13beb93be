/* links.h - hard links whose own name, not their first one, makes a file interesting.
 *
 * A layer streams by: when such a name comes, the bytes have passed under the first name. What was missed is written
 * down, and the layer is read once more with it: the bytes are then served under each of these names as well. Entries
 * go by their number in the index, which is the same in every reading of the same bytes. [one thread] */
#ifndef SCANNER_ENGINE_LINKS_H
#define SCANNER_ENGINE_LINKS_H

#include "index.h"
#include "matcher.h"

typedef struct links links;

typedef struct linked_name {
    uint32_t first;    /* the entry that carries the bytes */
    uint32_t id;       /* the link's entry */
    int first_is_gone; /* the first name is replaced later in the layer: what is learnt under it is lost */
    stella_sv path;    /* the link's */
} linked_name;

/* What analyzers want of a file under a link's name and do not get under its first name: an interest in the type alone
 * is met there. type: of the file. hits: room for MATCHER_HITS_MAX. Returns how many. */
uint32_t links_match(const matcher *m, const linked_name *name, uint32_t type, matcher_hit *hits);

/* After index_sort: writes down what was missed, possible companions among it.
 * fd     an empty file
 * count  set on success: of names written */
stella_status links_write(const index_builder *index, const matcher *m, int fd, uint64_t *count, stella_error *err);

/* What an earlier reading wrote down. The file is mapped; the descriptor may be closed.
 * Returns STELLA_E_FORMAT when it is none, STELLA_E_IO, STELLA_E_NOMEM. */
stella_status links_open(int fd, links **out, stella_error *err);
void links_close(links *l);
void links_closep(links **l);

/* The names to be served with that entry; entries are asked for in rising order. NULL has none.
 *     for (links_of it = links_at(l, id); links_next(&it, &name);) ... */
typedef struct links_of {
    stella_cursor rest;
    uint32_t first;
} links_of;
links_of links_at(links *l, uint32_t first);
int links_next(links_of *it, linked_name *out);

#endif

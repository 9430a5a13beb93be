/* stella/list.h - an array that crosses the plugin boundary: its elements may grow at the end. */
#ifndef STELLA_LIST_H
#define STELLA_LIST_H

#include <stella/sv.h>

STELLA_BEGIN_DECLS

typedef struct stella_list {
    const void *items;
    uint32_t count;
    uint32_t stride; /* bytes from one item to the next */
} stella_list;

/* The i-th item of a stella_list as a const pointer to type. */
#define STELLA_AT(list, type, i)                                                                                       \
    ((const type *)(const void *)((const char *)(list).items + (uint64_t)(i) * (list).stride))

STELLA_END_DECLS

#endif

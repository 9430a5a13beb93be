/* scratch.h - the unlinked file a job was handed for what does not fit its memory. [one thread] */
#ifndef SCANNER_ENGINE_SCRATCH_H
#define SCANNER_ENGINE_SCRATCH_H

#include <stella/error.h>

typedef struct scratch {
    int fd;        /* borrowed; -1: there is none, and what needs it fails */
    uint64_t end;  /* bytes in use */
    int is_shared; /* 1: no scratch file but one of the tree's own, which somebody may cut short meanwhile */
} scratch;

/* Writes behind what is there; offset is set on success. Space is given back by setting end to what it was. */
stella_status scratch_add(scratch *s, stella_sv bytes, uint64_t *offset, stella_error *err);

/* A part of the file mapped read-only: only what is touched costs anything. What is in use must not be written again
 * meanwhile. */
typedef struct scratch_view {
    void *at; /* NULL: nothing is mapped */
    size_t size;
    int is_watched; /* for being cut short */
} scratch_view;

/* Sets out (borrowed) and view, which the caller ends with unmap. Returns STELLA_E_IO or STELLA_E_NOMEM. */
stella_status scratch_map(const scratch *s, uint64_t offset, uint64_t size, scratch_view *view, stella_sv *out,
                          stella_error *err);
/* Returns 1 when the file was cut short while it was mapped: zeros were then read where its end was. */
int scratch_unmap(scratch_view *view);

/* Reads exactly size bytes. */
stella_status scratch_read(const scratch *s, uint64_t offset, void *buf, size_t size, stella_error *err);

#endif

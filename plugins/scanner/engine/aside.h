/* aside.h - files that are read once all of their layer has been seen: those that a probe reads together with
 * companions, and whatever may be a companion. Until then their bytes wait in the scratch file. [one thread] */
#ifndef SCANNER_ENGINE_ASIDE_H
#define SCANNER_ENGINE_ASIDE_H

#include "index.h"
#include "probe.h"

/* One name of a file that may be a companion. */
typedef struct aside_file {
    uint32_t id; /* of the entry */
    stella_sv path;
    uint64_t size;               /* as the layer states it */
    probe_content content;       /* in the scratch file, unless */
    const stella_error *failure; /* why it was not held; NULL: it is, or it is larger than any probe of it takes */
} aside_file;

/* NULL when memory is short. */
aside *aside_create(void);
void aside_destroy(aside *a);

/* Counts a file that is going to be held.
 * Returns STELLA_E_LIMIT naming the limit when that is too much for one layer; then it is not counted. */
stella_status aside_reserve(aside *a, uint64_t size, stella_error *err);

/* Remembers a possible companion; what it refers to is copied. Returns STELLA_E_LIMIT or STELLA_E_NOMEM. */
stella_status aside_add(aside *a, const aside_file *file, stella_error *err);

/* Remembers a call to make; all that it refers to but call->companions is copied.
 * plugin  position in analyzers.list
 * Returns STELLA_E_LIMIT or STELLA_E_NOMEM. */
stella_status aside_call(aside *a, uint32_t plugin, const probe_call *call, const probe_content *content,
                         stella_error *err);

/* After the layer, and after index_sort: makes the calls, leaving out files that a later entry replaced.
 * Returns what ends the layer. */
stella_status aside_run(aside *a, analyzers *all, const index_builder *index, stella_error *err);

/* During aside_run: the file of that path and suffix that stands. 1 and *out, or 0. */
int aside_find(const aside *a, stella_sv path, stella_sv suffix, const aside_file **out);

#endif

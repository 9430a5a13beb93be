/* elf_index.h - what earlier phases published of the ELF files of the tree, by path. */
#ifndef NATIVE_ELF_INDEX_H
#define NATIVE_ELF_INDEX_H

#include "names.h"

#include "common/binary/binary.h"
#include "common/binary/facts.h"

#include <stella/analyzer.h>

typedef struct elf_index {
    names paths;
    stella_sv *records;
    uint32_t count, room;
} elf_index;

/* out  set on success; lives in the job's arena
 * Returns STELLA_E_NOMEM. */
stella_status elf_index_of(stella_analysis *job, elf_index *out, stella_error *err);

/* The facts of the file at that path, links followed. Returns 0, leaving out alone, when nothing is known of it. */
int elf_index_find(const elf_index *index, stella_sv path, binary_facts *out);

#endif

/* evidence.h - what one plugin learns of a layer, as it arises; written as its segment of the pack once the index knows
 * which entries stand. Above a few megabytes it waits in the scratch file. [one thread] */
#ifndef SCANNER_ENGINE_EVIDENCE_H
#define SCANNER_ENGINE_EVIDENCE_H

#include "index.h"
#include "scratch.h"

#include <stella/analyzer.h>

#define EVIDENCE_NO_FILE 0xffffffffu

typedef struct evidence evidence;

/* NULL when memory is short; the scratch is borrowed. */
evidence *evidence_create(scratch *spill);
void evidence_destroy(evidence *e);

/* file       the entry's id in the index
 * interests  one byte each, ascending
 * Return STELLA_E_LIMIT when a limit of limits.h is passed, STELLA_E_NOMEM, STELLA_E_IO. Everything is copied. */
stella_status evidence_content(evidence *e, uint32_t file, stella_sv interests, stella_sv bytes, stella_error *err);
stella_status evidence_record(evidence *e, uint32_t file, stella_sv interests, const stella_record *record,
                              stella_error *err);

/* file  or EVIDENCE_NO_FILE, then path says what it is about. Beyond NOTES_MAX they are only counted. Never fails: a
 *       note that finds no room is counted too. Texts are cut at NOTE_BYTES_MAX. */
void evidence_note(evidence *e, uint32_t file, uint32_t code, uint32_t severity, uint32_t line, stella_sv message,
                   stella_sv path);

/* Where the evidence stands, and back to there: a call into a plugin that failed leaves no records. Notes that came
 * after the mark go too. */
typedef struct evidence_mark {
    uint64_t items, bytes;
} evidence_mark;
evidence_mark evidence_here(const evidence *e);
void evidence_back(evidence *e, evidence_mark mark);

/* Between two files: what waits in memory goes to the scratch file once it is large. No mark may be older. */
stella_status evidence_settle(evidence *e, stella_error *err);

/* Writes the segment; index_sort must have been called. */
stella_status evidence_write(evidence *e, const index_builder *index, pack_writer *w, stella_sv plugin,
                             stella_sv digest, pack_segment *out, stella_error *err);

#endif

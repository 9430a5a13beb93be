/* linked.h - a package database that only a symbolic link leads to: interests match literal paths, so no probe saw it.
 */
#ifndef ANALYZER_LINKED_H
#define ANALYZER_LINKED_H

#include <stella/analyzer.h>

/* A database that a probe reads. */
typedef struct linked_database {
    stella_sv path; /* where the probe's interest expects it */
    stella_sv kind; /* of its records */
    stella_status (*probe)(stella_probe *probe, stella_error *err);
} linked_database;

/* The records of such a database: as the probe emits them, of the layer that carries the file. */
typedef struct linked_records {
    stella_record *items; /* in the job's arena */
    uint32_t count;
} linked_records;

/* Reads the database through the links on its path when they end at a file that no record of this job came from. One
 * that is there and cannot be read is noted.
 * out  set on success; without records also when the content comes with the next call of analyze
 * Returns STELLA_E_NOMEM. */
stella_status linked_read(stella_analysis *job, const linked_database *database, linked_records *out,
                          stella_error *err);

/* Notes that what is at this path could not be read for the links before it. */
void linked_note_unread(stella_analysis *job, stella_sv path);

#endif

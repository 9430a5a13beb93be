/* directory.h - where the central directory is, and what a record of it says. Inside of the reader only. */
#ifndef ANALYZERS_ZIP_DIRECTORY_H
#define ANALYZERS_ZIP_DIRECTORY_H

#include "zip.h"

#define ZIP_LOCAL_BYTES 30 /* of an entry's own header, without name and extra field */

/* What the end record, or its 64-bit kin, says. */
typedef struct zip_end {
    uint64_t at;    /* where the directory begins, in the view */
    uint64_t size;  /* of it */
    uint64_t base;  /* bytes before the archive */
    uint64_t count; /* of entries */
    uint64_t mask;  /* of count: older archivers count to 65,535 and start again */
} zip_end;

/* out  set on success: at + size is within the view
 * Returns STELLA_E_FORMAT, STELLA_E_UNSUPPORTED for one of several volumes. */
stella_status zip_end_find(stella_sv bytes, zip_end *out, stella_error *err);

/* Takes the record at the front off *directory.
 * base  added to the offset it names
 * out   set on success
 * Returns 0, leaving both alone, when it is malformed. */
int zip_record_take(stella_sv *directory, uint64_t base, zip_entry *out);

/* Replaces those of size, compressed and offset that are 0xffffffff by what the zip64 field among the extra fields says
 * (APPNOTE 4.5.3: they stand in this order, and only those that are). NULL: not asked for.
 * Returns 0 when one is missing. */
int zip_extra64(stella_sv extra, uint64_t *size, uint64_t *compressed, uint64_t *offset);

#endif

/* archive.h - jars and their kin, and those within them. */
#ifndef JAVA_ARCHIVE_H
#define JAVA_ARCHIVE_H

#include <stella/analyzer.h>

#define ARCHIVE_DEPTH_MAX    128                   /* archives within archives */
#define ARCHIVE_COUNT_MAX    100000                /* archives of one file */
#define ARCHIVE_INFLATED_MAX ((uint64_t)4 << 30)   /* bytes that are inflated for one file */
#define ARCHIVE_NESTED_MAX   ((uint64_t)256 << 20) /* bytes of one deflated archive within another */
#define ARCHIVE_LIVE_MAX     ((uint64_t)384 << 20) /* bytes of inflated archives that are held at a time */
#define ARCHIVE_NOTES_MAX    100                   /* of one file */
#define ARCHIVE_PATH_MAX     2048                  /* bytes of the path of an archive within a file */

/* Emits an artifact record (artifact.h) for the file itself, for each project in it, and so on for each archive in it,
 * those outside before those inside. What cannot be read is noted; the rest stands.
 * Returns STELLA_E_NOMEM, or what stella_probe_content and stella_probe_record return. */
stella_status archive_probe(stella_probe *probe, stella_error *err);

#endif

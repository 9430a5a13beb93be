/* archive.h - what the manifest of a jar says of how it is started (JAR File Specification, "Main Attributes"). */
#ifndef ENTRYTRACE_JAVA_ARCHIVE_H
#define ENTRYTRACE_JAVA_ARCHIVE_H

#include "entrytrace/common/hop.h"

#define ARCHIVE_MANIFEST_MAX (1u << 20)
#define ARCHIVE_FILE_MAX     (256u << 20)

typedef struct archive_start {
    stella_sv main_class;  /* empty: it cannot be run with -jar */
    stella_sv class_path;  /* relative URLs, separated by blanks */
    stella_sv start_class; /* of a Spring Boot archive: the application's own */
} archive_start;

/* Values lie in the arena.
 * out  set on success
 * Returns STELLA_E_FORMAT for what is no archive, STELLA_E_LIMIT, STELLA_E_UNSUPPORTED, STELLA_E_NOMEM. */
stella_status archive_read(stella_sv bytes, stella_arena *arena, archive_start *out, stella_error *err);

/* The same of the manifest's text. Returns STELLA_E_NOMEM. */
stella_status archive_manifest(stella_sv text, stella_arena *arena, archive_start *out, stella_error *err);

#endif

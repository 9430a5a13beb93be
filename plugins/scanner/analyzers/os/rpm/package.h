/* package.h - one record a package: its identity as the key, and a header block of what the analysis needs. */
#ifndef RPM_PACKAGE_H
#define RPM_PACKAGE_H

#include "header_write.h"

#include <stella/analyzer.h>

#define PACKAGE_RECORD     "rpm.package/0"
#define PACKAGE_RECORD_MAX (15u << 20) /* below the 16 MiB of a record */
#define PACKAGE_WORD_MAX   512         /* bytes of a name, version, release or architecture */
#define PACKAGE_CVES_MAX   (1u << 20)  /* bytes of the CVE ids of a changelog */
#define PACKAGE_NOTES_MAX  50          /* of one file */

/* Where records go: a probe, or the analysis that reads a database late. */
typedef struct package_sink {
    void *self;
    stella_status (*record)(void *self, stella_sv key, stella_sv bytes, stella_error *err);
    void (*note)(void *self, uint32_t severity, uint32_t line, stella_sv message);
    stella_sv path; /* of the database in its layer */
    uint32_t notes; /* told so far */
} package_sink;

/* Says that a part could not be used; after PACKAGE_NOTES_MAX of a file the rest is one note. */
void package_note(package_sink *sink, uint32_t severity, uint32_t line, const char *message);

/* Reads the database and hands a record of every package to the sink; keys of gpg and packages without a valid name
 * are left out. What is damaged is noted.
 * Returns STELLA_E_NOMEM or what the sink returned. */
stella_status package_read_database(package_sink *sink, stella_sv main, stella_sv wal, stella_arena *arena,
                                    stella_error *err);

/* The root that the database at that path belongs to: "" or "some/where/".
 * root  set on success; may be NULL
 * Returns 0 when the path is not in a folder where rpm keeps its database. */
int package_find_root(stella_sv path, stella_sv *root);

/* Emits the values that w has been given as a record: name, epoch, version, release and architecture make its key.
 * Returns what the sink returned, STELLA_E_NOMEM. */
stella_status package_emit(package_sink *sink, header_writer *w, stella_error *err);

/* What of a package is wrong, NULL when its name, version, release and architecture will do. */
const char *package_problem(const header *h);

#endif

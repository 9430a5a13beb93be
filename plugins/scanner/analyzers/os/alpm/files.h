/* files.h - the files that belong to a package: "files" with %FILES% and %BACKUP%, and "mtree" with digests. */
#ifndef ALPM_FILES_H
#define ALPM_FILES_H

#include <stella/analyzer.h>

/* Bytes that an mtree inflates to at most. */
#define FILES_MTREE_MAX (256u << 20)
/* Bytes of one path. */
#define FILES_PATH_MAX 4096

#define SHA256_DIGITS 64

/* One path of a package. */
typedef struct alpm_file {
    stella_sv path;
    uint32_t is_config;
    char sha256[SHA256_DIGITS]; /* all NUL: none is known */
} alpm_file;

/* Works through packages one after the other with one growing array. */
typedef struct alpm_files {
    stella_analysis *job;
    alpm_file *items; /* sorted by path, each once */
    uint32_t count, room;
} alpm_files;

/* Reads the files of the package whose folder that is. Without "files" the entries of "mtree" are taken. A file that is
 * damaged is noted; what was read of it stands.
 * Returns STELLA_E_NOMEM. */
stella_status alpm_files_read(alpm_files *files, stella_sv folder, stella_error *err);

#endif

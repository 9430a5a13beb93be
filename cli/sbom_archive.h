/* sbom_archive.h - documents as a tar archive in memory, which the source "sboms" reads. */
#ifndef CLI_SBOM_ARCHIVE_H
#define CLI_SBOM_ARCHIVE_H

#include <stella/arena.h>
#include <stella/error.h>

#define SBOM_ARCHIVE_FILES_MAX  1000u
#define SBOM_ARCHIVE_NAME_BYTES 96u
#define SBOM_ARCHIVE_FILE_MAX   (UINT64_C(256) << 20) /* what the engine hands to a reader */

/* Puts the files into an archive, each under the last part of its name; of two that are called alike the later one has
 * "~2" behind it.
 * first   set on success: the first one's name in the archive, in the arena
 * out_fd  set on success; the caller closes it
 * Returns STELLA_E_INVALID for too many, STELLA_E_NOTFOUND, STELLA_E_DENIED, STELLA_E_LIMIT, STELLA_E_IO with the file
 * as err's path, or STELLA_E_NOMEM. */
stella_status sbom_archive_make(const char *const *files, uint32_t count, stella_arena *arena, stella_sv *first,
                                int *out_fd, stella_error *err);

#endif

/* archive.h - the table of contents of an uncompressed tar archive: which file lies where. The files themselves are not
 * read. */
#ifndef SCANNER_SOURCES_ARCHIVE_H
#define SCANNER_SOURCES_ARCHIVE_H

#include <stella/source.h>

#define ARCHIVE_ENTRIES_MAX 65536 /* an image archive holds a few files a layer */
#define ARCHIVE_LINKS_MAX   8     /* links followed to reach one file */

typedef struct archive archive;

typedef struct archive_entry {
    stella_sv name;  /* normalised: no "./", no ".." */
    stella_sv link;  /* of a link: the name it leads to, normalised the same way; else empty */
    uint64_t offset; /* of the content in the target, bytes */
    uint64_t size;
    uint32_t position; /* in the archive */
    uint32_t is_link;
} archive_entry;

/* Reads every header. Lives in the target's arena.
 * Returns STELLA_E_FORMAT for a damaged archive, STELLA_E_LIMIT for more than ARCHIVE_ENTRIES_MAX entries. */
stella_status archive_open(stella_target *target, const archive **out, stella_error *err);

/* The file of that name, symbolic and hard links followed inside the archive; NULL when there is none. Of several with
 * one name the last counts, as if the archive were unpacked. */
const archive_entry *archive_find(const archive *list, stella_sv name);

#endif

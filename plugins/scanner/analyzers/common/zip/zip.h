/* zip.h - reads a zip archive that lies in memory: nothing of it is trusted.
 *
 *     uint64_t room = INFLATED_BYTES_MAX;
 *     zip archive;
 *     if (zip_open(bytes, arena, &room, &archive, err) != STELLA_OK)
 *         return err->code;
 *     for (zip_entry entry; zip_next(&archive, &entry);)
 *         if (stella_sv_ends(entry.name, STELLA_SV("/METADATA")))
 *             status = zip_read(&archive, &entry, arena, METADATA_BYTES_MAX, &text, err);
 *
 * The format is that of PKWARE's APPNOTE.TXT 6.3.10: one volume, entries stored or deflated, zip64, bytes before the
 * archive (executable jars, zipapps) and behind it. The central directory says what there is; what it says of an entry
 * must agree with the entry's own header when it is read.
 *
 * Bombs: no two entries may share bytes of the archive; an entry that claims more than deflate can make of its bytes is
 * refused before memory is taken for it; all that is inflated comes out of one purse that archives within archives
 * share. [one thread an archive] */
#ifndef ANALYZERS_ZIP_H
#define ANALYZERS_ZIP_H

#include <stella/arena.h>
#include <stella/error.h>

#define ZIP_ENTRIES_MAX 1000000
/* No deflated byte makes more than this many (RFC 1951: 258 bytes out of two codes of one bit each). */
#define ZIP_RATIO_MAX 1032

#define ZIP_STORED   0
#define ZIP_DEFLATED 8

/* An entry as the central directory has it. Names are bytes: UTF-8 when is_utf8, else whatever the archiver used (IBM
 * 437 by the book, in practice mostly UTF-8 too). They may hold anything: "..", a leading '/', control characters. */
typedef struct zip_entry {
    stella_sv name; /* borrows from the archive */
    uint64_t compressed, size;
    uint64_t header; /* where its own header begins, in the archive's view */
    uint32_t crc;
    uint32_t method; /* ZIP_STORED, ZIP_DEFLATED, or another one that cannot be read */
    int32_t is_directory, is_encrypted, is_utf8;
} zip_entry;

/* Which bytes an entry takes at least: header, name and data. */
typedef struct zip_span {
    uint64_t start, end;
} zip_span;

/* To be read only. Borrows the view it was opened with; the spans live in the arena. */
typedef struct zip {
    stella_sv bytes;
    stella_sv directory; /* the central directory */
    stella_sv left;      /* of it, for zip_next */
    uint64_t base;       /* bytes before the archive, to be added to every offset it names */
    uint64_t *room;
    zip_span *spans; /* of all entries, ascending */
    uint32_t entry_count;
} zip;

/* Finds the central directory and looks at all of it.
 * bytes  the whole file; must outlive the archive
 * arena  16 bytes an entry are taken
 * room   how many bytes may be inflated, here and wherever else it is given; zip_read takes from it
 * out    set on success
 * Returns STELLA_E_FORMAT for what is no zip archive, or is cut, or where entries lie upon each other or beyond the end;
 * STELLA_E_LIMIT for more than ZIP_ENTRIES_MAX entries, STELLA_E_UNSUPPORTED for one of several volumes,
 * STELLA_E_NOMEM. */
stella_status zip_open(stella_sv bytes, stella_arena *arena, uint64_t *room, zip *out, stella_error *err);

/* The next entry in the order of the central directory; several may have the same name.
 * Returns 0, leaving *out alone, at the end. */
int zip_next(zip *archive, zip_entry *out);

/* Starts again with the first entry. */
void zip_rewind(zip *archive);

/* The content. That of a stored entry is a view of the archive; that of a deflated one lives in the arena.
 * max  bytes of content; more than 2 GiB are never read
 * out  set on success
 * Returns STELLA_E_LIMIT for more than max bytes or when the room is used up; STELLA_E_FORMAT when the entry's own
 * header contradicts the directory, or the content has another size or checksum; STELLA_E_UNSUPPORTED for an encrypted
 * entry or another method; STELLA_E_NOMEM. The error's path is the entry's name. */
stella_status zip_read(const zip *archive, const zip_entry *entry, stella_arena *arena, uint64_t max, stella_sv *out,
                       stella_error *err);

/* The same into the caller's memory, for content that is used once: a stored entry is a view of the archive all the
 * same.
 * buffer  entry->size bytes; not looked at for a stored entry */
stella_status zip_read_into(const zip *archive, const zip_entry *entry, void *buffer, stella_sv *out,
                            stella_error *err);

#endif

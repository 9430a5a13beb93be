/* bundle.h - single-file applications: what "dotnet publish" has put behind a program (dotnet/designs, single-file;
 * Microsoft.NET.HostModel). ELF, PE and Mach-O alike: the program's data holds a mark with the place of the bundle's
 * header, which is followed by a list of files. Nothing of it is trusted. */
#ifndef DOTNET_BUNDLE_H
#define DOTNET_BUNDLE_H

#include "common/binary/binary.h"

#include <stella/arena.h>
#include <stella/cursor.h>

#define BUNDLE_FILES_MAX 100000
#define BUNDLE_PATH_MAX  4096

/* To be read only. */
typedef struct bundle {
    stella_sv bytes; /* of the whole program */
    uint32_t major;  /* 1: .NET Core 3, 2: .NET 5, 6: .NET 6 and later */
    uint32_t file_count;
    uint32_t left; /* for bundle_next */
    stella_cursor list;
} bundle;

typedef struct bundle_file {
    stella_sv path; /* borrows from the program; printable, but not checked otherwise */
    stella_sv data; /* in the program */
    uint64_t size;
    int is_deflated;
} bundle_file;

/* Looks for the mark in the program's writable data.
 * b    one architecture, or the whole of a file that has but one
 * out  set on success
 * Returns STELLA_E_NOTFOUND when it is no single-file application, STELLA_E_FORMAT for one whose header is not inside
 * the file or of a version that is not known, STELLA_E_LIMIT for more than BUNDLE_FILES_MAX files. */
stella_status bundle_open(const binary *b, stella_sv bytes, bundle *out, stella_error *err);

/* The same for data that may hold the mark. */
stella_status bundle_find(stella_sv data, stella_sv bytes, bundle *out, stella_error *err);

/* The next file of the list.
 * out  set on success; path is empty at the end
 * Returns STELLA_E_FORMAT for one that is not inside the program; there is nothing to be had behind it. */
stella_status bundle_next(bundle *from, bundle_file *out, stella_error *err);

/* Its content: a view of the program, or inflated into the arena.
 * room  how many bytes may be inflated yet
 * Returns STELLA_E_LIMIT when the room is used up, STELLA_E_FORMAT for damaged data, STELLA_E_NOMEM. */
stella_status bundle_read(const bundle_file *file, stella_arena *arena, uint64_t *room, stella_sv *out,
                          stella_error *err);

#endif

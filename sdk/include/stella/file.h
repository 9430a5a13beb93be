/* stella/file.h - a file of the scanned tree as plugins see it, and how a plugin says which files it wants. */
#ifndef STELLA_FILE_H
#define STELLA_FILE_H

#include <stella/error.h>

STELLA_BEGIN_DECLS

#define STELLA_FILE_REGULAR   1
#define STELLA_FILE_DIRECTORY 2
#define STELLA_FILE_SYMLINK   3
#define STELLA_FILE_OTHER     4 /* devices, pipes, sockets */

/* Sniffed type of a regular file, from its first bytes. */
#define STELLA_TYPE_UNKNOWN 0
#define STELLA_TYPE_ELF     1
#define STELLA_TYPE_PE      2
#define STELLA_TYPE_MACHO   3
#define STELLA_TYPE_ZIP     4
#define STELLA_TYPE_GZIP    5
#define STELLA_TYPE_ZSTD    6
#define STELLA_TYPE_XZ      7
#define STELLA_TYPE_BZIP2   8
#define STELLA_TYPE_SQLITE  9
#define STELLA_TYPE_SCRIPT  10 /* begins with #! */
#define STELLA_TYPE_TEXT    11
#define STELLA_TYPE_WASM    12
#define STELLA_TYPE_AR      13
#define STELLA_TYPE_EMPTY   14

/* A file. The caller of an iterator sets struct_size (STELLA_FILE_INIT); the host fills at most that much.
 * Views are valid until the call into the plugin returns. */
typedef struct stella_file {
    uint32_t struct_size;
    uint32_t kind;     /* STELLA_FILE_* */
    uint32_t type;     /* STELLA_TYPE_* */
    uint32_t mode;     /* permission bits, 07777 */
    uint32_t layer;    /* index of the layer that carries it, 0 = base */
    uint32_t interest; /* which of the plugin's interests it met; the lowest when several */
    uint64_t size;     /* bytes in the tree, also when the content was not kept */
    stella_sv path;    /* relative to the root, no leading slash, no "." or ".." */
    stella_sv target;  /* of a symbolic link, as written */
    stella_sv bytes;   /* content, when kept; ptr NULL when it was not */
} stella_file;

#define STELLA_FILE_INIT                                                                                               \
    { .struct_size = sizeof(stella_file) }

/* What to do with a file that meets an interest; bits. */
#define STELLA_KEEP  1u /* keep the content for analyze */
#define STELLA_PROBE 2u /* call probe while the layer streams by */
#define STELLA_SEEK  4u /* with PROBE: the probe wants the whole file at once (stella_probe_content) */

/* A file meets an interest when it meets every member that is set; at least one must be. Paths are relative to the
 * root, without slash at either end; name, suffix, parent and below hold none at all. An analyzer has up to 256 interests. One that
 * breaks these rules loses the plugin. */
typedef struct stella_interest {
    uint32_t mode;      /* STELLA_KEEP, STELLA_PROBE or both */
    uint32_t type;      /* STELLA_TYPE_*, 0 for any */
    const char *path;   /* the whole path: "var/lib/dpkg/status" */
    const char *dir;    /* somewhere below this directory: "usr/share/doc" */
    const char *name;   /* base name: "package.json" */
    const char *suffix; /* end of the base name: ".list" */
    uint64_t max_bytes; /* a larger file is an error entry, not silence; 0 = 16 MiB for KEEP, no limit for PROBE; KEEP:
                           at most 256 MiB */
    const char *companions; /* with SEEK: suffixes which, added to the file's path, name files of the same layer to be
                               had beside it (stella_probe_companion), separated by spaces: "-wal -journal"; NULL: none.
                               At most 8. Such a probe is called when all of the layer has been seen. */
    const char *parent;     /* end of the name of the directory it is in: ".dist-info" */
    const char *below;      /* name of a directory somewhere above it: "node_modules" */
} stella_interest;

/* How many elements a static array has. */
#define STELLA_COUNT(array) (uint32_t)(sizeof(array) / sizeof((array)[0]))

STELLA_END_DECLS

#endif

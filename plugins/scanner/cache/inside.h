/* inside.h - what the files of the cache share. */
#ifndef SCANNER_CACHE_INSIDE_H
#define SCANNER_CACHE_INSIDE_H

#include "cache.h"

#include <stella/arena.h>

#include <stdatomic.h>
#include <sys/stat.h>

#define CACHE_NAME_MAX 128        /* of a folder or file in the cache */
#define CACHE_META_MAX (1u << 20) /* bytes of a meta.json */
#define CACHE_META     "meta.json"
#define CACHE_DATA     "data"
#define CACHE_PACK     "pack-" /* beginning of names */
#define CACHE_MORE     "more-"
#define CACHE_TEMP     ".tmp-"
#define CACHE_LOCK     "maintenance"
#define CACHE_USAGE    "usage"
#define CACHE_TOUCH_S  86400 /* the time of the last use is that old at most before it is written again */
#define CACHE_STALE_S  3600  /* a temporary file that old is nobody's any more */

struct cache {
    cache_options options;
    char root[1024], layers_name[CACHE_NAME_MAX], files_name[CACHE_NAME_MAX];
    int root_fd, layers_fd, files_fd;
    int usage_fd; /* -1: nothing may be written */
    atomic_ullong count[CACHE_EVENTS][CACHE_KINDS], bytes[CACHE_EVENTS][CACHE_KINDS];
};

void cache_note(cache *c, cache_event event, cache_kind kind, uint64_t bytes);

/* safe.c: names below a directory descriptor, without following links, of owners that are trusted. */

/* Whether what was opened may be believed: the user's own or root's, and not to be written to by others. */
int safe_is_trusted(const struct stat *st);

/* Opens a folder; makes it when is_made. -1 with errno: EACCES also for one that is not trusted. */
int safe_dir(int dir_fd, const char *name, int is_made);

/* Opens a regular file to read. -1 with errno. size may be NULL. */
int safe_file(int dir_fd, const char *name, uint64_t *size);

/* All of a small file, in the arena; empty when it cannot be had. */
stella_sv safe_read(int dir_fd, const char *name, stella_arena *arena);

/* Writes a file that appears whole, from a descriptor (read by offset, all of it) or bytes. */
stella_status safe_copy(int dir_fd, const char *name, int from_fd, stella_error *err);
stella_status safe_write(int dir_fd, const char *name, stella_sv bytes, stella_error *err);

/* Removes a folder of files; meta.json first, so that nobody believes the rest. Returns the bytes that went. */
uint64_t safe_remove_folder(int dir_fd, const char *name);

/* The time of last use, written at most once a day. */
void safe_touch(int dir_fd, const char *name);

/* usage.c: about how much is stored, over all processes. The size of the file "usage" is a count: one byte for every
 * USAGE_UNIT bytes or part of it, appended by who stores; maintenance sets it to what it counted. */
#define USAGE_UNIT ((uint64_t)65536)
uint64_t usage_get(const cache *c);
void usage_add(cache *c, uint64_t bytes);
void usage_set(cache *c, uint64_t bytes);

/* Whether so much more may be stored; makes room when there is none and that is allowed. */
stella_status usage_admit(cache *c, uint64_t more, stella_error *err);

/* layers.c, files.c */
int hex_of_digest(const char *digest, char out[CACHE_HEX_SIZE]); /* 0 for what is no digest */
int is_hex(const char *text);
int layer_open(const cache *c, const char *hex, int is_made);
int file_open(const cache *c, const char *hex); /* the entry's folder */

#endif

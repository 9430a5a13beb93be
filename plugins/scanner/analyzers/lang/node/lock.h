/* lock.h - what a lock file of any kind says, in one form: packages, what they need of each other, and whether anything
 * but development needs them. Parsers make it, records carry it. */
#ifndef NODE_LOCK_H
#define NODE_LOCK_H

#include "lookup.h"

#include <stella/analyzer.h>
#include <stella/json.h>
#include <stella/sink.h>

#define LOCK_ENTRIES_MAX 500000 /* packages of one file */
#define LOCK_EDGES_MAX   262144 /* what they need, together: what is beyond is left out, the packages stand */

#define LOCK_DEV      1u  /* only development needs it */
#define LOCK_OPTIONAL 2u  /* what needs it can do without it */
#define LOCK_SCRIPTS  4u  /* runs a script when it is installed */
#define LOCK_BUNDLED  8u  /* comes inside the package above it */
#define LOCK_SILENT   16u /* part of the project itself, or without a version: a node of the graph, no component */

/* A package at one place of the graph: the same name and version may come several times. */
typedef struct lock_entry {
    stella_sv name;      /* as published, not an alias */
    stella_sv version;   /* of a git source its commit when nothing better is known; empty: unknown */
    stella_sv integrity; /* as the file has it */
    stella_sv resolved;  /* where it comes from */
    stella_sv license;
    stella_sv keys; /* yarn: what asks for it ("a@^1"), joined by '\n'; else empty */
    uint32_t line;
    uint32_t flags; /* LOCK_* */
    uint32_t first_edge, edge_count;
} lock_entry;

typedef struct lock_edge {
    uint32_t to;    /* position of an entry */
    uint32_t flags; /* STELLA_RELATION_OPTIONAL or 0 */
} lock_edge;

/* In the caller's storage; what it points to lives in the arena, texts may borrow from the file. */
typedef struct lock {
    stella_arena *arena;
    lock_entry *entries;
    lock_edge *edges;
    uint32_t count, room;
    uint32_t edge_count, edge_room;
    int32_t is_marked; /* DEV and OPTIONAL are known; else whoever knows the project's package.json may mark it */
    int32_t is_cut;    /* it says more than LOCK_EDGES_MAX, and not all of it is here */
} lock;

static inline lock lock_in(stella_arena *arena) {
    return (lock){.arena = arena};
}

/* A package that the project itself asks for. */
#define LOCK_ROOT_PROD     0
#define LOCK_ROOT_OPTIONAL 1
#define LOCK_ROOT_DEV      2
typedef struct lock_root {
    uint32_t entry;
    uint32_t kind; /* LOCK_ROOT_* */
} lock_root;

/* A new entry, valid until the next is added.
 * out  set on success
 * Returns STELLA_E_LIMIT or STELLA_E_NOMEM. */
stella_status lock_add(lock *l, lock_entry **out, stella_error *err);

/* Adds what `from` needs: all edges of one entry are added before those of the next one. An entry that needs itself is
 * left out; so is one beyond LOCK_EDGES_MAX, which sets is_cut. Returns STELLA_E_NOMEM. */
stella_status lock_need(lock *l, uint32_t from, uint32_t to, uint32_t flags, stella_error *err);

/* Sets DEV and OPTIONAL by what the project asks for: what is reached from what it needs is needed, else what
 * is reached from what is optional is optional, else what development reaches is DEV. What nothing reaches is taken as
 * needed; so is everything when the lock is cut, for the way to it may be among what was left out.
 * Returns STELLA_E_NOMEM. */
stella_status lock_mark(lock *l, const lock_root *roots, uint32_t count, stella_error *err);

/* The record's bytes; an entry without a good name, or without a good version, becomes SILENT.
 * Returns the status of the buffer. */
stella_status lock_encode(const lock *l, stella_buf *out);

/* out  set on success; its texts borrow from bytes
 * Returns STELLA_E_FORMAT or STELLA_E_NOMEM. */
stella_status lock_decode(stella_sv bytes, stella_arena *arena, lock *out, stella_error *err);

/* ---- parsers: each reads a whole file, UTF-8 without a byte order mark, into an empty lock whose texts may borrow from
 * it. They return STELLA_E_FORMAT with the line or place in err, STELLA_E_LIMIT, STELLA_E_NOMEM. */

/* package-lock.json and npm-shrinkwrap.json, lockfileVersion 1 to 3; also node_modules/.package-lock.json. */
stella_status npm_lock_read(stella_sv text, lock *out, stella_error *err);
/* yarn.lock of yarn 1, and of the later ones, which is YAML with a __metadata. */
stella_status yarn_lock_read(stella_sv text, lock *out, stella_error *err);
stella_status yarn_berry_read(stella_sv text, lock *out, stella_error *err);
/* pnpm-lock.yaml, lockfileVersion 5 to 9, one or several documents; also node_modules/.pnpm/lock.yaml. */
stella_status pnpm_lock_read(stella_sv text, lock *out, stella_error *err);
/* bun.lock, the text form. */
stella_status bun_lock_read(stella_sv text, lock *out, stella_error *err);
/* deno.lock: the packages of npm in it. */
stella_status deno_lock_read(stella_sv text, lock *out, stella_error *err);

#endif

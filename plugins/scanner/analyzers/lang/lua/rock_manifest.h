/* rock_manifest.h - the files of an installed rock: tables of names and MD5, in tables "lua", "lib", "bin", "doc", ...
 *
 *     rock_manifest = {
 *        lua = { say = { ["init.lua"] = "d41d8cd98f00b204e9800998ecf8427e" } },
 *        ["say-1.4-1.rockspec"] = "..."
 *     }
 *
 * Source: LuaRocks' manual, "rock_manifest". */
#ifndef LUA_ROCK_MANIFEST_H
#define LUA_ROCK_MANIFEST_H

#include "common/lexer.h"

#define ROCK_MANIFEST_DEPTH_MAX 16
#define ROCK_MANIFEST_PATH_MAX  1024

typedef struct rock_file {
    stella_sv path; /* "lua/say/init.lua"; valid until the next call */
    stella_sv md5;  /* hex digits, 32 */
} rock_file;

typedef struct rock_manifest {
    lexer lex;
    lexer_token key; /* what the next '{' or text belongs to */
    char path[ROCK_MANIFEST_PATH_MAX];
    size_t lengths[ROCK_MANIFEST_DEPTH_MAX]; /* of the path at each open table */
    uint32_t depth;
} rock_manifest;

void rock_manifest_open(rock_manifest *reader, stella_sv text, stella_arena *arena);

/* The next file; out->path.ptr is NULL at the end.
 * Returns STELLA_E_FORMAT for what is no Lua or is too deep, STELLA_E_NOMEM. */
stella_status rock_manifest_next(rock_manifest *reader, rock_file *out, stella_error *err);

#endif

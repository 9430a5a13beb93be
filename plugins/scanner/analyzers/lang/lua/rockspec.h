/* rockspec.h - the description of a rock: a Lua file that assigns "package", "version", "description", "dependencies".
 *
 * Nothing is run: texts, variables that hold texts, and their concatenations are understood ("version = major .. '-1'"),
 * what else a file may hold is stepped over. Source: LuaRocks' manual, "Rockspec format". */
#ifndef LUA_ROCKSPEC_H
#define LUA_ROCKSPEC_H

#include <stella/arena.h>
#include <stella/error.h>

#define ROCKSPEC_DEPENDENCIES_MAX 1024 /* what is behind is left out */
#define ROCKSPEC_VARIABLES_MAX    64
#define ROCKSPEC_TEXT_MAX         65536 /* bytes of a concatenation */

/* Texts borrow from the file, or live in the arena; what is not there is empty. */
typedef struct rockspec {
    stella_sv package, version; /* with the revision: "1.8.0-1" */
    stella_sv license, homepage, summary;
    uint32_t line;                 /* of the package's name */
    const stella_sv *dependencies; /* "lua >= 5.1" */
    uint32_t dependency_count;
} rockspec;

/* out  set on success
 * Returns STELLA_E_FORMAT for what is no Lua, with the line in the message; STELLA_E_NOMEM. */
stella_status rockspec_read(stella_sv text, stella_arena *arena, rockspec *out, stella_error *err);

#endif

/* stella/arena.h - memory that goes all at once, within a budget. */
#ifndef STELLA_ARENA_H
#define STELLA_ARENA_H

#include <stella/sv.h>

STELLA_BEGIN_DECLS

/* An arena crosses the plugin boundary: whoever holds one allocates through its own table, so host and plugin may be of
 * different builds. One thread at a time. */
typedef struct stella_arena stella_arena;
struct stella_arena {
    stella_abi_head head;
    void *(*alloc)(stella_arena *arena, uint64_t count, uint64_t size);
};

/* Creates an arena of at most budget_bytes. Returns NULL when memory is short. The caller destroys it. */
stella_arena *stella_arena_create(uint64_t budget_bytes);

/* Frees the arena and all that came from it; NULL is allowed. Only for arenas made by stella_arena_create in this
 * binary. */
void stella_arena_destroy(stella_arena *arena);
void stella_arena_destroyp(stella_arena **arena); /* for STELLA_AUTO */

/* Gives all memory back but keeps the arena: what came from it is gone. Same restriction as destroy. */
void stella_arena_reset(stella_arena *arena);

/* Bytes handed out since create or reset. Same restriction. */
uint64_t stella_arena_used(const stella_arena *arena);

/* Zeroed memory for count elements of size bytes, aligned for any type; NULL when the product overflows or the budget
 * is spent. A count or size of 0 gives a valid pointer to nothing. Lives as long as the arena. */
void *stella_arena_alloc(stella_arena *arena, uint64_t count, uint64_t size);

/* A NUL-terminated copy, for system calls and libraries; NULL when the budget is spent. */
char *stella_arena_cstr(stella_arena *arena, stella_sv text);

/* A copy of the text; on a spent budget an empty view with ptr NULL. */
stella_sv stella_arena_dup(stella_arena *arena, stella_sv text);

/* Formatted text in the arena, NUL-terminated behind its end; ptr is NULL when the budget is spent. */
stella_sv stella_arena_printf(stella_arena *arena, const char *format, ...) STELLA_PRINTF(2, 3);

STELLA_END_DECLS

#endif

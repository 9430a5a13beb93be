#include <stella/arena.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define BLOCK_BYTES ((size_t)64 << 10)
#define ALIGN       _Alignof(max_align_t)

typedef struct block {
    struct block *next;
    size_t used, room;
    _Alignas(max_align_t) unsigned char bytes[];
} block;

typedef struct arena {
    stella_arena base; /* first: what crosses the boundary */
    block *blocks;     /* newest first; only the newest has room left */
    uint64_t budget, used;
} arena;

static block *block_create(size_t room) {
    block *b = malloc(sizeof *b + room);
    if (b)
        *b = (block){.room = room};
    return b;
}

/* A large piece gets a block of its own, behind the newest one, whose room stays in use. */
static void *take_from_own_block(arena *a, size_t size) {
    block *b = block_create(size);
    if (!b)
        return NULL;
    b->used = size;
    if (a->blocks) {
        b->next = a->blocks->next;
        a->blocks->next = b;
    } else {
        a->blocks = b;
    }
    return b->bytes;
}

static void *take(arena *a, size_t size) {
    if (size > BLOCK_BYTES / 4)
        return take_from_own_block(a, size);
    if (!a->blocks || a->blocks->room - a->blocks->used < size) {
        block *b = block_create(BLOCK_BYTES);
        if (!b)
            return NULL;
        b->next = a->blocks;
        a->blocks = b;
    }
    void *piece = a->blocks->bytes + a->blocks->used;
    a->blocks->used += size;
    return piece;
}

static void *arena_alloc(stella_arena *base, uint64_t count, uint64_t size) {
    arena *a = (arena *)base;
    uint64_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes) || bytes > a->budget - a->used)
        return NULL;
    const uint64_t rounded = (bytes + ALIGN - 1) / ALIGN * ALIGN;
    if (rounded < bytes || rounded > a->budget - a->used)
        return NULL;
    void *piece = take(a, (size_t)rounded);
    if (!piece)
        return NULL;
    a->used += rounded;
    return memset(piece, 0, (size_t)rounded);
}

stella_arena *stella_arena_create(uint64_t budget_bytes) {
    arena *a = malloc(sizeof *a);
    if (!a)
        return NULL;
    *a = (arena){.base = {.head = STELLA_HEAD(stella_arena), .alloc = arena_alloc}, .budget = budget_bytes};
    return &a->base;
}

void stella_arena_reset(stella_arena *base) {
    arena *a = (arena *)base;
    while (a->blocks) {
        block *next = a->blocks->next;
        free(a->blocks);
        a->blocks = next;
    }
    a->used = 0;
}

void stella_arena_destroy(stella_arena *base) {
    if (!base)
        return;
    stella_arena_reset(base);
    free(base);
}

void stella_arena_destroyp(stella_arena **base) {
    stella_arena_destroy(*base);
    *base = NULL;
}

uint64_t stella_arena_used(const stella_arena *base) {
    return ((const arena *)base)->used;
}

/* Everything below goes through the table: the arena may be the other side's. */

void *stella_arena_alloc(stella_arena *base, uint64_t count, uint64_t size) {
    return base->alloc(base, count, size);
}

char *stella_arena_cstr(stella_arena *base, stella_sv text) {
    char *copy = text.len < SIZE_MAX ? stella_arena_alloc(base, 1, text.len + 1) : NULL;
    if (copy && text.len)
        memcpy(copy, text.ptr, text.len);
    return copy;
}

stella_sv stella_arena_dup(stella_arena *base, stella_sv text) {
    const char *copy = stella_arena_cstr(base, text);
    return stella_sv_of(copy, copy ? text.len : 0);
}

stella_sv stella_arena_printf(stella_arena *base, const char *format, ...) {
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    const int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *text = len >= 0 ? stella_arena_alloc(base, 1, (uint64_t)len + 1) : NULL;
    if (text)
        vsnprintf(text, (size_t)len + 1, format, again);
    va_end(again);
    return stella_sv_of(text, text ? (size_t)len : 0);
}

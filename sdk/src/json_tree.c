#include <stella/json.h>

#include <stdio.h>
#include <stdlib.h>

#define PENDING_FIRST 64 /* children that wait for the end of their container before the arena is asked for more */
#define POINTER_MAX   sizeof(((stella_error *)0)->path)
#define QUADRATIC_MAX 16 /* members up to which comparing each with each is the fastest way to find duplicates */

/* An object or array whose end has not come. */
typedef struct frame {
    uint32_t first; /* its first child among the pending ones */
    uint32_t kind;
    uint32_t line; /* where it was opened */
    stella_sv key; /* of the member being read */
} frame;

typedef struct builder {
    stella_json_reader reader;
    stella_sv document;
    stella_arena *arena;
    stella_json_member *pending; /* children of all open containers; elements have no key */
    uint32_t count, room;
    uint32_t depth;
    frame frames[STELLA_JSON_DEPTH_MAX + 1];
    stella_json_member first[PENDING_FIRST];
} builder;

/* ---- errors: a JSON pointer (RFC 6901) to the value being read ------------------------------------------------------
 */

static void pointer_add(char *pointer, size_t *len, char byte) {
    if (*len + 1 < POINTER_MAX)
        pointer[(*len)++] = byte;
}

static void pointer_add_key(char *pointer, size_t *len, stella_sv key) {
    for (size_t i = 0; i < key.len; i++) {
        const char byte = key.ptr[i];
        pointer_add(pointer, len, byte == '~' || byte == '/' ? '~' : byte);
        if (byte == '~' || byte == '/')
            pointer_add(pointer, len, byte == '~' ? '0' : '1');
    }
}

static void pointer_of(const builder *b, char pointer[POINTER_MAX]) {
    size_t len = 0;
    for (uint32_t i = 1; i <= b->depth; i++) {
        const frame *f = &b->frames[i];
        const uint32_t next = i < b->depth ? f[1].first : b->count;
        char index[16];
        snprintf(index, sizeof index, "%u", next - f->first);
        pointer_add(pointer, &len, '/');
        pointer_add_key(pointer, &len, f->kind == STELLA_JSON_OBJECT ? f->key : stella_sv_cstr(index));
    }
    pointer[len] = '\0';
}

static stella_status fail(const builder *b, stella_status code, const char *what, stella_error *err) {
    char pointer[POINTER_MAX];
    pointer_of(b, pointer);
    return stella_error_set(err, code, pointer, "line %u: %s", b->reader.line, what);
}

static stella_status fail_memory(const builder *b, stella_error *err) {
    return fail(b, STELLA_E_NOMEM, "the document needs more memory than it may use", err);
}

static stella_status fail_reader(const builder *b, stella_error *err) {
    char pointer[POINTER_MAX];
    pointer_of(b, pointer);
    return stella_error_set(err, b->reader.error.code, pointer, "%s", b->reader.error.message);
}

/* ---- children -------------------------------------------------------------------------------------------------------
 */

/* Decoded texts lie in the reader's scratch and must be copied; all others are part of the document. */
static int keep_text(builder *b, stella_sv *out) {
    const stella_sv text = b->reader.text;
    const char *start = b->document.ptr;
    if (text.ptr >= start && text.ptr <= start + b->document.len) {
        *out = text;
        return 1;
    }
    *out = stella_arena_dup(b->arena, text);
    return out->ptr != NULL;
}

/* The pending children grow inside the arena, so that its budget bounds them too. */
static int pending_grow(builder *b) {
    if (b->room > UINT32_MAX / 2)
        return 0;
    stella_json_member *grown = stella_arena_alloc(b->arena, (uint64_t)b->room * 2, sizeof *grown);
    if (!grown)
        return 0;
    memcpy(grown, b->pending, b->count * sizeof *grown);
    b->pending = grown;
    b->room *= 2;
    return 1;
}

static int pending_add(builder *b, stella_json value) {
    if (b->count == b->room && !pending_grow(b))
        return 0;
    const frame *f = &b->frames[b->depth];
    b->pending[b->count++] = (stella_json_member){.key = f->key, .value = value};
    return 1;
}

static int by_key(const void *left, const void *right) {
    const stella_json_member *const *a = left, *const *b = right;
    return stella_sv_cmp((*a)->key, (*b)->key);
}

static const stella_json_member *duplicate_of_few(const stella_json_member *members, uint32_t count) {
    for (uint32_t i = 1; i < count; i++)
        for (uint32_t j = 0; j < i; j++)
            if (stella_sv_eq(members[i].key, members[j].key))
                return &members[i];
    return NULL;
}

/* Sorting, not hashing: no input can make it slow.
 * Returns 0 when memory is short, else 1 with a member whose key came before, or NULL. */
static int find_duplicate(const stella_json_member *members, uint32_t count, const stella_json_member **out) {
    if (count <= QUADRATIC_MAX) {
        *out = duplicate_of_few(members, count);
        return 1;
    }
    const stella_json_member **sorted = malloc(count * sizeof *sorted);
    if (!sorted)
        return 0;
    for (uint32_t i = 0; i < count; i++)
        sorted[i] = &members[i];
    qsort(sorted, count, sizeof *sorted, by_key);
    *out = NULL;
    for (uint32_t i = 1; i < count && !*out; i++)
        if (stella_sv_eq(sorted[i - 1]->key, sorted[i]->key))
            *out = sorted[i];
    free(sorted);
    return 1;
}

static int copy_items(builder *b, const stella_json_member *children, stella_json *value) {
    stella_json *items = stella_arena_alloc(b->arena, value->count, sizeof *items);
    for (uint32_t i = 0; items && i < value->count; i++)
        items[i] = children[i].value;
    value->items = items;
    return items != NULL;
}

static int copy_members(builder *b, const stella_json_member *children, stella_json *value) {
    stella_json_member *members = stella_arena_alloc(b->arena, value->count, sizeof *members);
    if (members && value->count)
        memcpy(members, children, value->count * sizeof *members);
    value->members = members;
    return members != NULL;
}

/* ---- containers -----------------------------------------------------------------------------------------------------
 */

static void open_container(builder *b, uint32_t kind) {
    b->frames[++b->depth] = (frame){.first = b->count, .kind = kind, .line = b->reader.line};
}

/* Moves the container's children out of the pending ones and makes it a child itself. */
static stella_status close_container(builder *b, stella_error *err) {
    frame *f = &b->frames[b->depth];
    const stella_json_member *children = b->pending + f->first;
    stella_json value = {.kind = f->kind, .count = b->count - f->first, .line = f->line};
    const stella_json_member *twice = NULL;
    if (f->kind == STELLA_JSON_OBJECT && !find_duplicate(children, value.count, &twice))
        return fail_memory(b, err);
    if (twice) {
        f->key = twice->key;
        return fail(b, STELLA_E_FORMAT, "this key occurs twice", err);
    }
    if (!(f->kind == STELLA_JSON_OBJECT ? copy_members : copy_items)(b, children, &value))
        return fail_memory(b, err);
    b->count = f->first;
    b->depth--;
    return pending_add(b, value) ? STELLA_OK : fail_memory(b, err);
}

static stella_status take_token(builder *b, uint32_t token, stella_error *err) {
    stella_json value = {.kind = token, .line = b->reader.line};
    switch (token) {
    case STELLA_JSON_ERROR:
        return fail_reader(b, err);
    case STELLA_JSON_OBJECT:
    case STELLA_JSON_ARRAY:
        open_container(b, token);
        return STELLA_OK;
    case STELLA_JSON_OBJECT_END:
    case STELLA_JSON_ARRAY_END:
        return close_container(b, err);
    case STELLA_JSON_KEY:
        return keep_text(b, &b->frames[b->depth].key) ? STELLA_OK : fail_memory(b, err);
    case STELLA_JSON_STRING:
    case STELLA_JSON_NUMBER:
        if (!keep_text(b, &value.text))
            return fail_memory(b, err);
        break;
    default:
        break;
    }
    return pending_add(b, value) ? STELLA_OK : fail_memory(b, err);
}

static stella_status build(builder *b, const stella_json **out, stella_error *err) {
    for (uint32_t token; (token = stella_json_next(&b->reader)) != STELLA_JSON_NONE;) {
        const stella_status status = take_token(b, token, err);
        if (status != STELLA_OK)
            return status;
    }
    stella_json *root = stella_arena_alloc(b->arena, 1, sizeof *root);
    if (!root)
        return fail_memory(b, err);
    *root = b->pending[0].value;
    *out = root;
    return STELLA_OK;
}

stella_status stella_json_parse(stella_sv document, stella_arena *arena, const stella_json **out, stella_error *err) {
    builder b;
    b.document = document;
    b.arena = arena;
    b.pending = b.first;
    b.count = b.depth = 0;
    b.room = PENDING_FIRST;
    b.frames[0] = (frame){0};
    /* A decoded string is never longer than the document. */
    stella_json_reader_init(&b.reader, document, document.len + 1);
    const stella_status status = build(&b, out, err);
    stella_json_reader_fini(&b.reader);
    return status;
}

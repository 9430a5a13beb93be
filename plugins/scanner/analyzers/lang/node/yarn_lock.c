#include "lock.h"
#include "names.h"

#include <stella/cursor.h>

#define KEYS_MAX 1000 /* what may ask for one package */

/* A dependency as it is written; names and ranges become entries when all keys are known. */
typedef struct wanted {
    uint32_t from;
    uint32_t flags;
    stella_sv name;
    stella_sv range;
} wanted;

typedef struct yarn_lock {
    lock *out;
    lookup by_key;
    wanted *wants;
    uint32_t count, room;
    uint32_t flags; /* of the list of dependencies at hand */
    uint32_t line;
    int32_t in_list; /* lines of four blanks are dependencies */
    uint32_t reserved;
    stella_error *err;
} yarn_lock;

static stella_status no_memory(const yarn_lock *y) {
    return stella_error_set(y->err, STELLA_E_NOMEM, NULL, "no memory for the lock file");
}

/* A word, quoted or not, at the front of *rest; steps over it and the blanks behind it. There are no escapes in what
 * yarn writes but those of names no registry allows. */
static stella_sv next_word(stella_sv *rest) {
    const int is_quoted = rest->len && rest->ptr[0] == '"';
    const stella_sv from = stella_sv_skip(*rest, is_quoted ? 1 : 0);
    const stella_sv word = stella_sv_first(from, stella_sv_find(from, is_quoted ? '"' : ' '));
    *rest = stella_sv_trim(stella_sv_skip(from, word.len + (is_quoted ? 1 : 0)));
    return word;
}

/* "a@npm:b@^1" asks for b. */
static stella_sv real_name(stella_sv key) {
    stella_sv name, range, real, rest;
    if (!name_split(key, &name, &range))
        return STELLA_SV("");
    if (stella_sv_starts(range, STELLA_SV("npm:"))) {
        range = stella_sv_skip(range, 4);
        return name_split(range, &real, &rest) ? real : name_is_good(range) ? range : name;
    }
    return name;
}

static void keep_key(lock_entry *e, stella_sv key) {
    if (e->name.len == 0)
        e->name = real_name(key);
}

/* Keys are joined in the arena only when there are several. */
static stella_status take_keys(yarn_lock *y, stella_sv line, lock_entry *e, uint32_t position) {
    stella_sv rest = stella_sv_first(line, line.len - 1), key;
    for (uint32_t i = 0; rest.len; i++) {
        if (i == KEYS_MAX)
            return stella_error_set(y->err, STELLA_E_LIMIT, NULL, "line %u: too many keys", y->line);
        const int is_quoted = rest.ptr[0] == '"';
        const stella_sv from = stella_sv_skip(rest, is_quoted ? 1 : 0);
        key = stella_sv_first(from, stella_sv_find(from, is_quoted ? '"' : ','));
        rest = stella_sv_skip(from, key.len + (is_quoted ? 1 : 0));
        if (rest.len && rest.ptr[0] == ',')
            rest = stella_sv_trim(stella_sv_skip(rest, 1));
        else if (rest.len)
            return stella_error_set(y->err, STELLA_E_FORMAT, NULL, "line %u: no list of keys", y->line);
        e->keys =
            i ? stella_arena_printf(y->out->arena, "%.*s\n%.*s", STELLA_SV_FMT(e->keys), STELLA_SV_FMT(key)) : key;
        keep_key(e, key);
        if (!e->keys.ptr || !lookup_add(&y->by_key, key, position))
            return no_memory(y);
    }
    return STELLA_OK;
}

static stella_status begin_entry(yarn_lock *y, stella_sv line) {
    lock_entry *e = NULL;
    if (line.ptr[line.len - 1] != ':')
        return stella_error_set(y->err, STELLA_E_FORMAT, NULL, "line %u: no entry of a lock file", y->line);
    const stella_status status = lock_add(y->out, &e, y->err);
    if (status != STELLA_OK)
        return status;
    e->line = y->line;
    y->in_list = 0;
    return take_keys(y, line, e, y->out->count - 1);
}

static void take_field(yarn_lock *y, stella_sv line) {
    lock_entry *e = &y->out->entries[y->out->count - 1];
    const stella_sv name = next_word(&line);
    const int is_optional = stella_sv_eq(name, STELLA_SV("optionalDependencies:"));
    y->in_list = is_optional || stella_sv_eq(name, STELLA_SV("dependencies:"));
    y->flags = is_optional ? STELLA_RELATION_OPTIONAL : 0;
    if (stella_sv_eq(name, STELLA_SV("version")))
        e->version = next_word(&line);
    else if (stella_sv_eq(name, STELLA_SV("resolved")))
        e->resolved = next_word(&line);
    else if (stella_sv_eq(name, STELLA_SV("integrity")))
        e->integrity = line; /* several stand behind each other */
}

static int wants_grow(yarn_lock *y) {
    const uint32_t room = y->room ? y->room * 2 : 256;
    wanted *grown = stella_arena_alloc(y->out->arena, room, sizeof *grown);
    if (!grown)
        return 0;
    if (y->count)
        memcpy(grown, y->wants, y->count * sizeof *grown);
    y->wants = grown;
    y->room = room;
    return 1;
}

static stella_status take_want(yarn_lock *y, stella_sv line) {
    const stella_sv name = next_word(&line);
    const stella_sv range = next_word(&line);
    if (y->count == LOCK_EDGES_MAX) {
        y->out->is_cut = 1;
        return STELLA_OK;
    }
    if (y->count == y->room && !wants_grow(y))
        return no_memory(y);
    y->wants[y->count++] = (wanted){.from = y->out->count - 1, .flags = y->flags, .name = name, .range = range};
    return STELLA_OK;
}

static stella_status take_line(yarn_lock *y, stella_sv line) {
    const stella_sv text = stella_sv_trim(line);
    const size_t indent = (size_t)(text.ptr - line.ptr);
    if (text.len == 0 || text.ptr[0] == '#')
        return STELLA_OK;
    if (indent == 0)
        return begin_entry(y, text);
    if (y->out->count == 0)
        return stella_error_set(y->err, STELLA_E_FORMAT, NULL, "line %u: a field without an entry", y->line);
    if (indent == 2)
        take_field(y, text);
    else if (indent == 4 && y->in_list)
        return take_want(y, text);
    return STELLA_OK;
}

static stella_status resolve_all(yarn_lock *y) {
    stella_status status = STELLA_OK;
    lookup_sort(&y->by_key);
    for (uint32_t i = 0; status == STELLA_OK && i < y->count; i++) {
        const wanted *w = &y->wants[i];
        const stella_sv parts[] = {w->name, STELLA_SV("@"), w->range};
        const uint32_t to = lookup_find_joined(&y->by_key, parts, 3);
        if (to != LOOKUP_NONE)
            status = lock_need(y->out, w->from, to, w->flags, y->err);
    }
    return status;
}

stella_status yarn_lock_read(stella_sv text, lock *out, stella_error *err) {
    yarn_lock y = {.out = out, .by_key = lookup_in(out->arena), .err = err};
    stella_cursor c = stella_cursor_of(text.ptr, text.len);
    stella_status status = STELLA_OK;
    stella_sv line;
    if (stella_sv_utf8_prefix(text) != text.len)
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "not UTF-8");
    while (status == STELLA_OK && stella_cursor_line(&c, &line)) {
        y.line++;
        status = take_line(&y, line);
    }
    return status == STELLA_OK ? resolve_all(&y) : status;
}

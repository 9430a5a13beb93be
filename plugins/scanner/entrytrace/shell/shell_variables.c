/* Variables, positional parameters, options. */
#include "shell_eval.h"

#include <stdlib.h>

static shell_value *new_value(shell_eval *e) {
    return shell_memory(e, 1, sizeof(shell_value));
}

void shell_set_value(shell_eval *e, stella_sv name, const shell_value *value) {
    if (shell_ok(e) && !shell_state_set(e->state, SLOT_VARIABLE, name, value))
        shell_stop(e, stella_error_set(e->err, STELLA_E_LIMIT, NULL, "a script with too many variables"));
}

const shell_value *shell_get(const shell_eval *e, stella_sv name) {
    return shell_state_get(e->state, SLOT_VARIABLE, name);
}

stella_word shell_get_word(const shell_eval *e, const char *name) {
    const shell_value *value = shell_get(e, stella_sv_cstr(name));
    if (!value)
        return shell_known(STELLA_SV(""));
    return value->flags & VALUE_ARRAY ? shell_unsure(stella_sv_cstr(name)) : value->word;
}

void shell_set(shell_eval *e, stella_sv name, stella_word word) {
    const shell_value *old = shell_get(e, name);
    if (old && old->flags & VALUE_ARRAY) {
        const shell_item item = {.key = STELLA_SV("0"), .word = word};
        shell_set_list(e, SLOT_VARIABLE, name, old->flags, &item, 1);
        return;
    }
    shell_value *value = new_value(e);
    if (!value)
        return;
    value->word = word;
    value->flags = (old ? old->flags & VALUE_EXPORTED : 0) | (shell_option(e, "allexport") ? VALUE_EXPORTED : 0);
    shell_set_value(e, name, value);
}

void shell_set_flags(shell_eval *e, stella_sv name, uint32_t flags) {
    const shell_value *old = shell_get(e, name);
    shell_value *value = old ? new_value(e) : NULL;
    if (!value)
        return;
    *value = *old;
    value->flags |= flags;
    shell_set_value(e, name, value);
}

void shell_unset(shell_eval *e, stella_sv name) {
    shell_set_value(e, name, NULL);
}

void shell_set_list(shell_eval *e, char kind, stella_sv name, uint32_t flags, const shell_item *items, uint32_t count) {
    shell_value *value = new_value(e);
    shell_item *copy = shell_memory(e, count, sizeof *copy);
    if (!value || !copy)
        return;
    if (count)
        memcpy(copy, items, count * sizeof *copy);
    *value = (shell_value){.flags = flags, .count = count, .items = copy};
    if (count > SHELL_VALUES_MAX || !shell_state_set(e->state, kind, name, value))
        shell_stop(e, stella_error_set(e->err, STELLA_E_LIMIT, NULL, "a script with too many values"));
}

void shell_set_positional(shell_eval *e, const stella_word *words, uint32_t count) {
    shell_item *items = shell_memory(e, count, sizeof *items);
    for (uint32_t i = 0; items && i < count; i++)
        items[i] = (shell_item){.word = words[i]};
    if (items)
        shell_set_list(e, SLOT_POSITIONAL, STELLA_SV(""), 0, items, count);
}

const shell_value *shell_positional(const shell_eval *e) {
    static const shell_value none = {0};
    const shell_value *value = shell_state_get(e->state, SLOT_POSITIONAL, STELLA_SV(""));
    return value ? value : &none;
}

int shell_option(const shell_eval *e, const char *name) {
    return shell_state_get(e->state, SLOT_OPTION, stella_sv_cstr(name)) != NULL;
}

void shell_set_option(shell_eval *e, stella_sv name, int is_on) {
    static const shell_value on = {.flags = 0};
    if (!shell_state_set(e->state, SLOT_OPTION, name, is_on ? &on : NULL))
        shell_stop(e, STELLA_E_LIMIT);
}

/* ---- assignments -------------------------------------------------------------------------------------------------- */

static const shell_item *find_item(const shell_value *array, stella_sv key) {
    for (uint32_t i = 0; array && i < array->count; i++)
        if (stella_sv_eq(array->items[i].key, key))
            return &array->items[i];
    return NULL;
}

/* The items of an array under construction. */
typedef struct shell_items {
    shell_item *items;
    uint32_t count, room;
    uint32_t is_unknown; /* a key that cannot be known */
    int64_t next;
} shell_items;

static void put_item(shell_eval *e, shell_items *a, stella_sv key, stella_word word) {
    for (uint32_t i = 0; i < a->count; i++)
        if (stella_sv_eq(a->items[i].key, key)) {
            a->items[i].word = word;
            return;
        }
    if (a->count == a->room) {
        shell_item *items = shell_memory(e, a->room ? a->room * 2 : 16, sizeof *items);
        if (!items)
            return;
        if (a->count)
            memcpy(items, a->items, a->count * sizeof *items);
        a->items = items;
        a->room = a->room ? a->room * 2 : 16;
    }
    a->items[a->count++] = (shell_item){.key = key, .word = word};
}

static void start_from(shell_eval *e, shell_items *a, const shell_value *old) {
    if (!old)
        return;
    if (!(old->flags & VALUE_ARRAY)) {
        put_item(e, a, STELLA_SV("0"), old->word);
        a->next = 1;
        return;
    }
    for (uint32_t i = 0; i < old->count; i++) {
        int64_t key = 0;
        put_item(e, a, old->items[i].key, old->items[i].word);
        if (shell_number(old->items[i].key, &key) && key >= a->next)
            a->next = key + 1;
    }
}

/* The key that an index means; ptr NULL: cannot be known. */
static stella_sv key_of(shell_eval *e, const shell_word *index, uint32_t is_map) {
    const stella_word word = shell_expand(e, index);
    int64_t number = 0;
    if (!shell_is_known(&word))
        return (stella_sv){0};
    if (is_map)
        return word.text.ptr ? word.text : STELLA_SV("");
    return shell_calculate(e, word.text, &number) ? stella_arena_printf(e->arena, "%lld", (long long)number)
                                                  : (stella_sv){0};
}

static void put_next(shell_eval *e, shell_items *a, stella_word word) {
    const stella_sv key = stella_arena_printf(e->arena, "%lld", (long long)a->next++);
    if (key.ptr)
        put_item(e, a, key, word);
}

static void put_element(shell_eval *e, shell_items *a, const shell_assignment *element, uint32_t is_map) {
    if (element->index) {
        const stella_sv key = key_of(e, element->index, is_map);
        int64_t number = 0;
        if (!key.ptr)
            a->is_unknown = 1;
        else
            put_item(e, a, key, shell_expand(e, element->value));
        a->next = key.ptr && shell_number(key, &number) ? number + 1 : a->next;
        return;
    }
    shell_fields fields = {0};
    shell_word alone = *element->value;
    alone.next = NULL;
    shell_expand_words(e, &alone, &fields);
    for (uint32_t i = 0; i < fields.count; i++)
        put_next(e, a, fields.items[i]);
}

static void assign_array(shell_eval *e, const shell_assignment *assignment, uint32_t flags) {
    const shell_value *old = shell_get(e, assignment->name);
    const uint32_t is_map = (flags & VALUE_MAP) || (old && old->flags & VALUE_MAP);
    shell_items items = {0};
    if (assignment->is_append)
        start_from(e, &items, old);
    for (const shell_assignment *it = assignment->elements; it && shell_ok(e); it = it->next)
        put_element(e, &items, it, is_map);
    if (items.is_unknown)
        put_item(e, &items, STELLA_SV("?"),
                 (stella_word){.text = assignment->name, .flags = STELLA_WORD_UNKNOWN | STELLA_WORD_MANY});
    shell_set_list(e, SLOT_VARIABLE, assignment->name, VALUE_ARRAY | (is_map ? VALUE_MAP : 0), items.items,
                   items.count);
}

static stella_word appended(shell_eval *e, const stella_word *old, stella_word word) {
    return (stella_word){.text = shell_join(e, old ? old->text : STELLA_SV(""), word.text),
                         .flags = word.flags | (old ? old->flags : 0)};
}

static void assign_item(shell_eval *e, const shell_assignment *assignment, stella_word word) {
    const shell_value *old = shell_get(e, assignment->name);
    const uint32_t is_map = old ? old->flags & VALUE_MAP : 0;
    const stella_sv key = key_of(e, assignment->index, is_map);
    shell_items items = {0};
    start_from(e, &items, old);
    if (!key.ptr) {
        put_item(e, &items, STELLA_SV("?"),
                 (stella_word){.text = assignment->name, .flags = STELLA_WORD_UNKNOWN | STELLA_WORD_MANY});
    } else {
        const shell_item *before = assignment->is_append ? find_item(old, key) : NULL;
        put_item(e, &items, key, before ? appended(e, &before->word, word) : word);
    }
    shell_set_list(e, SLOT_VARIABLE, assignment->name, VALUE_ARRAY | is_map, items.items, items.count);
}

void shell_assign(shell_eval *e, const shell_assignment *assignment, uint32_t flags) {
    if (assignment->is_array) {
        assign_array(e, assignment, flags);
        return;
    }
    stella_word word = shell_expand(e, assignment->value);
    const shell_value *old = shell_get(e, assignment->name);
    if (assignment->index)
        assign_item(e, assignment, word);
    else if (assignment->is_append && old && !(old->flags & VALUE_ARRAY))
        shell_set(e, assignment->name, appended(e, &old->word, word));
    else
        shell_set(e, assignment->name, word);
}

/* ---- environment -------------------------------------------------------------------------------------------------- */

void shell_import(shell_eval *e, const stella_launch *launch) {
    for (uint32_t i = 0; i < launch->env_count && shell_ok(e); i++) {
        shell_value *value = new_value(e);
        if (!value)
            return;
        *value = (shell_value){.flags = VALUE_EXPORTED, .word = launch->env[i].value};
        shell_set_value(e, launch->env[i].name, value);
    }
}

static int by_name(const void *a, const void *b) {
    return stella_sv_cmp(((const stella_variable *)a)->name, ((const stella_variable *)b)->name);
}

void shell_export(shell_eval *e) {
    const uint64_t version = shell_state_version(e->state);
    if (e->env && e->env_version == version)
        return;
    uint32_t count = 0, at = 0;
    stella_sv name;
    const shell_value *value;
    while (shell_state_each(e->state, SLOT_VARIABLE, &at, &name, &value))
        count += value->flags & VALUE_EXPORTED ? 1 : 0;
    stella_variable *env = shell_memory(e, (uint64_t)count + 1, sizeof *env);
    if (!env)
        return;
    count = at = 0;
    while (shell_state_each(e->state, SLOT_VARIABLE, &at, &name, &value))
        if (value->flags & VALUE_EXPORTED && !(value->flags & VALUE_ARRAY))
            env[count++] = (stella_variable){.name = name, .value = value->word};
    qsort(env, count, sizeof *env, by_name);
    e->env = env;
    e->env_count = count;
    e->env_version = version;
}

/* ---- what the shell itself makes ---------------------------------------------------------------------------------- */

/* FUNCNAME, BASH_SOURCE: the calls, the innermost first. */
static int call_list(shell_eval *e, int is_path, shell_value *out) {
    shell_item *items = shell_memory(e, e->call_count, sizeof *items);
    if (!items)
        return 0;
    /* Outside of functions FUNCNAME is not there; the script's own frame is "main". */
    if (!is_path && e->call_count == 1)
        return *out = (shell_value){.flags = VALUE_ARRAY, .items = items}, 1;
    for (uint32_t i = 0; i < e->call_count; i++) {
        const shell_call *call = &e->calls[e->call_count - 1 - i];
        items[i] = (shell_item){.key = stella_arena_printf(e->arena, "%u", i),
                                .word = shell_known(is_path ? call->path : call->name)};
    }
    *out = (shell_value){.flags = VALUE_ARRAY, .items = items, .count = e->call_count};
    return 1;
}

static int is_root(stella_sv user) {
    const stella_sv name = stella_sv_first(user, stella_sv_find(user, ':'));
    return !name.len || stella_sv_eq(name, STELLA_SV("0")) || stella_sv_eq(name, STELLA_SV("root"));
}

int shell_special(shell_eval *e, stella_sv name, shell_value *out) {
    static const char *const unsure[] = {"RANDOM",   "SECONDS", "LINENO",   "PPID",          "HOSTNAME",    "BASHPID",
                                         "HOSTTYPE", "SRANDOM", "MACHTYPE", "EPOCHREALTIME", "EPOCHSECONDS"};
    if (stella_sv_eq(name, STELLA_SV("PWD"))) {
        const stella_sv directory = shell_directory(e);
        *out = (shell_value){.word = directory.len ? shell_known(directory) : shell_unsure(STELLA_SV("$PWD"))};
        return 1;
    }
    for (size_t i = 0; i < sizeof unsure / sizeof unsure[0]; i++)
        if (stella_sv_eq(name, stella_sv_cstr(unsure[i])) && !shell_get(e, name))
            return *out = (shell_value){.word = shell_unsure(shell_join(e, STELLA_SV("$"), name))}, 1;
    if (e->is_posix || shell_get(e, name))
        return 0;
    if (stella_sv_eq(name, STELLA_SV("FUNCNAME")))
        return call_list(e, 0, out);
    if (stella_sv_eq(name, STELLA_SV("BASH_SOURCE")))
        return call_list(e, 1, out);
    if (stella_sv_eq(name, STELLA_SV("UID")) || stella_sv_eq(name, STELLA_SV("EUID")))
        *out = (shell_value){.word = is_root(e->hop->launch->user) ? shell_known(STELLA_SV("0"))
                                                                   : shell_unsure(STELLA_SV("$UID"))};
    else if (stella_sv_eq(name, STELLA_SV("OSTYPE")))
        *out = (shell_value){.word = shell_known(STELLA_SV("linux-gnu"))};
    else if (stella_sv_eq(name, STELLA_SV("BASH_VERSION")) || stella_sv_eq(name, STELLA_SV("BASH_VERSINFO")))
        *out = (shell_value){.word = shell_unsure(shell_join(e, STELLA_SV("$"), name))};
    else
        return 0;
    return 1;
}

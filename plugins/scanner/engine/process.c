#include "process.h"

#include <stella/json.h>

#include <stdlib.h>

/* Words that are being put behind each other. */
typedef struct words {
    stella_word *items;
    uint32_t count;
} words;

/* An array of texts; a text alone is a command for the shell, as old configurations have it. */
static stella_status add_words(const stella_json *value, const char *what, words *out, stella_error *err) {
    const int is_text = stella_json_is(value, STELLA_JSON_STRING);
    const uint32_t count = is_text ? 3 : value && stella_json_is(value, STELLA_JSON_ARRAY) ? value->count : 0;
    static const stella_sv shell[] = {STELLA_SV_INIT("/bin/sh"), STELLA_SV_INIT("-c")};
    if (count > PROCESS_WORDS_MAX - out->count)
        return stella_error_set(err, STELLA_E_LIMIT, what, "more than %u words", PROCESS_WORDS_MAX);
    for (uint32_t i = 0; i < count; i++) {
        const stella_json *item = is_text ? value : stella_json_at(value, i);
        if (!stella_json_is(item, STELLA_JSON_STRING))
            return stella_error_set(err, STELLA_E_FORMAT, what, "word %u is no text", i);
        out->items[out->count++].text = is_text && i < 2 ? shell[i] : stella_json_str(item);
    }
    return STELLA_OK;
}

static stella_status read_command(const stella_json *config, const stella_json *instead, stella_arena *arena,
                                  stella_launch *out, stella_error *err) {
    const stella_json *entrypoint = stella_json_get(instead, "entrypoint"), *cmd = stella_json_get(instead, "cmd");
    const int is_replaced = entrypoint != NULL;
    words all = {.items = stella_arena_alloc(arena, PROCESS_WORDS_MAX, sizeof *all.items)};
    if (!all.items)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the entrypoint");
    stella_status status =
        add_words(is_replaced ? entrypoint : stella_json_get(config, "Entrypoint"), "Entrypoint", &all, err);
    if (status == STELLA_OK && (cmd || !is_replaced))
        status = add_words(cmd ? cmd : stella_json_get(config, "Cmd"), "Cmd", &all, err);
    out->args = all.items;
    out->arg_count = all.count;
    return status;
}

static int by_name(const void *left, const void *right) {
    return stella_sv_cmp(((const stella_variable *)left)->name, ((const stella_variable *)right)->name);
}

typedef struct variables {
    stella_variable *items;
    uint32_t count;
} variables;

/* A later one of the same name counts. */
static void set_variable(variables *all, stella_sv name, stella_word value) {
    for (uint32_t i = 0; i < all->count; i++)
        if (stella_sv_eq(all->items[i].name, name)) {
            all->items[i].value = value;
            return;
        }
    all->items[all->count++] = (stella_variable){.name = name, .value = value};
}

static stella_status add_variables(const stella_json *list, variables *all, stella_error *err) {
    for (uint32_t i = 0; list && stella_json_is(list, STELLA_JSON_ARRAY) && i < list->count; i++) {
        stella_sv value = stella_json_str(stella_json_at(list, i)), name;
        if (all->count >= PROCESS_WORDS_MAX - 2)
            return stella_error_set(err, STELLA_E_LIMIT, "Env", "more than %u variables", PROCESS_WORDS_MAX);
        if (stella_sv_split(&value, '=', &name) && name.len)
            set_variable(all, name, (stella_word){.text = value.ptr ? value : STELLA_SV("")});
    }
    return STELLA_OK;
}

static int is_root(stella_sv user) {
    stella_sv rest = user, name;
    return !user.len || (stella_sv_split(&rest, ':', &name) &&
                         (stella_sv_eq(name, STELLA_SV("root")) || stella_sv_eq(name, STELLA_SV("0"))));
}

/* What every container has though no image says so. */
static stella_status read_environment(const stella_json *config, const stella_json *instead, stella_arena *arena,
                                      stella_launch *out, stella_error *err) {
    variables all = {.items = stella_arena_alloc(arena, PROCESS_WORDS_MAX, sizeof *all.items)};
    if (!all.items)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the environment");
    set_variable(&all, STELLA_SV("PATH"), (stella_word){.text = STELLA_SV(STELLA_DEFAULT_PATH)});
    set_variable(&all, STELLA_SV("HOSTNAME"),
                 (stella_word){.text = STELLA_SV("$HOSTNAME"), .flags = STELLA_WORD_UNKNOWN});
    if (is_root(out->user))
        set_variable(&all, STELLA_SV("HOME"), (stella_word){.text = STELLA_SV("/root")});
    else
        set_variable(&all, STELLA_SV("HOME"), (stella_word){.text = STELLA_SV("$HOME"), .flags = STELLA_WORD_UNKNOWN});
    stella_status status = add_variables(stella_json_get(config, "Env"), &all, err);
    if (status == STELLA_OK)
        status = add_variables(stella_json_get(instead, "env"), &all, err);
    qsort(all.items, all.count, sizeof *all.items, by_name);
    out->env = all.items;
    out->env_count = all.count;
    return status;
}

static stella_sv either(const stella_json *instead, const char *name, const stella_json *config, const char *theirs) {
    const stella_json *said = stella_json_get(instead, name);
    return stella_json_str(said ? said : stella_json_get(config, theirs));
}

static stella_status parse(stella_sv text, const char *what, stella_arena *arena, const stella_json **out,
                           stella_error *err) {
    *out = NULL;
    if (!text.len)
        return STELLA_OK;
    const stella_status status = stella_json_parse(text, arena, out, err);
    if (status == STELLA_OK && !stella_json_is(*out, STELLA_JSON_OBJECT))
        return stella_error_set(err, STELLA_E_FORMAT, what, "not an object");
    return status;
}

stella_status process_read(stella_sv config, stella_sv instead, stella_arena *arena, stella_launch *out, int *is_asked,
                           stella_error *err) {
    const stella_json *image = NULL, *said = NULL;
    stella_status status = parse(config, "config", arena, &image, err);
    if (status == STELLA_OK)
        status = parse(instead, "process", arena, &said, err);
    if (status != STELLA_OK)
        return status;
    const stella_json *its = stella_json_get(image, "config");
    stella_launch made = {.struct_size = sizeof made,
                          .user = either(said, "user", its, "User"),
                          .directory = either(said, "directory", its, "WorkingDir")};
    if (!made.directory.len)
        made.directory = STELLA_SV("/");
    status = read_command(its, said, arena, &made, err);
    if (status == STELLA_OK)
        status = read_environment(its, said, arena, &made, err);
    if (status == STELLA_OK) {
        *out = made;
        *is_asked = image != NULL || said != NULL;
    }
    return status;
}

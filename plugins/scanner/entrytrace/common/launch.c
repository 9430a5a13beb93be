#include "launch.h"

stella_launch launch_from(const stella_launch *launch, uint32_t at) {
    stella_launch next = *launch;
    next.args += at;
    next.arg_count -= at;
    next.program = STELLA_SV("");
    return next;
}

stella_status launch_replace(stella_arena *arena, stella_launch *launch, uint32_t first, uint32_t behind,
                             const stella_word *words, uint32_t count, stella_error *err) {
    const uint64_t all = (uint64_t)launch->arg_count - (behind - first) + count;
    if (all > LAUNCH_WORDS_MAX)
        return stella_error_set(err, STELLA_E_LIMIT, NULL, "a command of more than %d words", LAUNCH_WORDS_MAX);
    stella_word *args = stella_arena_alloc(arena, all, sizeof *args);
    if (!args)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "a command of %u words", (unsigned)all);
    uint32_t n = 0;
    for (uint32_t i = 0; i < first; i++)
        args[n++] = launch->args[i];
    for (uint32_t i = 0; i < count; i++)
        args[n++] = words[i];
    for (uint32_t i = behind; i < launch->arg_count; i++)
        args[n++] = launch->args[i];
    launch->args = args;
    launch->arg_count = n;
    return STELLA_OK;
}

stella_status launch_shell(stella_arena *arena, stella_launch *launch, stella_sv shell, stella_word command,
                           stella_error *err) {
    const stella_word words[] = {word_of(shell), word_of(STELLA_SV("-c")), command};
    launch->program = STELLA_SV("");
    return launch_replace(arena, launch, 0, launch->arg_count, words, 3, err);
}

/* Where the variable is, or would be. */
static uint32_t lower_bound(const stella_launch *launch, stella_sv name) {
    uint32_t low = 0, high = launch->env_count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (stella_sv_cmp(launch->env[middle].name, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

stella_sv launch_text(const stella_launch *launch, const char *name) {
    const stella_word *value = stella_launch_variable(launch, stella_sv_cstr(name));
    return value && word_is_known(value) ? value->text : STELLA_SV("");
}

stella_status launch_set(stella_arena *arena, stella_launch *launch, stella_sv name, stella_word value,
                         stella_error *err) {
    const uint32_t at = lower_bound(launch, name), old = stella_launch_variable(launch, name) ? 1 : 0;
    const uint32_t count = launch->env_count - old + 1;
    if (count > LAUNCH_VARIABLES_MAX)
        return stella_error_set(err, STELLA_E_LIMIT, NULL, "more than %d variables", LAUNCH_VARIABLES_MAX);
    stella_variable *env = stella_arena_alloc(arena, count, sizeof *env);
    if (!env)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "an environment of %u variables", count);
    for (uint32_t i = 0; i < at; i++)
        env[i] = launch->env[i];
    env[at] = (stella_variable){.name = name, .value = value};
    for (uint32_t i = at + 1; i < count; i++)
        env[i] = launch->env[i - 1 + old];
    launch->env = env;
    launch->env_count = count;
    return STELLA_OK;
}

/* Keeps the variables whose name is in the list, or those that are not. */
static stella_status filter(stella_arena *arena, stella_launch *launch, const char *list, stella_sv name, int keep,
                            stella_error *err) {
    stella_variable *env = stella_arena_alloc(arena, launch->env_count, sizeof *env);
    if (!env)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "an environment of %u variables", launch->env_count);
    uint32_t n = 0;
    for (uint32_t i = 0; i < launch->env_count; i++) {
        const stella_sv one = launch->env[i].name;
        if ((list ? text_list_has(list, one) : stella_sv_eq(one, name)) == keep)
            env[n++] = launch->env[i];
    }
    launch->env = env;
    launch->env_count = n;
    return STELLA_OK;
}

stella_status launch_unset(stella_arena *arena, stella_launch *launch, stella_sv name, stella_error *err) {
    return filter(arena, launch, NULL, name, 0, err);
}

stella_status launch_keep(stella_arena *arena, stella_launch *launch, const char *names, stella_error *err) {
    launch->flags &= ~STELLA_LAUNCH_ENV_OPEN;
    return filter(arena, launch, names, STELLA_SV(""), 1, err);
}

stella_status launch_assign(stella_arena *arena, stella_launch *launch, const stella_word *word, int *is_one,
                            stella_error *err) {
    const size_t equals = stella_sv_find(word->text, '=');
    const stella_sv name = stella_sv_first(word->text, equals);
    *is_one = equals < word->text.len && text_is_name(name);
    if (!*is_one)
        return STELLA_OK;
    const stella_word value = {.text = stella_sv_skip(word->text, equals + 1),
                               .flags = word->flags & STELLA_WORD_UNKNOWN};
    return launch_set(arena, launch, name, value, err);
}

stella_sv launch_path(stella_arena *arena, stella_sv directory, stella_sv path) {
    const int is_absolute = path.len && path.ptr[0] == '/';
    return is_absolute || directory.len ? stella_launch_path(arena, directory, path) : stella_sv_of(NULL, 0);
}

stella_status launch_chdir(stella_arena *arena, stella_launch *launch, const stella_word *directory,
                           stella_error *err) {
    const int is_relative = !directory->text.len || directory->text.ptr[0] != '/';
    if (!word_is_known(directory) || (is_relative && !launch->directory.len)) {
        launch->directory = STELLA_SV("");
        return STELLA_OK;
    }
    const stella_sv path = launch_path(arena, launch->directory, directory->text);
    const stella_sv full = path.ptr ? stella_arena_printf(arena, "/%.*s", STELLA_SV_FMT(path)) : stella_sv_of(NULL, 0);
    if (!full.ptr)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "the memory for one hop is used up");
    launch->directory = full;
    return STELLA_OK;
}

static int is_plain(stella_sv text) {
    for (size_t i = 0; i < text.len; i++) {
        const char c = text.ptr[i];
        const int letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!letter && (!c || !strchr("_-./:=,@%+", c)))
            return 0;
    }
    return text.len > 0;
}

stella_sv launch_quote(stella_arena *arena, stella_sv text) {
    if (is_plain(text))
        return text;
    char *out = stella_arena_alloc(arena, 4 * text.len + 2, 1);
    if (!out)
        return stella_sv_of(NULL, 0);
    size_t n = 0;
    out[n++] = '\'';
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '\'') {
            memcpy(out + n, "'\\''", 4);
            n += 4;
        } else {
            out[n++] = text.ptr[i];
        }
    }
    out[n++] = '\'';
    return stella_sv_of(out, n);
}

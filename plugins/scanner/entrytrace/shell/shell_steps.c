/* Programs that a script starts. They are kept until the end: which of them is what runs until the end is known then. */
#include "shell_eval.h"

/* What makes things ready and goes away: it is not what an image runs when something else is there. */
static int is_helper(stella_sv name) {
    static const char *const names[] = {
        "[",     "awk",      "basename", "cat",      "chmod",    "chown",
        "chgrp", "cp",       "curl",     "cut",      "date",     "dirname",
        "echo",  "egrep",    "envsubst", "expr",     "false",    "fgrep",
        "find",  "gawk",     "getent",   "grep",     "groupadd", "groupmod",
        "head",  "hostname", "id",       "install",  "kill",     "ln",
        "ls",    "mkdir",    "mkfifo",   "mktemp",   "mount",    "mv",
        "nproc", "ps",       "printf",   "pwd",      "readlink", "realpath",
        "rm",    "rmdir",    "sed",      "seq",      "sleep",    "sort",
        "stat",  "stty",     "sync",     "tar",      "tee",      "test",
        "touch", "tr",       "true",     "ulimit",   "uname",    "uniq",
        "unzip", "useradd",  "usermod",  "addgroup", "adduser",  "wc",
        "wget",  "which",    "whoami",   "xargs",    "gzip",     "gunzip",
        "pgrep", "pkill",    "sysctl",   "nc",       "openssl",  "update-ca-certificates"};
    const size_t slash = stella_sv_rfind(name, '/');
    const stella_sv base = slash < name.len ? stella_sv_skip(name, slash + 1) : name;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (stella_sv_eq(base, stella_sv_cstr(names[i])))
            return 1;
    return 0;
}

static shell_step *new_step(shell_eval *e) {
    if (e->step_count >= SHELL_STEPS_MAX) {
        if (e->step_count == SHELL_STEPS_MAX)
            shell_unknown(e, STELLA_REASON_LIMIT, NULL, STELLA_SV("more steps than are followed"));
        e->step_count = SHELL_STEPS_MAX + 1;
        return NULL;
    }
    if (e->step_count == e->step_room) {
        const uint32_t room = e->step_room ? e->step_room * 2 : 32;
        shell_step *steps = shell_memory(e, room, sizeof *steps);
        if (!steps)
            return NULL;
        if (e->step_count)
            memcpy(steps, e->steps, e->step_count * sizeof *steps);
        e->steps = steps;
        e->step_room = room;
    }
    return &e->steps[e->step_count];
}

static int same_words(const stella_launch *a, const stella_launch *b) {
    if (a->arg_count != b->arg_count || !stella_sv_eq(a->directory, b->directory))
        return 0;
    for (uint32_t i = 0; i < a->arg_count; i++)
        if (a->args[i].flags != b->args[i].flags || !stella_sv_eq(a->args[i].text, b->args[i].text))
            return 0;
    return 1;
}

/* One like it that was said already. Returns its number + 1, 0 when there is none. */
static uint32_t known_step(const shell_eval *e, const shell_step *step) {
    for (uint32_t i = 0; i < e->step_count && i < SHELL_STEPS_MAX; i++)
        if (!e->steps[i].is_include && e->steps[i].how.kind == step->how.kind &&
            same_words(&e->steps[i].launch, &step->launch))
            return i + 1;
    return 0;
}

static shell_step step_of(shell_eval *e, const shell_args *args, uint32_t kind, const char *relation) {
    shell_export(e);
    return (shell_step){.launch = {.struct_size = sizeof(stella_launch),
                                   .arg_count = args->count < 4096 ? args->count : 4096,
                                   .args = args->items,
                                   .env = e->env,
                                   .env_count = e->env_count,
                                   .flags = e->hop->launch->flags,
                                   .directory = shell_directory(e),
                                   .user = e->hop->launch->user},
                        .how = {.kind = kind,
                                .is_possible = shell_is_possible(e) ? 1 : 0,
                                .relation = stella_sv_cstr(relation),
                                .span = shell_span(e, &args->node->range)}};
}

/* Returns its number + 1, or 0. */
static uint32_t add_step(shell_eval *e, const shell_step *step) {
    const uint32_t known = known_step(e, step);
    if (known) {
        e->steps[known - 1].how.is_possible &= step->how.is_possible;
        return known;
    }
    shell_step *out = shell_ok(e) ? new_step(e) : NULL;
    if (!out)
        return 0;
    *out = *step;
    return ++e->step_count;
}

static void put_steps(shell_eval *e, char kind, const shell_item *items, uint32_t count) {
    shell_set_list(e, kind, STELLA_SV(""), 0, items, count);
}

static shell_item item_of(shell_eval *e, uint32_t number) {
    return (shell_item){.key = stella_arena_printf(e->arena, "%u", number)};
}

static void add_job(shell_eval *e, uint32_t number) {
    const shell_value *jobs = shell_state_get(e->state, SLOT_JOBS, STELLA_SV(""));
    const uint32_t count = jobs ? jobs->count : 0;
    shell_item *items = shell_memory(e, (uint64_t)count + 1, sizeof *items);
    if (!items)
        return;
    if (count)
        memcpy(items, jobs->items, count * sizeof *items);
    items[count] = item_of(e, number);
    put_steps(e, SLOT_JOBS, items, count + 1);
}

void shell_run_program(shell_eval *e, const shell_args *args) {
    const stella_word *name = &args->items[0];
    const int helper = shell_is_known(name) && is_helper(name->text);
    if (shell_run_parts(e, args) || (helper && e->helper_count >= SHELL_HELPERS_MAX))
        return;
    const shell_step step = step_of(e, args, e->background ? STELLA_STEP_BACKGROUND : STELLA_STEP_RUN,
                                    e->background ? "background" : "command");
    const uint32_t before = e->step_count, number = add_step(e, &step);
    if (!number)
        return;
    e->helper_count += helper && e->step_count > before ? 1 : 0;
    if (e->background && !helper && !e->conditions)
        add_job(e, number);
    if (e->background || e->conditions || e->substitutions)
        return;
    const shell_value *last = shell_state_get(e->state, SLOT_LAST, STELLA_SV(""));
    const shell_item item = item_of(e, number);
    if (!helper || !last)
        put_steps(e, SLOT_LAST, &item, 1);
}

shell_flow shell_become(shell_eval *e, const shell_args *args, stella_sv program) {
    shell_step step = step_of(e, args, STELLA_STEP_MAIN, "exec");
    step.launch.program = program;
    e->is_failure = 0;
    if (e->subshells || e->background) {
        shell_run_program(e, args);
        e->last_status = STATUS_UNKNOWN;
        if (e->out)
            e->out->is_unknown = 1;
        return FLOW_EXIT;
    }
    (void)add_step(e, &step);
    e->last_status = STATUS_UNKNOWN;
    return FLOW_EXIT;
}

void shell_include(shell_eval *e, stella_sv path, const shell_range *range) {
    const stella_span span = shell_span(e, range);
    for (uint32_t i = 0; i < e->step_count && i < SHELL_STEPS_MAX; i++)
        if (e->steps[i].is_include && stella_sv_eq(e->steps[i].path, path) &&
            e->steps[i].how.span.first_line == span.first_line && stella_sv_eq(e->steps[i].how.span.path, span.path))
            return;
    shell_step *step = shell_ok(e) ? new_step(e) : NULL;
    if (!step)
        return;
    *step = (shell_step){.is_include = 1,
                         .path = path,
                         .how = {.kind = STELLA_STEP_INCLUDE,
                                 .is_possible = shell_is_possible(e) ? 1 : 0,
                                 .relation = STELLA_SV("source"),
                                 .span = span}};
    e->step_count++;
}

void shell_wait(shell_eval *e) {
    const shell_value *jobs = shell_state_get(e->state, SLOT_JOBS, STELLA_SV(""));
    if (jobs && jobs->count && !e->subshells)
        put_steps(e, SLOT_LAST, jobs->items, jobs->count);
}

static shell_step *step_at(shell_eval *e, const shell_item *item) {
    int64_t number = 0;
    return shell_number(item->key, &number) && number > 0 && number <= e->step_count ? &e->steps[number - 1] : NULL;
}

static int only_helpers(shell_eval *e, const shell_value *steps) {
    for (uint32_t i = 0; steps && i < steps->count; i++) {
        const shell_step *step = step_at(e, &steps->items[i]);
        if (step && !(shell_is_known(&step->launch.args[0]) && is_helper(step->launch.args[0].text)))
            return 0;
    }
    return 1;
}

void shell_finish(shell_eval *e) {
    const shell_value *last = shell_state_get(e->state, SLOT_LAST, STELLA_SV(""));
    const shell_value *jobs = shell_state_get(e->state, SLOT_JOBS, STELLA_SV(""));
    const int services = jobs && jobs->count && (last == NULL || only_helpers(e, last));
    if (services)
        last = jobs;
    for (uint32_t i = 0; last && i < last->count; i++) {
        shell_step *step = step_at(e, &last->items[i]);
        if (!step)
            continue;
        const int several = step->how.kind == STELLA_STEP_BACKGROUND && last->count > 1;
        step->how.kind = several || step->how.kind == STELLA_STEP_SERVICE ? STELLA_STEP_SERVICE : STELLA_STEP_MAIN;
    }
}

stella_status shell_say(shell_eval *e) {
    const uint32_t count = e->step_count < SHELL_STEPS_MAX ? e->step_count : SHELL_STEPS_MAX;
    for (uint32_t i = 0; i < count && shell_ok(e); i++) {
        const shell_step *step = &e->steps[i];
        shell_stop(e, step->is_include ? stella_hop_include(e->hop, step->path, &step->how, e->err)
                                       : stella_hop_step(e->hop, &step->launch, &step->how, e->err));
    }
    return e->status;
}

/* ---- run-parts(8) ------------------------------------------------------------------------------------------------- */

/* Letters, digits, "_" and "-" alone. */
static int is_part_name(stella_sv name) {
    for (size_t i = 0; i < name.len; i++) {
        const char c = name.ptr[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-'))
            return 0;
    }
    return name.len > 0;
}

static void run_part(shell_eval *e, const shell_args *args, stella_sv path) {
    stella_word *word = shell_memory(e, 1, sizeof *word);
    if (!word)
        return;
    *word = shell_known(path);
    const shell_args one = {.items = word, .count = 1, .node = args->node};
    shell_step step = step_of(e, &one, STELLA_STEP_RUN, "run-parts");
    step.how.node_kind = STELLA_NODE_RUN_PARTS_SCRIPT;
    (void)add_step(e, &step);
}

int shell_run_parts(shell_eval *e, const shell_args *args) {
    const stella_word *directory = &args->items[args->count - 1];
    if (args->count < 2 || !shell_is_known(&args->items[0]) || !shell_is_known(directory) ||
        !stella_sv_ends(args->items[0].text, STELLA_SV("run-parts")) || directory->text.ptr == NULL ||
        !directory->text.len || directory->text.ptr[0] != '/')
        return 0;
    const stella_sv where = shell_path(e, directory->text);
    stella_entries it = STELLA_ENTRIES_INIT;
    stella_file file = STELLA_FILE_INIT, target;
    uint32_t count = 0;
    int any_name = 0;
    for (uint32_t i = 1; i < args->count; i++)
        any_name |= stella_sv_starts(args->items[i].text, STELLA_SV("--regex"));
    while (where.ptr && shell_ok(e) && stella_view_next(e->hop->view, where, &it, &file)) {
        const stella_sv path = shell_join(e, STELLA_SV("/"), file.path);
        const size_t slash = stella_sv_rfind(path, '/');
        if ((!any_name && !is_part_name(stella_sv_skip(path, slash + 1))) || shell_stat(e, path, &target) != 1 ||
            target.kind != STELLA_FILE_REGULAR || !(target.mode & 0111) || count >= e->hop->run_parts_max)
            continue;
        run_part(e, args, path);
        count++;
    }
    if (!count)
        shell_unknown(e, STELLA_REASON_RUN_PARTS_EMPTY, &args->node->range, directory->text);
    return 1;
}

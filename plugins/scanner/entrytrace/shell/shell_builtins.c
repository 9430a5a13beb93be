/* Commands that the shell itself is. */
#include "shell_eval.h"

typedef shell_flow (*builtin_fn)(shell_eval *e, const shell_args *args);

static shell_flow done(shell_eval *e, int status) {
    e->last_status = status;
    return FLOW_NEXT;
}

static int arg_is(const shell_args *args, uint32_t i, const char *text) {
    return i < args->count && shell_is_known(&args->items[i]) &&
           stella_sv_eq(args->items[i].text, stella_sv_cstr(text));
}

static shell_args from(const shell_args *args, uint32_t first) {
    return (shell_args){.items = args->items + first, .count = args->count - first, .node = args->node};
}

/* ---- output ------------------------------------------------------------------------------------------------------- */

void shell_print(shell_eval *e, stella_sv text) {
    if (e->out)
        stella_buf_add(&e->out->text, text);
}

void shell_print_word(shell_eval *e, const stella_word *word) {
    shell_print(e, word->text);
    if (e->out && !shell_is_known(word))
        e->out->is_unknown = 1;
}

static shell_flow echo(shell_eval *e, const shell_args *args) {
    uint32_t i = 1;
    int newline = 1;
    for (; i < args->count && (arg_is(args, i, "-n") || arg_is(args, i, "-e") || arg_is(args, i, "-ne")); i++)
        newline &= !stella_sv_starts(args->items[i].text, STELLA_SV("-n"));
    for (uint32_t first = i; i < args->count; i++) {
        if (i > first)
            shell_print(e, STELLA_SV(" "));
        shell_print_word(e, &args->items[i]);
        if (e->out && stella_sv_find(args->items[i].text, '\\') < args->items[i].text.len)
            e->out->is_unknown = 1; /* dash's echo and "echo -e" read it, bash's does not */
    }
    if (newline)
        shell_print(e, STELLA_SV("\n"));
    return done(e, 0);
}

/* One format once: %s, %d, %% and \n; what else there is makes the output unknown. Returns the words it took. */
static uint32_t print_format(shell_eval *e, stella_sv format, const shell_args *args, uint32_t at) {
    const uint32_t first = at;
    for (size_t i = 0; i < format.len; i++) {
        const char c = format.ptr[i], next = i + 1 < format.len ? format.ptr[i + 1] : '\0';
        if (c == '\\' && (next == 'n' || next == 't' || next == '\\'))
            shell_print(e, next == 'n' ? STELLA_SV("\n") : next == 't' ? STELLA_SV("\t") : STELLA_SV("\\")), i++;
        else if (c == '%' && next == '%')
            shell_print(e, STELLA_SV("%")), i++;
        else if (c == '%' && (next == 's' || next == 'd')) {
            if (at < args->count)
                shell_print_word(e, &args->items[at++]);
            else if (next == 'd')
                shell_print(e, STELLA_SV("0"));
            i++;
        } else if ((c == '%' || c == '\\') && e->out)
            e->out->is_unknown = 1;
        else
            shell_print(e, stella_sv_of(&format.ptr[i], 1));
    }
    return at - first;
}

static shell_flow print(shell_eval *e, const shell_args *args) {
    uint32_t at = arg_is(args, 1, "--") ? 2 : 1;
    if (arg_is(args, 1, "-v") && args->count > 3) {
        shell_set(e, args->items[2].text, shell_unsure(shell_join(e, STELLA_SV("$"), args->items[2].text)));
        return done(e, 0);
    }
    if (at >= args->count || !e->out)
        return done(e, 0);
    const stella_word *format = &args->items[at++];
    if (!shell_is_known(format)) {
        e->out->is_unknown = 1;
        return done(e, 0);
    }
    uint32_t taken;
    do {
        taken = print_format(e, format->text, args, at);
        at += taken;
    } while (taken && at < args->count && !e->out->text.failed);
    return done(e, 0);
}

/* ---- flow --------------------------------------------------------------------------------------------------------- */

static int status_arg(shell_eval *e, const shell_args *args) {
    int64_t value = 0;
    if (args->count < 2)
        return e->last_status;
    return shell_is_known(&args->items[1]) && shell_number(args->items[1].text, &value) ? (int)(value & 255)
                                                                                        : STATUS_UNKNOWN;
}

static shell_flow exit_shell(shell_eval *e, const shell_args *args) {
    e->last_status = status_arg(e, args);
    e->is_failure = e->last_status > 0;
    if (!e->is_failure && !e->subshells)
        shell_finish(e);
    return FLOW_EXIT;
}

static shell_flow return_call(shell_eval *e, const shell_args *args) {
    e->last_status = status_arg(e, args);
    return FLOW_RETURN;
}

static shell_flow leave_loop(shell_eval *e, const shell_args *args, shell_flow flow) {
    int64_t levels = 1;
    if (args->count > 1 && !shell_number(args->items[1].text, &levels))
        levels = 1;
    e->loop_levels = levels > 0 && levels < 1000 ? (uint32_t)levels : 1;
    e->last_status = 0;
    return e->loops ? flow : FLOW_NEXT;
}

static shell_flow break_loop(shell_eval *e, const shell_args *args) {
    return leave_loop(e, args, FLOW_BREAK);
}

static shell_flow continue_loop(shell_eval *e, const shell_args *args) {
    return leave_loop(e, args, FLOW_CONTINUE);
}

/* exec [-c] [-l] [-a name] [command]: without a command its redirections are the shell's. */
shell_flow shell_exec(shell_eval *e, const shell_args *args) {
    uint32_t at = 1;
    const stella_word *name = NULL;
    while (at < args->count && shell_is_known(&args->items[at]) && args->items[at].text.len > 1 &&
           args->items[at].text.ptr[0] == '-') {
        if (arg_is(args, at++, "--"))
            break;
        if (stella_sv_ends(args->items[at - 1].text, STELLA_SV("a")) && at < args->count)
            name = &args->items[at++];
    }
    if (at >= args->count)
        return done(e, 0);
    shell_args next = from(args, at);
    if (!name)
        return shell_become(e, &next, STELLA_SV(""));
    stella_word *items = shell_memory(e, next.count, sizeof *items);
    if (!items)
        return FLOW_EXIT;
    memcpy(items, next.items, next.count * sizeof *items);
    const stella_sv program = items[0].text;
    items[0] = *name;
    next.items = items;
    return shell_become(e, &next, program);
}

/* command, builtin: not a function of that name. */
static shell_flow run_command(shell_eval *e, const shell_args *args) {
    uint32_t at = 1;
    shell_flow flow = FLOW_NEXT;
    if (arg_is(args, 1, "-v") || arg_is(args, 1, "-V")) {
        shell_program(e, args);
        return FLOW_NEXT;
    }
    while (arg_is(args, at, "-p") || arg_is(args, at, "--"))
        at++;
    if (at >= args->count)
        return done(e, 0);
    const shell_args next = from(args, at);
    if (shell_is_known(&next.items[0]) && shell_builtin(e, &next, &flow))
        return flow;
    shell_run_program(e, &next);
    if (!shell_program(e, &next)) {
        e->last_status = STATUS_UNKNOWN;
        if (e->out)
            e->out->is_unknown = 1;
    }
    return FLOW_NEXT;
}

static shell_flow wait_jobs(shell_eval *e, const shell_args *args) {
    (void)args;
    shell_wait(e);
    return done(e, STATUS_UNKNOWN);
}

/* ---- directory ---------------------------------------------------------------------------------------------------- */

static void set_directory(shell_eval *e, stella_sv path, int is_known) {
    shell_value *value = shell_memory(e, 1, sizeof *value);
    if (!value)
        return;
    value->word = is_known ? shell_known(path) : shell_unsure(STELLA_SV("$PWD"));
    if (!shell_state_set(e->state, SLOT_DIRECTORY, STELLA_SV(""), value))
        shell_stop(e, STELLA_E_NOMEM);
}

static shell_flow change_directory(shell_eval *e, const shell_args *args) {
    stella_file file;
    uint32_t at = 1;
    while (arg_is(args, at, "-P") || arg_is(args, at, "-L") || arg_is(args, at, "--") || arg_is(args, at, "-e"))
        at++;
    const stella_word to = at < args->count ? args->items[at] : shell_get_word(e, "HOME");
    shell_set(e, STELLA_SV("OLDPWD"),
              shell_directory(e).len ? shell_known(shell_directory(e)) : shell_unsure(STELLA_SV("$OLDPWD")));
    if (!shell_is_known(&to) || stella_sv_eq(to.text, STELLA_SV("-"))) {
        set_directory(e, STELLA_SV(""), 0);
        return done(e, STATUS_UNKNOWN);
    }
    const int found = shell_stat(e, to.text, &file);
    if (found == 0 || (found == 1 && file.kind != STELLA_FILE_DIRECTORY))
        return done(e, 1);
    const stella_sv path = shell_path(e, to.text);
    set_directory(e, path.ptr ? shell_join(e, STELLA_SV("/"), path) : STELLA_SV(""), path.ptr != NULL);
    return done(e, found == 1 ? 0 : STATUS_UNKNOWN);
}

static shell_flow print_directory(shell_eval *e, const shell_args *args) {
    (void)args;
    const stella_sv directory = shell_directory(e);
    const stella_word word = directory.len ? shell_known(directory) : shell_unsure(STELLA_SV("$PWD"));
    shell_print_word(e, &word);
    shell_print(e, STELLA_SV("\n"));
    return done(e, 0);
}

/* ---- variables ---------------------------------------------------------------------------------------------------- */

static shell_flow unset(shell_eval *e, const shell_args *args) {
    const int functions = arg_is(args, 1, "-f");
    for (uint32_t i = functions || arg_is(args, 1, "-v") ? 2 : 1; i < args->count; i++) {
        const stella_sv name = args->items[i].text;
        if (functions)
            (void)shell_state_set(e->state, SLOT_FUNCTION, name, NULL);
        else if (stella_sv_find(name, '[') < name.len)
            shell_set(e, stella_sv_first(name, stella_sv_find(name, '[')), shell_unsure(name));
        else
            shell_unset(e, name);
    }
    return done(e, 0);
}

static shell_flow shift(shell_eval *e, const shell_args *args) {
    const shell_value *all = shell_positional(e);
    int64_t count = 1;
    if (args->count > 1 && (!shell_is_known(&args->items[1]) || !shell_number(args->items[1].text, &count)))
        count = 1;
    if (count < 0 || count > all->count)
        return done(e, 1);
    const uint32_t drop = (uint32_t)count;
    for (uint32_t i = 0; i < drop; i++)
        if (all->items[i].word.flags & STELLA_WORD_MANY)
            return done(e, STATUS_UNKNOWN); /* who knows which went away */
    shell_set_list(e, SLOT_POSITIONAL, STELLA_SV(""), 0, all->items + drop, all->count - drop);
    return done(e, 0);
}

static void set_letters(shell_eval *e, stella_sv word) {
    static const char letters[] = "aefnuvx";
    static const char *const names[] = {"allexport", "errexit", "noglob", "noexec", "nounset", "verbose", "xtrace"};
    for (size_t i = 1; i < word.len; i++) {
        const char *letter = strchr(letters, word.ptr[i]);
        if (letter && *letter)
            shell_set_option(e, stella_sv_cstr(names[letter - letters]), word.ptr[0] == '-');
    }
}

static shell_flow set(shell_eval *e, const shell_args *args) {
    uint32_t i = 1;
    for (; i < args->count; i++) {
        const stella_word *word = &args->items[i];
        if (!shell_is_known(word) || !word->text.len || !memchr("-+", word->text.ptr[0], 2) || word->text.len == 1)
            break;
        if (arg_is(args, i, "--")) {
            shell_set_positional(e, args->items + i + 1, args->count - i - 1);
            return done(e, 0);
        }
        set_letters(e, word->text);
        if (stella_sv_ends(word->text, STELLA_SV("o")) && i + 1 < args->count)
            shell_set_option(e, args->items[++i].text, word->text.ptr[0] == '-');
    }
    if (i < args->count)
        shell_set_positional(e, args->items + i, args->count - i);
    return done(e, 0);
}

static shell_flow shopt(shell_eval *e, const shell_args *args) {
    const int on = arg_is(args, 1, "-s"), off = arg_is(args, 1, "-u");
    for (uint32_t i = 2; (on || off) && i < args->count; i++)
        shell_set_option(e, args->items[i].text, on);
    return done(e, on || off ? 0 : STATUS_UNKNOWN);
}

/* One line of a known input, which ends with mark; read is true when there was one. */
static int next_line(shell_stream *in, char mark, stella_sv *line) {
    const stella_sv rest = stella_sv_skip(stella_buf_sv(&in->text), in->at);
    if (!rest.len)
        return 0;
    const size_t end = stella_sv_find(rest, mark);
    *line = stella_sv_first(rest, end);
    in->at += end < rest.len ? end + 1 : end;
    return end < rest.len;
}

/* Words of the line to names, what is left to the last. */
static void to_names(shell_eval *e, stella_sv line, const shell_args *args, uint32_t at) {
    const stella_word ifs = shell_get(e, STELLA_SV("IFS")) ? shell_get_word(e, "IFS") : shell_known(STELLA_SV(" \t\n"));
    const stella_sv marks = ifs.text;
    for (; at < args->count; at++) {
        while (line.len && marks.len && strchr(" \t", line.ptr[0]) && memchr(marks.ptr, line.ptr[0], marks.len))
            line = stella_sv_skip(line, 1);
        size_t end = at + 1 < args->count ? 0 : line.len;
        while (end < line.len && !(marks.len && memchr(marks.ptr, line.ptr[end], marks.len)))
            end++;
        stella_sv word = stella_sv_first(line, end);
        shell_set(e, args->items[at].text, shell_known(shell_copy(e, marks.len ? stella_sv_trim(word) : word)));
        line = stella_sv_skip(line, end + 1);
    }
}

static shell_flow read_line(shell_eval *e, const shell_args *args) {
    static const char with_value[] = "adinNptu";
    uint32_t at = 1;
    int is_plain = 1;
    char mark = '\n';
    stella_sv line = {0};
    while (at < args->count && args->items[at].text.len > 1 && args->items[at].text.ptr[0] == '-') {
        const stella_sv option = args->items[at++].text;
        is_plain &= stella_sv_eq(option, STELLA_SV("-r")) || stella_sv_eq(option, STELLA_SV("-d")) ||
                    stella_sv_eq(option, STELLA_SV("-rd"));
        const char letter = option.ptr[option.len - 1];
        if (letter == 'd' && at < args->count)
            mark = args->items[at].text.len ? args->items[at].text.ptr[0] : '\0';
        at += letter && strchr(with_value, letter) ? 1 : 0;
    }
    if (is_plain && e->in && !e->in->is_unknown) {
        const int found = next_line(e->in, mark, &line);
        to_names(e, line, args, at);
        return done(e, !found);
    }
    for (; at < args->count; at++)
        shell_set(e, args->items[at].text, shell_unsure(shell_join(e, STELLA_SV("$"), args->items[at].text)));
    return done(e, STATUS_UNKNOWN);
}

static shell_flow map_file(shell_eval *e, const shell_args *args) {
    const stella_word *name = &args->items[args->count - 1];
    const shell_item item = {
        .word = {.text = shell_join(e, STELLA_SV("$"), name->text), .flags = STELLA_WORD_UNKNOWN | STELLA_WORD_MANY}};
    shell_set_list(e, SLOT_VARIABLE, name->text, VALUE_ARRAY, &item, 1);
    return done(e, 0);
}

static shell_flow let(shell_eval *e, const shell_args *args) {
    int64_t value = 0;
    int known = 1;
    for (uint32_t i = 1; i < args->count; i++)
        known = shell_is_known(&args->items[i]) && shell_calculate(e, args->items[i].text, &value);
    return done(e, known ? value == 0 : STATUS_UNKNOWN);
}

static shell_flow test(shell_eval *e, const shell_args *args) {
    const int bracket = arg_is(args, 0, "[");
    const uint32_t end = args->count - (bracket && arg_is(args, args->count - 1, "]") ? 1 : 0);
    const int value = end > 1 ? shell_test_words(e, args->items + 1, end - 1) : 0;
    return done(e, value == STATUS_UNKNOWN ? value : !value);
}

static shell_flow declared(shell_eval *e, const shell_args *args) {
    return shell_declare(e, args->node, args);
}

static shell_flow succeed(shell_eval *e, const shell_args *args) {
    (void)args;
    return done(e, 0);
}

static shell_flow fail(shell_eval *e, const shell_args *args) {
    (void)args;
    return done(e, 1);
}

static shell_flow unsure(shell_eval *e, const shell_args *args) {
    (void)args;
    if (e->out)
        e->out->is_unknown = 1;
    return done(e, STATUS_UNKNOWN);
}

static shell_flow program(shell_eval *e, const shell_args *args) {
    if (!shell_program(e, args))
        return unsure(e, args);
    return FLOW_NEXT;
}

static const struct {
    const char *name;
    builtin_fn call;
} BUILTINS[] = {{":", succeed},
                {"true", succeed},
                {"false", fail},
                {"echo", echo},
                {"printf", print},
                {"exit", exit_shell},
                {"return", return_call},
                {"break", break_loop},
                {"continue", continue_loop},
                {"exec", shell_exec},
                {"command", run_command},
                {"builtin", run_command},
                {"wait", wait_jobs},
                {"cd", change_directory},
                {"pushd", change_directory},
                {"popd", unsure},
                {"pwd", print_directory},
                {"unset", unset},
                {"shift", shift},
                {"set", set},
                {"shopt", shopt},
                {"read", read_line},
                {"mapfile", map_file},
                {"readarray", map_file},
                {"getopts", shell_getopts},
                {"let", let},
                {"test", test},
                {"[", test},
                {"export", declared},
                {"declare", declared},
                {"local", declared},
                {"readonly", declared},
                {"typeset", declared},
                {"source", shell_source},
                {".", shell_source},
                {"eval", shell_eval_text},
                {"trap", succeed},
                {"umask", succeed},
                {"ulimit", succeed},
                {"alias", succeed},
                {"unalias", succeed},
                {"hash", program},
                {"type", program},
                {"jobs", unsure},
                {"kill", unsure},
                {"fg", wait_jobs},
                {"bg", succeed},
                {"times", unsure},
                {"enable", succeed},
                {"disown", succeed},
                {"caller", unsure},
                {"suspend", succeed}};

int shell_is_builtin(stella_sv name) {
    for (size_t i = 0; i < sizeof BUILTINS / sizeof BUILTINS[0]; i++)
        if (stella_sv_eq(name, stella_sv_cstr(BUILTINS[i].name)))
            return 1;
    return 0;
}

int shell_builtin(shell_eval *e, const shell_args *args, shell_flow *flow) {
    for (size_t i = 0; i < sizeof BUILTINS / sizeof BUILTINS[0]; i++)
        if (stella_sv_eq(args->items[0].text, stella_sv_cstr(BUILTINS[i].name))) {
            *flow = BUILTINS[i].call(e, args);
            return 1;
        }
    return 0;
}

/* One launch of a shell: its options, the script it reads, what that starts. */
#include "shell_eval.h"

#include "shell_parse.h"

typedef struct invocation {
    uint32_t at;        /* the first word that is no option */
    uint32_t is_string; /* -c */
    uint32_t is_input;  /* -s */
    uint32_t is_login;
} invocation;

static stella_sv base_of(stella_sv path) {
    const size_t slash = stella_sv_rfind(path, '/');
    return slash < path.len ? stella_sv_skip(path, slash + 1) : path;
}

static int is_option(const stella_word *word) {
    return shell_is_known(word) && word->text.len > 1 && (word->text.ptr[0] == '-' || word->text.ptr[0] == '+');
}

/* "-euxo": letters, of which "o" and "O" take the next word. */
static void letters(shell_eval *e, invocation *in, stella_sv word) {
    const stella_launch *launch = e->hop->launch;
    const int on = word.ptr[0] == '-';
    for (size_t i = 1; i < word.len; i++) {
        const char c = word.ptr[i];
        in->is_string |= c == 'c' && on;
        in->is_input |= c == 's' && on;
        in->is_login |= c == 'l';
        if (c == 'e')
            shell_set_option(e, STELLA_SV("errexit"), on);
        else if (c == 'a')
            shell_set_option(e, STELLA_SV("allexport"), on);
        else if (c == 'f')
            shell_set_option(e, STELLA_SV("noglob"), on);
        else if ((c == 'o' || c == 'O') && in->at + 1 < launch->arg_count)
            shell_set_option(e, launch->args[++in->at].text, on);
    }
}

static invocation options(shell_eval *e) {
    const stella_launch *launch = e->hop->launch;
    invocation in = {.at = 1};
    for (; in.at < launch->arg_count && is_option(&launch->args[in.at]); in.at++) {
        const stella_sv word = launch->args[in.at].text;
        if (stella_sv_eq(word, STELLA_SV("--")))
            return in.at++, in;
        if (stella_sv_eq(word, STELLA_SV("--rcfile")) || stella_sv_eq(word, STELLA_SV("--init-file")))
            in.at++;
        else if (stella_sv_eq(word, STELLA_SV("--login")))
            in.is_login = 1;
        else if (!stella_sv_starts(word, STELLA_SV("--")))
            letters(e, &in, word);
    }
    return in;
}

static void start(shell_eval *e, const stella_word *arg_zero, const stella_word *words, uint32_t count) {
    e->name = arg_zero->text;
    e->calls[0] = (shell_call){.name = STELLA_SV("main"), .path = arg_zero->text};
    e->call_count = 1;
    shell_set_positional(e, words, count);
}

/* The script's end is the shell's: what ran last is what runs. */
static void follow(shell_eval *e, stella_sv text) {
    const shell_flow flow = shell_text_follow(e, text, NULL);
    if (flow != FLOW_EXIT && shell_ok(e))
        shell_finish(e);
}

static void run_string(shell_eval *e, const invocation *in) {
    const stella_launch *launch = e->hop->launch;
    if (in->at >= launch->arg_count) {
        shell_unknown(e, STELLA_REASON_UNSUPPORTED_SYNTAX, NULL, STELLA_SV("-c without a command"));
        return;
    }
    const stella_word *text = &launch->args[in->at];
    if (!shell_is_known(text)) {
        shell_unknown(e, STELLA_REASON_DYNAMIC_REFERENCE, NULL, text->text);
        return;
    }
    const uint32_t behind = in->at + 1;
    if (behind < launch->arg_count)
        start(e, &launch->args[behind], launch->args + behind + 1, launch->arg_count - behind - 1);
    else
        start(e, &launch->args[0], NULL, 0);
    follow(e, text->text);
}

/* A name without a slash that is not in the working directory is looked up in PATH. */
static int find_script(shell_eval *e, stella_sv name, stella_file *out) {
    stella_sv where = name;
    const int found = shell_read_file(e, name, out);
    if (found != 0 || stella_sv_find(name, '/') < name.len || shell_find_program(e, name, &where) != 1)
        return found;
    return shell_read_file(e, where, out);
}

static void run_script(shell_eval *e, const invocation *in) {
    const stella_launch *launch = e->hop->launch;
    const stella_word *name = &launch->args[in->at];
    stella_file file;
    if (!shell_is_known(name)) {
        shell_unknown(e, STELLA_REASON_DYNAMIC_REFERENCE, NULL, name->text);
        return;
    }
    const int found = find_script(e, name->text, &file);
    if (!shell_ok(e))
        return;
    if (found != 1) {
        shell_unknown(e, found == 0 ? STELLA_REASON_MISSING_FILE : STELLA_REASON_CONTENT_UNAVAILABLE, NULL, name->text);
        return;
    }
    e->path = shell_copy(e, file.path);
    start(e, name, launch->args + in->at + 1, launch->arg_count - in->at - 1);
    follow(e, file.bytes);
}

static void prepare(shell_eval *e) {
    static const char *const posix[] = {"sh", "dash", "ash"};
    const stella_launch *launch = e->hop->launch;
    const stella_sv self = launch->arg_count ? base_of(launch->args[0].text) : STELLA_SV("");
    for (size_t i = 0; i < sizeof posix / sizeof posix[0]; i++)
        e->is_posix |= stella_sv_eq(self, stella_sv_cstr(posix[i])) ? 1u : 0u;
    shell_import(e, launch);
    shell_value *directory = shell_memory(e, 1, sizeof *directory);
    if (!directory)
        return;
    directory->word = launch->directory.len ? shell_known(launch->directory) : shell_unsure(STELLA_SV("$PWD"));
    if (!shell_state_set(e->state, SLOT_DIRECTORY, STELLA_SV(""), directory))
        shell_stop(e, STELLA_E_NOMEM);
}

stella_status shell_resolve(stella_hop *hop, stella_error *err) {
    const stella_launch *launch = hop->launch;
    shell_eval *e = stella_arena_alloc(hop->view->arena, 1, sizeof *e);
    if (!e)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory to follow a script");
    *e = (shell_eval){.hop = hop, .arena = hop->view->arena, .err = err};
    e->state = shell_state_new(e->arena);
    if (!e->state)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory to follow a script");
    prepare(e);
    shell_stop(e, stella_hop_language(hop, STELLA_SV("shell"), err));
    const invocation in = options(e);
    if (in.is_login)
        stella_note(hop->view, STELLA_NOTE_INFO, STELLA_SV(""), 0,
                    STELLA_SV("a login shell: what its profile files set is not known"));
    if (in.is_string)
        run_string(e, &in);
    else if (in.is_input || in.at >= launch->arg_count)
        shell_stop(e, stella_hop_terminal(hop, &(stella_terminal){.type = STELLA_SV("other"), .confidence = 50}, err));
    else
        run_script(e, &in);
    return shell_say(e);
}

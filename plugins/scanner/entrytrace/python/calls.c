#include "calls.h"

#include "literals.h"

/* What the arguments of a function are. */
typedef enum call_form {
    FORM_FILE_LIST,      /* file, [words] */
    FORM_FILE_WORDS,     /* file, word, word... */
    FORM_MODE_FILE_LIST, /* mode, file, [words] */
    FORM_WORDS,          /* [words], or one text */
    FORM_LINE,           /* a line for a shell */
} call_form;

static const struct function {
    const char *name;
    call_form form;
    uint32_t kind;            /* STELLA_STEP_*; of modes: when it is not P_NOWAIT */
    uint32_t has_environment; /* 1: the last argument is one */
} functions[] = {
    {"os.execv", FORM_FILE_LIST, STELLA_STEP_MAIN, 0},
    {"os.execvp", FORM_FILE_LIST, STELLA_STEP_MAIN, 0},
    {"os.execve", FORM_FILE_LIST, STELLA_STEP_MAIN, 1},
    {"os.execvpe", FORM_FILE_LIST, STELLA_STEP_MAIN, 1},
    {"os.execl", FORM_FILE_WORDS, STELLA_STEP_MAIN, 0},
    {"os.execlp", FORM_FILE_WORDS, STELLA_STEP_MAIN, 0},
    {"os.execle", FORM_FILE_WORDS, STELLA_STEP_MAIN, 1},
    {"os.execlpe", FORM_FILE_WORDS, STELLA_STEP_MAIN, 1},
    {"os.spawnv", FORM_MODE_FILE_LIST, STELLA_STEP_RUN, 0},
    {"os.spawnvp", FORM_MODE_FILE_LIST, STELLA_STEP_RUN, 0},
    {"os.spawnve", FORM_MODE_FILE_LIST, STELLA_STEP_RUN, 1},
    {"os.spawnvpe", FORM_MODE_FILE_LIST, STELLA_STEP_RUN, 1},
    {"os.system", FORM_LINE, STELLA_STEP_RUN, 0},
    {"subprocess.run", FORM_WORDS, STELLA_STEP_RUN, 0},
    {"subprocess.call", FORM_WORDS, STELLA_STEP_RUN, 0},
    {"subprocess.check_call", FORM_WORDS, STELLA_STEP_RUN, 0},
    {"subprocess.check_output", FORM_WORDS, STELLA_STEP_RUN, 0},
    {"subprocess.Popen", FORM_WORDS, STELLA_STEP_BACKGROUND, 0},
};

typedef struct caller {
    stella_hop *hop;
    literals literals;
    stella_sv path;
    uint32_t count;
    int32_t waits;   /* for what it started: that is kept running then */
    int32_t changes; /* its environment */
    int32_t became;
} caller;

static const struct function *function_at(stella_sv text) {
    for (size_t i = 0; i < STELLA_COUNT(functions); i++) {
        const stella_sv name = stella_sv_cstr(functions[i].name);
        if (stella_sv_starts(text, name) && text.len > name.len && text.ptr[name.len] == '(')
            return &functions[i];
    }
    return NULL;
}

/* "cwd=..." among the arguments; empty when there is none. */
static stella_sv keyword(const literals_list *arguments, const char *name) {
    const stella_sv wanted = stella_sv_cstr(name);
    for (uint32_t i = 0; i < arguments->count; i++) {
        const stella_sv one = arguments->items[i];
        if (stella_sv_starts(one, wanted) && one.len > wanted.len && one.ptr[wanted.len] == '=')
            return stella_sv_trim(stella_sv_skip(one, wanted.len + 1));
    }
    return STELLA_SV("");
}

/* The command's words; count 0: they are none that the script says. */
static stella_status words_of(caller *c, const struct function *f, const literals_list *arguments, stella_launch *next,
                              stella_error *err) {
    stella_word *words = stella_arena_alloc(c->hop->view->arena, CALLS_WORDS_MAX, sizeof *words);
    uint32_t count = 0, at = f->form == FORM_MODE_FILE_LIST ? 1 : 0;
    if (!words)
        return hop_nomem(err);
    stella_status status = STELLA_OK;
    if (f->form == FORM_WORDS || f->form == FORM_LINE) {
        const stella_word line = literals_word(&c->literals, arguments->items[0]);
        const int is_text = line.text.ptr && word_is_known(&line);
        next->args = words;
        if (is_text && (f->form == FORM_LINE || stella_sv_eq(keyword(arguments, "shell"), STELLA_SV("True"))))
            return launch_shell(c->hop->view->arena, next, STELLA_SV("/bin/sh"), line, err);
        if (is_text)
            words[count++] = line;
        else if (f->form == FORM_WORDS)
            status = literals_words(&c->literals, arguments->items[0], words, CALLS_WORDS_MAX, &count, err);
        next->arg_count = count;
        return status;
    }
    const stella_word file = literals_word(&c->literals, arguments->items[at++]);
    if (f->form == FORM_FILE_WORDS)
        for (; at + f->has_environment < arguments->count && count < CALLS_WORDS_MAX; at++)
            words[count++] = literals_word(&c->literals, arguments->items[at]);
    else if (at < arguments->count)
        status = literals_words(&c->literals, arguments->items[at], words, CALLS_WORDS_MAX, &count, err);
    next->args = words;
    next->arg_count = word_is_known(&file) ? count : 0;
    if (count && !stella_sv_eq(words[0].text, file.text))
        next->program = file.text;
    return status;
}

static uint32_t kind_of(const caller *c, const struct function *f, const literals_list *arguments,
                        const literals_place *place) {
    const int is_left = f->kind == STELLA_STEP_BACKGROUND ||
                        (f->form == FORM_MODE_FILE_LIST && stella_sv_ends(arguments->items[0], STELLA_SV("P_NOWAIT")));
    if (is_left)
        return c->waits ? STELLA_STEP_SERVICE : STELLA_STEP_BACKGROUND;
    return f->kind == STELLA_STEP_RUN && place->is_status ? STELLA_STEP_SERVICE : f->kind;
}

static stella_status add_call(caller *c, const struct function *f, const literals_list *arguments,
                              const literals_place *place, stella_error *err) {
    stella_launch next = launch_from(c->hop->launch, 0);
    const stella_span span = {.path = c->path, .first_line = place->line, .last_line = place->line};
    const stella_sv directory = keyword(arguments, "cwd");
    stella_status status = words_of(c, f, arguments, &next, err);
    if (status == STELLA_OK && directory.len) {
        const stella_word word = literals_word(&c->literals, directory);
        status = launch_chdir(c->hop->view->arena, &next, &word, err);
    }
    if (status != STELLA_OK)
        return status;
    const int is_known = next.arg_count && (next.program.len || word_is_known(&next.args[0]));
    if (!is_known)
        return f->kind == STELLA_STEP_MAIN
                   ? stella_hop_unknown(c->hop, STELLA_REASON_DYNAMIC_REFERENCE, &span, stella_sv_cstr(f->name), err)
                   : STELLA_OK;
    if (f->has_environment || c->changes || keyword(arguments, "env").len)
        next.flags |= STELLA_LAUNCH_ENV_OPEN;
    const stella_step how = {.kind = kind_of(c, f, arguments, place),
                             .relation = STELLA_SV("python-call"),
                             .is_possible = place->is_certain ? 0 : 1,
                             .span = span};
    c->became |= how.kind == STELLA_STEP_MAIN && place->is_certain;
    c->count++;
    return stella_hop_step(c->hop, &next, &how, err);
}

static int has(stella_sv text, const char *part) {
    const stella_sv wanted = stella_sv_cstr(part);
    for (size_t i = stella_sv_find(text, wanted.ptr[0]); i < text.len;
         i += 1 + stella_sv_find(stella_sv_skip(text, i + 1), wanted.ptr[0]))
        if (stella_sv_starts(stella_sv_skip(text, i), wanted))
            return 1;
    return 0;
}

stella_status calls_follow(stella_hop *hop, const stella_file *script, uint32_t at, int *became, stella_error *err) {
    const stella_sv text = script->bytes;
    caller c = {.hop = hop,
                .path = script->path,
                .literals = {.hop = hop, .text = text, .arguments_at = at},
                .waits = has(text, "waitpid(") || has(text, ".wait(") || has(text, ".communicate("),
                .changes = has(text, "os.environ[") || has(text, "os.environ.update") || has(text, "os.putenv")};
    literals_place place = {0};
    stella_status status = STELLA_OK;
    for (stella_sv rest;
         status == STELLA_OK && c.count < CALLS_MAX && !c.became && literals_next(&c.literals, &place);) {
        rest = stella_sv_skip(text, place.at);
        const struct function *f = function_at(rest);
        literals_list arguments;
        if (f && literals_split(stella_sv_skip(rest, strlen(f->name) + 1), &arguments) && arguments.count &&
            !(f->form == FORM_MODE_FILE_LIST && arguments.count < 3))
            status = add_call(&c, f, &arguments, &place, err);
    }
    *became = c.became;
    return status;
}

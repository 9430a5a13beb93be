#include "chain.h"

#include "entrytrace/common/options.h"
#include "substitute.h"

/* skarnet.org, documentation of execline 2.9, a page for each. */
static const chain_command commands[] = {
    {"foreground", "", "RUN", 0},
    {"if", "-X -n -t -x=_", "RUN", 0}, /* what fails ends the start: the way on is where it does not */
    {"background", "-d", "BACKGROUND", 0},
    {"pipeline", "-d -r -w", "BACKGROUND", 0},
    {"ifelse", "-X -n", "RUN MAYBE", 1},
    {"ifthenelse", "-X -s", "RUN PERHAPS PERHAPS", 0},
    {"wait", "-i -I -o -a -r -t=_", "BLOCK", 0},
    {"cd posix-cd execline-cd", "", "DIR", 0},
    {"umask posix-umask execline-umask", "", "SKIP", 0},
    {"redirfd", "-r -w -u -a -x -n -b", "SKIP SKIP", 0},
    {"fdmove", "-c", "SKIP SKIP", 0},
    {"fdswap", "", "SKIP SKIP", 0},
    {"fdclose", "", "SKIP", 0},
    {"fdblock", "-n", "SKIP", 0},
    {"fdreserve", "", "SKIP", 0},
    {"export", "", "NAME VALUE", 0},
    {"unexport", "", "UNSET", 0},
    {"emptyenv", "-p:PATH -P -o -c:KEEP", "CLEAR", 0},
    {"importas", "-i -u -n -s:SPLIT -S -C -c -d=_ -D=DEFAULT", "IMPORT VAR", 0},
    {"define", "-n -s:SPLIT -S -C -c -d=_", "DEFINE TEXT", 0},
    {"backtick", "-i -I -x -n -N -E -e -D=_", "UNKNOWN RUN", 0},
    {"getpid homeof", "-E -e -P -p", "UNKNOWN", 0},
    {"elgetpositionals", "-P=_", "POSITIONALS", 0},
    {"exit", "", "ENDS", 0},
};

const chain_command *chain_find(stella_sv name) {
    for (size_t i = 0; i < STELLA_COUNT(commands); i++)
        if (text_list_has(commands[i].names, name))
            return &commands[i];
    return NULL;
}

typedef struct chain {
    stella_hop *hop;
    stella_launch next; /* all words; those from at on are not read yet */
    uint32_t at;
    stella_sv name;       /* the operand before this one */
    stella_word fallback; /* of importas; ptr NULL: none */
    int32_t splits, keeps_path, keeps_all, ends, is_possible;
} chain;

static int is(stella_sv meaning, const char *name) {
    return stella_sv_eq(meaning, stella_sv_cstr(name));
}

/* Takes a block: its words, one space less in front. Returns 0 when it has no end. */
static int take_block(chain *c, stella_word **words, uint32_t *count) {
    const uint32_t begin = c->at;
    while (c->at < c->next.arg_count && c->next.args[c->at].text.len)
        c->at++;
    if (c->at == c->next.arg_count)
        return 0;
    *count = c->at++ - begin;
    *words = stella_arena_alloc(c->hop->view->arena, *count + 1u, sizeof **words);
    for (uint32_t i = 0; *words && i < *count; i++) {
        (*words)[i] = c->next.args[begin + i];
        if (stella_sv_starts((*words)[i].text, STELLA_SV(" ")))
            (*words)[i].text = stella_sv_skip((*words)[i].text, 1);
    }
    return 1;
}

static stella_status add_block(chain *c, stella_sv meaning, stella_error *err) {
    stella_word *words = NULL;
    uint32_t count = 0;
    if (!take_block(c, &words, &count)) {
        c->ends = 1;
        return hop_unknown(c->hop, STELLA_REASON_UNSUPPORTED_SYNTAX, STELLA_SV("a block without end"), err);
    }
    if (!words)
        return hop_nomem(err);
    if (!count || is(meaning, "BLOCK"))
        return STELLA_OK;
    stella_launch block = c->next;
    block.args = words;
    block.arg_count = count;
    const stella_step how = {.kind = is(meaning, "BACKGROUND") ? STELLA_STEP_BACKGROUND
                                     : is(meaning, "MAYBE")    ? STELLA_STEP_MAIN
                                                               : STELLA_STEP_RUN,
                             .relation = STELLA_SV("execline-block"),
                             .is_possible = is(meaning, "MAYBE") || is(meaning, "PERHAPS")};
    return stella_hop_step(c->hop, &block, &how, err);
}

/* Words between blanks, each on its own. */
static stella_status split(chain *c, const stella_word *value, substitution *out, stella_error *err) {
    stella_sv rest = value->text, one;
    stella_word *words = stella_arena_alloc(c->hop->view->arena, value->text.len / 2 + 1, sizeof *words);
    if (!words)
        return hop_nomem(err);
    out->count = 0;
    while (out->count < LAUNCH_WORDS_MAX && text_word(&rest, &one))
        words[out->count++] = word_of(one);
    out->values = words;
    return STELLA_OK;
}

static stella_status replace(chain *c, stella_sv name, const stella_word *value, stella_error *err) {
    stella_word word = value ? *value : (stella_word){0};
    substitution what = {.name = name, .values = &word, .count = value ? 1 : 0};
    stella_status status = STELLA_OK;
    if (value && !word_is_known(value))
        word = (stella_word){.text = stella_arena_printf(c->hop->view->arena, "${%.*s}", STELLA_SV_FMT(name)),
                             .flags = STELLA_WORD_UNKNOWN | (c->splits ? STELLA_WORD_MANY : 0)};
    else if (value && c->splits)
        status = split(c, value, &what, err);
    return status == STELLA_OK ? substitute(c->hop->view->arena, &c->next, c->at, &what, err) : status;
}

/* "importas NAME VARIABLE" */
static stella_status import(chain *c, stella_sv variable, stella_error *err) {
    const stella_word *value = stella_launch_variable(&c->next, variable);
    const stella_word unknown = {.text = STELLA_SV_INIT("?"), .flags = STELLA_WORD_UNKNOWN};
    if (!value)
        value = c->fallback.text.ptr ? &c->fallback : c->next.flags & STELLA_LAUNCH_ENV_OPEN ? &unknown : NULL;
    return replace(c, c->name, value, err);
}

/* $1, $2, ... of a script without -P or -S. */
static stella_status positionals(chain *c, stella_error *err) {
    static const char *const names[] = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};
    stella_word words[STELLA_COUNT(names)];
    stella_status status = STELLA_OK;
    uint32_t count = 0;
    for (size_t i = 0; i < STELLA_COUNT(names) && status == STELLA_OK; i++) {
        const stella_word *value = stella_launch_variable(&c->next, stella_sv_cstr(names[i]));
        if (!value)
            continue;
        if (i)
            words[count++] = *value;
        status = replace(c, stella_sv_cstr(names[i]), value, err);
    }
    const substitution all = {.name = STELLA_SV("@"), .values = words, .count = count};
    return status == STELLA_OK ? substitute(c->hop->view->arena, &c->next, c->at, &all, err) : status;
}

static stella_status clear(chain *c, stella_error *err) {
    return c->keeps_all ? STELLA_OK : launch_keep(c->hop->view->arena, &c->next, c->keeps_path ? "PATH" : "", err);
}

/* What one word before the command means. */
static stella_status take_word(chain *c, stella_sv meaning, stella_error *err) {
    stella_arena *arena = c->hop->view->arena;
    const stella_word unknown = {.text = STELLA_SV_INIT("?"), .flags = STELLA_WORD_UNKNOWN};
    const stella_word *word = &c->next.args[c->at++];
    if (is(meaning, "DIR"))
        return launch_chdir(arena, &c->next, word, err);
    if (is(meaning, "VALUE"))
        return launch_set(arena, &c->next, c->name, *word, err);
    if (is(meaning, "UNSET"))
        return launch_unset(arena, &c->next, word->text, err);
    if (is(meaning, "UNKNOWN"))
        return launch_set(arena, &c->next, word->text, unknown, err);
    if (is(meaning, "VAR"))
        return import(c, word->text, err);
    if (is(meaning, "TEXT"))
        return replace(c, c->name, word, err);
    c->name = word->text;
    return STELLA_OK;
}

static stella_status take_operand(chain *c, stella_sv meaning, stella_error *err) {
    if (is(meaning, "CLEAR"))
        return clear(c, err);
    if (is(meaning, "POSITIONALS"))
        return positionals(c, err);
    if (text_list_has("RUN BACKGROUND MAYBE PERHAPS BLOCK", meaning))
        return add_block(c, meaning, err);
    c->ends |= is(meaning, "ENDS");
    return c->at < c->next.arg_count && !c->ends ? take_word(c, meaning, err) : STELLA_OK;
}

static stella_status read_options(chain *c, const chain_command *command, stella_error *err) {
    options o = options_of(command->options, &c->next);
    option found = {0};
    for (options_result result; (result = options_next(&o, &found)) != OPTIONS_END;) {
        if (result != OPTIONS_FOUND) {
            c->is_possible = 1;
            return hop_unknown(c->hop, STELLA_REASON_UNSUPPORTED_SYNTAX, found.name, err);
        }
        c->splits |= is(found.meaning, "SPLIT");
        c->keeps_path |= is(found.meaning, "PATH");
        c->keeps_all |= is(found.meaning, "KEEP");
        if (is(found.meaning, "DEFAULT"))
            c->fallback = found.value;
    }
    c->at = o.at;
    return STELLA_OK;
}

stella_status chain_resolve(stella_hop *hop, const chain_command *command, stella_error *err) {
    chain c = {.hop = hop, .next = launch_from(hop->launch, 0), .at = 1, .is_possible = command->may_not};
    stella_sv rest = stella_sv_cstr(command->operands), meaning;
    stella_status status = read_options(&c, command, err);
    while (status == STELLA_OK && !c.ends && text_word(&rest, &meaning))
        status = take_operand(&c, meaning, err);
    if (status != STELLA_OK || c.ends || c.at >= c.next.arg_count)
        return status;
    stella_launch next = c.next;
    next.args += c.at;
    next.arg_count -= c.at;
    const stella_step how = {
        .kind = STELLA_STEP_MAIN, .relation = STELLA_SV("execline"), .is_possible = (uint32_t)c.is_possible};
    return stella_hop_step(hop, &next, &how, err);
}

/* getopts: POSIX.1-2017, XCU getopts. */
#include "shell_eval.h"

typedef struct shell_options {
    stella_sv letters;
    uint32_t is_silent;      /* the letters begin with ":" */
    const shell_item *items; /* the words that are read */
    uint32_t count;
    uint32_t at;     /* OPTIND: of the next word, from 1 */
    uint32_t offset; /* in it; 0: before its "-" */
} shell_options;

static shell_flow done(shell_eval *e, int status) {
    e->last_status = status;
    return FLOW_NEXT;
}

static shell_flow unsure(shell_eval *e, stella_sv name) {
    shell_set(e, name, shell_unsure(shell_join(e, STELLA_SV("$"), name)));
    shell_set(e, STELLA_SV("OPTARG"), shell_unsure(STELLA_SV("$OPTARG")));
    shell_set(e, STELLA_SV("OPTIND"), shell_unsure(STELLA_SV("$OPTIND")));
    return done(e, STATUS_UNKNOWN);
}

/* Returns 0 when it cannot be known which word is the next. */
static int position(shell_eval *e, shell_options *o) {
    const stella_word word = shell_get_word(e, "OPTIND");
    const shell_value *within = shell_state_get(e->state, SLOT_GETOPTS, STELLA_SV(""));
    int64_t at = 1;
    if (!shell_is_known(&word) || (word.text.len && !shell_number(word.text, &at)) || at < 1 || at > SHELL_VALUES_MAX)
        return 0;
    o->at = (uint32_t)at;
    if (within && shell_is_known(&within->word) && stella_sv_eq(within->word.text, word.text))
        o->offset = within->count;
    for (uint32_t i = 0; i < o->at && i < o->count; i++)
        if (o->items[i].word.flags & STELLA_WORD_MANY)
            return 0;
    return o->at > o->count || shell_is_known(&o->items[o->at - 1].word);
}

static void keep(shell_eval *e, const shell_options *o) {
    shell_value *value = shell_memory(e, 1, sizeof *value);
    const stella_sv at = stella_arena_printf(e->arena, "%u", o->at);
    if (!value)
        return;
    *value = (shell_value){.count = o->offset, .word = shell_known(at)};
    if (!shell_state_set(e->state, SLOT_GETOPTS, STELLA_SV(""), value))
        shell_stop(e, STELLA_E_NOMEM);
    shell_set(e, STELLA_SV("OPTIND"), shell_known(at));
}

/* Whether an option is next; "--" is read, and ends them. */
static int has_next(shell_options *o) {
    if (o->at > o->count)
        return 0;
    const stella_sv word = o->items[o->at - 1].word.text;
    if (o->offset && o->offset < word.len)
        return 1;
    o->offset = 0;
    if (word.len < 2 || word.ptr[0] != '-')
        return 0;
    if (stella_sv_eq(word, STELLA_SV("--"))) {
        o->at++;
        return 0;
    }
    o->offset = 1;
    return 1;
}

/* An option is wrong: the letter is in OPTARG when the script wants to say so itself. */
static stella_sv wrong(shell_eval *e, const shell_options *o, stella_sv letter, stella_sv name) {
    if (o->is_silent)
        shell_set(e, STELLA_SV("OPTARG"), shell_known(letter));
    return o->is_silent ? name : STELLA_SV("?");
}

/* What the option's name is set to; OPTARG is set. */
static stella_sv next_option(shell_eval *e, shell_options *o) {
    const stella_sv word = o->items[o->at - 1].word.text;
    const stella_sv letter = stella_sv_of(word.ptr + o->offset++, 1);
    const size_t where = stella_sv_find(o->letters, letter.ptr[0]);
    const int is_there = where < o->letters.len && letter.ptr[0] != ':';
    const int takes = is_there && where + 1 < o->letters.len && o->letters.ptr[where + 1] == ':';
    const stella_sv rest = stella_sv_skip(word, o->offset);
    shell_unset(e, STELLA_SV("OPTARG"));
    if (takes || !rest.len) {
        o->at++;
        o->offset = 0;
    }
    if (!is_there)
        return wrong(e, o, letter, STELLA_SV("?"));
    if (takes && rest.len)
        shell_set(e, STELLA_SV("OPTARG"), shell_known(rest));
    else if (takes && o->at > o->count)
        return wrong(e, o, letter, STELLA_SV(":"));
    else if (takes)
        shell_set(e, STELLA_SV("OPTARG"), o->items[o->at++ - 1].word);
    return letter;
}

/* getopts letters name [words] */
shell_flow shell_getopts(shell_eval *e, const shell_args *args) {
    const shell_value *all = shell_positional(e);
    if (args->count < 3)
        return done(e, 2);
    const stella_sv name = args->items[2].text, letters = args->items[1].text;
    shell_options o = {.letters = letters, .items = all->items, .count = all->count};
    if (args->count > 3 || !shell_is_known(&args->items[1]) || !position(e, &o))
        return unsure(e, name);
    o.is_silent = letters.len && letters.ptr[0] == ':';
    o.letters = stella_sv_skip(letters, o.is_silent);
    const int more = has_next(&o);
    const stella_sv found = more ? next_option(e, &o) : STELLA_SV("?");
    shell_set(e, name, shell_known(found));
    keep(e, &o);
    return done(e, !more);
}

#include "wrap.h"

#include "entrytrace/common/account.h"
#include "entrytrace/common/options.h"

typedef struct wrap {
    stella_hop *hop;
    const wrapper *w;
    stella_launch call; /* the wrapper's own words, with those of SPLIT in their place */
    stella_launch next; /* what will be run: all but its words */
    stella_word line;   /* for a shell; text NULL: none */
    stella_sv argv0;
    int32_t ends;        /* nothing is run */
    int32_t is_possible; /* where the command begins is a guess */
} wrap;

static stella_status uncertain(wrap *x, stella_sv detail, stella_error *err) {
    x->is_possible = 1;
    return hop_unknown(x->hop, STELLA_REASON_DYNAMIC_REFERENCE, detail, err);
}

static stella_status apply_root(wrap *x, const stella_word *value, stella_error *err) {
    const stella_sv path = launch_path(x->hop->view->arena, x->next.directory, value->text);
    x->next.directory = STELLA_SV("/");
    if (word_is_known(value) && path.ptr && !path.len)
        return STELLA_OK;
    x->ends = 1;
    return hop_unknown(x->hop,
                       word_is_known(value) ? STELLA_REASON_UNSUPPORTED_SYNTAX : STELLA_REASON_DYNAMIC_REFERENCE,
                       value->text, err);
}

static stella_status apply_uidgid(wrap *x, stella_error *err) {
    stella_arena *arena = x->hop->view->arena;
    const stella_word unknown = {.text = STELLA_SV_INIT("?"), .flags = STELLA_WORD_UNKNOWN};
    const stella_status status = launch_set(arena, &x->next, STELLA_SV("UID"), unknown, err);
    return status == STELLA_OK ? launch_set(arena, &x->next, STELLA_SV("GID"), unknown, err) : status;
}

static stella_status apply_variable(wrap *x, const stella_word *value, stella_error *err) {
    stella_arena *arena = x->hop->view->arena;
    int is_one = 0;
    const stella_status status = launch_assign(arena, &x->next, value, &is_one, err);
    return status != STELLA_OK || is_one ? status : launch_unset(arena, &x->next, value->text, err);
}

/* The words take the place of the option, and are read in their turn. */
static stella_status apply_split(wrap *x, options *o, const option *found, stella_error *err) {
    const stella_word *words = NULL;
    uint32_t count = 0;
    if (!word_is_known(&found->value))
        return uncertain(x, found->value.text, err);
    const stella_status status = wrap_split(x->hop->view->arena, &x->next, found->value.text, &words, &count, err);
    if (status == STELLA_E_FORMAT) {
        x->ends = 1;
        return hop_unknown(x->hop, STELLA_REASON_UNSUPPORTED_SYNTAX, found->value.text, err);
    }
    if (status != STELLA_OK)
        return status;
    const stella_status replaced = launch_replace(x->hop->view->arena, &x->call, found->at, o->at, words, count, err);
    if (replaced != STELLA_OK)
        return replaced;
    *o = options_of(o->synopsis, &x->call);
    o->at = found->at;
    return STELLA_OK;
}

/* What a value means to the program that is run. */
static stella_status apply(wrap *x, stella_sv meaning, const stella_word *value, stella_error *err) {
    stella_arena *arena = x->hop->view->arena;
    if (stella_sv_eq(meaning, STELLA_SV("USER")))
        x->next.user = value->text;
    else if (stella_sv_eq(meaning, STELLA_SV("DIR")))
        return launch_chdir(arena, &x->next, value, err);
    else if (stella_sv_eq(meaning, STELLA_SV("ROOT")))
        return apply_root(x, value, err);
    else if (stella_sv_eq(meaning, STELLA_SV("ARGV0")))
        x->argv0 = value->text;
    else if (stella_sv_eq(meaning, STELLA_SV("UNSET")))
        return launch_unset(arena, &x->next, value->text, err);
    else if (stella_sv_eq(meaning, STELLA_SV("CLEAR")))
        return launch_keep(arena, &x->next, "", err);
    else if (stella_sv_eq(meaning, STELLA_SV("VARIABLE")))
        return apply_variable(x, value, err);
    else if (stella_sv_eq(meaning, STELLA_SV("UIDGID")))
        return apply_uidgid(x, err);
    else if (stella_sv_eq(meaning, STELLA_SV("ENVDIR")))
        x->next.flags |= STELLA_LAUNCH_ENV_OPEN;
    else if (stella_sv_eq(meaning, STELLA_SV("LINE")))
        x->line = *value;
    else if (stella_sv_eq(meaning, STELLA_SV("ENDS")))
        x->ends = 1;
    return STELLA_OK;
}

/* Whether an operand comes before the command. */
static int takes_operand_first(const wrapper *w) {
    stella_sv rest = stella_sv_cstr(w->operands), first;
    return text_word(&rest, &first) && rest.len && !stella_sv_eq(first, STELLA_SV("ASSIGN"));
}

/* A word that may be any number of words, where an option or the first operand is awaited. It is meant for an operand
 * when the program has one, else for options. */
static stella_status skip_unknown(wrap *x, options *o, int *is_operand, stella_error *err) {
    *is_operand = takes_operand_first(x->w) || o->at + 1 >= x->call.arg_count;
    return *is_operand ? STELLA_OK : uncertain(x, x->call.args[o->at++].text, err);
}

static stella_status read_options(wrap *x, uint32_t *at, stella_error *err) {
    options o = options_of(x->w->options, &x->call);
    stella_status status = STELLA_OK;
    int is_operand = 0;
    while (status == STELLA_OK && !x->ends && !is_operand) {
        option found;
        const options_result result = options_next(&o, &found);
        if (result == OPTIONS_END)
            break;
        if (result == OPTIONS_DYNAMIC) {
            status = skip_unknown(x, &o, &is_operand, err);
        } else if (result == OPTIONS_STRANGE) {
            x->is_possible = 1;
            status = hop_unknown(x->hop, STELLA_REASON_UNSUPPORTED_SYNTAX, found.name, err);
        } else if (stella_sv_eq(found.meaning, STELLA_SV("SPLIT"))) {
            status = apply_split(x, &o, &found, err);
        } else {
            status = apply(x, found.meaning, &found.value, err);
        }
    }
    *at = o.at;
    return status;
}

static stella_status read_assignments(wrap *x, uint32_t *at, stella_error *err) {
    for (int is_one = 1; *at < x->call.arg_count; (*at)++) {
        const stella_status status = launch_assign(x->hop->view->arena, &x->next, &x->call.args[*at], &is_one, err);
        if (status != STELLA_OK || !is_one)
            return status;
    }
    return STELLA_OK;
}

/* Reads the operands before the command. */
static stella_status read_operands(wrap *x, uint32_t *at, stella_sv *last, stella_error *err) {
    stella_sv rest = stella_sv_cstr(x->w->operands), word;
    while (text_word(&rest, &word)) {
        stella_status status = STELLA_OK;
        *last = word;
        if (stella_sv_eq(word, STELLA_SV("ASSIGN"))) {
            status = read_assignments(x, at, err);
        } else if (rest.len && *at < x->call.arg_count) {
            const stella_word *value = &x->call.args[(*at)++];
            if (value->flags & STELLA_WORD_MANY)
                status = uncertain(x, value->text, err);
            if (status == STELLA_OK)
                status = apply(x, word, value, err);
        }
        if (status != STELLA_OK || x->ends)
            return status;
    }
    return STELLA_OK;
}

static stella_status set_home(wrap *x, stella_error *err) {
    account who;
    const int found = account_find(x->hop, x->next.user, &who);
    const stella_sv home = found && who.home.len ? who.home : STELLA_SV("/");
    return launch_set(x->hop->view->arena, &x->next, STELLA_SV("HOME"), word_of(home), err);
}

/* The command is missing: a shell, a line for a shell, or nothing. */
static stella_status without_command(wrap *x, stella_sv last, stella_error *err) {
    if (stella_sv_eq(last, STELLA_SV("[COMMAND]")))
        return STELLA_OK;
    if (!stella_sv_eq(last, STELLA_SV("[SHELL]")))
        return hop_unknown(x->hop, STELLA_REASON_UNSUPPORTED_SYNTAX,
                           x->call.arg_count ? x->call.args[0].text : STELLA_SV(""), err);
    const stella_word *shell = stella_launch_variable(&x->next, STELLA_SV("SHELL"));
    const stella_word words[] = {shell && shell->text.len ? *shell : word_of(STELLA_SV("/bin/sh"))};
    x->next.args = words;
    x->next.arg_count = 1;
    return hop_main(x->hop, &x->next, "wrapper", err);
}

static stella_status run_line(wrap *x, stella_error *err) {
    const stella_sv shell = launch_text(&x->next, "SHELL");
    const stella_status status =
        launch_shell(x->hop->view->arena, &x->next, shell.len ? shell : STELLA_SV("/bin/sh"), x->line, err);
    return status == STELLA_OK ? hop_main(x->hop, &x->next, "wrapper", err) : status;
}

static stella_status run_command(wrap *x, uint32_t at, stella_error *err) {
    const stella_launch rest = launch_from(&x->call, at);
    x->next.args = rest.args;
    x->next.arg_count = rest.arg_count;
    if (x->argv0.ptr) {
        const stella_word name = word_of(x->argv0);
        const stella_sv program = rest.args[0].text;
        const stella_status status = launch_replace(x->hop->view->arena, &x->next, 0, 1, &name, 1, err);
        if (status != STELLA_OK)
            return status;
        x->next.program = program;
    }
    const stella_step how = {
        .kind = STELLA_STEP_MAIN, .relation = STELLA_SV("wrapper"), .is_possible = (uint32_t)x->is_possible};
    return stella_hop_step(x->hop, &x->next, &how, err);
}

stella_status wrap_resolve(stella_hop *hop, const wrapper *w, stella_error *err) {
    wrap x = {.hop = hop, .w = w, .call = launch_from(hop->launch, 0), .next = launch_from(hop->launch, 0)};
    uint32_t at = 0;
    stella_sv last = {0};
    stella_status status = read_options(&x, &at, err);
    if (status == STELLA_OK && !x.ends)
        status = read_operands(&x, &at, &last, err);
    if (status == STELLA_OK && !x.ends && w->sets_home)
        status = set_home(&x, err);
    if (status != STELLA_OK || x.ends)
        return status;
    if (x.line.text.ptr)
        return run_line(&x, err);
    return at < x.call.arg_count ? run_command(&x, at, err) : without_command(&x, last, err);
}

/* Functions, sourced files, eval. */
#include "shell_eval.h"

#include "shell_parse.h"

typedef struct shell_local {
    stella_sv name;
    const shell_value *old;
    struct shell_local *next;
} shell_local;

static int enter(shell_eval *e, stella_sv name, stella_sv path, const shell_range *range) {
    if (e->call_count >= SHELL_CALLS_MAX) {
        shell_unknown(e, STELLA_REASON_RECURSION_LIMIT, range, name);
        e->last_status = STATUS_UNKNOWN;
        return 0;
    }
    e->calls[e->call_count++] = (shell_call){.name = name, .path = path};
    return 1;
}

void shell_make_local(shell_eval *e, stella_sv name) {
    for (const shell_local *it = e->local; it; it = it->next)
        if (stella_sv_eq(it->name, name))
            return;
    shell_local *local = e->call_count > 1 ? shell_memory(e, 1, sizeof *local) : NULL;
    if (!local)
        return;
    *local = (shell_local){.name = name, .old = shell_get(e, name), .next = e->local};
    e->local = local;
    shell_unset(e, name);
}

/* "return" ends the call; what else a way did goes on. */
static shell_flow behind_call(shell_eval *e, shell_flow flow, uint32_t returned) {
    e->may_have_returned = returned;
    e->call_count--;
    return flow == FLOW_RETURN ? FLOW_NEXT : flow;
}

shell_flow shell_call_function(shell_eval *e, const shell_value *function, const shell_args *args) {
    const shell_value *positional = shell_positional(e);
    const uint32_t returned = e->may_have_returned;
    const stella_sv path = e->path;
    shell_local *outer = e->local;
    if (!enter(e, args->items[0].text, function->word.text, &args->node->range))
        return FLOW_NEXT;
    e->local = NULL;
    e->path = function->path;
    shell_set_positional(e, args->items + 1, args->count - 1);
    e->last_status = 0;
    const shell_flow flow = behind_call(e, shell_follow(e, function->function), returned);
    for (const shell_local *it = e->local; it; it = it->next)
        shell_set_value(e, it->name, it->old);
    e->local = outer;
    e->path = path;
    if (shell_ok(e) && !shell_state_set(e->state, SLOT_POSITIONAL, STELLA_SV(""), positional))
        shell_stop(e, STELLA_E_NOMEM);
    return flow;
}

shell_flow shell_text_follow(shell_eval *e, stella_sv text, const shell_range *place) {
    const shell_script *script = NULL;
    stella_error why = {0};
    if (++e->texts > SHELL_TEXTS_MAX) {
        shell_unknown(e, STELLA_REASON_LIMIT, place, STELLA_SV("more sourced files than are followed"));
        e->last_status = STATUS_UNKNOWN;
        return FLOW_NEXT;
    }
    const stella_status status = shell_parse(text, e->arena, &script, &why);
    if (status == STELLA_E_NOMEM) {
        shell_stop(e, stella_error_set(e->err, status, NULL, "%s", why.message));
        return FLOW_EXIT;
    }
    if (status != STELLA_OK) {
        shell_unknown(e, STELLA_REASON_UNSUPPORTED_SYNTAX, place, stella_sv_cstr(why.message));
        e->last_status = STATUS_UNKNOWN;
        return FLOW_NEXT;
    }
    shell_flow flow = shell_follow(e, script->body);
    if (flow == FLOW_NEXT && script->has_fault) {
        shell_unknown(e, STELLA_REASON_UNSUPPORTED_SYNTAX, &script->fault_at, stella_sv_cstr(script->fault.message));
        e->is_failure = 1;
        e->last_status = 2;
        flow = FLOW_EXIT;
    }
    return flow;
}

/* ---- source ------------------------------------------------------------------------------------------------------- */

/* A name without a slash is looked up in PATH, then in the working directory. */
static int find_source(shell_eval *e, stella_sv name, stella_file *out) {
    if (stella_sv_find(name, '/') == name.len) {
        shell_export(e);
        const stella_word word = shell_get_word(e, "PATH");
        stella_sv rest = shell_is_known(&word) ? word.text : STELLA_SV(""), place;
        while (shell_ok(e) && stella_sv_split(&rest, ':', &place)) {
            const stella_sv where =
                stella_arena_printf(e->arena, "%.*s/%.*s", STELLA_SV_FMT(place), STELLA_SV_FMT(name));
            if (place.len && where.ptr && shell_read_file(e, where, out) == 1)
                return 1;
        }
    }
    return shell_read_file(e, name, out);
}

/* A file that sources itself, perhaps through others, is followed a few times only. */
static int sources_itself(const shell_eval *e, stella_sv name) {
    uint32_t times = 0;
    for (uint32_t i = 0; i < e->call_count; i++)
        times += stella_sv_eq(e->calls[i].path, name) && stella_sv_eq(e->calls[i].name, STELLA_SV("source")) ? 1 : 0;
    return times >= SHELL_SELF_MAX;
}

static shell_flow include(shell_eval *e, const shell_args *args, stella_sv name, const stella_file *file) {
    const stella_sv path = e->path, text = file->bytes;
    const shell_range *fixed = e->fixed;
    const uint32_t returned = e->may_have_returned;
    const shell_value *positional = shell_positional(e);
    if (sources_itself(e, name)) {
        shell_unknown(e, STELLA_REASON_RECURSION_LIMIT, &args->node->range, name);
        return FLOW_NEXT;
    }
    if (!enter(e, STELLA_SV("source"), name, &args->node->range))
        return FLOW_NEXT;
    const stella_sv where = shell_copy(e, file->path);
    shell_include(e, where, &args->node->range);
    if (args->count > 2)
        shell_set_positional(e, args->items + 2, args->count - 2);
    e->path = where;
    e->fixed = NULL;
    e->last_status = 0;
    const shell_flow flow = behind_call(e, shell_text_follow(e, text, NULL), returned);
    e->path = path;
    e->fixed = fixed;
    if (args->count > 2 && shell_ok(e) && !shell_state_set(e->state, SLOT_POSITIONAL, STELLA_SV(""), positional))
        shell_stop(e, STELLA_E_NOMEM);
    return flow;
}

shell_flow shell_source(shell_eval *e, const shell_args *args) {
    stella_file file;
    if (args->count < 2)
        return e->last_status = 2, FLOW_NEXT;
    const stella_word *name = &args->items[1];
    if (!shell_is_known(name)) {
        shell_unknown(e, STELLA_REASON_DYNAMIC_REFERENCE, &args->node->range, name->text);
        return e->last_status = STATUS_UNKNOWN, FLOW_NEXT;
    }
    const int found = find_source(e, name->text, &file);
    if (found == 1)
        return include(e, args, name->text, &file);
    e->last_status = found == 0 ? 1 : STATUS_UNKNOWN;
    if (found == 0 && !e->conditions)
        shell_unknown(e, STELLA_REASON_MISSING_FILE, &args->node->range, name->text);
    else if (found != 0)
        shell_unknown(e, STELLA_REASON_DYNAMIC_REFERENCE, &args->node->range, name->text);
    return FLOW_NEXT;
}

/* ---- eval --------------------------------------------------------------------------------------------------------- */

shell_flow shell_eval_text(shell_eval *e, const shell_args *args) {
    stella_sv text = STELLA_SV("");
    for (uint32_t i = 1; i < args->count; i++) {
        if (!shell_is_known(&args->items[i])) {
            shell_unknown(e, STELLA_REASON_DYNAMIC_REFERENCE, &args->node->range, args->items[i].text);
            return e->last_status = STATUS_UNKNOWN, FLOW_NEXT;
        }
        text = shell_join(e, text, i > 1 ? STELLA_SV(" ") : STELLA_SV(""));
        text = shell_join(e, text, args->items[i].text);
    }
    if (!enter(e, STELLA_SV("eval"), shell_script_name(e), &args->node->range))
        return FLOW_NEXT;
    const shell_range *fixed = e->fixed;
    e->fixed = fixed ? fixed : &args->node->range;
    e->last_status = 0;
    const stella_sv name = e->call_count > 1 ? e->calls[e->call_count - 2].name : STELLA_SV("main");
    e->calls[e->call_count - 1].name = name;
    const shell_flow flow = shell_text_follow(e, text, &args->node->range);
    e->call_count--;
    e->fixed = fixed;
    return flow;
}

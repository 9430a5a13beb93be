#include "interpreter.h"

#include "options.h"

static stella_status load(stella_hop *hop, const stella_word *word, stella_error *err) {
    stella_file file;
    return word_is_known(word) && hop_is_file(hop, word->text, &file)
               ? stella_hop_uses(hop, file.path, STELLA_SV("script"), hop->file->path, err)
               : STELLA_OK;
}

static stella_status take_script(stella_hop *hop, const stella_word *word, interpreter_run *out, stella_error *err) {
    stella_file file;
    if (!word_is_known(word)) {
        out->ends = 1;
        return hop_unknown(hop, STELLA_REASON_DYNAMIC_REFERENCE, word->text, err);
    }
    const stella_status status = hop_stat(hop, word->text, &file, err);
    if (status != STELLA_OK) {
        out->ends = 1;
        return hop_unread(hop, status, word->text, err);
    }
    out->main = stella_arena_dup(hop->view->arena, file.path);
    return out->main.ptr || !file.path.len ? STELLA_OK : hop_nomem(err);
}

/* One option. *is_last is 1 when no other is read after it. */
static stella_status take(stella_hop *hop, const interpreter *i, const option *found, interpreter_run *out,
                          int *is_last, stella_error *err) {
    if (stella_sv_eq(found->meaning, STELLA_SV("LOAD")))
        return load(hop, &found->value, err);
    *is_last = out->ends = stella_sv_eq(found->meaning, STELLA_SV("ENDS"));
    if (stella_sv_eq(found->meaning, STELLA_SV("CODE"))) {
        *is_last = out->ends = 1;
        return hop_terminal(hop, i->language, STELLA_SV(""), 70, err);
    }
    if (stella_sv_eq(found->meaning, STELLA_SV("SCRIPT"))) {
        *is_last = 1;
        return take_script(hop, &found->value, out, err);
    }
    return STELLA_OK;
}

static stella_status read_words(stella_hop *hop, const interpreter *i, interpreter_run *out, stella_error *err) {
    options o = options_of(i->options, hop->launch);
    option found;
    stella_status status = STELLA_OK;
    int is_last = 0;
    for (options_result result; status == STELLA_OK && (result = options_next(&o, &found)) != OPTIONS_END;) {
        if (result == OPTIONS_DYNAMIC)
            status = hop_unknown(hop, STELLA_REASON_DYNAMIC_REFERENCE, hop->launch->args[o.at++].text, err);
        else if (result == OPTIONS_FOUND)
            status = take(hop, i, &found, out, &is_last, err);
        out->at = o.at;
        if (is_last)
            return status;
    }
    if (status != STELLA_OK)
        return status;
    out->at = o.at + 1;
    if (o.at < hop->launch->arg_count && !stella_sv_eq(hop->launch->args[o.at].text, STELLA_SV("-")))
        return take_script(hop, &hop->launch->args[o.at], out, err);
    out->ends = 1; /* reads its program from the terminal */
    return hop_terminal(hop, i->language, STELLA_SV(""), 60, err);
}

stella_status interpreter_read(stella_hop *hop, const interpreter *i, interpreter_run *out, stella_error *err) {
    interpreter_run run = {0};
    stella_status status = stella_hop_language(hop, stella_sv_cstr(i->language), err);
    if (status == STELLA_OK)
        status = read_words(hop, i, &run, err);
    if (status == STELLA_OK)
        *out = run;
    return status;
}

stella_status interpreter_resolve(stella_hop *hop, const interpreter *i, stella_error *err) {
    interpreter_run run;
    const stella_status status = interpreter_read(hop, i, &run, err);
    return status == STELLA_OK && !run.ends ? hop_terminal(hop, i->language, run.main, 95, err) : status;
}

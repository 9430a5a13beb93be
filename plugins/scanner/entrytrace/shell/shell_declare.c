/* export, declare, typeset, local, readonly. */
#include "shell_eval.h"

typedef struct declaration {
    uint32_t flags; /* VALUE_* */
    uint32_t is_local, unsets_export, is_print, is_function;
} declaration;

static void option(declaration *d, stella_sv word) {
    for (size_t i = 1; i < word.len; i++) {
        const char c = word.ptr[i];
        if (c == 'x')
            d->flags |= VALUE_EXPORTED;
        else if (c == 'A')
            d->flags |= VALUE_ARRAY | VALUE_MAP;
        else if (c == 'a')
            d->flags |= VALUE_ARRAY;
        else if (c == 'g')
            d->is_local = 0;
        else if (c == 'n')
            d->unsets_export = 1;
        else if (c == 'p')
            d->is_print = 1;
        else if (c == 'f' || c == 'F')
            d->is_function = 1;
    }
}

static void flag(shell_eval *e, const declaration *d, stella_sv name) {
    const shell_value *value = shell_get(e, name);
    if (!value && d->flags & VALUE_ARRAY) {
        shell_set_list(e, SLOT_VARIABLE, name, d->flags, NULL, 0);
        return;
    }
    if (value && d->flags & VALUE_EXPORTED)
        shell_set_flags(e, name, VALUE_EXPORTED);
}

/* name, or name=value as one word that was expanded. */
static void declare_word(shell_eval *e, const declaration *d, stella_word word) {
    const size_t equals = stella_sv_find(word.text, '=');
    const stella_sv name = stella_sv_first(word.text, equals);
    for (size_t i = 0; i < name.len; i++)
        if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_", name.ptr[i]))
            return; /* "$x" that nobody knows */
    if (!name.len)
        return;
    if (d->is_local)
        shell_make_local(e, name);
    if (equals < word.text.len)
        shell_set(e, name, (stella_word){.text = stella_sv_skip(word.text, equals + 1), .flags = word.flags});
    flag(e, d, name);
}

static void declare_assignment(shell_eval *e, const declaration *d, const shell_assignment *assignment) {
    /* "local x=$x": the value is that of the outer x. */
    if (d->is_local && !assignment->is_array && !assignment->index && !assignment->is_append) {
        const stella_word word = shell_expand(e, assignment->value);
        shell_make_local(e, assignment->name);
        shell_set(e, assignment->name, word);
    } else {
        if (d->is_local)
            shell_make_local(e, assignment->name);
        shell_assign(e, assignment, d->flags);
    }
    flag(e, d, assignment->name);
}

static int is_option(const stella_word *word) {
    return shell_is_known(word) && word->text.len > 1 && (word->text.ptr[0] == '-' || word->text.ptr[0] == '+');
}

static void declare_fields(shell_eval *e, declaration *d, const shell_word *word) {
    shell_fields fields = {0};
    shell_word alone = *word;
    alone.next = NULL;
    shell_expand_words(e, &alone, &fields);
    for (uint32_t i = 0; i < fields.count; i++) {
        if (is_option(&fields.items[i]))
            option(d, fields.items[i].text);
        else if (!d->is_function)
            declare_word(e, d, fields.items[i]);
    }
}

static declaration declaration_of(const shell_eval *e, stella_sv name) {
    declaration d = {.is_local = 0};
    if (stella_sv_eq(name, STELLA_SV("export")))
        d.flags = VALUE_EXPORTED;
    else if (!stella_sv_eq(name, STELLA_SV("readonly")))
        d.is_local = e->local != NULL || e->call_count > 1;
    return d;
}

/* args  NULL: the words are expanded here, so that assignments in them are seen as such */
shell_flow shell_declare(shell_eval *e, const shell_node *node, const shell_args *args) {
    const shell_word *first = node->words;
    declaration d = declaration_of(e, args ? args->items[0].text : first->source);
    e->last_status = 0;
    for (uint32_t i = 1; args && i < args->count; i++) {
        if (is_option(&args->items[i]))
            option(&d, args->items[i].text);
        else if (!d.is_function)
            declare_word(e, &d, args->items[i]);
    }
    for (const shell_word *word = args ? NULL : first->next; word && shell_ok(e); word = word->next) {
        if (word->assignment)
            declare_assignment(e, &d, word->assignment);
        else
            declare_fields(e, &d, word);
    }
    if (d.is_function || d.is_print) {
        e->last_status = STATUS_UNKNOWN;
        if (e->out)
            e->out->is_unknown = 1;
    }
    return FLOW_NEXT;
}

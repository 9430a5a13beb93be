/* Simple commands, redirections, command substitution. */
#include "shell_eval.h"

#include <stella/auto.h>

static void stream_fini(shell_stream *stream) {
    stella_buf_fini(&stream->text);
}

/* ---- substitution ------------------------------------------------------------------------------------------------- */

static void read_file(shell_eval *e, stella_word path, shell_stream *in) {
    stella_file file;
    in->is_unknown = 1;
    if (shell_is_known(&path) && shell_read_file(e, path.text, &file) == 1)
        in->is_unknown = stella_buf_add(&in->text, file.bytes) != STELLA_OK;
    e->in = in;
}

/* "$(< file)" is the file. */
static int is_file_alone(const shell_node *body) {
    return body && !body->next && body->kind == SHELL_NODE_SIMPLE && !body->words && !body->assignments &&
           body->redirects && !body->redirects->next && body->redirects->op == SHELL_REDIRECT_INPUT;
}

static void copy_input(shell_eval *e, const shell_node *body, shell_stream *out) {
    const stella_word path = shell_expand(e, body->redirects->target);
    shell_stream *const in = e->in;
    read_file(e, path, out);
    e->in = in;
}

/* What the commands write. Returns 0 when that cannot be known. */
static int capture(shell_eval *e, const shell_node *body, shell_stream *out) {
    if (!shell_ok(e) || e->substitutions >= SHELL_CALLS_MAX)
        return 0;
    shell_stream *const old = e->out;
    e->out = out;
    e->substitutions++;
    e->conditions++;
    if (is_file_alone(body))
        copy_input(e, body, out);
    else
        (void)shell_subshell(e, body);
    e->conditions--;
    e->substitutions--;
    e->out = old;
    return !out->is_unknown && !out->text.failed;
}

stella_word shell_substitute(shell_eval *e, const shell_node *body, stella_sv written) {
    STELLA_AUTO(stream_fini) shell_stream out = {.text = stella_buf_of(SHELL_TEXT_MAX)};
    if (!capture(e, body, &out) || memchr(out.text.ptr ? out.text.ptr : "", '\0', out.text.len))
        return shell_unsure(written);
    stella_sv text = stella_buf_sv(&out.text);
    while (text.ptr && text.len && text.ptr[text.len - 1] == '\n')
        text.len--;
    return shell_known(shell_copy(e, text));
}

/* ---- redirections ------------------------------------------------------------------------------------------------- */

static void read_document(shell_eval *e, const shell_redirect *r, shell_stream *in) {
    const stella_word word = shell_expand(e, r->body);
    in->is_unknown = !shell_is_known(&word);
    stella_buf_add(&in->text, word.text);
    if (r->op == SHELL_REDIRECT_HERE_STRING)
        stella_buf_u8(&in->text, '\n');
    e->in = in;
}

/* "< <(commands)": what they write is the input. */
static void read_commands(shell_eval *e, const shell_node *body, shell_stream *in) {
    if (!capture(e, body, in))
        in->is_unknown = 1;
    e->in = in;
}

static int is_commands(const shell_word *word) {
    const shell_part *part = word ? word->parts : NULL;
    return part && !part->next && part->kind == SHELL_PART_PROCESS && stella_sv_starts(part->text, STELLA_SV("<"));
}

/* Output goes elsewhere: into a file, which is then another one. */
static void write_file(shell_eval *e, const shell_redirect *r, stella_word path) {
    const int is_output = r->fd == SHELL_FD_NONE || r->fd == 1;
    if (is_output || r->op == SHELL_REDIRECT_BOTH || r->op == SHELL_REDIRECT_BOTH_APPEND)
        e->out = NULL;
    if (shell_is_known(&path) && !stella_sv_starts(path.text, STELLA_SV("/dev/")))
        shell_touch(e, path.text);
}

int shell_redirect_begin(shell_eval *e, const shell_node *node, shell_stream *in) {
    for (const shell_redirect *r = node->redirects; r && shell_ok(e); r = r->next) {
        if (r->op >= SHELL_REDIRECT_HERE) {
            if (r->fd == SHELL_FD_NONE || r->fd == 0)
                read_document(e, r, in);
            continue;
        }
        if (r->op == SHELL_REDIRECT_INPUT && (r->fd == SHELL_FD_NONE || r->fd == 0) && is_commands(r->target)) {
            read_commands(e, r->target->parts->body, in);
            continue;
        }
        const stella_word path = shell_expand(e, r->target);
        switch (r->op) {
        case SHELL_REDIRECT_INPUT:
        case SHELL_REDIRECT_READ_WRITE:
            if (r->fd == SHELL_FD_NONE || r->fd == 0)
                read_file(e, path, in);
            break;
        case SHELL_REDIRECT_INPUT_COPY:
            if (r->fd == SHELL_FD_NONE || r->fd == 0)
                e->in = NULL;
            break;
        case SHELL_REDIRECT_OUTPUT_COPY:
            if (r->fd == SHELL_FD_NONE || r->fd == 1)
                e->out = NULL;
            break;
        default:
            write_file(e, r, path);
        }
    }
    return shell_ok(e);
}

/* ---- commands ----------------------------------------------------------------------------------------------------- */

static int is_declaration(const shell_node *node) {
    static const char *const names[] = {"export", "declare", "local", "readonly", "typeset"};
    for (size_t i = 0; node->words && i < sizeof names / sizeof names[0]; i++)
        if (stella_sv_eq(node->words->source, stella_sv_cstr(names[i])))
            return 1;
    return 0;
}

typedef struct shell_saved {
    stella_sv name;
    const shell_value *value;
    struct shell_saved *next;
} shell_saved;

/* "NAME=value command": for that command alone. */
static shell_saved *assign_for_command(shell_eval *e, const shell_node *node) {
    shell_saved *first = NULL;
    for (const shell_assignment *a = node->assignments; a && shell_ok(e); a = a->next) {
        shell_saved *saved = shell_memory(e, 1, sizeof *saved);
        if (!saved)
            break;
        *saved = (shell_saved){.name = a->name, .value = shell_get(e, a->name), .next = first};
        first = saved;
        shell_assign(e, a, 0);
        shell_set_flags(e, a->name, VALUE_EXPORTED);
    }
    return first;
}

static void restore(shell_eval *e, const shell_saved *saved) {
    for (; saved; saved = saved->next)
        shell_set_value(e, saved->name, saved->value);
}

static shell_flow assignments_alone(shell_eval *e, const shell_node *node) {
    e->last_status = 0;
    for (const shell_assignment *a = node->assignments; a && shell_ok(e); a = a->next)
        shell_assign(e, a, 0);
    return FLOW_NEXT;
}

shell_flow shell_run_args(shell_eval *e, const shell_args *args) {
    shell_flow flow = FLOW_NEXT;
    const stella_word *name = &args->items[0];
    if (!shell_is_known(name)) {
        shell_run_program(e, args);
        return FLOW_NEXT;
    }
    const shell_value *function = shell_state_get(e->state, SLOT_FUNCTION, name->text);
    if (function)
        return shell_call_function(e, function, args);
    if (shell_builtin(e, args, &flow))
        return flow;
    shell_run_program(e, args);
    if (!shell_program(e, args)) {
        e->last_status = STATUS_UNKNOWN;
        if (e->out)
            e->out->is_unknown = 1;
    }
    return FLOW_NEXT;
}

static shell_flow run_words(shell_eval *e, const shell_node *node) {
    shell_fields fields = {0};
    if (is_declaration(node))
        return shell_declare(e, node, NULL);
    shell_expand_words(e, node->words, &fields);
    if (!shell_ok(e))
        return FLOW_EXIT;
    if (!fields.count) /* "$nothing" */
        return assignments_alone(e, node);
    const shell_args args = {.items = fields.items, .count = fields.count, .node = node};
    shell_saved *saved = assign_for_command(e, node);
    const shell_flow flow = shell_run_args(e, &args);
    restore(e, saved);
    return flow;
}

shell_flow shell_simple_follow(shell_eval *e, const shell_node *node) {
    shell_stream *const old_in = e->in, *const old_out = e->out;
    STELLA_AUTO(stream_fini) shell_stream in = {.text = stella_buf_of(SHELL_TEXT_MAX)};
    shell_flow flow = FLOW_EXIT;
    if (shell_redirect_begin(e, node, &in))
        flow = node->words ? run_words(e, node) : assignments_alone(e, node);
    e->in = old_in;
    e->out = old_out;
    return shell_ok(e) ? flow : FLOW_EXIT;
}

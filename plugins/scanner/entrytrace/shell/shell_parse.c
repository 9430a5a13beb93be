/* Scripts, lists, pipelines. */
#include "shell_parse.h"

#include "shell_parser.h"

shell_node *shell_node_new(shell_parser *p, uint32_t kind) {
    shell_node *node = shell_new(p, sizeof *node);
    if (node)
        node->kind = kind;
    return node;
}

shell_node *shell_node_end(shell_parser *p, shell_node *node, size_t start) {
    if (!node || p->failed)
        return NULL;
    /* Where the last token that was taken ends: the next one, if it was asked for, begins behind it. */
    size_t end = p->token.kind == TOKEN_NONE ? p->at : p->token.start;
    while (end > start + 1 && strchr(" \t\n", p->text.ptr[end - 1]))
        end--;
    node->range = shell_range_of(p, start, end);
    return node;
}

int shell_redirects(shell_parser *p, shell_node *node, shell_redirect **last) {
    while (!p->failed && shell_peek(p)->kind == TOKEN_REDIRECT) {
        shell_redirect *redirect = shell_redirect_read(p);
        if (!redirect)
            return 0;
        if (*last)
            (*last)->next = redirect;
        else
            node->redirects = redirect;
        *last = redirect;
    }
    return !p->failed;
}

/* One command, with the redirections behind it. NULL without failure: none stands here. */
static shell_node *command(shell_parser *p) {
    if (shell_ends_list(p) || !shell_enter(p))
        return NULL;
    shell_node *node = shell_compound(p);
    shell_redirect *last = NULL;
    if (node && node->kind != SHELL_NODE_FUNCTION && !shell_redirects(p, node, &last))
        return NULL;
    if (!node && !p->failed)
        node = shell_simple(p);
    shell_leave(p);
    return p->failed ? NULL : node;
}

/* "!" and "time" before a pipeline, as flags of it. */
static uint32_t pipeline_flags(shell_parser *p) {
    uint32_t flags = 0;
    for (;;) {
        if (shell_is_reserved(p, "!")) {
            shell_take(p);
            flags ^= SHELL_NEGATED;
        } else if (shell_is_reserved(p, "time")) {
            shell_take(p);
            flags |= SHELL_TIMED;
            if (shell_is_reserved(p, "-p"))
                shell_take(p);
        } else {
            return flags;
        }
    }
}

static int next_in_pipeline(shell_parser *p) {
    if (!shell_is_operator(p, "|") && !shell_is_operator(p, "|&"))
        return 0;
    shell_take(p);
    shell_skip_newlines(p);
    return 1;
}

static shell_node *pipeline(shell_parser *p) {
    const size_t start = shell_peek(p)->start;
    const uint32_t flags = pipeline_flags(p);
    shell_node *first = command(p), *last = first;
    if (!first && !(flags && !p->failed))
        return NULL;
    if (!flags && !shell_is_operator(p, "|") && !shell_is_operator(p, "|&"))
        return first;
    shell_node *node = shell_node_new(p, SHELL_NODE_PIPELINE);
    if (!node)
        return NULL;
    node->flags = flags;
    node->body = first;
    while (!p->failed && last && next_in_pipeline(p)) {
        const size_t at = shell_peek(p)->start;
        shell_node *next = command(p);
        if (!next)
            return shell_fail(p, at, "a pipeline without a command behind |");
        last->next = next;
        last = next;
    }
    return shell_node_end(p, node, start);
}

static shell_node *and_or(shell_parser *p) {
    const size_t start = shell_peek(p)->start;
    shell_node *left = pipeline(p);
    while (left && !p->failed && (shell_is_operator(p, "&&") || shell_is_operator(p, "||"))) {
        shell_node *node = shell_node_new(p, shell_is_operator(p, "&&") ? SHELL_NODE_AND : SHELL_NODE_OR);
        shell_take(p);
        shell_skip_newlines(p);
        const size_t at = shell_peek(p)->start;
        shell_node *right = pipeline(p);
        if (!node || !right)
            return shell_fail(p, at, "no command behind && or ||");
        node->condition = left;
        node->body = right;
        left = shell_node_end(p, node, start);
    }
    return left;
}

/* What ends a command in a list. Returns 0 when nothing does: the list is over. */
static int separator(shell_parser *p, shell_node *node) {
    if (shell_is_operator(p, "&"))
        node->flags |= SHELL_BACKGROUND;
    else if (!shell_is_operator(p, ";") && shell_peek(p)->kind != TOKEN_NEWLINE)
        return 0;
    shell_take(p);
    return 1;
}

const shell_node *shell_list(shell_parser *p) {
    shell_node *first = NULL, *last = NULL;
    for (;;) {
        shell_skip_newlines(p);
        shell_node *node = and_or(p);
        if (!node || p->failed)
            return p->failed ? NULL : first;
        if (last)
            last->next = node;
        else
            first = node;
        last = node;
        if (!separator(p, node))
            return p->failed ? NULL : first;
    }
}

/* ---- scripts ------------------------------------------------------------------------------------------------------ */

static void add_fault(shell_script *script, shell_parser *p) {
    script->has_fault = 1;
    script->fault_at = p->fault_at;
    script->fault = p->fault;
}

/* Commands one line after another, as a shell reads them: those before a fault are kept. */
static void read_commands(shell_parser *p, shell_script *script) {
    shell_node *last = NULL;
    for (;;) {
        shell_skip_newlines(p);
        const shell_token at = *shell_peek(p);
        shell_node *node = and_or(p);
        if (!node && !p->failed && shell_peek(p)->kind == TOKEN_END)
            break;
        if (node && !p->failed && !separator(p, node) && shell_peek(p)->kind != TOKEN_END)
            shell_fail(p, shell_peek(p)->start, "a word or sign that is not expected");
        else if (!node && !p->failed)
            shell_fail(p, at.start, "a word or sign that begins no command");
        if (p->failed)
            break;
        if (last)
            last->next = node;
        else
            script->body = node;
        last = node;
    }
    if (p->failed)
        add_fault(script, p);
}

static int is_binary(stella_sv text) {
    const stella_sv line = stella_sv_first(text, stella_sv_find(text, '\n'));
    return memchr(line.ptr ? line.ptr : "", '\0', line.len) != NULL;
}

/* A NUL further down ends the text with a fault: shells read on, each in its own way. */
static void end_at_nul(shell_parser *p) {
    const size_t nul = stella_sv_find(p->text, '\0');
    if (nul < p->end)
        p->end = nul;
}

stella_status shell_parse(stella_sv text, stella_arena *arena, const shell_script **out, stella_error *err) {
    if (text.len > SHELL_SCRIPT_MAX)
        return stella_error_set(err, STELLA_E_LIMIT, NULL, "a script of %zu bytes, at most %u are read", text.len,
                                SHELL_SCRIPT_MAX);
    if (is_binary(text))
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "line 1: binary, not a script");
    shell_script *script = stella_arena_alloc(arena, 1, sizeof *script);
    shell_parser p;
    if (!script || !shell_open(&p, arena, text, &script->node_count))
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a script");
    end_at_nul(&p);
    read_commands(&p, script);
    if (!script->has_fault && p.end < text.len) {
        shell_fail(&p, p.end, "a NUL: what follows is no script");
        add_fault(script, &p);
    }
    if (script->has_fault && script->fault.code == STELLA_E_NOMEM)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a script");
    *out = script;
    return STELLA_OK;
}

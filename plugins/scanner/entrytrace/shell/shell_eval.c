#include "shell_eval.h"

int shell_ok(const shell_eval *e) {
    return e->status == STELLA_OK;
}

void shell_stop(shell_eval *e, stella_status status) {
    if (e->status == STELLA_OK)
        e->status = status;
}

void *shell_memory(shell_eval *e, uint64_t count, uint64_t size) {
    void *memory = stella_arena_alloc(e->arena, count, size);
    if (!memory)
        shell_stop(e, stella_error_set(e->err, STELLA_E_NOMEM, NULL, "no memory to follow a script"));
    return memory;
}

stella_sv shell_copy(shell_eval *e, stella_sv text) {
    return shell_join(e, text, STELLA_SV(""));
}

stella_sv shell_join(shell_eval *e, stella_sv a, stella_sv b) {
    char *text = shell_memory(e, a.len + b.len + 1, 1);
    if (!text)
        return (stella_sv){0};
    if (a.len)
        memcpy(text, a.ptr, a.len);
    if (b.len)
        memcpy(text + a.len, b.ptr, b.len);
    return stella_sv_of(text, a.len + b.len);
}

int shell_is_possible(const shell_eval *e) {
    return e->branches || e->may_have_ended || e->may_have_returned || e->may_have_broken;
}

stella_sv shell_script_name(const shell_eval *e) {
    return e->call_count ? e->calls[e->call_count - 1].path : e->name;
}

stella_span shell_span(const shell_eval *e, const shell_range *range) {
    const shell_range *at = e->fixed ? e->fixed : range;
    if (!at || !e->path.len)
        return (stella_span){.path = e->path};
    return (stella_span){.path = e->path,
                         .first_line = at->first_line,
                         .first_column = at->first_column,
                         .last_line = at->last_line,
                         .last_column = at->last_column};
}

static int is_new(shell_eval *e, uint32_t reason, const stella_span *span) {
    for (uint32_t i = 0; i < e->reason_count; i++)
        if (e->reasons[i].reason == reason && e->reasons[i].line == span->first_line &&
            e->reasons[i].column == span->first_column && stella_sv_eq(e->reasons[i].path, span->path))
            return 0;
    if (e->reason_count == SHELL_REASONS_MAX)
        return 0;
    e->reasons[e->reason_count++] =
        (shell_reason){.reason = reason, .line = span->first_line, .column = span->first_column, .path = span->path};
    return 1;
}

void shell_unknown(shell_eval *e, uint32_t reason, const shell_range *range, stella_sv detail) {
    if (!shell_ok(e))
        return;
    const stella_span span = shell_span(e, range);
    if (is_new(e, reason, &span))
        shell_stop(e, stella_hop_unknown(e->hop, reason, &span, detail, e->err));
}

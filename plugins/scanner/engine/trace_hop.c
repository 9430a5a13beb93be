/* One hop: a tracer is asked, and what it says becomes nodes and edges. */
#include "trace.h"

typedef struct hop_call {
    stella_hop base; /* first: what the tracer holds */
    trace *trace;
    uint32_t node, steps;
    stella_error failed; /* what it did wrong first; code STELLA_OK: nothing */
} hop_call;

static hop_call *call_of(stella_hop *hop) {
    return (hop_call *)hop;
}

static stella_status refuse(hop_call *call, stella_status code, const char *message, stella_error *err) {
    if (call->failed.code == STELLA_OK)
        stella_error_set(&call->failed, code, NULL, "%s", message);
    return stella_error_set(err, code, NULL, "%s", message);
}

static int is_text(stella_sv text) {
    return (text.ptr || !text.len) && text.len <= ANALYSIS_TEXT_MAX;
}

/* The included script that a step's place names, else the node itself. */
static uint32_t start_of(const hop_call *call, const stella_span *span) {
    const trace *t = call->trace;
    for (uint32_t i = t->edge_count; span->path.len && i-- > 0;)
        if (t->edges[i].from == call->node && t->edges[i].step == STELLA_STEP_INCLUDE &&
            stella_sv_eq(t->nodes[t->edges[i].to].said.path, span->path))
            return t->edges[i].to;
    return call->node;
}

static const char *flaw_of(const stella_launch *l, const stella_step *how) {
    if (!l->args || !l->arg_count || l->arg_count > 4096 || l->env_count > 4096 || (l->env_count && !l->env))
        return "a step without words, or with too many";
    if (how->kind < STELLA_STEP_RUN || how->kind > STELLA_STEP_BACKGROUND || !how->relation.len)
        return "a step of an unknown kind, or without a relation";
    for (uint32_t i = 0; i < l->arg_count; i++)
        if (!is_text(l->args[i].text))
            return "a word that is no text, or too long";
    for (uint32_t i = 0; i < l->env_count; i++)
        if (!is_text(l->env[i].name) || !is_text(l->env[i].value.text) ||
            (i && stella_sv_cmp(l->env[i - 1].name, l->env[i].name) >= 0))
            return "an environment that is not in order, or too long";
    return is_text(l->program) && is_text(l->directory) && is_text(l->user) && is_text(how->relation) &&
                   is_text(how->span.path)
               ? NULL
               : "a text at no valid address, or too long";
}

/* What a tracer states may be of another build: as much of it as both know. */
static stella_step step_of(const stella_step *theirs) {
    stella_step how = {.struct_size = sizeof how};
    if (theirs)
        analysis_fill(&how, theirs->struct_size, theirs, sizeof how);
    return how;
}

static stella_status step(stella_hop *hop, const stella_launch *next, const stella_step *theirs, stella_error *err) {
    hop_call *call = call_of(hop);
    const stella_step how = step_of(theirs);
    stella_launch launch = {.struct_size = sizeof launch};
    if (next)
        analysis_fill(&launch, next->struct_size, next, sizeof launch);
    const char *flaw = flaw_of(&launch, &how);
    if (flaw)
        return refuse(call, STELLA_E_INVALID, flaw, err);
    if (call->steps++ == TRACE_STEPS_MAX)
        return refuse(call, STELLA_E_LIMIT, "more steps than one hop may have", err);
    return trace_add(call->trace, start_of(call, &how.span), &launch, &how, err);
}

static stella_status include(stella_hop *hop, stella_sv path, const stella_step *theirs, stella_error *err) {
    hop_call *call = call_of(hop);
    const stella_step how = step_of(theirs);
    uint32_t to = 0;
    if (!path.len || !is_text(path) || !is_text(how.span.path) || !is_text(how.relation))
        return refuse(call, STELLA_E_INVALID, "an included script without a path", err);
    return trace_add_include(call->trace, call->node, path, &how, &to, err);
}

static stella_status terminal(stella_hop *hop, const stella_terminal *theirs, stella_error *err) {
    hop_call *call = call_of(hop);
    trace *t = call->trace;
    trace_node *n = &t->nodes[call->node];
    stella_terminal what = {.struct_size = sizeof what};
    if (theirs)
        analysis_fill(&what, theirs->struct_size, theirs, sizeof what);
    if (!what.type.len || !is_text(what.type) || !is_text(what.main) || !what.confidence || what.confidence > 100)
        return refuse(call, STELLA_E_INVALID, "a terminal without type or confidence", err);
    n->is_terminal = 1;
    n->said.type = stella_arena_dup(t->arena, what.type);
    n->said.main = stella_arena_dup(t->arena, what.main);
    n->said.confidence = what.confidence;
    return n->said.type.ptr && n->said.main.ptr
               ? STELLA_OK
               : stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for what the image runs");
}

static stella_status uses(stella_hop *hop, stella_sv path, stella_sv how, stella_sv via, stella_error *err) {
    hop_call *call = call_of(hop);
    if (!path.len || !how.len || !is_text(path) || !is_text(how) || !is_text(via))
        return refuse(call, STELLA_E_INVALID, "a file that is used, without path or a word for it", err);
    return trace_uses(call->trace, call->node, path, how, via, err);
}

static stella_status unknown(stella_hop *hop, uint32_t reason, const stella_span *where, stella_sv detail,
                             stella_error *err) {
    hop_call *call = call_of(hop);
    if (!stella_reason_name(reason).len || !is_text(detail) || (where && !is_text(where->path)))
        return refuse(call, STELLA_E_INVALID, "a reason that is not in the list", err);
    return trace_diagnose(call->trace, where ? start_of(call, where) : call->node, reason, where, detail, err);
}

static stella_status language(stella_hop *hop, stella_sv name, stella_error *err) {
    hop_call *call = call_of(hop);
    trace_node *n = &call->trace->nodes[call->node];
    if (!name.len || !is_text(name))
        return refuse(call, STELLA_E_INVALID, "a language without a name", err);
    n->said.kind = STELLA_NODE_INTERPRETER;
    n->said.language = stella_arena_dup(call->trace->arena, name);
    return n->said.language.ptr ? STELLA_OK
                                : stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for what the image runs");
}

static const stella_hop_ops ops = {.head = STELLA_HEAD(stella_hop_ops),
                                   .step = step,
                                   .include = include,
                                   .terminal = terminal,
                                   .uses = uses,
                                   .unknown = unknown,
                                   .language = language};

stella_status trace_hop(trace *t, uint32_t node, const tracer *who, const stella_file *file, stella_error *err) {
    stella_launch launch = t->nodes[node].launch;
    launch.flags &= ~STELLA_LAUNCH_APPLET; /* what it starts is a program of its own again */
    hop_call call = {.base = {.head = STELLA_HEAD(stella_hop),
                              .ops = &ops,
                              .launch = &launch,
                              .file = file,
                              .view = &t->job.base,
                              .run_parts_max = TRACE_RUN_PARTS_MAX},
                     .trace = t,
                     .node = node};
    stella_error said = {0};
    const uint32_t wishes = t->job.wish_count;
    t->job.stage->plugin = who->id;
    stella_job_enter(t->world->job, 0, who->index, STELLA_SV("resolve"));
    stella_status status = who->table->resolve(who->instance, &call.base, &said);
    stella_job_leave(t->world->job, 0);
    if (t->is_short)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for what the image runs");
    if (call.failed.code != STELLA_OK)
        status = call.failed.code, said = call.failed;
    if (status == STELLA_OK || t->job.wish_count > wishes) /* it is asked again when the files are at hand */
        return STELLA_OK;
    said.message[sizeof said.message - 1] = '\0';
    analysis_note(&t->job, STELLA_NOTE_ERROR, stella_sv_cstr(stella_status_name(status)), file->path, 0,
                  stella_sv_cstr(said.message));
    return trace_diagnose(t, node, status == STELLA_E_LIMIT ? STELLA_REASON_LIMIT : STELLA_REASON_UNSUPPORTED_SYNTAX,
                          NULL, stella_sv_cstr(said.message), err);
}

/* Nodes, edges and what is said of them, while a trace is made. */
#include "trace.h"

static stella_status no_memory(stella_error *err) {
    return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for what the image runs");
}

static uint64_t mix(uint64_t hash, stella_sv text, uint32_t flags) {
    for (size_t i = 0; i < text.len; i++)
        hash = (hash ^ (unsigned char)text.ptr[i]) * 0x100000001b3u;
    return (hash ^ 0x100u ^ flags) * 0x100000001b3u;
}

static uint64_t key_of(const stella_launch *l, const stella_step *how) {
    uint64_t hash = mix(0xcbf29ce484222325u, l->program, how->node_kind);
    for (uint32_t i = 0; i < l->arg_count; i++)
        hash = mix(hash, l->args[i].text, l->args[i].flags);
    hash = mix(hash, STELLA_SV("env"), l->arg_count);
    for (uint32_t i = 0; i < l->env_count; i++)
        hash = mix(mix(hash, l->env[i].name, 0), l->env[i].value.text, l->env[i].value.flags);
    return mix(mix(hash, l->directory, l->flags), l->user, l->env_count);
}

static int same_words(const stella_launch *a, const stella_launch *b) {
    if (a->arg_count != b->arg_count || a->env_count != b->env_count)
        return 0;
    for (uint32_t i = 0; i < a->arg_count; i++)
        if (a->args[i].flags != b->args[i].flags || !stella_sv_eq(a->args[i].text, b->args[i].text))
            return 0;
    for (uint32_t i = 0; i < a->env_count; i++)
        if (a->env[i].value.flags != b->env[i].value.flags || !stella_sv_eq(a->env[i].name, b->env[i].name) ||
            !stella_sv_eq(a->env[i].value.text, b->env[i].value.text))
            return 0;
    return a->flags == b->flags;
}

static int is_same(const stella_launch *a, const stella_launch *b) {
    return stella_sv_eq(a->program, b->program) && stella_sv_eq(a->directory, b->directory) &&
           stella_sv_eq(a->user, b->user) && same_words(a, b);
}

static stella_sv keep(trace *t, stella_sv text) {
    const stella_sv copy = stella_arena_dup(t->arena, text);
    t->is_short |= !copy.ptr;
    return copy;
}

static stella_word *keep_words(trace *t, const stella_word *words, uint32_t count) {
    stella_word *copy = stella_arena_alloc(t->arena, count, sizeof *copy);
    t->is_short |= !copy;
    for (uint32_t i = 0; copy && i < count; i++)
        copy[i] = (stella_word){.text = keep(t, words[i].text), .flags = words[i].flags};
    return copy;
}

/* An environment is mostly that of the launch before: it is shared when it is the very same. */
static stella_variable *keep_env(trace *t, const stella_variable *env, uint32_t count) {
    stella_variable *copy = stella_arena_alloc(t->arena, count, sizeof *copy);
    t->is_short |= !copy;
    for (uint32_t i = 0; copy && i < count; i++)
        copy[i] = (stella_variable){.name = keep(t, env[i].name),
                                    .value = {.text = keep(t, env[i].value.text), .flags = env[i].value.flags}};
    return copy;
}

static stella_launch keep_launch(trace *t, const stella_launch *from, const stella_launch *parent) {
    const int is_shared = parent && parent->env == from->env && parent->env_count == from->env_count;
    return (stella_launch){.struct_size = sizeof *from,
                           .args = keep_words(t, from->args, from->arg_count),
                           .arg_count = from->arg_count,
                           .env = is_shared ? from->env : keep_env(t, from->env, from->env_count),
                           .env_count = from->env_count,
                           .flags = from->flags,
                           .program = keep(t, from->program),
                           .directory = keep(t, from->directory),
                           .user = keep(t, from->user)};
}

/* What a copy of the launch takes; the environment counts when it is not its parent's. */
static uint64_t bytes_of(const stella_launch *l, const stella_launch *parent) {
    uint64_t bytes = (uint64_t)l->arg_count * sizeof *l->args + l->program.len + l->directory.len + l->user.len;
    for (uint32_t i = 0; i < l->arg_count; i++)
        bytes += l->args[i].text.len;
    if (parent && parent->env == l->env && parent->env_count == l->env_count)
        return bytes;
    for (uint32_t i = 0; i < l->env_count; i++)
        bytes += sizeof *l->env + l->env[i].name.len + l->env[i].value.text.len;
    return bytes;
}

static uint32_t find(const trace *t, uint64_t key, const stella_launch *launch) {
    for (uint32_t i = 0; i < t->node_count; i++)
        if (t->nodes[i].key == key && is_same(&t->nodes[i].launch, launch))
            return i;
    return UINT32_MAX;
}

static stella_span keep_span(trace *t, const stella_span *from) {
    stella_span span = *from;
    span.path = keep(t, from->path);
    return span;
}

/* The same edge twice counts once; one that certainly happens is certain. */
static stella_status add_edge(trace *t, uint32_t from, uint32_t to, uint32_t kind, const stella_step *how,
                              stella_error *err) {
    for (uint32_t i = 0; i < t->edge_count; i++) {
        stella_trace_edge *e = &t->edges[i];
        if (e->from == from && e->to == to && e->step == kind && stella_sv_eq(e->relation, how->relation) &&
            e->span.first_line == how->span.first_line) {
            e->is_possible &= how->is_possible;
            return STELLA_OK;
        }
    }
    if (t->edge_count == TRACE_EDGES_MAX)
        return trace_diagnose(t, from, STELLA_REASON_LIMIT, &how->span, STELLA_SV("more steps than are followed"), err);
    t->edges[t->edge_count++] = (stella_trace_edge){.from = from,
                                                    .to = to,
                                                    .step = kind,
                                                    .is_possible = how->is_possible,
                                                    .relation = keep(t, how->relation),
                                                    .span = keep_span(t, &how->span)};
    return t->is_short ? no_memory(err) : STELLA_OK;
}

stella_status trace_add(trace *t, uint32_t from, const stella_launch *launch, const stella_step *how,
                        stella_error *err) {
    const uint64_t key = key_of(launch, how);
    const int is_first = from == UINT32_MAX;
    uint32_t to = find(t, key, launch);
    if (to == UINT32_MAX) {
        const uint32_t depth = is_first ? 0 : t->nodes[from].depth + 1;
        if (depth > TRACE_DEPTH_MAX)
            return trace_diagnose(t, from, STELLA_REASON_RECURSION_LIMIT, &how->span, launch->args[0].text, err);
        const uint64_t bytes = bytes_of(launch, is_first ? NULL : &t->nodes[from].launch);
        if (!is_first && (t->node_count == TRACE_NODES_MAX || bytes > TRACE_LAUNCH_BYTES - t->launch_bytes))
            return trace_diagnose(t, from, STELLA_REASON_LIMIT, &how->span, launch->args[0].text, err);
        t->launch_bytes += bytes < TRACE_LAUNCH_BYTES - t->launch_bytes ? bytes : TRACE_LAUNCH_BYTES - t->launch_bytes;
        to = t->node_count;
        t->nodes[t->node_count++] =
            (trace_node){.launch = keep_launch(t, launch, is_first ? NULL : &t->nodes[from].launch),
                         .key = key,
                         .depth = depth,
                         .node_kind = how->node_kind,
                         .script = UINT32_MAX};
        if (t->is_short)
            return no_memory(err);
        trace_node *n = &t->nodes[to];
        n->said = (stella_trace_node){
            .kind = STELLA_NODE_COMMAND,
            .layer = STELLA_BOM_NO_LAYER,
            .name = n->launch.arg_count ? n->launch.args[0].text : (stella_sv){0},
            .args = {.items = n->launch.args, .count = n->launch.arg_count, .stride = sizeof(stella_word)},
            .user = n->launch.user,
            .env = {.items = n->launch.env, .count = n->launch.env_count, .stride = sizeof(stella_variable)}};
    }
    return is_first ? STELLA_OK : add_edge(t, from, to, how->kind, how, err);
}

stella_status trace_add_include(trace *t, uint32_t from, stella_sv path, const stella_step *how, uint32_t *to,
                                stella_error *err) {
    for (uint32_t i = 0; i < t->edge_count; i++)
        if (t->edges[i].from == from && t->edges[i].step == STELLA_STEP_INCLUDE &&
            stella_sv_eq(t->nodes[t->edges[i].to].said.path, path)) {
            *to = t->edges[i].to;
            return STELLA_OK;
        }
    if (t->node_count == TRACE_NODES_MAX)
        return trace_diagnose(t, from, STELLA_REASON_LIMIT, &how->span, path, err);
    *to = t->node_count++;
    stella_file file = STELLA_FILE_INIT;
    const int is_there = stella_view_stat(&t->job.base, path, &file, NULL) == STELLA_OK;
    const stella_sv kept = keep(t, path);
    t->nodes[*to] = (trace_node){.said = {.kind = STELLA_NODE_INCLUDE,
                                          .layer = is_there ? file.layer : STELLA_BOM_NO_LAYER,
                                          .name = kept,
                                          .path = kept,
                                          .args = {.stride = sizeof(stella_word)},
                                          .env = {.stride = sizeof(stella_variable)},
                                          .user = t->nodes[from].said.user},
                                 .depth = t->nodes[from].depth,
                                 .script = UINT32_MAX};
    return t->is_short ? no_memory(err) : add_edge(t, from, *to, STELLA_STEP_INCLUDE, how, err);
}

stella_status trace_diagnose(trace *t, uint32_t node, uint32_t reason, const stella_span *where, stella_sv detail,
                             stella_error *err) {
    stella_trace_diagnostic *d = chain_add(&t->diagnostics, t->arena, sizeof *d);
    if (!d)
        return no_memory(err);
    *d = (stella_trace_diagnostic){.reason = reason, .node = node};
    if (where)
        d->span = keep_span(t, where);
    d->detail = keep(t, stella_sv_first(detail, 512));
    t->nodes[node].has_diagnostic = 1;
    return t->is_short ? no_memory(err) : STELLA_OK;
}

stella_status trace_uses(trace *t, uint32_t node, stella_sv path, stella_sv how, stella_sv via, stella_error *err) {
    stella_trace_use *u = chain_add(&t->uses, t->arena, sizeof *u);
    if (!u)
        return no_memory(err);
    *u = (stella_trace_use){.node = node, .path = keep(t, path), .how = keep(t, how), .via = keep(t, via)};
    return t->is_short ? no_memory(err) : STELLA_OK;
}

#include "trace.h"

#include "protocol.h"

#include <stella/auto.h>

#define TRACERS_MAX 256u
#define SHEBANG_MAX 256u /* bytes of the first line that count: BINPRM_BUF_SIZE of Linux */

static stella_status list_tracers(trace *t, stella_error *err) {
    t->tracers = stella_arena_alloc(t->arena, TRACERS_MAX, sizeof *t->tracers);
    t->nodes = stella_arena_alloc(t->arena, TRACE_NODES_MAX, sizeof *t->nodes);
    t->edges = stella_arena_alloc(t->arena, TRACE_EDGES_MAX, sizeof *t->edges);
    if (!t->tracers || !t->nodes || !t->edges)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for what the image runs");
    stella_peer peer = {.struct_size = sizeof peer};
    for (uint32_t i = 0; stella_job_peer(t->world->job, STELLA_ENTRYTRACE_INTERFACE, i, &peer); i++) {
        const stella_entrytrace *table = peer.interface;
        if (t->tracer_count < TRACERS_MAX && STELLA_HAS(table, stella_entrytrace, resolve) && table->resolve &&
            table->programs)
            t->tracers[t->tracer_count++] = (tracer){.table = table,
                                                     .instance = peer.instance,
                                                     .id = stella_sv_cstr(peer.id),
                                                     .version = stella_sv_cstr(peer.version),
                                                     .digest = stella_sv_cstr(peer.digest),
                                                     .index = peer.index};
    }
    return STELLA_OK;
}

/* ---- which tracer knows a program ---------------------------------------------------------------------------------- */

static stella_sv base_name(stella_sv path) {
    size_t at = path.len;
    while (at && path.ptr[at - 1] != '/')
        at--;
    return stella_sv_skip(path, at);
}

/* "python3*" is python3 and python3.11. */
static int is_program(const char *pattern, stella_sv name) {
    const stella_sv text = stella_sv_cstr(pattern);
    if (!text.len || text.ptr[text.len - 1] != '*')
        return stella_sv_eq(text, name);
    if (!stella_sv_starts(name, stella_sv_first(text, text.len - 1)))
        return 0;
    for (size_t i = text.len - 1; i < name.len; i++)
        if (name.ptr[i] != '.' && (name.ptr[i] < '0' || name.ptr[i] > '9'))
            return 0;
    return 1;
}

static const tracer *tracer_of(const trace *t, stella_sv name) {
    const tracer *best = NULL;
    for (uint32_t i = 0; i < t->tracer_count; i++)
        for (const char *const *p = t->tracers[i].table->programs; *p; p++)
            if (is_program(*p, name) && (!best || stella_sv_cmp(t->tracers[i].id, best->id) < 0))
                best = &t->tracers[i];
    return best;
}

/* ---- scripts -------------------------------------------------------------------------------------------------------- */

/* "#!" INTERPRETER [ARGUMENT]: everything behind the first blanks is one argument, as Linux has it. */
static int read_shebang(stella_sv bytes, stella_sv *interpreter, stella_sv *argument) {
    stella_sv rest = stella_sv_first(bytes, SHEBANG_MAX), line;
    if (!stella_sv_starts(rest, STELLA_SV("#!")))
        return 0;
    rest = stella_sv_skip(rest, 2);
    if (!stella_sv_split(&rest, '\n', &line))
        return 0;
    line = stella_sv_trim(line);
    size_t end = 0;
    while (end < line.len && line.ptr[end] != ' ' && line.ptr[end] != '\t')
        end++;
    *interpreter = stella_sv_first(line, end);
    *argument = stella_sv_trim(stella_sv_skip(line, end));
    return interpreter->len > 0;
}

/* The kernel's own step: the interpreter gets the script's path as it was called. */
static stella_status add_interpreter(trace *t, uint32_t node, stella_sv interpreter, stella_sv argument,
                                     stella_sv spelled, stella_error *err) {
    const stella_launch from = t->nodes[node].launch;
    stella_word *words = stella_arena_alloc(t->arena, from.arg_count + 3u, sizeof *words);
    if (!words)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for what the image runs");
    uint32_t count = 0;
    words[count++].text = interpreter;
    if (argument.len)
        words[count++].text = argument;
    words[count++].text = spelled;
    for (uint32_t i = 1; i < from.arg_count; i++)
        words[count++] = from.args[i];
    stella_launch next = from;
    next.args = words;
    next.arg_count = count;
    next.program = (stella_sv){0};
    const stella_step how = {.kind = STELLA_STEP_MAIN,
                             .relation = STELLA_SV("shebang"),
                             .span = {.path = t->nodes[node].said.path,
                                      .first_line = 1,
                                      .first_column = 1,
                                      .last_line = 1,
                                      .last_column = (uint32_t)(interpreter.len + 2)}};
    const uint32_t before = t->node_count;
    const stella_status status = trace_add(t, node, &next, &how, err);
    if (status == STELLA_OK && t->node_count > before) {
        t->nodes[before].is_interpreter = 1;
        t->nodes[before].script = node;
    }
    return status;
}

static stella_status follow_script(trace *t, uint32_t node, const stella_file *found, stella_sv spelled,
                                   stella_error *err) {
    stella_file file = STELLA_FILE_INIT;
    stella_sv interpreter = STELLA_SV("/bin/sh"), argument = {0};
    trace_node *n = &t->nodes[node];
    n->said.kind = n->node_kind ? n->node_kind : STELLA_NODE_SCRIPT;
    const stella_status status = stella_view_read(&t->job.base, found->path, &file, NULL);
    if (status == STELLA_E_PENDING)
        return STELLA_OK;
    if (status != STELLA_OK)
        return trace_diagnose(t, node, STELLA_REASON_CONTENT_UNAVAILABLE, NULL, found->path, err);
    if (found->type == STELLA_TYPE_SCRIPT && !read_shebang(file.bytes, &interpreter, &argument))
        return trace_diagnose(t, node, STELLA_REASON_UNSUPPORTED_SYNTAX, NULL, STELLA_SV("#! without a program"), err);
    return add_interpreter(t, node, interpreter, argument, spelled,
                           err); /* without "#!" shells and execvp run /bin/sh */
}

/* ---- the loop ------------------------------------------------------------------------------------------------------- */

static stella_status diagnose_lost(trace *t, uint32_t node, stella_status why, stella_error *err) {
    const stella_launch *l = &t->nodes[node].launch;
    const stella_sv name = l->program.len ? l->program : l->arg_count ? l->args[0].text : (stella_sv){0};
    const int is_path = name.len && memchr(name.ptr, '/', name.len) != NULL;
    const uint32_t reason = why == STELLA_E_UNSUPPORTED ? STELLA_REASON_DYNAMIC_REFERENCE
                            : why == STELLA_E_DENIED    ? STELLA_REASON_PERMISSION_DENIED
                            : is_path                   ? STELLA_REASON_MISSING_FILE
                                                        : STELLA_REASON_COMMAND_NOT_FOUND;
    return trace_diagnose(t, node, reason, NULL, name, err);
}

static stella_status visit(trace *t, uint32_t node, stella_error *err) {
    stella_file file = STELLA_FILE_INIT;
    stella_sv spelled = {0};
    trace_node *n = &t->nodes[node];
    if (n->said.kind == STELLA_NODE_INCLUDE)
        return STELLA_OK;
    const stella_status found = stella_launch_find(&t->job.base, &n->launch, &file, &spelled, NULL);
    if (found == STELLA_E_NOMEM)
        return stella_error_set(err, found, NULL, "no memory for what the image runs");
    if (found != STELLA_OK)
        return diagnose_lost(t, node, found, err);
    n->said.kind = n->node_kind ? n->node_kind : STELLA_NODE_EXECUTABLE;
    n->said.path = stella_arena_dup(t->arena, file.path);
    n->said.layer = file.layer;
    if (!n->said.path.ptr)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for what the image runs");
    const tracer *who = n->launch.flags & STELLA_LAUNCH_APPLET ? tracer_of(t, n->launch.args[0].text) : NULL;
    if (!who)
        who = tracer_of(t, base_name(spelled));
    if (!who)
        who = tracer_of(t, base_name(file.path));
    if (who)
        return trace_hop(t, node, who, &file, err);
    if (file.type == STELLA_TYPE_SCRIPT || file.type == STELLA_TYPE_TEXT)
        return follow_script(t, node, &file, spelled, err);
    if (!n->is_interpreter)
        return STELLA_OK;
    n->said.kind = STELLA_NODE_INTERPRETER;
    n->is_stranger = 1;
    return trace_diagnose(t, node, STELLA_REASON_INTERPRETER, NULL, file.path, err);
}

static stella_status follow(trace *t, const stella_launch *process, stella_error *err) {
    const stella_step first = {.kind = STELLA_STEP_MAIN, .relation = STELLA_SV("entrypoint")};
    stella_status status = trace_add(t, UINT32_MAX, process, &first, err);
    if (status == STELLA_OK && !process->arg_count)
        return trace_diagnose(t, 0, STELLA_REASON_NO_ENTRYPOINT, NULL, STELLA_SV("neither Entrypoint nor Cmd"), err);
    for (uint32_t i = 0; i < t->node_count && status == STELLA_OK; i++)
        status = visit(t, i, err);
    return status;
}

stella_status trace_run(const analysis_world *world, const stella_launch *process, stella_arena *arena,
                        phases_result *result, const stella_trace **out, stella_error *err) {
    const analysis_plugin self = {.id = STELLA_SV(ENGINE_ID)};
    STELLA_AUTO(stella_arena_destroyp) stella_arena *scratch = stella_arena_create(world->call_bytes);
    STELLA_AUTO(stage_destroyp)
    stage *s =
        stage_create(STELLA_SV(ENGINE_ID), STELLA_SV(ENGINE_VERSION), STELLA_PHASE_ENTRYTRACE, world->stage_bytes);
    trace t = {.world = world, .arena = arena};
    if (!scratch || !s)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for what the image runs");
    analysis_init(&t.job, world, &self, scratch, s, &result->wishes, arena);
    stella_status status = list_tracers(&t, err);
    if (status == STELLA_OK)
        status = follow(&t, process, err);
    if (status == STELLA_OK)
        status = trace_result(&t, out, err);
    if (status == STELLA_OK)
        result->traced = STELLA_TAKE(s);
    return status;
}

/* The analyzer of what native programs load (README.md). */
#include "closure.h"

#include <stddef.h>

static const stella_interest interests[] = {
    {.mode = STELLA_KEEP, .path = "etc/ld.so.conf", .max_bytes = LD_CONF_BYTES_MAX},
    {.mode = STELLA_KEEP, .path = "etc/ld.so.preload", .max_bytes = LD_CONF_BYTES_MAX},
    {.mode = STELLA_KEEP, .dir = "etc/ld.so.conf.d", .suffix = ".conf", .max_bytes = LD_CONF_BYTES_MAX},
    {.mode = STELLA_KEEP, .dir = "etc", .suffix = ".path", .max_bytes = LD_CONF_BYTES_MAX},
};

/* Several nodes may be the same program: it is followed once, unless they load files of their own. */
typedef struct followed {
    names programs;    /* "PROGRAM\nLD_LIBRARY_PATH\nLD_PRELOAD" */
    closure *closures; /* as many as the trace has nodes */
    uint32_t count;
    uint32_t use; /* the first of the trace that is no earlier node's */
} followed;

/* Of a value that is not known as a whole, what stands there in so many words. */
static stella_sv variable_of(const stella_trace *trace, const stella_trace_node *node, stella_sv name) {
    if (trace->nodes.stride <
        offsetof(stella_trace_node, env) + sizeof node->env) /* of a host that has no such member */
        return STELLA_SV("");
    for (uint32_t i = 0; i < node->env.count; i++) {
        const stella_variable *v = STELLA_AT(node->env, stella_variable, i);
        if (!stella_sv_eq(v->name, name))
            continue;
        const size_t known = v->value.flags & STELLA_WORD_UNKNOWN ? stella_sv_find(v->value.text, '$') : SIZE_MAX;
        return stella_sv_first(v->value.text, known);
    }
    return STELLA_SV("");
}

/* The trace's uses are ordered by node. */
static closure_start start_of(followed *f, const stella_trace *trace, uint32_t node) {
    const stella_trace_node *n = STELLA_AT(trace->nodes, stella_trace_node, node);
    while (f->use < trace->uses.count && STELLA_AT(trace->uses, stella_trace_use, f->use)->node < node)
        f->use++;
    closure_start start = {.program = n->path,
                           .library_path = variable_of(trace, n, STELLA_SV("LD_LIBRARY_PATH")),
                           .preload = variable_of(trace, n, STELLA_SV("LD_PRELOAD")),
                           .uses = trace->uses,
                           .first_use = f->use};
    while (f->use < trace->uses.count && STELLA_AT(trace->uses, stella_trace_use, f->use)->node == node)
        f->use++;
    start.use_count = f->use - start.first_use;
    return start;
}

static stella_status follow(followed *f, closure_world *world, const closure_start *start, const closure **out,
                            stella_error *err) {
    const stella_sv key = stella_arena_printf(world->view.job->arena, "%.*s\n%.*s\n%.*s", STELLA_SV_FMT(start->program),
                                              STELLA_SV_FMT(start->library_path), STELLA_SV_FMT(start->preload));
    uint32_t i = f->count;
    if (!key.ptr)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the libraries of programs");
    if (start->use_count || !names_find(&f->programs, key, &i)) {
        stella_status status = closure_of(world, start, &f->closures[i], err);
        if (status == STELLA_OK && !start->use_count)
            status = names_add(&f->programs, key, i, err);
        if (status != STELLA_OK)
            return status;
        f->count++;
    }
    *out = &f->closures[i];
    return STELLA_OK;
}

static stella_status analyze(void *self, stella_analysis *job, stella_error *err) {
    (void)self;
    const stella_trace *trace = stella_trace_of(job);
    closure_world world;
    if (!trace || trace->nodes.count == 0)
        return STELLA_OK;
    stella_status status = closure_world_of(job, &world, err);
    followed f = {.programs = names_of(job->arena),
                  .closures = stella_arena_alloc(job->arena, trace->nodes.count, sizeof *f.closures)};
    if (status == STELLA_OK && !f.closures)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the libraries of programs");
    for (uint32_t i = 0; i < trace->nodes.count && status == STELLA_OK; i++) {
        const stella_trace_node *node = STELLA_AT(trace->nodes, stella_trace_node, i);
        const closure *c = NULL;
        const closure_start start = start_of(&f, trace, i);
        status = node->path.len ? follow(&f, &world, &start, &c, err) : STELLA_OK;
        for (uint32_t u = 0; c && u < c->count; u++)
            stella_use(job, i, c->uses[u].path, stella_sv_cstr(c->uses[u].how), c->uses[u].via);
    }
    if (status == STELLA_OK && world.view.lookups_left == 0)
        stella_note(job, STELLA_NOTE_ERROR, (stella_sv){0}, 0,
                    STELLA_SV("programs need more libraries than are looked up; the rest is not known to be used"));
    return status;
}

STELLA_ANALYZER("org.stella-ops.usage.native", "0.1.0", STELLA_PHASE_USAGE, interests, .analyze = analyze);

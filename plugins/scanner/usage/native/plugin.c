/* The analyzer of what native programs load (README.md). */
#include "closure.h"

static const stella_interest interests[] = {
    {.mode = STELLA_KEEP, .path = "etc/ld.so.conf", .max_bytes = LD_CONF_BYTES_MAX},
    {.mode = STELLA_KEEP, .path = "etc/ld.so.preload", .max_bytes = LD_CONF_BYTES_MAX},
    {.mode = STELLA_KEEP, .dir = "etc/ld.so.conf.d", .suffix = ".conf", .max_bytes = LD_CONF_BYTES_MAX},
    {.mode = STELLA_KEEP, .dir = "etc", .suffix = ".path", .max_bytes = LD_CONF_BYTES_MAX},
};

/* Several nodes may be the same program: it is followed once. */
typedef struct followed {
    names programs;
    closure *closures; /* as many as the trace has nodes */
} followed;

static stella_status follow(followed *f, closure_world *world, stella_sv program, const closure **out,
                            stella_error *err) {
    uint32_t i = f->programs.count;
    stella_status status = STELLA_OK;
    if (!names_find(&f->programs, program, &i)) {
        status = closure_of(world, program, &f->closures[i], err);
        if (status == STELLA_OK)
            status = names_add(&f->programs, program, i, err);
    }
    if (status == STELLA_OK)
        *out = &f->closures[i];
    return status;
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
        status = node->path.len ? follow(&f, &world, node->path, &c, err) : STELLA_OK;
        for (uint32_t u = 0; c && u < c->count; u++)
            stella_use(job, i, c->uses[u].path, stella_sv_cstr(c->uses[u].how), c->uses[u].via);
    }
    if (status == STELLA_OK && world.view.lookups_left == 0)
        stella_note(job, STELLA_NOTE_ERROR, (stella_sv){0}, 0,
                    STELLA_SV("programs need more libraries than are looked up; the rest is not known to be used"));
    return status;
}

STELLA_ANALYZER("org.stella-ops.usage.native", "0.1.0", STELLA_PHASE_USAGE, interests, .analyze = analyze);

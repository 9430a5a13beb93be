/* job_kit.h - the job "image.analyze" without a host: analyzers are functions of the test, the result is read back as
 * plain lines. */
#ifndef TESTS_SCANNER_ENGINE_JOB_KIT_H
#define TESTS_SCANNER_ENGINE_JOB_KIT_H

#include "pack_kit.h"

#include "plugins/scanner/engine/engine.h"

#include <stella/analyzer.h>
#include <stella/emitter.h>
#include <stella/entrytrace.h>
#include <stella/job.h>
#include <stella/json.h>

#include <stdio.h>

#define JOB_PEERS_MAX 8
#define JOB_FDS_MAX   64

typedef struct job_kit {
    stella_job base; /* first */
    stella_peer analyzers[JOB_PEERS_MAX];
    stella_analyzer tables[JOB_PEERS_MAX];
    uint32_t analyzer_count;
    const stella_entrytrace *tracer; /* the one there is; NULL: none */
    const char *config;              /* of the image, as JSON inside a JSON text; NULL: none */
    int32_t fds[JOB_FDS_MAX];
    uint32_t layer_count;
    int32_t supplements[JOB_FDS_MAX]; /* by layer: descriptor, 0 for none */
    int is_missing[JOB_FDS_MAX], is_gone[JOB_FDS_MAX];
    const char *format; /* of the output; NULL: "dump" */
    const char *more;   /* further members of the request, each with a comma before it */
    stella_buf reply, dump;
    stella_error error;
    unsigned depth, entered; /* calls on the crash page */
} job_kit;

/* ---- the emitter: everything a test may want to see, one thing a line -------------------------------------------- */

#define LINE(...) (void)stella_buf_printf(buf, __VA_ARGS__)

static inline void dump_component(stella_buf *buf, const stella_bom_component *c) {
    LINE("component %.*s introduced=%u layers=", STELLA_SV_FMT(c->ref), c->introduced);
    for (uint32_t i = 0; i < c->layers.count; i++)
        LINE("%s%u", i ? "," : "", *STELLA_AT(c->layers, uint32_t, i));
    LINE(" flags=%u kind=%.*s\n", c->flags, STELLA_SV_FMT(c->kind));
    if (c->maintainer.len)
        LINE(" maintainer %.*s\n", STELLA_SV_FMT(c->maintainer));
    for (uint32_t i = 0; i < c->licenses.count; i++)
        LINE(" license %.*s\n", STELLA_SV_FMT(STELLA_AT(c->licenses, stella_bom_license, i)->text));
    for (uint32_t i = 0; i < c->evidence.count; i++) {
        const stella_bom_evidence *e = STELLA_AT(c->evidence, stella_bom_evidence, i);
        LINE(" evidence %.*s:%u %.*s by %.*s\n", STELLA_SV_FMT(e->path), e->line, STELLA_SV_FMT(e->method),
             STELLA_SV_FMT(e->plugin));
    }
    for (uint32_t i = 0; i < c->files.count; i++) {
        const stella_bom_file *f = STELLA_AT(c->files, stella_bom_file, i);
        LINE(" file %.*s present=%u\n", STELLA_SV_FMT(f->path), f->present);
    }
    for (uint32_t i = 0; i < c->properties.count; i++) {
        const stella_bom_pair *p = STELLA_AT(c->properties, stella_bom_pair, i);
        LINE(" property %.*s=%.*s\n", STELLA_SV_FMT(p->name), STELLA_SV_FMT(p->value));
    }
}

static inline void dump_node(stella_buf *buf, const stella_trace *t, uint32_t i) {
    const stella_trace_node *n = STELLA_AT(t->nodes, stella_trace_node, i);
    LINE("node %u %.*s /%.*s layer=%d possible=%u", i, STELLA_SV_FMT(stella_node_kind_name(n->kind)),
         STELLA_SV_FMT(n->path), (int)n->layer, n->is_possible);
    for (uint32_t a = 0; a < n->args.count; a++)
        LINE(" %.*s", STELLA_SV_FMT(STELLA_AT(n->args, stella_word, a)->text));
    LINE("%s%.*s\n", n->type.len ? " = " : "", STELLA_SV_FMT(n->type));
}

static inline void dump_trace(stella_buf *buf, const stella_bom *bom) {
    const stella_trace *t = bom->trace;
    if (!t)
        return;
    LINE("outcome %u\n", t->outcome);
    for (uint32_t i = 0; i < t->nodes.count; i++)
        dump_node(buf, t, i);
    for (uint32_t i = 0; i < t->edges.count; i++) {
        const stella_trace_edge *e = STELLA_AT(t->edges, stella_trace_edge, i);
        LINE("edge %u->%u %.*s %.*s possible=%u\n", e->from, e->to, STELLA_SV_FMT(stella_step_name(e->step)),
             STELLA_SV_FMT(e->relation), e->is_possible);
    }
    for (uint32_t i = 0; i < t->diagnostics.count; i++) {
        const stella_trace_diagnostic *d = STELLA_AT(t->diagnostics, stella_trace_diagnostic, i);
        LINE("unknown %u %.*s %.*s\n", d->node, STELLA_SV_FMT(stella_reason_name(d->reason)), STELLA_SV_FMT(d->detail));
    }
    for (uint32_t i = 0; i < bom->entrypoints.count; i++)
        LINE("entrypoint %.*s\n", STELLA_SV_FMT(STELLA_AT(bom->entrypoints, stella_bom_entrypoint, i)->launcher));
    for (uint32_t i = 0; i < bom->components.count; i++) {
        const stella_bom_component *c = STELLA_AT(bom->components, stella_bom_component, i);
        for (uint32_t u = 0; u < c->uses.count; u++) {
            const stella_bom_use *use = STELLA_AT(c->uses, stella_bom_use, u);
            LINE("use %.*s by %u: %.*s %.*s\n", STELLA_SV_FMT(c->ref), use->entrypoint, STELLA_SV_FMT(use->path),
                 STELLA_SV_FMT(use->how));
        }
    }
}

static inline stella_status dump_bom(void *self, const stella_bom *bom, const stella_emission *out, stella_error *err) {
    stella_buf whole = stella_buf_of(16u << 20), *buf = &whole;
    (void)self;
    LINE("created=%lld distro=%.*s\n", (long long)bom->created_ms, STELLA_SV_FMT(bom->distro_id));
    for (uint32_t i = 0; i < bom->components.count; i++)
        dump_component(buf, STELLA_AT(bom->components, stella_bom_component, i));
    dump_trace(buf, bom);
    for (uint32_t i = 0; i < bom->relations.count; i++) {
        const stella_bom_relation *r = STELLA_AT(bom->relations, stella_bom_relation, i);
        LINE("relation %d->%u kind=%u flags=%u\n", (int)r->from, r->to, r->kind, r->flags);
    }
    for (uint32_t i = 0; i < bom->errors.count; i++) {
        const stella_bom_error *e = STELLA_AT(bom->errors, stella_bom_error, i);
        LINE("error %.*s %.*s lost=%u layer=%d %.*s: %.*s\n", STELLA_SV_FMT(e->plugin), STELLA_SV_FMT(e->code), e->lost,
             e->layer, STELLA_SV_FMT(e->path), STELLA_SV_FMT(e->message));
    }
    for (uint32_t i = 0; i < bom->counters.count; i++) {
        const stella_bom_pair *p = STELLA_AT(bom->counters, stella_bom_pair, i);
        LINE("counter %.*s=%.*s\n", STELLA_SV_FMT(p->name), STELLA_SV_FMT(p->value));
    }
    for (uint32_t i = 0; i < bom->plugins.count; i++)
        LINE("plugin %.*s\n", STELLA_SV_FMT(STELLA_AT(bom->plugins, stella_bom_pair, i)->name));
    const stella_status status = stella_sink_write(out->sink, stella_buf_sv(buf), err);
    stella_buf_fini(buf);
    return status;
}

static const stella_emitter dump_emitter = {
    .head = STELLA_HEAD(stella_emitter), .format = "dump", .media_type = "text/plain", .emit = dump_bom};

/* It wants what is managed too. */
static const stella_emitter dump_all_emitter = {.head = STELLA_HEAD(stella_emitter),
                                                .format = "dump-all",
                                                .media_type = "text/plain",
                                                .emit = dump_bom,
                                                .flags = STELLA_EMITTER_EVERYTHING};

/* ---- the job ------------------------------------------------------------------------------------------------------
 */

static inline int32_t kit_peer(stella_job *base, const char *interface_id, uint32_t position, stella_peer *out) {
    const job_kit *k = (const job_kit *)base;
    if (strcmp(interface_id, STELLA_EMITTER_INTERFACE) == 0) {
        const stella_emitter *emitter = k->format ? &dump_all_emitter : &dump_emitter;
        *out = (stella_peer){.struct_size = sizeof *out, .index = 99, .id = "emitter", .interface = emitter};
        return position == 0;
    }
    if (strcmp(interface_id, STELLA_ENTRYTRACE_INTERFACE) == 0) {
        *out = (stella_peer){.struct_size = sizeof *out,
                             .index = 98,
                             .id = "org.test.tracer",
                             .version = "1.0.0",
                             .digest = KIT_DIGEST,
                             .interface = k->tracer};
        return position == 0 && k->tracer;
    }
    if (position >= k->analyzer_count)
        return 0;
    *out = k->analyzers[position];
    return 1;
}

static inline void kit_enter(stella_job *base, uint32_t slot, uint32_t plugin, stella_sv what) {
    job_kit *k = (job_kit *)base;
    (void)slot, (void)plugin, (void)what;
    k->depth++;
    k->entered++;
}

static inline void kit_leave(stella_job *base, uint32_t slot) {
    (void)slot;
    ((job_kit *)base)->depth--;
}

static inline stella_status kit_reply(stella_job *base, stella_sv bytes, stella_error *err) {
    (void)err;
    return stella_buf_add(&((job_kit *)base)->reply, bytes);
}

static const stella_job_ops kit_job_ops = {
    .head = STELLA_HEAD(stella_job_ops), .peer = kit_peer, .enter = kit_enter, .leave = kit_leave, .reply = kit_reply};

typedef stella_status job_analyze(void *self, stella_analysis *job, stella_error *err);

static inline void job_analyzer(job_kit *k, const char *id, uint32_t phase, job_analyze *analyze) {
    const uint32_t i = k->analyzer_count++;
    assert(i < JOB_PEERS_MAX);
    k->tables[i] = (stella_analyzer){.head = STELLA_HEAD(stella_analyzer), .phase = phase, .analyze = analyze};
    k->analyzers[i] = (stella_peer){.struct_size = sizeof(stella_peer),
                                    .index = i,
                                    .id = id,
                                    .version = "1.0.0",
                                    .digest = KIT_DIGEST,
                                    .interface = &k->tables[i]};
}

static inline void job_layer(job_kit *k, kit *layer) {
    k->fds[k->layer_count++] = kit_fd(layer);
}

static inline void job_request(const job_kit *k, unsigned round, stella_buf *buf) {
    LINE("{\"image\":{\"kind\":\"image\",\"name\":\"demo\",\"createdMs\":5000%s%s%s},\"subject\":\"demo\",\"round\":%u,"
         "\"layers\":[",
         k->config ? ",\"config\":\"" : "", k->config ? k->config : "", k->config ? "\"" : "", round);
    uint32_t supplement = k->layer_count;
    for (uint32_t i = 0; i < k->layer_count; i++) {
        LINE("%s{\"digest\":\"sha256:%u\",\"pack\":%u,\"supplement\":%d,\"missing\":%s,\"gone\":%s}", i ? "," : "", i,
             i, k->supplements[i] ? (int)supplement : -1, k->is_missing[i] ? "true" : "false",
             k->is_gone[i] ? "true" : "false");
        supplement += k->supplements[i] != 0;
    }
    LINE("],\"outputs\":[{\"format\":\"%s\",\"fd\":%u},{\"format\":\"none\",\"fd\":%u}]%s}",
         k->format ? k->format : "dump", supplement, supplement, k->more ? k->more : "");
}

/* Runs the job; reply and dump hold what it said. */
static inline stella_status job_run(job_kit *k, unsigned round) {
    stella_buf request = stella_buf_of(1u << 20);
    job_request(k, round, &request);
    uint32_t count = k->layer_count;
    for (uint32_t i = 0; i < k->layer_count; i++)
        if (k->supplements[i])
            k->fds[count++] = k->supplements[i];
    const int out = memfd_create("out", 0);
    k->fds[count++] = out;
    k->base = (stella_job){.head = STELLA_HEAD(stella_job),
                           .ops = &kit_job_ops,
                           .kind = STELLA_SV(ENGINE_JOB_ANALYZE),
                           .request = stella_buf_sv(&request),
                           .fds = k->fds,
                           .fd_count = count,
                           .dir_fd = -1};
    stella_buf_fini(&k->reply);
    stella_buf_fini(&k->dump);
    k->reply = stella_buf_of(STELLA_JOB_REPLY_MAX);
    k->dump = stella_buf_of(16u << 20);
    const stella_status status = engine_analyze_job(&k->base, &k->error);
    char bytes[4096];
    lseek(out, 0, SEEK_SET);
    for (ssize_t got; (got = read(out, bytes, sizeof bytes)) > 0;)
        (void)stella_buf_add(&k->dump, stella_sv_of(bytes, (size_t)got));
    close(out);
    stella_buf_fini(&request);
    return status;
}

static inline int job_setup(void **state) {
    *state = calloc(1, sizeof(job_kit));
    return *state ? 0 : -1;
}

static inline int job_teardown(void **state) {
    job_kit *k = *state;
    for (uint32_t i = 0; i < k->layer_count; i++) {
        close(k->fds[i]);
        if (k->supplements[i])
            close(k->supplements[i]);
    }
    stella_buf_fini(&k->reply);
    stella_buf_fini(&k->dump);
    free(k);
    return 0;
}

#define JOB_TEST(name) cmocka_unit_test_setup_teardown(name, job_setup, job_teardown)

#define assert_dumps(k, text)                                                                                          \
    do {                                                                                                               \
        if (!(k)->dump.ptr || !strstr((k)->dump.ptr, (text)))                                                          \
            fail_msg("not said: %s\nbut: %s", (text), (k)->dump.ptr ? (k)->dump.ptr : "nothing");                      \
    } while (0)
#define assert_does_not_dump(k, text) assert_null((k)->dump.ptr ? strstr((k)->dump.ptr, (text)) : NULL)

#endif

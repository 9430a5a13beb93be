#include "run.h"

#include <stella/auto.h>

#include <stdarg.h>
#include <stdio.h>

#define RUN_BYTES    ((uint64_t)8 << 30) /* of the harness itself; the plugin's share is PLUGIN_BYTES */
#define PLUGIN_BYTES ((uint64_t)1 << 30)

uint32_t run_options(const stella_testing_options *options) {
    const size_t known = offsetof(stella_testing_options, options) + sizeof options->options;
    return options->struct_size >= known ? options->options : 0;
}

const stella_trace *run_trace(const stella_testing_options *options) {
    const size_t known = offsetof(stella_testing_options, trace) + sizeof options->trace;
    return options->struct_size >= known ? options->trace : NULL;
}

void *run_push(run *r, items *list, size_t size) {
    if (list->count == list->room) {
        const uint32_t room = list->room ? 2 * list->room : 16;
        void *bigger = stella_arena_alloc(r->arena, room, size);
        if (!bigger)
            return NULL;
        if (list->count)
            memcpy(bigger, list->at, list->count * size);
        list->at = bigger;
        list->room = room;
    }
    return (char *)list->at + size * list->count++;
}

stella_sv run_copy(run *r, stella_sv text) {
    return text.len ? stella_arena_dup(r->arena, text) : STELLA_SV("");
}

void run_problem(run *r, const char *format, ...) {
    if (r->problem[0])
        return;
    va_list args;
    va_start(args, format);
    vsnprintf(r->problem, sizeof r->problem, format, args);
    va_end(args);
}

/* ---- an arena whose n-th allocation fails --------------------------------------------------------------------------
 */

void *failing_alloc(stella_arena *base, uint64_t count, uint64_t size) {
    failing_arena *a = (failing_arena *)base;
    if (a->left && --a->left == 0) {
        a->has_failed = 1;
        return NULL;
    }
    return stella_arena_alloc(a->real, count, size);
}

/* What a run with a failing allocation came to. */
typedef struct failure {
    int has_failed;
    uint32_t starved_probes;
} failure;

/* ---- the run -------------------------------------------------------------------------------------------------------
 */

static const void *no_interface(const stella_host *host, const char *id) {
    (void)host;
    (void)id;
    return NULL;
}

void run_close(run *r) {
    tree_close(&r->tree);
}

/* Calls analyze, and again when it wished for files; what it said before is then thrown away. */
static stella_status run_analyze(run *r, stella_error *err) {
    const uint32_t notes = r->notes.count;
    stella_status status = STELLA_OK;
    do {
        r->visit++;
        r->is_pending = 0;
        r->components.count = r->relations.count = r->published.count = r->uses.count = 0;
        r->notes.count = notes;
        status = r->analyzer->analyze(r->instance, &r->job, err);
    } while (r->is_pending && r->visit < run_visits(r));
    return status;
}

static stella_status run_whole(run *r, stella_arena *plugin_arena, stella_buf *text, stella_error *err) {
    stella_status status = tree_open(&r->tree, r->options->layers, r->options->layer_count, err);
    if (status == STELLA_OK)
        status = run_probes(r, plugin_arena, err);
    if (status == STELLA_OK)
        status = run_analyze(r, err);
    if (status != STELLA_OK && err && !err->message[0])
        run_problem(r, "it answered %s and filled no error", stella_status_name(status));
    if (r->problem[0])
        return stella_error_set(err, STELLA_E_INVALID, NULL, "%s", r->problem);
    return status == STELLA_OK ? run_print(r, text, err) : status;
}

static stella_status run_once(const stella_plugin_entry *entry, const stella_testing_options *options, stella_buf *text,
                              failure *seen, stella_error *err) {
    const stella_host host = {.head = STELLA_HEAD(stella_host), .get_interface = no_interface};
    const stella_analyzer *analyzer = entry->get_interface(STELLA_ANALYZER_INTERFACE);
    if (!analyzer || !analyzer->analyze || options->layer_count == 0)
        return stella_error_set(err, STELLA_E_INVALID, NULL, "no analyzer, or nothing to analyze");
    STELLA_AUTO(stella_arena_destroyp) stella_arena *own = stella_arena_create(RUN_BYTES);
    STELLA_AUTO(stella_arena_destroyp) stella_arena *real = stella_arena_create(PLUGIN_BYTES);
    if (!own || !real)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the test's arenas");
    failing_arena failing = {
        .base = {.head = STELLA_HEAD(stella_arena), .alloc = failing_alloc}, .real = real, .left = options->fail_alloc};
    STELLA_AUTO(run_close)
    run r = {.job = {.head = STELLA_HEAD(stella_analysis),
                     .ops = &run_analysis_ops,
                     .arena = &failing.base,
                     .layer_count = options->layer_count,
                     .options = run_options(options)},
             .arena = own,
             .analyzer = analyzer,
             .options = options,
             .tree = {.arena = own}};
    stella_status status = entry->create ? entry->create(&host, &r.instance, err) : STELLA_OK;
    if (status != STELLA_OK)
        return status;
    status = run_whole(&r, &failing.base, text, err);
    if (entry->destroy)
        entry->destroy(r.instance);
    *seen = (failure){.has_failed = failing.has_failed, .starved_probes = r.starved_probes};
    return status;
}

stella_status stella_testing_run(const stella_plugin_entry *entry, const stella_testing_options *options,
                                 stella_buf *text, stella_error *err) {
    failure seen;
    return run_once(entry, options, text, &seen, err);
}

stella_status stella_testing_fail_each(const stella_plugin_entry *entry, const stella_testing_options *options,
                                       uint64_t *runs, stella_error *err) {
    STELLA_AUTO(stella_buf_fini) stella_buf whole = stella_buf_of((size_t)1 << 30);
    stella_testing_options each = *options;
    failure seen = {0};
    each.fail_alloc = 0;
    stella_status status = run_once(entry, &each, &whole, &seen, err);
    if (status != STELLA_OK)
        return status;
    do {
        STELLA_AUTO(stella_buf_fini) stella_buf text = stella_buf_of((size_t)1 << 30);
        each.fail_alloc++;
        seen = (failure){0};
        status = run_once(entry, &each, &text, &seen, err);
        const int is_same = status == STELLA_OK && stella_sv_eq(stella_buf_sv(&text), stella_buf_sv(&whole));
        if (seen.has_failed && status != STELLA_E_NOMEM && !is_same && !seen.starved_probes)
            return stella_error_set(err, STELLA_E_INTERNAL, NULL,
                                    "allocation %llu failed, and the run answered %s with another result",
                                    (unsigned long long)each.fail_alloc, stella_status_name(status));
    } while (seen.has_failed);
    *runs = each.fail_alloc - 1;
    return STELLA_OK;
}

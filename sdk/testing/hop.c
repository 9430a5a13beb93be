/* hop.c - one hop of an entry tracer: what it says, as JSON. */
#include "run.h"

#include <stella/auto.h>
#include <stella/json.h>

#define OWN_BYTES     ((uint64_t)8 << 30)
#define TRACER_BYTES  ((uint64_t)256 << 20)
#define RUN_PARTS_MAX 64u

typedef struct hop_run {
    stella_hop base; /* first: what the plugin sees */
    run *run;
    stella_buf *text; /* of this call; written as it is said */
    stella_json_writer writer;
} hop_run;

static hop_run *run_of(stella_hop *hop) {
    return (hop_run *)hop;
}

static void write_words(stella_json_writer *w, const stella_word *words, uint32_t count) {
    stella_json_member_array(w, "args");
    for (uint32_t i = 0; i < count; i++) {
        if (!words[i].flags) {
            stella_json_write_str(w, words[i].text);
            continue;
        }
        stella_json_begin_object(w);
        stella_json_member_str(w, words[i].flags & STELLA_WORD_MANY ? "words" : "unknown", words[i].text);
        stella_json_end_object(w);
    }
    stella_json_end_array(w);
}

static void write_span(stella_json_writer *w, const stella_span *span) {
    if (!span || !span->path.len)
        return;
    stella_json_member_object(w, "span");
    stella_json_member_str(w, "path", span->path);
    stella_json_member_u64(w, "line", span->first_line);
    stella_json_member_u64(w, "column", span->first_column);
    stella_json_end_object(w);
}

/* What of the environment differs from that of the launch. */
static void write_env(stella_json_writer *w, const stella_launch *from, const stella_launch *to) {
    stella_json_member_object(w, "env");
    for (uint32_t i = 0; i < to->env_count; i++) {
        const stella_word *old = stella_launch_variable(from, to->env[i].name), *now = &to->env[i].value;
        if (old && old->flags == now->flags && stella_sv_eq(old->text, now->text))
            continue;
        stella_json_key(w, to->env[i].name);
        stella_json_write_str(w, now->flags ? STELLA_SV("?") : now->text);
    }
    for (uint32_t i = 0; i < from->env_count; i++)
        if (!stella_launch_variable(to, from->env[i].name)) {
            stella_json_key(w, from->env[i].name);
            stella_json_write_null(w);
        }
    stella_json_end_object(w);
}

static void begin(hop_run *r, const char *what) {
    stella_json_begin_object(&r->writer);
    stella_json_member_str(&r->writer, "says", stella_sv_cstr(what));
}

static stella_status step(stella_hop *hop, const stella_launch *next, const stella_step *how, stella_error *err) {
    hop_run *r = run_of(hop);
    stella_json_writer *w = &r->writer;
    const int is_kind = how->kind >= STELLA_STEP_RUN && how->kind <= STELLA_STEP_BACKGROUND;
    if (!next->arg_count || !is_kind || !how->relation.len) {
        run_problem(r->run, "a step without words, kind or relation");
        return stella_error_set(err, STELLA_E_INVALID, NULL, "a step without words, kind or relation");
    }
    begin(r, "step");
    stella_json_member_str(w, "kind", stella_step_name(how->kind));
    stella_json_member_str(w, "relation", how->relation);
    if (how->is_possible)
        stella_json_member_bool(w, "possible", 1);
    stella_json_member_opt(w, "program", next->program);
    write_words(w, next->args, next->arg_count);
    write_env(w, hop->launch, next);
    stella_json_member_opt(w, "directory", next->directory);
    stella_json_member_opt(w, "user", next->user);
    write_span(w, &how->span);
    stella_json_end_object(w);
    return STELLA_OK;
}

static stella_status refuse_path(hop_run *r, const char *what, stella_error *err) {
    run_problem(r->run, "%s", what);
    return stella_error_set(err, STELLA_E_INVALID, NULL, "%s", what);
}

static stella_status include(stella_hop *hop, stella_sv path, const stella_step *how, stella_error *err) {
    hop_run *r = run_of(hop);
    if (!path.len)
        return refuse_path(r, "an included script without a path", err);
    begin(r, "include");
    stella_json_member_str(&r->writer, "path", path);
    write_span(&r->writer, &how->span);
    stella_json_end_object(&r->writer);
    return STELLA_OK;
}

static stella_status terminal(stella_hop *hop, const stella_terminal *what, stella_error *err) {
    hop_run *r = run_of(hop);
    (void)err;
    if (!what->type.len || !what->confidence || what->confidence > 100)
        run_problem(r->run, "a terminal without type, or of %u percent", what->confidence);
    begin(r, "terminal");
    stella_json_member_str(&r->writer, "type", what->type);
    stella_json_member_opt(&r->writer, "main", what->main);
    stella_json_member_u64(&r->writer, "confidence", what->confidence);
    stella_json_end_object(&r->writer);
    return STELLA_OK;
}

static stella_status uses(stella_hop *hop, stella_sv path, stella_sv how, stella_sv via, stella_error *err) {
    hop_run *r = run_of(hop);
    if (!path.len || !how.len)
        return refuse_path(r, "a file that is used, without path or a word for it", err);
    begin(r, "uses");
    stella_json_member_str(&r->writer, "path", path);
    stella_json_member_str(&r->writer, "how", how);
    stella_json_member_opt(&r->writer, "via", via);
    stella_json_end_object(&r->writer);
    return STELLA_OK;
}

static stella_status unknown(stella_hop *hop, uint32_t reason, const stella_span *where, stella_sv detail,
                             stella_error *err) {
    hop_run *r = run_of(hop);
    (void)err;
    if (!stella_reason_name(reason).len)
        run_problem(r->run, "reason %u is not known", reason);
    begin(r, "unknown");
    stella_json_member_str(&r->writer, "reason", stella_reason_name(reason));
    stella_json_member_str(&r->writer, "detail", detail);
    write_span(&r->writer, where);
    stella_json_end_object(&r->writer);
    return STELLA_OK;
}

static stella_status language(stella_hop *hop, stella_sv name, stella_error *err) {
    hop_run *r = run_of(hop);
    (void)err;
    begin(r, "language");
    stella_json_member_str(&r->writer, "language", name);
    stella_json_end_object(&r->writer);
    return STELLA_OK;
}

static const stella_hop_ops ops = {.head = STELLA_HEAD(stella_hop_ops),
                                   .step = step,
                                   .include = include,
                                   .terminal = terminal,
                                   .uses = uses,
                                   .unknown = unknown,
                                   .language = language};

/* Asks once; what was said is in r->text. */
static stella_status ask(hop_run *r, const stella_entrytrace *tracer, void *instance, stella_error *err) {
    const stella_sink sink = stella_buf_sink(r->text);
    stella_json_writer_init(&r->writer, &sink, 1);
    stella_json_begin_object(&r->writer);
    stella_json_member_array(&r->writer, "says");
    const stella_status status = tracer->resolve(instance, &r->base, err);
    stella_json_end_array(&r->writer);
    run_print_notes(&r->writer, r->run);
    stella_json_end_object(&r->writer);
    return status == STELLA_OK ? stella_json_finish(&r->writer, err) : status;
}

static stella_status ask_until_served(run *r, const stella_entrytrace *tracer, const stella_launch *launch,
                                      stella_buf *text, stella_error *err) {
    stella_file file = STELLA_FILE_INIT;
    const stella_status found = stella_launch_find(&r->job, launch, &file, NULL, NULL);
    stella_status status = found == STELLA_E_NOMEM ? found : STELLA_OK;
    if (status != STELLA_OK)
        return stella_error_set(err, status, NULL, "no memory to look the program up");
    do {
        STELLA_AUTO(stella_buf_fini) stella_buf said = stella_buf_of((size_t)1 << 30);
        hop_run hop = {.base = {.head = STELLA_HEAD(stella_hop),
                                .ops = &ops,
                                .launch = launch,
                                .file = found == STELLA_OK ? &file : NULL,
                                .view = &r->job,
                                .run_parts_max = RUN_PARTS_MAX},
                       .run = r,
                       .text = &said};
        r->visit++;
        r->is_pending = 0;
        r->notes.count = 0;
        status = ask(&hop, tracer, r->instance, err);
        if (status == STELLA_OK && !r->is_pending)
            status = stella_buf_add(text, stella_buf_sv(&said));
    } while (r->is_pending && r->visit < run_visits(r));
    if (r->problem[0])
        return stella_error_set(err, STELLA_E_INVALID, NULL, "%s", r->problem);
    return status;
}

static const void *no_interface(const stella_host *host, const char *id) {
    (void)host;
    (void)id;
    return NULL;
}

stella_status stella_testing_hop(const stella_plugin_entry *entry, const stella_testing_options *options,
                                 const stella_launch *launch, stella_buf *text, stella_error *err) {
    const stella_host host = {.head = STELLA_HEAD(stella_host), .get_interface = no_interface};
    const stella_entrytrace *tracer = entry->get_interface(STELLA_ENTRYTRACE_INTERFACE);
    STELLA_AUTO(stella_arena_destroyp) stella_arena *own = stella_arena_create(OWN_BYTES);
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(TRACER_BYTES);
    if (!tracer || !tracer->resolve || !tracer->programs || !own || !arena)
        return stella_error_set(err, STELLA_E_INVALID, NULL, "no entry tracer, or no memory for it");
    failing_arena failing = {.base = {.head = STELLA_HEAD(stella_arena), .alloc = failing_alloc},
                             .real = arena,
                             .left = options->fail_alloc};
    STELLA_AUTO(run_close)
    run r = {.job = {.head = STELLA_HEAD(stella_analysis),
                     .ops = &run_analysis_ops,
                     .arena = &failing.base,
                     .layer_count = options->layer_count,
                     .options = run_options(options)},
             .arena = own,
             .options = options,
             .tree = {.arena = own}};
    stella_status status = entry->create ? entry->create(&host, &r.instance, err) : STELLA_OK;
    if (status != STELLA_OK)
        return status;
    status = tree_open(&r.tree, options->layers, options->layer_count, err);
    if (status == STELLA_OK)
        status = ask_until_served(&r, tracer, launch, text, err);
    if (entry->destroy)
        entry->destroy(r.instance);
    return status;
}

/* read.c - a reader's run. */
#include "run.h"

#include <stella/auto.h>

#define RUN_BYTES    ((uint64_t)4 << 30) /* of the harness itself */
#define READER_BYTES ((uint64_t)256 << 20)

typedef struct reading {
    stella_reading base; /* first: what the plugin sees */
    stella_subject *subject;
} reading;

static void take_subject(stella_reading *r, const stella_subject *subject) {
    *((reading *)r)->subject = *subject;
}

static const stella_reading_ops ops = {.head = STELLA_HEAD(stella_reading_ops), .subject = take_subject};

static const void *no_interface(const stella_host *host, const char *id) {
    (void)host;
    (void)id;
    return NULL;
}

static stella_status read_once(const stella_reader *reader, run *r, const stella_file *document, stella_buf *text,
                               stella_error *err) {
    stella_subject subject = STELLA_SUBJECT_INIT;
    reading one = {.base = {.head = STELLA_HEAD(stella_reading), .ops = &ops, .job = &r->job, .document = document},
                   .subject = &subject};
    if (reader->detect(r->instance, document->bytes) == 0)
        return stella_error_set(err, STELLA_E_UNSUPPORTED, NULL, "the reader does not know the document");
    const stella_status status = reader->read(r->instance, &one.base, err);
    if (status != STELLA_OK && err && !err->message[0])
        run_problem(r, "it answered %s and filled no error", stella_status_name(status));
    if (r->problem[0])
        return stella_error_set(err, STELLA_E_INVALID, NULL, "%s", r->problem);
    if (status != STELLA_OK)
        return status;
    stella_buf_printf(text, "subject \"%.*s\", %.*s, %lld\n", STELLA_SV_FMT(subject.name), STELLA_SV_FMT(subject.kind),
                      (long long)subject.created_ms);
    return run_print(r, text, err);
}

/* fail_alloc  the allocation in the reader's arena that fails; 0: none
 * has_failed  set: whether it came to that */
static stella_status read_with(const stella_plugin_entry *entry, stella_sv document, uint64_t fail_alloc,
                               uint64_t *has_failed, stella_buf *text, stella_error *err) {
    const stella_host host = {.head = STELLA_HEAD(stella_host), .get_interface = no_interface};
    const stella_reader *reader = entry->get_interface(STELLA_READER_INTERFACE);
    STELLA_AUTO(stella_arena_destroyp) stella_arena *own = stella_arena_create(RUN_BYTES);
    STELLA_AUTO(stella_arena_destroyp) stella_arena *real = stella_arena_create(READER_BYTES);
    if (!reader || !reader->detect || !reader->read || !own || !real)
        return stella_error_set(err, STELLA_E_INVALID, NULL, "no reader, or no memory for it");
    failing_arena arena = {
        .base = {.head = STELLA_HEAD(stella_arena), .alloc = failing_alloc}, .real = real, .left = fail_alloc};
    const stella_testing_options options = {.struct_size = sizeof options, .layer_count = 1};
    run r = {
        .job = {.head = STELLA_HEAD(stella_analysis), .ops = &run_analysis_ops, .arena = &arena.base, .layer_count = 1},
        .arena = own,
        .options = &options,
        .tree = {.arena = own}};
    stella_file file = STELLA_FILE_INIT;
    file.kind = STELLA_FILE_REGULAR;
    file.size = document.len;
    file.path = STELLA_SV("document");
    file.bytes = document;
    stella_status status = entry->create ? entry->create(&host, &r.instance, err) : STELLA_OK;
    if (status != STELLA_OK)
        return status;
    status = read_once(reader, &r, &file, text, err);
    if (entry->destroy)
        entry->destroy(r.instance);
    *has_failed = arena.has_failed;
    return status;
}

stella_status stella_testing_read(const stella_plugin_entry *entry, stella_sv document, stella_buf *text,
                                  stella_error *err) {
    uint64_t has_failed = 0;
    return read_with(entry, document, 0, &has_failed, text, err);
}

stella_status stella_testing_read_fail_each(const stella_plugin_entry *entry, stella_sv document, uint64_t *runs,
                                            stella_error *err) {
    STELLA_AUTO(stella_buf_fini) stella_buf whole = stella_buf_of((size_t)1 << 30);
    uint64_t has_failed = 0, at = 0;
    stella_status status = read_with(entry, document, 0, &has_failed, &whole, err);
    if (status != STELLA_OK)
        return status;
    do {
        STELLA_AUTO(stella_buf_fini) stella_buf text = stella_buf_of((size_t)1 << 30);
        has_failed = 0;
        status = read_with(entry, document, ++at, &has_failed, &text, err);
        const int is_same = status == STELLA_OK && stella_sv_eq(stella_buf_sv(&text), stella_buf_sv(&whole));
        if (has_failed && status != STELLA_E_NOMEM && !is_same)
            return stella_error_set(err, STELLA_E_INTERNAL, NULL,
                                    "allocation %llu failed, and the reader answered %s with another result",
                                    (unsigned long long)at, stella_status_name(status));
    } while (has_failed);
    *runs = at - 1;
    return STELLA_OK;
}

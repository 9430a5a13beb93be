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

stella_status stella_testing_read(const stella_plugin_entry *entry, stella_sv document, stella_buf *text,
                                  stella_error *err) {
    const stella_host host = {.head = STELLA_HEAD(stella_host), .get_interface = no_interface};
    const stella_reader *reader = entry->get_interface(STELLA_READER_INTERFACE);
    STELLA_AUTO(stella_arena_destroyp) stella_arena *own = stella_arena_create(RUN_BYTES);
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(READER_BYTES);
    if (!reader || !reader->detect || !reader->read || !own || !arena)
        return stella_error_set(err, STELLA_E_INVALID, NULL, "no reader, or no memory for it");
    const stella_testing_options options = {.struct_size = sizeof options, .layer_count = 1};
    run r = {.job = {.head = STELLA_HEAD(stella_analysis), .ops = &run_analysis_ops, .arena = arena, .layer_count = 1},
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
    return status;
}

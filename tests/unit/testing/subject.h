/* subject.h - an analyzer whose functions a test chooses, and a run of it. */
#ifndef TESTS_TESTING_SUBJECT_H
#define TESTS_TESTING_SUBJECT_H

#include "scratch_root.h"

#include <stella/auto.h>
#include <stella/testing.h>

static const stella_interest subject_interests[] = {
    {.mode = STELLA_KEEP, .suffix = ".txt"},
    {.mode = STELLA_PROBE, .suffix = ".db"},
    {.mode = STELLA_PROBE | STELLA_SEEK, .suffix = ".sdb", .max_bytes = 16, .companions = "-wal -shm"},
    {.mode = STELLA_KEEP, .name = "METADATA", .parent = ".dist-info"},
    {.mode = STELLA_KEEP, .name = "package.json", .below = "node_modules"},
};

static stella_analyzer subject_table = {.head = STELLA_HEAD(stella_analyzer),
                                        .phase = STELLA_PHASE_APPLICATIONS,
                                        .interest_count = STELLA_COUNT(subject_interests),
                                        .interest_stride = sizeof subject_interests[0],
                                        .interests = subject_interests};

static inline const void *subject_interface(const char *id) {
    return strcmp(id, STELLA_ANALYZER_INTERFACE) == 0 ? &subject_table : NULL;
}

static const stella_plugin_entry subject = {.head = STELLA_HEAD(stella_plugin_entry),
                                            .id = "org.example.subject",
                                            .version = "1.0.0",
                                            .get_interface = subject_interface};

typedef stella_status (*subject_analyze)(void *self, stella_analysis *job, stella_error *err);
typedef stella_status (*subject_probe)(void *self, stella_probe *probe, stella_error *err);

static inline void subject_is(subject_probe probe, subject_analyze analyze) {
    subject_table.probe = probe;
    subject_table.analyze = analyze;
}

static inline stella_status subject_no_probe(void *self, stella_probe *probe, stella_error *err) {
    (void)self, (void)probe, (void)err;
    return STELLA_OK;
}

/* One component with evidence: name and the file that proves it. */
static inline stella_component *subject_add(stella_analysis *job, stella_sv name, const stella_file *file) {
    stella_component *c = stella_component_add(job, STELLA_SV("generic"), name, STELLA_SV("1"), 0);
    stella_component_evidence(c, file, 0, STELLA_SV("metadata"));
    return c;
}

/* A component for each kept file, named after its path. */
static inline stella_status subject_lists_files(void *self, stella_analysis *job, stella_error *err) {
    (void)self, (void)err;
    stella_file file = STELLA_FILE_INIT;
    for (stella_files it = stella_files_of(0); stella_files_next(job, &it, &file);)
        stella_component_property(subject_add(job, STELLA_SV("file"), &file), file.path, file.bytes);
    return STELLA_OK;
}

/* Runs the subject over layers. The caller frees text with stella_buf_fini; it is empty after a failure. */
static inline stella_status subject_run(const char *const *layers, uint32_t count, stella_buf *text,
                                        stella_error *err) {
    const stella_testing_options options = {.struct_size = sizeof options, .layers = layers, .layer_count = count};
    *text = stella_buf_of(1u << 20);
    return stella_testing_run(&subject, &options, text, err);
}

static inline int subject_says(const stella_buf *text, const char *part) {
    return text->len && strstr(text->ptr, part) != NULL;
}

#endif

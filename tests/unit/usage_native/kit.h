/* kit.h - a tree of ELF files that are made up, and a trace that runs the first of them. */
#ifndef TESTS_USAGE_NATIVE_KIT_H
#define TESTS_USAGE_NATIVE_KIT_H

#include "os_run.h"

#include "native/closure.h"

#define KIT_FILES_MAX 128

typedef struct kit {
    scratch_root root;
    stella_arena *arena;
    stella_record records[KIT_FILES_MAX];
    uint32_t count;
} kit;

static inline kit kit_create(void) {
    kit k = {.root = scratch_root_create(), .arena = stella_arena_create(256u << 20)};
    assert_non_null(k.arena);
    return k;
}

static inline void kit_destroy(kit *k) { /* for STELLA_AUTO */
    scratch_root_destroy(&k->root);
    stella_arena_destroy(k->arena);
}

/* What the phase of binaries would publish of the file. */
static inline void kit_publish(kit *k, const char *path, const binary_facts *facts) {
    STELLA_AUTO(stella_buf_fini) stella_buf bytes = stella_buf_of(BINARY_FACTS_MAX);
    assert_true(k->count < KIT_FILES_MAX);
    assert_int_equal(binary_facts_encode(facts, &bytes), STELLA_OK);
    k->records[k->count++] = (stella_record){.struct_size = sizeof(stella_record),
                                             .kind = STELLA_SV(BINARY_FACTS_KIND),
                                             .key = stella_arena_dup(k->arena, stella_sv_cstr(path)),
                                             .bytes = stella_arena_dup(k->arena, stella_buf_sv(&bytes))};
}

/* A file of x86-64, unless facts say something else. */
static inline void kit_elf(kit *k, const char *path, binary_facts facts) {
    facts.format = BINARY_ELF;
    facts.type = ELF_TYPE_SHARED;
    facts.machine = facts.machine ? facts.machine : 62;
    facts.bits = facts.bits ? facts.bits : 64;
    scratch_write(&k->root, path,
                  STELLA_SV("\x7f"
                            "ELF\2\1\1\0\0\0\0\0\0\0\0\0\3\0\x3e\0\1\0\0\0"));
    kit_publish(k, path, &facts);
}

static inline stella_buf kit_run_trace(const kit *k, const stella_trace *trace) {
    const char *const layers[] = {k->root.path};
    const stella_testing_options options = {.struct_size = sizeof options,
                                            .layer_count = 1,
                                            .layers = layers,
                                            .published = k->records,
                                            .published_count = k->count,
                                            .trace = trace};
    stella_buf text = stella_buf_of((size_t)1 << 26);
    stella_error err = {0};
    if (stella_testing_run(&stella_plugin, &options, &text, &err) != STELLA_OK)
        fail_msg("%s: %s", err.path, err.message);
    return text;
}

/* Runs the analyzer; programs, as many as there are, are the trace's nodes. */
static inline stella_buf kit_run(const kit *k, const char *const *programs, uint32_t count) {
    stella_trace_node nodes[8] = {{0}};
    for (uint32_t i = 0; i < count; i++)
        nodes[i] = (stella_trace_node){.kind = STELLA_NODE_EXECUTABLE, .path = stella_sv_cstr(programs[i])};
    const stella_trace trace = {.head = STELLA_HEAD(stella_trace),
                                .nodes = {.items = nodes, .count = count, .stride = sizeof nodes[0]}};
    return kit_run_trace(k, &trace);
}

/* Runs one program in an environment, with files that it is known to load. */
static inline stella_buf kit_run_in(const kit *k, const char *path, const stella_variable *env, uint32_t env_count,
                                    const stella_trace_use *uses, uint32_t use_count) {
    const stella_trace_node node = {.kind = STELLA_NODE_EXECUTABLE,
                                    .path = stella_sv_cstr(path),
                                    .env = {.items = env, .count = env_count, .stride = sizeof *env}};
    const stella_trace trace = {.head = STELLA_HEAD(stella_trace),
                                .nodes = {.items = &node, .count = 1, .stride = sizeof node},
                                .uses = {.items = uses, .count = use_count, .stride = sizeof *uses}};
    return kit_run_trace(k, &trace);
}

/* Whether the first node is said to use the path so; how and via may be NULL: any. */
static inline int kit_uses(const stella_buf *text, const char *path, const char *how, const char *via) {
    char wanted[1200];
    int len = snprintf(wanted, sizeof wanted, "\"node\": 0,\n   \"path\": \"%s\"", path);
    if (how)
        len += snprintf(wanted + len, sizeof wanted - (size_t)len, ",\n   \"how\": \"%s\"", how);
    if (how && via)
        snprintf(wanted + len, sizeof wanted - (size_t)len, ",\n   \"via\": \"%s\"", via);
    return has(text, wanted);
}

#endif

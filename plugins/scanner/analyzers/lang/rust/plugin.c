/* The analyzer of Rust programs and crates (README.md). */
#include "lock.h"
#include "program.h"

#define LOCK_BYTES_MAX (16u << 20)

enum { ELF, PE, MACHO, LOCK };

static const stella_interest interests[] = {
    [ELF] = {.mode = STELLA_PROBE | STELLA_SEEK, .type = STELLA_TYPE_ELF},
    [PE] = {.mode = STELLA_PROBE | STELLA_SEEK, .type = STELLA_TYPE_PE},
    [MACHO] = {.mode = STELLA_PROBE | STELLA_SEEK, .type = STELLA_TYPE_MACHO},
    [LOCK] = {.mode = STELLA_KEEP, .name = "Cargo.lock", .max_bytes = LOCK_BYTES_MAX},
};

static stella_status probe(void *self, stella_probe *p, stella_error *err) {
    (void)self;
    return program_probe(p, err);
}

static stella_status analyze(void *self, stella_analysis *job, stella_error *err) {
    (void)self;
    graph g = graph_of(job);
    stella_status status = program_add_all(job, err);
    if (status == STELLA_OK)
        status = walk_locks(&g, LOCK, lock_read, err);
    if (status == STELLA_OK)
        graph_relate(&g);
    return status;
}

STELLA_ANALYZER("org.stella-ops.analyzer.rust", "0.1.0", STELLA_PHASE_APPLICATIONS, interests, .probe = probe,
                .analyze = analyze);

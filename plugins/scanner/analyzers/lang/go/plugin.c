/* The analyzer of Go programs and modules (README.md). */
#include "declared.h"
#include "program.h"

#define TEXT_BYTES_MAX (16u << 20)

enum { ELF, PE, MACHO, GO_MOD, GO_SUM, VENDORED };

static const stella_interest interests[] = {
    [ELF] = {.mode = STELLA_PROBE | STELLA_SEEK, .type = STELLA_TYPE_ELF},
    [PE] = {.mode = STELLA_PROBE | STELLA_SEEK, .type = STELLA_TYPE_PE},
    [MACHO] = {.mode = STELLA_PROBE | STELLA_SEEK, .type = STELLA_TYPE_MACHO},
    [GO_MOD] = {.mode = STELLA_KEEP, .name = "go.mod", .max_bytes = TEXT_BYTES_MAX},
    [GO_SUM] = {.mode = STELLA_KEEP, .name = "go.sum", .max_bytes = TEXT_BYTES_MAX}, /* read beside its go.mod */
    [VENDORED] = {.mode = STELLA_KEEP, .name = "modules.txt", .parent = "vendor", .max_bytes = TEXT_BYTES_MAX},
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
        status = walk_locks(&g, GO_MOD, declared_read_mod, err);
    if (status == STELLA_OK)
        status = walk_files(&g, VENDORED, declared_read_vendored, err);
    return status;
}

STELLA_ANALYZER("org.stella-ops.analyzer.go", "0.1.0", STELLA_PHASE_APPLICATIONS, interests, .probe = probe,
                .analyze = analyze);

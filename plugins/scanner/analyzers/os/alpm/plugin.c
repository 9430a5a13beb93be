/* The analyzer of pacman's package database (README.md). */
#include "analyze.h"
#include "desc.h"

#define FILES_BYTES_MAX (32u << 20)

static const stella_interest interests[] = {
    {.mode = STELLA_PROBE, .dir = DESC_DIR, .name = "desc"},
    {.mode = STELLA_KEEP, .dir = DESC_DIR, .name = "files", .max_bytes = FILES_BYTES_MAX},
    {.mode = STELLA_KEEP, .dir = DESC_DIR, .name = "mtree", .max_bytes = FILES_BYTES_MAX},
};

static stella_status probe(void *self, stella_probe *p, stella_error *err) {
    (void)self;
    return desc_probe(p, err);
}

STELLA_ANALYZER("org.stella-ops.analyzer.alpm", "0.1.0", STELLA_PHASE_PACKAGES, interests, .probe = probe,
                .analyze = alpm_analyze);

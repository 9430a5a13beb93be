/* The analyzer of chiselled Ubuntu's manifest (README.md). */
#include "analyze.h"
#include "wall.h"

static const stella_interest interests[] = {{.mode = STELLA_PROBE, .path = WALL_PATH}};

static stella_status probe(void *self, stella_probe *p, stella_error *err) {
    (void)self;
    return wall_probe(p, err);
}

STELLA_ANALYZER("org.stella-ops.analyzer.chisel", "0.1.0", STELLA_PHASE_PACKAGES, interests, .probe = probe,
                .analyze = chisel_analyze);

/* The analyzer of Alpine's package database (README.md). */
#include "analyze.h"
#include "installed.h"

static const stella_interest interests[] = {
    {.mode = STELLA_PROBE, .path = INSTALLED_PATH},
    {.mode = STELLA_PROBE, .path = INSTALLED_PATH_USR},
};

static stella_status probe(void *self, stella_probe *p, stella_error *err) {
    (void)self;
    return installed_probe(p, err);
}

STELLA_ANALYZER("org.stella-ops.analyzer.apk", "0.1.0", STELLA_PHASE_PACKAGES, interests, .probe = probe,
                .analyze = apk_analyze);

/* The analyzer of opkg's package database (README.md). */
#include "analyze.h"
#include "status.h"

#define LIST_BYTES_MAX (32u << 20)

#define DATABASE(dir_)                                                                                                 \
    {.mode = STELLA_PROBE, .path = dir_ "/status"}, {.mode = STELLA_PROBE, .dir = dir_ "/info", .suffix = ".control"}, \
    {                                                                                                                  \
        .mode = STELLA_KEEP, .dir = dir_ "/info", .suffix = ".list", .max_bytes = LIST_BYTES_MAX                       \
    }

static const stella_interest interests[] = {
    DATABASE("usr/lib/opkg"),
    DATABASE("var/lib/opkg"),
    DATABASE("opt/lib/opkg"),
};

static stella_status probe(void *self, stella_probe *p, stella_error *err) {
    (void)self;
    return status_probe(p, err);
}

STELLA_ANALYZER("org.stella-ops.analyzer.opkg", "0.1.0", STELLA_PHASE_PACKAGES, interests, .probe = probe,
                .analyze = opkg_analyze);

/* The analyzer of Debian's package database (README.md). */
#include "analyze.h"
#include "changelog.h"
#include "interests.h"
#include "status.h"

#define INFO_BYTES_MAX      (32u << 20)
#define COPYRIGHT_BYTES_MAX (4u << 20)

static const stella_interest interests[INTERESTS] = {
    [INTEREST_STATUS] = {.mode = STELLA_PROBE, .path = STATUS_PATH},
    [INTEREST_STATUS_SUMS] = {.mode = STELLA_KEEP,
                              .dir = STATUS_DIR,
                              .suffix = ".md5sums",
                              .max_bytes = INFO_BYTES_MAX},
    [INTEREST_STATUS_DIR] = {.mode = STELLA_PROBE, .dir = STATUS_DIR},
    [INTEREST_LISTS] = {.mode = STELLA_KEEP, .dir = INFO_DIR, .suffix = ".list", .max_bytes = INFO_BYTES_MAX},
    [INTEREST_SUMS] = {.mode = STELLA_KEEP, .dir = INFO_DIR, .suffix = ".md5sums", .max_bytes = INFO_BYTES_MAX},
    [INTEREST_CONFFILES] = {.mode = STELLA_KEEP, .dir = INFO_DIR, .suffix = ".conffiles", .max_bytes = INFO_BYTES_MAX},
    [INTEREST_DIVERSIONS] = {.mode = STELLA_KEEP, .path = "var/lib/dpkg/diversions"},
    [INTEREST_COPYRIGHT] = {.mode = STELLA_KEEP,
                            .dir = "usr/share/doc",
                            .name = "copyright",
                            .max_bytes = COPYRIGHT_BYTES_MAX},
    [INTEREST_CHANGELOG_DEBIAN] = {.mode = STELLA_PROBE, .dir = CHANGELOG_DIR, .name = CHANGELOG_DEBIAN},
    [INTEREST_CHANGELOG_NATIVE] = {.mode = STELLA_PROBE, .dir = CHANGELOG_DIR, .name = CHANGELOG_NATIVE},
};

static stella_status probe(void *self, stella_probe *p, stella_error *err) {
    (void)self;
    const int is_changelog =
        p->file->interest == INTEREST_CHANGELOG_DEBIAN || p->file->interest == INTEREST_CHANGELOG_NATIVE;
    return is_changelog ? changelog_probe(p, err) : status_probe(p, err);
}

STELLA_ANALYZER("org.stella-ops.analyzer.dpkg", "0.2.0", STELLA_PHASE_PACKAGES, interests, .probe = probe,
                .analyze = dpkg_analyze);

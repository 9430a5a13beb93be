/* The analyzer of Java artifacts (README.md). */
#include "archive.h"
#include "common/inside.h"
#include "installed.h"
#include "interests.h"
#include "jdk.h"
#include "lock.h"
#include "maven.h"
#include "pom.h"
#include "properties.h"
#include "words.h"

#define ARCHIVE_BYTES_MAX ((uint64_t)2 << 30)

#define ARCHIVE(suffix_)                                                                                               \
    { .mode = STELLA_PROBE | STELLA_SEEK, .suffix = suffix_, .max_bytes = ARCHIVE_BYTES_MAX }
/* Suffixes that others use too: only what begins like a zip archive. */
#define ZIPPED(suffix_)                                                                                                \
    { .mode = STELLA_PROBE | STELLA_SEEK, .suffix = suffix_, .type = STELLA_TYPE_ZIP, .max_bytes = ARCHIVE_BYTES_MAX }

static const stella_interest interests[] = {
    [INTEREST_POM] = {.mode = STELLA_KEEP, .name = "pom.xml", .max_bytes = POM_BYTES_MAX},
    [INTEREST_PROPERTIES] = {.mode = STELLA_PROBE,
                             .name = "pom.properties",
                             .below = "META-INF",
                             .max_bytes = PROPERTIES_BYTES_MAX},
    [INTEREST_RELEASE] = {.mode = STELLA_PROBE,
                          .name = "release",
                          .type = STELLA_TYPE_TEXT,
                          .max_bytes = JDK_BYTES_MAX},
    [INTEREST_SBT] = {.mode = STELLA_PROBE, .suffix = ".sbt.lock", .max_bytes = LOCK_JSON_MAX},
    [INTEREST_GRADLE] = {.mode = STELLA_PROBE, .name = "gradle.lockfile"},
    {.mode = STELLA_PROBE, .name = "buildscript-gradle.lockfile"},
    [INTEREST_GRADLE_CONFIGURATION] = {.mode = STELLA_PROBE, .parent = "dependency-locks", .suffix = ".lockfile"},
    [INTEREST_ARCHIVE] = ARCHIVE(".jar"),
    ARCHIVE(".war"),
    ARCHIVE(".ear"),
    ARCHIVE(".hpi"),
    ARCHIVE(".jpi"),
    ARCHIVE(".jmod"),
    ZIPPED(".par"),
    ZIPPED(".sar"),
    ZIPPED(".nar"),
    ZIPPED(".kar"),
    ZIPPED(".far"),
    ZIPPED(".lpkg"),
    ZIPPED(".rar"),
    ZIPPED(".zap"),
};

static stella_status probe(void *self, stella_probe *p, stella_error *err) {
    (void)self;
    const int is_lock = p->file->interest >= INTEREST_SBT && p->file->interest <= INTEREST_GRADLE_CONFIGURATION;
    if (is_lock && inside_package(p->file->path))
        return STELLA_OK;
    switch (p->file->interest) {
    case INTEREST_PROPERTIES:
        return installed_probe_properties(p, err);
    case INTEREST_RELEASE:
        return jdk_probe(p, err);
    case INTEREST_SBT:
        return lock_probe_sbt(p, err);
    case INTEREST_GRADLE:
    case INTEREST_GRADLE + 1:
    case INTEREST_GRADLE_CONFIGURATION:
        return lock_probe_gradle(p, err);
    default:
        return archive_probe(p, err);
    }
}

static stella_status analyze(void *self, stella_analysis *job, stella_error *err) {
    (void)self;
    stella_status status = installed_analyze(job, err);
    if (status == STELLA_OK)
        status = jdk_analyze(job, err);
    if (status == STELLA_OK)
        status = lock_analyze(job, err);
    return status == STELLA_OK ? maven_analyze(job, err) : status;
}

STELLA_ANALYZER("org.stella-ops.analyzer.java", "0.1.0", STELLA_PHASE_APPLICATIONS, interests, .probe = probe,
                .analyze = analyze);

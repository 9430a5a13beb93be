/* The analyzer of Dart packages (README.md). */
#include "pubspec.h"

#define LOCK_BYTES_MAX     (32u << 20)
#define MANIFEST_BYTES_MAX (1u << 20)

enum { LOCK, MANIFEST };

static const stella_interest interests[] = {
    [LOCK] = {.mode = STELLA_KEEP, .name = "pubspec.lock", .max_bytes = LOCK_BYTES_MAX},
    [MANIFEST] = {.mode = STELLA_KEEP, .name = "pubspec.yaml", .max_bytes = MANIFEST_BYTES_MAX},
};

static stella_status analyze(void *self, stella_analysis *job, stella_error *err) {
    (void)self;
    graph g = graph_of(job);
    stella_status status = walk_locks(&g, LOCK, pubspec_lock, err);
    if (status == STELLA_OK)
        status = walk_files(&g, MANIFEST, pubspec_manifest, err);
    if (status == STELLA_OK)
        graph_relate(&g);
    return status;
}

STELLA_ANALYZER("org.stella-ops.analyzer.dart", "0.1.0", STELLA_PHASE_APPLICATIONS, interests, .analyze = analyze);

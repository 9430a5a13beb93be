/* The analyzer of distributions of CPAN (README.md). */
#include "installed.h"
#include "snapshot.h"

#define JSON_BYTES_MAX     (4u << 20)
#define PACKLIST_BYTES_MAX (8u << 20)
#define SNAPSHOT_BYTES_MAX (32u << 20)

enum { INFO, MYMETA, PACKLIST, SNAPSHOT };

static const stella_interest interests[] = {
    [INFO] = {.mode = STELLA_KEEP, .below = ".meta", .name = "install.json", .max_bytes = JSON_BYTES_MAX},
    [MYMETA] = {.mode = STELLA_KEEP, .below = ".meta", .name = "MYMETA.json", .max_bytes = JSON_BYTES_MAX},
    [PACKLIST] = {.mode = STELLA_KEEP, .below = "auto", .name = ".packlist", .max_bytes = PACKLIST_BYTES_MAX},
    [SNAPSHOT] = {.mode = STELLA_KEEP, .name = "cpanfile.snapshot", .max_bytes = SNAPSHOT_BYTES_MAX},
};

static stella_status analyze(void *self, stella_analysis *job, stella_error *err) {
    (void)self;
    inventory inv = {.base = graph_of(job)};
    stella_status status = installed_read(&inv, INFO, PACKLIST, err);
    if (status == STELLA_OK)
        status = walk_locks(&inv.base, SNAPSHOT, snapshot_read, err);
    if (status == STELLA_OK)
        graph_relate(&inv.base);
    return status;
}

STELLA_ANALYZER("org.stella-ops.analyzer.perl", "0.1.0", STELLA_PHASE_APPLICATIONS, interests, .analyze = analyze);

/* The analyzer of PHP packages (README.md). */
#include "composer.h"
#include "pear.h"

#define JSON_BYTES_MAX (64u << 20)
#define REG_BYTES_MAX  (16u << 20)

enum { INSTALLED, LOCK, REGISTRY };

static const stella_interest interests[] = {
    [INSTALLED] = {.mode = STELLA_KEEP, .parent = "composer", .name = "installed.json", .max_bytes = JSON_BYTES_MAX},
    [LOCK] = {.mode = STELLA_KEEP, .name = "composer.lock", .max_bytes = JSON_BYTES_MAX},
    [REGISTRY] = {.mode = STELLA_KEEP, .below = ".registry", .suffix = ".reg", .max_bytes = REG_BYTES_MAX},
};

static stella_status analyze(void *self, stella_analysis *job, stella_error *err) {
    (void)self;
    graph g = graph_of(job);
    stella_status status = walk_files(&g, INSTALLED, composer_installed, err);
    if (status == STELLA_OK)
        status = walk_locks(&g, LOCK, composer_locked, err);
    if (status == STELLA_OK)
        status = walk_files(&g, REGISTRY, pear_read, err);
    if (status == STELLA_OK)
        graph_relate(&g);
    return status;
}

STELLA_ANALYZER("org.stella-ops.analyzer.php", "0.1.0", STELLA_PHASE_APPLICATIONS, interests, .analyze = analyze);

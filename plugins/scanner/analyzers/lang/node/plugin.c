#include "analyze.h"
#include "probe.h"

#include "common/license_text/texts.h"

static const stella_interest interests[] = {
    {.mode = STELLA_PROBE, .name = "package.json", .max_bytes = NODE_PACKAGE_MAX},
    {.mode = STELLA_PROBE, .name = "package-lock.json", .max_bytes = NODE_LOCK_MAX},
    {.mode = STELLA_PROBE, .name = "npm-shrinkwrap.json", .max_bytes = NODE_LOCK_MAX},
    {.mode = STELLA_PROBE, .name = ".package-lock.json", .max_bytes = NODE_LOCK_MAX},
    {.mode = STELLA_PROBE, .name = "yarn.lock", .max_bytes = NODE_LOCK_MAX},
    {.mode = STELLA_PROBE, .name = "pnpm-lock.yaml", .max_bytes = NODE_LOCK_MAX},
    {.mode = STELLA_PROBE, .name = "lock.yaml", .parent = ".pnpm", .max_bytes = NODE_LOCK_MAX},
    {.mode = STELLA_PROBE, .name = "bun.lock", .max_bytes = NODE_LOCK_MAX},
    {.mode = STELLA_PROBE, .name = "deno.lock", .max_bytes = NODE_LOCK_MAX},
    {.mode = STELLA_PROBE | STELLA_SEEK,
     .suffix = ".zip",
     .parent = "cache",
     .below = ".yarn",
     .max_bytes = NODE_ZIP_MAX},
    LICENSE_TEXT_INTERESTS(.below = "node_modules"),
};

_Static_assert(STELLA_COUNT(interests) == NODE_INTEREST_LICENSES + LICENSE_TEXT_NAMES,
               "licenses are not the last of the interests");

STELLA_ANALYZER("org.stella-ops.analyzer.node", "0.1.0", STELLA_PHASE_APPLICATIONS, interests, .probe = node_probe,
                .analyze = node_analyze);

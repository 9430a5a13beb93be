/* The analyzer of .NET applications, NuGet packages and assemblies (README.md). */
#include "deps.h"
#include "framework.h"
#include "locks.h"
#include "nuspec.h"
#include "program.h"

#define TEXT_BYTES_MAX (16u << 20)

enum { DEPS, CONFIG, LOCK, ASSETS, PACKAGES, PROPS, NUSPEC, PE, ELF, MACHO };

static const stella_interest interests[] = {
    [DEPS] = {.mode = STELLA_KEEP, .suffix = ".deps.json", .max_bytes = TEXT_BYTES_MAX},
    [CONFIG] = {.mode = STELLA_KEEP, .suffix = ".runtimeconfig.json", .max_bytes = TEXT_BYTES_MAX},
    [LOCK] = {.mode = STELLA_KEEP, .name = "packages.lock.json", .max_bytes = TEXT_BYTES_MAX},
    [ASSETS] = {.mode = STELLA_KEEP, .name = "project.assets.json", .max_bytes = 64u << 20},
    [PACKAGES] = {.mode = STELLA_KEEP, .name = "packages.config", .max_bytes = TEXT_BYTES_MAX},
    [PROPS] = {.mode = STELLA_KEEP, .name = "Directory.Packages.props", .max_bytes = TEXT_BYTES_MAX},
    [NUSPEC] = {.mode = STELLA_KEEP, .suffix = ".nuspec", .max_bytes = TEXT_BYTES_MAX},
    [PE] = {.mode = STELLA_PROBE | STELLA_SEEK, .type = STELLA_TYPE_PE},
    [ELF] = {.mode = STELLA_PROBE | STELLA_SEEK, .type = STELLA_TYPE_ELF},
    [MACHO] = {.mode = STELLA_PROBE | STELLA_SEEK, .type = STELLA_TYPE_MACHO},
};

static const struct {
    uint32_t interest;
    int is_lock;
    walk_read read;
} readers[] = {
    {NUSPEC, 0, nuspec_read},       {DEPS, 0, deps_read},
    {CONFIG, 0, framework_read},    {LOCK, 1, locks_read_packages_lock},
    {ASSETS, 1, locks_read_assets}, {PACKAGES, 1, locks_read_packages_config},
    {PROPS, 1, locks_read_props},
};

static stella_status probe(void *self, stella_probe *p, stella_error *err) {
    (void)self;
    return program_probe(p, err);
}

static stella_status analyze(void *self, stella_analysis *job, stella_error *err) {
    (void)self;
    dotnet d = dotnet_of(job);
    stella_status status = STELLA_OK;
    for (uint32_t i = 0; i < STELLA_COUNT(readers) && status == STELLA_OK; i++)
        status = (readers[i].is_lock ? walk_locks : walk_files)(&d.g, readers[i].interest, readers[i].read, err);
    if (status == STELLA_OK)
        status = program_add_bundles(&d, err);
    if (status == STELLA_OK)
        status = program_add_assemblies(&d, err);
    if (status == STELLA_OK)
        graph_relate(&d.g);
    return status;
}

STELLA_ANALYZER("org.stella-ops.analyzer.dotnet", "0.1.0", STELLA_PHASE_APPLICATIONS, interests, .probe = probe,
                .analyze = analyze);

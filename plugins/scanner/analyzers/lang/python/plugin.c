/* The analyzer of Python distributions (README.md). */
#include "archive.h"
#include "digests.h"
#include "installed.h"
#include "interests.h"
#include "lock.h"

#define LOCK_BYTES_MAX    (64u << 20)
#define ARCHIVE_BYTES_MAX ((uint64_t)2 << 30)

#define CODE(suffix_, below_)                                                                                          \
    { .mode = STELLA_PROBE, .suffix = suffix_, .below = below_ }
#define ARCHIVE(suffix_)                                                                                               \
    { .mode = STELLA_PROBE | STELLA_SEEK, .suffix = suffix_, .max_bytes = ARCHIVE_BYTES_MAX }
#define KEPT(name_, parent_)                                                                                           \
    { .mode = STELLA_KEEP, .name = name_, .parent = parent_ }
#define LOCK(name_)                                                                                                    \
    { .mode = STELLA_KEEP, .name = name_, .max_bytes = LOCK_BYTES_MAX }

static const stella_interest interests[] = {
    [INTEREST_METADATA] = {.mode = STELLA_PROBE, .name = "METADATA", .parent = ".dist-info"},
    [INTEREST_EGG_PKG_INFO] = {.mode = STELLA_PROBE, .name = "PKG-INFO", .parent = ".egg-info"},
    [INTEREST_EGG_DIR_PKG_INFO] = {.mode = STELLA_PROBE, .name = "PKG-INFO", .parent = "EGG-INFO"},
    [INTEREST_EGG_FILE] = {.mode = STELLA_PROBE, .suffix = ".egg-info"},
    [INTEREST_RECORD] = KEPT("RECORD", ".dist-info"),
    [INTEREST_INSTALLED_FILES] = KEPT("installed-files.txt", ".egg-info"),
    [INTEREST_REQUIRES_TXT] = {.mode = STELLA_KEEP, .name = "requires.txt"},
    [INTEREST_TOP_LEVEL] = KEPT("top_level.txt", ".egg-info"),
    [INTEREST_DIRECT_URL] = KEPT("direct_url.json", ".dist-info"),
    [INTEREST_INSTALLER] = KEPT("INSTALLER", ".dist-info"),
    [INTEREST_REQUESTED] = KEPT("REQUESTED", ".dist-info"),
    [INTEREST_EGG_LINK] = {.mode = STELLA_KEEP, .suffix = ".egg-link"},
    [INTEREST_PYVENV] = {.mode = STELLA_KEEP, .name = "pyvenv.cfg"},
    [INTEREST_WHEEL] = ARCHIVE(".whl"),
    [INTEREST_EGG] = ARCHIVE(".egg"),
    [INTEREST_PYZ] = ARCHIVE(".pyz"),
    [INTEREST_PEX] = ARCHIVE(".pex"),
    [INTEREST_CODE_FIRST] = CODE(".py", "site-packages"),
    CODE(".so", "site-packages"),
    CODE(".pth", "site-packages"),
    CODE(".py", "dist-packages"),
    CODE(".so", "dist-packages"),
    [INTEREST_CODE_LAST] = CODE(".pth", "dist-packages"),
    [INTEREST_POETRY_LOCK] = LOCK("poetry.lock"),
    [INTEREST_UV_LOCK] = LOCK("uv.lock"),
    [INTEREST_PDM_LOCK] = LOCK("pdm.lock"),
    [INTEREST_PYLOCK] = LOCK("pylock.toml"),
    [INTEREST_PIPFILE_LOCK] = LOCK("Pipfile.lock"),
    [INTEREST_LICENSE_FIRST] = {.mode = STELLA_PROBE, .parent = "licenses", .below = "site-packages"},
    {.mode = STELLA_PROBE, .parent = "licenses", .below = "dist-packages"},
    LICENSE_TEXT_INTERESTS(.parent = ".dist-info"),
    [INTEREST_REQUIREMENTS_FIRST] = {.mode = STELLA_KEEP, .suffix = "requirements.txt"},
    {.mode = STELLA_KEEP, .suffix = ".txt", .parent = "requirements"},
    {.mode = STELLA_KEEP, .name = "requirements-dev.txt"},
    {.mode = STELLA_KEEP, .name = "requirements_dev.txt"},
    {.mode = STELLA_KEEP, .name = "requirements-test.txt"},
    {.mode = STELLA_KEEP, .name = "requirements-prod.txt"},
};

_Static_assert(STELLA_COUNT(interests) == INTEREST_REQUIREMENTS_FIRST + INTEREST_REQUIREMENTS_COUNT,
               "the table of interests is not what interests.h says");

static stella_status probe(void *self, stella_probe *p, stella_error *err) {
    (void)self;
    const uint32_t met = p->file->interest;
    if (met >= INTEREST_CODE_FIRST && met <= INTEREST_CODE_LAST)
        return digests_probe(p, err);
    if (met >= INTEREST_LICENSE_FIRST && met <= INTEREST_LICENSE_LAST)
        return license_text_probe(p, err);
    return met >= INTEREST_WHEEL && met <= INTEREST_PEX ? archive_probe(p, err) : metadata_probe(p, err);
}

static stella_status analyze(void *self, stella_analysis *job, stella_error *err) {
    inventory inv;
    (void)self;
    stella_status status = inventory_load(job, &inv, err);
    if (status == STELLA_OK)
        status = installed_add(&inv, err);
    if (status == STELLA_OK)
        status = installed_relate(&inv, err);
    return status == STELLA_OK ? locks_read(job, err) : status;
}

STELLA_ANALYZER("org.stella-ops.analyzer.python", "0.1.0", STELLA_PHASE_APPLICATIONS, interests, .probe = probe,
                .analyze = analyze);

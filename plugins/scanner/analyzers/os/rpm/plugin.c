/* The analyzer of rpm's package database (README.md). */
#include "analyze.h"
#include "interests.h"
#include "manifest.h"
#include "package.h"

#define DATABASE_BYTES_MAX ((uint64_t)4 << 30)
#define WAL_BYTES_MAX      (64u << 20)
#define MANIFEST_BYTES_MAX (64u << 20)

/* The log alone is kept too: the database that it belongs to may lie in a lower layer. */
static const stella_interest interests[INTERESTS] = {
    [INTEREST_WAL] = {.mode = STELLA_KEEP, .name = NAME_SQLITE SUFFIX_WAL, .max_bytes = WAL_BYTES_MAX},
    [INTEREST_SQLITE] = {.mode = STELLA_PROBE | STELLA_SEEK,
                         .name = NAME_SQLITE,
                         .max_bytes = DATABASE_BYTES_MAX,
                         .companions = SUFFIX_WAL},
    [INTEREST_NDB] = {.mode = STELLA_PROBE | STELLA_SEEK, .name = NAME_NDB, .max_bytes = DATABASE_BYTES_MAX},
    [INTEREST_BDB_VAR] = {.mode = STELLA_PROBE | STELLA_SEEK,
                          .path = DIR_VAR "/" NAME_BDB,
                          .max_bytes = DATABASE_BYTES_MAX},
    [INTEREST_BDB_SYSIMAGE] = {.mode = STELLA_PROBE | STELLA_SEEK,
                               .path = DIR_SYSIMAGE "/" NAME_BDB,
                               .max_bytes = DATABASE_BYTES_MAX},
    [INTEREST_BDB_SHARE] = {.mode = STELLA_PROBE | STELLA_SEEK,
                            .path = DIR_SHARE "/" NAME_BDB,
                            .max_bytes = DATABASE_BYTES_MAX},
    [INTEREST_MANIFEST] = {.mode = STELLA_PROBE,
                           .path = DIR_MANIFEST "/" NAME_MANIFEST,
                           .max_bytes = MANIFEST_BYTES_MAX},
};

static stella_status record(void *self, stella_sv key, stella_sv bytes, stella_error *err) {
    const stella_record r = {.struct_size = sizeof r, .kind = STELLA_SV(PACKAGE_RECORD), .key = key, .bytes = bytes};
    return stella_probe_record(self, &r, err);
}

static void note(void *self, uint32_t severity, uint32_t line, stella_sv message) {
    stella_probe_note(self, severity, line, message);
}

static stella_status probe(void *self, stella_probe *p, stella_error *err) {
    (void)self;
    package_sink sink = {.self = p, .record = record, .note = note, .path = p->file->path};
    if (p->file->interest == INTEREST_MANIFEST)
        return manifest_probe(p, &sink, err);
    if (!package_find_root(p->file->path, NULL))
        return STELLA_OK;
    stella_sv main, wal = {0};
    stella_status status = stella_probe_content(p, &main, err);
    if (status != STELLA_OK || main.len == 0)
        return status;
    if (p->file->interest == INTEREST_SQLITE) {
        status = stella_probe_companion(p, 0, &wal, err);
        if (status != STELLA_OK && status != STELLA_E_NOTFOUND)
            return status;
        wal = status == STELLA_OK ? wal : (stella_sv){0};
    }
    return package_read_database(&sink, main, wal, p->arena, err);
}

STELLA_ANALYZER("org.stella-ops.analyzer.rpm", "0.1.0", STELLA_PHASE_PACKAGES, interests, .probe = probe,
                .analyze = rpm_analyze);

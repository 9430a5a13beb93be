/* The analyzer of the Nix store (README.md). */
#include "analyze.h"
#include "database.h"
#include "store_path.h"

#define DATABASE_BYTES_MAX (1ull << 30)

enum { INTEREST_DATABASE, INTEREST_STORE };

static const stella_interest interests[] = {
    [INTEREST_DATABASE] = {.mode = STELLA_PROBE | STELLA_SEEK,
                           .path = DATABASE_PATH,
                           .max_bytes = DATABASE_BYTES_MAX,
                           .companions = DATABASE_WAL},
    [INTEREST_STORE] = {.mode = STELLA_PROBE, .dir = STORE_DIR},
};

/* The name says it all: the content is not read. */
static stella_status probe_file(stella_probe *p, stella_error *err) {
    int is_below = 0;
    const stella_sv base = store_path_of(p->file->path, &is_below);
    store_path path;
    if (!is_below || !store_path_parse(base, &path)) /* sources and patches lie in the store as single files */
        return STELLA_OK;
    stella_record record = STELLA_RECORD_INIT;
    record.kind = STELLA_SV(NIX_FILE);
    record.key = base;
    return stella_probe_record(p, &record, err);
}

static stella_status probe(void *self, stella_probe *p, stella_error *err) {
    (void)self;
    return p->file->interest == INTEREST_DATABASE ? database_probe(p, err) : probe_file(p, err);
}

STELLA_ANALYZER("org.stella-ops.analyzer.nix", "0.1.0", STELLA_PHASE_PACKAGES, interests, .probe = probe,
                .analyze = nix_analyze);

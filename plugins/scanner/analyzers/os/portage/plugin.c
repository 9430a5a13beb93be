/* The analyzer of Gentoo's package database (README.md). */
#include "analyze.h"
#include "name.h"

#include <stdio.h>

#define CONTENTS_BYTES_MAX (32u << 20)
#define DETAIL_BYTES_MAX   (1u << 20)

#define DETAIL(name_)                                                                                                  \
    { .mode = STELLA_KEEP, .dir = NAME_DIR, .name = (name_), .max_bytes = DETAIL_BYTES_MAX }

static const stella_interest interests[] = {
    {.mode = STELLA_PROBE | STELLA_KEEP, .dir = NAME_DIR, .name = "CONTENTS", .max_bytes = CONTENTS_BYTES_MAX},
    DETAIL("LICENSE"),
    DETAIL("SLOT"),
    DETAIL("SIZE"),
    DETAIL("repository"),
    DETAIL("DESCRIPTION"),
    DETAIL("HOMEPAGE"),
    DETAIL("RDEPEND"),
    DETAIL("PDEPEND"),
    DETAIL("CHOST"),
    DETAIL("BUILD_TIME"),
};

/* The folder's name is the package's; the content is read in the analysis. */
static stella_status probe(void *self, stella_probe *p, stella_error *err) {
    (void)self;
    portage_name name;
    char key[1024];
    if (!portage_name_parse(p->file->path, &name)) {
        stella_probe_note(p, STELLA_NOTE_ERROR, 0,
                          STELLA_SV("not in the folder of a package with a valid version: skipped"));
        return STELLA_OK;
    }
    const int len = snprintf(key, sizeof key, "%.*s/%.*s=%.*s", STELLA_SV_FMT(name.category), STELLA_SV_FMT(name.name),
                             STELLA_SV_FMT(name.version));
    stella_record record = STELLA_RECORD_INIT;
    record.kind = STELLA_SV(PORTAGE_PACKAGE);
    record.key = stella_sv_of(key, (size_t)len);
    return stella_probe_record(p, &record, err);
}

STELLA_ANALYZER("org.stella-ops.analyzer.portage", "0.1.0", STELLA_PHASE_PACKAGES, interests, .probe = probe,
                .analyze = portage_analyze);

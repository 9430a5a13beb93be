/* The operating system's identity from os-release (README.md). */
#include "os_release.h"

#include <stella/analyzer.h>
#include <stella/auto.h>

#define OS_RELEASE_BYTES_MAX (64u << 10)

/* In the order of os-release(5): the first of these that is there holds. */
static const stella_sv paths[] = {STELLA_SV_INIT("etc/os-release"), STELLA_SV_INIT("usr/lib/os-release")};

static const stella_interest interests[] = {
    {.mode = STELLA_KEEP, .path = "etc/os-release", .max_bytes = OS_RELEASE_BYTES_MAX},
    {.mode = STELLA_KEEP, .path = "usr/lib/os-release", .max_bytes = OS_RELEASE_BYTES_MAX},
};

/* The file, which may be reached through links; a link that leads to nothing gives way to the next path.
 * Returns STELLA_E_NOTFOUND, or STELLA_E_PENDING when the content comes with the next call. */
static stella_status find(stella_analysis *job, stella_file *out) {
    for (uint32_t i = 0; i < STELLA_COUNT(paths); i++) {
        stella_file file = STELLA_FILE_INIT;
        if (stella_view_stat(job, paths[i], &file, NULL) != STELLA_OK || file.kind != STELLA_FILE_REGULAR)
            continue;
        if (!file.bytes.ptr) {
            const stella_status status = stella_view_read(job, paths[i], &file, NULL);
            if (status == STELLA_E_PENDING)
                return status;
            if (status != STELLA_OK)
                continue;
        }
        *out = file;
        return STELLA_OK;
    }
    return STELLA_E_NOTFOUND;
}

static stella_status publish(stella_analysis *job, const stella_distro *distro, stella_error *err) {
    STELLA_AUTO(stella_buf_fini) stella_buf bytes = stella_buf_of(8 * STELLA_DISTRO_TEXT_MAX);
    const stella_status status = stella_distro_encode(distro, &bytes);
    if (status != STELLA_OK)
        return stella_error_set(err, status, NULL, "no memory for the distribution's record");
    stella_record record = STELLA_RECORD_INIT;
    record.kind = STELLA_SV(STELLA_DISTRO_KIND);
    record.key = distro->id;
    record.bytes = stella_buf_sv(&bytes);
    return stella_publish(job, &record, err);
}

static void add_component(stella_analysis *job, const stella_file *file, const os_release *r) {
    stella_component *c = stella_component_add(job, STELLA_SV("operating-system"), r->distro.id, r->distro.version_id,
                                               STELLA_COMPONENT_NO_PURL);
    stella_component_set(c, STELLA_FIELD_KIND, STELLA_SV("operating-system"));
    stella_component_set(c, STELLA_FIELD_DESCRIPTION, r->distro.name);
    stella_component_set(c, STELLA_FIELD_CPE, r->cpe);
    stella_component_set(c, STELLA_FIELD_HOMEPAGE, r->homepage);
    if (r->distro.codename.len)
        stella_component_property(c, STELLA_SV("os-release:codename"), r->distro.codename);
    if (r->distro.id_like.len)
        stella_component_property(c, STELLA_SV("os-release:id-like"), r->distro.id_like);
    stella_component_evidence(c, file, r->id_line, STELLA_SV("metadata"));
}

static stella_status analyze(void *self, stella_analysis *job, stella_error *err) {
    (void)self;
    stella_file file;
    os_release r;
    if (find(job, &file) != STELLA_OK)
        return STELLA_OK;
    const stella_status status = os_release_parse(file.bytes, job->arena, &r);
    if (status != STELLA_OK)
        return stella_error_at(err, status, file.path, "no memory for os-release");
    if (r.bad_line)
        stella_note(job, STELLA_NOTE_ERROR, file.path, r.bad_line,
                    STELLA_SV("a line that is no assignment was ignored"));
    add_component(job, &file, &r);
    return publish(job, &r.distro, err);
}

STELLA_ANALYZER("org.stella-ops.analyzer.os-release", "0.1.0", STELLA_PHASE_IDENTITY, interests, .analyze = analyze);

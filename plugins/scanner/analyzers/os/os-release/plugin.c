/* The operating system's identity from os-release (README.md). */
#include "end_of_life.h"
#include "release_file.h"

#include <stella/analyzer.h>
#include <stella/auto.h>

#define OS_RELEASE_BYTES_MAX (64u << 10)

/* The first of these that is there and names a system holds: os-release(5) in its order, then what systems had before
 * it, the more telling first; those whose file others carry too come last. */
static const struct {
    stella_sv path;
    release_parser parse;
} sources[] = {
    {STELLA_SV_INIT("etc/os-release"), release_os_release},
    {STELLA_SV_INIT("usr/lib/os-release"), release_os_release},
    {STELLA_SV_INIT("etc/lsb-release"), release_lsb},
    {STELLA_SV_INIT("etc/alpine-release"), release_alpine},
    {STELLA_SV_INIT("etc/oracle-release"), release_redhat},
    {STELLA_SV_INIT("etc/almalinux-release"), release_redhat},
    {STELLA_SV_INIT("etc/rocky-release"), release_redhat},
    {STELLA_SV_INIT("etc/centos-release"), release_redhat},
    {STELLA_SV_INIT("etc/fedora-release"), release_redhat},
    {STELLA_SV_INIT("etc/redhat-release"), release_redhat},
    {STELLA_SV_INIT("etc/system-release"), release_redhat},
    {STELLA_SV_INIT("etc/mariner-release"), release_redhat},
    {STELLA_SV_INIT("etc/SuSE-release"), release_suse},
    {STELLA_SV_INIT("etc/gentoo-release"), release_gentoo},
    {STELLA_SV_INIT("etc/arch-release"), release_arch},
    {STELLA_SV_INIT("etc/debian_version"), release_debian},
    {STELLA_SV_INIT("etc/apk/repositories"), release_apk_repositories},
};

#define FILE_AT(name)                                                                                                  \
    { .mode = STELLA_KEEP, .path = (name), .max_bytes = OS_RELEASE_BYTES_MAX }

static const stella_interest interests[] = {
    FILE_AT("etc/os-release"),     FILE_AT("usr/lib/os-release"),   FILE_AT("etc/lsb-release"),
    FILE_AT("etc/alpine-release"), FILE_AT("etc/oracle-release"),   FILE_AT("etc/almalinux-release"),
    FILE_AT("etc/rocky-release"),  FILE_AT("etc/centos-release"),   FILE_AT("etc/fedora-release"),
    FILE_AT("etc/redhat-release"), FILE_AT("etc/system-release"),   FILE_AT("etc/mariner-release"),
    FILE_AT("etc/SuSE-release"),   FILE_AT("etc/gentoo-release"),   FILE_AT("etc/arch-release"),
    FILE_AT("etc/debian_version"), FILE_AT("etc/apk/repositories"),
};

/* The file, which may be reached through links.
 * Returns STELLA_E_NOTFOUND, or STELLA_E_PENDING when the content comes with the next call. */
static stella_status read_file(stella_analysis *job, stella_sv path, stella_file *out) {
    stella_file file = STELLA_FILE_INIT;
    if (stella_view_stat(job, path, &file, NULL) != STELLA_OK || file.kind != STELLA_FILE_REGULAR)
        return STELLA_E_NOTFOUND;
    if (!file.bytes.ptr) {
        const stella_status status = stella_view_read(job, path, &file, NULL);
        if (status != STELLA_OK)
            return status == STELLA_E_PENDING ? status : STELLA_E_NOTFOUND;
    }
    *out = file;
    return STELLA_OK;
}

/* The first source that names a system. Returns STELLA_E_NOTFOUND, STELLA_E_PENDING or STELLA_E_NOMEM. */
static stella_status find(stella_analysis *job, stella_file *file, os_release *out) {
    for (uint32_t i = 0; i < STELLA_COUNT(sources); i++) {
        stella_status status = read_file(job, sources[i].path, file);
        if (status == STELLA_OK)
            status = sources[i].parse(file->bytes, job->arena, out);
        if (status != STELLA_E_NOTFOUND)
            return status;
    }
    return STELLA_E_NOTFOUND;
}

/* os-release of Debian and CentOS leaves the point release out, which a file of its own has. */
static stella_status find_full_version(stella_analysis *job, os_release *r) {
    const stella_sv id = r->distro.id, version = r->distro.version_id;
    if (r->full_version.len || version.len == 0)
        return STELLA_OK;
    for (uint32_t i = 0; i < STELLA_COUNT(sources); i++) {
        if (sources[i].parse != release_redhat && sources[i].parse != release_debian)
            continue;
        os_release other;
        stella_file file;
        stella_status status = read_file(job, sources[i].path, &file);
        if (status == STELLA_OK)
            status = sources[i].parse(file.bytes, job->arena, &other);
        if (status == STELLA_E_NOMEM)
            return status;
        if (status != STELLA_OK || !stella_sv_eq(other.distro.id, id) || !stella_sv_starts(other.full_version, version))
            continue;
        const stella_sv rest = stella_sv_skip(other.full_version, version.len);
        if (rest.len == 0 || rest.ptr[0] == '.') {
            r->full_version = other.full_version;
            return STELLA_OK;
        }
    }
    return STELLA_OK;
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

static void add_end_of_life(stella_component *c, const stella_distro *distro) {
    const end_of_life *row = end_of_life_of(distro);
    if (!row)
        return;
    stella_component_property(c, STELLA_SV("os:end-of-life"), row->date);
    if (row->extended.len)
        stella_component_property(c, STELLA_SV("os:end-of-extended-support"), row->extended);
    stella_component_property(c, STELLA_SV("os:end-of-life-as-of"), row->as_of);
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
    if (r->full_version.len && !stella_sv_eq(r->full_version, r->distro.version_id))
        stella_component_property(c, STELLA_SV("os-release:full-version"), r->full_version);
    add_end_of_life(c, &r->distro);
    stella_component_evidence(c, file, r->id_line, STELLA_SV("metadata"));
}

static stella_status analyze(void *self, stella_analysis *job, stella_error *err) {
    (void)self;
    stella_file file;
    os_release r;
    stella_status status = find(job, &file, &r);
    if (status == STELLA_E_NOTFOUND || status == STELLA_E_PENDING)
        return STELLA_OK;
    if (status == STELLA_OK)
        status = find_full_version(job, &r);
    if (status != STELLA_OK)
        return stella_error_at(err, status, file.path, "no memory for the system's name");
    if (r.bad_line)
        stella_note(job, STELLA_NOTE_ERROR, file.path, r.bad_line,
                    STELLA_SV("a line that is no assignment of UTF-8 text was ignored"));
    add_component(job, &file, &r);
    return publish(job, &r.distro, err);
}

STELLA_ANALYZER("org.stella-ops.analyzer.os-release", "0.2.0", STELLA_PHASE_IDENTITY, interests, .analyze = analyze);

#include "analyze.h"

#include "changelog.h"
#include "inventory.h"
#include "licenses.h"
#include "owned.h"
#include "relations.h"

#include "common/cpe.h"
#include "common/origin.h"
#include "common/vendor.h"

#include <stdio.h>

/* Upstream's part of the version: "7.88.1" of "1:7.88.1+dfsg-10+deb12u5". */
static stella_sv upstream_version(stella_sv version) {
    static const stella_sv repacked[] = {STELLA_SV_INIT("+dfsg"), STELLA_SV_INIT("~dfsg"), STELLA_SV_INIT(".dfsg"),
                                         STELLA_SV_INIT("+ds"), STELLA_SV_INIT("+really")};
    const size_t colon = stella_sv_find(version, ':');
    version = colon < version.len ? stella_sv_skip(version, colon + 1) : version;
    version = stella_sv_first(version, stella_sv_rfind(version, '-'));
    for (uint32_t i = 0; i < STELLA_COUNT(repacked); i++) {
        const char *at = version.len ? memmem(version.ptr, version.len, repacked[i].ptr, repacked[i].len) : NULL;
        if (at)
            version = stella_sv_first(version, (size_t)(at - version.ptr));
    }
    return version;
}

/* "name (version)", or a name alone; without the field the package is its own source. */
static stella_status set_source(stella_analysis *job, const package *p, stella_error *err) {
    const stella_sv field = p->stanza.values[STANZA_SOURCE];
    const size_t open = stella_sv_find(field, '(');
    const stella_sv name = stella_sv_trim(stella_sv_first(field, open));
    stella_sv version = stella_sv_skip(field, open + 1);
    version = stella_sv_trim(stella_sv_first(version, stella_sv_find(version, ')')));
    stella_component_set(p->component, STELLA_FIELD_SOURCE_NAME, name.len ? name : p->name);
    stella_component_set(p->component, STELLA_FIELD_SOURCE_VERSION, version.len ? version : p->version);
    return cpe_add_candidate(p->component, name.len ? name : p->name,
                             upstream_version(version.len ? version : p->version), job->arena, err);
}

static void set_fields(const package *p) {
    static const struct {
        uint32_t field;
        stanza_field from;
    } fields[] = {
        {STELLA_FIELD_ARCHITECTURE, STANZA_ARCHITECTURE},
        {STELLA_FIELD_MAINTAINER, STANZA_MAINTAINER},
        {STELLA_FIELD_DESCRIPTION, STANZA_DESCRIPTION},
        {STELLA_FIELD_HOMEPAGE, STANZA_HOMEPAGE},
    };
    for (uint32_t i = 0; i < STELLA_COUNT(fields); i++)
        if (p->stanza.values[fields[i].from].len)
            stella_component_set(p->component, fields[i].field, p->stanza.values[fields[i].from]);
}

/* The field has KiB. */
static void set_size(const package *p) {
    char text[24];
    uint64_t size = 0;
    stella_sv value = p->stanza.values[STANZA_INSTALLED_SIZE];
    if (stella_sv_ends(value, STELLA_SV("KB")) || stella_sv_ends(value, STELLA_SV("kB"))) /* seen in the wild */
        value = stella_sv_trim(stella_sv_first(value, value.len - 2));
    if (!stella_sv_u64(value, UINT64_MAX / 1024, &size))
        return;
    const int len = snprintf(text, sizeof text, "%llu", (unsigned long long)(1024 * size));
    stella_component_set(p->component, STELLA_FIELD_INSTALLED_SIZE, stella_sv_of(text, (size_t)len));
}

static void set_properties(const package *p) {
    static const struct {
        stella_sv name;
        stanza_field from;
    } properties[] = {
        {STELLA_SV_INIT("dpkg:section"), STANZA_SECTION},
        {STELLA_SV_INIT("dpkg:priority"), STANZA_PRIORITY},
        {STELLA_SV_INIT("dpkg:essential"), STANZA_ESSENTIAL},
        {STELLA_SV_INIT("dpkg:multi-arch"), STANZA_MULTI_ARCH},
    };
    for (uint32_t i = 0; i < STELLA_COUNT(properties); i++)
        if (p->stanza.values[properties[i].from].len)
            stella_component_property(p->component, properties[i].name, p->stanza.values[properties[i].from]);
    const stella_sv status = p->stanza.values[STANZA_STATUS];
    if (status.len && !stella_sv_eq(status, STELLA_SV("install ok installed")))
        stella_component_property(p->component, STELLA_SV("dpkg:status"), status);
}

static stella_status add_component(stella_analysis *job, package *p, const origin *from, stella_error *err) {
    const uint32_t flags = vendor_of_deb(from->id, p->stanza.values[STANZA_MAINTAINER], p->version);
    p->component = stella_component_add(job, STELLA_SV("deb"), p->name, p->version, flags);
    origin_apply(from, p->arch, p->component);
    set_fields(p);
    set_size(p);
    set_properties(p);
    const stella_file file = {.struct_size = sizeof file,
                              .kind = STELLA_FILE_REGULAR,
                              .layer = p->record.layer,
                              .interest = p->record.interest,
                              .path = p->path};
    stella_component_evidence(p->component, &file, p->stanza.line, STELLA_SV("package-database"));
    stella_component_from_record(p->component, &p->record);
    return set_source(job, p, err);
}

static stella_status add_files(stella_analysis *job, const inventory *inv, stella_error *err) {
    diversions diverted;
    stella_status status = diversions_load(job, &diverted, err);
    owned_reader reader = {.job = job, .diverted = &diverted};
    owned_find_info(&reader);
    for (uint32_t i = 0; i < inv->package_count && status == STELLA_OK; i++) {
        if (stella_cancelled(job))
            return stella_error_set(err, STELLA_E_CANCELLED, NULL, "the result is no longer wanted");
        status = owned_add(&reader, &inv->packages[i], err);
    }
    if (reader.unreadable)
        stella_note(job, STELLA_NOTE_ERROR, reader.info, 0,
                    STELLA_SV("behind a symbolic link: not all of which files the packages own was read"));
    return status;
}

stella_status dpkg_analyze(void *self, stella_analysis *job, stella_error *err) {
    (void)self;
    inventory inv;
    origin from;
    stella_status status = inventory_load(job, &inv, err);
    if (status == STELLA_OK)
        status = origin_find(job, STELLA_SV("debian"), &from, err);
    if (status != STELLA_OK)
        return status;
    for (uint32_t i = 0; i < inv.package_count && status == STELLA_OK; i++)
        status = add_component(job, &inv.packages[i], &from, err);
    if (status == STELLA_OK)
        status = licenses_add(job, &inv, err);
    if (status == STELLA_OK)
        status = changelog_add_hints(job, &inv, err);
    if (status == STELLA_OK)
        status = add_files(job, &inv, err);
    if (status == STELLA_OK)
        relations_add(job, &inv);
    return status;
}

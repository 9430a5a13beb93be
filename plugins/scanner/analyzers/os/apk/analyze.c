#include "analyze.h"

#include "inventory.h"
#include "relations.h"

#include "common/cpe.h"
#include "common/origin.h"
#include "common/vendor.h"
#include "common/words.h"

#include <stella/encoding.h>

static stella_sv origin_of(const package *p) {
    return p->fields[APK_ORIGIN].len ? p->fields[APK_ORIGIN] : p->fields[APK_NAME];
}

/* Without the distribution's "-r1". */
static stella_sv upstream_version(stella_sv version) {
    return stella_sv_first(version, stella_sv_rfind(version, '-'));
}

static void set_fields(const package *p) {
    static const struct {
        uint32_t field;
        apk_field from;
    } fields[] = {
        {STELLA_FIELD_ARCHITECTURE, APK_ARCH},
        {STELLA_FIELD_MAINTAINER, APK_MAINTAINER},
        {STELLA_FIELD_DESCRIPTION, APK_DESCRIPTION},
        {STELLA_FIELD_HOMEPAGE, APK_URL},
        {STELLA_FIELD_INSTALLED_SIZE, APK_INSTALLED_SIZE},
    };
    for (uint32_t i = 0; i < STELLA_COUNT(fields); i++)
        stella_component_set(p->component, fields[i].field, p->fields[fields[i].from]);
    stella_component_set(p->component, STELLA_FIELD_SOURCE_NAME, origin_of(p));
    stella_component_set(p->component, STELLA_FIELD_SOURCE_VERSION, p->fields[APK_VERSION]);
}

static void set_properties(const package *p) {
    static const struct {
        stella_sv name;
        apk_field from;
    } properties[] = {
        {STELLA_SV_INIT("apk:checksum"), APK_CHECKSUM},     {STELLA_SV_INIT("apk:commit"), APK_COMMIT},
        {STELLA_SV_INIT("apk:build-time"), APK_BUILD_TIME}, {STELLA_SV_INIT("apk:package-size"), APK_PACKAGE_SIZE},
        {STELLA_SV_INIT("apk:replaces"), APK_REPLACES},     {STELLA_SV_INIT("apk:install-if"), APK_INSTALL_IF},
        {STELLA_SV_INIT("apk:repository-tag"), APK_TAG},    {STELLA_SV_INIT("apk:broken"), APK_BROKEN},
    };
    for (uint32_t i = 0; i < STELLA_COUNT(properties); i++)
        if (p->fields[properties[i].from].len)
            stella_component_property(p->component, properties[i].name, p->fields[properties[i].from]);
    if (p->fields[APK_NAME].ptr[0] == '.') /* made by "apk add --virtual": it only holds others together */
        stella_component_property(p->component, STELLA_SV("apk:virtual"), STELLA_SV("true"));
}

static stella_status add_component(stella_analysis *job, package *p, const origin *from, stella_error *err) {
    const uint32_t flags = vendor_of_apk(from->id, p->fields[APK_MAINTAINER]);
    p->component = stella_component_add(job, STELLA_SV("apk"), p->fields[APK_NAME], p->fields[APK_VERSION], flags);
    origin_apply(from, p->fields[APK_ARCH], p->component);
    set_fields(p);
    set_properties(p);
    const stella_file file = {
        .struct_size = sizeof file, .kind = STELLA_FILE_REGULAR, .layer = p->record.layer, .path = p->path};
    stella_component_evidence(p->component, &file, p->line, STELLA_SV("package-database"));
    stella_component_from_record(p->component, &p->record);
    const stella_status status = words_add_license(p->component, p->fields[APK_LICENSE], err);
    return status == STELLA_OK ? cpe_add_candidate(p->component, origin_of(p), upstream_version(p->fields[APK_VERSION]),
                                                   job->arena, err)
                               : status;
}

/* ---- files ---------------------------------------------------------------------------------------------------------
 */

/* apk keeps what an administrator changed below /etc, but for plain files of etc/init.d. */
static uint32_t flags_of(const installed_file *file) {
    const int is_protected =
        stella_sv_starts(file->path, STELLA_SV("etc/")) && !stella_sv_starts(file->path, STELLA_SV("etc/init.d/"));
    return is_protected ? STELLA_OWNED_CONFIG : 0;
}

static void add_file(stella_component *c, const installed_file *file) {
    char digest[2 * 32 + 1] = "";
    const int has_digest = !file->is_link && (file->digest.len == 20 || file->digest.len == 32);
    if (has_digest)
        stella_hex(file->digest.ptr, file->digest.len, digest);
    const stella_sv alg = file->digest.len == 20 ? STELLA_SV("sha1") : STELLA_SV("sha256");
    const stella_owned owned = {.struct_size = sizeof owned,
                                .flags = flags_of(file),
                                .path = file->path,
                                .digest_alg = has_digest ? alg : STELLA_SV(""),
                                .digest = stella_sv_cstr(digest)};
    stella_component_owns(c, &owned);
}

/* The records of files between two records of packages; those of another line belong to a package that was skipped. */
static stella_status add_files_between(stella_analysis *job, stella_records from, uint64_t count, const package *p,
                                       stella_error *err) {
    stella_record record = STELLA_RECORD_INIT;
    stella_status status = STELLA_OK;
    for (uint64_t i = 0; i < count && status == STELLA_OK && stella_records_next(job, &from, &record); i++) {
        installed_files files;
        installed_file file;
        status = installed_files_open(record.bytes, &files, err);
        if (status == STELLA_OK && files.line == p->line)
            while (installed_files_next(&files, &file))
                add_file(p->component, &file);
    }
    return status;
}

static stella_status add_files(stella_analysis *job, const inventory *inv, stella_error *err) {
    stella_record record = STELLA_RECORD_INIT;
    stella_records it = stella_records_of(STELLA_SV("")), first = it;
    uint64_t between = 0;
    stella_status status = STELLA_OK;
    for (uint32_t i = 0; status == STELLA_OK && i < inv->count && stella_records_next(job, &it, &record);) {
        if (stella_sv_eq(record.kind, STELLA_SV(INSTALLED_FILES))) {
            between++;
            continue;
        }
        const package *p = &inv->packages[i++];
        if (!p->is_repeated)
            status = add_files_between(job, first, between, p, err);
        first = it;
        between = 0;
    }
    return status;
}

stella_status apk_analyze(void *self, stella_analysis *job, stella_error *err) {
    (void)self;
    inventory inv;
    origin from;
    stella_status status = inventory_load(job, &inv, err);
    if (status == STELLA_OK)
        status = origin_find(job, STELLA_SV("alpine"), &from, err);
    for (uint32_t i = 0; status == STELLA_OK && i < inv.count; i++) {
        if (stella_cancelled(job))
            return stella_error_set(err, STELLA_E_CANCELLED, NULL, "the result is no longer wanted");
        if (!inv.packages[i].is_repeated)
            status = add_component(job, &inv.packages[i], &from, err);
    }
    if (status == STELLA_OK)
        status = add_files(job, &inv, err);
    if (status == STELLA_OK)
        relations_add(job, &inv);
    return status;
}

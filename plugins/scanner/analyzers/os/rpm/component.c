#include "component.h"

#include "license.h"
#include "signature.h"
#include "tags.h"

#include "common/cpe.h"
#include "common/cve.h"
#include "common/vendor.h"

#include <stella/encoding.h>

#include <stdio.h>

#define NUMBER_TEXT 24

/* The distribution of a package by its Vendor tag, for trees without os-release: the beginning is enough. */
static stella_sv namespace_of_vendor(stella_sv vendor) {
    static const struct {
        stella_sv begin, namespace_;
    } vendors[] = {
        {STELLA_SV_INIT("AlmaLinux"), STELLA_SV_INIT("almalinux")},
        {STELLA_SV_INIT("Amazon"), STELLA_SV_INIT("amzn")},
        {STELLA_SV_INIT("CentOS"), STELLA_SV_INIT("centos")},
        {STELLA_SV_INIT("Fedora Project"), STELLA_SV_INIT("fedora")},
        {STELLA_SV_INIT("Mageia"), STELLA_SV_INIT("mageia")},
        {STELLA_SV_INIT("Microsoft"), STELLA_SV_INIT("mariner")},
        {STELLA_SV_INIT("Oracle"), STELLA_SV_INIT("ol")},
        {STELLA_SV_INIT("Red Hat"), STELLA_SV_INIT("redhat")},
        {STELLA_SV_INIT("Rocky"), STELLA_SV_INIT("rocky")},
        {STELLA_SV_INIT("SUSE"), STELLA_SV_INIT("sles")},
        {STELLA_SV_INIT("VMware"), STELLA_SV_INIT("photon")},
        {STELLA_SV_INIT("openSUSE"), STELLA_SV_INIT("opensuse")},
    };
    for (uint32_t i = 0; i < STELLA_COUNT(vendors); i++)
        if (stella_sv_starts(vendor, vendors[i].begin))
            return vendors[i].namespace_;
    return STELLA_SV("unknown"); /* the purl of an rpm must have one */
}

/* purl-spec's rpm type names the vendor; most ids are vendors already. */
static stella_sv namespace_of(stella_sv id, stella_sv vendor) {
    if (id.len == 0)
        return namespace_of_vendor(vendor);
    if (stella_sv_eq(id, STELLA_SV("rhel")))
        return STELLA_SV("redhat");
    return stella_sv_starts(id, STELLA_SV("opensuse")) ? STELLA_SV("opensuse") : id;
}

static stella_sv number_text(uint64_t number, char text[NUMBER_TEXT]) {
    return stella_sv_of(text, (size_t)snprintf(text, NUMBER_TEXT, "%llu", (unsigned long long)number));
}

/* "name-version-release.src.rpm", cut from the right; the epoch of a source is not recorded. The candidate is of the
 * source: a project that is its own vendor. */
static stella_status set_source(stella_analysis *job, const package *p, stella_error *err) {
    stella_sv file = header_text(&p->h, TAG_SOURCE_RPM), name = p->name, version = p->version;
    static const stella_sv suffixes[] = {STELLA_SV_INIT(".nosrc.rpm"), STELLA_SV_INIT(".src.rpm")};
    for (uint32_t i = 0; i < STELLA_COUNT(suffixes); i++)
        if (stella_sv_ends(file, suffixes[i]))
            file = stella_sv_first(file, file.len - suffixes[i].len);
    const size_t release = stella_sv_rfind(file, '-');
    const size_t dash = stella_sv_rfind(stella_sv_first(file, release), '-');
    if (release != file.len && dash != release && dash != 0) {
        name = stella_sv_first(file, dash);
        version = stella_sv_skip(stella_sv_first(file, release), dash + 1);
        stella_component_set(p->component, STELLA_FIELD_SOURCE_NAME, name);
        stella_component_set(p->component, STELLA_FIELD_SOURCE_VERSION, stella_sv_skip(file, dash + 1));
    }
    return cpe_add_candidate(p->component, name, version, job->arena, err);
}

static void set_fields(const package *p) {
    static const struct {
        uint32_t field, tag;
    } fields[] = {{STELLA_FIELD_ARCHITECTURE, TAG_ARCH},
                  {STELLA_FIELD_VENDOR, TAG_VENDOR},
                  {STELLA_FIELD_MAINTAINER, TAG_PACKAGER},
                  {STELLA_FIELD_DESCRIPTION, TAG_SUMMARY},
                  {STELLA_FIELD_HOMEPAGE, TAG_URL}};
    uint64_t size;
    char text[NUMBER_TEXT];
    for (uint32_t i = 0; i < STELLA_COUNT(fields); i++)
        stella_component_set(p->component, fields[i].field, header_text(&p->h, fields[i].tag));
    if (header_number(&p->h, TAG_LONG_SIZE, &size) || header_number(&p->h, TAG_SIZE, &size))
        stella_component_set(p->component, STELLA_FIELD_INSTALLED_SIZE, number_text(size, text));
}

static void add_property(const package *p, stella_sv name, stella_sv value) {
    if (value.len)
        stella_component_property(p->component, name, value);
}

/* The signature over the header counts most; old packages have one over header and payload only. */
static void add_key_id(const package *p) {
    static const uint32_t tags[] = {TAG_RSA_HEADER, TAG_DSA_HEADER, TAG_SIG_PGP, TAG_SIG_GPG};
    unsigned char id[SIGNATURE_KEY_ID_BYTES];
    char hex[2 * sizeof id + 1];
    for (uint32_t i = 0; i < STELLA_COUNT(tags); i++)
        if (signature_key_id(header_binary(&p->h, tags[i]), id)) {
            stella_hex(id, sizeof id, hex);
            add_property(p, STELLA_SV("rpm:signature-key-id"), stella_sv_cstr(hex));
            return;
        }
}

static void add_properties(const package *p) {
    const stella_sv md5 = header_binary(&p->h, TAG_SIG_MD5);
    char hex[2 * 16 + 1], text[NUMBER_TEXT];
    uint64_t built;
    add_property(p, STELLA_SV("rpm:modularity-label"), header_text(&p->h, TAG_MODULARITY_LABEL));
    add_property(p, STELLA_SV("rpm:header-sha256"), header_text(&p->h, TAG_SHA256_HEADER));
    add_property(p, STELLA_SV("rpm:header-sha1"), header_text(&p->h, TAG_SHA1_HEADER));
    add_property(p, STELLA_SV("rpm:source-rpm"), header_text(&p->h, TAG_SOURCE_RPM));
    if (md5.len == 16) {
        stella_hex(md5.ptr, md5.len, hex);
        add_property(p, STELLA_SV("rpm:sig-md5"), stella_sv_cstr(hex));
    }
    if (header_number(&p->h, TAG_BUILD_TIME, &built))
        add_property(p, STELLA_SV("rpm:build-time"), number_text(built, text));
    cve_add_properties(header_binary(&p->h, TAG_OWN_CVES), STELLA_SV(""), p->component);
}

static void set_identity(const package *p, const origin *from) {
    uint64_t epoch;
    char text[NUMBER_TEXT];
    const origin vendor = {.namespace_ = namespace_of(from->namespace_, header_text(&p->h, TAG_VENDOR)),
                           .distro = from->distro};
    origin_apply(&vendor, p->arch, p->component);
    stella_component_qualifier(p->component, STELLA_SV("rpmmod"), header_text(&p->h, TAG_MODULARITY_LABEL));
    if (header_number(&p->h, TAG_EPOCH, &epoch))
        stella_component_qualifier(p->component, STELLA_SV("epoch"), number_text(epoch, text));
}

static void add_evidence(const package *p) {
    uint64_t line = 0;
    const stella_file file = {
        .struct_size = sizeof file, .kind = STELLA_FILE_REGULAR, .layer = p->record.layer, .path = p->path};
    (void)header_number(&p->h, TAG_OWN_LINE, &line);
    stella_component_evidence(p->component, &file, (uint32_t)line, STELLA_SV("package-database"));
    stella_component_from_record(p->component, &p->record);
}

stella_status component_make(stella_analysis *job, package *p, const origin *from, stella_error *err) {
    license found;
    const stella_sv version =
        stella_arena_printf(job->arena, "%.*s-%.*s", STELLA_SV_FMT(p->version), STELLA_SV_FMT(p->release));
    const stella_status status = license_read(header_text(&p->h, TAG_LICENSE), job->arena, &found);
    if (!version.ptr || status == STELLA_E_NOMEM)
        return stella_error_at(err, STELLA_E_NOMEM, p->path, "no memory for a package");
    const uint32_t flags = vendor_of_rpm(from->id, header_text(&p->h, TAG_VENDOR));
    p->component = stella_component_add(job, STELLA_SV("rpm"), p->name, version, flags);
    set_identity(p, from);
    set_fields(p);
    add_properties(p);
    add_key_id(p);
    add_evidence(p);
    if (status == STELLA_OK)
        stella_component_license(p->component, found.how, found.text);
    return set_source(job, p, err);
}

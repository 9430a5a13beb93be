/* The rules of SPDX 2.2 and 2.3 for packages, their licenses and relationships: the official schema's
 * (spdx-schema.json), and what the specification demands beyond it: forms of ids, references that lead somewhere,
 * license expressions. */
#include "spdx2/spdx2.h"

#include "common/check.h"
#include "common/facts.h"

#include <stella/spdx.h>

#define SHOWN 80u

static stella_sv text(const stella_json *object, const char *key) {
    return stella_json_str(stella_json_get(object, key));
}

static int is_id_text(stella_sv id) {
    for (size_t i = 0; i < id.len; i++)
        if (!id.ptr[i] || !strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-", id.ptr[i]))
            return 0;
    return id.len != 0;
}

static int has_form(stella_sv id, stella_sv prefix) {
    return stella_sv_starts(id, prefix) && is_id_text(stella_sv_skip(id, prefix.len));
}

static void check_id_form(check *c, const stella_json *id) {
    if (!has_form(stella_json_str(id), STELLA_SV("SPDXRef-")))
        check_say(c, id, "not of the form SPDXRef-[A-Za-z0-9.-]+");
}

static void check_document_id(check *c, const stella_json *id) {
    if (!stella_sv_eq(stella_json_str(id), STELLA_SV("SPDXRef-DOCUMENT")))
        check_say(c, id, "a document is SPDXRef-DOCUMENT");
}

static void check_license_ref(check *c, const stella_json *id) {
    if (!has_form(stella_json_str(id), STELLA_SV("LicenseRef-")))
        check_say(c, id, "not of the form LicenseRef-[A-Za-z0-9.-]+");
}

/* NONE and NOASSERTION may stand for an element, and "DocumentRef-...:" leads into another document. */
static void check_reference(check *c, const stella_json *value) {
    const stella_sv id = stella_json_str(value);
    if (!stella_sv_starts(id, STELLA_SV("DocumentRef-")) && !stella_sv_eq(id, STELLA_SV("NONE")) &&
        !stella_sv_eq(id, STELLA_SV("NOASSERTION")) && !check_has_id(c, id))
        check_say(c, value, "nothing has the id \"%.*s\"", STELLA_SV_FMT(stella_sv_first(id, SHOWN)));
}

static void check_license(check *c, const stella_json *value) {
    check_expression(c, value);
}

static void check_filled(check *c, const stella_json *value) {
    if (stella_sv_trim(stella_json_str(value)).len == 0)
        check_say(c, value, "empty; NOASSERTION or NONE would say so");
}

static void check_namespace(check *c, const stella_json *value) {
    const stella_sv uri = stella_json_str(value);
    if (stella_sv_find(uri, ':') == uri.len || stella_sv_find(uri, '#') < uri.len)
        check_say(c, value, "not a URI without '#'");
}

/* To the second, in UTC; facts_time does not tell 1970 from no time. */
static void check_time(check *c, const stella_json *value) {
    const stella_sv time = stella_json_str(value);
    const int is_first = stella_sv_eq(time, STELLA_SV("1970-01-01T00:00:00Z"));
    if (!is_first && (time.len != 20 || time.ptr[10] != 'T' || time.ptr[19] != 'Z' || facts_time(time) < 0))
        check_say(c, value, "not a time as 2026-01-31T12:00:00Z");
}

static void check_creator(check *c, const stella_json *value) {
    static const stella_sv kinds[] = {STELLA_SV_INIT("Tool: "), STELLA_SV_INIT("Person: "),
                                      STELLA_SV_INIT("Organization: ")};
    for (uint32_t i = 0; i < STELLA_COUNT(kinds); i++)
        if (stella_sv_starts(stella_json_str(value), kinds[i]))
            return;
    check_say(c, value, "begins with none of \"Tool: \", \"Person: \", \"Organization: \"");
}

static void check_checksum(check *c, const stella_json *value) {
    if (stella_json_is(stella_json_get(value, "checksumValue"), STELLA_JSON_STRING))
        check_digest(c, value, text(value, "algorithm"), text(value, "checksumValue"));
}

static void check_external(check *c, const stella_json *value) {
    const stella_json *locator = stella_json_get(value, "referenceLocator");
    if (locator && stella_sv_eq(text(value, "referenceType"), STELLA_SV("purl")))
        check_purl(c, locator);
    if (locator && stella_sv_eq(text(value, "referenceType"), STELLA_SV("cpe23Type")))
        check_cpe(c, locator);
}

static const char *const versions[] = {"SPDX-2.0", "SPDX-2.1", "SPDX-2.2", "SPDX-2.3", NULL};
static const char *const data_licenses[] = {"CC0-1.0", NULL};
/* The words of JSON, and as tag-value and other tools spell them. */
static const char *const categories[] = {"SECURITY",      "PACKAGE-MANAGER", "PACKAGE_MANAGER",
                                         "PERSISTENT-ID", "OTHER",           NULL};
static const char *const purposes[] = {"APPLICATION", "ARCHIVE",   "CONTAINER",        "DEVICE",  "FILE",
                                       "FIRMWARE",    "FRAMEWORK", "INSTALL",          "LIBRARY", "OPERATING_SYSTEM",
                                       "OTHER",       "SOURCE",    "OPERATING-SYSTEM", NULL};
static const char *const algorithms[] = {"ADLER32",  "BLAKE2b-256", "BLAKE2b-384", "BLAKE2b-512", "BLAKE3", "MD2",
                                         "MD4",      "MD5",         "MD6",         "SHA1",        "SHA224", "SHA256",
                                         "SHA3-256", "SHA3-384",    "SHA3-512",    "SHA384",      "SHA512", NULL};
static const char *const relation_types[] = {"AMENDS",
                                             "ANCESTOR_OF",
                                             "BUILD_DEPENDENCY_OF",
                                             "BUILD_TOOL_OF",
                                             "CONTAINED_BY",
                                             "CONTAINS",
                                             "COPY_OF",
                                             "DATA_FILE_OF",
                                             "DEPENDENCY_MANIFEST_OF",
                                             "DEPENDENCY_OF",
                                             "DEPENDS_ON",
                                             "DESCENDANT_OF",
                                             "DESCRIBED_BY",
                                             "DESCRIBES",
                                             "DEV_DEPENDENCY_OF",
                                             "DEV_TOOL_OF",
                                             "DISTRIBUTION_ARTIFACT",
                                             "DOCUMENTATION_OF",
                                             "DYNAMIC_LINK",
                                             "EXAMPLE_OF",
                                             "EXPANDED_FROM_ARCHIVE",
                                             "FILE_ADDED",
                                             "FILE_DELETED",
                                             "FILE_MODIFIED",
                                             "GENERATED_FROM",
                                             "GENERATES",
                                             "HAS_PREREQUISITE",
                                             "METAFILE_OF",
                                             "OPTIONAL_COMPONENT_OF",
                                             "OPTIONAL_DEPENDENCY_OF",
                                             "OTHER",
                                             "PACKAGE_OF",
                                             "PATCH_APPLIED",
                                             "PATCH_FOR",
                                             "PREREQUISITE_FOR",
                                             "PROVIDED_DEPENDENCY_OF",
                                             "REQUIREMENT_DESCRIPTION_FOR",
                                             "RUNTIME_DEPENDENCY_OF",
                                             "SPECIFICATION_FOR",
                                             "STATIC_LINK",
                                             "TEST_CASE_OF",
                                             "TEST_DEPENDENCY_OF",
                                             "TEST_OF",
                                             "TEST_TOOL_OF",
                                             "VARIANT_OF",
                                             NULL};

static const check_rule checksum_rules[] = {
    {.key = "algorithm", .kind = CHECK_TEXT, .flags = CHECK_REQUIRED, .words = algorithms},
    {.key = "checksumValue", .kind = CHECK_TEXT, .flags = CHECK_REQUIRED},
};
static const check_shape checksum_shape = CHECK_SHAPE(checksum_rules);

static const check_rule external_rules[] = {
    {.key = "comment", .kind = CHECK_TEXT},
    {.key = "referenceCategory", .kind = CHECK_TEXT, .flags = CHECK_REQUIRED, .words = categories},
    {.key = "referenceLocator", .kind = CHECK_TEXT, .flags = CHECK_REQUIRED},
    {.key = "referenceType", .kind = CHECK_TEXT, .flags = CHECK_REQUIRED},
};
static const check_shape external_shape = CHECK_SHAPE(external_rules);

static const check_rule package_rules[] = {
    {.key = "SPDXID", .kind = CHECK_TEXT, .flags = CHECK_REQUIRED, .also = check_id_form},
    {.key = "annotations", .kind = CHECK_LIST},
    {.key = "attributionTexts", .kind = CHECK_TEXTS},
    {.key = "builtDate", .kind = CHECK_TEXT},
    {.key = "checksums", .kind = CHECK_LIST, .also = check_checksum, .of = &checksum_shape},
    {.key = "comment", .kind = CHECK_TEXT},
    {.key = "copyrightText", .kind = CHECK_TEXT},
    {.key = "description", .kind = CHECK_TEXT},
    {.key = "downloadLocation", .kind = CHECK_TEXT, .flags = CHECK_REQUIRED, .also = check_filled},
    {.key = "externalRefs", .kind = CHECK_LIST, .also = check_external, .of = &external_shape},
    {.key = "filesAnalyzed", .kind = CHECK_BOOLEAN},
    {.key = "hasFiles", .kind = CHECK_TEXTS, .also = check_reference},
    {.key = "homepage", .kind = CHECK_TEXT},
    {.key = "licenseComments", .kind = CHECK_TEXT},
    {.key = "licenseConcluded", .kind = CHECK_TEXT, .also = check_license},
    {.key = "licenseDeclared", .kind = CHECK_TEXT, .also = check_license},
    {.key = "licenseInfoFromFiles", .kind = CHECK_TEXTS, .also = check_license},
    {.key = "name", .kind = CHECK_TEXT, .flags = CHECK_REQUIRED},
    {.key = "originator", .kind = CHECK_TEXT},
    {.key = "packageFileName", .kind = CHECK_TEXT},
    {.key = "packageVerificationCode", .kind = CHECK_OBJECT},
    {.key = "primaryPackagePurpose", .kind = CHECK_TEXT, .words = purposes},
    {.key = "releaseDate", .kind = CHECK_TEXT},
    {.key = "sourceInfo", .kind = CHECK_TEXT},
    {.key = "summary", .kind = CHECK_TEXT},
    {.key = "supplier", .kind = CHECK_TEXT},
    {.key = "validUntilDate", .kind = CHECK_TEXT},
    {.key = "versionInfo", .kind = CHECK_TEXT},
};
static const check_shape package_shape = CHECK_SHAPE(package_rules);

static const check_rule relation_rules[] = {
    {.key = "comment", .kind = CHECK_TEXT},
    {.key = "relatedSpdxElement", .kind = CHECK_TEXT, .flags = CHECK_REQUIRED, .also = check_reference},
    {.key = "relationshipType", .kind = CHECK_TEXT, .flags = CHECK_REQUIRED, .words = relation_types},
    {.key = "spdxElementId", .kind = CHECK_TEXT, .flags = CHECK_REQUIRED, .also = check_reference},
};
static const check_shape relation_shape = CHECK_SHAPE(relation_rules);

static const check_rule license_rules[] = {
    {.key = "comment", .kind = CHECK_TEXT},
    {.key = "crossRefs", .kind = CHECK_LIST},
    {.key = "extractedText", .kind = CHECK_TEXT, .flags = CHECK_REQUIRED},
    {.key = "licenseId", .kind = CHECK_TEXT, .flags = CHECK_REQUIRED, .also = check_license_ref},
    {.key = "name", .kind = CHECK_TEXT},
    {.key = "seeAlsos", .kind = CHECK_TEXTS},
};
static const check_shape license_shape = CHECK_SHAPE(license_rules);

static const check_rule creation_rules[] = {
    {.key = "comment", .kind = CHECK_TEXT},
    {.key = "created", .kind = CHECK_TEXT, .flags = CHECK_REQUIRED, .also = check_time},
    {.key = "creators", .kind = CHECK_TEXTS, .flags = CHECK_REQUIRED, .also = check_creator},
    {.key = "licenseListVersion", .kind = CHECK_TEXT},
};
static const check_shape creation_shape = CHECK_SHAPE(creation_rules);

static const check_rule document_rules[] = {
    {.key = "$schema", .kind = CHECK_TEXT},
    {.key = "SPDXID", .kind = CHECK_TEXT, .flags = CHECK_REQUIRED, .also = check_document_id},
    {.key = "annotations", .kind = CHECK_LIST},
    {.key = "comment", .kind = CHECK_TEXT},
    {.key = "creationInfo", .kind = CHECK_OBJECT, .flags = CHECK_REQUIRED, .of = &creation_shape},
    {.key = "dataLicense", .kind = CHECK_TEXT, .flags = CHECK_REQUIRED, .words = data_licenses},
    {.key = "documentDescribes", .kind = CHECK_TEXTS, .also = check_reference},
    {.key = "documentNamespace", .kind = CHECK_TEXT, .flags = CHECK_REQUIRED, .also = check_namespace},
    {.key = "externalDocumentRefs", .kind = CHECK_LIST},
    {.key = "files", .kind = CHECK_LIST},
    {.key = "hasExtractedLicensingInfos", .kind = CHECK_LIST, .of = &license_shape},
    {.key = "name", .kind = CHECK_TEXT, .flags = CHECK_REQUIRED},
    {.key = "packages", .kind = CHECK_LIST, .of = &package_shape},
    {.key = "relationships", .kind = CHECK_LIST, .of = &relation_shape},
    {.key = "revieweds", .kind = CHECK_LIST},
    {.key = "snippets", .kind = CHECK_LIST},
    {.key = "spdxVersion", .kind = CHECK_TEXT, .flags = CHECK_REQUIRED, .words = versions},
};
static const check_shape document_shape = CHECK_SHAPE(document_rules);

stella_status spdx2_check(stella_reading *reading, const stella_json *root, const char *syntax, stella_error *err) {
    check c = {.reading = reading, .is_closed = 1};
    const stella_sv version = text(root, "spdxVersion"), prefix = STELLA_SV("SPDX-");
    check_format(reading, "SPDX %.*s, %s", STELLA_SV_FMT(stella_sv_first(stella_sv_skip(version, prefix.len), 16)),
                 syntax);
    if (stella_json_is(root, STELLA_JSON_OBJECT))
        check_ids(&c, root, "SPDXID");
    check_object(&c, root, &document_shape);
    return check_finish(&c, err);
}

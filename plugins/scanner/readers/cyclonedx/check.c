/* The rules of CycloneDX 1.5 to 1.7 for what an inventory is made of (the official schemas, bom-1.x.schema.json), and
 * what the specification demands beyond them: references that lead somewhere. */
#include "cyclonedx/cyclonedx.h"

#include "common/check.h"
#include "common/facts.h"

#include <stella/spdx.h>

#define NEWEST        7u /* 1.7 */
#define OLDEST_CLOSED 5u /* whose members are known here */

static stella_sv text(const stella_json *object, const char *key) {
    return stella_json_str(stella_json_get(object, key));
}

static void check_hash(check *c, const stella_json *hash) {
    if (stella_json_is(stella_json_get(hash, "content"), STELLA_JSON_STRING))
        check_digest(c, hash, text(hash, "alg"), text(hash, "content"));
}

static void check_license_id(check *c, const stella_json *id) {
    const stella_sv listed = stella_spdx_license(stella_json_str(id));
    if (!listed.ptr || !stella_sv_eq(listed, stella_json_str(id)))
        check_say(c, id, "\"%.*s\" is no SPDX license id", STELLA_SV_FMT(stella_sv_first(stella_json_str(id), 80)));
}

static void check_license(check *c, const stella_json *license) {
    const int has_id = stella_json_get(license, "id") != NULL, has_name = stella_json_get(license, "name") != NULL;
    if (has_id == has_name)
        check_say(c, license, "a license has an id or a name%s", has_id ? ", not both" : "");
}

static void check_choice(check *c, const stella_json *choice) {
    if (!stella_json_get(choice, "license") == !stella_json_get(choice, "expression"))
        check_say(c, choice, "neither one license nor one expression");
}

static void check_serial(check *c, const stella_json *serial) {
    static const char form[] = "urn:uuid:xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    const stella_sv text_ = stella_json_str(serial);
    int fits = text_.len == sizeof form - 1;
    for (size_t i = 0; fits && i < text_.len; i++)
        fits = form[i] == 'x' && i >= 9 ? text_.ptr[i] && strchr("0123456789abcdef", text_.ptr[i]) != NULL
                                        : text_.ptr[i] == form[i];
    if (!fits)
        check_say(c, serial, "not a UUID as urn:uuid:...");
}

static void check_version(check *c, const stella_json *version) {
    uint64_t value;
    if (!stella_json_u64(version, &value) || value == 0)
        check_say(c, version, "not a whole number from 1");
}

/* facts_time does not tell 1970 from no time. */
static void check_time(check *c, const stella_json *value) {
    const stella_sv time = stella_json_str(value);
    if (facts_time(time) < 0 && !stella_sv_starts(time, STELLA_SV("1970-01-01T00:00:00")))
        check_say(c, value, "not a time as 2026-01-31T12:00:00Z");
}

/* A BOM-Link leads into another document. */
static void check_reference(check *c, const stella_json *value) {
    const stella_sv ref = stella_json_str(value);
    if (ref.len && !stella_sv_starts(ref, STELLA_SV("urn:cdx:")) && !check_has_id(c, ref))
        check_say(c, value, "nothing has the bom-ref \"%.*s\"", STELLA_SV_FMT(stella_sv_first(ref, 80)));
}

static const char *const component_types[] = {"application",
                                              "framework",
                                              "library",
                                              "container",
                                              "platform",
                                              "operating-system",
                                              "device",
                                              "device-driver",
                                              "firmware",
                                              "file",
                                              "machine-learning-model",
                                              "data",
                                              "cryptographic-asset",
                                              NULL};
static const char *const scopes[] = {"required", "optional", "excluded", NULL};
static const char *const hash_algorithms[] = {"MD5",         "SHA-1",    "SHA-256",      "SHA-384",      "SHA-512",
                                              "SHA3-256",    "SHA3-384", "SHA3-512",     "BLAKE2b-256",  "BLAKE2b-384",
                                              "BLAKE2b-512", "BLAKE3",   "Streebog-256", "Streebog-512", NULL};
static const char *const aggregates[] = {"complete",
                                         "incomplete",
                                         "incomplete_first_party_only",
                                         "incomplete_first_party_proprietary_only",
                                         "incomplete_first_party_opensource_only",
                                         "incomplete_third_party_only",
                                         "incomplete_third_party_proprietary_only",
                                         "incomplete_third_party_opensource_only",
                                         "unknown",
                                         "not_specified",
                                         NULL};
static const char *const acknowledgements[] = {"declared", "concluded", NULL};
static const char *const reference_types[] = {"vcs",
                                              "issue-tracker",
                                              "website",
                                              "advisories",
                                              "bom",
                                              "mailing-list",
                                              "social",
                                              "chat",
                                              "documentation",
                                              "support",
                                              "source-distribution",
                                              "distribution",
                                              "distribution-intake",
                                              "license",
                                              "build-meta",
                                              "build-system",
                                              "release-notes",
                                              "security-contact",
                                              "model-card",
                                              "log",
                                              "configuration",
                                              "evidence",
                                              "formulation",
                                              "attestation",
                                              "threat-model",
                                              "adversary-model",
                                              "risk-assessment",
                                              "vulnerability-assertion",
                                              "exploitability-statement",
                                              "pentest-report",
                                              "static-analysis-report",
                                              "dynamic-analysis-report",
                                              "runtime-analysis-report",
                                              "component-analysis-report",
                                              "maturity-report",
                                              "certification-report",
                                              "codified-infrastructure",
                                              "quality-metrics",
                                              "poam",
                                              "electronic-signature",
                                              "digital-signature",
                                              "rfc-9116",
                                              "patent",
                                              "patent-family",
                                              "patent-assertion",
                                              "citation",
                                              "other",
                                              NULL};

static const check_rule hash_rules[] = {
    {.key = "alg", .kind = CHECK_TEXT, .flags = CHECK_REQUIRED, .words = hash_algorithms},
    {.key = "content", .kind = CHECK_TEXT, .flags = CHECK_REQUIRED},
};
static const check_shape hash_shape = CHECK_SHAPE(hash_rules);

static const check_rule property_rules[] = {
    {.key = "name", .kind = CHECK_TEXT},
    {.key = "value", .kind = CHECK_TEXT},
};
static const check_shape property_shape = CHECK_SHAPE(property_rules);

static const check_rule reference_rules[] = {
    {.key = "url", .kind = CHECK_TEXT, .flags = CHECK_REQUIRED},
    {.key = "type", .kind = CHECK_TEXT, .flags = CHECK_REQUIRED, .words = reference_types},
    {.key = "comment", .kind = CHECK_TEXT},
    {.key = "hashes", .kind = CHECK_LIST, .of = &hash_shape, .also = check_hash},
    {.key = "properties", .kind = CHECK_LIST, .since = 7, .of = &property_shape},
};
static const check_shape reference_shape = CHECK_SHAPE(reference_rules);

static const check_rule license_rules[] = {
    {.key = "bom-ref", .kind = CHECK_TEXT},
    {.key = "id", .kind = CHECK_TEXT, .also = check_license_id},
    {.key = "name", .kind = CHECK_TEXT},
    {.key = "text", .kind = CHECK_ANY},
    {.key = "url", .kind = CHECK_TEXT},
    {.key = "licensing", .kind = CHECK_OBJECT},
    {.key = "properties", .kind = CHECK_LIST, .of = &property_shape},
    {.key = "acknowledgement", .kind = CHECK_TEXT, .since = 6, .words = acknowledgements},
};
static const check_shape license_shape = CHECK_SHAPE(license_rules);

static const check_rule choice_rules[] = {
    {.key = "license", .kind = CHECK_OBJECT, .of = &license_shape, .also = check_license},
    {.key = "expression", .kind = CHECK_TEXT, .also = check_expression},
    {.key = "expressionDetails", .kind = CHECK_LIST, .since = 7},
    {.key = "licensing", .kind = CHECK_OBJECT, .since = 7},
    {.key = "properties", .kind = CHECK_LIST, .since = 7, .of = &property_shape},
    {.key = "bom-ref", .kind = CHECK_TEXT},
    {.key = "acknowledgement", .kind = CHECK_TEXT, .since = 6, .words = acknowledgements},
};
static const check_shape choice_shape = CHECK_SHAPE(choice_rules);

static const check_rule organization_rules[] = {
    {.key = "bom-ref", .kind = CHECK_TEXT},
    {.key = "name", .kind = CHECK_TEXT},
    {.key = "url", .kind = CHECK_ANY},
    {.key = "contact", .kind = CHECK_ANY},
    {.key = "address", .kind = CHECK_OBJECT, .since = 6},
};
static const check_shape organization_shape = CHECK_SHAPE(organization_rules);

static const check_shape component_shape;

static const check_rule component_rules[] = {
    {.key = "type", .kind = CHECK_TEXT, .flags = CHECK_REQUIRED, .words = component_types},
    {.key = "name", .kind = CHECK_TEXT, .flags = CHECK_REQUIRED},
    {.key = "mime-type", .kind = CHECK_TEXT},
    {.key = "bom-ref", .kind = CHECK_TEXT},
    {.key = "supplier", .kind = CHECK_OBJECT, .of = &organization_shape},
    {.key = "manufacturer", .kind = CHECK_OBJECT, .since = 6, .of = &organization_shape},
    {.key = "author", .kind = CHECK_TEXT},
    {.key = "authors", .kind = CHECK_LIST, .since = 6},
    {.key = "publisher", .kind = CHECK_TEXT},
    {.key = "group", .kind = CHECK_TEXT},
    {.key = "version", .kind = CHECK_TEXT},
    {.key = "versionRange", .kind = CHECK_TEXT, .since = 7},
    {.key = "isExternal", .kind = CHECK_BOOLEAN, .since = 7},
    {.key = "description", .kind = CHECK_TEXT},
    {.key = "scope", .kind = CHECK_TEXT, .words = scopes},
    {.key = "hashes", .kind = CHECK_LIST, .of = &hash_shape, .also = check_hash},
    {.key = "licenses", .kind = CHECK_LIST, .of = &choice_shape, .also = check_choice},
    {.key = "copyright", .kind = CHECK_TEXT},
    {.key = "patentAssertions", .kind = CHECK_ANY, .since = 7},
    {.key = "cpe", .kind = CHECK_TEXT, .also = check_cpe},
    {.key = "purl", .kind = CHECK_TEXT, .also = check_purl},
    {.key = "omniborId", .kind = CHECK_ANY, .since = 6},
    {.key = "swhid", .kind = CHECK_ANY, .since = 6},
    {.key = "swid", .kind = CHECK_OBJECT},
    {.key = "modified", .kind = CHECK_BOOLEAN},
    {.key = "pedigree", .kind = CHECK_OBJECT},
    {.key = "externalReferences", .kind = CHECK_LIST, .of = &reference_shape},
    {.key = "components", .kind = CHECK_LIST, .of = &component_shape},
    {.key = "evidence", .kind = CHECK_OBJECT},
    {.key = "releaseNotes", .kind = CHECK_OBJECT},
    {.key = "modelCard", .kind = CHECK_ANY},
    {.key = "data", .kind = CHECK_ANY},
    {.key = "cryptoProperties", .kind = CHECK_ANY, .since = 6},
    {.key = "properties", .kind = CHECK_LIST, .of = &property_shape},
    {.key = "tags", .kind = CHECK_ANY, .since = 6},
    {.key = "signature", .kind = CHECK_ANY},
};
static const check_shape component_shape = CHECK_SHAPE(component_rules);

static const check_rule metadata_rules[] = {
    {.key = "timestamp", .kind = CHECK_TEXT, .also = check_time},
    {.key = "lifecycles", .kind = CHECK_LIST},
    {.key = "tools", .kind = CHECK_ANY},
    {.key = "manufacturer", .kind = CHECK_OBJECT, .since = 6, .of = &organization_shape},
    {.key = "authors", .kind = CHECK_LIST},
    {.key = "component", .kind = CHECK_OBJECT, .of = &component_shape},
    {.key = "manufacture", .kind = CHECK_OBJECT, .of = &organization_shape},
    {.key = "supplier", .kind = CHECK_OBJECT, .of = &organization_shape},
    {.key = "licenses", .kind = CHECK_LIST, .of = &choice_shape, .also = check_choice},
    {.key = "properties", .kind = CHECK_LIST, .of = &property_shape},
    {.key = "distributionConstraints", .kind = CHECK_OBJECT, .since = 7},
};
static const check_shape metadata_shape = CHECK_SHAPE(metadata_rules);

static const check_rule dependency_rules[] = {
    {.key = "ref", .kind = CHECK_TEXT, .flags = CHECK_REQUIRED, .also = check_reference},
    {.key = "dependsOn", .kind = CHECK_TEXTS, .also = check_reference},
    {.key = "provides", .kind = CHECK_TEXTS, .since = 6, .also = check_reference},
};
static const check_shape dependency_shape = CHECK_SHAPE(dependency_rules);

static const check_rule composition_rules[] = {
    {.key = "bom-ref", .kind = CHECK_TEXT},
    {.key = "aggregate", .kind = CHECK_TEXT, .flags = CHECK_REQUIRED, .words = aggregates},
    {.key = "assemblies", .kind = CHECK_TEXTS, .also = check_reference},
    {.key = "dependencies", .kind = CHECK_LIST, .also = check_reference},
    {.key = "vulnerabilities", .kind = CHECK_ANY},
    {.key = "signature", .kind = CHECK_ANY},
};
static const check_shape composition_shape = CHECK_SHAPE(composition_rules);

static const char *const formats[] = {"CycloneDX", NULL};
static const char *const versions[] = {"1.0", "1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "1.7", NULL};

static const check_rule bom_rules[] = {
    {.key = "$schema", .kind = CHECK_TEXT},
    {.key = "bomFormat", .kind = CHECK_TEXT, .flags = CHECK_REQUIRED, .words = formats},
    {.key = "specVersion", .kind = CHECK_TEXT, .flags = CHECK_REQUIRED, .words = versions},
    {.key = "serialNumber", .kind = CHECK_TEXT, .also = check_serial},
    {.key = "version", .kind = CHECK_NUMBER, .also = check_version},
    {.key = "metadata", .kind = CHECK_OBJECT, .of = &metadata_shape},
    {.key = "components", .kind = CHECK_LIST, .of = &component_shape},
    {.key = "services", .kind = CHECK_LIST},
    {.key = "externalReferences", .kind = CHECK_LIST, .of = &reference_shape},
    {.key = "dependencies", .kind = CHECK_LIST, .of = &dependency_shape},
    {.key = "compositions", .kind = CHECK_LIST, .of = &composition_shape},
    {.key = "vulnerabilities", .kind = CHECK_LIST},
    {.key = "annotations", .kind = CHECK_LIST},
    {.key = "formulation", .kind = CHECK_LIST},
    {.key = "declarations", .kind = CHECK_ANY, .since = 6},
    {.key = "definitions", .kind = CHECK_OBJECT, .since = 6},
    {.key = "citations", .kind = CHECK_ANY, .since = 7},
    {.key = "properties", .kind = CHECK_LIST, .of = &property_shape},
    {.key = "signature", .kind = CHECK_ANY},
};
static const check_shape bom_shape = CHECK_SHAPE(bom_rules);

/* The minor version; the newest that is known for one that is none, which a rule tells. */
static uint32_t minor_of(stella_sv version) {
    for (uint32_t i = 0; versions[i]; i++)
        if (stella_sv_eq(version, stella_sv_cstr(versions[i])))
            return i;
    return NEWEST;
}

stella_status cyclonedx_check(stella_reading *reading, const stella_json *root, int is_json, stella_error *err) {
    const stella_sv version = text(root, "specVersion");
    check c = {.reading = reading, .version = minor_of(version)};
    c.is_closed = is_json && c.version >= OLDEST_CLOSED;
    check_format(reading, "CycloneDX %.*s, %s", STELLA_SV_FMT(stella_sv_first(version, 16)), is_json ? "JSON" : "XML");
    if (stella_json_is(root, STELLA_JSON_OBJECT))
        check_ids(&c, root, "bom-ref");
    check_object(&c, root, &bom_shape);
    return check_finish(&c, err);
}

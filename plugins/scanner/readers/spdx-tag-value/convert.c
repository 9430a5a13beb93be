#include "convert.h"

#include "common/shape.h"
#include "lines.h"

/* Whose member a tag is. One that begins a section is a member of a new one. */
typedef enum section { DOCUMENT, CREATION, PACKAGE, LICENSE, RELATION, FILES, SNIPPET, IDENTIFIED, SECTIONS } section;

typedef enum value_kind {
    TEXT,
    LIST,         /* a text of several */
    BOOLEAN,      /* "true" or "false" */
    CHECKSUM,     /* "SHA256: d1..." */
    REFERENCE,    /* "PACKAGE-MANAGER purl pkg:..." */
    RELATIONSHIP, /* "SPDXRef-A DEPENDS_ON SPDXRef-B" */
    IDENTIFIER,   /* SPDXID: of whatever section it stands in */
} value_kind;

typedef struct tag_rule {
    stella_sv tag;
    section section;
    int begins; /* a new one of its section */
    value_kind how;
    stella_sv member;
} tag_rule;

#define RULE(text, of, how, member)                                                                                    \
    { STELLA_SV_INIT(text), of, 0, how, STELLA_SV_INIT(member) }
#define BEGINS(text, of, how, member)                                                                                  \
    { STELLA_SV_INIT(text), of, 1, how, STELLA_SV_INIT(member) }

static const tag_rule rules[] = {
    RULE("SPDXVersion", DOCUMENT, TEXT, "spdxVersion"),
    RULE("DataLicense", DOCUMENT, TEXT, "dataLicense"),
    RULE("DocumentName", DOCUMENT, TEXT, "name"),
    RULE("DocumentNamespace", DOCUMENT, TEXT, "documentNamespace"),
    RULE("DocumentComment", DOCUMENT, TEXT, "comment"),
    RULE("SPDXID", IDENTIFIED, IDENTIFIER, "SPDXID"),
    RULE("LicenseListVersion", CREATION, TEXT, "licenseListVersion"),
    RULE("Creator", CREATION, LIST, "creators"),
    RULE("Created", CREATION, TEXT, "created"),
    RULE("CreatorComment", CREATION, TEXT, "comment"),
    BEGINS("PackageName", PACKAGE, TEXT, "name"),
    RULE("PackageVersion", PACKAGE, TEXT, "versionInfo"),
    RULE("PackageFileName", PACKAGE, TEXT, "packageFileName"),
    RULE("PackageSupplier", PACKAGE, TEXT, "supplier"),
    RULE("PackageOriginator", PACKAGE, TEXT, "originator"),
    RULE("PackageDownloadLocation", PACKAGE, TEXT, "downloadLocation"),
    RULE("PrimaryPackagePurpose", PACKAGE, TEXT, "primaryPackagePurpose"),
    RULE("FilesAnalyzed", PACKAGE, BOOLEAN, "filesAnalyzed"),
    RULE("PackageChecksum", PACKAGE, CHECKSUM, "checksums"),
    RULE("PackageHomePage", PACKAGE, TEXT, "homepage"),
    RULE("PackageSourceInfo", PACKAGE, TEXT, "sourceInfo"),
    RULE("PackageLicenseConcluded", PACKAGE, TEXT, "licenseConcluded"),
    RULE("PackageLicenseInfoFromFiles", PACKAGE, LIST, "licenseInfoFromFiles"),
    RULE("PackageLicenseDeclared", PACKAGE, TEXT, "licenseDeclared"),
    RULE("PackageLicenseComments", PACKAGE, TEXT, "licenseComments"),
    RULE("PackageCopyrightText", PACKAGE, TEXT, "copyrightText"),
    RULE("PackageSummary", PACKAGE, TEXT, "summary"),
    RULE("PackageDescription", PACKAGE, TEXT, "description"),
    RULE("PackageComment", PACKAGE, TEXT, "comment"),
    RULE("PackageAttributionText", PACKAGE, LIST, "attributionTexts"),
    RULE("ReleaseDate", PACKAGE, TEXT, "releaseDate"),
    RULE("BuiltDate", PACKAGE, TEXT, "builtDate"),
    RULE("ValidUntilDate", PACKAGE, TEXT, "validUntilDate"),
    RULE("ExternalRef", PACKAGE, REFERENCE, "externalRefs"),
    BEGINS("LicenseID", LICENSE, TEXT, "licenseId"),
    RULE("ExtractedText", LICENSE, TEXT, "extractedText"),
    RULE("LicenseName", LICENSE, TEXT, "name"),
    RULE("LicenseCrossReference", LICENSE, LIST, "seeAlsos"),
    RULE("LicenseComment", LICENSE, TEXT, "comment"),
    BEGINS("Relationship", RELATION, RELATIONSHIP, ""),
    RULE("RelationshipComment", RELATION, TEXT, "comment"),
    BEGINS("FileName", FILES, TEXT, "fileName"),
    BEGINS("SnippetSPDXID", SNIPPET, TEXT, "SPDXID"),
};

typedef struct converter {
    shapes shapes;
    shape *root;
    shape *current[SECTIONS]; /* the last of each section */
    section last;             /* of PACKAGE, FILES and SNIPPET: what SPDXID is of; DOCUMENT before any */
    stella_sv tag, value;
    uint32_t line;
} converter;

static const tag_rule *rule_of(stella_sv tag) {
    for (size_t i = 0; i < STELLA_COUNT(rules); i++)
        if (stella_sv_eq(tag, rules[i].tag))
            return &rules[i];
    return NULL;
}

static void text(converter *c, shape *parent, const char *key, stella_sv value) {
    shape_text(&c->shapes, parent, stella_sv_cstr(key), value, c->line);
}

/* The word at the front, and what is behind the blanks. */
static stella_sv take_word(stella_sv *rest) {
    size_t len = 0;
    while (len < rest->len && rest->ptr[len] != ' ' && rest->ptr[len] != '\t')
        len++;
    const stella_sv word = stella_sv_first(*rest, len);
    *rest = stella_sv_trim(stella_sv_skip(*rest, len));
    return word;
}

static shape *append(converter *c, shape *parent, stella_sv member, uint32_t kind) {
    shape *list = shape_get_or_begin(&c->shapes, parent, member, STELLA_JSON_ARRAY, c->line);
    return list ? shape_begin(&c->shapes, list, STELLA_SV(""), kind, c->line) : NULL;
}

static void add_checksum(converter *c, shape *parent, stella_sv member) {
    shape *made = append(c, parent, member, STELLA_JSON_OBJECT);
    const size_t colon = stella_sv_find(c->value, ':');
    text(c, made, "algorithm", stella_sv_first(c->value, colon));
    text(c, made, "checksumValue", stella_sv_trim(stella_sv_skip(c->value, colon + 1)));
}

static void add_reference(converter *c, shape *parent, stella_sv member) {
    shape *made = append(c, parent, member, STELLA_JSON_OBJECT);
    stella_sv rest = c->value;
    text(c, made, "referenceCategory", take_word(&rest));
    text(c, made, "referenceType", take_word(&rest));
    text(c, made, "referenceLocator", rest);
}

static void add_relation(converter *c, shape *made) {
    stella_sv rest = c->value;
    text(c, made, "spdxElementId", take_word(&rest));
    text(c, made, "relationshipType", take_word(&rest));
    text(c, made, "relatedSpdxElement", rest);
}

static void add_boolean(converter *c, shape *parent, stella_sv member) {
    const int is_true = stella_sv_eq(c->value, STELLA_SV("true")),
              is_false = stella_sv_eq(c->value, STELLA_SV("false"));
    if (is_true || is_false)
        shape_begin(&c->shapes, parent, member, is_true ? STELLA_JSON_TRUE : STELLA_JSON_FALSE, c->line);
    else
        shape_text(&c->shapes, parent, member, c->value, c->line);
}

static void add_member(converter *c, shape *parent, value_kind how, stella_sv member) {
    if (!parent)
        return;
    if (how == BOOLEAN)
        add_boolean(c, parent, member);
    else if (how == CHECKSUM)
        add_checksum(c, parent, member);
    else if (how == REFERENCE)
        add_reference(c, parent, member);
    else if (how == RELATIONSHIP)
        add_relation(c, parent);
    else if (how == LIST) {
        shape *made = append(c, parent, member, STELLA_JSON_STRING);
        if (made)
            made->text = c->value;
    } else if (member.len && !shape_get(parent, member))
        shape_text(&c->shapes, parent, member, c->value, c->line);
}

/* Of files and snippets the ids alone are read. */
static shape *begin_section(converter *c, section of) {
    static const char *const members[SECTIONS] = {[PACKAGE] = "packages",
                                                  [LICENSE] = "hasExtractedLicensingInfos",
                                                  [RELATION] = "relationships",
                                                  [FILES] = "files",
                                                  [SNIPPET] = "snippets"};
    if (of == PACKAGE || of == FILES || of == SNIPPET)
        c->last = of;
    return append(c, c->root, stella_sv_cstr(members[of]), STELLA_JSON_OBJECT);
}

static void take(converter *c) {
    const tag_rule *rule = rule_of(c->tag);
    if (!rule)
        return;
    if (rule->begins)
        c->current[rule->section] = begin_section(c, rule->section);
    if (rule->section == CREATION)
        c->current[CREATION] =
            shape_get_or_begin(&c->shapes, c->root, STELLA_SV("creationInfo"), STELLA_JSON_OBJECT, c->line);
    const section of = rule->how == IDENTIFIER ? c->last : rule->section;
    add_member(c, c->current[of], rule->how, rule->member);
}

stella_status convert_tags(stella_sv document, stella_arena *arena, const stella_json **out, stella_error *err) {
    const stella_sv mark = STELLA_SV("\xef\xbb\xbf");
    converter c = {.shapes.arena = arena, .last = DOCUMENT};
    lines l = {.rest = stella_sv_starts(document, mark) ? stella_sv_skip(document, mark.len) : document};
    c.root = c.current[DOCUMENT] = shape_begin(&c.shapes, NULL, STELLA_SV(""), STELLA_JSON_OBJECT, 1);
    for (int has_one = 1; has_one;) {
        const stella_status status = lines_next(&l, &c.tag, &c.value, &has_one, err);
        if (status != STELLA_OK)
            return status;
        c.line = l.line;
        if (has_one)
            take(&c);
    }
    const shape *version = shape_get(c.root, STELLA_SV("spdxVersion"));
    if (!c.shapes.is_short && (!version || !stella_sv_starts(version->text, STELLA_SV("SPDX-2."))))
        return stella_error_set(err, STELLA_E_FORMAT, "line 1", "not an SPDX 2 document");
    return shape_finish(&c.shapes, c.root, out, err);
}

#include "identity.h"

#include "known_groups.h"
#include "words.h"

#include <stella/auto.h>
#include <stella/sink.h>

/* What Maven calls the archive's type, when it is another than jar. */
static stella_sv type_of(const java_file_name *file) {
    static const stella_sv types[] = {STELLA_SV_INIT("war"), STELLA_SV_INIT("ear"), STELLA_SV_INIT("par"),
                                      STELLA_SV_INIT("sar"), STELLA_SV_INIT("nar"), STELLA_SV_INIT("hpi"),
                                      STELLA_SV_INIT("kar"), STELLA_SV_INIT("far"), STELLA_SV_INIT("rar")};
    if (stella_sv_ieq(file->extension, STELLA_SV("jpi"))) /* Jenkins' own name for an hpi */
        return STELLA_SV("hpi");
    for (uint32_t i = 0; i < STELLA_COUNT(types); i++)
        if (stella_sv_ieq(file->extension, types[i]))
            return types[i];
    return (stella_sv){0};
}

static int is_jenkins(const java_file_name *file) {
    return stella_sv_eq(type_of(file), STELLA_SV("hpi"));
}

/* ---- projects ------------------------------------------------------------------------------------------------------ */

/* Quarkus puts the group before the name: "io.quarkus.gizmo.gizmo-1.1.jar". */
static stella_sv without_group(stella_sv stem, stella_sv group) {
    const int has = stem.len > group.len && stella_sv_starts(stem, group) && stem.ptr[group.len] == '.';
    return group.len && has ? stella_sv_skip(stem, group.len + 1) : stem;
}

/* "NAME-VERSION" at the front of the stem: what is behind it, else ptr NULL. */
static stella_sv behind_version(stella_sv stem, const inner_project *p) {
    if (!p->is_sound || !stella_sv_starts(stem, p->name) || stem.len <= p->name.len || stem.ptr[p->name.len] != '-')
        return (stella_sv){0};
    const stella_sv rest = stella_sv_skip(stem, p->name.len + 1);
    if (!stella_sv_starts(rest, p->version))
        return (stella_sv){0};
    return stella_sv_of(rest.ptr + p->version.len, rest.len - p->version.len);
}

static int likeness(const java_file_name *file, const inner_project *p) {
    const stella_sv stem = without_group(file->stem, p->group), rest = behind_version(stem, p);
    if (!p->is_sound)
        return 0;
    if (rest.ptr && rest.len == 0)
        return 4;
    if (rest.ptr && rest.ptr[0] == '-')
        return 3;
    if (stella_sv_eq(stem, p->name))
        return 2;
    return stella_sv_eq(file->name, p->name);
}

int32_t identity_main(const java_file_name *file, const inner_project *projects, uint32_t count) {
    int32_t best = -1;
    int most = 0;
    for (uint32_t i = 0; i < count; i++) {
        const int like = likeness(file, &projects[i]);
        if (like > most) {
            most = like;
            best = (int32_t)i;
        }
    }
    return best < 0 && count == 1 && projects[0].is_sound ? 0 : best;
}

artifact identity_of_project(const java_file_name *file, const inner_project *project) {
    const stella_sv rest = behind_version(without_group(file->stem, project->group), project);
    const stella_sv classifier = stella_sv_skip(rest, 1);
    artifact a = {.texts = {[ARTIFACT_GROUP] = project->group,
                            [ARTIFACT_NAME] = project->name,
                            [ARTIFACT_VERSION] = project->version,
                            [ARTIFACT_TYPE] = type_of(file),
                            [ARTIFACT_METHOD] = STELLA_SV("metadata"),
                            [ARTIFACT_LICENSES] = project->licenses,
                            [ARTIFACT_DEPENDENCIES] = project->dependencies,
                            [ARTIFACT_VENDOR] = project->vendor,
                            [ARTIFACT_DESCRIPTION] = project->description,
                            [ARTIFACT_HOMEPAGE] = project->homepage}};
    if (rest.len && rest.ptr[0] == '-' && java_is_word(classifier))
        a.texts[ARTIFACT_CLASSIFIER] = classifier;
    return a;
}

/* ---- manifest ------------------------------------------------------------------------------------------------------ */

/* Whether the Maven plugin on top of bnd wrote it: its symbolic name is the group, '.', and the artifact. */
static int is_maven_bundle(const manifest *m) {
    return stella_sv_eq(m->values[MANIFEST_CREATED_BY], STELLA_SV("Apache Maven Bundle Plugin")) ||
           (m->values[MANIFEST_BND_LAST_MODIFIED].len &&
            stella_sv_starts(m->values[MANIFEST_CREATED_BY], STELLA_SV("Apache Maven")));
}

static void try_group(artifact *a, const char *key, stella_sv group) {
    if (a->texts[ARTIFACT_GROUP].len || !java_is_group(group))
        return;
    a->texts[ARTIFACT_GROUP] = group;
    a->texts[ARTIFACT_GROUP_FROM] = stella_sv_cstr(key);
}

/* "GROUP#NAME;VERSION", as a plugin of Gradle writes titles. */
static stella_sv titled(const manifest *m, char before) {
    const stella_sv title = m->values[MANIFEST_IMPLEMENTATION_TITLE];
    const size_t hash = stella_sv_find(title, '#'), semicolon = stella_sv_find(title, ';');
    if (hash >= semicolon || semicolon == title.len)
        return (stella_sv){0};
    return before == '#' ? stella_sv_first(title, hash) : stella_sv_skip(stella_sv_first(title, semicolon), hash + 1);
}

/* That a symbolic or a module's name ends in the artifact's says nothing of the group: it is so by accident as often. */
static void find_group(artifact *a, const java_file_name *file, const manifest *m) {
    const stella_sv bundle = manifest_plain(m, MANIFEST_BUNDLE_SYMBOLIC_NAME);
    if (is_jenkins(file))
        try_group(a, "Group-Id", m->values[MANIFEST_GROUP_ID]);
    try_group(a, "Implementation-Title", titled(m, '#'));
    try_group(a, "known-artifacts", known_group(a->texts[ARTIFACT_NAME], a->texts[ARTIFACT_VERSION]));
    try_group(a, "Implementation-Vendor-Id", m->values[MANIFEST_IMPLEMENTATION_VENDOR_ID]);
    if (is_maven_bundle(m))
        try_group(a, "Bundle-SymbolicName", stella_sv_first(bundle, stella_sv_rfind(bundle, '.')));
    try_group(a, "Group-Id", m->values[MANIFEST_GROUP_ID]);
}

static int try_name(artifact *a, stella_sv name, const char *method) {
    if (!java_is_word(name))
        return 0;
    a->texts[ARTIFACT_NAME] = name;
    a->texts[ARTIFACT_METHOD] = stella_sv_cstr(method);
    return 1;
}

/* A title is an artifact's name when it is one word; a symbolic name's last part is, when Maven made it. */
static void find_name(artifact *a, const java_file_name *file, const manifest *m) {
    const stella_sv bundle = manifest_plain(m, MANIFEST_BUNDLE_SYMBOLIC_NAME);
    const size_t dot = stella_sv_rfind(bundle, '.');
    if (is_jenkins(file) && (try_name(a, m->values[MANIFEST_SHORT_NAME], "manifest") ||
                             try_name(a, m->values[MANIFEST_EXTENSION_NAME], "manifest")))
        return;
    if (file->version.len && try_name(a, file->name, "file-name"))
        return;
    if (try_name(a, titled(m, ';'), "manifest") || try_name(a, m->values[MANIFEST_IMPLEMENTATION_TITLE], "manifest"))
        return;
    if (is_maven_bundle(m) && dot < bundle.len && try_name(a, stella_sv_skip(bundle, dot + 1), "manifest"))
        return;
    if (!try_name(a, bundle, "manifest"))
        (void)try_name(a, file->stem, "file-name");
}

/* A file that is named after artifact and version has the exact one; manifests have it with build numbers, or that of
 * a specification. */
static void find_version(artifact *a, const java_file_name *file, const manifest *m) {
    static const manifest_key usual[] = {MANIFEST_IMPLEMENTATION_VERSION, MANIFEST_SPECIFICATION_VERSION,
                                         MANIFEST_PLUGIN_VERSION, MANIFEST_BUNDLE_VERSION};
    static const manifest_key jenkins[] = {MANIFEST_PLUGIN_VERSION, MANIFEST_IMPLEMENTATION_VERSION,
                                           MANIFEST_SPECIFICATION_VERSION, MANIFEST_BUNDLE_VERSION};
    const manifest_key *const keys = is_jenkins(file) ? jenkins : usual;
    if (!is_jenkins(file) && java_is_word(file->version)) {
        a->texts[ARTIFACT_VERSION] = file->version;
        return;
    }
    for (uint32_t i = 0; i < STELLA_COUNT(usual); i++) {
        const stella_sv value = m->values[keys[i]];
        const stella_sv word =
            stella_sv_first(value, stella_sv_find(value, ' ')); /* "4.10 (private-1d2f)" of Jenkins */
        if (!java_is_word(word))
            continue;
        a->texts[ARTIFACT_VERSION] = word;
        if (stella_sv_eq(a->texts[ARTIFACT_METHOD], STELLA_SV("file-name")))
            a->texts[ARTIFACT_METHOD] = STELLA_SV("manifest");
        return;
    }
    if (java_is_word(file->version)) /* of a Jenkins plugin whose manifest says nothing */
        a->texts[ARTIFACT_VERSION] = file->version;
}

static void set_if_empty(artifact *a, artifact_text which, stella_sv value) {
    if (a->texts[which].len == 0)
        a->texts[which] = value;
}

void identity_complete(artifact *a, const manifest *m) {
    set_if_empty(a, ARTIFACT_VENDOR, m->values[MANIFEST_IMPLEMENTATION_VENDOR]);
    set_if_empty(a, ARTIFACT_VENDOR, m->values[MANIFEST_BUNDLE_VENDOR]);
    set_if_empty(a, ARTIFACT_DESCRIPTION, m->values[MANIFEST_BUNDLE_DESCRIPTION]);
    set_if_empty(a, ARTIFACT_DESCRIPTION, m->values[MANIFEST_LONG_NAME]);
    set_if_empty(a, ARTIFACT_LICENSES, m->values[MANIFEST_PLUGIN_LICENSE]);
    set_if_empty(a, ARTIFACT_LICENSES, manifest_plain(m, MANIFEST_BUNDLE_LICENSE));
}

artifact identity_of_manifest(const java_file_name *file, const manifest *m) {
    artifact a = {.texts = {[ARTIFACT_TYPE] = type_of(file)}};
    find_name(&a, file, m);
    find_version(&a, file, m);
    find_group(&a, file, m);
    identity_complete(&a, m);
    return a;
}

stella_status identity_jenkins_dependencies(const manifest *m, stella_arena *arena, stella_sv *out) {
    STELLA_AUTO(stella_buf_fini) stella_buf lines = stella_buf_of(2 * MANIFEST_VALUE_MAX);
    stella_sv rest = m->values[MANIFEST_PLUGIN_DEPENDENCIES], one;
    while (rest.len && stella_sv_split(&rest, ',', &one)) {
        const stella_sv name = stella_sv_trim(stella_sv_first(one, stella_sv_find(one, ':')));
        const int is_optional = stella_sv_ends(stella_sv_trim(one), STELLA_SV("resolution:=optional"));
        if (java_is_word(name))
            (void)stella_buf_printf(&lines, "%s " IDENTITY_JENKINS ":%.*s\n", is_optional ? "o" : "r",
                                    STELLA_SV_FMT(name));
    }
    *out = stella_arena_dup(arena, stella_buf_sv(&lines));
    return out->ptr && !lines.failed ? STELLA_OK : STELLA_E_NOMEM;
}

/* The table follows the type definitions of package-url/purl-spec (schema 1.0). Where a definition contradicts itself
 * or the world:
 *  - golang is marked case-sensitive while a note wants lower case: modules that differ in case alone exist, so case is
 *    kept. Its namespace is optional, because "stdlib" and modules of one segment have none. */
#include "purl_types.h"

static int is_any_of(unsigned char c, const char *set) {
    return c && strchr(set, c);
}

static const char *check_chrome_extension(const stella_purl *purl) {
    for (size_t i = 0; i < purl->name.len; i++)
        if (purl_lower((unsigned char)purl->name.ptr[i]) < 'a' || purl_lower((unsigned char)purl->name.ptr[i]) > 'p')
            return "name";
    if (purl->name.len != 32)
        return "name";
    stella_sv rest = purl->version, number;
    unsigned numbers = 0;
    while (purl->version.len && stella_sv_split(&rest, '.', &number)) {
        for (size_t i = 0; i < number.len; i++)
            if (number.ptr[i] < '0' || number.ptr[i] > '9')
                return "version";
        if (number.len == 0 || ++numbers > 4)
            return "version";
    }
    return NULL;
}

static const char *check_cocoapods(const stella_purl *purl) {
    for (size_t i = 0; i < purl->name.len; i++)
        if (is_any_of((unsigned char)purl->name.ptr[i], " \t\r\n\v\f+"))
            return "name";
    return stella_sv_starts(purl->name, STELLA_SV(".")) ? "name" : NULL;
}

static const char *check_cpan(const stella_purl *purl) {
    for (size_t i = 1; i < purl->name.len; i++)
        if (purl->name.ptr[i] == ':' && purl->name.ptr[i - 1] == ':')
            return "name"; /* of a module, not of a distribution */
    return NULL;
}

static const char *check_swid(const stella_purl *purl) {
    unsigned segments = 0;
    stella_sv rest = purl->namespace_, segment;
    while (stella_sv_split(&rest, '/', &segment))
        segments += segment.len != 0;
    return segments > 2 ? "namespace" : NULL;
}

/* In order of the type. */
static const purl_type types[] = {
    {.type = STELLA_SV_INIT("alpm"), .ns = NS_REQUIRED, .ns_map = LOWER, .name_map = LOWER},
    {.type = STELLA_SV_INIT("apk"), .ns = NS_REQUIRED, .ns_map = LOWER, .name_map = LOWER},
    {.type = STELLA_SV_INIT("bazel"), .ns = NS_FORBIDDEN},
    {.type = STELLA_SV_INIT("bitbucket"), .ns = NS_REQUIRED, .ns_map = LOWER, .name_map = LOWER},
    {.type = STELLA_SV_INIT("bitnami"), .ns = NS_FORBIDDEN, .name_map = LOWER},
    {.type = STELLA_SV_INIT("brew"), .ns_map = LOWER, .name_map = LOWER},
    {.type = STELLA_SV_INIT("cargo"), .ns = NS_FORBIDDEN},
    {.type = STELLA_SV_INIT("chrome-extension"),
     .ns = NS_FORBIDDEN,
     .name_map = LOWER,
     .check = check_chrome_extension},
    {.type = STELLA_SV_INIT("cocoapods"), .ns = NS_FORBIDDEN, .check = check_cocoapods},
    {.type = STELLA_SV_INIT("composer"), .ns = NS_REQUIRED, .ns_map = LOWER, .name_map = LOWER},
    {.type = STELLA_SV_INIT("conan")},
    {.type = STELLA_SV_INIT("conda"), .ns = NS_FORBIDDEN},
    {.type = STELLA_SV_INIT("cpan"), .ns_map = UPPER, .check = check_cpan},
    {.type = STELLA_SV_INIT("cran"), .ns = NS_FORBIDDEN},
    {.type = STELLA_SV_INIT("deb"), .ns = NS_REQUIRED, .ns_map = LOWER, .name_map = LOWER},
    {.type = STELLA_SV_INIT("docker")},
    {.type = STELLA_SV_INIT("gem"), .ns = NS_FORBIDDEN},
    {.type = STELLA_SV_INIT("generic")},
    {.type = STELLA_SV_INIT("git"), .ns = NS_REQUIRED},
    {.type = STELLA_SV_INIT("github"), .ns = NS_REQUIRED, .ns_map = LOWER, .name_map = LOWER},
    {.type = STELLA_SV_INIT("golang")},
    {.type = STELLA_SV_INIT("hackage"), .ns = NS_FORBIDDEN, .name_map = DASHES},
    {.type = STELLA_SV_INIT("hex"), .ns_map = LOWER, .name_map = LOWER},
    {.type = STELLA_SV_INIT("huggingface"), .ns = NS_REQUIRED, .version_map = LOWER},
    {.type = STELLA_SV_INIT("julia"), .ns = NS_FORBIDDEN, .qualifier = STELLA_SV_INIT("uuid")},
    {.type = STELLA_SV_INIT("luarocks"), .ns_map = LOWER, .name_map = LOWER},
    {.type = STELLA_SV_INIT("maven"), .ns = NS_REQUIRED},
    {.type = STELLA_SV_INIT("mlflow"), .ns = NS_FORBIDDEN}, /* name: stella_purl_name_map */
    {.type = STELLA_SV_INIT("npm")},
    {.type = STELLA_SV_INIT("nuget"), .ns = NS_FORBIDDEN},
    {.type = STELLA_SV_INIT("oci"), .ns = NS_FORBIDDEN, .name_map = LOWER, .version_map = LOWER},
    {.type = STELLA_SV_INIT("opam"), .ns = NS_FORBIDDEN},
    {.type = STELLA_SV_INIT("otp"), .ns = NS_FORBIDDEN, .name_map = LOWER, .subpath_map = LOWER},
    {.type = STELLA_SV_INIT("pub"), .ns = NS_FORBIDDEN, .name_map = WORD},
    {.type = STELLA_SV_INIT("pypi"), .ns = NS_FORBIDDEN, .name_map = LOWER_DASHES, .version_map = LOWER},
    {.type = STELLA_SV_INIT("qpkg"), .ns = NS_REQUIRED, .ns_map = LOWER},
    {.type = STELLA_SV_INIT("rpm"), .ns = NS_REQUIRED, .ns_map = LOWER},
    {.type = STELLA_SV_INIT("swid"), .qualifier = STELLA_SV_INIT("tag_id"), .check = check_swid},
    {.type = STELLA_SV_INIT("swift"), .ns = NS_REQUIRED},
    {.type = STELLA_SV_INIT("vcpkg"), .ns = NS_FORBIDDEN},
    {.type = STELLA_SV_INIT("vscode-extension"),
     .ns = NS_REQUIRED,
     .ns_map = LOWER,
     .name_map = LOWER,
     .version_map = LOWER},
    {.type = STELLA_SV_INIT("yocto"), .ns_map = LOWER},
};

/* Like stella_sv_cmp, the left side lowered. */
static int compare_lowered(stella_sv type, stella_sv known) {
    for (size_t i = 0; i < type.len && i < known.len; i++) {
        const int order = (int)purl_lower((unsigned char)type.ptr[i]) - (int)(unsigned char)known.ptr[i];
        if (order)
            return order;
    }
    return (type.len > known.len) - (type.len < known.len);
}

const purl_type *stella_purl_type(stella_sv type) {
    static const purl_type unregistered = {.ns = NS_OPTIONAL};
    size_t low = 0, high = sizeof types / sizeof types[0];
    while (low < high) {
        const size_t middle = (low + high) / 2;
        const int order = compare_lowered(type, types[middle].type);
        if (order == 0)
            return &types[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return &unregistered;
}

static int contains(stella_sv text, stella_sv word) {
    for (size_t i = 0; i + word.len <= text.len; i++)
        if (stella_sv_ieq(stella_sv_of(text.ptr + i, word.len), word))
            return 1;
    return 0;
}

unsigned stella_purl_name_map(const purl_type *type, const stella_purl *purl) {
    if (!stella_sv_eq(type->type, STELLA_SV("mlflow")))
        return type->name_map;
    /* Databricks does not tell case apart, other MLflow servers do. */
    for (uint32_t i = 0; i < purl->qualifier_count; i++)
        if (stella_sv_ieq(purl->qualifiers[i].key, STELLA_SV("repository_url")) &&
            contains(purl->qualifiers[i].value, STELLA_SV("databricks")))
            return LOWER;
    return KEEP;
}

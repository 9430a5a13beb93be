/* bom.c - results for emitters to write. */
#include <stella/component.h>
#include <stella/testing.h>

#define LIST(array)                                                                                                    \
    { .items = (array), .count = STELLA_COUNT(array), .stride = sizeof((array)[0]) }
#define DIGEST_A "1111111111111111111111111111111111111111111111111111111111111111"
#define DIGEST_B "2222222222222222222222222222222222222222222222222222222222222222"
#define SV       STELLA_SV_INIT

static const stella_bom_layer layers[] = {
    {.digest = SV("sha256:" DIGEST_A),
     .diff_id = SV("sha256:" DIGEST_B),
     .media_type = SV("application/vnd.oci.image.layer.v1.tar+gzip"),
     .created_by = SV("RUN apt-get install \"openssl\""),
     .size = 31357624,
     .entries = 3274},
    {.digest = SV("sha256:" DIGEST_B), .size = 512, .entries = 1},
};

static const uint32_t in_both[] = {0, 1}, in_upper[] = {1};

static const stella_bom_license openssl_licenses[] = {
    {.text = SV("Apache-2.0"), .how = STELLA_LICENSE_EXPRESSION},
    {.text = SV("GPL-2.0-or-later OR LicenseRef-Artistic"), .how = STELLA_LICENSE_EXPRESSION},
    {.text = SV("Some \"free\" words"), .how = STELLA_LICENSE_NAME},
};
static const stella_bom_license one_license[] = {{.text = SV("MIT"), .how = STELLA_LICENSE_EXPRESSION}};
static const stella_bom_evidence openssl_evidence[] = {
    {.path = SV("var/lib/dpkg/status"),
     .method = SV("package-database"),
     .plugin = SV("org.stella-ops.analyzer.dpkg"),
     .line = 812,
     .layer = 1},
};
static const stella_bom_evidence file_evidence[] = {
    {.path = SV("etc/os-release"), .method = SV("metadata"), .plugin = SV("org.stella-ops.analyzer.os-release")},
    {.path = SV("opt/a\033[31mb\n"), .method = SV("binary"), .plugin = SV("org.example.analyzer.x"), .layer = 1},
};
static const stella_bom_file openssl_files[] = {
    {.path = SV("etc/ssl/openssl.cnf"), .flags = STELLA_OWNED_CONFIG},
    {.path = SV("usr/bin/openssl"),
     .digest_alg = SV("md5"),
     .digest = SV("0123456789abcdef0123456789abcdef"),
     .present = 1},
};
static const stella_bom_pair openssl_properties[] = {
    {.name = SV("dpkg:priority"), .value = SV("optional")},
    {.name = SV("dpkg:section"), .value = SV("utils")},
};

static const stella_bom_component components[] = {
    {.ref = SV("operating-system:debian@12"),
     .type = SV("operating-system"),
     .name = SV("debian"),
     .version = SV("12"),
     .kind = SV("operating-system"),
     .description = SV("Debian GNU/Linux 12 (bookworm)"),
     .flags = STELLA_COMPONENT_NO_PURL,
     .evidence = LIST(file_evidence),
     .layers = LIST(in_both)},
    {.ref = SV("pkg:deb/debian/openssl@3.0.15-1~deb12u1?arch=amd64&distro=debian-12"),
     .purl = SV("pkg:deb/debian/openssl@3.0.15-1~deb12u1?arch=amd64&distro=debian-12"),
     .type = SV("deb"),
     .namespace_ = SV("debian"),
     .name = SV("openssl"),
     .version = SV("3.0.15-1~deb12u1"),
     .kind = SV("library"),
     .source_name = SV("openssl"),
     .source_version = SV("3.0.15-1~deb12u1"),
     .maintainer = SV("Debian OpenSSL Team <pkg-openssl-devel@alioth-lists.debian.net>"),
     .vendor = SV("Debian"),
     .description = SV("Secure Sockets Layer toolkit - cryptographic utility"),
     .homepage = SV("https://www.openssl.org/"),
     .cpe = SV("cpe:2.3:a:openssl:openssl:3.0.15:*:*:*:*:*:*:*"),
     .architecture = SV("amd64"),
     .introduced = 1,
     .licenses = LIST(openssl_licenses),
     .evidence = LIST(openssl_evidence),
     .flags = STELLA_COMPONENT_OPTIONAL | STELLA_COMPONENT_MANAGED,
     .files = LIST(openssl_files),
     .properties = LIST(openssl_properties),
     .layers = LIST(in_upper)},
    {.ref = SV("pkg:npm/%40angular/core@17.0.0"),
     .purl = SV("pkg:npm/%40angular/core@17.0.0"),
     .type = SV("npm"),
     .namespace_ = SV("@angular"),
     .name = SV("core"),
     .version = SV("17.0.0"),
     .kind = SV("framework"),
     .homepage = SV("not a web address"),
     .flags = STELLA_COMPONENT_DECLARED | STELLA_COMPONENT_DEV,
     .introduced = 1,
     .licenses = LIST(one_license),
     .evidence = LIST(openssl_evidence),
     .layers = LIST(in_upper)},
    {.ref = SV("unknown:h\xc3\xa9llo \xe4\xb8\x96\xe7\x95\x8c\t\xff"),
     .type = SV("unknown"),
     .name = SV("h\xc3\xa9llo \xe4\xb8\x96\xe7\x95\x8c\t\xff"),
     .kind = SV("strange kind"),
     .flags = STELLA_COMPONENT_NO_PURL,
     .evidence = LIST(file_evidence),
     .layers = LIST(in_both)},
};

static const stella_bom_relation relations[] = {
    {.from = 0, .to = 1, .kind = STELLA_RELATION_CONTAINS},
    {.from = 1, .to = 3, .kind = STELLA_RELATION_DEPENDS_ON},
    {.from = 2,
     .to = 1,
     .kind = STELLA_RELATION_DEPENDS_ON,
     .flags = STELLA_RELATION_INFERRED | STELLA_RELATION_OPTIONAL},
    {.from = STELLA_BOM_ROOT, .to = 0, .kind = STELLA_RELATION_CONTAINS},
    {.from = STELLA_BOM_ROOT, .to = 2, .kind = STELLA_RELATION_DEPENDS_ON},
};

static const stella_bom_error errors[] = {
    {.plugin = SV("org.stella-ops.analyzer.rpm"),
     .code = SV("crashed"),
     .message = SV("the plugin died of signal 11"),
     .path = SV("var/lib/rpm/\033]0;owned\007rpmdb.sqlite"),
     .severity = STELLA_NOTE_ERROR,
     .layer = 1,
     .lost = 1},
    {.code = SV("content-unavailable"), .message = SV("the layer is gone"), .severity = STELLA_NOTE_INFO, .layer = -1},
};

static const stella_bom_pair plugins[] = {
    {.name = SV("org.stella-ops.analyzer.dpkg"), .value = SV("0.1.0")},
    {.name = SV("org.stella-ops.analyzer.os-release"), .value = SV("0.1.0")},
};
static const stella_bom_pair counters[] = {{.name = SV("files"), .value = SV("3275")},
                                           {.name = SV("unreadable"), .value = SV("0")}};

static const stella_bom sample = {
    .head = STELLA_HEAD(stella_bom),
    .tool_name = SV("stella"),
    .tool_version = SV("0.1.0"),
    .subject_kind = SV("image"),
    .subject_name = SV("registry.example.org:5000/team/app:1.2"),
    .subject_digest = SV("sha256:" DIGEST_A),
    .os = SV("linux"),
    .architecture = SV("amd64"),
    .distro_id = SV("debian"),
    .distro_version = SV("12"),
    .distro_name = SV("Debian GNU/Linux 12 (bookworm)"),
    .created_ms = 1700000000123,
    .layers = LIST(layers),
    .components = LIST(components),
    .relations = LIST(relations),
    .errors = LIST(errors),
    .plugins = LIST(plugins),
    .counters = LIST(counters),
    .subject_config_digest = SV("sha256:" DIGEST_B),
};

/* A package that depends on the one before it, like the sample's in all else. */
static int make_component(stella_arena *arena, uint32_t i, stella_bom_component *out) {
    *out = components[1];
    out->name = stella_arena_printf(arena, "package-%06u", i);
    out->purl = out->ref = stella_arena_printf(arena, "pkg:deb/debian/package-%06u@3.0.15-1?arch=amd64", i);
    return out->name.ptr && out->purl.ptr;
}

const stella_bom *stella_testing_bom(stella_arena *arena, uint32_t component_count) {
    stella_bom *bom = stella_arena_alloc(arena, 1, sizeof *bom);
    stella_bom_component *many = stella_arena_alloc(arena, component_count, sizeof *many);
    stella_bom_relation *edges = stella_arena_alloc(arena, component_count, sizeof *edges);
    if (!bom || !many || !edges)
        return NULL;
    *bom = sample;
    if (component_count == 0)
        return bom;
    for (uint32_t i = 0; i < component_count; i++) {
        if (!make_component(arena, i, &many[i]))
            return NULL;
        const int is_last = i + 1 == component_count;
        edges[i] = (stella_bom_relation){
            .from = is_last ? STELLA_BOM_ROOT : i + 1, .to = i, .kind = STELLA_RELATION_DEPENDS_ON};
    }
    bom->components = (stella_list){.items = many, .count = component_count, .stride = sizeof *many};
    bom->relations = (stella_list){.items = edges, .count = component_count, .stride = sizeof *edges};
    return bom;
}

#include "meta.h"

#include "common/entry.h"

static int is_digit(char c) {
    return c >= '0' && c <= '9';
}

void meta_split(stella_sv dist, stella_sv *name, stella_sv *version) {
    for (size_t dash = dist.len; dash-- > 1;) {
        const stella_sv tail = stella_sv_skip(dist, dash + 1);
        if (dist.ptr[dash] != '-' || tail.len == 0)
            continue;
        if (is_digit(tail.ptr[0]) || (tail.len > 1 && tail.ptr[0] == 'v' && is_digit(tail.ptr[1]))) {
            *name = stella_sv_first(dist, dash);
            *version = tail;
            return;
        }
    }
    *name = dist;
    *version = stella_sv_of(NULL, 0);
}

stella_sv meta_author(stella_sv pathname) {
    stella_sv segment = {0};
    for (int i = 0; i < 3; i++)
        if (!stella_sv_split(&pathname, '/', &segment))
            return stella_sv_of(NULL, 0);
    for (size_t i = 0; i < segment.len; i++)
        if (!(segment.ptr[i] >= 'A' && segment.ptr[i] <= 'Z') && !is_digit(segment.ptr[i]) && segment.ptr[i] != '-')
            return stella_sv_of(NULL, 0);
    return pathname.ptr ? segment : stella_sv_of(NULL, 0);
}

stella_status meta_read(const stella_file *file, stella_arena *scratch, meta *out, stella_error *err) {
    const stella_json *document;
    const stella_status status = walk_json(file, scratch, &document, err);
    if (status != STELLA_OK)
        return status;
    const stella_json *version = stella_json_get(document, "version");
    const stella_sv dist = stella_json_str(stella_json_get(document, "dist"));
    meta m = {.module = stella_json_str(stella_json_get(document, "name")),
              .stated = version ? version->text : stella_sv_of(NULL, 0),
              .author = meta_author(stella_json_str(stella_json_get(document, "pathname"))),
              .provides = stella_json_get(document, "provides")};
    if (m.module.len == 0 || dist.len == 0)
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "no module or no distribution is named");
    meta_split(dist, &m.name, &m.version);
    m.version = m.version.len ? m.version : m.stated;
    *out = m;
    return STELLA_OK;
}

/* The names of CPAN::Meta::Spec. */
static stella_sv license_of(stella_sv name) {
    static const struct {
        stella_sv name, expression;
    } names[] = {
        {STELLA_SV_INIT("perl_5"), STELLA_SV_INIT("Artistic-1.0-Perl OR GPL-1.0-or-later")},
        {STELLA_SV_INIT("perl"), STELLA_SV_INIT("Artistic-1.0-Perl OR GPL-1.0-or-later")},
        {STELLA_SV_INIT("agpl_3"), STELLA_SV_INIT("AGPL-3.0-only")},
        {STELLA_SV_INIT("apache_1_1"), STELLA_SV_INIT("Apache-1.1")},
        {STELLA_SV_INIT("apache_2_0"), STELLA_SV_INIT("Apache-2.0")},
        {STELLA_SV_INIT("artistic_1"), STELLA_SV_INIT("Artistic-1.0")},
        {STELLA_SV_INIT("artistic_2"), STELLA_SV_INIT("Artistic-2.0")},
        {STELLA_SV_INIT("freebsd"), STELLA_SV_INIT("BSD-2-Clause")},
        {STELLA_SV_INIT("bsd"), STELLA_SV_INIT("BSD-3-Clause")},
        {STELLA_SV_INIT("gfdl_1_2"), STELLA_SV_INIT("GFDL-1.2-only")},
        {STELLA_SV_INIT("gfdl_1_3"), STELLA_SV_INIT("GFDL-1.3-only")},
        {STELLA_SV_INIT("gpl_1"), STELLA_SV_INIT("GPL-1.0-only")},
        {STELLA_SV_INIT("gpl_2"), STELLA_SV_INIT("GPL-2.0-only")},
        {STELLA_SV_INIT("gpl_3"), STELLA_SV_INIT("GPL-3.0-only")},
        {STELLA_SV_INIT("lgpl_2_1"), STELLA_SV_INIT("LGPL-2.1-only")},
        {STELLA_SV_INIT("lgpl_3_0"), STELLA_SV_INIT("LGPL-3.0-only")},
        {STELLA_SV_INIT("mit"), STELLA_SV_INIT("MIT")},
        {STELLA_SV_INIT("mozilla_1_1"), STELLA_SV_INIT("MPL-1.1")},
        {STELLA_SV_INIT("openssl"), STELLA_SV_INIT("OpenSSL")},
        {STELLA_SV_INIT("qpl_1_0"), STELLA_SV_INIT("QPL-1.0")},
        {STELLA_SV_INIT("zlib"), STELLA_SV_INIT("Zlib")},
    };
    for (uint32_t i = 0; i < STELLA_COUNT(names); i++)
        if (stella_sv_eq(name, names[i].name))
            return names[i].expression;
    return stella_sv_eq(name, STELLA_SV("unknown")) ? stella_sv_of(NULL, 0) : name;
}

stella_status meta_describe(graph *g, stella_component *c, const stella_json *document, stella_error *err) {
    const stella_json *runtime = stella_json_get(stella_json_get(document, "prereqs"), "runtime");
    const stella_json *licenses = stella_json_get(document, "license"), *needs = stella_json_get(runtime, "requires");
    stella_status status = STELLA_OK;
    stella_component_set(c, STELLA_FIELD_DESCRIPTION, stella_json_str(stella_json_get(document, "abstract")));
    stella_component_set(c, STELLA_FIELD_MAINTAINER,
                         stella_json_str(stella_json_at(stella_json_get(document, "author"), 0)));
    for (uint32_t i = 0; status == STELLA_OK && stella_json_at(licenses, i); i++)
        status = entry_license(c, license_of(stella_json_str(stella_json_at(licenses, i))), err);
    for (uint32_t i = 0; status == STELLA_OK && stella_json_is(needs, STELLA_JSON_OBJECT) && i < needs->count; i++)
        status = graph_needs(g, c, STELLA_SV(""), needs->members[i].key, 0, err);
    return status;
}

#include "common/facts.h"

#include <stella/purl.h>

#include <stdio.h>
#include <time.h>

void facts_look(facts *f, stella_sv name, stella_sv value) {
    const int is_true = stella_sv_eq(value, STELLA_SV("true"));
    if (stella_sv_eq(name, STELLA_SV("declared")) && is_true)
        f->flags |= STELLA_COMPONENT_DECLARED;
    else if (stella_sv_eq(name, STELLA_SV("dev")) && is_true)
        f->flags |= STELLA_COMPONENT_DEV;
    else if (stella_sv_eq(name, STELLA_SV("optional")) && is_true)
        f->flags |= STELLA_COMPONENT_OPTIONAL;
    else if (stella_sv_eq(name, STELLA_SV("type")))
        f->type = value;
}

void facts_state(stella_component *c, stella_sv name, stella_sv value) {
    static const struct {
        stella_sv name;
        uint32_t field; /* 0: passed over */
    } known[] = {
        {STELLA_SV_INIT("source:name"), STELLA_FIELD_SOURCE_NAME},
        {STELLA_SV_INIT("source:version"), STELLA_FIELD_SOURCE_VERSION},
        {STELLA_SV_INIT("architecture"), STELLA_FIELD_ARCHITECTURE},
        {STELLA_SV_INIT("installedSize"), STELLA_FIELD_INSTALLED_SIZE},
        {STELLA_SV_INIT("homepage"), STELLA_FIELD_HOMEPAGE},
        {STELLA_SV_INIT("cpe"), STELLA_FIELD_CPE},
        {STELLA_SV_INIT("introduced:layer"), 0},
        {STELLA_SV_INIT("introduced:digest"), 0},
        {STELLA_SV_INIT("last:layer"), 0},
        {STELLA_SV_INIT("last:digest"), 0},
    };
    for (uint32_t i = 0; i < STELLA_COUNT(known); i++)
        if (stella_sv_eq(name, known[i].name)) {
            if (known[i].field)
                stella_component_set(c, known[i].field, value);
            return;
        }
    if (stella_sv_find(name, ':') < name.len) /* an analyzer's own: "dpkg:section" */
        stella_component_property(c, name, value);
}

void facts_subject(stella_subject *s, stella_sv name, stella_sv value) {
    const struct {
        stella_sv name;
        stella_sv *member;
    } known[] = {
        {STELLA_SV("kind"), &s->kind},
        {STELLA_SV("digest"), &s->digest},
        {STELLA_SV("configDigest"), &s->config_digest},
        {STELLA_SV("os"), &s->os},
        {STELLA_SV("architecture"), &s->architecture},
        {STELLA_SV("variant"), &s->variant},
        {STELLA_SV("distro:id"), &s->distro_id},
        {STELLA_SV("distro:version"), &s->distro_version},
        {STELLA_SV("distro:name"), &s->distro_name},
    };
    for (uint32_t i = 0; i < STELLA_COUNT(known); i++)
        if (stella_sv_eq(name, known[i].name))
            *known[i].member = value;
}

static void note_purl(const stella_reading *reading, const named *n, const stella_error *why) {
    char text[512];
    const int len = snprintf(text, sizeof text, "\"%.*s\" is no package URL: %s",
                             STELLA_SV_FMT(stella_sv_first(n->purl, 200)), why->message);
    stella_note(reading->job, STELLA_NOTE_ERROR, reading->document->path, 0, stella_sv_of(text, (size_t)len));
}

/* Whether the name, in the document's spelling, makes the same package URL: "Foo_Bar" for pkg:pypi/foo-bar. A name that
 * makes none does not.
 * same  set on success
 * Returns STELLA_E_NOMEM. */
static stella_status is_spelling(stella_arena *arena, const stella_purl *purl, stella_sv name, int *same,
                                 stella_error *err) {
    stella_purl other = *purl;
    stella_sv canonical = {0}, spelt = {0};
    other.name = name;
    stella_status status = stella_purl_build(purl, arena, &canonical, err);
    if (status == STELLA_OK)
        status = stella_purl_build(&other, arena, &spelt, err);
    if (status == STELLA_E_NOMEM)
        return status;
    *same = status == STELLA_OK && stella_sv_eq(canonical, spelt);
    return STELLA_OK;
}

static stella_status add_with_purl(stella_reading *reading, const named *n, const stella_purl *purl,
                                   stella_component **out, stella_error *err) {
    int same = 0;
    const stella_status status = n->name.len ? is_spelling(reading->job->arena, purl, n->name, &same, err) : STELLA_OK;
    if (status != STELLA_OK)
        return status;
    stella_component *c = stella_component_add(reading->job, purl->type, same ? n->name : purl->name, purl->version,
                                               n->flags & ~STELLA_COMPONENT_NO_PURL);
    stella_component_set(c, STELLA_FIELD_NAMESPACE, purl->namespace_);
    stella_component_set(c, STELLA_FIELD_SUBPATH, purl->subpath);
    for (uint32_t i = 0; i < purl->qualifier_count; i++)
        stella_component_qualifier(c, purl->qualifiers[i].key, purl->qualifiers[i].value);
    *out = c;
    return STELLA_OK;
}

static stella_status add_named(stella_reading *reading, const named *n, stella_component **out, stella_error *err) {
    stella_purl purl;
    stella_error why = {0};
    const stella_status status =
        n->purl.len ? stella_purl_parse(n->purl, reading->job->arena, &purl, &why) : STELLA_E_NOTFOUND;
    if (status == STELLA_OK)
        return add_with_purl(reading, n, &purl, out, err);
    if (status == STELLA_E_NOMEM)
        return stella_error_set(err, status, NULL, "%s", why.message);
    if (n->purl.len)
        note_purl(reading, n, &why);
    *out = n->name.len ? stella_component_add(reading->job, n->type.len ? n->type : STELLA_SV("unknown"), n->name,
                                              n->version, n->flags | STELLA_COMPONENT_NO_PURL)
                       : NULL;
    return STELLA_OK;
}

stella_status facts_add(stella_reading *reading, const named *n, stella_component **out, stella_error *err) {
    stella_component *c = NULL;
    const stella_status status = add_named(reading, n, &c, err);
    if (status != STELLA_OK)
        return status;
    if (c)
        stella_component_evidence(c, reading->document, 0, STELLA_SV(STELLA_READER_METHOD));
    else
        stella_note(reading->job, STELLA_NOTE_ERROR, reading->document->path, 0,
                    STELLA_SV("a component without a name is left out"));
    *out = c;
    return STELLA_OK;
}

/* Takes a number of so many digits and the mark behind it. */
static int take(stella_sv *text, size_t digits, const char *marks, uint64_t max, int *out) {
    uint64_t value;
    if (text->len < digits || !stella_sv_u64(stella_sv_first(*text, digits), max, &value))
        return 0;
    *text = stella_sv_skip(*text, digits);
    if (marks && (text->len == 0 || !strchr(marks, text->ptr[0])))
        return 0;
    *text = stella_sv_skip(*text, marks ? 1 : 0);
    *out = (int)value;
    return 1;
}

/* Behind the seconds: fractions, which are left out, then "Z" or "+02:00". */
static int take_offset(stella_sv *text, int *seconds) {
    int hours, minutes;
    if (stella_sv_starts(*text, STELLA_SV(".")))
        do
            *text = stella_sv_skip(*text, 1);
        while (text->len && text->ptr[0] >= '0' && text->ptr[0] <= '9');
    if (stella_sv_eq(*text, STELLA_SV("Z")))
        return 1;
    const int sign = stella_sv_starts(*text, STELLA_SV("-")) ? -1 : 1;
    if (sign > 0 && !stella_sv_starts(*text, STELLA_SV("+")))
        return 0;
    *text = stella_sv_skip(*text, 1);
    if (!take(text, 2, ":", 23, &hours) || !take(text, 2, NULL, 59, &minutes) || text->len)
        return 0;
    *seconds = sign * (hours * 3600 + minutes * 60);
    return 1;
}

int64_t facts_time(stella_sv text) {
    struct tm t = {0};
    int offset = 0;
    if (!take(&text, 4, "-", 9999, &t.tm_year) || !take(&text, 2, "-", 12, &t.tm_mon) ||
        !take(&text, 2, "Tt ", 31, &t.tm_mday) || !take(&text, 2, ":", 23, &t.tm_hour) ||
        !take(&text, 2, ":", 59, &t.tm_min) || !take(&text, 2, NULL, 60, &t.tm_sec) || !take_offset(&text, &offset))
        return -1;
    t.tm_year -= 1900;
    t.tm_mon -= 1;
    const int64_t seconds = (int64_t)timegm(&t) - offset;
    return seconds > 0 ? seconds * 1000 : -1;
}

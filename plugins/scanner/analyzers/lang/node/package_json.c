#include "package_json.h"

#include <stella/auto.h>
#include <stella/json.h>
#include <stella/spdx.h>

#include <stdlib.h>

const char *const package_script_names[PACKAGE_SCRIPTS] = {"preinstall", "install", "postinstall", "prepare"};

typedef struct reading {
    stella_json_reader json;
    stella_arena *arena;
    package_json *out;
    int32_t is_short; /* memory is */
    uint32_t token;   /* of the value at hand */
} reading;

/* A copy, for the reader's texts go; cut at a whole character. */
static stella_sv keep(reading *r, stella_sv text) {
    if (text.len > PACKAGE_TEXT_MAX)
        text = stella_sv_first(text, stella_sv_utf8_prefix(stella_sv_first(text, PACKAGE_TEXT_MAX)));
    const stella_sv kept = stella_arena_dup(r->arena, text);
    r->is_short |= kept.ptr == NULL;
    return kept;
}

static void skip(reading *r) {
    if (r->token == STELLA_JSON_OBJECT || r->token == STELLA_JSON_ARRAY)
        (void)stella_json_skip(&r->json);
}

static void take_text(reading *r, stella_sv *out) {
    if (r->token == STELLA_JSON_STRING)
        *out = keep(r, r->json.text);
    skip(r);
}

/* Steps to the next member of an object; its key is kept, its value at hand. Returns 0 at the end, or on an error. */
static int next_member(reading *r, stella_sv *key) {
    if (stella_json_next(&r->json) != STELLA_JSON_KEY)
        return 0;
    *key = keep(r, r->json.text);
    r->token = stella_json_next(&r->json);
    return r->token != STELLA_JSON_ERROR && !r->is_short;
}

/* Steps to the next element of an array. */
static int next_element(reading *r) {
    r->token = stella_json_next(&r->json);
    return r->token != STELLA_JSON_ARRAY_END && r->token != STELLA_JSON_ERROR && !r->is_short;
}

/* ---- licenses -------------------------------------------------------------------------------------------------------
 */

static package_license license_of(reading *r, stella_sv text) {
    const stella_sv id = stella_spdx_license(text); /* nearly always one, and it takes no memory to know it */
    if (id.ptr)
        return (package_license){STELLA_LICENSE_EXPRESSION, id};
    /* Of its own, with room for any text: an expression that is none then means that the text is none. */
    STELLA_AUTO(stella_arena_destroyp) stella_arena *scratch = stella_arena_create((uint64_t)8 * PACKAGE_TEXT_MAX);
    const stella_sv expression = scratch ? stella_spdx_expression(text, scratch) : STELLA_SV("");
    r->is_short |= scratch == NULL;
    return expression.ptr ? (package_license){STELLA_LICENSE_EXPRESSION, keep(r, expression)}
                          : (package_license){STELLA_LICENSE_NAME, keep(r, text)};
}

static void add_license(reading *r, stella_sv text) {
    package_json *p = r->out;
    text = stella_sv_trim(stella_sv_first(text, PACKAGE_TEXT_MAX));
    if (text.len && p->license_count < PACKAGE_LICENSES_MAX)
        p->licenses[p->license_count++] = license_of(r, text);
}

/* {"type": "MIT", "url": "..."}, as it was written before npm knew SPDX. */
static void read_license_object(reading *r) {
    stella_sv key, type = STELLA_SV("");
    while (next_member(r, &key)) {
        if (stella_sv_eq(key, STELLA_SV("type")) || (type.len == 0 && stella_sv_eq(key, STELLA_SV("name"))))
            take_text(r, &type);
        else
            skip(r);
    }
    add_license(r, type);
}

static void read_license(reading *r) {
    if (r->token == STELLA_JSON_STRING)
        add_license(r, r->json.text);
    else if (r->token == STELLA_JSON_OBJECT)
        read_license_object(r);
    else
        skip(r);
}

static void read_licenses(reading *r) {
    if (r->token != STELLA_JSON_ARRAY) {
        read_license(r);
        return;
    }
    while (next_element(r))
        read_license(r);
}

/* ---- what it needs --------------------------------------------------------------------------------------------------
 */

static int needs_grow(reading *r) {
    package_json *p = r->out;
    const uint32_t room = p->need_room ? p->need_room * 2 : 16;
    package_need *grown = stella_arena_alloc(r->arena, room, sizeof *grown);
    if (!grown)
        return 0;
    if (p->need_count)
        memcpy(grown, p->needs, p->need_count * sizeof *grown);
    p->needs = grown;
    p->need_room = room;
    return 1;
}

static void read_needs(reading *r, need_kind kind) {
    package_json *p = r->out;
    stella_sv key, range;
    if (r->token != STELLA_JSON_OBJECT) {
        skip(r);
        return;
    }
    while (next_member(r, &key)) {
        range = STELLA_SV("");
        take_text(r, &range);
        p->is_cut |= p->need_count == PACKAGE_NEEDS_MAX;
        if (key.len == 0 || p->need_count == PACKAGE_NEEDS_MAX)
            continue;
        if (p->need_count == p->need_room && !needs_grow(r))
            r->is_short = 1;
        else
            p->needs[p->need_count] = (package_need){key, range, kind, p->need_count}, p->need_count++;
    }
}

static int compare_needs(const void *left, const void *right) {
    const package_need *a = left, *b = right;
    const int order = stella_sv_cmp(a->name, b->name);
    if (order)
        return order;
    return a->kind != b->kind ? (a->kind > b->kind) - (a->kind < b->kind)
                              : (a->order < b->order) - (a->order > b->order);
}

/* Of those of one name the first kind holds, and of one kind what was said last. */
static void sort_needs(package_json *p) {
    uint32_t kept = 0;
    if (p->need_count)
        qsort(p->needs, p->need_count, sizeof *p->needs, compare_needs);
    for (uint32_t i = 0; i < p->need_count; i++)
        if (kept == 0 || !stella_sv_eq(p->needs[kept - 1].name, p->needs[i].name))
            p->needs[kept++] = p->needs[i];
    p->need_count = kept;
}

/* ---- other fields ---------------------------------------------------------------------------------------------------
 */

static void read_scripts(reading *r) {
    stella_sv key;
    if (r->token != STELLA_JSON_OBJECT) {
        skip(r);
        return;
    }
    while (next_member(r, &key)) {
        int is_known = 0;
        for (int i = 0; i < PACKAGE_SCRIPTS && !is_known; i++)
            if (stella_sv_eq(key, stella_sv_cstr(package_script_names[i]))) {
                take_text(r, &r->out->scripts[i]);
                is_known = 1;
            }
        if (!is_known)
            skip(r);
    }
}

static void add_bin(reading *r) {
    package_json *p = r->out;
    if (r->token == STELLA_JSON_STRING && p->bin_count < PACKAGE_BINS_MAX)
        p->bins[p->bin_count++] = keep(r, r->json.text);
    skip(r);
}

static void read_bins(reading *r) {
    stella_sv key;
    r->out->bin_count = 0;
    if (r->token != STELLA_JSON_OBJECT) {
        add_bin(r);
        return;
    }
    while (next_member(r, &key))
        add_bin(r);
}

/* "Name <address>", or an object of the two. */
static void read_author(reading *r) {
    stella_sv key, name = STELLA_SV(""), address = STELLA_SV("");
    if (r->token != STELLA_JSON_OBJECT) {
        take_text(r, &r->out->author);
        return;
    }
    while (next_member(r, &key)) {
        if (stella_sv_eq(key, STELLA_SV("name")))
            take_text(r, &name);
        else if (stella_sv_eq(key, STELLA_SV("email")))
            take_text(r, &address);
        else
            skip(r);
    }
    r->out->author =
        address.len ? stella_arena_printf(r->arena, "%.*s <%.*s>", STELLA_SV_FMT(name), STELLA_SV_FMT(address)) : name;
    r->is_short |= r->out->author.ptr == NULL;
}

static stella_sv *text_field(package_json *p, stella_sv key) {
    const struct {
        stella_sv key;
        stella_sv *field;
    } fields[] = {{STELLA_SV("version"), &p->version},
                  {STELLA_SV("description"), &p->description},
                  {STELLA_SV("homepage"), &p->homepage},
                  {STELLA_SV("_integrity"), &p->integrity},
                  {STELLA_SV("_resolved"), &p->resolved}};
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        if (stella_sv_eq(key, fields[i].key))
            return fields[i].field;
    return NULL;
}

static int read_need_lists(reading *r, stella_sv key) {
    if (stella_sv_eq(key, STELLA_SV("dependencies")))
        read_needs(r, NEED_PROD);
    else if (stella_sv_eq(key, STELLA_SV("optionalDependencies")))
        read_needs(r, NEED_OPTIONAL);
    else if (stella_sv_eq(key, STELLA_SV("peerDependencies")))
        read_needs(r, NEED_PEER);
    else if (r->out->with_dev && stella_sv_eq(key, STELLA_SV("devDependencies")))
        read_needs(r, NEED_DEV);
    else
        return 0;
    return 1;
}

static void read_member(reading *r, stella_sv key) {
    stella_sv *field = text_field(r->out, key);
    if (field) {
        take_text(r, field);
    } else if (stella_sv_eq(key, STELLA_SV("name"))) {
        r->out->line = r->json.line;
        take_text(r, &r->out->name);
    } else if (stella_sv_eq(key, STELLA_SV("license")) || stella_sv_eq(key, STELLA_SV("licenses"))) {
        read_licenses(r);
    } else if (stella_sv_eq(key, STELLA_SV("scripts"))) {
        read_scripts(r);
    } else if (stella_sv_eq(key, STELLA_SV("bin"))) {
        read_bins(r);
    } else if (stella_sv_eq(key, STELLA_SV("author"))) {
        read_author(r);
    } else if (stella_sv_eq(key, STELLA_SV("gypfile"))) {
        r->out->is_gyp = r->token == STELLA_JSON_TRUE;
        skip(r);
    } else if (!read_need_lists(r, key)) {
        skip(r);
    }
}

/* ---- the document ---------------------------------------------------------------------------------------------------
 */

/* Each byte that is part of no character becomes U+FFFD. */
static stella_sv mended(stella_sv text, stella_arena *arena) {
    char *out = stella_arena_alloc(arena, (uint64_t)text.len, 3);
    size_t len = 0;
    for (size_t i = 0; out && i < text.len;) {
        const size_t good = stella_sv_utf8(stella_sv_skip(text, i));
        memcpy(out + len, good ? text.ptr + i : "\xef\xbf\xbd", good ? good : 3);
        len += good ? good : 3;
        i += good ? good : 1;
    }
    return stella_sv_of(out, len);
}

static void json_fini(stella_json_reader **json) {
    stella_json_reader_fini(*json);
}

static stella_status outcome(const reading *r, stella_error *err) {
    if (r->is_short || r->json.error.code == STELLA_E_NOMEM)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a package.json");
    if (r->json.error.code != STELLA_OK)
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "line %u: %s", r->json.line, r->json.error.message);
    return STELLA_OK;
}

stella_status package_json_read(stella_sv document, stella_arena *arena, package_json *out, stella_error *err) {
    reading r = {.arena = arena, .out = out};
    stella_sv key;
    if (stella_sv_starts(document, STELLA_SV("\xef\xbb\xbf")))
        document = stella_sv_skip(document, 3);
    if (stella_sv_utf8_prefix(document) != document.len)
        document = mended(document, arena);
    if (!document.ptr && document.len)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a package.json");
    stella_json_reader_init(&r.json, document, 0);
    STELLA_AUTO(json_fini) stella_json_reader *json = &r.json;
    r.token = stella_json_next(json);
    if (r.token == STELLA_JSON_OBJECT) {
        while (next_member(&r, &key))
            read_member(&r, key);
        if (json->error.code == STELLA_OK && !r.is_short)
            (void)stella_json_next(json); /* what is behind the object is an error */
    } else if (r.token != STELLA_JSON_ERROR) {
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "line %u: no object", json->line);
    }
    sort_needs(out);
    return outcome(&r, err);
}

/* Reads a result of the format json: what is compared of it. */
#include "chain.h"
#include "diff.h"

#include <stella/auto.h>
#include <stella/file.h>
#include <stella/json.h>

#include <stddef.h>
#include <stdio.h>

#define RESULT_SCHEMA "https://stella-ops.org/schema/result/0"
#define TEXT_MAX      ((size_t)1 << 20)
#define LIST_MAX      100000u /* items of one list of a component */

typedef struct in {
    stella_json_reader json;
    stella_sv document;
    stella_arena *arena;
    diff_side *side;
    chain layers, components;
    const stella_sv *launchers; /* of the entrypoints */
    uint32_t launcher_count;
    int is_result; /* the schema was there */
    stella_error failed;
} in;

/* ---- values -------------------------------------------------------------------------------------------------------
 */

static void in_finip(in *r) {
    stella_json_reader_fini(&r->json);
}

static void fail(in *r, stella_status code, const char *what) {
    char place[32];
    if (r->failed.code != STELLA_OK)
        return;
    (void)snprintf(place, sizeof place, "line %u", r->json.line);
    stella_error_set(&r->failed, code, place, "%s", what);
}

static int is_ok(const in *r) {
    return r->failed.code == STELLA_OK && r->json.error.code == STELLA_OK;
}

/* Text that was written without escapes lies in the document. */
static stella_sv keep(in *r, stella_sv text) {
    if (!text.len || (text.ptr >= r->document.ptr && text.ptr < r->document.ptr + r->document.len))
        return text;
    const stella_sv copy = stella_arena_dup(r->arena, text);
    if (!copy.ptr)
        fail(r, STELLA_E_NOMEM, "no memory for a text");
    return copy;
}

static int expect(in *r, uint32_t token, const char *what) {
    if (stella_json_next(&r->json) == token)
        return 1;
    fail(r, STELLA_E_FORMAT, what);
    return 0;
}

static stella_sv text(in *r) {
    return expect(r, STELLA_JSON_STRING, "a text was expected") ? keep(r, r->json.text) : (stella_sv){0};
}

static uint64_t number(in *r, uint64_t max) {
    uint64_t value = 0;
    if (expect(r, STELLA_JSON_NUMBER, "a number was expected") && !stella_sv_u64(r->json.text, max, &value))
        fail(r, STELLA_E_FORMAT, "not a whole number, or out of range");
    return value;
}

static int truth(in *r) {
    const uint32_t token = stella_json_next(&r->json);
    if (token != STELLA_JSON_TRUE && token != STELLA_JSON_FALSE)
        fail(r, STELLA_E_FORMAT, "true or false was expected");
    return token == STELLA_JSON_TRUE;
}

/* The next member of the open object; 0 at its end. */
static int next_key(in *r, stella_sv *key) {
    if (!is_ok(r) || stella_json_next(&r->json) != STELLA_JSON_KEY)
        return 0;
    *key = r->json.text;
    return 1;
}

/* The next object of the open array; 0 at its end. */
static int next_object(in *r) {
    if (!is_ok(r))
        return 0;
    const uint32_t token = stella_json_next(&r->json);
    if (token != STELLA_JSON_OBJECT && token != STELLA_JSON_ARRAY_END)
        fail(r, STELLA_E_FORMAT, "an object was expected");
    return token == STELLA_JSON_OBJECT;
}

static int begin_array(in *r) {
    return expect(r, STELLA_JSON_ARRAY, "an array was expected");
}

static int begin_object(in *r) {
    return expect(r, STELLA_JSON_OBJECT, "an object was expected");
}

static void skip(in *r) {
    (void)stella_json_skip(&r->json);
}

/* A name that is written out: its length is known when this is compiled. */
#define IS(key, name) stella_sv_eq(key, STELLA_SV(name))

/* A member that is a text and goes where it goes. */
typedef struct text_member {
    stella_sv name;
    size_t offset;
} text_member;

static int read_text_member(in *r, stella_sv key, const text_member *members, size_t count, void *to) {
    for (size_t i = 0; i < count; i++) {
        if (!stella_sv_eq(key, members[i].name))
            continue;
        *(stella_sv *)(void *)((char *)to + members[i].offset) = text(r);
        return 1;
    }
    return 0;
}

/* An object of which only texts are of interest. */
static void read_texts(in *r, const text_member *members, size_t count, void *to) {
    stella_sv key;
    if (!begin_object(r))
        return;
    while (next_key(r, &key))
        if (!read_text_member(r, key, members, count, to))
            skip(r);
}

/* ---- lists of texts -----------------------------------------------------------------------------------------------
 */

/* "A, B". A single one is not copied. */
static stella_sv join(in *r, const chain *texts) {
    const stella_sv *one = chain_first(texts);
    size_t len = 0;
    if (texts->count < 2)
        return one ? *one : STELLA_SV("");
    for (const stella_sv *t = one; t; t = chain_next(t))
        len += t->len + 2;
    char *joined = stella_arena_alloc(r->arena, len, 1), *at = joined;
    if (!joined) {
        fail(r, STELLA_E_NOMEM, "no memory for a list");
        return STELLA_SV("");
    }
    for (const stella_sv *t = one; t; t = chain_next(t)) {
        if (at != joined) {
            *at++ = ',';
            *at++ = ' ';
        }
        if (t->len)
            memcpy(at, t->ptr, t->len);
        at += t->len;
    }
    return stella_sv_of(joined, (size_t)(at - joined));
}

static void add(in *r, chain *texts, stella_sv one) {
    stella_sv *to = texts->count < LIST_MAX ? chain_add(texts, r->arena, sizeof *to) : NULL;
    if (to)
        *to = one;
    else
        fail(r, texts->count < LIST_MAX ? STELLA_E_NOMEM : STELLA_E_LIMIT, "a list that is too long");
}

/* [{"expression":...} | {"name":...}] */
static void read_licenses(in *r, diff_component *c) {
    chain texts = {0};
    stella_sv key;
    if (!begin_array(r))
        return;
    while (next_object(r))
        while (next_key(r, &key))
            if (IS(key, "expression") || IS(key, "name"))
                add(r, &texts, text(r));
            else
                skip(r);
    c->fields[DIFF_FIELD_LICENSES] = join(r, &texts);
}

/* [0, 1]: the entrypoints that reach it. What they are called stands before the components. */
static void read_used(in *r, diff_component *c) {
    chain texts = {0};
    uint64_t entrypoint = 0;
    if (!begin_array(r))
        return;
    while (is_ok(r)) {
        const uint32_t token = stella_json_next(&r->json);
        if (token == STELLA_JSON_ARRAY_END)
            break;
        if (token == STELLA_JSON_NUMBER && stella_sv_u64(r->json.text, UINT32_MAX, &entrypoint) &&
            entrypoint < r->launcher_count)
            add(r, &texts, r->launchers[entrypoint]);
        else
            fail(r, STELLA_E_FORMAT, "the number of an entrypoint was expected");
    }
    c->fields[DIFF_FIELD_USED] = texts.count ? STELLA_SV("true") : STELLA_SV("");
    c->fields[DIFF_FIELD_ENTRYPOINTS] = join(r, &texts);
}

/* The last of [0, 2, ...]. */
static void read_layer_numbers(in *r, diff_component *c) {
    uint64_t layer = 0;
    if (!begin_array(r))
        return;
    while (is_ok(r)) {
        const uint32_t token = stella_json_next(&r->json);
        if (token == STELLA_JSON_ARRAY_END)
            break;
        if (token != STELLA_JSON_NUMBER || !stella_sv_u64(r->json.text, DIFF_LAYERS_MAX - 1, &layer))
            fail(r, STELLA_E_FORMAT, "the number of a layer was expected");
        c->last = (uint32_t)layer;
    }
}

/* Evidence is ordered by path: each is kept once. */
static void read_evidence(in *r, diff_component *c) {
    chain paths = {0};
    stella_sv key, last = {0};
    if (!begin_array(r))
        return;
    while (next_object(r))
        while (next_key(r, &key)) {
            if (!IS(key, "path")) {
                skip(r);
                continue;
            }
            const stella_sv path = text(r);
            if (!last.ptr || !stella_sv_eq(path, last))
                add(r, &paths, path);
            last = path;
        }
    c->fields[DIFF_FIELD_LOCATIONS] = join(r, &paths);
    c->location_count = paths.count;
    c->locations = chain_array(&paths, r->arena, sizeof(stella_sv));
    if (!c->locations)
        fail(r, STELLA_E_NOMEM, "no memory for the places of a component");
}

/* ---- parts of the result -------------------------------------------------------------------------------------------
 */

static void read_subject(in *r) {
    static const text_member members[] = {{STELLA_SV_INIT("kind"), offsetof(diff_side, kind)},
                                          {STELLA_SV_INIT("name"), offsetof(diff_side, name)},
                                          {STELLA_SV_INIT("digest"), offsetof(diff_side, digest)},
                                          {STELLA_SV_INIT("configDigest"), offsetof(diff_side, config_digest)},
                                          {STELLA_SV_INIT("os"), offsetof(diff_side, os)},
                                          {STELLA_SV_INIT("architecture"), offsetof(diff_side, architecture)}};
    stella_sv key;
    if (!begin_object(r))
        return;
    while (next_key(r, &key))
        if (IS(key, "createdMs"))
            r->side->created_ms = (int64_t)number(r, INT64_MAX);
        else if (!read_text_member(r, key, members, STELLA_COUNT(members), r->side))
            skip(r);
}

static void read_distro(in *r) {
    static const text_member members[] = {{STELLA_SV_INIT("id"), offsetof(diff_side, distro_id)},
                                          {STELLA_SV_INIT("version"), offsetof(diff_side, distro_version)},
                                          {STELLA_SV_INIT("name"), offsetof(diff_side, distro_name)}};
    read_texts(r, members, STELLA_COUNT(members), r->side);
}

static void read_layers(in *r) {
    static const text_member members[] = {{STELLA_SV_INIT("digest"), offsetof(diff_layer, digest)},
                                          {STELLA_SV_INIT("diffId"), offsetof(diff_layer, diff_id)},
                                          {STELLA_SV_INIT("createdBy"), offsetof(diff_layer, created_by)}};
    stella_sv key;
    if (!begin_array(r))
        return;
    while (next_object(r)) {
        diff_layer *layer = r->layers.count < DIFF_LAYERS_MAX ? chain_add(&r->layers, r->arena, sizeof *layer) : NULL;
        if (!layer) {
            fail(r, STELLA_E_LIMIT, "more layers than are compared");
            return;
        }
        while (next_key(r, &key))
            if (!read_text_member(r, key, members, STELLA_COUNT(members), layer))
                skip(r);
    }
}

static void read_entrypoints(in *r) {
    chain launchers = {0};
    stella_sv key;
    if (!begin_array(r))
        return;
    while (next_object(r)) {
        stella_sv launcher = STELLA_SV("");
        while (next_key(r, &key))
            if (IS(key, "launcher"))
                launcher = text(r);
            else
                skip(r);
        add(r, &launchers, launcher);
    }
    r->side->knows_usage = 1;
    r->launcher_count = launchers.count;
    r->launchers = chain_array(&launchers, r->arena, sizeof *r->launchers);
    if (!r->launchers)
        fail(r, STELLA_E_NOMEM, "no memory for the entrypoints");
}

static const text_member component_texts[] = {
    {STELLA_SV_INIT("ref"), offsetof(diff_component, ref)},
    {STELLA_SV_INIT("purl"), offsetof(diff_component, purl)},
    {STELLA_SV_INIT("type"), offsetof(diff_component, type)},
    {STELLA_SV_INIT("namespace"), offsetof(diff_component, namespace_)},
    {STELLA_SV_INIT("name"), offsetof(diff_component, name)},
    {STELLA_SV_INIT("version"), offsetof(diff_component, version)},
    {STELLA_SV_INIT("kind"), offsetof(diff_component, fields[DIFF_FIELD_KIND])},
    {STELLA_SV_INIT("architecture"), offsetof(diff_component, fields[DIFF_FIELD_ARCHITECTURE])},
    {STELLA_SV_INIT("maintainer"), offsetof(diff_component, fields[DIFF_FIELD_MAINTAINER])},
    {STELLA_SV_INIT("vendor"), offsetof(diff_component, fields[DIFF_FIELD_VENDOR])},
};

static const struct {
    stella_sv name;
    uint32_t field;
} component_flags[] = {{STELLA_SV_INIT("declared"), DIFF_FIELD_DECLARED},
                       {STELLA_SV_INIT("dev"), DIFF_FIELD_DEV},
                       {STELLA_SV_INIT("managed"), DIFF_FIELD_MANAGED},
                       {STELLA_SV_INIT("optional"), DIFF_FIELD_OPTIONAL}};

static int read_flag(in *r, stella_sv key, diff_component *c) {
    for (size_t i = 0; i < STELLA_COUNT(component_flags); i++)
        if (stella_sv_eq(key, component_flags[i].name)) {
            c->fields[component_flags[i].field] = truth(r) ? STELLA_SV("true") : STELLA_SV("");
            return 1;
        }
    return 0;
}

static void read_component_member(in *r, stella_sv key, diff_component *c) {
    static const text_member source[] = {{STELLA_SV_INIT("name"), offsetof(diff_component, fields[DIFF_FIELD_SOURCE])}};
    if (read_text_member(r, key, component_texts, STELLA_COUNT(component_texts), c) || read_flag(r, key, c))
        return;
    if (IS(key, "introducedLayer"))
        c->layer = (uint32_t)number(r, DIFF_LAYERS_MAX - 1);
    else if (IS(key, "layers"))
        read_layer_numbers(r, c);
    else if (IS(key, "source"))
        read_texts(r, source, STELLA_COUNT(source), c);
    else if (IS(key, "licenses"))
        read_licenses(r, c);
    else if (IS(key, "evidence"))
        read_evidence(r, c);
    else if (IS(key, "usedByEntrypoint"))
        read_used(r, c);
    else
        skip(r);
}

/* "epoch=1" among the qualifiers. */
static stella_sv epoch_of(stella_sv purl) {
    stella_sv rest = stella_sv_skip(purl, stella_sv_find(purl, '?') + 1), part;
    rest = stella_sv_first(rest, stella_sv_find(rest, '#'));
    while (rest.len && stella_sv_split(&rest, '&', &part))
        if (stella_sv_starts(part, STELLA_SV("epoch=")))
            return stella_sv_skip(part, strlen("epoch="));
    return STELLA_SV("");
}

static void read_components(in *r) {
    stella_sv key;
    if (!begin_array(r))
        return;
    while (next_object(r)) {
        const int is_room = r->components.count < DIFF_COMPONENTS_MAX;
        diff_component *c = is_room ? chain_add(&r->components, r->arena, sizeof *c) : NULL;
        if (!c) {
            fail(r, is_room ? STELLA_E_NOMEM : STELLA_E_LIMIT, "more components than are compared");
            return;
        }
        c->layer = c->last = c->pair = DIFF_NONE;
        while (next_key(r, &key))
            read_component_member(r, key, c);
        c->epoch = epoch_of(c->purl);
        if (is_ok(r) && (!c->ref.len || !c->name.len))
            fail(r, STELLA_E_FORMAT, "a component without ref or name");
    }
}

static void read_errors(in *r) {
    stella_sv key;
    if (!begin_array(r))
        return;
    while (next_object(r))
        while (next_key(r, &key))
            if (IS(key, "lost"))
                r->side->lost += (uint32_t)truth(r);
            else
                skip(r);
}

static void read_member(in *r, stella_sv key) {
    if (IS(key, "schema")) {
        r->is_result = stella_sv_eq(text(r), STELLA_SV(RESULT_SCHEMA));
        if (!r->is_result)
            fail(r, STELLA_E_FORMAT, "not a result of stella, or of a version that is not known");
    } else if (IS(key, "subject")) {
        read_subject(r);
    } else if (IS(key, "distro")) {
        read_distro(r);
    } else if (IS(key, "layers")) {
        read_layers(r);
    } else if (IS(key, "components")) {
        read_components(r);
    } else if (IS(key, "errors")) {
        read_errors(r);
    } else if (IS(key, "entrypoints")) {
        read_entrypoints(r);
    } else {
        skip(r);
    }
}

/* ---- the whole ----------------------------------------------------------------------------------------------------
 */

/* A directory is one layer without a name; it is not told. */
static void finish(in *r) {
    diff_side *side = r->side;
    side->components = chain_array(&r->components, r->arena, sizeof *side->components);
    side->layers = chain_array(&r->layers, r->arena, sizeof *side->layers);
    if (!side->components || !side->layers) {
        fail(r, STELLA_E_NOMEM, "no memory for the components");
        return;
    }
    side->component_count = r->components.count;
    side->is_tree = r->layers.count > 0;
    side->layer_count =
        r->layers.count && (side->layers[0].digest.len || side->layers[0].diff_id.len) ? r->layers.count : 0;
    for (uint32_t i = 0; i < side->component_count; i++) {
        diff_component *c = &side->components[i];
        c->layer = c->layer < side->layer_count ? c->layer : DIFF_NONE;
        c->last = c->last < side->layer_count ? c->last : c->layer;
    }
}

stella_status diff_read(stella_sv document, stella_arena *arena, diff_side *out, stella_error *err) {
    diff_side side = {.created_ms = -1};
    STELLA_AUTO(in_finip) in r = {.document = document, .arena = arena, .side = &side};
    stella_sv key;
    stella_json_reader_init(&r.json, document, TEXT_MAX);
    if (begin_object(&r))
        while (next_key(&r, &key))
            read_member(&r, key);
    if (is_ok(&r) && stella_json_next(&r.json) == STELLA_JSON_NONE && !r.is_result)
        fail(&r, STELLA_E_FORMAT, "not a result of stella");
    if (is_ok(&r))
        finish(&r);
    if (r.json.error.code != STELLA_OK) /* where and why a value is none */
        return stella_error_set(err, r.json.error.code, r.json.error.path, "%s", r.json.error.message);
    if (r.failed.code != STELLA_OK)
        return stella_error_set(err, r.failed.code, r.failed.path, "%s", r.failed.message);
    *out = side;
    return STELLA_OK;
}

static void keep_where(diff_side *side, diff_field field, int is_wanted) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < side->component_count; i++)
        if ((side->components[i].fields[field].len > 0) == is_wanted)
            side->components[kept++] = side->components[i];
    side->component_count = kept;
}

void diff_keep_used(diff_side *side) {
    keep_where(side, DIFF_FIELD_USED, 1);
}

void diff_drop_managed(diff_side *side) {
    keep_where(side, DIFF_FIELD_MANAGED, 0);
}

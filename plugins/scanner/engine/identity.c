#include "identity.h"

#include <stella/auto.h>
#include <stella/purl.h>

#include <stdlib.h>

/* ---- names --------------------------------------------------------------------------------------------------------
 */

static stella_status no_memory(stella_error *err) {
    return stella_error_set(err, STELLA_E_NOMEM, NULL, "the components exceed the memory they may take");
}

static stella_status build_purl(finding *f, stella_arena *arena, stella_error *err) {
    stella_purl purl = {.type = f->type,
                        .namespace_ = f->fields[STELLA_FIELD_NAMESPACE],
                        .name = f->name,
                        .version = f->version,
                        .subpath = f->fields[STELLA_FIELD_SUBPATH]};
    for (const stella_bom_pair *q = chain_first(&f->qualifiers); q; q = chain_next(q)) {
        if (purl.qualifier_count == STELLA_PURL_QUALIFIERS_MAX)
            return stella_error_set(err, STELLA_E_LIMIT, "qualifiers", "more than %d", STELLA_PURL_QUALIFIERS_MAX);
        purl.qualifiers[purl.qualifier_count++] = (stella_purl_qualifier){.key = q->name, .value = q->value};
    }
    return stella_purl_build(&purl, arena, &f->purl, err);
}

/* The file that proves a finding, of several the first by name. */
static stella_sv proof_of(const finding *f) {
    stella_sv lowest = {0};
    for (const stella_bom_evidence *e = chain_first(&f->evidence); e; e = chain_next(e))
        if (!lowest.ptr || stella_sv_cmp(e->path, lowest) < 0)
            lowest = e->path;
    return lowest;
}

/* How many bytes of the text's front may stand in a ref as they are: 0, or those of one character. What some format cannot
 * write may not: its stand-in would make one ref of two. U+FFFE and U+FFFF, which XML cannot, are among that. */
static size_t plain_front(stella_sv text, const char *marks) {
    const unsigned char c = (unsigned char)text.ptr[0];
    const size_t size = stella_sv_utf8(text);
    if (size == 1)
        return c >= ' ' && c != 0x7f && !strchr(marks, c);
    return size == 3 && c == 0xef && (unsigned char)text.ptr[1] == 0xbf && (unsigned char)text.ptr[2] >= 0xbd ? 0
                                                                                                              : size;
}

#define NAME_MARKS " %@|:" /* what separates the parts of a ref */

/* With what is in marks, and what is no plain text, as "%XX". */
static stella_sv escape(stella_sv text, const char *marks, stella_arena *arena) {
    static const char digits[] = "0123456789ABCDEF";
    char *out = stella_arena_alloc(arena, text.len + 1, 3);
    size_t len = 0;
    for (size_t size = 0; out && text.len; text = stella_sv_skip(text, size ? size : 1)) {
        const unsigned char c = (unsigned char)text.ptr[0];
        size = plain_front(text, marks);
        if (size) {
            memcpy(out + len, text.ptr, size);
            len += size;
            continue;
        }
        out[len++] = '%';
        out[len++] = digits[c >> 4];
        out[len++] = digits[c & 15];
    }
    return stella_sv_of(out, len);
}

static stella_status build_ref(finding *f, stella_arena *arena, stella_error *err) {
    f->ref = f->purl;
    if (!f->purl.len) {
        /* So that "a@b" of version "c" and "a" of version "b@c" stay two. */
        const stella_sv type = escape(f->type, "%", arena), name = escape(f->name, NAME_MARKS, arena);
        const stella_sv version = escape(f->version, NAME_MARKS, arena);
        /* What is known by its bytes alone is "bin:sha256:HEX". */
        const char *before_version = stella_sv_eq(f->type, STELLA_SV("bin")) ? ":" : "@";
        f->ref = stella_arena_printf(arena, "%.*s:%.*s%s%.*s", STELLA_SV_FMT(type), STELLA_SV_FMT(name),
                                     f->version.len ? before_version : "", STELLA_SV_FMT(version));
    }
    const stella_sv proof = f->version.len ? STELLA_SV("") : escape(proof_of(f), "%", arena);
    if (f->ref.ptr && proof.len)
        f->ref = stella_arena_printf(arena, "%.*s|%.*s", STELLA_SV_FMT(f->ref), STELLA_SV_FMT(proof));
    return f->ref.ptr ? STELLA_OK : no_memory(err);
}

/* The component stands without a purl, and the result says why. */
static stella_status note_refused_purl(stage *s, const finding *f, const stella_error *why, stella_error *err) {
    stella_bom_error *note = chain_add(&s->notes, s->arena, sizeof *note);
    if (!note)
        return no_memory(err);
    *note = (stella_bom_error){.plugin = s->plugin,
                               .code = STELLA_SV("purl"),
                               .message = stella_arena_printf(s->arena, "no package URL for %.*s:%.*s: %s%s%s",
                                                              STELLA_SV_FMT(f->type), STELLA_SV_FMT(f->name), why->path,
                                                              why->path[0] ? ": " : "", why->message),
                               .path = proof_of(f),
                               .severity = STELLA_NOTE_ERROR,
                               .layer = -1};
    return note->message.ptr ? STELLA_OK : no_memory(err);
}

stella_status identity_name(stage *s, stella_error *err) {
    for (finding *f = chain_first(&s->findings); f; f = chain_next(f)) {
        stella_error why = {0};
        stella_status status = f->flags & STELLA_COMPONENT_NO_PURL ? STELLA_OK : build_purl(f, s->arena, &why);
        if (status == STELLA_E_NOMEM)
            return no_memory(err);
        if (status != STELLA_OK) {
            f->purl = (stella_sv){0};
            status = note_refused_purl(s, f, &why, err);
        }
        if (status == STELLA_OK)
            status = build_ref(f, s->arena, err);
        if (status != STELLA_OK)
            return status;
    }
    return STELLA_OK;
}

/* ---- merging ------------------------------------------------------------------------------------------------------
 */

typedef struct member {
    finding *finding;
    uint32_t position; /* in the order of phase, plugin id and statement */
} member;

static int by_ref(const void *left, const void *right) {
    const member *a = left, *b = right;
    const int order = stella_sv_cmp(a->finding->ref, b->finding->ref);
    return order ? order : (a->position > b->position) - (a->position < b->position);
}

static int by_license(const void *left, const void *right) {
    const stella_bom_license *a = left, *b = right;
    const int order = stella_sv_cmp(a->text, b->text);
    return order ? order : (a->how > b->how) - (a->how < b->how);
}

static int by_evidence(const void *left, const void *right) {
    const stella_bom_evidence *a = left, *b = right;
    int order = stella_sv_cmp(a->path, b->path);
    if (!order)
        order = (a->line > b->line) - (a->line < b->line);
    if (!order)
        order = stella_sv_cmp(a->method, b->method);
    return order ? order : stella_sv_cmp(a->plugin, b->plugin);
}

static int by_pair(const void *left, const void *right) {
    const stella_bom_pair *a = left, *b = right;
    const int order = stella_sv_cmp(a->name, b->name);
    return order ? order : stella_sv_cmp(a->value, b->value);
}

static int by_file(const void *left, const void *right) {
    const stella_bom_file *a = left, *b = right;
    const int order = stella_sv_cmp(a->path, b->path);
    if (order)
        return order;
    /* The entry with a digest comes first and is the one that stays. */
    const int digest = stella_sv_cmp(b->digest_alg, a->digest_alg);
    return digest ? digest : stella_sv_cmp(a->digest, b->digest);
}

static int by_file_path(const void *left, const void *right) {
    return stella_sv_cmp(((const stella_bom_file *)left)->path, ((const stella_bom_file *)right)->path);
}

static int by_number(const void *left, const void *right) {
    const uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

typedef int comparison(const void *, const void *);

/* Orders an array and drops what is equal to its predecessor; returns how many are left. */
static uint32_t order_unique(void *array, uint32_t count, size_t size, comparison *order, comparison *same) {
    unsigned char *items = array;
    uint32_t kept = count ? 1 : 0;
    if (count)
        qsort(items, count, size, order);
    for (uint32_t i = 1; i < count; i++)
        if (same(items + size * (kept - 1), items + size * i) != 0)
            memmove(items + size * kept++, items + size * i, size);
    return kept;
}

/* All items of one chain (at offset in finding) of the members, ordered, each once. */
static stella_status gather(const member *members, uint32_t count, size_t offset, size_t size, comparison *order,
                            comparison *same, stella_arena *arena, stella_list *out) {
    uint32_t total = 0, at = 0;
    for (uint32_t i = 0; i < count; i++)
        total += ((const chain *)(const void *)((const char *)members[i].finding + offset))->count;
    unsigned char *items = stella_arena_alloc(arena, total, size);
    if (!items)
        return STELLA_E_NOMEM;
    for (uint32_t i = 0; i < count; i++) {
        const chain *c = (const void *)((const char *)members[i].finding + offset);
        for (const void *item = chain_first(c); item; item = chain_next(item))
            memcpy(items + size * at++, item, size);
    }
    total = order_unique(items, total, size, order, same);
    *out = (stella_list){.items = items, .count = total, .stride = (uint32_t)size};
    return STELLA_OK;
}

static stella_status gather_lists(const member *m, uint32_t n, stella_arena *arena, stella_bom_component *c) {
    stella_status status = gather(m, n, offsetof(finding, licenses), sizeof(stella_bom_license), by_license, by_license,
                                  arena, &c->licenses);
    if (status == STELLA_OK)
        status = gather(m, n, offsetof(finding, evidence), sizeof(stella_bom_evidence), by_evidence, by_evidence, arena,
                        &c->evidence);
    if (status == STELLA_OK)
        status =
            gather(m, n, offsetof(finding, files), sizeof(stella_bom_file), by_file, by_file_path, arena, &c->files);
    if (status == STELLA_OK)
        status = gather(m, n, offsetof(finding, properties), sizeof(stella_bom_pair), by_pair, by_pair, arena,
                        &c->properties);
    return status;
}

/* The earliest layer that a member states; when none does, the earliest of the evidence. */
static uint32_t first_layer(const member *m, uint32_t n, const stella_bom_component *c) {
    uint32_t first = FINDING_NOT_SET;
    for (uint32_t i = 0; i < n; i++)
        first = m[i].finding->introduced < first ? m[i].finding->introduced : first;
    const int is_stated = first != FINDING_NOT_SET;
    for (uint32_t i = 0; i < c->evidence.count && !is_stated; i++) {
        const uint32_t layer = STELLA_AT(c->evidence, stella_bom_evidence, i)->layer;
        first = layer < first ? layer : first;
    }
    return first == FINDING_NOT_SET ? 0 : first;
}

/* Whether a set holds every layer of the evidence: it then says all, and components share it. */
static int covers(const layer_set *set, const stella_list *evidence) {
    for (uint32_t i = 0; i < evidence->count; i++)
        if (!bsearch(&STELLA_AT(*evidence, stella_bom_evidence, i)->layer, set->layers, set->count, sizeof(uint32_t),
                     by_number))
            return 0;
    return 1;
}

/* The layer that introduced it, those that are stated to keep it, and those that have evidence of it. */
static stella_status gather_layers(const member *m, uint32_t n, stella_arena *arena, stella_bom_component *c) {
    const layer_set *set = m[0].finding->layers;
    uint32_t total = c->evidence.count + 1, at = 0;
    c->introduced = first_layer(m, n, c);
    if (n == 1 && set && set->layers[0] == c->introduced && covers(set, &c->evidence)) {
        c->layers = (stella_list){.items = set->layers, .count = set->count, .stride = sizeof *set->layers};
        return STELLA_OK;
    }
    for (uint32_t i = 0; i < n; i++)
        total += m[i].finding->layers ? m[i].finding->layers->count : 0;
    uint32_t *layers = stella_arena_alloc(arena, total, sizeof *layers);
    if (!layers)
        return STELLA_E_NOMEM;
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t k = 0; m[i].finding->layers && k < m[i].finding->layers->count; k++)
            layers[at++] = m[i].finding->layers->layers[k];
    for (uint32_t i = 0; i < c->evidence.count; i++)
        layers[at++] = STELLA_AT(c->evidence, stella_bom_evidence, i)->layer;
    layers[at++] = c->introduced;
    const uint32_t count = order_unique(layers, at, sizeof *layers, by_number, by_number);
    c->layers = (stella_list){.items = layers, .count = count, .stride = sizeof *layers};
    return STELLA_OK;
}

static stella_sv first_field(const member *m, uint32_t n, uint32_t field) {
    for (uint32_t i = 0; i < n; i++)
        if (m[i].finding->fields[field].len)
            return m[i].finding->fields[field];
    return (stella_sv){0};
}

/* One witness that it is installed, or needed in production, or always, is enough; so is one that it is the vendor's. */
static uint32_t flags_of(const member *m, uint32_t n) {
    uint32_t shared = UINT32_MAX, any = 0;
    for (uint32_t i = 0; i < n; i++) {
        shared &= m[i].finding->flags;
        any |= m[i].finding->flags;
    }
    return (shared & ~STELLA_COMPONENT_VENDOR) | (any & STELLA_COMPONENT_VENDOR);
}

static stella_bom_component texts_of(const member *m, uint32_t n) {
    const finding *f = m[0].finding;
    stella_bom_component c = {.ref = f->ref,
                              .purl = f->purl,
                              .type = f->type,
                              .namespace_ = first_field(m, n, STELLA_FIELD_NAMESPACE),
                              .name = f->name,
                              .version = f->version,
                              .kind = first_field(m, n, STELLA_FIELD_KIND),
                              .source_name = first_field(m, n, STELLA_FIELD_SOURCE_NAME),
                              .source_version = first_field(m, n, STELLA_FIELD_SOURCE_VERSION),
                              .maintainer = first_field(m, n, STELLA_FIELD_MAINTAINER),
                              .vendor = first_field(m, n, STELLA_FIELD_VENDOR),
                              .description = first_field(m, n, STELLA_FIELD_DESCRIPTION),
                              .homepage = first_field(m, n, STELLA_FIELD_HOMEPAGE),
                              .cpe = first_field(m, n, STELLA_FIELD_CPE),
                              .architecture = first_field(m, n, STELLA_FIELD_ARCHITECTURE),
                              .introduced = FINDING_NOT_SET};
    stella_sv_u64(first_field(m, n, STELLA_FIELD_INSTALLED_SIZE), UINT64_MAX, &c.installed_size);
    if (!c.kind.len)
        c.kind = STELLA_SV("library");
    c.flags = flags_of(m, n);
    return c;
}

static stella_status merge(const member *m, uint32_t n, stella_arena *arena, stella_bom_component *out) {
    stella_bom_component c = texts_of(m, n);
    stella_status status = gather_lists(m, n, arena, &c);
    if (status == STELLA_OK)
        status = gather_layers(m, n, arena, &c);
    if (status == STELLA_OK)
        *out = c;
    return status;
}

static member *members_of(const stages *all, uint32_t *count) {
    uint32_t total = 0;
    for (uint32_t i = 0; i < all->count; i++)
        total += all->items[i]->findings.count;
    member *members = calloc(total + 1u, sizeof *members);
    uint32_t at = 0;
    for (uint32_t i = 0; members && i < all->count; i++)
        for (finding *f = chain_first(&all->items[i]->findings); f; f = chain_next(f), at++)
            members[at] = (member){.finding = f, .position = at};
    if (members && total)
        qsort(members, total, sizeof *members, by_ref);
    *count = total;
    return members;
}

stella_status identity_merge(const stages *all, stella_arena *arena, stella_list *components, stella_error *err) {
    uint32_t total, count = 0;
    STELLA_AUTO(stella_freep) member *members = members_of(all, &total);
    stella_bom_component *merged = stella_arena_alloc(arena, total, sizeof *merged);
    if (!members || !merged)
        return no_memory(err);
    for (uint32_t first = 0, next; first < total; first = next, count++) {
        next = first;
        while (next < total && stella_sv_eq(members[next].finding->ref, members[first].finding->ref))
            members[next++].finding->merged = count;
        if (merge(members + first, next - first, arena, &merged[count]) != STELLA_OK)
            return no_memory(err);
    }
    *components = (stella_list){.items = merged, .count = count, .stride = sizeof *merged};
    return STELLA_OK;
}

#include "diff_changes.h"

#include <stella/file.h>

#include <stdlib.h>

static const char *const kind_names[] = {[DIFF_ADDED] = "added",
                                         [DIFF_REMOVED] = "removed",
                                         [DIFF_VERSION] = "versionChanged",
                                         [DIFF_METADATA] = "metadataChanged"};
static const char *const field_names[] = {[DIFF_FIELD_ARCHITECTURE] = "architecture",
                                          [DIFF_FIELD_DECLARED] = "declared",
                                          [DIFF_FIELD_DEV] = "dev",
                                          [DIFF_FIELD_ENTRYPOINTS] = "entrypoints",
                                          [DIFF_FIELD_KIND] = "kind",
                                          [DIFF_FIELD_LICENSES] = "licenses",
                                          [DIFF_FIELD_LOCATIONS] = "locations",
                                          [DIFF_FIELD_MAINTAINER] = "maintainer",
                                          [DIFF_FIELD_MANAGED] = "managed",
                                          [DIFF_FIELD_OPTIONAL] = "optional",
                                          [DIFF_FIELD_SOURCE] = "source",
                                          [DIFF_FIELD_USED] = "usedByEntrypoint",
                                          [DIFF_FIELD_VENDOR] = "vendor"};

const char *diff_kind_name(diff_kind kind) {
    return kind_names[kind];
}

const char *diff_field_name(uint32_t field) {
    return field_names[field];
}

const diff_component *diff_subject(const diff_change *change) {
    return change->new ? change->new : change->old;
}

const diff_layer *diff_layer_of(const diff_result *result, diff_place place) {
    const diff_side *side = place.is_old ? result->old : result->new;
    return place.layer < side->layer_count ? &side->layers[place.layer] : NULL;
}

/* ---- one change ---------------------------------------------------------------------------------------------------
 */

/* What both sides can say: an SBOM knows no files, and not everybody looks at what is used. */
static uint32_t comparable_fields(const diff_side *old, const diff_side *new) {
    uint32_t fields = (1u << DIFF_FIELDS) - 1;
    if (!old->is_tree || !new->is_tree)
        fields &= ~(1u << DIFF_FIELD_LOCATIONS | 1u << DIFF_FIELD_MANAGED);
    if (!old->knows_usage || !new->knows_usage)
        fields &= ~(1u << DIFF_FIELD_USED | 1u << DIFF_FIELD_ENTRYPOINTS);
    return fields;
}

static uint32_t differing_fields(const diff_component *old, const diff_component *new, uint32_t among) {
    uint32_t fields = 0;
    for (uint32_t i = 0; i < DIFF_FIELDS; i++)
        if (among >> i & 1 && !stella_sv_eq(old->fields[i], new->fields[i]))
            fields |= 1u << i;
    return fields;
}

static diff_place place_of(uint32_t layer, int is_old) {
    return (diff_place){.layer = layer, .is_old = layer != DIFF_NONE && is_old};
}

/* Of what the new image does not have any more: the layer that took it away, when it is known which one; else the one that
 * brought it. */
static diff_change removed(const diff_result *r, const diff_component *c) {
    diff_change change = {.kind = DIFF_REMOVED, .old = c, .introduced = place_of(c->layer, 1)};
    change.removal = diff_removal_of(c->layer, r->layers.old_there, r->layers.new_there, r->new->layer_count);
    const int is_exact = change.removal.fate == DIFF_FATE_REMOVED && change.removal.first == change.removal.last;
    change.group = is_exact ? place_of(change.removal.first, 0) : change.introduced;
    return change;
}

static diff_change added(const diff_result *r, const diff_component *c) {
    const diff_place introduced = place_of(c->layer, 0);
    diff_change change = {.kind = DIFF_ADDED, .new = c, .introduced = introduced, .group = introduced};
    change.removal = diff_removal_of(c->layer, r->layers.new_there, r->layers.old_there, r->old->layer_count);
    if (change.removal.fate == DIFF_FATE_DROPPED) /* the old image never had it */
        change.removal.fate = DIFF_FATE_UNKNOWN;
    return change;
}

/* The layer that brought the new version took the old one away, when the image had it until then. */
static diff_removal replacement(const diff_result *r, const diff_component *old, const diff_component *new) {
    diff_removal removal = diff_removal_of(old->layer, r->layers.old_there, r->layers.new_there, r->new->layer_count);
    if (removal.fate == DIFF_FATE_REMOVED && new->layer >= removal.first &&new->layer <= removal.last)
        removal.first = removal.last = new->layer;
    return removal;
}

/* What is the same by its place alone has another name, which may be its digest: it is another version of it. */
static int is_other_version(const diff_component *old, const diff_component *new) {
    return !stella_sv_eq(old->version, new->version) || !stella_sv_eq(old->epoch, new->epoch) ||
           !stella_sv_eq(old->name, new->name) || !stella_sv_eq(old->namespace_, new->namespace_);
}

static diff_change changed(const diff_result *r, const diff_component *old, const diff_component *new,
                           uint32_t fields) {
    const int is_version = is_other_version(old, new);
    const diff_place introduced = place_of(new->layer, 0);
    diff_change change = {.kind = is_version ? DIFF_VERSION : DIFF_METADATA,
                          .old = old,
                          .new = new,
                          .fields = differing_fields(old, new, fields),
                          .introduced = introduced,
                          .removal = {.first = DIFF_NONE, .last = DIFF_NONE},
                          .group = introduced};
    if (is_version)
        change.removal = replacement(r, old, new);
    else if (new->last != DIFF_NONE && r->layers.new_there[new->last] == DIFF_NONE) /* that layer states it anew */
        change.group = place_of(new->last, 0);
    return change;
}

/* ---- order --------------------------------------------------------------------------------------------------------
 */

static int compare_u32(uint32_t a, uint32_t b) {
    return (a > b) - (a < b);
}

static int by_group(diff_place a, diff_place b) {
    const int order = compare_u32(a.layer, b.layer); /* none at all is last */
    return order ? order : a.is_old - b.is_old;
}

static int by_change(const void *x, const void *y) {
    const diff_change *a = x, *b = y;
    const diff_component *left = diff_subject(a), *right = diff_subject(b);
    const stella_sv keys[][2] = {{left->type, right->type},
                                 {left->namespace_, right->namespace_},
                                 {left->name, right->name},
                                 {left->ref, right->ref}};
    int order = by_group(a->group, b->group);
    if (!order)
        order = (int)a->kind - (int)b->kind;
    for (size_t i = 0; !order && i < STELLA_COUNT(keys); i++)
        order = stella_sv_cmp(keys[i][0], keys[i][1]);
    return order;
}

uint32_t diff_group_length(const diff_result *result, uint32_t first) {
    uint32_t length = 1;
    while (first + length < result->change_count &&
           !by_group(result->changes[first].group, result->changes[first + length].group))
        length++;
    return length;
}

/* ---- all ----------------------------------------------------------------------------------------------------------
 */

static void list_changes(diff_result *r, diff_change *to) {
    const uint32_t fields = comparable_fields(r->old, r->new);
    for (uint32_t i = 0; i < r->old->component_count; i++)
        if (r->old->components[i].pair == DIFF_NONE)
            to[r->change_count++] = removed(r, &r->old->components[i]);
    for (uint32_t i = 0; i < r->new->component_count; i++) {
        const diff_component *c = &r->new->components[i];
        const diff_change change =
            c->pair == DIFF_NONE ? added(r, c) : changed(r, &r->old->components[c->pair], c, fields);
        if (change.kind == DIFF_METADATA && !change.fields)
            r->counts.unchanged++;
        else
            to[r->change_count++] = change;
    }
    for (uint32_t i = 0; i < r->change_count; i++)
        r->counts.of[to[i].kind]++;
    if (r->change_count)
        qsort(to, r->change_count, sizeof *to, by_change);
    r->changes = to;
}

static stella_status keep_used(diff_side *side, const char *which, stella_error *err) {
    if (!side->knows_usage)
        return stella_error_set(
            err, STELLA_E_INVALID, NULL,
            "nothing is known of what the %s side's entrypoint reaches: the view usage has no answer", which);
    diff_keep_used(side);
    return STELLA_OK;
}

stella_status diff_compare(diff_side *old, diff_side *new, diff_view view, stella_arena *arena, diff_result *out,
                           stella_error *err) {
    diff_result r = {.old = old, .new = new, .view = view, .generated_ms = -1};
    stella_status status = view == DIFF_USAGE ? keep_used(old, "old", err) : STELLA_OK;
    if (status == STELLA_OK && view == DIFF_USAGE)
        status = keep_used(new, "new", err);
    if (status == STELLA_OK)
        status = diff_layers_match(old, new, arena, &r.layers, err);
    if (status == STELLA_OK)
        status = diff_pair(old, new, arena, err);
    if (status != STELLA_OK)
        return status;
    diff_change *changes =
        stella_arena_alloc(arena, (uint64_t)old->component_count + new->component_count, sizeof *changes);
    if (!changes)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the changes");
    list_changes(&r, changes);
    r.is_base_changed = diff_is_base_changed(old, new, &r.layers);
    *out = r;
    return STELLA_OK;
}

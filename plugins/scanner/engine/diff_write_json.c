#include "diff_write.h"

#include "protocol.h"

#include <stella/json.h>

static void write_side(stella_json_writer *w, const char *key, const diff_side *side) {
    stella_json_member_object(w, key);
    stella_json_member_str(w, "kind", side->kind);
    stella_json_member_str(w, "name", side->name);
    stella_json_member_opt(w, "digest", side->digest);
    stella_json_member_opt(w, "configDigest", side->config_digest);
    stella_json_member_opt(w, "os", side->os);
    stella_json_member_opt(w, "architecture", side->architecture);
    if (side->distro_id.len) {
        stella_json_member_object(w, "distro");
        stella_json_member_str(w, "id", side->distro_id);
        stella_json_member_opt(w, "version", side->distro_version);
        stella_json_member_opt(w, "name", side->distro_name);
        stella_json_end_object(w);
    }
    stella_json_member_u64(w, "layers", side->layer_count);
    stella_json_member_u64(w, "components", side->component_count);
    stella_json_member_bool(w, "partial", side->lost > 0);
    stella_json_end_object(w);
}

static void write_counts(stella_json_writer *w, const diff_counts *counts) {
    for (uint32_t kind = 0; kind < DIFF_KINDS; kind++)
        stella_json_member_u64(w, diff_kind_name((diff_kind)kind), counts->of[kind]);
}

static void write_layer_members(stella_json_writer *w, const diff_result *r, diff_place place) {
    const diff_layer *layer = diff_layer_of(r, place);
    if (!layer)
        return;
    stella_json_member_str(w, "image", place.is_old ? STELLA_SV("old") : STELLA_SV("new"));
    stella_json_member_u64(w, "index", place.layer);
    stella_json_member_opt(w, "digest", layer->digest);
    stella_json_member_opt(w, "diffId", layer->diff_id);
    stella_json_member_opt(w, "createdBy", layer->created_by);
}

static void write_layer(stella_json_writer *w, const char *key, const diff_result *r, diff_place place) {
    if (!diff_layer_of(r, place))
        return;
    stella_json_member_object(w, key);
    write_layer_members(w, r, place);
    stella_json_end_object(w);
}

static void write_component(stella_json_writer *w, const char *key, const diff_component *c) {
    if (!c)
        return;
    stella_json_member_object(w, key);
    stella_json_member_str(w, "ref", c->ref);
    stella_json_member_opt(w, "purl", c->purl);
    stella_json_member_opt(w, "version", c->version);
    stella_json_member_opt(w, "architecture", c->fields[DIFF_FIELD_ARCHITECTURE]);
    stella_json_member_opt(w, "licenses", c->fields[DIFF_FIELD_LICENSES]);
    if (c->layer != DIFF_NONE)
        stella_json_member_u64(w, "layer", c->layer);
    stella_json_end_object(w);
}

static void write_fields(stella_json_writer *w, const diff_change *change) {
    if (!change->fields)
        return;
    stella_json_member_array(w, "fields");
    for (uint32_t i = 0; i < DIFF_FIELDS; i++) {
        if (!(change->fields >> i & 1))
            continue;
        stella_json_begin_object(w);
        stella_json_member_str(w, "name", stella_sv_cstr(diff_field_name(i)));
        stella_json_member_str(w, "old", change->old->fields[i]);
        stella_json_member_str(w, "new", change->new->fields[i]);
        stella_json_end_object(w);
    }
    stella_json_end_array(w);
}

/* Of an added component the old image took it away: the layers are that one's. */
static void write_removal(stella_json_writer *w, const diff_result *r, const diff_change *change) {
    const diff_removal *removal = &change->removal;
    const int is_old = change->kind == DIFF_ADDED;
    if (removal->fate == DIFF_FATE_DROPPED && !is_old)
        stella_json_member_bool(w, "layerDropped", 1);
    if (removal->fate != DIFF_FATE_REMOVED)
        return;
    write_layer(w, removal->first == removal->last ? "removedLayer" : "removedLayerFirst", r,
                (diff_place){.layer = removal->first, .is_old = is_old});
    if (removal->first != removal->last)
        write_layer(w, "removedLayerLast", r, (diff_place){.layer = removal->last, .is_old = is_old});
}

static void write_change(stella_json_writer *w, const diff_result *r, const diff_change *change) {
    const diff_component *c = diff_subject(change);
    stella_json_begin_object(w);
    stella_json_member_str(w, "kind", stella_sv_cstr(diff_kind_name(change->kind)));
    stella_json_member_str(w, "type", c->type);
    stella_json_member_opt(w, "namespace", c->namespace_);
    stella_json_member_str(w, "name", c->name);
    stella_json_member_array(w, "views");
    stella_json_write_str(w, STELLA_SV("inventory"));
    if (diff_is_used(change->old) || diff_is_used(change->new))
        stella_json_write_str(w, STELLA_SV("usage"));
    stella_json_end_array(w);
    write_component(w, "old", change->old);
    write_component(w, "new", change->new);
    write_fields(w, change);
    write_layer(w, "introducedLayer", r, change->introduced);
    write_removal(w, r, change);
    stella_json_end_object(w);
}

static void write_group(stella_json_writer *w, const diff_result *r, uint32_t first, uint32_t count) {
    const diff_counts counts = diff_count(r, first, count);
    stella_json_begin_object(w);
    write_layer_members(w, r, r->changes[first].group);
    stella_json_member_object(w, "summary");
    write_counts(w, &counts);
    stella_json_end_object(w);
    stella_json_member_array(w, "changes");
    for (uint32_t i = first; i < first + count; i++)
        write_change(w, r, &r->changes[i]);
    stella_json_end_array(w);
    stella_json_end_object(w);
}

static void write_base(stella_json_writer *w, const diff_result *r) {
    stella_json_member_object(w, "base");
    stella_json_member_bool(w, "changed", r->is_base_changed);
    stella_json_member_u64(w, "sharedLayers", r->layers.shared);
    stella_json_end_object(w);
}

static void write_head(stella_json_writer *w, const diff_result *r) {
    diff_time_text generated;
    diff_time(r->generated_ms, generated);
    stella_json_member_str(w, "schema", STELLA_SV(DIFF_SCHEMA));
    stella_json_member_object(w, "tool");
    stella_json_member_str(w, "name", STELLA_SV("stella"));
    stella_json_member_str(w, "version", STELLA_SV(ENGINE_VERSION));
    stella_json_end_object(w);
    stella_json_member_str(w, "view", r->view == DIFF_USAGE ? STELLA_SV("usage") : STELLA_SV("inventory"));
    stella_json_member_opt(w, "generatedAt", stella_sv_cstr(generated));
    stella_json_member_opt(w, "oldImageDigest", r->old->digest);
    stella_json_member_opt(w, "newImageDigest", r->new->digest);
    write_side(w, "old", r->old);
    write_side(w, "new", r->new);
    write_base(w, r);
}

stella_status diff_write_json(const diff_result *r, const diff_form *form, stella_error *err) {
    stella_json_writer w;
    stella_json_writer_init(&w, form->sink, 2);
    stella_json_begin_object(&w);
    write_head(&w, r);
    stella_json_member_object(&w, "summary");
    write_counts(&w, &r->counts);
    stella_json_member_u64(&w, "unchanged", r->counts.unchanged);
    stella_json_end_object(&w);
    stella_json_member_array(&w, "layers");
    for (uint32_t i = 0, count; i < r->change_count; i += count) {
        count = diff_group_length(r, i);
        write_group(&w, r, i, count);
    }
    stella_json_end_array(&w);
    stella_json_end_object(&w);
    return stella_json_finish(&w, err);
}

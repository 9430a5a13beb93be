#include "result.h"

#include <stella/analyzer.h>

static void write_subject(stella_json_writer *w, const stella_bom *bom) {
    stella_json_member_object(w, "subject");
    stella_json_member_str(w, "kind", bom->subject_kind);
    stella_json_member_str(w, "name", bom->subject_name);
    stella_json_member_opt(w, "digest", bom->subject_digest);
    stella_json_member_opt(w, "configDigest", bom->subject_config_digest);
    stella_json_member_opt(w, "os", bom->os);
    stella_json_member_opt(w, "architecture", bom->architecture);
    stella_json_member_opt(w, "variant", bom->variant);
    if (bom->created_ms >= 0)
        stella_json_member_u64(w, "createdMs", (uint64_t)bom->created_ms);
    stella_json_end_object(w);
}

static void write_distro(stella_json_writer *w, const stella_bom *bom) {
    if (bom->distro_id.len == 0)
        return;
    stella_json_member_object(w, "distro");
    stella_json_member_str(w, "id", bom->distro_id);
    stella_json_member_opt(w, "version", bom->distro_version);
    stella_json_member_opt(w, "name", bom->distro_name);
    stella_json_end_object(w);
}

static void write_layers(stella_json_writer *w, const stella_bom *bom) {
    stella_json_member_array(w, "layers");
    for (uint32_t i = 0; i < bom->layers.count; i++) {
        const stella_bom_layer *layer = STELLA_AT(bom->layers, stella_bom_layer, i);
        stella_json_begin_object(w);
        stella_json_member_opt(w, "digest", layer->digest);
        stella_json_member_opt(w, "diffId", layer->diff_id);
        stella_json_member_opt(w, "mediaType", layer->media_type);
        stella_json_member_opt(w, "createdBy", layer->created_by);
        stella_json_member_u64(w, "size", layer->size);
        stella_json_member_u64(w, "entries", layer->entries);
        stella_json_end_object(w);
    }
    stella_json_end_array(w);
}

static void write_licenses(stella_json_writer *w, const stella_list *licenses) {
    stella_json_member_array(w, "licenses");
    for (uint32_t i = 0; i < licenses->count; i++) {
        const stella_bom_license *license = STELLA_AT(*licenses, stella_bom_license, i);
        stella_json_begin_object(w);
        stella_json_member_str(w, license->how == STELLA_LICENSE_EXPRESSION ? "expression" : "name", license->text);
        stella_json_end_object(w);
    }
    stella_json_end_array(w);
}

/* An SBOM in place of an image has no layers. */
static void write_evidence(stella_json_writer *w, const stella_list *evidence, int has_layers) {
    stella_json_member_array(w, "evidence");
    for (uint32_t i = 0; i < evidence->count; i++) {
        const stella_bom_evidence *e = STELLA_AT(*evidence, stella_bom_evidence, i);
        stella_json_begin_object(w);
        stella_json_member_str(w, "path", e->path);
        if (e->line)
            stella_json_member_u64(w, "line", e->line);
        if (e->layer != STELLA_BOM_NO_LAYER)
            if (has_layers)
                stella_json_member_u64(w, "layer", e->layer);
        stella_json_member_str(w, "method", e->method);
        stella_json_member_str(w, "plugin", e->plugin);
        stella_json_end_object(w);
    }
    stella_json_end_array(w);
}

static void write_files(stella_json_writer *w, const stella_list *files) {
    if (files->count == 0)
        return;
    stella_json_member_array(w, "files");
    for (uint32_t i = 0; i < files->count; i++) {
        const stella_bom_file *file = STELLA_AT(*files, stella_bom_file, i);
        stella_json_begin_object(w);
        stella_json_member_str(w, "path", file->path);
        if (file->digest.len) {
            stella_json_member_object(w, "digest");
            stella_json_member_str(w, "algorithm", file->digest_alg);
            stella_json_member_str(w, "value", file->digest);
            stella_json_end_object(w);
        }
        if (file->flags & STELLA_OWNED_CONFIG)
            stella_json_member_bool(w, "config", 1);
        if (file->flags & STELLA_OWNED_GHOST)
            stella_json_member_bool(w, "ghost", 1);
        stella_json_member_bool(w, "present", file->present != 0);
        stella_json_end_object(w);
    }
    stella_json_end_array(w);
}

static void write_pairs(stella_json_writer *w, const char *key, const char *value_key, const stella_list *pairs) {
    stella_json_member_array(w, key);
    for (uint32_t i = 0; i < pairs->count; i++) {
        const stella_bom_pair *pair = STELLA_AT(*pairs, stella_bom_pair, i);
        stella_json_begin_object(w);
        stella_json_member_str(w, "name", pair->name);
        stella_json_member_str(w, value_key, pair->value);
        stella_json_end_object(w);
    }
    stella_json_end_array(w);
}

static void write_layer_numbers(stella_json_writer *w, const stella_bom_component *c, int has_layers) {
    if (has_layers)
        stella_json_member_u64(w, "introducedLayer", c->introduced);
    stella_json_member_array(w, "layers");
    for (uint32_t i = 0; i < c->layers.count; i++)
        stella_json_write_u64(w, *STELLA_AT(c->layers, uint32_t, i));
    stella_json_end_array(w);
}

/* Which programs reach it, and how; absent when nothing is known of what is run. */
static void write_uses(stella_json_writer *w, const stella_bom_component *c) {
    stella_json_member_array(w, "usedByEntrypoint");
    for (uint32_t i = 0; i < c->entrypoints.count; i++)
        stella_json_write_u64(w, *STELLA_AT(c->entrypoints, uint32_t, i));
    stella_json_end_array(w);
    stella_json_member_array(w, "uses");
    for (uint32_t i = 0; i < c->uses.count; i++) {
        const stella_bom_use *use = STELLA_AT(c->uses, stella_bom_use, i);
        stella_json_begin_object(w);
        stella_json_member_u64(w, "entrypoint", use->entrypoint);
        stella_json_member_str(w, "path", use->path);
        stella_json_member_str(w, "how", use->how);
        stella_json_member_opt(w, "via", use->via);
        stella_json_end_object(w);
    }
    stella_json_end_array(w);
}

static void write_entrypoints(stella_json_writer *w, const stella_bom *bom) {
    stella_json_member_str(w, "view", bom->view);
    stella_json_member_array(w, "entrypoints");
    for (uint32_t i = 0; i < bom->entrypoints.count; i++) {
        const stella_bom_entrypoint *e = STELLA_AT(bom->entrypoints, stella_bom_entrypoint, i);
        stella_json_begin_object(w);
        stella_json_member_str(w, "launcher", e->launcher);
        stella_json_member_str(w, "command", e->command);
        stella_json_member_str(w, "type", e->type);
        stella_json_member_u64(w, "confidence", e->confidence);
        stella_json_end_object(w);
    }
    stella_json_end_array(w);
}

static void write_source(stella_json_writer *w, const stella_bom_component *c) {
    if (c->source_name.len == 0)
        return;
    stella_json_member_object(w, "source");
    stella_json_member_str(w, "name", c->source_name);
    stella_json_member_opt(w, "version", c->source_version);
    stella_json_end_object(w);
}

static void write_component(stella_json_writer *w, const stella_bom *bom, const stella_bom_component *c) {
    const int has_layers = bom->layers.count > 0;
    stella_json_begin_object(w);
    stella_json_member_str(w, "ref", c->ref);
    stella_json_member_opt(w, "purl", c->purl);
    stella_json_member_str(w, "type", c->type);
    stella_json_member_opt(w, "namespace", c->namespace_);
    stella_json_member_str(w, "name", c->name);
    stella_json_member_opt(w, "version", c->version);
    stella_json_member_opt(w, "kind", c->kind);
    stella_json_member_opt(w, "architecture", c->architecture);
    write_source(w, c);
    stella_json_member_opt(w, "maintainer", c->maintainer);
    stella_json_member_opt(w, "vendor", c->vendor);
    stella_json_member_opt(w, "description", c->description);
    stella_json_member_opt(w, "homepage", c->homepage);
    stella_json_member_opt(w, "cpe", c->cpe);
    if (c->installed_size)
        stella_json_member_u64(w, "installedSize", c->installed_size);
    if (c->flags & STELLA_COMPONENT_DECLARED)
        stella_json_member_bool(w, "declared", 1);
    if (c->flags & STELLA_COMPONENT_DEV)
        stella_json_member_bool(w, "dev", 1);
    if (c->flags & STELLA_COMPONENT_OPTIONAL)
        stella_json_member_bool(w, "optional", 1);
    if (c->flags & STELLA_COMPONENT_MANAGED)
        stella_json_member_bool(w, "managed", 1);
    if (bom->trace && (c->entrypoints.count || c->uses.count))
        write_uses(w, c);
    write_layer_numbers(w, c, has_layers);
    write_licenses(w, &c->licenses);
    write_evidence(w, &c->evidence, has_layers);
    write_files(w, &c->files);
    write_pairs(w, "properties", "value", &c->properties);
    stella_json_end_object(w);
}

static void write_end(stella_json_writer *w, const char *key, const stella_bom *bom, uint32_t index) {
    stella_json_key(w, stella_sv_cstr(key));
    if (index == STELLA_BOM_ROOT)
        stella_json_write_null(w);
    else
        stella_json_write_str(w, STELLA_AT(bom->components, stella_bom_component, index)->ref);
}

static void write_relations(stella_json_writer *w, const stella_bom *bom) {
    static const struct {
        uint32_t flag;
        const char *key;
    } flags[] = {
        {STELLA_RELATION_INFERRED, "inferred"}, {STELLA_RELATION_OPTIONAL, "optional"}, {STELLA_RELATION_DEV, "dev"}};
    stella_json_member_array(w, "relations");
    for (uint32_t i = 0; i < bom->relations.count; i++) {
        const stella_bom_relation *r = STELLA_AT(bom->relations, stella_bom_relation, i);
        stella_json_begin_object(w);
        write_end(w, "from", bom, r->from);
        write_end(w, "to", bom, r->to);
        stella_json_member_str(w, "kind",
                               r->kind == STELLA_RELATION_CONTAINS ? STELLA_SV("contains") : STELLA_SV("dependsOn"));
        for (uint32_t f = 0; f < STELLA_COUNT(flags); f++)
            if (r->flags & flags[f].flag)
                stella_json_member_bool(w, flags[f].key, 1);
        stella_json_end_object(w);
    }
    stella_json_end_array(w);
}

static void write_errors(stella_json_writer *w, const stella_bom *bom) {
    stella_json_member_array(w, "errors");
    for (uint32_t i = 0; i < bom->errors.count; i++) {
        const stella_bom_error *e = STELLA_AT(bom->errors, stella_bom_error, i);
        stella_json_begin_object(w);
        stella_json_member_str(w, "severity",
                               e->severity == STELLA_NOTE_ERROR ? STELLA_SV("error") : STELLA_SV("info"));
        stella_json_member_opt(w, "plugin", e->plugin);
        stella_json_member_str(w, "code", e->code);
        stella_json_member_str(w, "message", e->message);
        stella_json_member_opt(w, "path", e->path);
        if (e->line)
            stella_json_member_u64(w, "line", e->line);
        if (e->layer >= 0)
            stella_json_member_u64(w, "layer", (uint64_t)e->layer);
        stella_json_member_bool(w, "lost", e->lost != 0);
        stella_json_end_object(w);
    }
    stella_json_end_array(w);
}

/* Whether some layer was read in part. */
static int is_partial(const stella_bom *bom) {
    for (uint32_t i = 0; i < bom->errors.count; i++)
        if (stella_sv_eq(STELLA_AT(bom->errors, stella_bom_error, i)->code, STELLA_SV("partial")))
            return 1;
    return 0;
}

void result_write(stella_json_writer *w, const stella_bom *bom) {
    stella_json_begin_object(w);
    stella_json_member_str(w, "schema", STELLA_SV(RESULT_SCHEMA));
    stella_json_member_object(w, "tool");
    stella_json_member_str(w, "name", bom->tool_name);
    stella_json_member_str(w, "version", bom->tool_version);
    write_pairs(w, "plugins", "version", &bom->plugins);
    stella_json_end_object(w);
    write_subject(w, bom);
    write_distro(w, bom);
    write_layers(w, bom);
    if (bom->trace)
        write_entrypoints(w, bom);
    stella_json_member_array(w, "components");
    for (uint32_t i = 0; i < bom->components.count; i++)
        write_component(w, bom, STELLA_AT(bom->components, stella_bom_component, i));
    stella_json_end_array(w);
    write_relations(w, bom);
    write_errors(w, bom);
    if (is_partial(bom))
        stella_json_member_bool(w, "partial", 1);
    write_pairs(w, "counters", "value", &bom->counters);
    stella_json_end_object(w);
}

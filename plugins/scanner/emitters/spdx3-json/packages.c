#include "spdx3-json/graph.h"

static stella_status no_memory(stella_error *err) {
    return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for an element of the document");
}

/* The text's number among its like; a new one is kept for the whole document. */
static stella_status number_of(graph *g, spdx_texts *texts, stella_sv text, uint32_t *out, stella_error *err) {
    spdx_text *item = spdx_texts_find(texts, text);
    if (!item) {
        const stella_sv kept = stella_arena_dup(g->d->arena, text);
        item = kept.ptr ? spdx_texts_add(texts, kept) : NULL;
    }
    if (!item)
        return no_memory(err);
    *out = (uint32_t)(item - texts->items);
    return STELLA_OK;
}

static stella_status number_actor(graph *g, const spdx_actor *actor, uint32_t *out, stella_error *err) {
    stella_buf *key = &g->d->text;
    key->len = 0;
    stella_buf_u8(key, actor->is_person ? 'P' : 'O');
    stella_buf_add(key, actor->name);
    stella_buf_u8(key, 0);
    stella_buf_add(key, actor->address);
    return key->failed ? no_memory(err) : number_of(g, &g->actors, stella_buf_sv(key), out, err);
}

static void write_identifier(graph *g, const char *type, stella_sv identifier) {
    stella_json_begin_object(g->w);
    stella_json_member_str(g->w, "type", STELLA_SV("ExternalIdentifier"));
    stella_json_member_str(g->w, "externalIdentifierType", stella_sv_cstr(type));
    stella_json_member_str(g->w, "identifier", identifier);
    stella_json_end_object(g->w);
}

static void write_identifiers(graph *g, const spdx_package *p) {
    uint32_t at = 0;
    stella_sv cpe;
    int has_cpe = spdx_package_cpe(p, &at, &cpe);
    if (!has_cpe && p->purl.len == 0)
        return;
    stella_json_member_array(g->w, "externalIdentifier");
    if (p->purl.len)
        write_identifier(g, "packageUrl", p->purl);
    for (; has_cpe; has_cpe = spdx_package_cpe(p, &at, &cpe))
        write_identifier(g, "cpe23", cpe);
    stella_json_end_array(g->w);
}

static void write_hash(graph *g, stella_sv sha256) {
    if (sha256.len == 0)
        return;
    stella_json_member_array(g->w, "verifiedUsing");
    stella_json_begin_object(g->w);
    stella_json_member_str(g->w, "type", STELLA_SV("Hash"));
    stella_json_member_str(g->w, "algorithm", STELLA_SV("sha256"));
    stella_json_member_str(g->w, "hashValue", sha256);
    stella_json_end_object(g->w);
    stella_json_end_array(g->w);
}

static stella_status write_actors(graph *g, const spdx_package *p, stella_error *err) {
    uint32_t number;
    stella_status status = STELLA_OK;
    if (p->supplier.name.len && (status = number_actor(g, &p->supplier, &number, err)) == STELLA_OK)
        stella_json_member_str(g->w, "suppliedBy", graph_numbered(g, "Actor", number));
    if (status != STELLA_OK || p->originator.name.len == 0)
        return status;
    status = number_actor(g, &p->originator, &number, err);
    if (status == STELLA_OK) {
        stella_json_member_array(g->w, "originatedBy");
        stella_json_write_str(g->w, graph_numbered(g, "Actor", number));
        stella_json_end_array(g->w);
    }
    return status;
}

static stella_status write_package(graph *g, const spdx_package *p, stella_error *err) {
    static const char *const purposes[SPDX_PURPOSES] = {
        "application", "framework", "library", "container", "operatingSystem", "device", "firmware", "file", "other"};
    graph_begin(g, "software_Package", p->id);
    stella_json_member_str(g->w, "name", p->name);
    stella_json_member_opt(g->w, "description", p->description);
    stella_json_member_opt(g->w, "comment", p->comment);
    write_identifiers(g, p);
    write_hash(g, p->sha256);
    const stella_status status = write_actors(g, p, err);
    stella_json_member_opt(g->w, "software_packageVersion", p->version);
    stella_json_member_opt(g->w, "software_packageUrl", p->purl);
    stella_json_member_opt(g->w, "software_homePage", p->homepage);
    stella_json_member_opt(g->w, "software_sourceInfo", p->source_info);
    stella_json_member_str(g->w, "software_copyrightText", STELLA_SV(SPDX_NO_ASSERTION));
    stella_json_member_str(g->w, "software_primaryPurpose", stella_sv_cstr(purposes[p->purpose]));
    stella_json_end_object(g->w);
    return status;
}

static stella_status write_declared(graph *g, const spdx_package *p, stella_error *err) {
    uint32_t number;
    if (p->declared.len == 0)
        return STELLA_OK;
    const stella_status status = number_of(g, &g->expressions, p->declared, &number, err);
    if (status != STELLA_OK)
        return status;
    graph_begin_numbered(g, "Relationship", "Relationship", g->relationships++);
    stella_json_member_str(g->w, "relationshipType", STELLA_SV("hasDeclaredLicense"));
    stella_json_member_str(g->w, "from", graph_iri(g, p->id));
    stella_json_member_array(g->w, "to");
    stella_json_write_str(g->w, graph_numbered(g, "License", number));
    stella_json_end_array(g->w);
    stella_json_end_object(g->w);
    return STELLA_OK;
}

static stella_status write_one(graph *g, uint32_t index, stella_error *err) {
    spdx_package package;
    stella_status status = spdx_package_of(g->d, index, &package, err);
    if (status == STELLA_OK)
        status = write_package(g, &package, err);
    return status == STELLA_OK ? write_declared(g, &package, err) : status;
}

stella_status graph_packages(graph *g, stella_error *err) {
    stella_status status = write_one(g, STELLA_BOM_ROOT, err);
    for (uint32_t i = 0; i < g->d->bom->components.count && status == STELLA_OK; i++)
        status = write_one(g, i, err);
    return status;
}

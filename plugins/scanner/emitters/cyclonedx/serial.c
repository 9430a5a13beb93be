/* The serial number is a function of the result, not of a document: a result in three syntaxes is one BOM. */
#include "mapping.h"

#include <stella/analyzer.h>
#include <stella/auto.h>
#include <stella/digest.h>

#include <stdio.h>

/* What is hashed, in pieces that are worth a call. */
typedef struct digester {
    stella_sha256 *hash;
    size_t used;
    char buffer[16384];
} digester;

static void flush(digester *d) {
    stella_sha256_update(d->hash, d->buffer, d->used);
    d->used = 0;
}

static void put(digester *d, const void *bytes, size_t size) {
    if (size > sizeof d->buffer - d->used) {
        flush(d);
        if (size > sizeof d->buffer) {
            stella_sha256_update(d->hash, bytes, size);
            return;
        }
    }
    if (size)
        memcpy(d->buffer + d->used, bytes, size);
    d->used += size;
}

/* The same bytes on every machine. */
static void put_number(digester *d, uint64_t value) {
    unsigned char bytes[8];
    for (uint32_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char)(value >> 8 * i);
    put(d, bytes, sizeof bytes);
}

/* With its length: no two texts run together. */
static void put_text(digester *d, stella_sv text) {
    put_number(d, text.len);
    put(d, text.ptr, text.len);
}

static void put_pairs(digester *d, const stella_list *pairs) {
    put_number(d, pairs->count);
    for (uint32_t i = 0; i < pairs->count; i++) {
        put_text(d, STELLA_AT(*pairs, stella_bom_pair, i)->name);
        put_text(d, STELLA_AT(*pairs, stella_bom_pair, i)->value);
    }
}

static void put_subject(digester *d, const stella_bom *bom) {
    const stella_sv texts[] = {bom->tool_name,      bom->tool_version,   bom->subject_kind,
                               bom->subject_name,   bom->subject_digest, bom->os,
                               bom->architecture,   bom->variant,        bom->distro_id,
                               bom->distro_version, bom->distro_name,    bom->subject_config_digest};
    for (uint32_t i = 0; i < STELLA_COUNT(texts); i++)
        put_text(d, texts[i]);
    put_number(d, (uint64_t)bom->created_ms);
    put_pairs(d, &bom->plugins);
    put_number(d, bom->layers.count);
    for (uint32_t i = 0; i < bom->layers.count; i++) {
        const stella_bom_layer *layer = STELLA_AT(bom->layers, stella_bom_layer, i);
        put_text(d, layer->digest);
        put_text(d, layer->diff_id);
        put_text(d, layer->created_by);
    }
}

static void put_evidence(digester *d, const stella_bom_component *c) {
    put_number(d, c->evidence.count);
    for (uint32_t i = 0; i < c->evidence.count; i++) {
        const stella_bom_evidence *e = STELLA_AT(c->evidence, stella_bom_evidence, i);
        put_text(d, e->path);
        put_text(d, e->method);
        put_number(d, (uint64_t)e->line << 32 | e->layer);
    }
    put_number(d, c->licenses.count);
    for (uint32_t i = 0; i < c->licenses.count; i++) {
        put_text(d, STELLA_AT(c->licenses, stella_bom_license, i)->text);
        put_number(d, STELLA_AT(c->licenses, stella_bom_license, i)->how);
    }
    put_number(d, c->layers.count);
    for (uint32_t i = 0; i < c->layers.count; i++)
        put_number(d, *STELLA_AT(c->layers, uint32_t, i));
}

static void put_component(digester *d, const stella_bom_component *c) {
    const stella_sv texts[] = {c->ref,      c->purl,        c->type,           c->namespace_, c->name,   c->version,
                               c->kind,     c->source_name, c->source_version, c->maintainer, c->vendor, c->description,
                               c->homepage, c->cpe,         c->architecture};
    for (uint32_t i = 0; i < STELLA_COUNT(texts); i++)
        put_text(d, texts[i]);
    put_number(d, (uint64_t)c->flags << 32 | c->introduced);
    put_number(d, c->files.count);
    put_number(d, c->installed_size);
    put_pairs(d, &c->properties);
    put_evidence(d, c);
}

static void put_result(digester *d, const stella_bom *bom) {
    put_subject(d, bom);
    put_number(d, bom->components.count);
    for (uint32_t i = 0; i < bom->components.count; i++)
        put_component(d, STELLA_AT(bom->components, stella_bom_component, i));
    for (uint32_t i = 0; i < bom->relations.count; i++) {
        const stella_bom_relation *r = STELLA_AT(bom->relations, stella_bom_relation, i);
        put_number(d, (uint64_t)r->from << 32 | r->to);
    }
    for (uint32_t i = 0; i < bom->errors.count; i++) {
        const stella_bom_error *e = STELLA_AT(bom->errors, stella_bom_error, i);
        const stella_sv texts[] = {e->plugin, e->code, e->message, e->path};
        for (uint32_t k = 0; k < STELLA_COUNT(texts); k++)
            put_text(d, texts[k]);
        put_number(d, (uint64_t)e->severity << 32 | e->lost);
    }
    flush(d);
}

stella_status mapping_serial(const stella_bom *bom, char serial[CDX_SERIAL_SIZE], stella_error *err) {
    STELLA_AUTO(stella_sha256_destroyp) stella_sha256 *hash = stella_sha256_create();
    digester d = {.hash = hash};
    unsigned char u[STELLA_SHA256_SIZE];
    if (!hash)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a hash");
    put_result(&d, bom);
    stella_sha256_final(hash, u);
    u[6] = (unsigned char)((u[6] & 0x0f) | 0x50);
    u[8] = (unsigned char)((u[8] & 0x3f) | 0x80);
    snprintf(serial, CDX_SERIAL_SIZE, "urn:uuid:%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x",
             u[0], u[1], u[2], u[3], u[4], u[5], u[6], u[7], u[8], u[9], u[10], u[11], u[12], u[13], u[14], u[15]);
    return STELLA_OK;
}

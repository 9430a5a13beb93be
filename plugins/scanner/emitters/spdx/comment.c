#include "spdx/comment.h"

#include "common/text.h"
#include "spdx/document.h"

#include <stella/component.h>

#include <stdio.h>

#define NAME_SIZE 256

static void add_number(stella_buf *out, const char *name, uint64_t value) {
    char text[24];
    const int len = snprintf(text, sizeof text, "%llu", (unsigned long long)value);
    spdx_add_line(out, name, stella_sv_of(text, (size_t)len));
}

static void add_layer(stella_buf *out, uint32_t layer, const char *what, stella_sv value) {
    char name[64];
    snprintf(name, sizeof name, "layer:%u:%s", layer, what);
    spdx_add_line(out, name, value);
}

void spdx_comment_of_root(const stella_bom *bom, stella_buf *out) {
    spdx_add_line(out, "digest", bom->subject_digest);
    spdx_add_line(out, "configDigest", bom->subject_config_digest);
    spdx_add_line(out, "os", bom->os);
    spdx_add_line(out, "architecture", bom->architecture);
    spdx_add_line(out, "variant", bom->variant);
    spdx_add_line(out, "distro:id", bom->distro_id);
    spdx_add_line(out, "distro:version", bom->distro_version);
    spdx_add_line(out, "distro:name", bom->distro_name);
    for (uint32_t i = 0; i < bom->layers.count; i++) {
        const stella_bom_layer *layer = STELLA_AT(bom->layers, stella_bom_layer, i);
        add_layer(out, i, "digest", layer->digest);
        add_layer(out, i, "diffId", layer->diff_id);
        add_layer(out, i, "createdBy", layer->created_by);
    }
}

/* "var/lib/dpkg/status:812 package-database org.stella-ops.analyzer.dpkg" */
static void add_evidence(stella_buf *out, const stella_bom_evidence *e) {
    char text[8192], line[16] = "";
    if (e->line)
        snprintf(line, sizeof line, ":%u", e->line);
    const int len = snprintf(text, sizeof text, "%.*s%s %.*s %.*s", STELLA_SV_FMT(stella_sv_first(e->path, 4096)), line,
                             STELLA_SV_FMT(stella_sv_first(e->method, 256)), STELLA_SV_FMT(e->plugin));
    const size_t shown = len < 0 ? 0 : (size_t)len < sizeof text ? (size_t)len : sizeof text - 1;
    spdx_add_line(out, "evidence", stella_sv_of(text, shown));
}

static void add_layers(const stella_bom *bom, const stella_bom_component *c, stella_buf *out) {
    add_number(out, "introduced:layer", c->introduced);
    if (c->introduced < bom->layers.count)
        spdx_add_line(out, "introduced:digest", STELLA_AT(bom->layers, stella_bom_layer, c->introduced)->digest);
    for (uint32_t i = 0; i < c->layers.count; i++)
        add_number(out, "layer", *STELLA_AT(c->layers, uint32_t, i));
}

/* A line's name ends at the first '=', and a line break is no part of it. */
static void add_property(stella_buf *out, const stella_bom_pair *pair) {
    char name[NAME_SIZE];
    const int len = snprintf(name, sizeof name, "%.*s", STELLA_SV_FMT(stella_sv_first(pair->name, NAME_SIZE - 1)));
    for (int i = 0; i < len; i++)
        if (name[i] == '=' || (unsigned char)name[i] < 0x20)
            name[i] = '-';
    spdx_add_line(out, name, pair->value);
}

void spdx_comment_of_component(const stella_bom *bom, const stella_bom_component *c, stella_buf *out) {
    if (c->purl.len == 0)
        spdx_add_line(out, "type", c->type);
    add_layers(bom, c, out);
    for (uint32_t i = 0; i < c->evidence.count; i++)
        add_evidence(out, STELLA_AT(c->evidence, stella_bom_evidence, i));
    spdx_add_line(out, "architecture", c->architecture);
    if (c->flags & STELLA_COMPONENT_DECLARED)
        spdx_add_line(out, "declared", STELLA_SV("true"));
    if (c->flags & STELLA_COMPONENT_DEV)
        spdx_add_line(out, "dev", STELLA_SV("true"));
    if (!text_is_cpe(c->cpe))
        spdx_add_line(out, "cpe", c->cpe);
    if (!text_is_web_address(c->homepage))
        spdx_add_line(out, "homepage", c->homepage);
    if (c->installed_size)
        add_number(out, "installedSize", c->installed_size);
    if (c->files.count)
        add_number(out, "files", c->files.count);
    for (uint32_t i = 0; i < c->properties.count; i++)
        add_property(out, STELLA_AT(c->properties, stella_bom_pair, i));
}

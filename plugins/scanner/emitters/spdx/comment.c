#include "spdx/comment.h"

#include "common/text.h"
#include <stella/component.h>

#include <stdio.h>

void spdx_line_begin(stella_buf *text, stella_sv name) {
    stella_buf_add(text, STELLA_SV("stella:"));
    stella_buf_add(text, name);
    stella_buf_u8(text, '=');
}

void spdx_line_add(stella_buf *text, stella_sv piece) {
    for (;;) {
        size_t plain = 0;
        while (plain < piece.len && piece.ptr[plain] != '\n' && piece.ptr[plain] != '\\')
            plain++;
        stella_buf_add(text, stella_sv_first(piece, plain));
        if (plain == piece.len)
            return;
        stella_buf_add(text, piece.ptr[plain] == '\n' ? STELLA_SV("\\n") : STELLA_SV("\\\\"));
        piece = stella_sv_skip(piece, plain + 1);
    }
}

void spdx_line_end(stella_buf *text) {
    stella_buf_u8(text, '\n');
}

/* A whole line; nothing when the value is empty. */
static void add_line(stella_buf *out, stella_sv name, stella_sv value) {
    if (value.len == 0)
        return;
    spdx_line_begin(out, name);
    spdx_line_add(out, value);
    spdx_line_end(out);
}

/* printf would take a third of the time of a whole document. */
static void add_decimal(stella_buf *out, uint64_t value) {
    char digits[20];
    size_t at = sizeof digits;
    do
        digits[--at] = (char)('0' + value % 10);
    while (value /= 10);
    stella_buf_add(out, stella_sv_of(digits + at, sizeof digits - at));
}

static void add_number(stella_buf *out, stella_sv name, uint64_t value) {
    spdx_line_begin(out, name);
    add_decimal(out, value);
    spdx_line_end(out);
}

static void add_layer(stella_buf *out, uint32_t layer, const char *what, stella_sv value) {
    char name[64];
    const int len = snprintf(name, sizeof name, "layer:%u:%s", layer, what);
    add_line(out, stella_sv_of(name, (size_t)len), value);
}

void spdx_comment_of_root(const stella_bom *bom, stella_buf *out) {
    add_line(out, STELLA_SV("kind"), bom->subject_kind);
    add_line(out, STELLA_SV("digest"), bom->subject_digest);
    add_line(out, STELLA_SV("configDigest"), bom->subject_config_digest);
    add_line(out, STELLA_SV("os"), bom->os);
    add_line(out, STELLA_SV("architecture"), bom->architecture);
    add_line(out, STELLA_SV("variant"), bom->variant);
    add_line(out, STELLA_SV("distro:id"), bom->distro_id);
    add_line(out, STELLA_SV("distro:version"), bom->distro_version);
    add_line(out, STELLA_SV("distro:name"), bom->distro_name);
    for (uint32_t i = 0; i < bom->layers.count; i++) {
        const stella_bom_layer *layer = STELLA_AT(bom->layers, stella_bom_layer, i);
        add_layer(out, i, "digest", layer->digest);
        add_layer(out, i, "diffId", layer->diff_id);
        add_layer(out, i, "createdBy", layer->created_by);
    }
}

/* "var/lib/dpkg/status:812 package-database org.stella-ops.analyzer.dpkg" */
static void add_evidence(stella_buf *out, const stella_bom_evidence *e) {
    spdx_line_begin(out, STELLA_SV("evidence"));
    spdx_line_add(out, e->path);
    if (e->line) {
        spdx_line_add(out, STELLA_SV(":"));
        add_decimal(out, e->line);
    }
    spdx_line_add(out, STELLA_SV(" "));
    spdx_line_add(out, e->method);
    spdx_line_add(out, STELLA_SV(" "));
    spdx_line_add(out, e->plugin);
    spdx_line_end(out);
}

static void add_layers(const stella_bom *bom, const stella_bom_component *c, stella_buf *out) {
    if (c->introduced < bom->layers.count) {
        add_number(out, STELLA_SV("introduced:layer"), c->introduced);
        add_line(out, STELLA_SV("introduced:digest"), STELLA_AT(bom->layers, stella_bom_layer, c->introduced)->digest);
    }
    for (uint32_t i = 0; i < c->layers.count; i++)
        add_number(out, STELLA_SV("layer"), *STELLA_AT(c->layers, uint32_t, i));
}

/* A line's name ends at the first '=', and a line break is no part of it. */
static void add_property(stella_buf *out, const stella_bom_pair *pair) {
    stella_buf_add(out, STELLA_SV("stella:"));
    for (size_t i = 0; i < pair->name.len; i++) {
        const char c = pair->name.ptr[i];
        stella_buf_u8(out, c == '=' || c == '\n' ? '-' : (uint8_t)c);
    }
    stella_buf_u8(out, '=');
    spdx_line_add(out, pair->value);
    spdx_line_end(out);
}

void spdx_comment_of_component(const stella_bom *bom, const stella_bom_component *c, stella_buf *out) {
    if (c->purl.len == 0)
        add_line(out, STELLA_SV("type"), c->type);
    add_layers(bom, c, out);
    for (uint32_t i = 0; i < c->evidence.count; i++)
        add_evidence(out, STELLA_AT(c->evidence, stella_bom_evidence, i));
    for (uint32_t i = 0; i < c->entrypoints.count; i++)
        add_line(out, STELLA_SV("usedByEntrypoint"),
                 STELLA_AT(bom->entrypoints, stella_bom_entrypoint, *STELLA_AT(c->entrypoints, uint32_t, i))->launcher);
    add_line(out, STELLA_SV("architecture"), c->architecture);
    if (c->flags & STELLA_COMPONENT_DECLARED)
        add_line(out, STELLA_SV("declared"), STELLA_SV("true"));
    if (c->flags & STELLA_COMPONENT_DEV)
        add_line(out, STELLA_SV("dev"), STELLA_SV("true"));
    if (c->flags & STELLA_COMPONENT_OPTIONAL)
        add_line(out, STELLA_SV("optional"), STELLA_SV("true"));
    if (c->flags & STELLA_COMPONENT_MANAGED)
        add_line(out, STELLA_SV("managed"), STELLA_SV("true"));
    if (!text_is_cpe(c->cpe))
        add_line(out, STELLA_SV("cpe"), c->cpe);
    if (!text_is_web_address(c->homepage))
        add_line(out, STELLA_SV("homepage"), c->homepage);
    if (c->installed_size)
        add_number(out, STELLA_SV("installedSize"), c->installed_size);
    if (c->files.count)
        add_number(out, STELLA_SV("files"), c->files.count);
    for (uint32_t i = 0; i < c->properties.count; i++)
        add_property(out, STELLA_AT(c->properties, stella_bom_pair, i));
}

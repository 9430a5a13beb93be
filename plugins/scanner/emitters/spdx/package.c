#include "spdx/package.h"

#include "common/text.h"
#include "spdx/comment.h"

#include <stella/component.h>
#include <stella/digest.h>
#include <stella/encoding.h>

#define ID_PART_MAX 64 /* of the name and of the type in an id */

/* ---- ids ---- */

static void add_id_part(char *id, size_t *used, stella_sv text) {
    text = stella_sv_first(text, ID_PART_MAX);
    for (size_t i = 0; i < text.len; i++)
        id[(*used)++] = spdx_is_id_byte(text.ptr[i]) ? text.ptr[i] : '-';
    id[(*used)++] = '-';
}

stella_sv spdx_package_id(spdx_document *d, uint32_t index) {
    if (index == STELLA_BOM_ROOT)
        return STELLA_SV("SPDXRef-Subject");
    const stella_bom_component *c = STELLA_AT(d->bom->components, stella_bom_component, index);
    char id[2 * (ID_PART_MAX + 1) + 2 * SPDX_ID_DIGEST_SIZE + 24] = "SPDXRef-Package-";
    size_t used = strlen(id);
    add_id_part(id, &used, c->type);
    add_id_part(id, &used, c->name);
    stella_hex(d->digests[index], SPDX_ID_DIGEST_SIZE, id + used);
    return stella_arena_dup(d->scratch, stella_sv_of(id, used + 2 * (size_t)SPDX_ID_DIGEST_SIZE));
}

/* ---- who ---- */

static int has_word(stella_sv name, stella_sv word) {
    stella_sv part;
    while (stella_sv_split(&name, ' ', &part))
        if (stella_sv_ieq(part, word))
            return 1;
    return 0;
}

/* Packagers write groups and persons alike as "Name <address>". */
static int is_group(stella_sv name) {
    static const stella_sv words[] = {STELLA_SV_INIT("team"),        STELLA_SV_INIT("group"),
                                      STELLA_SV_INIT("maintainers"), STELLA_SV_INIT("developers"),
                                      STELLA_SV_INIT("project"),     STELLA_SV_INIT("packagers"),
                                      STELLA_SV_INIT("foundation"),  STELLA_SV_INIT("inc.")};
    for (uint32_t i = 0; i < STELLA_COUNT(words); i++)
        if (has_word(name, words[i]))
            return 1;
    return 0;
}

/* "Name <address>"; without an address it is taken for an organisation. */
static spdx_actor actor_of(stella_sv text) {
    const size_t open = stella_sv_find(text, '<');
    const stella_sv rest = stella_sv_skip(text, open + 1);
    const stella_sv address = stella_sv_trim(stella_sv_first(rest, stella_sv_find(rest, '>')));
    const stella_sv name = stella_sv_trim(stella_sv_first(text, open));
    if (name.len == 0)
        return (spdx_actor){.name = address, .is_person = address.len != 0};
    return (spdx_actor){.name = name, .address = address, .is_person = address.len && !is_group(name)};
}

/* ---- what ---- */

static spdx_purpose purpose_of(stella_sv kind) {
    static const struct {
        stella_sv kind;
        spdx_purpose purpose;
    } purposes[] = {
        {STELLA_SV_INIT("application"), SPDX_PURPOSE_APPLICATION},
        {STELLA_SV_INIT("framework"), SPDX_PURPOSE_FRAMEWORK},
        {STELLA_SV_INIT("container"), SPDX_PURPOSE_CONTAINER},
        {STELLA_SV_INIT("operating-system"), SPDX_PURPOSE_OPERATING_SYSTEM},
        {STELLA_SV_INIT("device"), SPDX_PURPOSE_DEVICE},
        {STELLA_SV_INIT("firmware"), SPDX_PURPOSE_FIRMWARE},
        {STELLA_SV_INIT("file"), SPDX_PURPOSE_FILE},
        {STELLA_SV_INIT("platform"), SPDX_PURPOSE_OTHER},
        {STELLA_SV_INIT("device-driver"), SPDX_PURPOSE_OTHER},
        {STELLA_SV_INIT("data"), SPDX_PURPOSE_OTHER},
        {STELLA_SV_INIT("machine-learning-model"), SPDX_PURPOSE_OTHER},
        {STELLA_SV_INIT("cryptographic-asset"), SPDX_PURPOSE_OTHER},
    };
    for (uint32_t i = 0; i < STELLA_COUNT(purposes); i++)
        if (stella_sv_eq(kind, purposes[i].kind))
            return purposes[i].purpose;
    return SPDX_PURPOSE_LIBRARY;
}

/* An image is a container, a layer of one part of it; a directory with an operating system's identity is one, any other an application. */
static spdx_purpose root_purpose(const stella_bom *bom) {
    if (stella_sv_eq(bom->subject_kind, STELLA_SV("image")) || stella_sv_eq(bom->subject_kind, STELLA_SV("layer")))
        return SPDX_PURPOSE_CONTAINER;
    return bom->distro_id.len ? SPDX_PURPOSE_OPERATING_SYSTEM : SPDX_PURPOSE_APPLICATION;
}

/* The text in the making, kept until the next package. */
static stella_sv take_text(spdx_document *d) {
    const stella_sv text = stella_arena_dup(d->scratch, stella_sv_trim(stella_buf_sv(&d->text)));
    d->text.failed |= !text.ptr;
    d->text.len = 0;
    return text;
}

static void fill_root(spdx_document *d, spdx_package *p) {
    const stella_bom *bom = d->bom;
    const stella_sv digest = bom->subject_digest.len ? bom->subject_digest : bom->subject_config_digest;
    p->name = d->name;
    p->version = digest;
    p->purl = d->root_purl;
    p->purpose = root_purpose(bom);
    if (stella_digest_is_valid(bom->subject_digest))
        p->sha256 = stella_sv_skip(bom->subject_digest, STELLA_SV("sha256:").len);
    spdx_comment_of_root(bom, &d->text);
    p->comment = take_text(d);
}

static void add_source(stella_buf *text, const stella_bom_component *c) {
    stella_buf_add(text, STELLA_SV("built package from: "));
    stella_buf_add(text, c->source_name);
    stella_buf_add(text, c->source_version.len ? STELLA_SV(" ") : STELLA_SV(""));
    stella_buf_add(text, c->source_version);
}

static void fill_component(spdx_document *d, const stella_bom_component *c, spdx_package *p) {
    p->component = c;
    p->name = c->name;
    p->version = c->version;
    p->description = c->description;
    p->homepage = text_is_web_address(c->homepage) ? c->homepage : STELLA_SV("");
    p->purl = c->purl;
    p->purpose = purpose_of(c->kind);
    p->originator = actor_of(c->maintainer);
    p->supplier = p->originator;
    if (c->vendor.len)
        p->supplier = (spdx_actor){.name = stella_sv_trim(c->vendor)};
    spdx_licenses_declared(&d->licenses, c, &d->text);
    p->declared = take_text(d);
    if (c->source_name.len)
        add_source(&d->text, c);
    p->source_info = take_text(d);
    spdx_comment_of_component(d->bom, c, &d->text);
    p->comment = take_text(d);
}

stella_status spdx_package_of(spdx_document *d, uint32_t index, spdx_package *out, stella_error *err) {
    stella_arena_reset(d->scratch);
    d->text.len = 0;
    d->text.failed = 0;
    spdx_package p = {.id = spdx_package_id(d, index)};
    if (index == STELLA_BOM_ROOT)
        fill_root(d, &p);
    else
        fill_component(d, STELLA_AT(d->bom->components, stella_bom_component, index), &p);
    if (d->text.failed || !p.id.ptr)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for what is to be said of \"%.*s\"",
                                STELLA_SV_FMT(stella_sv_first(p.name, 80)));
    *out = p;
    return STELLA_OK;
}

int spdx_package_cpe(const spdx_package *package, uint32_t *at, stella_sv *out) {
    const stella_bom_component *c = package->component;
    for (; c && *at <= c->properties.count; (*at)++) {
        const stella_bom_pair *pair = *at ? STELLA_AT(c->properties, stella_bom_pair, *at - 1) : NULL;
        const int is_candidate = !pair || stella_sv_eq(pair->name, STELLA_SV(STELLA_PROPERTY_CPE));
        const stella_sv name = pair ? pair->value : c->cpe;
        if (!is_candidate || !text_is_cpe(name) || (pair && stella_sv_eq(name, c->cpe)))
            continue;
        *out = name;
        (*at)++;
        return 1;
    }
    return 0;
}

/* The emitter that tells why a component is in the result (README.md). */
#include "ways.h"

#include <stella/analyzer.h>
#include <stella/auto.h>
#include <stella/emitter.h>
#include <stella/terminal.h>

#define TEXT_MAX    (64u << 20)
#define MATCHES_MAX 20u
#define FILES_MAX   20u
#define WAYS_MAX    3u
#define WAY_MAX     64u /* components of one way that are told */
#define DIGEST_MAX  19u /* "sha256:" and twelve digits */

typedef struct page {
    const stella_bom *bom;
    ways ways;
    stella_buf text;
} page;

static void page_fini(page *p) {
    stella_buf_fini(&p->text);
}

static const stella_bom_component *component_at(const page *p, uint32_t index) {
    return STELLA_AT(p->bom->components, stella_bom_component, index);
}

static void add(page *p, const char *text) {
    stella_buf_add(&p->text, stella_sv_cstr(text));
}

static void add_safe(page *p, stella_sv text) {
    stella_terminal_add(&p->text, text);
}

static void add_line(page *p, const char *what, stella_sv text) {
    if (!text.len)
        return;
    stella_buf_printf(&p->text, "  %s: ", what);
    add_safe(p, text);
    add(p, "\n");
}

/* ---- which ones ---------------------------------------------------------------------------------------------------
 */

/* "NAME" or "NAMESPACE/NAME". */
static int has_name(const stella_bom_component *c, stella_sv wanted) {
    if (stella_sv_eq(c->name, wanted))
        return 1;
    return c->namespace_.len && wanted.len == c->namespace_.len + 1 + c->name.len &&
           stella_sv_starts(wanted, c->namespace_) && wanted.ptr[c->namespace_.len] == '/' &&
           stella_sv_ends(wanted, c->name);
}

/* A purl without its qualifiers, and without its version, is enough. */
static int has_purl(const stella_bom_component *c, stella_sv wanted) {
    if (!wanted.len || !stella_sv_starts(c->purl, wanted))
        return 0;
    const stella_sv rest = stella_sv_skip(c->purl, wanted.len);
    return !rest.len || rest.ptr[0] == '@' || rest.ptr[0] == '?' || rest.ptr[0] == '#';
}

static int is_meant(const stella_bom_component *c, stella_sv wanted) {
    const size_t at = stella_sv_rfind(wanted, '@');
    if (stella_sv_eq(c->ref, wanted) || has_purl(c, wanted) || has_name(c, wanted))
        return 1;
    return at < wanted.len && at > 0 && has_name(c, stella_sv_first(wanted, at)) &&
           stella_sv_eq(c->version, stella_sv_skip(wanted, at + 1));
}

/* ---- what is known of one -----------------------------------------------------------------------------------------
 */

static void add_name(page *p, const stella_bom_component *c) {
    if (c->namespace_.len && !stella_sv_eq(c->type, STELLA_SV("deb"))) {
        add_safe(p, c->namespace_);
        add(p, "/");
    }
    add_safe(p, c->name);
    if (c->version.len) {
        add(p, " ");
        add_safe(p, c->version);
    }
}

static void add_flags(page *p, const stella_bom_component *c) {
    static const struct {
        uint32_t flag;
        const char *meaning;
    } flags[] = {{STELLA_COMPONENT_DECLARED, "declared: a lock file names it, nothing proves that it is installed"},
                 {STELLA_COMPONENT_DEV, "for development only"},
                 {STELLA_COMPONENT_OPTIONAL, "optional: what needs it can do without it"},
                 {STELLA_COMPONENT_MANAGED, "managed: its files belong to packages of the distribution"}};
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++)
        if (c->flags & flags[i].flag)
            stella_buf_printf(&p->text, "  %s\n", flags[i].meaning);
}

/* History has instructions over several lines, and with runs of blanks. */
static void add_instruction(page *p, stella_sv text) {
    stella_sv word;
    for (stella_sv rest = text; stella_sv_split(&rest, ' ', &word);) {
        word = stella_sv_trim(word);
        if (!word.len)
            continue;
        add(p, " ");
        add_safe(p, word);
    }
}

static void add_layers(page *p, const stella_bom_component *c) {
    if (c->introduced >= p->bom->layers.count)
        return;
    const stella_bom_layer *layer = STELLA_AT(p->bom->layers, stella_bom_layer, c->introduced);
    const stella_sv name = layer->digest.len ? layer->digest : layer->diff_id;
    if (!name.len) /* a directory */
        return;
    stella_buf_printf(&p->text, "  introduced by layer %u (", c->introduced);
    add_safe(p, stella_sv_first(name, DIGEST_MAX));
    add(p, layer->created_by.len ? "):" : ")");
    add_instruction(p, layer->created_by);
    add(p, "\n");
    for (uint32_t i = 0, told = 0; i < c->layers.count; i++) {
        const uint32_t other = *STELLA_AT(c->layers, uint32_t, i);
        if (other != c->introduced)
            stella_buf_printf(&p->text, "%s%u", told++ ? ", " : "  stated again by layers ", other);
        if (told && i + 1 == c->layers.count)
            add(p, "\n");
    }
}

static void add_licenses(page *p, const stella_bom_component *c) {
    for (uint32_t i = 0; i < c->licenses.count; i++) {
        const stella_bom_license *license = STELLA_AT(c->licenses, stella_bom_license, i);
        add(p, "  license: ");
        add_safe(p, license->text);
        add(p, license->how == STELLA_LICENSE_EXPRESSION ? " (SPDX expression)\n" : " (as it is called there)\n");
    }
}

static void add_evidence(page *p, const stella_bom_component *c) {
    for (uint32_t i = 0; i < c->evidence.count; i++) {
        const stella_bom_evidence *e = STELLA_AT(c->evidence, stella_bom_evidence, i);
        add(p, "  proven by ");
        add_safe(p, e->path);
        if (e->line)
            stella_buf_printf(&p->text, ":%u", e->line);
        if (e->layer != STELLA_BOM_NO_LAYER && p->bom->layers.count > 1)
            stella_buf_printf(&p->text, ", layer %u", e->layer);
        add(p, ": ");
        add_safe(p, e->method);
        add(p, " (");
        add_safe(p, e->plugin);
        add(p, ")\n");
    }
}

static void add_files(page *p, const stella_bom_component *c) {
    if (c->files.count)
        stella_buf_printf(&p->text, "  owns %u file%s:\n", c->files.count, c->files.count == 1 ? "" : "s");
    for (uint32_t i = 0; i < c->files.count && i < FILES_MAX; i++) {
        const stella_bom_file *file = STELLA_AT(c->files, stella_bom_file, i);
        add(p, "    ");
        add_safe(p, file->path);
        add(p, file->present ? "\n" : " (not there)\n");
    }
    if (c->files.count > FILES_MAX)
        stella_buf_printf(&p->text, "    and %u more\n", c->files.count - FILES_MAX);
}

/* ---- what pulls it in ---------------------------------------------------------------------------------------------
 */

/* The way to the component that the relation starts from, and the component itself. */
static void add_way(page *p, const stella_bom_relation *r, uint32_t index) {
    uint32_t way[WAY_MAX], length = 0, at = r->from;
    for (; at != STELLA_BOM_ROOT && at != WAYS_FAR && length < WAY_MAX; at = p->ways.before[at])
        way[length++] = at;
    add(p, "  pulled in by ");
    add_safe(p, p->bom->subject_name.len ? p->bom->subject_name : p->bom->subject_kind);
    if (at != STELLA_BOM_ROOT)
        add(p, " -> ...");
    while (length) {
        add(p, " -> ");
        add_name(p, component_at(p, way[--length]));
    }
    add(p, " -> ");
    add_name(p, component_at(p, index));
    add(p, r->flags & STELLA_RELATION_INFERRED ? " (inferred)\n" : "\n");
}

static uint32_t distance_from(const page *p, const stella_bom_relation *r) {
    return r->from == STELLA_BOM_ROOT ? 0 : p->ways.distance[r->from];
}

/* The shortest first; of equal ones in the order of the relations. */
static void add_ways(page *p, uint32_t index) {
    uint32_t told[WAYS_MAX] = {0}, count = 0;
    for (; count < WAYS_MAX; count++) {
        uint32_t best = WAYS_FAR;
        for (uint32_t i = 0; i < p->bom->relations.count; i++) {
            const stella_bom_relation *r = STELLA_AT(p->bom->relations, stella_bom_relation, i);
            int is_told = r->to != index || distance_from(p, r) == WAYS_FAR;
            for (uint32_t k = 0; k < count; k++)
                is_told |= told[k] == i;
            if (!is_told &&
                (best == WAYS_FAR ||
                 distance_from(p, r) < distance_from(p, STELLA_AT(p->bom->relations, stella_bom_relation, best))))
                best = i;
        }
        if (best == WAYS_FAR)
            return;
        told[count] = best;
        add_way(p, STELLA_AT(p->bom->relations, stella_bom_relation, best), index);
    }
}

static stella_sv launcher_of(const page *p, uint32_t entrypoint) {
    return entrypoint < p->bom->entrypoints.count
               ? STELLA_AT(p->bom->entrypoints, stella_bom_entrypoint, entrypoint)->launcher
               : STELLA_SV("");
}

static void add_uses(page *p, const stella_bom_component *c) {
    if (p->bom->trace && !c->entrypoints.count)
        add(p, "  no entrypoint is known to reach it\n");
    for (uint32_t i = 0; i < c->uses.count; i++) {
        const stella_bom_use *use = STELLA_AT(c->uses, stella_bom_use, i);
        add(p, "  reached by ");
        add_safe(p, launcher_of(p, use->entrypoint));
        add(p, ": ");
        add_safe(p, use->path);
        add(p, ", ");
        add_safe(p, use->how);
        if (use->via.len) {
            add(p, ", asked for by ");
            add_safe(p, use->via);
        }
        add(p, "\n");
    }
}

static void add_component(page *p, uint32_t index) {
    const stella_bom_component *c = component_at(p, index);
    add_name(p, c);
    add(p, " (");
    add_safe(p, c->type);
    add(p, ")\n");
    add_line(p, "ref", c->ref);
    add_line(p, "architecture", c->architecture);
    add_line(p, "source package", c->source_name);
    add_line(p, "maintainer", c->maintainer);
    add_line(p, "vendor", c->vendor);
    add_flags(p, c);
    add_layers(p, c);
    add_licenses(p, c);
    add_evidence(p, c);
    add_files(p, c);
    add_ways(p, index);
    add_uses(p, c);
}

static stella_status refuse(stella_sv wanted, stella_error *err) {
    return stella_error_set(
        err, STELLA_E_INVALID, NULL,
        "no component \"%.*s\" in the result: it takes a name, NAME@VERSION, a package URL or a ref",
        STELLA_SV_FMT(stella_sv_first(wanted, 80)));
}

static stella_status emit(void *self, const stella_bom *bom, const stella_emission *out, stella_error *err) {
    (void)self;
    STELLA_AUTO(page_fini) page p = {.bom = bom, .text = stella_buf_of(TEXT_MAX)};
    const stella_sv wanted = stella_sv_trim(out->template_text);
    uint32_t found = 0;
    const stella_status status = ways_find(bom, out->arena, &p.ways, err);
    for (uint32_t i = 0; status == STELLA_OK && i < bom->components.count; i++) {
        if (!is_meant(component_at(&p, i), wanted))
            continue;
        if (found && found < MATCHES_MAX)
            add(&p, "\n");
        if (found++ < MATCHES_MAX)
            add_component(&p, i);
    }
    if (status != STELLA_OK || !found)
        return status == STELLA_OK ? refuse(wanted, err) : status;
    if (found > MATCHES_MAX)
        stella_buf_printf(&p.text, "\n%u more are meant by it: name one with its version\n", found - MATCHES_MAX);
    return p.text.failed ? stella_error_set(err, STELLA_E_LIMIT, NULL, "more is known than 64 MiB hold")
                         : stella_sink_write(out->sink, stella_buf_sv(&p.text), err);
}

static const stella_emitter emitter = {.head = STELLA_HEAD(stella_emitter),
                                       .format = "explain",
                                       .media_type = "text/plain",
                                       .emit = emit,
                                       .flags = STELLA_EMITTER_TEMPLATE | STELLA_EMITTER_EVERYTHING};

STELLA_PLUGIN("org.stella-ops.emitter.explain", "0.1.0", STELLA_EMITTER_INTERFACE, emitter, .create = NULL);

#include "mapping.h"

#include <time.h>

#define SCRATCH_BYTES (128u << 20)             /* what one component is made of besides the result's own texts */
#define LAST_MS       INT64_C(253402300799999) /* the end of the year 9999 */

const char *const cdx_versions[] = {"1.7", "1.6", "1.5", NULL};

static stella_status set_version(cdx_document *d, stella_sv version, stella_error *err) {
    static const cdx_version values[] = {CDX_1_7, CDX_1_6, CDX_1_5};
    for (uint32_t i = 0; cdx_versions[i]; i++)
        if (stella_sv_eq(version, stella_sv_cstr(cdx_versions[i]))) {
            d->version = values[i];
            d->version_text = stella_sv_cstr(cdx_versions[i]);
            return STELLA_OK;
        }
    return stella_error_at(err, STELLA_E_INVALID, version, "not a version of CycloneDX that is written");
}

static void set_time(cdx_document *d, int64_t ms) {
    struct tm t;
    const time_t seconds = (time_t)(ms / 1000);
    d->created_s = -1;
    if (ms < 0 || ms > LAST_MS || !gmtime_r(&seconds, &t))
        return;
    d->created_s = (int64_t)seconds;
    strftime(d->timestamp, sizeof d->timestamp, "%Y-%m-%dT%H:%M:%SZ", &t);
}

stella_status cdx_document_init(cdx_document *d, const stella_bom *bom, const stella_emission *out, stella_error *err) {
    *d = (cdx_document){.bom = bom};
    stella_status status = set_version(d, out->version, err);
    if (status == STELLA_OK)
        status = mapping_serial(bom, d->serial, err);
    if (status == STELLA_OK)
        status = mapping_root(d, out->arena, err);
    if (status != STELLA_OK)
        return status;
    set_time(d, bom->created_ms);
    d->scratch = stella_arena_create(SCRATCH_BYTES);
    return d->scratch ? STELLA_OK : stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a document");
}

void cdx_document_fini(cdx_document *d) {
    stella_arena_destroyp(&d->scratch);
}

uint32_t cdx_tool_count(const cdx_document *d) {
    return 1 + d->bom->plugins.count;
}

void cdx_tool(const cdx_document *d, uint32_t index, cdx_component *out) {
    const stella_bom *bom = d->bom;
    const stella_bom_pair tool = {.name = bom->tool_name, .value = bom->tool_version};
    const stella_bom_pair *what = index ? STELLA_AT(bom->plugins, stella_bom_pair, index - 1) : &tool;
    *out = (cdx_component){
        .type = cdx_type_of(index ? STELLA_SV("library") : STELLA_SV("application"), d->version),
        .name = what->name,
        .version = what->value,
    };
}

stella_sv cdx_ref(const cdx_document *d, uint32_t index) {
    return index == STELLA_BOM_ROOT ? STELLA_SV(CDX_ROOT)
                                    : STELLA_AT(d->bom->components, stella_bom_component, index)->ref;
}

/* Relations are ordered by from, to and kind, the root's last. */
int cdx_edge_next(const cdx_document *d, cdx_edges *edges, uint32_t from, stella_sv *to) {
    const stella_list *all = &d->bom->relations;
    for (; edges->at < all->count; edges->at++) {
        const stella_bom_relation *r = STELLA_AT(*all, stella_bom_relation, edges->at);
        if (r->from != from)
            return 0;
        const stella_bom_relation *before = edges->at ? STELLA_AT(*all, stella_bom_relation, edges->at - 1) : NULL;
        if (r->to == from || (before && before->from == from && before->to == r->to))
            continue;
        *to = cdx_ref(d, r->to);
        edges->at++;
        return 1;
    }
    return 0;
}

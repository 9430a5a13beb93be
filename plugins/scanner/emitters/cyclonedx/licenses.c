/* Since 1.7 ids, expressions and names stand side by side. Before, a component has ids and names, or one expression. */
#include "mapping.h"

#include <stella/component.h>
#include <stella/sink.h>

static cdx_license license_of(const stella_bom_license *from) {
    if (from->how != STELLA_LICENSE_EXPRESSION)
        return (cdx_license){.how = CDX_LICENSE_NAME, .text = from->text};
    const stella_sv id = cdx_license_id(from->text);
    return id.ptr ? (cdx_license){.how = CDX_LICENSE_ID, .text = id}
                  : (cdx_license){.how = CDX_LICENSE_EXPRESSION, .text = from->text};
}

static uint32_t count_of(const cdx_license *all, uint32_t count, uint32_t how) {
    uint32_t found = 0;
    for (uint32_t i = 0; i < count; i++)
        found += all[i].how == how;
    return found;
}

/* All of them hold, each for some part: "(A OR B) AND C". */
static stella_sv join_all(const cdx_license *all, uint32_t count, stella_arena *arena) {
    stella_sv text = STELLA_SV("");
    for (uint32_t i = 0; text.ptr && i < count; i++) {
        const int is_compound = stella_sv_find(all[i].text, ' ') < all[i].text.len;
        text = stella_arena_printf(arena, "%.*s%s%s%.*s%s", STELLA_SV_FMT(text), i ? " AND " : "",
                                   is_compound ? "(" : "", STELLA_SV_FMT(all[i].text), is_compound ? ")" : "");
    }
    return text;
}

/* Of what 1.6 cannot say together: expressions become one, or, beside names, names themselves. */
static int make_older(cdx_license *all, uint32_t *count, stella_arena *arena) {
    const uint32_t expressions = count_of(all, *count, CDX_LICENSE_EXPRESSION);
    if (expressions == 0 || *count == 1)
        return 1;
    if (count_of(all, *count, CDX_LICENSE_NAME)) {
        for (uint32_t i = 0; i < *count; i++)
            if (all[i].how == CDX_LICENSE_EXPRESSION)
                all[i].how = CDX_LICENSE_NAME;
        return 1;
    }
    all[0] = (cdx_license){.how = CDX_LICENSE_EXPRESSION, .text = join_all(all, *count, arena)};
    *count = 1;
    return all[0].text.ptr != NULL;
}

stella_status mapping_licenses(const cdx_document *d, const stella_bom_component *c, cdx_component *out,
                               stella_error *err) {
    cdx_license *all = stella_arena_alloc(d->scratch, c->licenses.count, sizeof *all);
    uint32_t count = 0;
    for (; all && count < c->licenses.count; count++)
        all[count] = license_of(STELLA_AT(c->licenses, stella_bom_license, count));
    if (!all || (d->version < CDX_1_7 && !make_older(all, &count, d->scratch)))
        return stella_error_at(err, STELLA_E_NOMEM, c->ref, "no memory for the licenses");
    out->licenses = all;
    out->license_count = count;
    return STELLA_OK;
}

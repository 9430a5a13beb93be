#include "analyze.h"

#include "component.h"
#include "files.h"
#include "inventory.h"
#include "relations.h"

/* The packages of one root: a database below another folder neither provides to nor requires from the image's own. */
static stella_status add_root(stella_analysis *job, package *packages, uint32_t count, const origin *from,
                              stella_error *err) {
    relations *related;
    stella_status status = relations_open(job, packages, count, &related, err);
    for (uint32_t i = 0; i < count && status == STELLA_OK; i++) {
        if (stella_cancelled(job))
            return stella_error_set(err, STELLA_E_CANCELLED, NULL, "the result is no longer wanted");
        status = component_make(job, &packages[i], from, err);
        if (status == STELLA_OK)
            status = files_add(&packages[i], relations_file, related, err);
    }
    if (status == STELLA_OK)
        relations_link(related);
    return status;
}

stella_status rpm_analyze(void *self, stella_analysis *job, stella_error *err) {
    (void)self;
    inventory inv;
    origin from;
    stella_status status = inventory_load(job, &inv, err);
    if (status == STELLA_OK)
        status = origin_find(job, STELLA_SV(""), &from, err);
    for (uint32_t first = 0, end; status == STELLA_OK && first < inv.count; first = end) {
        for (end = first + 1; end < inv.count && stella_sv_eq(inv.packages[end].root, inv.packages[first].root);)
            end++;
        status = add_root(job, inv.packages + first, end - first, &from, err);
    }
    return status;
}

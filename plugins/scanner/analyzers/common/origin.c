#include "origin.h"

#include <stella/distro.h>

stella_status origin_find(stella_analysis *job, stella_sv fallback, origin *out, stella_error *err) {
    stella_record record = STELLA_RECORD_INIT;
    stella_records it = stella_published(STELLA_SV(STELLA_DISTRO_KIND));
    stella_distro distro = {0};
    if (stella_records_next(job, &it, &record)) {
        const stella_status status = stella_distro_decode(record.bytes, &distro, err);
        if (status != STELLA_OK)
            return status;
    }
    if (distro.id.len == 0) {
        *out = (origin){.namespace_ = fallback};
        return STELLA_OK;
    }
    const stella_sv id = stella_arena_dup(job->arena, distro.id);
    const stella_sv text = stella_arena_printf(job->arena, "%.*s%s%.*s", STELLA_SV_FMT(distro.id),
                                               distro.version_id.len ? "-" : "", STELLA_SV_FMT(distro.version_id));
    if (!id.ptr || !text.ptr)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the distribution's name");
    *out = (origin){.namespace_ = id, .id = id, .distro = text};
    return STELLA_OK;
}

void origin_apply(const origin *from, stella_sv arch, stella_component *c) {
    stella_component_set(c, STELLA_FIELD_NAMESPACE, from->namespace_);
    stella_component_qualifier(c, STELLA_SV("arch"), arch);
    stella_component_qualifier(c, STELLA_SV("distro"), from->distro);
}

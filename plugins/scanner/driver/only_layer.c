#include "only_layer.h"

static int has_digest(const scan *s, uint32_t layer, stella_sv digest) {
    const layer_info *info = &s->image.layers[layer];
    return stella_sv_eq(digest, info->digest) || stella_sv_eq(digest, info->diff_id) ||
           stella_sv_eq(digest, stella_sv_cstr(s->layers[layer].report.digest)) ||
           stella_sv_eq(digest, stella_sv_cstr(s->layers[layer].diff_id));
}

static stella_status refuse(stella_sv wanted, uint32_t count, stella_error *err) {
    const stella_sv shown = stella_sv_first(wanted, 80);
    if (count == 0)
        return stella_error_set(err, STELLA_E_INVALID, NULL, "--layer: the target has no layers");
    if (count == 1)
        return stella_error_set(err, STELLA_E_INVALID, NULL, "no layer \"%.*s\": there is one layer, 0",
                                STELLA_SV_FMT(shown));
    return stella_error_set(err, STELLA_E_INVALID, NULL,
                            "no layer \"%.*s\": there are 0 to %u, or give a layer's digest", STELLA_SV_FMT(shown),
                            count - 1);
}

stella_status only_layer_find(scan *s, int is_read, stella_error *err) {
    const uint32_t count = s->image.layer_count;
    s->only_layer = -1;
    if (!s->options.only_layer)
        return STELLA_OK;
    const stella_sv wanted = stella_sv_cstr(s->options.only_layer);
    uint64_t position = 0;
    const int is_digest = stella_sv_find(wanted, ':') < wanted.len;
    if (!is_digest && stella_sv_u64(wanted, count, &position) && position < count) {
        s->only_layer = (int32_t)position;
        return STELLA_OK;
    }
    for (uint32_t i = 0; is_digest && i < count; i++)
        if (has_digest(s, i, wanted)) {
            s->only_layer = (int32_t)i;
            return STELLA_OK;
        }
    if (is_digest && !is_read)
        return STELLA_OK;
    return refuse(wanted, count, err);
}

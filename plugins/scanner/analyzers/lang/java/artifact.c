#include "artifact.h"

#include "common/fields.h"

#include <stella/auto.h>

/* Words of 256 bytes, a path of 2 KiB, texts that their readers have bounded: neither is ever met. */
#define RECORD_BYTES_MAX ((size_t)15 << 20)
#define KEY_BYTES_MAX    ((size_t)4096)

/* What stays equal in a newer layer's copy of the file while the artifact is the same. */
static stella_status make_key(const artifact *a, stella_buf *key) {
    const stella_sv *t = a->texts;
    return stella_buf_printf(key, "%.*s:%.*s@%.*s:%.*s!%.*s", STELLA_SV_FMT(t[ARTIFACT_GROUP]),
                             STELLA_SV_FMT(t[ARTIFACT_NAME]), STELLA_SV_FMT(t[ARTIFACT_VERSION]),
                             STELLA_SV_FMT(t[ARTIFACT_CLASSIFIER]), STELLA_SV_FMT(t[ARTIFACT_NESTED]));
}

stella_status artifact_emit(stella_probe *probe, const artifact *a, stella_error *err) {
    STELLA_AUTO(stella_buf_fini) stella_buf key = stella_buf_of(KEY_BYTES_MAX), bytes = stella_buf_of(RECORD_BYTES_MAX);
    stella_status status = make_key(a, &key);
    if (status == STELLA_OK)
        status = fields_encode(a->parent, a->texts, ARTIFACT_TEXTS, &bytes);
    if (status != STELLA_OK)
        return stella_error_at(err, status, a->texts[ARTIFACT_NESTED], "no memory for an artifact");
    stella_record record = STELLA_RECORD_INIT;
    record.kind = STELLA_SV(ARTIFACT_KIND);
    record.key = stella_buf_sv(&key);
    record.bytes = stella_buf_sv(&bytes);
    return stella_probe_record(probe, &record, err);
}

stella_status artifact_decode(const stella_record *record, artifact *out, stella_error *err) {
    return fields_decode(record->bytes, ARTIFACT_TEXTS, &out->parent, out->texts, err);
}

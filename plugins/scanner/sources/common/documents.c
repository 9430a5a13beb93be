#include "documents.h"

#include <stella/digest.h>

#include <stdio.h>

stella_status documents_verify(const oci_descriptor *d, stella_sv bytes, stella_sv name, stella_error *err) {
    if (bytes.len != d->size)
        return stella_error_at(err, STELLA_E_FORMAT, name, "holds %zu bytes, its descriptor says %llu", bytes.len,
                               (unsigned long long)d->size);
    char computed[STELLA_DIGEST_TEXT_SIZE];
    stella_digest_of(bytes, computed);
    if (!stella_sv_eq(d->digest, stella_sv_cstr(computed)))
        return stella_error_at(err, STELLA_E_FORMAT, name, "wrong digest: the content is %s", computed);
    return STELLA_OK;
}

stella_status documents_locate(stella_status status, stella_sv name, stella_error *err) {
    if (status != STELLA_OK && err) {
        const stella_error inner = *err;
        stella_error_set(err, status, NULL, "%s", inner.message);
        snprintf(err->path, sizeof err->path, "%.*s%s%.90s", STELLA_SV_FMT(stella_sv_first(name, 96)),
                 inner.path[0] ? "#" : "", inner.path);
    }
    return status;
}

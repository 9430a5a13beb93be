#include "toc_request.h"

#include <stella/digest.h>

stella_status toc_request_read(const stella_json *json, toc_request *out, stella_error *err) {
    const stella_sv digest = stella_json_str(stella_json_get(json, "digest"));
    uint64_t bytes = 0;
    if ((digest.len && !stella_digest_is_valid(digest)) ||
        !stella_json_u64(stella_json_get(json, "dataBytes"), &bytes) || bytes > INT64_MAX)
        return stella_error_set(err, STELLA_E_INVALID, "/toc", "what is said of a table of contents makes no sense");
    *out = (toc_request){.digest = digest, .data_bytes = bytes};
    return STELLA_OK;
}

stella_status toc_request_load(const toc_request *request, int fd, stella_buf *json, toc *t, stella_error *err) {
    const stella_status status = toc_load(fd, request->digest, json, err);
    return status == STELLA_OK ? toc_parse(stella_buf_sv(json), request->data_bytes, t, err) : status;
}

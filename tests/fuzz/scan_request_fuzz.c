/* Property: a request is refused with a message, or its job has a valid id and survives being written and read. */
#include "job.h"

#include <stella/auto.h>

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(int holds) {
    if (!holds)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
    const stella_sv input = stella_sv_of((const char *)data, size);
    stella_error err = {0};
    job_request request;
    job other;
    if (arena && job_read(input, arena, &other, &err) != STELLA_OK)
        must(err.message[0] != '\0');
    if (!arena || job_request_parse(input, arena, &request, &err) != STELLA_OK) {
        must(err.message[0] != '\0');
        return 0;
    }
    must(job_id_is_valid(stella_sv_cstr(request.job.id)) && request.job.format_count > 0);
    job_time(0, request.job.created_at);
    job_time(0, request.job.updated_at);
    STELLA_AUTO(stella_buf_fini) stella_buf document = stella_buf_of(1u << 17);
    const stella_sink sink = stella_buf_sink(&document);
    must(job_write(&request.job, &sink, NULL) == STELLA_OK);
    must(job_read(stella_buf_sv(&document), arena, &other, NULL) == STELLA_OK);
    must(strcmp(other.target, request.job.target) == 0 && strcmp(other.id, request.job.id) == 0);
    return 0;
}

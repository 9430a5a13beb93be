/* A daemon's answer: what was delivered is what the sink got, and no more than came. */
#include "plugins/scanner/sources/docker-daemon/api.h"

#include <stella/auto.h>

#include <assert.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    STELLA_AUTO(stella_fd_closep) int fd = memfd_create("answer", MFD_CLOEXEC); /* read like a socket that has closed */
    STELLA_AUTO(stella_buf_fini) stella_buf body = stella_buf_of(1u << 20);
    const stella_sink sink = stella_buf_sink(&body);
    const api_request request = {.path = "/", .total_ms = 1000, .stall_s = 1, .out = &sink};
    api_answer answer;
    if (fd < 0 || write(fd, data, size) != (ssize_t)size || lseek(fd, 0, SEEK_SET) != 0)
        return 0;
    const stella_status status = api_read(fd, &request, &answer, NULL);
    assert(answer.delivered == body.len && body.len <= size);
    assert(status != STELLA_OK || (answer.status >= 200 && answer.status <= 599));
    assert(answer.refusal[API_REFUSAL_BYTES_MAX] == 0);
    return 0;
}

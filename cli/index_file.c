#include "cli/index_file.h"

#include "worker/sandbox.h"
#include "worker/usage.h"

#include <stella/auto.h>

#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#define PART_BYTES   65536
#define MEMORY_BYTES (64u << 20) /* beyond what is used when the process shuts itself in */
#define FILES_MAX    64

static stella_status refuse(const char *file, stella_error *err) {
    const stella_status status = errno == ENOENT || errno == ENOTDIR ? STELLA_E_NOTFOUND
                                 : errno == EACCES || errno == EPERM ? STELLA_E_DENIED
                                                                     : STELLA_E_IO;
    return stella_error_set(err, status, file, "%s", strerror(errno));
}

static stella_status read_all(int fd, const char *file, stella_buf *out, stella_error *err) {
    char part[PART_BYTES];
    ssize_t got;
    while ((got = read(fd, part, sizeof part)) != 0) {
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return refuse(file, err);
        const stella_status status = stella_buf_add(out, stella_sv_of(part, (size_t)got));
        if (status != STELLA_OK)
            return stella_error_set(err, status, file,
                                    status == STELLA_E_LIMIT ? "larger than an index can be, 256 MiB" : "no memory");
    }
    return STELLA_OK;
}

stella_status index_file_read(const char *file, stella_buf *out, stella_error *err) {
    const int is_input = strcmp(file, "-") == 0;
    STELLA_AUTO(stella_fd_closep) int fd = is_input ? -1 : open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    stella_buf bytes = stella_buf_of(BOM_INDEX_BYTES_MAX);
    if (!is_input && fd < 0)
        return refuse(file, err);
    const stella_status status = read_all(is_input ? STDIN_FILENO : fd, file, &bytes, err);
    if (status == STELLA_OK)
        *out = bytes;
    else
        stella_buf_fini(&bytes);
    return status;
}

stella_status index_file_shut_in(stella_error *err) {
    usage used = {0};
    STELLA_AUTO(sandbox_destroyp) sandbox *bounds = NULL;
    STELLA_AUTO(stella_fd_closep) int statm = usage_open(getpid());
    if (statm < 0 || !usage_read(statm, &used))
        return stella_error_set(err, STELLA_E_INTERNAL, "/proc/self/statm", "cannot be read");
    const sandbox_limits limits = {
        .data_bytes = used.data_bytes + MEMORY_BYTES, .file_bytes = RLIM_INFINITY, .files = FILES_MAX};
    const stella_status status = sandbox_create(SANDBOX_ROLE_SCAN, 0, &bounds, err);
    return status == STELLA_OK ? sandbox_enter_child(bounds, &limits, -1, err) : status;
}

int index_file_open(cli_context *cli, const char *file, const stella_buf *bytes, int refused, bom_index *out) {
    stella_error why = {0}, err = {0};
    if (bom_index_open(stella_buf_sv(bytes), out, &why) == STELLA_OK)
        return CLI_DONE;
    stella_error_set(&err, why.code, file, "%s%s%s", why.path, why.path[0] ? ": " : "", why.message);
    return cli_fail(cli, refused, &err);
}

/* golden.c - texts that were checked by a person once, and are compared ever after. */
#include <stella/auto.h>
#include <stella/testing.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static stella_status read_all(const char *path, stella_buf *out) {
    STELLA_AUTO(stella_fd_closep) int fd = open(path, O_RDONLY | O_CLOEXEC);
    char piece[16384];
    for (ssize_t got; fd >= 0 && (got = read(fd, piece, sizeof piece)) != 0;)
        if (got < 0 || stella_buf_add(out, stella_sv_of(piece, (size_t)got)) != STELLA_OK)
            return STELLA_E_IO;
    return fd >= 0 ? STELLA_OK : STELLA_E_NOTFOUND;
}

static int write_all(const char *path, stella_sv text) {
    STELLA_AUTO(stella_fd_closep) int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    const stella_sink sink = stella_fd_sink(&fd);
    stella_error err = {0};
    if (fd >= 0 && stella_sink_write(&sink, text, &err) == STELLA_OK)
        return 1;
    fprintf(stderr, "%s: cannot be written: %s\n", path, err.message);
    return 0;
}

static void tell_difference(const char *path, stella_sv want, stella_sv have) {
    stella_sv want_line = {0}, have_line = {0};
    for (unsigned line = 1;; line++) {
        const int more_want = stella_sv_split(&want, '\n', &want_line);
        const int more_have = stella_sv_split(&have, '\n', &have_line);
        if (!more_want && !more_have)
            return;
        if (more_want != more_have || !stella_sv_eq(want_line, have_line)) {
            fprintf(stderr,
                    "%s:%u: expected  %.*s\n%s:%u: got       %.*s\n(STELLA_UPDATE_GOLDEN=1 writes the file anew)\n",
                    path, line, STELLA_SV_FMT(want_line), path, line, STELLA_SV_FMT(have_line));
            return;
        }
    }
}

int stella_testing_golden(const char *path, stella_sv text) {
    const char *update = getenv("STELLA_UPDATE_GOLDEN");
    if (update && strcmp(update, "1") == 0)
        return write_all(path, text);
    STELLA_AUTO(stella_buf_fini) stella_buf want = stella_buf_of((size_t)1 << 30);
    if (read_all(path, &want) != STELLA_OK) {
        fprintf(stderr, "%s: cannot be read (STELLA_UPDATE_GOLDEN=1 writes it)\n", path);
        return 0;
    }
    if (stella_sv_eq(stella_buf_sv(&want), text))
        return 1;
    tell_difference(path, stella_buf_sv(&want), text);
    return 0;
}

/* deeds.c - a well-behaved job plugin, whose job is to do what the request says: a verb, and what it is done to. */
#include "plugins/misbehave.h"
#include "plugins/network.h"

#include <stella/job.h>
#include <stella/lines.h>
#include <stella/log.h>
#include <stella/names.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define OTHER 1 /* the index under which tests enter "another plugin" */

typedef struct deeds {
    const stella_log *log;
} deeds;

static stella_status create(const stella_host *host, void **instance, stella_error *err) {
    deeds *d = calloc(1, sizeof *d);
    if (!d)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "out of memory");
    d->log = stella_host_interface(host, STELLA_LOG_INTERFACE);
    *instance = d;
    return STELLA_OK;
}

static stella_status echo(deeds *d, stella_job *job, stella_sv text, stella_error *err) {
    const stella_log_field field = {STELLA_SV("bytes"), STELLA_SV("some")};
    d->log->write(d->log->self, STELLA_LOG_INFO, STELLA_SV("echoing"), &field, 1, sizeof field);
    return stella_job_reply(job, text, err);
}

/* A reply of so many bytes, in pieces that are no round number. */
static stella_status talk(stella_job *job, stella_sv text, stella_error *err) {
    static char piece[10007];
    uint64_t left;
    if (!stella_sv_u64(text, UINT32_MAX, &left))
        return stella_error_set(err, STELLA_E_INVALID, NULL, "no number");
    memset(piece, 'r', sizeof piece);
    stella_status st = STELLA_OK;
    for (; left && !st; left -= left < sizeof piece ? left : sizeof piece)
        st = stella_job_reply(job, stella_sv_of(piece, left < sizeof piece ? (size_t)left : sizeof piece), err);
    return st;
}

/* So many MiB of the job's arena. */
static stella_status take(stella_job *job, stella_sv text, stella_error *err) {
    uint64_t count;
    if (!stella_sv_u64(text, UINT32_MAX, &count))
        return stella_error_set(err, STELLA_E_INVALID, NULL, "no number");
    for (; count; count--)
        if (!stella_arena_alloc(job->arena, 1, 1u << 20))
            return stella_error_set(err, STELLA_E_NOMEM, NULL, "there is no more");
    return STELLA_OK;
}

/* Enters another plugin that does the deed. */
static stella_status misbehave_as_other(stella_job *job, stella_sv deed, stella_error *err) {
    const char *name = stella_arena_cstr(job->arena, deed);
    stella_job_enter(job, 0, OTHER, STELLA_SV("etc/the-file"));
    const int refused = misbehave(name, job->fd_count ? job->fds[0] : 1);
    stella_job_leave(job, 0);
    return refused ? stella_error_set(err, STELLA_E_DENIED, NULL, "refused: %s", strerror(refused)) : STELLA_OK;
}

static void *crash_in_thread(void *job) {
    stella_job_enter(job, 5, 0, STELLA_SV("the-guilty-file"));
    misbehave("abort", -1);
    return NULL;
}

/* Two threads at work; the younger dies. */
static stella_status crash_second(stella_job *job, stella_error *err) {
    pthread_t thread;
    stella_job_enter(job, 0, OTHER, STELLA_SV("the-innocent-file"));
    if (pthread_create(&thread, NULL, crash_in_thread, job))
        return stella_error_set(err, STELLA_E_INTERNAL, NULL, "no thread");
    pthread_join(thread, NULL);
    return STELLA_OK;
}

static stella_status list(stella_job *job, stella_sv dir, stella_error *err) {
    int32_t fd;
    const stella_status st = stella_job_list_names(job, dir, &fd, err);
    if (st)
        return st;
    char bytes[4096];
    const ssize_t size = read(fd, bytes, sizeof bytes);
    close(fd);
    stella_cursor listing = stella_cursor_of(bytes, size > 0 ? (size_t)size : 0);
    stella_names_dir self;
    if (!stella_names_begin(&listing, &self))
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "a malformed listing");
    for (stella_name_entry e; stella_names_next(&listing, &e);) {
        char line[600];
        const int len =
            snprintf(line, sizeof line, "%u:%.*s>%.*s\n", e.kind, STELLA_SV_FMT(e.name), STELLA_SV_FMT(e.target));
        stella_job_reply(job, stella_sv_of(line, (size_t)len), err);
    }
    return listing.ok ? STELLA_OK : stella_error_set(err, STELLA_E_FORMAT, NULL, "a malformed listing");
}

static stella_status reply_with_file(stella_job *job, int fd, stella_error *err) {
    char bytes[4096];
    const ssize_t got = read(fd, bytes, sizeof bytes);
    close(fd);
    return got < 0 ? stella_error_set(err, STELLA_E_IO, NULL, "read: %s", strerror(errno))
                   : stella_job_reply(job, stella_sv_of(bytes, (size_t)got), err);
}

/* Reads a file below the job's directory, in whichever way the kernel has. */
static stella_status read_below(stella_job *job, stella_sv path, stella_error *err) {
    int32_t fd = -1;
    if (job->names_served) {
        const stella_status st = stella_job_open_name(job, path, &fd, err);
        return st ? st : reply_with_file(job, fd, err);
    }
    fd = openat(job->fds[job->dir_fd], stella_arena_cstr(job->arena, path), O_RDONLY | O_CLOEXEC);
    return fd < 0 ? stella_error_set(err, STELLA_E_DENIED, NULL, "openat: %s", strerror(errno))
                  : reply_with_file(job, fd, err);
}

static stella_status count_fds(stella_job *job, stella_error *err) {
    char line[64];
    uint32_t valid = 0;
    int beyond = 0;
    for (uint32_t i = 0; i < job->fd_count; i++)
        valid += fcntl(job->fds[i], F_GETFD) >= 0;
    for (int fd = 0; fd < 1000; fd++)
        beyond += fcntl(fd, F_GETFD) >= 0;
    const int len = snprintf(line, sizeof line, "%u of %d", valid, beyond);
    return stella_job_reply(job, stella_sv_of(line, (size_t)len), err);
}

static stella_status name_peers(stella_job *job, stella_error *err) {
    stella_peer p = {.struct_size = sizeof p};
    stella_status st = STELLA_OK;
    for (uint32_t i = 0; !st && stella_job_peer(job, STELLA_JOB_INTERFACE, i, &p); i++)
        st = stella_job_reply(job, stella_sv_cstr(p.id), err);
    return st;
}

/* Says on its own that the job is done (channel.h: CHANNEL_DONE), and stays. */
static stella_status linger(void) {
    static const uint32_t done[] = {49, 0, 0};
    if (send(3, done, sizeof done, 0) != (ssize_t)sizeof done)
        return STELLA_E_IO;
    poll(NULL, 0, -1);
    return STELLA_OK;
}

static stella_status run(void *self, stella_job *job, stella_error *err) {
    stella_sv rest = job->request, verb = {0};
    stella_sv_split(&rest, ' ', &verb);
    stella_job_progress(job, 7, 3);
    if (stella_sv_eq(verb, STELLA_SV("echo")))
        return echo(self, job, rest, err);
    if (stella_sv_eq(verb, STELLA_SV("talk")))
        return talk(job, rest, err);
    if (stella_sv_eq(verb, STELLA_SV("take")))
        return take(job, rest, err);
    if (stella_sv_eq(verb, STELLA_SV("do")))
        return misbehave_as_other(job, rest, err);
    if (stella_sv_eq(verb, STELLA_SV("second")))
        return crash_second(job, err);
    if (stella_sv_eq(verb, STELLA_SV("list")))
        return list(job, rest, err);
    if (stella_sv_eq(verb, STELLA_SV("read")))
        return read_below(job, rest, err);
    if (stella_sv_eq(verb, STELLA_SV("fds")))
        return count_fds(job, err);
    if (stella_sv_eq(verb, STELLA_SV("peers")))
        return name_peers(job, err);
    if (stella_sv_eq(verb, STELLA_SV("linger")))
        return linger();
    if (stella_sv_eq(verb, STELLA_SV("listen-to")))
        return network_listen(job, rest, err);
    if (stella_sv_eq(verb, STELLA_SV("try")))
        return network_try(job, rest, err);
    if (stella_sv_eq(verb, STELLA_SV("sleep")))
        return poll(NULL, 0, -1), STELLA_OK;
    return stella_error_set(err, STELLA_E_UNSUPPORTED, "/verb", "no such verb");
}

static const char *const kinds[] = {"deed", NULL};
static const stella_job_runner runner = {.head = STELLA_HEAD(stella_job_runner), .kinds = kinds, .run = run};

STELLA_PLUGIN("test.deeds", "1.0.0", STELLA_JOB_INTERFACE, runner, .create = create);

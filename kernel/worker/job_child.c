/* job_child.c - one job in one throw-away process: takes its descriptors, shuts itself in, runs, ends. */
#include "worker/host.h"
#include "worker/usage.h"

#include <stella/auto.h>
#include <stella/job.h>

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define JOB_SOCKET     HOST_CHANNEL_FD /* takes the place of the host's channel, which a job must not have */
#define SPARE_FILES    64              /* descriptors a job may open besides those it was given */
#define REPLY_PIECE    CHANNEL_BODY_MAX
#define START_FDS      3 /* request, crash page, log */
#define NAME_BYTES_MAX CHANNEL_BODY_MAX

typedef struct job_child {
    stella_job job; /* first: the operations get back from it to us */
    const host *host;
    crash_page *page;
    uint64_t memory_bytes;
    channel_start start;
    channel_message message;
    int fds[STELLA_JOB_FDS_MAX];
    uint64_t replied;
} job_child;

static _Noreturn void end(job_child *c, const stella_error *err) {
    const stella_sv body = err ? stella_sv_of((const char *)err, sizeof *err) : (stella_sv){0};
    channel_send(JOB_SOCKET, err ? CHANNEL_FAILED : CHANNEL_DONE, 0, body, NULL, 0, 0);
    (void)c;
    _exit(0);
}

static int is_excluded(const job_child *c, uint32_t index) {
    for (uint32_t i = 0; i < c->start.excluded_count; i++)
        if (c->start.excluded[i] == index)
            return 1;
    return 0;
}

/* What its manifest says, which was compared with the binary when it was loaded: asking the binaries would bring a page
 * of each into every child. */
static const void *interface_of(const host_plugin *p, const char *interface_id) {
    for (uint32_t i = 0; i < p->manifest.provides_count; i++)
        if (strcmp(p->manifest.provides[i], interface_id) == 0)
            return p->entry.get_interface(interface_id);
    return NULL;
}

static int32_t peer(stella_job *job, const char *interface_id, uint32_t position, stella_peer *out) {
    const job_child *c = (const job_child *)job;
    for (uint32_t i = 0; i < c->host->plugin_count; i++) {
        const host_plugin *p = &c->host->plugins[i];
        const void *table = p->is_loaded && !is_excluded(c, p->index) ? interface_of(p, interface_id) : NULL;
        if (!table || position-- > 0)
            continue;
        const stella_peer found = {.struct_size = out->struct_size,
                                   .index = p->index,
                                   .id = p->name.id,
                                   .version = p->name.version,
                                   .digest = p->name.digest,
                                   .interface = table,
                                   .instance = p->instance};
        memcpy(out, &found, out->struct_size < sizeof found ? out->struct_size : sizeof found);
        return 1;
    }
    return 0;
}

static void enter(stella_job *job, uint32_t slot, uint32_t plugin, stella_sv what) {
    crash_page_enter(((job_child *)job)->page, slot, plugin, what);
}

static void leave(stella_job *job, uint32_t slot) {
    crash_page_leave(((job_child *)job)->page, slot);
}

static void progress(stella_job *job, uint64_t done, uint64_t items) {
    crash_page *page = ((job_child *)job)->page;
    atomic_store_explicit(&page->done, done, memory_order_relaxed);
    atomic_store_explicit(&page->items, items, memory_order_relaxed);
}

static stella_status reply(stella_job *job, stella_sv bytes, stella_error *err) {
    job_child *c = (job_child *)job;
    if (bytes.len > STELLA_JOB_REPLY_MAX - c->replied)
        return stella_error_set(err, STELLA_E_LIMIT, NULL, "the reply is longer than %u bytes", STELLA_JOB_REPLY_MAX);
    c->replied += bytes.len;
    for (; bytes.len; bytes = stella_sv_skip(bytes, REPLY_PIECE))
        if (channel_send(JOB_SOCKET, CHANNEL_REPLY, 0, stella_sv_first(bytes, REPLY_PIECE), NULL, 0, 0) < 0)
            return stella_error_set(err, STELLA_E_IO, NULL, "reply: %s", strerror(errno));
    return STELLA_OK;
}

static stella_status ask(job_child *c, channel_type type, stella_sv path, int32_t *fd, stella_error *err) {
    if (c->start.dir_fd < 0)
        return stella_error_at(err, STELLA_E_UNSUPPORTED, path, "names are not served to this job");
    if (path.len > NAME_BYTES_MAX)
        return stella_error_at(err, STELLA_E_LIMIT, path, "the path is too long");
    if (channel_send(JOB_SOCKET, type, 0, path, NULL, 0, 0) < 0 ||
        channel_receive(JOB_SOCKET, CHANNEL_CHILD_AWAITS_FD, 1, 0, &c->message) <= 0)
        return stella_error_at(err, STELLA_E_IO, path, "the supervisor does not answer");
    stella_error refusal;
    if (c->message.type == CHANNEL_NAME && c->message.fd_count == 1) {
        *fd = c->message.fds[0];
        return STELLA_OK;
    }
    channel_message_fini(&c->message);
    if (!channel_body(&c->message, &refusal, sizeof refusal) || refusal.code == STELLA_OK)
        return stella_error_at(err, STELLA_E_INTERNAL, path, "a malformed answer");
    if (err)
        *err = refusal;
    return refusal.code;
}

static stella_status list_names(stella_job *job, stella_sv dir, int32_t *fd, stella_error *err) {
    return ask((job_child *)job, CHANNEL_LIST, dir, fd, err);
}

static stella_status open_name(stella_job *job, stella_sv path, int32_t *fd, stella_error *err) {
    return ask((job_child *)job, CHANNEL_OPEN, path, fd, err);
}

static const stella_job_ops operations = {.head = STELLA_HEAD(stella_job_ops),
                                          .peer = peer,
                                          .enter = enter,
                                          .leave = leave,
                                          .progress = progress,
                                          .reply = reply,
                                          .list_names = list_names,
                                          .open_name = open_name};

/* The start and its three descriptors; malformed ones are the supervisor's own fault and end the child. */
static void receive_start(job_child *c) {
    if (channel_receive(JOB_SOCKET, CHANNEL_CHILD_COLLECTS, START_FDS, 0, &c->message) <= 0 ||
        c->message.type != CHANNEL_START || c->message.fd_count != START_FDS ||
        !channel_body(&c->message, &c->start, sizeof c->start) || c->start.fd_count > STELLA_JOB_FDS_MAX ||
        c->start.excluded_count > CHANNEL_EXCLUDED_MAX)
        _exit(HOST_EXIT_FAILED);
    dup2(c->message.fds[2], STDOUT_FILENO);
    dup2(c->message.fds[2], STDERR_FILENO);
    c->page = crash_page_map(c->message.fds[1]);
    void *request = c->start.request_bytes
                        ? mmap(NULL, c->start.request_bytes, PROT_READ, MAP_PRIVATE, c->message.fds[0], 0)
                        : NULL;
    if (!c->page || request == MAP_FAILED)
        _exit(HOST_EXIT_FAILED);
    c->job.request = stella_sv_of(request, c->start.request_bytes);
    channel_message_fini(&c->message);
}

static void receive_fds(job_child *c) {
    for (uint32_t have = 0; have < c->start.fd_count; have += c->message.fd_count) {
        if (channel_receive(JOB_SOCKET, CHANNEL_CHILD_COLLECTS, CHANNEL_FDS_MAX, 0, &c->message) <= 0 ||
            c->message.type != CHANNEL_FDS || c->message.fd_count == 0 ||
            c->message.fd_count > c->start.fd_count - have)
            _exit(HOST_EXIT_FAILED);
        memcpy(c->fds + have, c->message.fds, c->message.fd_count * sizeof(int));
    }
}

static void complete_job(job_child *c) {
    c->job.head = (stella_abi_head)STELLA_HEAD(stella_job);
    c->job.ops = &operations;
    c->job.arena = stella_arena_create(c->memory_bytes);
    c->job.kind = stella_sv_cstr(c->start.kind);
    c->job.fds = c->fds;
    c->job.fd_count = c->start.fd_count;
    c->job.dir_fd = c->start.dir_fd;
    const int confined = sandbox_has_landlock(c->host->sandbox) || sandbox_level_of(c->host->sandbox) == SANDBOX_NONE;
    c->job.names_served = c->start.dir_fd >= 0 && (!confined || c->host->load.pretend_no_landlock);
}

static stella_status shut_in(job_child *c, uint64_t data_bytes, stella_error *err) {
    const sandbox_limits limits = {.data_bytes = data_bytes + c->memory_bytes,
                                   .file_bytes = c->start.file_bytes,
                                   .files = STELLA_JOB_FDS_MAX + SPARE_FILES};
    return sandbox_enter_child(c->host->sandbox, &limits, c->start.dir_fd >= 0 ? c->fds[c->start.dir_fd] : -1, err);
}

static int runs_kind(const stella_job_runner *runner, const char *kind) {
    for (const char *const *k = runner->kinds; *k; k++)
        if (strcmp(*k, kind) == 0)
            return 1;
    return 0;
}

static stella_status run(job_child *c, stella_error *err) {
    stella_peer p = {.struct_size = sizeof p};
    for (uint32_t i = 0; peer(&c->job, STELLA_JOB_INTERFACE, i, &p); i++) {
        stella_job_runner runner;
        if (plugin_adopt(p.interface, sizeof runner, PLUGIN_UPTO(stella_job_runner, run), STELLA_JOB_INTERFACE, &runner,
                         err))
            return STELLA_E_ABI;
        if (!runs_kind(&runner, c->start.kind))
            continue;
        atomic_store(&c->page->runner, p.index + 1);
        return runner.run(p.instance, &c->job, err);
    }
    return stella_error_set(err, STELLA_E_NOTFOUND, NULL, "no plugin does jobs of the kind \"%s\"", c->start.kind);
}

_Noreturn void job_child_main(const host *h, int socket, uint64_t memory_bytes) {
    static job_child c; /* large; a child has one job */
    c.host = h;
    c.memory_bytes = memory_bytes;
    host_die_with_parent(h);
    prctl(PR_SET_NAME, "stella-job");
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    usage used = {0};
    usage_read(h->statm, &used);
    dup2(socket, JOB_SOCKET);
    close_range(JOB_SOCKET + 1, ~0U, 0);
    receive_start(&c);
    receive_fds(&c);
    complete_job(&c);
    stella_error err = {0};
    if (!c.job.arena)
        stella_error_set(&err, STELLA_E_NOMEM, NULL, "no memory for the job's arena");
    else if (!shut_in(&c, used.data_bytes, &err)) {
        crash_page_mark_deaths(c.page);
        const stella_status status = run(&c, &err);
        if (status == STELLA_OK)
            end(&c, NULL);
        err.code = status;
    }
    end(&c, &err);
}

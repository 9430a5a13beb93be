/* jobs.c - the life of a job as the supervisor sees it: queued, sent to its host, started, ended. */
#include "worker/names.h"
#include "worker/supervisor_internal.h"
#include "worker/usage.h"

#include <stella/auto.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

stella_job_handle *job_find(const supervisor *s, const host_record *h, uint32_t id) {
    for (stella_job_handle *job = s->jobs; job; job = job->next)
        if (job->id == id && job->host == h && job->state != JOB_ENDED)
            return job;
    return NULL;
}

static void close_all(stella_job_handle *job) {
    stella_fd_closep(&job->socket);
    stella_fd_closep(&job->child_end);
    stella_fd_closep(&job->pidfd);
    stella_fd_closep(&job->statm);
    stella_fd_closep(&job->tasks);
    stella_fd_closep(&job->log_fd);
    stella_fd_closep(&job->dir_fd);
    crash_page_unmap(job->page);
    job->page = NULL;
}

void job_free(stella_job_handle *job) {
    close_all(job);
    stella_buf_fini(&job->reply);
    free(job);
}

void job_freep(stella_job_handle **job) {
    if (*job)
        job_free(*job);
}

void jobs_lose(supervisor *s, const host_record *h, int also_queued) {
    for (stella_job_handle *job = s->jobs, *next; job; job = next) {
        next = job->next;
        if (job->host != h || job->state == JOB_ENDED || (job->state == JOB_QUEUED && !also_queued))
            continue;
        const int was_queued = job->state == JOB_QUEUED;
        job_end(s, job, STELLA_END_LOST, NULL, "its host process went away");
        if (!was_queued) /* one that was has ended with that already */
            job_on_ended(s, job, &(channel_ended){.status = SIGKILL});
    }
}

static void enqueue(supervisor *s, host_record *h, const stella_job_request *request, stella_job_handle *job) {
    const uint64_t now = monotonic_ns();
    stella_job_handle **at = &s->jobs;
    while (*at)
        at = &(*at)->next; /* in order of their starts */
    *at = job;
    job->host = h;
    job->id = ++s->next_id;
    job->sent_ns = now;
    job->deadline_ns = request->deadline_ms ? now + ms_to_ns(request->deadline_ms) : 0;
    job->memory_bytes = memory_bytes_of(s, h, request);
    h->jobs++;
    s->job_count++;
    job_send(s, job);
    supervisor_wake(s);
}

stella_status job_start(supervisor *s, const stella_job_request *request, stella_job_handle **out, stella_error *err) {
    STELLA_AUTO(job_freep) stella_job_handle *job = NULL;
    stella_job_request known;
    stella_status st = job_prepare(s, request, &known, &job, err);
    if (st)
        return st;
    host_record *h;
    pthread_mutex_lock(&s->lock);
    st = host_await(s, known.role, &h, err);
    if (!st) {
        enqueue(s, h, &known, job);
        *out = STELLA_TAKE(job);
    }
    pthread_mutex_unlock(&s->lock);
    return st;
}

static int may_pass(int error) {
    return error == EAGAIN || error == EPIPE || error == ECONNRESET || error == EBADF;
}

/* A channel that is full takes it later: the watcher tries again when there is room. One that is closed belongs to a
 * host that is about to be buried: its successor takes the job. */
void job_send(supervisor *s, stella_job_handle *job) {
    const channel_job order = {.memory_bytes = job->memory_bytes};
    const stella_sv body = stella_sv_of((const char *)&order, sizeof order);
    if (channel_send(job->host->process.channel, CHANNEL_JOB, job->id, body, &job->child_end, 1, MSG_DONTWAIT) < 0) {
        if (!may_pass(errno))
            job_end(s, job, STELLA_END_LOST, NULL, "its host cannot be told of it: %s", strerror(errno));
        return;
    }
    job->state = JOB_SENT;
    job->sent_ns = monotonic_ns();
    stella_fd_closep(&job->child_end);
}

/* Whether the supervisor ended it. What a child says of its own end stands only until it is gone. */
static int is_condemned(const stella_job_handle *job) {
    return job->has_verdict && job->verdict != STELLA_END_DONE && job->verdict != STELLA_END_FAILED;
}

static void kill_process(const stella_job_handle *job) {
    if (job->pidfd >= 0)
        syscall(SYS_pidfd_send_signal, job->pidfd, SIGKILL, NULL, 0);
    else if (job->state == JOB_STARTED) /* a full channel is tried again at the next tick */
        (void)channel_send(job->host->process.channel, CHANNEL_KILL, job->id, (stella_sv){0}, NULL, 0, MSG_DONTWAIT);
}

void job_end(supervisor *s, stella_job_handle *job, uint32_t verdict, const crash_culprit *culprit, const char *format,
             ...) {
    static const stella_status codes[] = {
        [STELLA_END_CRASHED] = STELLA_E_CRASHED,  [STELLA_END_OVERRAN] = STELLA_E_TIMEOUT,
        [STELLA_END_DEADLINE] = STELLA_E_TIMEOUT, [STELLA_END_MEMORY] = STELLA_E_NOMEM,
        [STELLA_END_LOST] = STELLA_E_CRASHED,     [STELLA_END_KILLED] = STELLA_E_CANCELLED};
    if (job->state == JOB_ENDED || is_condemned(job))
        return;
    job->has_verdict = 1;
    job->verdict = verdict;
    if (culprit)
        job->culprit = *culprit;
    va_list args;
    va_start(args, format);
    job->error = (stella_error){.code = codes[verdict]};
    vsnprintf(job->error.message, sizeof job->error.message, format, args);
    va_end(args);
    kill_process(job);
    if (job->state == JOB_QUEUED) /* nobody knows of it yet */
        job_on_ended(s, job, &(channel_ended){.status = SIGKILL});
}

static void watch_process(stella_job_handle *job, int32_t pid, int pidfd) {
    job->pidfd = pidfd;
    job->statm = usage_open(pid);
    job->tasks = usage_open_threads(pid);
    /* Only a process that still lives surely is the one that the number was read of. */
    if (syscall(SYS_pidfd_send_signal, job->pidfd, 0, NULL, 0) < 0) {
        stella_fd_closep(&job->statm);
        stella_fd_closep(&job->tasks);
    }
}

void job_on_started(supervisor *s, stella_job_handle *job, channel_message *message) {
    channel_started started;
    if (job->state != JOB_SENT || !channel_body(message, &started, sizeof started)) {
        job_end(s, job, STELLA_END_LOST, NULL, "its host could not watch it");
        return;
    }
    job->state = JOB_STARTED;
    job->base_bytes = started.private_bytes;
    if (message->fd_count == 1)
        watch_process(job, started.pid, stella_take_fd(&message->fds[0]));
    else
        job_end(s, job, STELLA_END_LOST, NULL, "no descriptor was left to watch it by: too many files are open");
    if (is_condemned(job)) /* one that only said that it is done is about to leave */
        kill_process(job);
}

static void serve_name(stella_job_handle *job, const channel_message *m) {
    const stella_sv path = stella_sv_of((const char *)m->body, m->length);
    STELLA_AUTO(stella_fd_closep) int fd = -1;
    stella_error err = {0};
    if (job->dir_fd < 0)
        stella_error_set(&err, STELLA_E_DENIED, NULL, "the job was given no directory");
    else if (m->type == CHANNEL_LIST)
        names_list(job->dir_fd, path, &fd, &err);
    else
        names_open(job->dir_fd, path, &fd, &err);
    if (fd >= 0)
        channel_send(job->socket, CHANNEL_NAME, 0, (stella_sv){0}, &fd, 1, MSG_DONTWAIT);
    else
        channel_send(job->socket, CHANNEL_REFUSED, 0, stella_sv_of((const char *)&err, sizeof err), NULL, 0,
                     MSG_DONTWAIT);
}

static void on_outcome(stella_job_handle *job, const channel_message *m) {
    job->phase = CHANNEL_AWAITS_NOTHING;
    if (job->has_verdict)
        return;
    stella_error error = {.code = STELLA_OK};
    if (m->type == CHANNEL_FAILED && (!channel_body(m, &error, sizeof error) || error.code == STELLA_OK))
        stella_error_set(&error, STELLA_E_INTERNAL, NULL, "the job failed without saying why");
    error.message[sizeof error.message - 1] = 0;
    error.path[sizeof error.path - 1] = 0;
    job->has_verdict = 1;
    job->verdict = m->type == CHANNEL_DONE ? STELLA_END_DONE : STELLA_END_FAILED;
    job->error = error;
}

void job_on_message(supervisor *s, stella_job_handle *job) {
    channel_message *m = &s->message;
    const int got = channel_receive(job->socket, job->phase, 0, MSG_DONTWAIT, m);
    if (got < 0 && errno == EAGAIN)
        return;
    if (got <= 0) {
        const crash_culprit culprit = crash_page_culprit(job->page);
        if (got < 0)
            job_end(s, job, STELLA_END_CRASHED, &culprit, "what came on its result channel is no message");
        stella_fd_closep(&job->socket);
        return;
    }
    if (m->type == CHANNEL_LIST || m->type == CHANNEL_OPEN)
        serve_name(job, m);
    else if (m->type != CHANNEL_REPLY)
        on_outcome(job, m);
    else if (stella_buf_add(&job->reply, stella_sv_of((const char *)m->body, m->length)))
        job_end(s, job, STELLA_END_CRASHED, NULL, "its reply is longer than %u bytes", STELLA_JOB_REPLY_MAX);
}

/* Each plugin at work has its own limit. */
static int check_plugins(supervisor *s, stella_job_handle *job, uint64_t now) {
    for (uint32_t i = 0; i < STELLA_JOB_SLOTS; i++) {
        const crash_culprit at = crash_page_at(job->page, i);
        const uint64_t since = at.entered_ns > job->resumed_ns ? at.entered_ns : job->resumed_ns;
        const uint32_t most_ms = at.plugin >= 0 ? plugin_ms_of(s, job, at.plugin) : UINT32_MAX;
        if (at.plugin < 0 || now <= since || now - since <= ms_to_ns(most_ms))
            continue;
        job_end(s, job, STELLA_END_OVERRAN, &at, "%s took longer than %u ms in one call",
                plugin_id(job->host->generation, at.plugin), most_ms);
        return 0;
    }
    return 1;
}

/* While its supervisor waits for the network, no clock of the job runs. */
static void check_times(supervisor *s, stella_job_handle *job, uint64_t now) {
    if (job->paused_ns || !check_plugins(s, job, now) || !job->deadline_ns || now <= job->deadline_ns)
        return;
    const crash_culprit at = crash_page_longest(job->page);
    job_end(s, job, STELLA_END_DEADLINE, &at, "the job did not end by its deadline");
}

static void check_usage(supervisor *s, stella_job_handle *job) {
    const crash_culprit at = crash_page_longest(job->page);
    usage used;
    if (job->tasks >= 0 && usage_threads(job->tasks) > JOB_THREADS_MAX) {
        job_end(s, job, STELLA_END_MEMORY, &at, "started more than %d threads", JOB_THREADS_MAX);
        return;
    }
    if (job->statm < 0 || !usage_read(job->statm, &used))
        return;
    const uint64_t own = used.private_bytes > job->base_bytes ? used.private_bytes - job->base_bytes : 0;
    if (own > job->most_bytes)
        job->most_bytes = own;
    if (own <= job->memory_bytes)
        return;
    job_end(s, job, STELLA_END_MEMORY, &at, "took more than its %llu bytes of memory",
            (unsigned long long)job->memory_bytes);
}

void job_check(supervisor *s, stella_job_handle *job, uint64_t now) {
    if (job->state == JOB_ENDED)
        return;
    if (is_condemned(job) && job->state == JOB_STARTED) {
        if (job->pidfd < 0)
            kill_process(job);
        return;
    }
    if (job->state == JOB_SENT && now - job->sent_ns > ms_to_ns(s->options.answer_ms)) {
        host_end(job->host, "the host does not start its jobs");
        return;
    }
    job->done = atomic_load_explicit(&job->page->done, memory_order_relaxed);
    job->items = atomic_load_explicit(&job->page->items, memory_order_relaxed);
    check_times(s, job, now);
    check_usage(s, job);
}

/* RLIMIT_DATA makes allocations fail, and what does not expect that dies of it. */
static int ran_out_of_memory(const stella_job_handle *job, const channel_ended *ended) {
    const uint64_t peak = ended->peak_bytes > job->base_bytes ? ended->peak_bytes - job->base_bytes : 0;
    return (peak > job->most_bytes ? peak : job->most_bytes) > job->memory_bytes - job->memory_bytes / 8;
}

static void judge(supervisor *s, stella_job_handle *job, const channel_ended *ended) {
    const int status = ended->status;
    const int ended_well = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    if (job->has_verdict && (ended_well || is_condemned(job)))
        return;
    job->has_verdict = 0; /* it said how it ended, and then died all the same */
    const crash_culprit culprit = crash_page_culprit(job->page);
    const char *name = WIFSIGNALED(status) ? sigabbrev_np(WTERMSIG(status)) : NULL;
    if (WIFSIGNALED(status) && ran_out_of_memory(job, ended))
        job_end(s, job, STELLA_END_MEMORY, &culprit, "died of SIG%s with its %llu bytes of memory used up",
                name ? name : "?", (unsigned long long)job->memory_bytes);
    else if (WIFSIGNALED(status))
        job_end(s, job, STELLA_END_CRASHED, &culprit, "died of SIG%s", name ? name : "?");
    else
        job_end(s, job, STELLA_END_CRASHED, &culprit, "exited by itself with %d", WEXITSTATUS(status));
}

static void fill_result(const stella_job_handle *job, const channel_ended *ended, stella_job_result *r) {
    const int status = ended->status;
    const char *id = plugin_id(job->host->generation, job->culprit.plugin);
    *r = (stella_job_result){.struct_size = sizeof *r,
                             .end = job->verdict,
                             .signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0,
                             .exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 0,
                             .error = job->error,
                             .culprit = id[0] ? job->culprit.plugin : -1,
                             .user_us = ended->user_us,
                             .system_us = ended->system_us,
                             .peak_bytes = ended->peak_bytes};
    if (job->verdict == STELLA_END_DONE)
        r->reply = stella_buf_sv(&job->reply);
    if (r->culprit >= 0) {
        snprintf(r->culprit_id, sizeof r->culprit_id, "%s", id);
        memcpy(r->culprit_what, job->culprit.what, sizeof r->culprit_what);
    }
}

/* Its process is gone, and with it everybody who could still write to its socket. */
void job_on_ended(supervisor *s, stella_job_handle *job, const channel_ended *ended) {
    while (job->socket >= 0) {
        const uint64_t before = job->reply.len;
        const channel_phase phase = job->phase;
        job_on_message(s, job);
        if (job->socket >= 0 && before == job->reply.len && phase == job->phase)
            break;
    }
    if (job->log_fd >= 0)
        log_lines_end(&job->log, job->log_fd);
    if (job->state == JOB_SENT)
        job_end(s, job, STELLA_END_LOST, NULL, "its host could not fork a process for it");
    judge(s, job, ended);
    fill_result(job, ended, &job->result);
    job->done = atomic_load(&job->page->done);
    job->items = atomic_load(&job->page->items);
    const int is_bad = job->verdict != STELLA_END_DONE && job->verdict != STELLA_END_FAILED;
    if (is_bad && job->verdict != STELLA_END_KILLED)
        obituary_of_job(s, job);
    s->jobs_done += !is_bad;
    s->jobs_crashed += is_bad;
    close_all(job);
    job->state = JOB_ENDED;
    job->host->jobs--;
    s->job_count--;
    pthread_cond_broadcast(&s->changed);
}

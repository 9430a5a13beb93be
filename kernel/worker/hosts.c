/* hosts.c - the life of a host as the supervisor sees it: wanted, starting, ready, leaving, or dead and waiting to be
 * started again. */
#include "worker/supervisor_internal.h"

#include <stella/auto.h>

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define LOAD_MS_MAX 2000 /* loading one plugin may take at most so long, whatever its calls may */
#define HELD_EXIT   2    /* HOST_EXIT_HELD of host.h, which is the other process's header */

static const struct {
    const char *name;
    plugin_role plugins;
} roles[] = {{"scan", PLUGIN_ROLE_SCAN}, {"connect", PLUGIN_ROLE_CONNECT}};

#define ROLES (sizeof roles / sizeof roles[0])

const char *host_role(const char *role) {
    for (size_t i = 0; role && i < ROLES; i++)
        if (strcmp(roles[i].name, role) == 0)
            return roles[i].name;
    return NULL;
}

plugin_role host_role_plugins(const char *role) {
    for (size_t i = 0; role && i < ROLES; i++)
        if (strcmp(roles[i].name, role) == 0)
            return roles[i].plugins;
    return PLUGIN_ROLE_NONE;
}

plugin_role host_plugin_role(const host_record *h) {
    return host_role_plugins(h->role);
}

generation *generation_create(catalogue *plugins) {
    generation *g = calloc(1, sizeof *g);
    if (g)
        g->plugins = plugins;
    return g;
}

void generation_release(generation *g) {
    if (g->hosts)
        return;
    if (!g->is_borrowed)
        catalogue_destroy(g->plugins);
    free(g->failures);
    free(g);
}

const char *plugin_id(const generation *g, int32_t index) {
    return index >= 0 && (uint32_t)index < catalogue_count(g->plugins)
               ? catalogue_at(g->plugins, (uint32_t)index)->manifest->id
               : "";
}

int generation_leaves_out(const generation *g, uint32_t index) {
    for (uint32_t i = 0; i < g->failure_count; i++)
        if (g->failures[i].index == index)
            return 1;
    return 0;
}

static void leave_out(supervisor *s, host_record *h, uint32_t index, const stella_error *error) {
    generation *g = h->generation;
    if (index >= catalogue_count(g->plugins) || generation_leaves_out(g, index))
        return;
    load_failure *grown = realloc(g->failures, (g->failure_count + 1) * sizeof *grown);
    if (!grown)
        return;
    g->failures = grown;
    g->failures[g->failure_count] = (load_failure){.index = index, .role = h->role, .error = *error};
    g->failures[g->failure_count].error.message[sizeof error->message - 1] = 0;
    g->failures[g->failure_count].error.path[sizeof error->path - 1] = 0;
    const load_failure *f = &g->failures[g->failure_count++];
    pthread_cond_broadcast(&s->changed);
    if (s->options.log) {
        const stella_log_field fields[] = {{STELLA_SV("plugin"), stella_sv_cstr(plugin_id(g, (int32_t)index))},
                                           {STELLA_SV("error"), stella_sv_cstr(f->error.message)}};
        s->options.log->write(s->options.log->self, STELLA_LOG_ERROR,
                              STELLA_SV("a plugin could not be loaded and is left out"), fields, 2, sizeof fields[0]);
    }
}

host_record *host_find(const supervisor *s, const generation *g, const char *role) {
    for (host_record *h = s->hosts; h; h = h->next)
        if (h->generation == g && strcmp(h->role, role) == 0 && h->state != HOST_LEAVING)
            return h;
    return NULL;
}

host_record *host_want(supervisor *s, generation *g, const char *role) {
    host_record *h = calloc(1, sizeof *h);
    if (!h)
        return NULL;
    h->generation = g;
    h->role = role;
    h->delay_ms = RESTART_FIRST_MS;
    h->state = HOST_WANTED;
    h->next = s->hosts;
    s->hosts = h;
    g->hosts++;
    supervisor_wake(s);
    return h;
}

static void forget(supervisor *s, host_record *h) {
    host_record **at = &s->hosts;
    while (*at != h)
        at = &(*at)->next;
    *at = h->next;
    generation *g = h->generation;
    jobs_lose(s, h, 1);
    free(h);
    g->hosts--;
    if (g != s->current && !g->is_borrowed)
        generation_release(g);
    pthread_cond_broadcast(&s->changed);
}

static void close_process(host_record *h) {
    stella_fd_closep(&h->process.channel);
    stella_fd_closep(&h->process.log);
    stella_fd_closep(&h->process.pidfd);
    h->process.pid = 0;
    crash_page_unmap(h->page);
    h->page = NULL;
}

static int send_plugin(const host_record *h, uint32_t index) {
    const catalogue_plugin *p = catalogue_at(h->generation->plugins, index);
    if (p->fd < 0 || p->manifest->role != host_plugin_role(h) || generation_leaves_out(h->generation, index))
        return 0;
    channel_plugin name = {0};
    snprintf(name.id, sizeof name.id, "%s", p->manifest->id);
    snprintf(name.version, sizeof name.version, "%s", p->manifest->version);
    snprintf(name.digest, sizeof name.digest, "%s", p->digest);
    STELLA_AUTO(stella_buf_fini) stella_buf body = stella_buf_of(CHANNEL_BODY_MAX);
    stella_status st = stella_buf_add(&body, stella_sv_of((const char *)&name, sizeof name));
    for (uint32_t i = 0; i < p->manifest->provides_count; i++)
        st = stella_buf_add(&body, stella_sv_of(p->manifest->provides[i], strlen(p->manifest->provides[i]) + 1));
    return st ? -1 : channel_send(h->process.channel, CHANNEL_PLUGIN, index, stella_buf_sv(&body), &p->fd, 1, 0);
}

static stella_status order_to_load(supervisor *s, host_record *h, stella_error *err) {
    STELLA_AUTO(stella_fd_closep) int page_fd = -1;
    const stella_status st = crash_page_create(&h->page, &page_fd, err);
    if (st)
        return st;
    /* A host that does not read for this long is hung. */
    const struct timeval patience = {.tv_sec = 2};
    setsockopt(h->process.channel, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    int failed = 0;
    for (uint32_t i = 0; !failed && i < catalogue_count(h->generation->plugins); i++)
        failed = send_plugin(h, i);
    const channel_load load = {.memory_bytes = s->options.memory_bytes,
                               .plugin_ms = s->options.plugin_ms < LOAD_MS_MAX ? s->options.plugin_ms : LOAD_MS_MAX,
                               .pretend_no_landlock = s->options.pretend_no_landlock};
    const stella_sv body = stella_sv_of((const char *)&load, sizeof load);
    failed = failed || channel_send(h->process.channel, CHANNEL_LOAD, 0, body, &page_fd, 1, 0) < 0;
    if (failed && errno != EPIPE) /* one that is gone already tells more by its death */
        return stella_error_set(err, STELLA_E_CRASHED, NULL, "the host takes no plugins: %s", strerror(errno));
    return STELLA_OK;
}

void host_start(supervisor *s, host_record *h) {
    s->host_restarts += h->state == HOST_BACKOFF;
    h->log = (log_lines){.log = s->options.log};
    snprintf(h->log.source, sizeof h->log.source, "%s", h->role);
    h->since_ns = monotonic_ns();
    h->why = (stella_error){0};
    stella_error err = {0};
    if (host_process_start(s->executable, h->role, &h->process, &err)) {
        h->process = (host_process){.pidfd = -1, .channel = -1, .log = -1};
        h->why = err;
        h->never_ready = 1;
        host_back_off(s, h);
        return;
    }
    h->state = HOST_STARTING;
    if (order_to_load(s, h, &err)) { /* its death is seen to like any other */
        h->why = err;
        syscall(SYS_pidfd_send_signal, h->process.pidfd, SIGKILL, NULL, 0);
    }
}

void host_end(host_record *h, const char *why) {
    if (why && !h->why.code)
        stella_error_set(&h->why, STELLA_E_CRASHED, NULL, "%s", why);
    if (h->process.pid)
        syscall(SYS_pidfd_send_signal, h->process.pidfd, SIGKILL, NULL, 0);
}

static const char *level_name(sandbox_level level) {
    static const char *const names[] = {"none", "seccomp", "full"};
    return names[level];
}

static void on_ready(supervisor *s, host_record *h) {
    channel_ready ready;
    if (!channel_body(&s->message, &ready, sizeof ready) || ready.level > SANDBOX_FULL) {
        host_end(h, "the host speaks out of turn");
        return;
    }
    s->level = (sandbox_level)ready.level;
    h->since_ns = monotonic_ns();
    h->pinged_ns = 0;
    h->never_ready = 0;
    h->why = (stella_error){0};
    if (s->level < s->options.minimum) {
        stella_error_set(&h->why, STELLA_E_DENIED, NULL,
                         "the sandbox reaches the level \"%s\" on this machine, the configured minimum is \"%s\"",
                         level_name(s->level), level_name(s->options.minimum));
        host_hold(s, h);
        host_end(h, NULL);
    } else
        h->state = HOST_READY;
    pthread_cond_broadcast(&s->changed);
}

void host_on_message(supervisor *s, host_record *h) {
    channel_message *m = &s->message;
    const channel_phase phase = h->state == HOST_STARTING ? CHANNEL_AWAITS_READY : CHANNEL_AWAITS_JOBS;
    const int got = channel_receive(h->process.channel, phase, 1, MSG_DONTWAIT, m);
    if (got < 0 && errno == EAGAIN)
        return;
    if (got <= 0) {
        host_end(h, got ? "the host speaks out of turn" : NULL); /* its exit status tells why it left */
        stella_fd_closep(&h->process.channel);
        return;
    }
    stella_error error;
    channel_ended ended;
    stella_job_handle *job = job_find(s, h, m->id);
    h->heard_ns = monotonic_ns();
    h->pinged_ns = 0;
    if (m->type == CHANNEL_UNLOADABLE && channel_body(m, &error, sizeof error)) {
        h->since_ns = monotonic_ns(); /* it makes headway: one plugin fewer to try */
        leave_out(s, h, m->id, &error);
    } else if (m->type == CHANNEL_READY)
        on_ready(s, h);
    else if (m->type == CHANNEL_STARTED && job)
        job_on_started(s, job, m);
    else if (m->type == CHANNEL_ENDED && job && channel_body(m, &ended, sizeof ended))
        job_on_ended(s, job, &ended);
    channel_message_fini(m);
}

/* A plugin that takes its host down while it is loaded, having passed the trial, is left out like any other. It is not
 * blamed for a SIGKILL that was not ours: that came from outside. */
static int blame_plugin(supervisor *s, host_record *h, int status, char *id, size_t id_size) {
    const crash_culprit at =
        h->page && h->state == HOST_STARTING ? crash_page_culprit(h->page) : (crash_culprit){.plugin = -1};
    const int from_outside = status == SIGKILL && !h->why.code;
    snprintf(id, id_size, "%s", at.plugin >= 0 && !from_outside ? plugin_id(h->generation, at.plugin) : "");
    if (!id[0])
        return 0;
    stella_error error = {0};
    stella_error_set(&error, STELLA_E_CRASHED, NULL, "took its host down while it was loaded (status %d)", status);
    leave_out(s, h, (uint32_t)at.plugin, &error);
    return 1;
}

/* The host is a child of ours and was not waited for yet: its pidfd says that it ended. */
void host_on_death(supervisor *s, host_record *h) {
    siginfo_t info = {0};
    waitid((idtype_t)P_PIDFD, (id_t)h->process.pidfd, &info, WEXITED);
    const int exited = info.si_code == CLD_EXITED;
    const int status = exited ? info.si_status << 8 : info.si_status;
    log_lines_end(&h->log, h->process.log);
    jobs_lose(s, h, 0);
    char culprit[128];
    const int was_plugin = blame_plugin(s, h, status, culprit, sizeof culprit);
    char why[160];
    if (exited)
        snprintf(why, sizeof why, "the host exited with %d", info.si_status);
    else
        snprintf(why, sizeof why, "the host died of signal %d", info.si_status);
    if (!h->why.code) {
        char tail[120];
        log_lines_tail(&h->log, tail, sizeof tail);
        stella_error_set(&h->why, STELLA_E_CRASHED, NULL, "%s%s%s", why, tail[0] ? ": " : "", tail);
    }
    if (h->state != HOST_LEAVING && h->state != HOST_HELD)
        obituary_of_host(s, h, culprit, status, why);
    close_process(h);
    if (h->state == HOST_LEAVING)
        forget(s, h);
    else if (was_plugin)
        h->state = HOST_WANTED;
    else if (h->state != HOST_HELD) {
        h->never_ready = h->state == HOST_STARTING;
        if (exited && info.si_status == HELD_EXIT)
            host_hold(s, h);
        else
            host_on_crash(s, h);
    }
    pthread_cond_broadcast(&s->changed);
}

void host_retire(supervisor *s, host_record *h, int at_once) {
    if (h->state != HOST_LEAVING)
        h->since_ns = 0;
    h->state = HOST_LEAVING;
    if (at_once && h->process.pid)
        syscall(SYS_pidfd_send_signal, h->process.pidfd, SIGKILL, NULL, 0);
    supervisor_wake(s);
}

void host_check(supervisor *s, host_record *h, uint64_t now) {
    const uint32_t ready_ms = s->options.ready_ms;
    if (h->state == HOST_WANTED || (h->state == HOST_BACKOFF && now >= h->restart_ns))
        host_start(s, h);
    else if (h->state == HOST_STARTING && now - h->since_ns > ms_to_ns(ready_ms))
        host_end(h, "the host did not become ready in time");
    else if (h->state == HOST_READY)
        host_check_life(s, h, now);
    else if (h->state == HOST_LEAVING && !h->process.pid)
        forget(s, h);
    else if (h->state == HOST_LEAVING && h->jobs == 0 && h->process.channel >= 0) {
        stella_fd_closep(&h->process.channel); /* it leaves of its own */
        h->since_ns = now;
    } else if (h->state == HOST_LEAVING && h->process.channel < 0 && now - h->since_ns > ms_to_ns(LEAVE_MS))
        host_end(h, "the host did not leave");
}

uint64_t host_next_check(const supervisor *s, const host_record *h) {
    switch (h->state) {
    case HOST_WANTED:
        return 0;
    case HOST_BACKOFF:
        return h->restart_ns;
    case HOST_STARTING:
        return h->since_ns + ms_to_ns(s->options.ready_ms) + 1; /* its channel says when it is ready */
    case HOST_READY:
        return host_next_life_check(s, h);
    case HOST_LEAVING:
        return h->jobs ? UINT64_MAX : monotonic_ns() + ms_to_ns(TICK_MS);
    default:
        return UINT64_MAX;
    }
}

stella_status host_await(supervisor *s, const char *role, host_record **out, stella_error *err) {
    const char *name = host_role(role);
    if (!name)
        return stella_error_set(err, STELLA_E_UNSUPPORTED, NULL, "there is no host of the role \"%s\"",
                                role ? role : "");
    for (;;) {
        if (s->is_draining)
            return stella_error_set(err, STELLA_E_BUSY, NULL, "shutting down: no new jobs");
        host_record *h = host_find(s, s->current, name); /* anew each time: the generation may have changed */
        if (!h)
            h = host_want(s, s->current, name);
        if (!h)
            return stella_error_set(err, STELLA_E_NOMEM, NULL, "out of memory");
        if (h->state == HOST_READY) {
            *out = h;
            return STELLA_OK;
        }
        if (h->state == HOST_HELD || (h->state == HOST_BACKOFF && h->never_ready))
            return stella_error_set(err, h->state == HOST_HELD ? h->why.code : STELLA_E_CRASHED, NULL, "%s",
                                    h->why.message);
        pthread_cond_wait(&s->changed, &s->lock);
    }
}

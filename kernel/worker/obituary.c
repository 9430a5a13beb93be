/* obituary.c - what is kept and logged of a process that ended badly. */
#include "worker/supervisor_internal.h"

#include <stdio.h>
#include <sys/wait.h>

static void log_it(const supervisor *s, const supervisor_obituary *o) {
    if (!s->options.log)
        return;
    char number[24];
    snprintf(number, sizeof number, "%d", o->signal ? o->signal : o->exit_code);
    const stella_log_field fields[] = {
        {STELLA_SV("host"), stella_sv_cstr(o->role)},
        {STELLA_SV("kind"), stella_sv_cstr(o->kind)},
        {STELLA_SV("input"), stella_sv_cstr(o->input)},
        {STELLA_SV("plugin"), stella_sv_cstr(o->plugin)},
        {STELLA_SV("what"), stella_sv_cstr(o->what)},
        {STELLA_SV("error"), stella_sv_cstr(o->host_error)},
        {o->signal ? STELLA_SV("signal") : STELLA_SV("exit_code"), stella_sv_cstr(number)},
        {STELLA_SV("last_output"), stella_sv_cstr(o->log_tail)}};
    s->options.log->write(s->options.log->self, STELLA_LOG_ERROR, STELLA_SV("a worker process ended badly"), fields,
                          sizeof fields / sizeof fields[0], sizeof fields[0]);
}

static void keep(supervisor *s, const supervisor_obituary *o) {
    s->obituaries[s->obituary_total++ % OBITUARIES_KEPT] = *o;
    log_it(s, o);
}

void obituary_of_job(supervisor *s, const stella_job_handle *job) {
    const stella_job_result *r = &job->result;
    supervisor_obituary o = {.signal = r->signal,
                             .exit_code = r->exit_code,
                             .end = r->end,
                             .user_us = r->user_us,
                             .system_us = r->system_us,
                             .peak_bytes = r->peak_bytes};
    const int32_t runner = (int32_t)(atomic_load(&job->page->runner) & 0x7fffffff) - 1;
    snprintf(o.plugin, sizeof o.plugin, "%s",
             r->culprit >= 0 ? r->culprit_id : plugin_id(job->host->generation, runner));
    snprintf(o.what, sizeof o.what, "%s", r->culprit_what);
    snprintf(o.role, sizeof o.role, "%s", job->host->role);
    snprintf(o.kind, sizeof o.kind, "%s", job->kind);
    snprintf(o.input, sizeof o.input, "%s", job->label);
    snprintf(o.host_error, sizeof o.host_error, "%s", r->error.message);
    log_lines_tail(&job->log, o.log_tail, sizeof o.log_tail);
    keep(s, &o);
}

void obituary_of_host(supervisor *s, const host_record *h, const char *plugin, int status, const char *why) {
    supervisor_obituary o = {.end = STELLA_END_CRASHED,
                             .signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0,
                             .exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 0};
    snprintf(o.plugin, sizeof o.plugin, "%s", plugin);
    snprintf(o.role, sizeof o.role, "%s", h->role);
    snprintf(o.kind, sizeof o.kind, "host");
    snprintf(o.host_error, sizeof o.host_error, "%s", why);
    log_lines_tail(&h->log, o.log_tail, sizeof o.log_tail);
    keep(s, &o);
}

uint32_t supervisor_obituaries(supervisor *s, supervisor_obituary *out, uint32_t max) {
    pthread_mutex_lock(&s->lock);
    const uint64_t held = s->obituary_total < OBITUARIES_KEPT ? s->obituary_total : OBITUARIES_KEPT;
    const uint32_t count = held < max ? (uint32_t)held : max;
    for (uint32_t i = 0; i < count; i++)
        out[i] = s->obituaries[(s->obituary_total - 1 - i) % OBITUARIES_KEPT];
    pthread_mutex_unlock(&s->lock);
    return count;
}

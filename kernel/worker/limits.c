/* limits.c - what a job and its plugins may use: the request's own word, else the manifests', else the options'. */
#include "worker/supervisor_internal.h"

uint32_t plugin_ms_of(const supervisor *s, const stella_job_handle *job, int32_t index) {
    const catalogue *plugins = job->host->generation->plugins;
    if (job->plugin_ms)
        return job->plugin_ms;
    const int is_known = index >= 0 && (uint32_t)index < catalogue_count(plugins); /* the child wrote it */
    const uint32_t asked = is_known ? catalogue_at(plugins, (uint32_t)index)->manifest->time_ms : 0;
    if (!asked)
        return s->options.plugin_ms;
    return asked < s->options.plugin_ms_max ? asked : s->options.plugin_ms_max;
}

static int is_excluded(const stella_job_request *request, uint32_t index) {
    for (uint32_t i = 0; i < request->excluded_count; i++)
        if (request->excluded[i] == index)
            return 1;
    return 0;
}

uint64_t memory_bytes_of(const supervisor *s, const host_record *h, const stella_job_request *request) {
    const generation *g = h->generation;
    if (request->memory_bytes)
        return request->memory_bytes;
    uint64_t most = s->options.memory_bytes;
    for (uint32_t i = 0; i < catalogue_count(g->plugins); i++) {
        const plugin_manifest *m = catalogue_at(g->plugins, i)->manifest;
        const int is_used = m->role == host_plugin_role(h) && !generation_leaves_out(g, i) && !is_excluded(request, i);
        if (is_used && m->memory_bytes > most)
            most = m->memory_bytes;
    }
    return most < s->options.memory_bytes_max ? most : s->options.memory_bytes_max;
}

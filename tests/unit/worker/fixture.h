/* fixture.h - a supervisor over plugins of tests/plugins, which are unsigned: the catalogue is made here, by hand,
 * instead of being read and verified. */
#ifndef TESTS_UNIT_WORKER_FIXTURE_H
#define TESTS_UNIT_WORKER_FIXTURE_H

#include "check.h"

#include "worker/supervisor.h"

#include <stella/auto.h>
#include <stella/job.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define FIXTURE_PLUGINS_MAX 24

struct catalogue {
    uint32_t count;
    int *destroyed; /* counts, for tests of ownership; may be NULL */
    plugin_manifest manifests[FIXTURE_PLUGINS_MAX];
    catalogue_plugin plugins[FIXTURE_PLUGINS_MAX];
};

uint32_t catalogue_count(const catalogue *c) {
    return c->count;
}

const catalogue_plugin *catalogue_at(const catalogue *c, uint32_t index) {
    return &c->plugins[index];
}

const char *catalogue_digest(const catalogue *c) {
    return c->count ? "sha256:some" : "sha256:none";
}

void catalogue_destroy(catalogue *c) {
    if (!c)
        return;
    for (uint32_t i = 0; i < c->count; i++)
        close(c->plugins[i].fd), free((void *)(uintptr_t)c->manifests[i].id);
    if (c->destroyed)
        ++*c->destroyed;
    free(c);
}

/* The file as the loader keeps it: a sealed copy in memory. */
static int sealed_copy(const char *path) {
    static char bytes[16 << 20];
    const int file = open(path, O_RDONLY | O_CLOEXEC), copy = memfd_create("plugin", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    const ssize_t size = file < 0 ? -1 : read(file, bytes, sizeof bytes);
    if (size <= 0)
        fail_msg("%s cannot be read", path);
    assert_int_equal(write(copy, bytes, (size_t)size), size);
    assert_int_equal(fcntl(copy, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL), 0);
    close(file);
    return copy;
}

/* names: files in tests/plugins without suffix, NULL-terminated; ids are "test.NAME" */
static catalogue *catalogue_of(const char *const *names) {
    catalogue *c = calloc(1, sizeof *c);
    assert_non_null(c);
    for (; names[c->count]; c->count++) {
        char path[512], id[64];
        const uint32_t i = c->count;
        snprintf(path, sizeof path, "%s/tests/plugins/%s.so", STELLA_BUILD_DIR, names[i]);
        snprintf(id, sizeof id, "test.%s", names[i]);
        c->manifests[i] = (plugin_manifest){.id = strdup(id), .version = "1.0.0", .role = PLUGIN_ROLE_SCAN};
        if (strcmp(names[i], "deeds") == 0) {
            c->manifests[i].provides[c->manifests[i].provides_count++] = "stella.job/1";
            c->manifests[i].analyzer = (plugin_analyzer){.tags_count = 2, .tags = {"language", "javascript"}};
        }
        c->plugins[i] = (catalogue_plugin){.manifest = &c->manifests[i], .dir = "", .fd = sealed_copy(path)};
        snprintf(c->plugins[i].digest, sizeof c->plugins[i].digest, "sha256:%s", names[i]);
    }
    return c;
}

/* A host that runs the tests instead of supervisor_host_main would start hosts that do so too, without end. */
static void refuse_to_be_a_host(void) {
    char line[512] = {0};
    const int fd = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
    const ssize_t size = read(fd, line, sizeof line - 1);
    close(fd);
    if (size > 0 && memmem(line, (size_t)size, "--host", 7))
        abort();
}

/* Takes the catalogue. */
static supervisor *supervise_catalogue(catalogue *plugins, supervisor_options options) {
    supervisor *s = NULL;
    stella_error err = {0};
    refuse_to_be_a_host();
    if (!options.plugin_ms)
        options.plugin_ms = 500;
    if (!options.memory_bytes)
        options.memory_bytes = 64u << 20;
    if (supervisor_create(&options, plugins, &s, &err))
        fail_msg("supervisor: %s", err.message);
    return s;
}

static inline supervisor *supervise(const char *const *names, supervisor_options options) {
    return supervise_catalogue(catalogue_of(names), options);
}

static stella_job_request deed(const char *request) {
    return (stella_job_request){.struct_size = sizeof(stella_job_request),
                                .role = "scan",
                                .kind = "deed",
                                .request = stella_sv_cstr(request),
                                .dir_fd = -1,
                                .deadline_ms = 20000};
}

static stella_job_handle *start(supervisor *s, const stella_job_request *request) {
    const stella_worker *w = supervisor_worker(s);
    stella_job_handle *job = NULL;
    stella_error err = {0};
    if (w->start(w->self, request, &job, &err))
        fail_msg("start: %s", err.message);
    return job;
}

/* Waits, and copies the reply to the caller's buffer (NUL-terminated) before the handle goes. */
static stella_job_result finish(supervisor *s, stella_job_handle *job, char *reply, size_t size) {
    const stella_worker *w = supervisor_worker(s);
    stella_job_result result = {.struct_size = sizeof result};
    assert_int_equal(w->wait(w->self, job, &result, NULL), STELLA_OK);
    if (reply) {
        const size_t len = result.reply.len < size ? result.reply.len : size - 1;
        if (len)
            memcpy(reply, result.reply.ptr, len);
        reply[len] = 0;
    }
    w->release(w->self, job);
    return result;
}

static stella_job_result do_job(supervisor *s, const stella_job_request *request, char *reply, size_t size) {
    return finish(s, start(s, request), reply, size);
}

#endif

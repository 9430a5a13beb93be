#include "worker/host.h"

#include <stella/auto.h>

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

/* Behind the fixed part the interface ids follow, each with its NUL. */
static void collect_provides(host_plugin *p, stella_sv text) {
    p->provides = malloc(text.len + 1);
    if (!p->provides)
        return;
    memcpy(p->provides, text.ptr, text.len);
    p->provides[text.len] = 0;
    for (size_t at = 0; at < text.len && p->manifest.provides_count < PLUGIN_INTERFACES_MAX;
         at += strlen(p->provides + at) + 1)
        p->manifest.provides[p->manifest.provides_count++] = p->provides + at;
}

int host_collect(host *h, channel_message *message) {
    channel_plugin name;
    if (message->length < sizeof name || message->fd_count != 1 || h->plugin_count == HOST_PLUGINS_MAX)
        return 0;
    host_plugin *grown = realloc(h->plugins, (h->plugin_count + 1) * sizeof *grown);
    if (!grown)
        return 0;
    h->plugins = grown;
    host_plugin *p = &grown[h->plugin_count++];
    *p = (host_plugin){.index = message->id, .fd = message->fds[0]};
    message->fds[0] = -1;
    memcpy(&p->name, message->body, sizeof p->name);
    collect_provides(p, stella_sv_of((const char *)message->body + sizeof name, message->length - sizeof name));
    return p->provides != NULL;
}

int host_open_tasks(void) {
    return open("/proc/self/task", O_PATH | O_DIRECTORY | O_CLOEXEC);
}

/* Each thread is a directory below task, and so one link more: no reading, hence nothing to be opened in a sandbox. */
static long thread_count(int task_fd) {
    struct stat st;
    return task_fd >= 0 && fstat(task_fd, &st) == 0 ? (long)st.st_nlink - 2 : 1;
}

stella_status host_load_plugin(const host *h, host_plugin *p, int task_fd, stella_error *err) {
    const long threads = thread_count(task_fd);
    plugin_manifest manifest = p->manifest; /* set here: the table of plugins moves while it is collected */
    manifest.id = p->name.id;
    manifest.version = p->name.version;
    stella_status st = plugin_load(p->fd, &manifest, &p->entry, err);
    if (!st && p->entry.create)
        st = p->entry.create(&h->offers, &p->instance, err);
    if (st)
        return st;
    if (thread_count(task_fd) != threads)
        return stella_error_set(err, STELLA_E_DENIED, NULL, "leaves a thread behind when it is loaded");
    p->is_loaded = 1;
    return STELLA_OK;
}

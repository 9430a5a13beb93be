/* host.h - the inside of a host process (a zygote) and of the children that it forks. */
#ifndef KERNEL_WORKER_HOST_H
#define KERNEL_WORKER_HOST_H

#include "plugin/load.h"
#include "worker/channel.h"
#include "worker/crash_page.h"
#include "worker/host_process.h"
#include "worker/sandbox.h"

#define HOST_PLUGINS_MAX CHANNEL_EXCLUDED_MAX

#define HOST_EXIT_DONE   0
#define HOST_EXIT_FAILED 1 /* counts as a crash: the host is started again */
#define HOST_EXIT_HELD   2 /* starting it again would not help */

/* A plugin as the supervisor sent it, and, once loaded, as it is. */
typedef struct host_plugin {
    uint32_t index; /* in its generation */
    int fd;         /* its sealed memfd; open for the life of the process */
    int is_loaded;
    channel_plugin name;
    char *provides; /* owned: what manifest.provides points into */
    plugin_manifest manifest;
    stella_plugin_entry entry;
    void *instance;
} host_plugin;

typedef struct host {
    sandbox_role role;
    int32_t pid; /* of the host, also in its children */
    sandbox *sandbox;
    channel_load load;
    crash_page *page; /* seen by the supervisor while loading */
    host_plugin *plugins;
    uint32_t plugin_count;
    int statm;          /* this process's own */
    stella_host offers; /* what plugins are handed */
} host;

/* The interfaces offered to plugins of this role. */
stella_host host_offers(void);

/* Takes the plugin in a CHANNEL_PLUGIN message over, descriptor included. 0 when it is malformed. */
int host_collect(host *h, channel_message *message);

/* Loads one plugin into this process and makes its instance. A thread that it left behind is STELLA_E_DENIED. */
stella_status host_load_plugin(const host *h, host_plugin *plugin, int task_fd, stella_error *err);
/* What host_load_plugin counts threads by; -1 when there is no /proc. */
int host_open_tasks(void);

/* Loads all plugins but those marked in left_out in a throw-away process.
 * Returns the position of the plugin that broke a rule, with the reason in why, or -1 when none did. */
int host_trial(const host *h, const uint8_t *left_out, stella_error *why);

/* First thing in a child: it goes when the host goes, also when that went before the child could ask for it. */
void host_die_with_parent(const host *h);

/* Does the job behind the socket and ends the process. */
_Noreturn void job_child_main(const host *h, int socket, uint64_t memory_bytes);

#endif

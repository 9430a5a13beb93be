/* cache_verify.c - `stella cache verify`: reads every pack in a child, as a scan would, and drops what is damaged. */
#include "cli/scan_cache.h"
#include "cli/scan_host.h"
#include "cli/verbs.h"

#include <stella/auto.h>

typedef struct check {
    cli_context *cli;
    const stella_worker *worker;
    stella_error error; /* of the machinery, not of a pack */
} check;

/* A pack is written by a child that read hostile bytes: nobody else parses it. */
static int is_sound(void *self, const char *digest, int fd) {
    check *k = self;
    const int32_t fds[] = {fd};
    const stella_job_request request = {.struct_size = sizeof request,
                                        .role = "scan",
                                        .kind = "pack.check",
                                        .fds = fds,
                                        .fd_count = 1,
                                        .dir_fd = -1,
                                        .label = stella_sv_cstr(digest)};
    stella_job_result result = {.struct_size = sizeof result};
    stella_job_handle *handle = NULL;
    if (k->error.code != STELLA_OK || k->worker->start(k->worker->self, &request, &handle, &k->error) != STELLA_OK)
        return 1; /* nothing is known, so nothing is dropped */
    const stella_status status = k->worker->wait(k->worker->self, handle, &result, &k->error);
    const int is_good = status != STELLA_OK || result.end == STELLA_END_DONE;
    if (!is_good)
        fprintf(k->cli->err, "stella: %s: %s\n", digest, cli_safe(k->cli, result.error.message));
    k->worker->release(k->worker->self, handle);
    return is_good;
}

static int run(cli_context *cli, const cli_args *args) {
    STELLA_AUTO(cache_closep) cache *c = NULL;
    STELLA_AUTO(scan_host_end) scan_host host = {0};
    uint64_t checked = 0, dropped = 0;
    stella_error err = {0};
    const int status = cli_cache_open(cli, args, &c);
    if (status != CLI_DONE)
        return status;
    if (scan_host_open(cli, NULL, 0, NULL, &host, &err) != STELLA_OK ||
        scan_host_prepare(&host, "scan", &err) != STELLA_OK)
        return cli_fail(cli, CLI_USAGE, &err);
    check k = {.cli = cli, .worker = supervisor_worker(host.supervisor)};
    if (cache_verify(c, is_sound, &k, &checked, &dropped, &err) != STELLA_OK)
        return cli_fail(cli, CLI_FAILED, &err);
    if (k.error.code != STELLA_OK)
        return cli_fail(cli, CLI_FAILED, &k.error);
    fprintf(cli->out, "checked %llu entries, dropped %llu\n", (unsigned long long)checked, (unsigned long long)dropped);
    return dropped ? CLI_GATE : CLI_DONE;
}

static const cli_option options[] = {CLI_CACHE_OPTIONS, {0}};

static const cli_example examples[] = {
    {"stella cache verify", "Read all that is kept, and drop what is damaged."},
    {0},
};

static const cli_exit exits[] = {
    {CLI_DONE, "everything is sound"},
    {CLI_GATE, "something was damaged, and is gone: the next scan makes it anew"},
    {CLI_USAGE, "a plugin was refused"},
    CLI_CACHE_EXIT_FAILED,
    {0},
};

const cli_verb cli_verb_cache_verify = {
    .name = "cache verify",
    .summary = "read all that is kept, and drop what is damaged",
    .description = "Packs are read in throw-away processes, as scans read them; files are hashed. A scan needs none of "
                   "this: what it finds damaged it makes anew.",
    .options = options,
    .examples = examples,
    .exits = exits,
    .run = run,
};

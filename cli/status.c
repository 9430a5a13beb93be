/* status.c - `stella status`: what the daemon is doing, and what is wrong with it. */
#include "cli/client.h"
#include "cli/verbs.h"

#include <stella/json.h>

#include <inttypes.h>

static const char *text_of(cli_context *cli, const stella_json *object, const char *key) {
    const char *text = stella_arena_cstr(cli->arena, stella_json_str(stella_json_get(object, key)));
    return cli_safe(cli, text ? text : "");
}

static uint64_t number_of(const stella_json *object, const char *key) {
    uint64_t value = 0;
    stella_json_u64(stella_json_get(object, key), &value);
    return value;
}

static void print_plugins(cli_context *cli, const stella_json *root) {
    const stella_json *list = stella_json_get(root, "plugins");
    fputs("plugins:\n", cli->out);
    for (uint32_t i = 0; list && i < list->count; i++) {
        const stella_json *plugin = stella_json_at(list, i);
        fprintf(cli->out, "  %-44s %-10s %-7s %s\n", text_of(cli, plugin, "id"), text_of(cli, plugin, "version"),
                text_of(cli, plugin, "role"), text_of(cli, plugin, "state"));
        if (stella_json_get(plugin, "error"))
            fprintf(cli->out, "    %s\n", text_of(cli, plugin, "error"));
    }
    const stella_json *refusals = stella_json_get(root, "refusals");
    for (uint32_t i = 0; refusals && i < refusals->count; i++) {
        const stella_json *refusal = stella_json_at(refusals, i);
        fprintf(cli->out, "refused: %s: %s\n", text_of(cli, refusal, "file"), text_of(cli, refusal, "message"));
    }
}

static void print_obituaries(cli_context *cli, const stella_json *worker) {
    const stella_json *list = stella_json_get(worker, "obituaries");
    for (uint32_t i = 0; list && i < list->count; i++) {
        const stella_json *one = stella_json_at(list, i);
        fprintf(cli->out, "died: %s %s, plugin %s at %s, signal %" PRIu64 "\n", text_of(cli, one, "role"),
                text_of(cli, one, "job"), text_of(cli, one, "plugin"), text_of(cli, one, "at"),
                number_of(one, "signal"));
    }
}

static void print_status(cli_context *cli, const stella_json *root) {
    const stella_json *worker = stella_json_get(root, "worker");
    const uint64_t up = number_of(root, "uptimeSeconds");
    fprintf(cli->out, "stellad %s, process %" PRIu64 ": %s\n", text_of(cli, root, "version"), number_of(root, "pid"),
            text_of(cli, root, "state"));
    fprintf(cli->out, "up:         %" PRIu64 "d %02" PRIu64 ":%02" PRIu64 ":%02" PRIu64 "\n", up / 86400,
            up / 3600 % 24, up / 60 % 60, up % 60);
    fprintf(cli->out, "state:      %s\n", text_of(cli, root, "stateDir"));
    fprintf(cli->out, "generation: %s\n", text_of(cli, root, "generation"));
    fprintf(cli->out, "sandbox:    %s\n", text_of(cli, worker, "sandbox"));
    fprintf(cli->out, "jobs:       %" PRIu64 " running, %" PRIu64 " done, %" PRIu64 " crashed\n",
            number_of(worker, "jobsRunning"), number_of(worker, "jobsDone"), number_of(worker, "jobsCrashed"));
    print_plugins(cli, root);
    print_obituaries(cli, worker);
}

static int print_json(cli_context *cli, const stella_json *root) {
    const stella_sink sink = cli_out_sink(cli);
    stella_json_writer w;
    stella_error err;
    stella_json_writer_init(&w, &sink, 2);
    stella_json_write_value(&w, root);
    return stella_json_finish(&w, &err) == STELLA_OK ? CLI_DONE : cli_fail(cli, CLI_FAILED, &err);
}

static int run(cli_context *cli, const cli_args *args) {
    stella_sv answer;
    const stella_json *root = NULL;
    stella_error err = {0};
    stella_status status = client_call(cli, args, "GET", "/control/v1/status", NULL, &answer, &err);
    if (status == STELLA_OK)
        status = stella_json_parse(answer, cli->arena, &root, &err);
    if (status != STELLA_OK)
        return cli_fail(cli, CLI_FAILED, &err);
    const char *format = cli_value(args, "format");
    if (format && strcmp(format, "json") == 0)
        return print_json(cli, root);
    print_status(cli, root);
    return CLI_DONE;
}

static const cli_option options[] = {
    {.name = "format", .letter = 'f', .value = "FORMAT", .choices = "text json", .help = "text (the default) or json"},
    CLIENT_OPTION_SOCKET,
    CLIENT_OPTION_CONFIG,
    {0},
};

static const cli_example examples[] = {
    {"stella status", "How the daemon of this machine fares."},
    {"stella status --format json --socket /run/stella/stellad.sock", "The same for scripts."},
    {0},
};

static const cli_exit exits[] = {
    {CLI_DONE, "the daemon answers"},
    {CLI_FAILED, "it does not"},
    {0},
};

const cli_verb cli_verb_status = {
    .name = "status",
    .summary = "show what the daemon is doing and what is wrong with it",
    .description = "State, uptime, sandbox level, jobs, every plugin with its state, every plugin that was refused and "
                   "why, and the last processes that died.",
    .options = options,
    .examples = examples,
    .exits = exits,
    .run = run,
};

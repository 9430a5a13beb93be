/* entrytrace.c - `stella entrytrace`: what an image runs, and why. It is a scan whose only output is the trace. */
#include "cli/scan_cache.h"
#include "cli/scan_plan.h"
#include "cli/scan_verb.h"
#include "cli/verbs.h"

#include <stella/auto.h>

static int run(cli_context *cli, const cli_args *args) {
    STELLA_AUTO(scan_plan_fini) scan_plan plan = {0};
    const char *format = cli_value(args, "format");
    const stella_sv wanted = stella_arena_printf(cli->arena, "entrytrace@%s", format ? format : "tree");
    stella_error err = {0};
    if (!wanted.ptr) {
        stella_error_set(&err, STELLA_E_NOMEM, NULL, "no memory for the command line");
        return cli_fail(cli, CLI_FAILED, &err);
    }
    if (cli_given(args, "output"))
        return cli_usage(cli, &cli_verb_entrytrace, "the format is named by --format; -o belongs to stella scan");
    const stella_status status = scan_plan_read(cli, args, &plan, &err);
    if (status == STELLA_E_INVALID && !err.path[0])
        return cli_usage(cli, &cli_verb_entrytrace, "%s", cli_safe(cli, err.message));
    if (status != STELLA_OK)
        return cli_fail(cli, status == STELLA_E_INVALID ? CLI_USAGE : CLI_FAILED, &err);
    plan.outputs[0].format = wanted.ptr;
    return scan_verb_run_plan(cli, args, &plan);
}

static const cli_option options[] = {
    {.name = "format",
     .value = "FORMAT",
     .choices = "tree json dot mermaid",
     .help = "tree, the default: for people; json; dot: for Graphviz; mermaid: for a page"},
#include "cli/scan_options.inc"
    {0},
};

static const cli_example examples[] = {
    {"stella entrytrace nginx:1.27", "Each hop from the image's entrypoint to what runs, with file, line and layer."},
    {"stella entrytrace app.tar --cmd migrate", "What would run if the image were started with another command."},
    {"stella entrytrace dir:/srv/root --entrypoint /sbin/init --format json", "A directory, for a program."},
    {0},
};

static const cli_exit exits[] = {
    {0, "done; what could not be known is in the result"},
    {2, "usage, configuration or plugins; also a target that names nothing to run"},
    {3, "the target cannot be read"},
    {4, "done, but a plugin's contribution is missing"},
    {5, "out of time, output not writable, or an internal part failed"},
    {0},
};

const cli_verb cli_verb_entrytrace = {
    .name = "entrytrace",
    .summary = "show what an image runs, and why",
    .arguments = "TARGET",
    .words_min = 1,
    .words_max = 1,
    .description = "Follows the entrypoint, without running anything: through shells, wrappers, supervisors and "
                   "interpreters to the programs that really run. TARGET and the options are those of stella scan.",
    .options = options,
    .examples = examples,
    .exits = exits,
    .run = run,
};

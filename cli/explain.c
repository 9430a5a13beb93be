/* explain.c - `stella explain`: why a component is in the result. A scan whose output is the format explain; the component's name is
 * handed to it as the text that emitters take from the user. */
#include "cli/scan_cache.h"
#include "cli/scan_verb.h"
#include "cli/verbs.h"

#include <stella/auto.h>

static int run(cli_context *cli, const cli_args *args) {
    STELLA_AUTO(scan_plan_fini) scan_plan plan = {0};
    stella_error err = {0};
    if (cli_given(args, "output") || cli_given(args, "template"))
        return cli_usage(cli, &cli_verb_explain, "explain has one form: without -o and --template");
    if (!*args->words[1])
        return cli_usage(cli, &cli_verb_explain, "COMPONENT is empty");
    const stella_status status = scan_plan_read(cli, args, &plan, &err);
    if (status == STELLA_E_INVALID && !err.path[0])
        return cli_usage(cli, &cli_verb_explain, "%s", cli_safe(cli, err.message));
    if (status != STELLA_OK)
        return cli_fail(cli, status == STELLA_E_INVALID ? CLI_USAGE : CLI_FAILED, &err);
    plan.outputs[0].format = "explain";
    plan.scan.template_text = stella_sv_cstr(args->words[1]);
    return scan_verb_run_plan(cli, args, &plan);
}

static const cli_example examples[] = {
    {"stella explain alpine:3.20 libcrypto3", "By name."},
    {"stella explain app.tar lodash@4.17.20", "One version of several."},
    {"stella explain dir:/srv/app pkg:npm/%40angular/core", "By package URL; version and qualifiers may be left out."},
    {0},
};

static const cli_exit exits[] = {
    {0, "done"},
    {2, "usage, configuration or plugins; also when the result has no such component"},
    {3, "the target cannot be read or is not what it claims to be"},
    {4, "done, but some analyzer failed"},
    {5, "out of time, output not writable, or an internal part failed"},
    {130, "interrupted (128 and the number of the signal)"},
    {0},
};

const cli_verb cli_verb_explain = {
    .name = "explain",
    .summary = "tell why a component is in the result",
    .arguments = "TARGET COMPONENT",
    .words_min = 2,
    .words_max = 2,
    .description = "TARGET is what stella scan takes. COMPONENT is a name, NAME@VERSION, a package URL or a ref of the "
                   "result; all that are meant are told.\n"
                   "Told are the layer that introduced it with its instruction, the files that prove it and how, its "
                   "licenses, the files it owns, what "
                   "pulls it in (the shortest ways), and which entrypoint reaches it. What belongs to packages of the "
                   "distribution is among them.",
    .options = scan_plan_options,
    .examples = examples,
    .exits = exits,
    .run = run,
};

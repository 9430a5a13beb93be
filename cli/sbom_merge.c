/* sbom_merge.c - `stella sbom merge`: several SBOMs as one. It is the scan of "sboms:ARCHIVE". */
#include "cli/sbom_archive.h"
#include "cli/scan_cache.h"
#include "cli/scan_verb.h"
#include "cli/verbs.h"

#include <stella/auto.h>

static stella_status make_target(cli_context *cli, const cli_args *args, int *fd, stella_sv *out, stella_error *err) {
    const char *subject = cli_value(args, "subject");
    stella_sv first;
    const stella_status status = sbom_archive_make(args->words, args->word_count, cli->arena, &first, fd, err);
    if (status != STELLA_OK)
        return status;
    *out = stella_arena_printf(cli->arena, "sboms:/proc/self/fd/%d:%s%.*s", *fd, subject ? "=" : "",
                               STELLA_SV_FMT(subject ? stella_sv_cstr(subject) : first));
    return out->ptr ? STELLA_OK : stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a name");
}

static int run(cli_context *cli, const cli_args *args) {
    STELLA_AUTO(stella_fd_closep) int fd = -1;
    stella_error err = {0};
    stella_sv target;
    const char *subject = cli_value(args, "subject");
    if (subject && !*subject)
        return cli_usage(cli, &cli_verb_sbom_merge, "--subject wants a name");
    const stella_status status = make_target(cli, args, &fd, &target, &err);
    if (status != STELLA_OK)
        return cli_fail(cli,
                        status == STELLA_E_INVALID ? CLI_USAGE
                        : status == STELLA_E_NOMEM ? CLI_FAILED
                                                   : CLI_TARGET,
                        &err);
    return scan_verb_run(cli, args, &cli_verb_sbom_merge, target.ptr);
}

static const cli_option options[] = {
    {.name = "subject", .value = "NAME", .help = "What the result is about; default: what the first document is about"},
#define SCAN_OPTIONS_ARTIFACTS
#define SCAN_OPTIONS_DOCUMENTS
#include "cli/scan_options.inc"
    {0},
};

static const cli_example examples[] = {
    {"stella sbom merge os.cdx.json app.spdx -o cyclonedx-json=all.cdx.json", "Two documents, of whatever formats."},
    {"stella sbom merge *.cdx.json --subject shop@2.1 -o spdx-json", "Under a name of its own."},
    {0},
};

static const cli_exit exits[] = {
    {0, "done"},
    {2, "usage, configuration or plugins"},
    {3, "a document cannot be read, or is no SBOM of a kind that a plugin knows"},
    {5, "out of time, output not writable, or an internal part failed"},
    {0},
};

const cli_verb cli_verb_sbom_merge = {
    .name = "sbom merge",
    .summary = "join several SBOMs into one",
    .arguments = "FILE FILE...",
    .words_min = 2,
    .words_max = CLI_WORDS_MAX,
    .description =
        "Each FILE is a document that stella sbom convert reads. Components of one package URL become one, with the "
        "evidence of all documents that name it; those without a package URL are one by type, name and version. "
        "Relations of all documents are kept. Which document goes first matters for the subject alone: the order of "
        "the others does not change a byte, and where documents contradict each other the one whose name comes first "
        "in the alphabet goes first.",
    .options = options,
    .examples = examples,
    .exits = exits,
    .run = run,
};

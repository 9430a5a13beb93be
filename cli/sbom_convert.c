/* sbom_convert.c - `stella sbom convert`: an SBOM in another format. It is the scan of "sbom:FILE". */
#include "cli/scan_cache.h"
#include "cli/scan_plan.h"
#include "cli/scan_verb.h"
#include "cli/verbs.h"

#include <stella/auto.h>

static int run(cli_context *cli, const cli_args *args) {
    STELLA_AUTO(stella_buf_fini) stella_buf target = stella_buf_of(1u << 20);
    stella_error err = {0};
    if (stella_buf_printf(&target, "sbom:%s", args->words[0]) != STELLA_OK ||
        stella_buf_add(&target, stella_sv_of("", 1)) != STELLA_OK) {
        stella_error_set(&err, STELLA_E_NOMEM, NULL, "no memory for the name of the document");
        return cli_fail(cli, CLI_FAILED, &err);
    }
    return scan_verb_run(cli, args, &cli_verb_sbom_convert, target.ptr);
}

static const cli_option options[] = {
#define SCAN_OPTIONS_ARTIFACTS
#define SCAN_OPTIONS_DOCUMENTS
#include "cli/scan_options.inc"
    {0},
};

static const cli_example examples[] = {
    {"stella sbom convert app.spdx.json -o cyclonedx-json=app.cdx.json", "SPDX to CycloneDX."},
    {"stella sbom convert app.cdx.json -o cyclonedx-xml@1.5=old.xml -o table",
     "Another syntax and version; and a look."},
    {"stella sbom convert - -o purls <app.cdx.json", "A document on standard input, as a list of package URLs."},
    {0},
};

static const cli_exit exits[] = {
    {0, "done"},
    {2, "usage, configuration or plugins"},
    {3, "the document cannot be read, or is no SBOM of a kind that a plugin knows"},
    {5, "out of time, output not writable, or an internal part failed"},
    {0},
};

const cli_verb cli_verb_sbom_convert = {
    .name = "sbom convert",
    .summary = "write an SBOM in another format",
    .arguments = "FILE",
    .words_min = 1,
    .words_max = 1,
    .description =
        "FILE is CycloneDX (JSON, XML), SPDX 2 (JSON, tag-value) or SPDX 3 (JSON-LD), of stella or of another tool; "
        "\"-\" is standard input. The same as "
        "stella scan sbom:FILE: components, identities, licenses, properties and relations are carried over, "
        "layers and evidence are not.",
    .options = options,
    .examples = examples,
    .exits = exits,
    .run = run,
};

/* index_verify.c - `stella index verify`: whether a BOM-Index is well-formed, and lists what its SBOM lists. An SBOM is
 * made an index by the scan of "sbom:FILE", in a process of its own; then the two are compared. */
#include "cli/index_file.h"
#include "cli/scan_cache.h"
#include "cli/scan_plan.h"
#include "cli/scan_verb.h"
#include "cli/verbs.h"

#include <stella/auto.h>
#include <stella/terminal.h>

#include <sys/mman.h>
#include <unistd.h>

#define TOLD_MAX       20 /* differences, of each kind */
#define LINE_MAX_BYTES (1u << 20)

/* The index of what an SBOM lists, whoever would leave some of it out of a scan. */
static int index_sbom(cli_context *cli, const cli_args *args, const char *file, stella_buf *out) {
    STELLA_AUTO(stella_fd_closep) int fd = memfd_create("stella-index", MFD_CLOEXEC);
    const stella_sv target = stella_arena_printf(cli->arena, "sbom:%s", file);
    char self[32];
    stella_error err = {0};
    if (fd < 0 || !target.ptr) {
        stella_error_set(&err, STELLA_E_NOMEM, file, "no memory to read it");
        return cli_fail(cli, CLI_FAILED, &err);
    }
    scan_plan plan = {.scan = {.target = target.ptr,
                               .platform = "linux/amd64",
                               .has_input = 1,
                               .epoch_ms = -1,
                               .declared = SCAN_DECLARED_ON,
                               .with_dev = 1,
                               .with_managed = 1},
                      .output_count = 1,
                      .outputs = {{.format = "bom-index", .fd = fd, .dir_fd = -1}},
                      .is_quiet = 1,
                      .is_kept = 1,
                      .progress = PROGRESS_NONE};
    const int status = scan_verb_run_plan(cli, args, &plan);
    if (status != CLI_DONE)
        return status == CLI_PARTIAL ? CLI_FAILED : status;
    snprintf(self, sizeof self, "/proc/self/fd/%d", fd);
    return index_file_read(self, out, &err) == STELLA_OK ? CLI_DONE : cli_fail(cli, CLI_FAILED, &err);
}

typedef struct comparison {
    cli_context *cli;
    const char *file;
    uint32_t missing, surplus; /* not in the index; not in the SBOM */
} comparison;

static void tell(const comparison *c, const char *where, stella_sv identity) {
    STELLA_AUTO(stella_buf_fini) stella_buf line = stella_buf_of(LINE_MAX_BYTES);
    (void)stella_terminal_add(&line, identity);
    fprintf(c->cli->out, "%s: not in %s: %s\n", cli_safe(c->cli, c->file), where, line.ptr ? line.ptr : "?");
}

static void differ(comparison *c, int is_missing, stella_sv identity) {
    uint32_t *count = is_missing ? &c->missing : &c->surplus;
    if ((*count)++ < TOLD_MAX)
        tell(c, is_missing ? "the index" : "the SBOM", identity);
}

/* Both are in byte order. */
static void compare(comparison *c, const bom_index *index, const bom_index *sbom) {
    bom_index_rows ours = bom_index_begin(index), theirs = bom_index_begin(sbom);
    bom_index_row our, their;
    int has_our = bom_index_row_next(&ours, &our), has_their = bom_index_row_next(&theirs, &their);
    while (has_our || has_their) {
        const int order = !has_their ? -1 : !has_our ? 1 : stella_sv_cmp(our.identity, their.identity);
        if (order)
            differ(c, order > 0, order > 0 ? their.identity : our.identity);
        if (order <= 0)
            has_our = bom_index_row_next(&ours, &our);
        if (order >= 0)
            has_their = bom_index_row_next(&theirs, &their);
    }
}

static int judge_sbom(cli_context *cli, const char *file, const char *sbom_file, const bom_index *index,
                      const stella_buf *bytes) {
    comparison c = {.cli = cli, .file = file};
    bom_index sbom;
    const int status = index_file_open(cli, sbom_file, bytes, CLI_FAILED, &sbom);
    if (status != CLI_DONE)
        return status;
    compare(&c, index, &sbom);
    if (!c.missing && !c.surplus)
        return CLI_DONE;
    fprintf(cli->out, "%s: %u components of %s are not in it, and %u of its own are not there\n", cli_safe(cli, file),
            c.missing, cli_safe(cli, sbom_file), c.surplus);
    return CLI_GATE;
}

static int run(cli_context *cli, const cli_args *args) {
    STELLA_AUTO(stella_buf_fini) stella_buf bytes = {0};
    STELLA_AUTO(stella_buf_fini) stella_buf other = {0};
    const char *file = args->words[0], *sbom = cli_value(args, "sbom");
    bom_index index;
    stella_error err = {0};
    if (sbom && strcmp(sbom, "-") == 0 && strcmp(file, "-") == 0)
        return cli_usage(cli, &cli_verb_index_verify, "standard input can be one of the two, not both");
    const stella_status read = index_file_read(file, &bytes, &err);
    if (read != STELLA_OK)
        return cli_fail(cli, read == STELLA_E_NOMEM ? CLI_FAILED : CLI_TARGET, &err);
    int status = sbom ? index_sbom(cli, args, sbom, &other) : CLI_DONE;
    if (status != CLI_DONE)
        return status;
    if (index_file_shut_in(&err) != STELLA_OK)
        return cli_fail(cli, CLI_FAILED, &err);
    status = index_file_open(cli, file, &bytes, CLI_GATE, &index);
    if (status == CLI_DONE && sbom)
        status = judge_sbom(cli, file, sbom, &index, &other);
    if (status == CLI_DONE)
        fprintf(cli->out, "%s: valid, %u components in %u layers, %u entrypoints\n", cli_safe(cli, file),
                index.component_count, index.layer_count, index.entrypoint_count);
    return status;
}

static const cli_option options[] = {
    {.name = "sbom", .value = "FILE", .help = "The index must list the same components as this SBOM"},
    {.name = "plugin-dir", .value = "DIR", .help = "Use the plugins in DIR too; may be repeated. For --sbom"},
    CLI_CACHE_OPTIONS,
    {.name = "no-cache", .help = "Neither use nor keep what was learnt of the SBOM"},
    {0},
};

static const cli_example examples[] = {
    {"stella index verify bom-index.bin", "Whether it is one, whole and in order."},
    {"stella index verify bom-index.bin --sbom inventory.cdx.json", "And whether it is this SBOM's."},
    {0},
};

static const cli_exit exits[] = {
    {0, "valid, and of that SBOM"},
    {1, "not valid, or not of that SBOM"},
    {2, "usage, configuration or plugins"},
    {3, "a file cannot be read, or the SBOM is none"},
    {5, "out of memory or time, or an internal part failed"},
    {0},
};

const cli_verb cli_verb_index_verify = {
    .name = "index verify",
    .summary = "tell whether a BOM-Index is valid",
    .arguments = "FILE",
    .words_min = 1,
    .words_max = 1,
    .description = "Every byte is checked: magic, version, counts, the order of tables, UTF-8, the canonical form of "
                   "each set, that nothing follows. What is valid has but one spelling: equal content, equal digest.\n"
                   "With --sbom, components are compared by package URL, those without one by type, name and version.",
    .options = options,
    .examples = examples,
    .exits = exits,
    .run = run,
};

/* plugin_test.c - `stella plugin test DIR`: does a plugin do what it says, and does it behave? */
#include "cli/plugin_check.h"
#include "cli/verbs.h"

#include "cli/plugins.h"
#include "plugin/sealed.h"
#include "plugin/sign.h"

#include <stella/auto.h>
#include <stella/testing.h>

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <unistd.h>

#define OUTCOME_MAX ((size_t)64 << 20)
#define DEADLINE_MS 20000

typedef struct test_run {
    cli_context *cli;
    const char *dir, *only, *input;
    char *work; /* a folder that goes when the run ends */
    int is_accepting;
    uint64_t seed;
    uint32_t passed, failed;
    plugin_bench bench;
} test_run;

static int is_wanted(const test_run *t, const char *name) {
    return !t->only || strcmp(t->only, name) == 0;
}

static void report(test_run *t, const char *name, const char *says, stella_status status, const stella_error *err) {
    if (status == STELLA_OK) {
        t->passed++;
        fprintf(t->cli->out, "ok    %-12s %s\n", name, says);
        return;
    }
    t->failed++;
    fprintf(t->cli->out, "FAIL  %-12s %s%s%s\n", name, cli_safe(t->cli, err->path), err->path[0] ? ": " : "",
            cli_safe(t->cli, err->message));
}

static stella_status compare_or_accept(test_run *t, stella_sv outcome, stella_error *err) {
    const char *expected = stella_arena_printf(t->cli->arena, "%s/tests/expected.json", t->dir).ptr;
    if (!expected)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "out of memory");
    if (t->is_accepting)
        setenv("STELLA_UPDATE_GOLDEN", "1", 1);
    else
        unsetenv("STELLA_UPDATE_GOLDEN");
    return stella_testing_golden(expected, outcome)
               ? STELLA_OK
               : stella_error_set(err, STELLA_E_INVALID, expected,
                                  "another outcome; if it is right, run stella plugin test --accept");
}

static void run_check(test_run *t, const plugin_check_kind *kind) {
    stella_error err = {0};
    const int is_golden = strcmp(kind->name, "golden") == 0;
    STELLA_AUTO(stella_buf_fini) stella_buf outcome = stella_buf_of(OUTCOME_MAX);
    stella_status status = plugin_check_run(&t->bench, kind, &outcome, &err);
    if (status == STELLA_OK && is_golden && outcome.len)
        status = compare_or_accept(t, stella_buf_sv(&outcome), &err);
    report(t, kind->name, kind->says, status, &err);
}

/* Damaged inputs may be refused, with any status; they may not take the process down, hang it, or leave something
 * behind. */
static stella_status is_contained(stella_status status) {
    return status == STELLA_E_CRASHED || status == STELLA_E_TIMEOUT || status == STELLA_E_INVALID ? status : STELLA_OK;
}

static stella_status run_damaged(test_run *t, uint32_t *variants, stella_error *err) {
    const plugin_check_kind *golden = plugin_checks;
    while (golden->name && strcmp(golden->name, "golden") != 0)
        golden++;
    for (uint32_t v = 0;; v++) {
        const char *folder = stella_arena_printf(t->cli->arena, "%s/%u", t->work, v).ptr;
        if (!folder || !plugin_hostile_make(t->input, folder, v, t->seed, err))
            return err->code;
        STELLA_AUTO(stella_fd_closep) int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        plugin_bench bench = t->bench;
        bench.input_fd = fd;
        const stella_status status = is_contained(plugin_check_run(&bench, golden, NULL, err));
        if (status != STELLA_OK) {
            stella_error why = *err;
            return stella_error_set(err, status, why.path, "damaged input %u (--seed %llu): %.120s", v,
                                    (unsigned long long)t->seed, why.message);
        }
        *variants = v + 1;
    }
}

static void run_hostile(test_run *t) {
    stella_error err = {0};
    uint32_t variants = 0;
    const stella_status status = run_damaged(t, &variants, &err);
    report(t, "hostile", stella_arena_printf(t->cli->arena, "%u damaged inputs, each contained", variants).ptr, status,
           &err);
}

/* Signs the plugin with a key that lives as long as this run into the work folder, as a loader would want it, and seals
 * the binary found there. */
static stella_status open_plugin(test_run *t, plugin_manifest *manifest, sealed *binary, stella_error *err) {
    key_secret key = {0};
    stella_ed25519_generate(key.public_key, key.secret_key);
    const sign_request request = {.binary_dir = t->dir,
                                  .manifest_path = plugins_manifest_in(t->cli, t->dir),
                                  .output_dir = stella_arena_printf(t->cli->arena, "%s/plugin", t->work).ptr,
                                  .key = &key};
    if (!request.manifest_path || !request.output_dir)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "out of memory");
    const stella_status status = sign_folder(&request, t->cli->arena, manifest, err);
    if (status != STELLA_OK)
        return status;
    const char *path = stella_arena_printf(t->cli->arena, "%s/%s", request.output_dir, manifest->file).ptr;
    STELLA_AUTO(stella_fd_closep) int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    return sealed_copy(file, manifest->id, PLUGIN_FILE_BYTES_MAX, path, binary, err);
}

static void run_all(test_run *t) {
    for (const plugin_check_kind *kind = plugin_checks; kind->name; kind++)
        if (is_wanted(t, kind->name))
            run_check(t, kind);
    if (is_wanted(t, "hostile") && !t->bench.is_in_process)
        run_hostile(t);
}

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *ftw) {
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

static int run_in(test_run *t, const cli_args *args, int input) {
    stella_error err = {0};
    plugin_manifest manifest;
    STELLA_AUTO(sealed_fini) sealed binary = SEALED_NONE;
    const stella_status status = open_plugin(t, &manifest, &binary, &err);
    report(t, "file", "manifest and binary are what a loader accepts", status, &err);
    if (status == STELLA_OK) {
        t->bench = (plugin_bench){.plugin_fd = binary.fd,
                                  .manifest = &manifest,
                                  .input_fd = input,
                                  .deadline_ms = DEADLINE_MS,
                                  .is_in_process = (int)cli_given(args, "in-process")};
        run_all(t);
    }
    fprintf(t->cli->out, "%u passed, %u failed\n", t->passed, t->failed);
    return t->failed ? CLI_GATE : CLI_DONE;
}

static int run(cli_context *cli, const cli_args *args) {
    test_run t = {.cli = cli,
                  .dir = args->words[0],
                  .only = cli_value(args, "only"),
                  .is_accepting = (int)cli_given(args, "accept")};
    const char *seed = cli_value(args, "seed"), *tmp = getenv("TMPDIR");
    if (seed && !stella_sv_u64(stella_sv_cstr(seed), UINT64_MAX, &t.seed))
        return cli_usage(cli, &cli_verb_plugin_test, "--seed takes a whole number");
    t.input = stella_arena_printf(cli->arena, "%s/tests/input", t.dir).ptr;
    t.work =
        stella_arena_cstr(cli->arena, stella_arena_printf(cli->arena, "%s/stella-test-XXXXXX", tmp ? tmp : "/tmp"));
    STELLA_AUTO(stella_fd_closep) int input = t.input ? open(t.input, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    if (input < 0)
        return cli_usage(cli, &cli_verb_plugin_test, "%s: the folder of inputs cannot be opened: %s", t.input,
                         strerror(errno));
    if (!t.work || !mkdtemp(t.work))
        return cli_usage(cli, &cli_verb_plugin_test, "%s: %s", t.work, strerror(errno));
    const int status = run_in(&t, args, input);
    nftw(t.work, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    return status;
}

static const cli_option options[] = {
    {.name = "accept", .help = "Write tests/expected.json from what the plugin says now"},
    {.name = "only",
     .value = "CHECK",
     .choices = "interfaces lifecycle golden determinism cancel memory hostile",
     .help = "Run one check"},
    {.name = "seed", .value = "N", .help = "Damage inputs in another way (0)"},
    {.name = "in-process", .help = "Run without a process of its own and without sandbox, for a debugger"},
    {0},
};

static const cli_example examples[] = {
    {"stella plugin test .", "Every check over ./tests/input."},
    {"stella plugin test . --accept", "Take the present outcome as the expected one, after reading it."},
    {"gdb --args stella plugin test . --in-process --only golden", "The plugin under a debugger."},
    {0},
};

static const cli_exit exits[] = {
    {CLI_DONE, "every check passed"},
    {CLI_GATE, "a check failed"},
    {CLI_USAGE, "wrong usage, or there is no folder of inputs"},
    {0},
};

const cli_verb cli_verb_plugin_test = {
    .name = "plugin test",
    .summary = "run a plugin over test inputs, without a daemon",
    .arguments = "DIR",
    .words_min = 1,
    .words_max = 1,
    .description = "DIR holds the manifest (manifest.json or plugin.json), the binary, tests/input and "
                   "tests/expected.json. Each check runs in a "
                   "process of its own, shut in as a worker is: the outcome is compared, must not depend on how input "
                   "is cut, must survive any failed "
                   "allocation and damaged inputs. No signature is needed.",
    .options = options,
    .examples = examples,
    .exits = exits,
    .run = run,
};

#include "cli/scan_plan.h"

#include "cli/scan_cache.h"

#include <stella/analyzer.h>
#include <stella/auto.h>
#include <stella/json.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/utsname.h>
#include <unistd.h>

#define TIMEOUT_SECONDS_MAX 604800 /* a week */
#define TEMPLATE_BYTES_MAX  (1u << 20)
#define PROCESS_WORDS_MAX   CLI_GIVEN_MAX
#define PROCESS_BYTES_MAX   (1u << 20)

_Static_assert(OUTPUTS_MAX + ARTIFACTS_MAX <= SCAN_OUTPUTS_MAX, "a scan takes what the command line asks for");

const cli_option scan_plan_options[] = {
#define SCAN_OPTIONS_ARTIFACTS
#include "cli/scan_options.inc"
    {0},
};

/* A positive number; an option that was not given leaves *out alone. */
static stella_status read_number(const cli_args *args, const char *name, uint64_t max, uint64_t *out,
                                 stella_error *err) {
    const char *text = cli_takes(args, name) ? cli_value(args, name) : NULL;
    uint64_t value = 0;
    if (!text)
        return STELLA_OK;
    if (!stella_sv_u64(stella_sv_cstr(text), max, &value) || value == 0)
        return stella_error_set(err, STELLA_E_INVALID, NULL, "--%s wants a number from 1 to %llu, not \"%.60s\"", name,
                                (unsigned long long)max, text);
    *out = value;
    return STELLA_OK;
}

static stella_status read_limits(const cli_args *args, scan_options *out, stella_error *err) {
    const struct {
        const char *name;
        uint64_t max;
        uint64_t *value;
    } limits[] = {{"max-entries", UINT32_MAX - 1, &out->limits.entries},
                  {"max-path-bytes", 32768, &out->limits.path_bytes},
                  {"max-layer-bytes", INT64_MAX, &out->limits.layer_bytes},
                  {"max-ratio", UINT32_MAX, &out->limits.ratio},
                  {"ratio-from-bytes", INT64_MAX, &out->limits.ratio_bytes},
                  {"max-input-bytes", INT64_MAX, &out->input_bytes_max}};
    stella_status status = STELLA_OK;
    for (size_t i = 0; status == STELLA_OK && i < sizeof limits / sizeof limits[0]; i++)
        status = read_number(args, limits[i].name, limits[i].max, limits[i].value, err);
    return status;
}

/* The reproducible-builds convention: whoever sets it wants it obeyed, so a wrong one is an error. */
static stella_status read_epoch(int64_t *out, stella_error *err) {
    const char *text = getenv("SOURCE_DATE_EPOCH");
    uint64_t seconds = 0;
    *out = -1;
    if (!text || !*text)
        return STELLA_OK;
    if (!stella_sv_u64(stella_sv_cstr(text), INT64_MAX / 1000, &seconds))
        return stella_error_set(err, STELLA_E_INVALID, "SOURCE_DATE_EPOCH", "not a number of seconds: %.60s", text);
    *out = (int64_t)seconds * 1000;
    return STELLA_OK;
}

/* This machine, in the words of the OCI specification. */
static const char *own_platform(void) {
    static const struct {
        const char *machine, *platform;
    } known[] = {{"x86_64", "linux/amd64"},    {"aarch64", "linux/arm64"}, {"armv7l", "linux/arm/v7"},
                 {"armv6l", "linux/arm/v6"},   {"i686", "linux/386"},      {"ppc64le", "linux/ppc64le"},
                 {"riscv64", "linux/riscv64"}, {"s390x", "linux/s390x"}};
    struct utsname name;
    for (size_t i = 0; uname(&name) == 0 && i < sizeof known / sizeof known[0]; i++)
        if (strcmp(name.machine, known[i].machine) == 0)
            return known[i].platform;
    return "linux/amd64";
}

/* No two outputs may end up as one file. */
static stella_status check_outputs(const scan_plan *plan, stella_error *err) {
    uint32_t to_standard = 0;
    for (uint32_t i = 0; i < plan->output_count; i++) {
        to_standard += !plan->outputs[i].file;
        for (uint32_t k = 0; k < i; k++)
            if (output_is_same(&plan->outputs[k], &plan->outputs[i]))
                return stella_error_set(err, STELLA_E_INVALID, NULL, "-o %s=%.60s and -o %s=%.60s name one file",
                                        plan->outputs[k].format, plan->outputs[k].file, plan->outputs[i].format,
                                        plan->outputs[i].file);
    }
    if (to_standard > 1)
        return stella_error_set(err, STELLA_E_INVALID, NULL,
                                "only one result can go to standard output: use -o FORMAT=FILE");
    return STELLA_OK;
}

/* The artifacts come last. */
static stella_status read_artifacts(cli_context *cli, const cli_args *args, scan_plan *out, stella_error *err) {
    const char *dir = cli_takes(args, "artifacts") ? cli_value(args, "artifacts") : NULL;
    if (!dir)
        return STELLA_OK;
    const stella_status status =
        artifacts_open(cli, dir, &out->outputs[out->output_count], &out->artifact_count, &out->manifest, err);
    out->output_count += out->artifact_count;
    return status;
}

static stella_status read_outputs(cli_context *cli, const cli_args *args, scan_plan *out, stella_error *err) {
    const char *values[OUTPUTS_MAX + 1] = {cli->is_terminal ? "table" : "json"};
    uint32_t count = cli_values(args, "output", values, OUTPUTS_MAX + 1);
    if (count > OUTPUTS_MAX)
        return stella_error_set(err, STELLA_E_INVALID, NULL, "-o can be given %d times", OUTPUTS_MAX);
    count = count || (cli_takes(args, "artifacts") && cli_given(args, "artifacts")) ? count : 1;
    for (uint32_t i = 0; i < count; i++) {
        const stella_status status = output_open(cli, values[i], &out->outputs[i], err);
        if (status != STELLA_OK)
            return status;
        out->output_count = i + 1;
    }
    const stella_status status = read_artifacts(cli, args, out, err);
    return status == STELLA_OK ? check_outputs(out, err) : status;
}

static int is_utf8(stella_sv text) {
    size_t len = 1;
    while (text.len && len) {
        len = stella_sv_utf8(text);
        text = stella_sv_skip(text, len);
    }
    return text.len == 0;
}

/* Read now: a template that is not there is told before the work. */
static stella_status read_template(const cli_args *args, stella_buf *out, stella_error *err) {
    const char *file = cli_value(args, "template");
    char part[4096];
    ssize_t got = 0;
    *out = stella_buf_of(TEMPLATE_BYTES_MAX);
    if (!file)
        return STELLA_OK;
    STELLA_AUTO(stella_fd_closep) int fd = open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    while (fd >= 0 && (got = read(fd, part, sizeof part)) > 0)
        if (stella_buf_add(out, stella_sv_of(part, (size_t)got)) != STELLA_OK)
            return stella_error_set(err, STELLA_E_INVALID, file, "a template has at most %u bytes", TEMPLATE_BYTES_MAX);
    if (fd < 0 || got < 0)
        return stella_error_set(err, STELLA_E_INVALID, file, "cannot be read: %s", strerror(errno));
    const stella_sv text = stella_buf_sv(out);
    if (text.len == 0 || !is_utf8(text))
        return stella_error_set(err, STELLA_E_INVALID, file, text.len ? "not UTF-8" : "an empty template");
    return STELLA_OK;
}

/* The table of options has seen to it that there are no other words. */
static void read_listing(const cli_args *args, scan_plan *out) {
    const char *declared = cli_value(args, "declared"), *licenses = cli_value(args, "licenses");
    if (declared && strcmp(declared, "auto") != 0)
        out->scan.declared = strcmp(declared, "on") == 0 ? SCAN_DECLARED_ON : SCAN_DECLARED_OFF;
    out->scan.with_dev = cli_given(args, "dev") > 0;
    out->scan.with_managed = cli_given(args, "managed") > 0;
    if (licenses && strcmp(licenses, "deep") == 0)
        out->scan.analyzer_options |= STELLA_OPTION_LICENSE_TEXTS;
    const char *usage = cli_value(args, "usage"), *view = cli_value(args, "view");
    if (usage && strcmp(usage, "deep") == 0)
        out->scan.analyzer_options |= STELLA_OPTION_USAGE_DEEP;
    out->view = view && strcmp(view, "usage") == 0 ? view : NULL;
    if (cli_given(args, "heuristics"))
        out->scan.analyzer_options |= STELLA_OPTION_HEURISTICS;
}

static void add_words(stella_json_writer *w, const cli_args *args, const char *name) {
    const char *words[PROCESS_WORDS_MAX];
    const uint32_t count = cli_values(args, name, words, PROCESS_WORDS_MAX);
    if (!count)
        return;
    stella_json_member_array(w, name);
    for (uint32_t i = 0; i < count && i < PROCESS_WORDS_MAX; i++)
        stella_json_write_str(w, stella_sv_cstr(words[i]));
    stella_json_end_array(w);
}

/* What is to be run instead, as the engine reads it; nothing when the user says nothing of it. */
static stella_status read_process(const cli_args *args, stella_buf *out, stella_error *err) {
    static const char *const names[] = {"entrypoint", "cmd", "env", "user", "workdir"};
    uint32_t given = 0;
    for (size_t i = 0; i < STELLA_COUNT(names); i++) {
        given += cli_given(args, names[i]);
        if (cli_given(args, names[i]) > PROCESS_WORDS_MAX)
            return stella_error_set(err, STELLA_E_INVALID, NULL, "--%s can be given %u times", names[i],
                                    PROCESS_WORDS_MAX);
    }
    *out = stella_buf_of(PROCESS_BYTES_MAX);
    if (!given)
        return STELLA_OK;
    const stella_sink sink = stella_buf_sink(out);
    stella_json_writer w;
    stella_json_writer_init(&w, &sink, 0);
    stella_json_begin_object(&w);
    add_words(&w, args, "entrypoint");
    add_words(&w, args, "cmd");
    add_words(&w, args, "env");
    stella_json_member_opt(&w, "user", stella_sv_cstr(cli_value(args, "user")));
    stella_json_member_opt(&w, "directory", stella_sv_cstr(cli_value(args, "workdir")));
    stella_json_end_object(&w);
    return stella_json_finish(&w, err);
}

/* What concerns images, directories and layers. */
static stella_status read_tree(const cli_args *args, scan_plan *out, stella_error *err) {
    const char *platform = cli_value(args, "platform");
    scan_options *options = &out->scan;
    options->select_count = cli_values(args, "select", out->select, SCAN_PLAN_CHOICES_MAX);
    options->exclude_count = cli_values(args, "exclude", out->exclude, SCAN_PLAN_CHOICES_MAX);
    options->insecure_count = cli_values(args, "insecure-registry", out->insecure, SCAN_PLAN_INSECURE_MAX);
    options->platform = platform ? platform : options->platform;
    options->partial = cli_given(args, "partial") > 0;
    options->verify_full = cli_given(args, "verify") > 0;
    options->registry_ca = cli_value(args, "registry-ca");
    options->other_file_systems = cli_given(args, "other-file-systems") > 0;
    options->only_layer = cli_value(args, "layer");
    if (!strchr(options->platform, '/'))
        return stella_error_set(err, STELLA_E_INVALID, NULL, "--platform wants OS/ARCH, as in linux/arm64");
    if (options->partial && options->verify_full)
        return stella_error_set(err, STELLA_E_INVALID, NULL, "--partial and --verify full exclude each other");
    read_listing(args, out);
    const stella_status status = read_process(args, &out->process, err);
    options->process = stella_buf_sv(&out->process);
    return status;
}

stella_status scan_plan_read(cli_context *cli, const cli_args *args, scan_plan *out, stella_error *err) {
    uint64_t seconds = 0;
    *out = (scan_plan){.is_quiet = cli_given(args, "quiet") > 0,
                       .is_verbose = cli_given(args, "verbose") > 0,
                       .is_by_layer = cli_takes(args, "by-layer") && cli_given(args, "by-layer") > 0,
                       .manifest = {.dir_fd = -1, .fd = -1}};
    out->scan = (scan_options){.select = out->select,
                               .exclude = out->exclude,
                               .insecure = out->insecure,
                               .target = args->words[0],
                               .platform = own_platform(),
                               .has_input = 1};
    out->progress =
        out->is_quiet ? PROGRESS_NONE : progress_mode_of(cli_value(args, "progress"), isatty(fileno(cli->err)));
    stella_status status = cli_takes(args, "layer") ? read_tree(args, out, err) : STELLA_OK;
    if (status == STELLA_OK)
        status = read_number(args, "timeout", TIMEOUT_SECONDS_MAX, &seconds, err);
    out->scan.timeout_ms = seconds * 1000;
    if (status == STELLA_OK)
        status = read_limits(args, &out->scan, err);
    if (status == STELLA_OK)
        status = read_epoch(&out->scan.epoch_ms, err);
    if (status == STELLA_OK)
        status = read_template(args, &out->template_text, err);
    if (status == STELLA_OK && stella_buf_sv(&out->template_text).len)
        out->scan.template_text = stella_buf_sv(&out->template_text);
    return status == STELLA_OK ? read_outputs(cli, args, out, err) : status;
}

void scan_plan_fini(scan_plan *plan) {
    for (uint32_t i = 0; i < plan->output_count; i++)
        output_fini(&plan->outputs[i]);
    plan->output_count = 0;
    stella_buf_fini(&plan->template_text);
    output_fini(&plan->manifest);
    stella_buf_fini(&plan->process);
}

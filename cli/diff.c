/* diff.c - `stella diff`: what differs between two images, directories, SBOMs or results of earlier scans. Each side
 * that is no result yet is scanned into one; the results are compared in a child. */
#include "diff.h"
#include "cli/scan_cache.h"
#include "cli/scan_verb.h"
#include "cli/verbs.h"

#include <stella/auto.h>

#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define RESULT_MARK "\"https://stella-ops.org/schema/result/0\"" /* in the first member of a result */
#define START_BYTES 512u                                         /* in which it stands */
#define RESULT_WORD "result:"

typedef struct side {
    int fd;
    int is_partial;
} side;

static void sides_fini(side (*sides)[2]) {
    stella_fd_closep(&(*sides)[0].fd);
    stella_fd_closep(&(*sides)[1].fd);
}

static int is_named_result(const char *target) {
    return strncmp(target, RESULT_WORD, strlen(RESULT_WORD)) == 0;
}

/* Opens a regular file and reads its first bytes; nothing is said when there is none. */
static ssize_t read_start(const char *path, char start[START_BYTES], int *out) {
    STELLA_AUTO(stella_fd_closep) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat info;
    if (fd < 0 || fstat(fd, &info) != 0 || !S_ISREG(info.st_mode))
        return -1;
    const ssize_t got = pread(fd, start, START_BYTES, 0);
    if (got >= 0)
        *out = stella_take_fd(&fd);
    return got;
}

/* What an earlier scan wrote: known by its first bytes; the child reads it, and says what is wrong. */
static int open_result(const char *target, int *out) {
    char start[START_BYTES];
    const int is_named = is_named_result(target);
    STELLA_AUTO(stella_fd_closep) int fd = -1;
    const ssize_t got = read_start(target + (is_named ? strlen(RESULT_WORD) : 0), start, &fd);
    if (got < 0 || (!is_named && !memmem(start, (size_t)got, RESULT_MARK, strlen(RESULT_MARK))))
        return 0;
    *out = stella_take_fd(&fd);
    return 1;
}

/* A plain path to a text as SBOMs begin; no archive does. */
static int is_document(const char *target) {
    char start[START_BYTES];
    STELLA_AUTO(stella_fd_closep) int fd = -1;
    const ssize_t got = read_start(target, start, &fd);
    stella_sv text = stella_sv_of(start, got > 0 ? (size_t)got : 0);
    if (stella_sv_starts(text, STELLA_SV("\xef\xbb\xbf")))
        text = stella_sv_skip(text, 3);
    text = stella_sv_trim(text);
    return stella_sv_starts(text, STELLA_SV("{")) || stella_sv_starts(text, STELLA_SV("<")) ||
           stella_sv_starts(text, STELLA_SV("SPDXVersion:"));
}

static int scan_side(cli_context *cli, scan_session *session, const scan_plan *plan, const char *target, side *out) {
    scan_plan mine = *plan;
    STELLA_AUTO(stella_fd_closep) int fd = memfd_create("stella-result", MFD_CLOEXEC);
    stella_error err = {0};
    if (fd < 0) {
        stella_error_set(&err, STELLA_E_IO, target, "no memory for the result: %s", strerror(errno));
        return cli_fail(cli, CLI_FAILED, &err);
    }
    mine.outputs[0] = (output){.format = "json", .file = "result", .fd = fd, .dir_fd = -1};
    mine.output_count = 1;
    mine.is_kept = 1;
    mine.view = NULL; /* who compares has use for everything, and leaves out what is not wanted */
    mine.scan.target = is_document(target) ? stella_arena_printf(cli->arena, "sbom:%s", target).ptr : target;
    if (!mine.scan.target)
        return cli_fail(cli, CLI_FAILED, &(stella_error){.message = "no memory for a name"});
    const int status = scan_session_scan(cli, session, &mine);
    if (status != CLI_DONE && status != CLI_PARTIAL)
        return status;
    *out = (side){.fd = stella_take_fd(&fd), .is_partial = status == CLI_PARTIAL};
    return CLI_DONE;
}

/* A target that is named twice is scanned once. */
static int read_sides(cli_context *cli, scan_session *session, const scan_plan *plan, const cli_args *args,
                      side *sides) {
    int status = CLI_DONE;
    stella_error err = {0};
    for (int i = 0; status == CLI_DONE && i < 2; i++) {
        const char *target = args->words[i];
        if (i == 1 && strcmp(target, args->words[0]) == 0) {
            sides[1] = sides[0];
            sides[1].fd = fcntl(sides[0].fd, F_DUPFD_CLOEXEC, 3);
        } else if (open_result(target, &sides[i].fd)) {
            continue;
        } else if (is_named_result(target)) {
            stella_error_set(&err, STELLA_E_NOTFOUND, target, "no file that can be read");
            status = cli_fail(cli, CLI_TARGET, &err);
        } else {
            status = scan_side(cli, session, plan, target, &sides[i]);
        }
    }
    return status;
}

static uint32_t terminal_width(void) {
    struct winsize size = {0};
    return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

static int publish(cli_context *cli, scan_plan *plan) {
    for (int to_standard = 0; to_standard < 2; to_standard++)
        for (uint32_t i = 0; i < plan->output_count; i++) {
            stella_error err = {0};
            if ((plan->outputs[i].file == NULL) == to_standard && output_publish(&plan->outputs[i], &err) != STELLA_OK)
                return cli_fail(cli, CLI_FAILED, &err);
        }
    return CLI_DONE;
}

static int compare(cli_context *cli, scan_session *session, scan_plan *plan, side *sides) {
    const scan_diff_request request = {.old_fd = sides[0].fd,
                                       .new_fd = sides[1].fd,
                                       .is_usage = plan->view != NULL,
                                       .is_by_layer = plan->is_by_layer,
                                       .with_managed = plan->scan.with_managed};
    scan_output outputs[OUTPUTS_MAX];
    scan_diff_report report = {0};
    stella_error err = {0};
    for (uint32_t i = 0; i < plan->output_count; i++) {
        const int is_terminal = !plan->outputs[i].file && cli->is_terminal;
        outputs[i] = (scan_output){.format = plan->outputs[i].format,
                                   .fd = plan->outputs[i].fd,
                                   .has_color = is_terminal && cli->is_colored,
                                   .width = is_terminal ? terminal_width() : 0};
    }
    scan_session_lend(session, &plan->scan);
    const scan_outcome outcome = scan_diff(&plan->scan, &request, outputs, plan->output_count, &report, &err);
    if (outcome != SCAN_DONE)
        return cli_fail(cli, (int)outcome, &err);
    const int status = publish(cli, plan);
    if (status != CLI_DONE)
        return status;
    if (report.is_partial || sides[0].is_partial || sides[1].is_partial)
        return CLI_PARTIAL;
    return report.changes ? CLI_GATE : CLI_DONE;
}

/* Before anything is scanned. */
static stella_status check(const cli_args *args, const scan_plan *plan, stella_error *err) {
    static const char *const formats[] = {"table", "json", "markdown"};
    if (strcmp(args->words[0], "-") == 0 && strcmp(args->words[1], "-") == 0)
        return stella_error_set(err, STELLA_E_INVALID, NULL, "standard input can be one of the two, not both");
    if (plan->scan.only_layer)
        return stella_error_set(err, STELLA_E_INVALID, NULL, "--layer has no meaning here: see --by-layer");
    for (uint32_t i = 0; i < plan->output_count; i++) {
        size_t known = 0;
        while (known < sizeof formats / sizeof formats[0] && strcmp(formats[known], plan->outputs[i].format) != 0)
            known++;
        if (known == sizeof formats / sizeof formats[0])
            return stella_error_set(err, STELLA_E_INVALID, NULL,
                                    "no format \"%.40s\" for a comparison; there are table, json, markdown",
                                    plan->outputs[i].format);
    }
    return STELLA_OK;
}

static int run(cli_context *cli, const cli_args *args) {
    STELLA_AUTO(scan_plan_fini) scan_plan plan = {0};
    STELLA_AUTO(scan_session_end) scan_session session = {0};
    STELLA_AUTO(sides_fini) side sides[2] = {{.fd = -1}, {.fd = -1}};
    stella_error err = {0};
    stella_status read = scan_plan_read(cli, args, &plan, &err);
    if (read == STELLA_OK)
        read = check(args, &plan, &err);
    if (read == STELLA_E_INVALID && !err.path[0])
        return cli_usage(cli, &cli_verb_diff, "%s", cli_safe(cli, err.message));
    if (read != STELLA_OK)
        return cli_fail(cli, read == STELLA_E_INVALID ? CLI_USAGE : CLI_FAILED, &err);
    int status = scan_session_open(cli, args, NULL, &session);
    if (status == CLI_DONE)
        status = read_sides(cli, &session, &plan, args, sides);
    return status == CLI_DONE ? compare(cli, &session, &plan, sides) : status;
}

static const cli_option options[] = {
#include "cli/scan_options.inc"
    {0},
};

static const cli_example examples[] = {
    {"stella diff app:1.4 app:1.5", "Two images in a registry."},
    {"stella diff app:1.4 app:1.5 --by-layer -o markdown=changes.md", "For a pull request, layer by layer."},
    {"stella diff last.json app.tar -q -o json", "An image against the result of an earlier scan (scan -o json)."},
    {"stella diff old.cdx.json new.spdx.json", "Two SBOMs, of whatever formats."},
    {"stella diff app:1.4 app:1.5 --view usage", "Only what the entrypoint reaches."},
    {0},
};

static const cli_exit exits[] = {
    {0, "done, and no component differs"},
    {1, "done, and something differs"},
    {2, "usage, configuration or plugins; also the view usage where nothing is known of it"},
    {3, "a target cannot be read or is not what it claims to be"},
    {4, "done, but some analyzer failed: differences may be missing, or be none"},
    {5, "out of time, output not writable, or an internal part failed"},
    {130, "interrupted (128 and the number of the signal)"},
    {0},
};

const cli_verb cli_verb_diff = {
    .name = "diff",
    .summary = "tell what differs between two images, SBOMs or results",
    .arguments = "OLD NEW",
    .words_min = 2,
    .words_max = 2,
    .description =
        "OLD and NEW are each whatever stella scan takes (an image, a directory), an SBOM, or a file that stella scan "
        "-o json wrote, which is not scanned again; sbom:FILE and result:FILE say which.\n"
        "Components are paired by package URL without version, architecture and distribution; of several of one name "
        "by the place where they are, then in the order of their versions. Each change names the layer that makes it. "
        "That the image stands on another base is told. Formats: table, json, markdown.",
    .options = options,
    .examples = examples,
    .exits = exits,
    .run = run,
};

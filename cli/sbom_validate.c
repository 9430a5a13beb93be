/* sbom_validate.c - `stella sbom validate`: whether SBOMs are what they claim to be. A document is read as by the scan of
 * "sbom:FILE", in a process of its own, with STELLA_OPTION_VALIDATE; the notes of that are the verdict. */
#include "cli/scan_cache.h"
#include "cli/scan_plan.h"
#include "cli/scan_verb.h"
#include "cli/verbs.h"

#include <stella/analyzer.h>
#include <stella/auto.h>
#include <stella/json.h>
#include <stella/reader.h>

#include <sys/mman.h>
#include <unistd.h>

#define RESULT_MAX (64u << 20)

/* Where verdicts go: lines, or elements of a list. */
typedef struct report {
    cli_context *cli;
    stella_json_writer *json; /* NULL: text */
    const char *file;
    uint32_t problems;
} report;

static stella_sv text(const stella_json *object, const char *key) {
    return stella_json_str(stella_json_get(object, key));
}

static int is_error(const stella_json *note) {
    return stella_sv_eq(text(note, "severity"), STELLA_SV("error"));
}

/* "CycloneDX 1.6, JSON"; empty when no reader said so. */
static stella_sv format_of(const stella_json *notes) {
    const stella_sv prefix = STELLA_SV(STELLA_READER_FORMAT);
    for (uint32_t i = 0; notes && i < notes->count; i++) {
        const stella_sv message = text(stella_json_at(notes, i), "message");
        if (!is_error(stella_json_at(notes, i)) && stella_sv_starts(message, prefix))
            return stella_sv_skip(message, prefix.len);
    }
    return STELLA_SV("");
}

static void write_problem(report *r, const stella_json *note) {
    uint64_t line = 0;
    (void)stella_json_u64(stella_json_get(note, "line"), &line);
    const stella_sv message = text(note, "message");
    r->problems++;
    if (r->json) {
        stella_json_begin_object(r->json);
        if (line)
            stella_json_member_u64(r->json, "line", line);
        stella_json_member_str(r->json, "message", message);
        stella_json_end_object(r->json);
        return;
    }
    const char *shown = stella_arena_cstr(r->cli->arena, message);
    fprintf(r->cli->out, "%s:", cli_safe(r->cli, r->file));
    if (line)
        fprintf(r->cli->out, "%llu:", (unsigned long long)line);
    fprintf(r->cli->out, " %s\n", shown ? cli_safe(r->cli, shown) : "?");
}

static void write_problems(report *r, const stella_json *notes) {
    if (r->json)
        stella_json_member_array(r->json, "problems");
    for (uint32_t i = 0; notes && i < notes->count; i++)
        if (is_error(stella_json_at(notes, i)))
            write_problem(r, stella_json_at(notes, i));
    if (r->json)
        stella_json_end_array(r->json);
}

static void write_document(report *r, stella_sv format, const stella_json *notes) {
    if (r->json) {
        stella_json_begin_object(r->json);
        stella_json_member_str(r->json, "file", stella_sv_cstr(r->file));
        stella_json_member_opt(r->json, "format", format);
    }
    write_problems(r, notes);
    if (r->json) {
        stella_json_member_bool(r->json, "valid", r->problems == 0);
        stella_json_end_object(r->json);
    } else {
        const char *shown = stella_arena_cstr(r->cli->arena, format);
        fprintf(r->cli->out, "%s: %s: ", cli_safe(r->cli, r->file), shown ? cli_safe(r->cli, shown) : "?");
        if (r->problems)
            fprintf(r->cli->out, "%u problem%s\n", r->problems, r->problems == 1 ? "" : "s");
        else
            fprintf(r->cli->out, "valid\n");
    }
}

/* Reads what the scan said, and tells it. */
static int judge(report *r, int fd, stella_error *err) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create((uint64_t)RESULT_MAX * 8);
    const off_t size = lseek(fd, 0, SEEK_END);
    const stella_json *result = NULL;
    char *bytes =
        arena && size >= 0 && size <= (off_t)RESULT_MAX ? stella_arena_alloc(arena, (uint64_t)size + 1, 1) : NULL;
    if (!bytes || pread(fd, bytes, (size_t)size, 0) != size) {
        stella_error_set(err, STELLA_E_NOMEM, r->file, "no memory for what there is to tell of it");
        return cli_fail(r->cli, CLI_FAILED, err);
    }
    if (stella_json_parse(stella_sv_of(bytes, (size_t)size), arena, &result, err) != STELLA_OK)
        return cli_fail(r->cli, CLI_FAILED, err);
    const stella_json *notes = stella_json_get(result, "errors");
    const stella_sv format = format_of(notes);
    if (format.len == 0) {
        stella_error_set(err, STELLA_E_UNSUPPORTED, r->file, "the plugin that reads it cannot validate");
        return cli_fail(r->cli, CLI_USAGE, err);
    }
    write_document(r, format, notes);
    return r->problems ? CLI_GATE : CLI_DONE;
}

static int validate(report *r, const cli_args *args) {
    STELLA_AUTO(stella_fd_closep) int fd = memfd_create("stella-verdict", MFD_CLOEXEC);
    const stella_sv target = stella_arena_printf(r->cli->arena, "sbom:%s", r->file);
    stella_error err = {0};
    if (fd < 0 || !target.ptr) {
        stella_error_set(&err, STELLA_E_NOMEM, r->file, "no memory to read it");
        return cli_fail(r->cli, CLI_FAILED, &err);
    }
    scan_plan plan = {.scan = {.target = target.ptr,
                               .platform = "linux/amd64",
                               .has_input = 1,
                               .epoch_ms = -1,
                               .analyzer_options = STELLA_OPTION_VALIDATE},
                      .output_count = 1,
                      .outputs = {{.format = "json", .fd = fd, .dir_fd = -1}},
                      .is_quiet = 1,
                      .is_kept = 1,
                      .progress = PROGRESS_NONE};
    const int status = scan_verb_run_plan(r->cli, args, &plan);
    return status == CLI_DONE || status == CLI_PARTIAL ? judge(r, fd, &err) : status;
}

static int validate_all(cli_context *cli, const cli_args *args, stella_json_writer *json) {
    int worst = CLI_DONE;
    for (uint32_t i = 0; i < args->word_count; i++) {
        report r = {.cli = cli, .json = json, .file = args->words[i]};
        const int status = validate(&r, args);
        if (status == CLI_USAGE || status >= CLI_FAILED)
            return status;
        worst = status > worst ? status : worst;
    }
    return worst;
}

static stella_status write_out(void *self, stella_sv bytes, stella_error *err) {
    return fwrite(bytes.ptr, 1, bytes.len, self) == bytes.len
               ? STELLA_OK
               : stella_error_set(err, STELLA_E_IO, NULL, "cannot write");
}

static int run(cli_context *cli, const cli_args *args) {
    const char *format = cli_value(args, "format");
    const stella_sink sink = {.head = STELLA_HEAD(stella_sink), .self = cli->out, .write = write_out};
    stella_json_writer json;
    stella_error err = {0};
    if (!format || strcmp(format, "json") != 0)
        return validate_all(cli, args, NULL);
    stella_json_writer_init(&json, &sink, 2);
    stella_json_begin_array(&json);
    const int status = validate_all(cli, args, &json);
    stella_json_end_array(&json);
    return stella_json_finish(&json, &err) == STELLA_OK ? status : cli_fail(cli, CLI_FAILED, &err);
}

static const cli_option options[] = {
    {.name = "format",
     .value = "FORMAT",
     .choices = "text json",
     .help = "How to tell: lines, the default, or a list in JSON"},
    {.name = "plugin-dir", .value = "DIR", .help = "Use the plugins in DIR too; may be repeated"},
    CLI_CACHE_OPTIONS,
    {.name = "no-cache", .help = "Neither use nor keep what was learnt of the documents"},
    {0},
};

static const cli_example examples[] = {
    {"stella sbom validate app.cdx.json app.spdx", "Two documents."},
    {"stella sbom validate --format json - <app.cdx.json", "Standard input, and a verdict for programs."},
    {0},
};

static const cli_exit exits[] = {
    {0, "all are valid"},
    {1, "a document is not valid, or not well-formed"},
    {2, "usage, configuration or plugins"},
    {3, "a document cannot be read, or is no SBOM of a kind that a plugin knows"},
    {5, "out of memory or time, or an internal part failed"},
    {0},
};

const cli_verb cli_verb_sbom_validate = {
    .name = "sbom validate",
    .summary = "tell whether SBOMs keep the rules of their formats",
    .arguments = "FILE...",
    .words_min = 1,
    .words_max = CLI_WORDS_MAX,
    .description =
        "FILE is CycloneDX (JSON, XML), SPDX 2 (JSON, tag-value) or SPDX 3 (JSON-LD); \"-\" is standard input. Told "
        "are "
        "format and version, and each problem with its line and a JSON pointer to it.\n"
        "This is no engine for JSON Schema or XSD. Built-in rules look at what an inventory is made of: members that "
        "are missing, unknown, of the wrong kind or none of the allowed words; ids given twice and references that "
        "lead nowhere; package URLs, CPE names, license ids and expressions, lengths of hashes, times. Other parts of "
        "a "
        "document (vulnerabilities, services, evidence, signatures, SPDX files and snippets, ...) are not looked into.",
    .options = options,
    .examples = examples,
    .exits = exits,
    .run = run,
};

/* stella scan - what an image or a directory consists of. */
#include "cli/interrupt.h"
#include "cli/scan_cache.h"
#include "cli/scan_plan.h"
#include "cli/scan_verb.h"
#include "cli/verbs.h"

#include <stella/auto.h>

#include <sys/ioctl.h>
#include <unistd.h>

#define MAINTENANCE_MS 500 /* a scan is not kept from ending for long */

static uint32_t terminal_width(void) {
    struct winsize size = {0};
    return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

static void tell_losses(cli_context *cli, const scan *s) {
    for (uint32_t i = 0; i < scan_loss_count(s); i++) {
        const scan_loss *loss = scan_loss_at(s, i);
        fprintf(cli->err, "stella: %s%s%s%s%s%s\n", cli_safe(cli, loss->plugin), loss->plugin[0] ? ": " : "",
                cli_safe(cli, loss->message), loss->path[0] ? " (" : "", cli_safe(cli, loss->path),
                loss->path[0] ? ")" : "");
    }
}

/* What is missing from a result because this user may not read it: counted in the result, said here. */
static void tell_unreadable(cli_context *cli, const scan *s) {
    uint64_t count = 0;
    for (uint32_t i = 0; i < scan_layer_count(s); i++)
        count += scan_layer_at(s, i)->unreadable;
    if (count)
        fprintf(cli->err, "stella: %llu files or directories could not be read: what they hold is not in the result\n",
                (unsigned long long)count);
}

/* Of a file that could not be made sense of nothing shows in most formats. */
static void tell_notes(cli_context *cli, const scan *s) {
    const uint64_t count = scan_report_get(s).notes;
    if (count)
        fprintf(cli->err, "stella: %llu note%s in the result: what could not be read is under \"errors\" of -o json\n",
                (unsigned long long)count, count == 1 ? "" : "s");
}

static void tell_details(cli_context *cli, const scan_host *host, const scan *s) {
    const stella_worker *worker = supervisor_worker(host->supervisor);
    stella_worker_plugin plugin = {.struct_size = sizeof plugin};
    fprintf(cli->err, "sandbox: %s\n", scan_host_sandbox(host));
    for (uint32_t i = 0; worker->listed(worker->self, "scan", i, &plugin); i++)
        fprintf(cli->err, "plugin: %s %s\n", plugin.id, plugin.version);
    fprintf(cli->err, "source: %.*s\n", STELLA_SV_FMT(scan_scheme(s)));
    for (uint32_t i = 0; i < scan_layer_count(s); i++) {
        const scan_layer_report *layer = scan_layer_at(s, i);
        fprintf(cli->err, "layer %u: %s, %llu bytes, %llu entries, %.1f ms%s\n", i,
                layer->digest[0] ? layer->digest : "(directory)", (unsigned long long)layer->size,
                (unsigned long long)layer->entries, (double)layer->elapsed_us / 1000.0,
                layer->was_remembered ? " (known already)" : "");
    }
}

static void tell_counts(cli_context *cli, const scan *s) {
    for (uint32_t i = 0; i < scan_count_count(s); i++)
        fprintf(cli->err, "counted %s: %llu\n", scan_count_at(s, i)->name,
                (unsigned long long)scan_count_at(s, i)->value);
}

/* What was not downloaded, and what was taken for a layer like any other. */
static void tell_partial(cli_context *cli, const scan_plan *plan, const scan *s) {
    uint64_t fetched = 0, size = 0;
    uint32_t count = 0;
    for (uint32_t i = 0; i < scan_layer_count(s); i++) {
        const scan_layer_report *layer = scan_layer_at(s, i);
        if (!layer->is_partial && plan->is_verbose)
            fprintf(cli->err, "layer %u: not read in part\n", i);
        if (!layer->is_partial)
            continue;
        count++;
        fetched += layer->fetched;
        size += layer->size;
    }
    fprintf(cli->err, "stella: %u of %u layers were read in part: %llu bytes fetched of %llu\n", count,
            scan_layer_count(s), (unsigned long long)fetched, (unsigned long long)size);
}

/* What the cache was worth, in numbers that tests and people can compare. */
static void tell_cache(cli_context *cli, cache *known, const scan *s) {
    const scan_report report = scan_report_get(s);
    cache_counters n = {0};
    if (known)
        cache_counters_get(known, &n);
    fprintf(cli->err, "cache: %s\n", known ? cli_safe(cli, cache_root(known)) : "none");
    fprintf(cli->err, "layers read: %u, extended: %u, known: %u; bytes read: %llu\n", report.layers_read,
            report.layers_extended, report.layers_known, (unsigned long long)report.bytes_read);
    fprintf(cli->err, "image %s; result %s\n", report.is_described ? "known" : "opened",
            report.are_results_known ? "known" : "made");
    for (int kind = 0; kind < CACHE_KINDS; kind++)
        fprintf(cli->err, "cached %s: %llu hits (%llu bytes), %llu misses, %llu stored (%llu bytes)\n",
                kind == CACHE_LAYER ? "layers" : "files", (unsigned long long)n.count[CACHE_HIT][kind],
                (unsigned long long)n.bytes[CACHE_HIT][kind], (unsigned long long)n.count[CACHE_MISS][kind],
                (unsigned long long)n.count[CACHE_STORED][kind], (unsigned long long)n.bytes[CACHE_STORED][kind]);
}

/* That it goes slower next time is worth a line; the result is as good as ever. */
static void tell_cache_trouble(cli_context *cli, const scan *s) {
    const scan_report report = scan_report_get(s);
    const stella_error *why = &report.cache_error;
    if (report.damaged)
        fprintf(cli->err, "stella: the cache was damaged: %u of its packs were made anew\n", report.damaged);
    if (why->code != STELLA_OK)
        fprintf(cli->err, "stella: not everything could be cached: %s%s%s\n", cli_safe(cli, why->path),
                why->path[0] ? ": " : "", cli_safe(cli, why->message));
}

/* Files first: who reads standard output may act on them. */
static int publish(cli_context *cli, scan_plan *plan, stella_sv image_digest, int status) {
    const uint32_t count = plan->output_count - plan->artifact_count;
    stella_error why = {0};
    if (plan->artifact_count && artifacts_publish(&plan->outputs[count], plan->artifact_count, &plan->manifest,
                                                  image_digest, &why) != STELLA_OK)
        return cli_fail(cli, CLI_FAILED, &why);
    for (int to_standard = 0; to_standard < 2; to_standard++)
        for (uint32_t i = 0; i < count; i++) {
            stella_error err = {0};
            const int is_standard = !plan->outputs[i].file;
            if (is_standard == to_standard && output_publish(&plan->outputs[i], &err) != STELLA_OK)
                return cli_fail(cli, CLI_FAILED, &err);
        }
    return status;
}

static int run_scan(cli_context *cli, scan_plan *plan, const scan_host *host, scan *s) {
    scan_output outputs[SCAN_OUTPUTS_MAX];
    progress line = {.mode = plan->progress, .err = cli->err};
    stella_error err = {0};
    int by_signal = 0;
    for (uint32_t i = 0; i < plan->output_count; i++) {
        const int is_terminal = !plan->outputs[i].file && cli->is_terminal;
        outputs[i] = (scan_output){.format = plan->outputs[i].format,
                                   .view = plan->outputs[i].view ? plan->outputs[i].view : plan->view,
                                   .is_optional = plan->outputs[i].is_optional,
                                   .fd = plan->outputs[i].fd,
                                   .has_color = is_terminal && cli->is_colored,
                                   .is_by_layer = plan->is_by_layer,
                                   .width = is_terminal ? terminal_width() : 0};
    }
    const scan_outcome outcome = interrupt_run(s, &line, outputs, plan->output_count, &by_signal, &err);
    if (plan->is_verbose) {
        if (scan_implied_reference(s))
            fprintf(cli->err, "no such file, so an image in a registry: registry:%s\n",
                    cli_safe(cli, scan_implied_reference(s)));
        tell_details(cli, host, s);
        tell_cache(cli, plan->scan.cache, s);
        tell_counts(cli, s);
    }
    if (!plan->is_quiet || outcome != SCAN_DONE)
        tell_losses(cli, s);
    if (!plan->is_quiet) {
        tell_unreadable(cli, s);
        tell_notes(cli, s);
        if (plan->scan.partial && outcome == SCAN_DONE)
            tell_partial(cli, plan, s);
        tell_cache_trouble(cli, s);
    }
    if (by_signal) {
        cli_fail(cli, CLI_FAILED, &err);
        return 128 + by_signal; /* as a shell tells it */
    }
    if (outcome != SCAN_DONE && outcome != SCAN_PARTIAL)
        return cli_fail(cli, (int)outcome, &err);
    return plan->is_kept ? (int)outcome : publish(cli, plan, scan_image_digest(s), (int)outcome);
}

/* What is evicted is evicted now, or was to make room for what was stored. */
static void maintain(cli_context *cli, const scan_plan *plan, cache *known) {
    cache_counters n = {0};
    cache_maintain(known, MAINTENANCE_MS);
    cache_counters_get(known, &n);
    for (int kind = 0; plan->is_verbose && kind < CACHE_KINDS; kind++)
        fprintf(cli->err, "evicted %s: %llu (%llu bytes)\n", kind == CACHE_LAYER ? "layers" : "files",
                (unsigned long long)n.count[CACHE_EVICTED][kind], (unsigned long long)n.bytes[CACHE_EVICTED][kind]);
}

int scan_session_open(cli_context *cli, const cli_args *args, const scan_plan *plan, scan_session *out) {
    const char *dirs[SCAN_HOST_DIRS_MAX];
    stella_error err = {0};
    const uint32_t dir_count = cli_values(args, "plugin-dir", dirs, SCAN_HOST_DIRS_MAX);
    interrupt_ignore_pipe();
    const int status = cli_given(args, "no-cache") ? CLI_DONE : cli_cache_for_scan(cli, args, &out->known);
    if (status != CLI_DONE)
        return status;
    if (scan_host_open(cli, dirs, dir_count, plan, &out->host, &err) != STELLA_OK)
        return cli_fail(cli, CLI_USAGE, &err);
    interrupt_block();
    return CLI_DONE;
}

void scan_session_end(scan_session *session) {
    scan_host_end(&session->host);
    cache_closep(&session->known);
}

void scan_session_lend(scan_session *session, scan_options *to) {
    to->worker = supervisor_worker(session->host.supervisor);
    to->prepare = scan_host_prepare;
    to->context = &session->host;
    to->cache = session->known;
}

int scan_session_scan(cli_context *cli, scan_session *session, scan_plan *plan) {
    STELLA_AUTO(scan_destroyp) scan *s = NULL; /* ends before the host that its jobs ran in */
    stella_error err = {0};
    scan_session_lend(session, &plan->scan);
    if (scan_create(&plan->scan, &s, &err) != STELLA_OK)
        return cli_fail(cli, CLI_FAILED, &err);
    const int status = run_scan(cli, plan, &session->host, s);
    scan_destroyp(&s);
    if (session->known)
        maintain(cli, plan, session->known);
    return status;
}

int scan_verb_run_plan(cli_context *cli, const cli_args *args, scan_plan *plan) {
    STELLA_AUTO(scan_session_end) scan_session session = {0};
    const int status = scan_session_open(cli, args, plan, &session);
    return status == CLI_DONE ? scan_session_scan(cli, &session, plan) : status;
}

int scan_verb_run(cli_context *cli, const cli_args *args, const cli_verb *verb, const char *target) {
    STELLA_AUTO(scan_plan_fini) scan_plan plan = {0};
    stella_error err = {0};
    const stella_status status = scan_plan_read(cli, args, &plan, &err);
    if (status == STELLA_E_INVALID && !err.path[0])
        return cli_usage(cli, verb, "%s", cli_safe(cli, err.message));
    if (status != STELLA_OK)
        return cli_fail(cli, status == STELLA_E_INVALID ? CLI_USAGE : CLI_FAILED, &err);
    plan.scan.target = target;
    return scan_verb_run_plan(cli, args, &plan);
}

static int run(cli_context *cli, const cli_args *args) {
    return scan_verb_run(cli, args, &cli_verb_scan, args->words[0]);
}

static const cli_example examples[] = {
    {"stella scan dir:/", "The packages of this machine, as a table."},
    {"stella scan docker-archive:app.tar -o cyclonedx-json=app.cdx.json",
     "An image saved by docker, as a CycloneDX file."},
    {"stella scan app.tar -q -o cyclonedx-xml@1.6=app.xml -o purls", "An older version of a format, and a plain list."},
    {"stella scan alpine:3.20", "An image in a registry; what was scanned before is not downloaded again."},
    {"docker save app | stella scan -", "An archive on standard input."},
    {"stella scan app.tar --layer 3 -o table", "What the fourth layer introduces."},
    {"stella scan app.tar --by-layer -o table", "Everything, below the instruction that brought it."},
    {"stella scan oci-layout:images:1.2 -o json -o table=report.txt", "One of several images, in two formats."},
    {"stella scan app.tar --platform linux/arm64 --timeout 60", "Find out what app.tar is; one minute at most."},
    {0},
};

static const cli_exit exits[] = {
    {0, "done"},
    {2, "usage, configuration or plugins: also an image of several that was not named"},
    {3, "the target cannot be read or is not what it claims to be"},
    {4, "done, but some analyzer failed; the result says which"},
    {5, "out of time, output not writable, or an internal part failed"},
    {130, "interrupted (128 and the number of the signal)"},
    {0},
};

const cli_verb cli_verb_scan = {
    .name = "scan",
    .summary = "list what an image or a directory consists of",
    .arguments = "TARGET",
    .words_min = 1,
    .words_max = 1,
    .description =
        "TARGET is dir:PATH, docker-archive:FILE[:TAG], oci-layout:DIR[:REF], oci-archive:FILE[:REF], tar:FILE, "
        "containerd:REF, file:FILE, or a plain path, whose kind is found out; registry:IMAGE, docker:IMAGE or "
        "podman:IMAGE (what the "
        "daemon holds); or \"-\" for standard input (also SCHEME:-). A REF is a name or a digest. A name that is no "
        "file and could be an image's is looked for in its registry, with the credentials that docker and podman keep; "
        "which it was, -v says.\n"
        "Nothing is unpacked and nothing of the image is run. Layers are read in throw-away processes without network; "
        "every digest is verified. The same input gives the same bytes; the time in a result is SOURCE_DATE_EPOCH, "
        "else "
        "the image's own.\n"
        "A file given to -o appears whole or not at all. Formats that come with stella: table, "
        "json (everything), cyclonedx-json, cyclonedx-xml and cyclonedx-protobuf (versions 1.7, 1.6, 1.5), spdx-json, "
        "spdx-tag-value, purls; a wrong one is refused with a list of those that are installed.",
    .options = scan_plan_options,
    .examples = examples,
    .exits = exits,
    .run = run,
};

/* analyzer_list.c - `stella analyzer list`: what the analyzers read and what they can say. Runs no plugin's code. */
#include "cli/plugins.h"
#include "cli/verbs.h"

#include <stella/auto.h>
#include <stella/json.h>

static int is_analyzer(const plugin_manifest *m) {
    for (uint32_t i = 0; i < m->provides_count; i++)
        if (stella_sv_eq(plugin_interface_kind(m->provides[i]), STELLA_SV("stella.analyzer")))
            return 1;
    return 0;
}

/* What --select takes: the last part of the id. */
static const char *short_name(const plugin_manifest *m) {
    return strrchr(m->id, '.') + 1; /* an id has a dot */
}

static void write_texts(stella_json_writer *w, const char *key, const char *const *texts, uint32_t count) {
    stella_json_member_array(w, key);
    for (uint32_t i = 0; i < count; i++)
        stella_json_write_str(w, stella_sv_cstr(texts[i]));
    stella_json_end_array(w);
}

static void write_analyzer(stella_json_writer *w, const plugin_manifest *m) {
    stella_json_begin_object(w);
    stella_json_member_str(w, "name", stella_sv_cstr(short_name(m)));
    stella_json_member_str(w, "id", stella_sv_cstr(m->id));
    stella_json_member_str(w, "version", stella_sv_cstr(m->version));
    stella_json_member_str(w, "title", stella_sv_cstr(m->title));
    write_texts(w, "tags", m->analyzer.tags, m->analyzer.tags_count);
    write_texts(w, "reads", m->analyzer.reads, m->analyzer.reads_count);
    write_texts(w, "says", m->analyzer.says, m->analyzer.says_count);
    stella_json_end_object(w);
}

static stella_status print_json(cli_context *cli, const catalogue *c, stella_error *err) {
    const stella_sink sink = cli_out_sink(cli);
    stella_json_writer w;
    stella_json_writer_init(&w, &sink, 2);
    stella_json_begin_object(&w);
    stella_json_member_array(&w, "analyzers");
    for (uint32_t i = 0; i < catalogue_count(c); i++)
        if (is_analyzer(catalogue_at(c, i)->manifest))
            write_analyzer(&w, catalogue_at(c, i)->manifest);
    stella_json_end_array(&w);
    stella_json_end_object(&w);
    return stella_json_finish(&w, err);
}

static void print_texts(cli_context *cli, const char *label, const char *const *texts, uint32_t count) {
    if (!count)
        return;
    fprintf(cli->out, "    %-5s ", label);
    for (uint32_t i = 0; i < count; i++)
        fprintf(cli->out, "%s%s", i ? ", " : "", cli_safe(cli, texts[i]));
    fputc('\n', cli->out);
}

static void print_table(cli_context *cli, const catalogue *c) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < catalogue_count(c); i++) {
        const plugin_manifest *m = catalogue_at(c, i)->manifest;
        if (!is_analyzer(m))
            continue;
        count++;
        fprintf(cli->out, "%-14s %-8s %s\n", short_name(m), m->version, cli_safe(cli, m->title));
        print_texts(cli, "tags", m->analyzer.tags, m->analyzer.tags_count);
        print_texts(cli, "reads", m->analyzer.reads, m->analyzer.reads_count);
        print_texts(cli, "says", m->analyzer.says, m->analyzer.says_count);
    }
    if (!count)
        fputs("no analyzers\n", cli->out);
}

static int run(cli_context *cli, const cli_args *args) {
    STELLA_AUTO(catalogue_destroyp) catalogue *c = NULL;
    stella_error err = {0};
    if (plugins_load(cli, args, &c, &err) != STELLA_OK)
        return cli_fail(cli, CLI_USAGE, &err);
    const char *format = cli_value(args, "format");
    const int is_json = format && strcmp(format, "json") == 0;
    if (is_json && print_json(cli, c, &err) != STELLA_OK)
        return cli_fail(cli, CLI_FAILED, &err);
    if (!is_json)
        print_table(cli, c);
    fflush(cli->out); /* before the refusals, when both go to one place */
    return plugins_print_refusals(cli, c) ? CLI_USAGE : CLI_DONE;
}

static const cli_option options[] = {
    {.name = "format",
     .letter = 'f',
     .value = "FORMAT",
     .choices = "table json",
     .help = "table (the default) or json"},
    PLUGINS_OPTION_PLUGIN_DIR,
    PLUGINS_OPTION_TRUST_DIR,
    {0},
};

static const cli_example examples[] = {
    {"stella analyzer list", "Every analyzer of this installation, with the names that --select takes."},
    {"stella analyzer list --format json", "The same for scripts."},
    {0},
};

static const cli_exit exits[] = {
    {CLI_DONE, "done"},
    {CLI_USAGE, "a plugin was refused, or a directory cannot be read or trusted"},
    {CLI_FAILED, "the list cannot be written"},
    {0},
};

const cli_verb cli_verb_analyzer_list = {
    .name = "analyzer list",
    .summary = "list the analyzers, what they read and what they can say",
    .description =
        "Of each analyzer its name, version and tags, which are what stella scan --select and --exclude take; the "
        "files it reads; and what it can say of what it finds: whether components are installed or only declared, "
        "their version, license, relations, files and digests. It is what the analyzers' signed manifests state; no "
        "plugin's code is run.",
    .options = options,
    .examples = examples,
    .exits = exits,
    .run = run,
};

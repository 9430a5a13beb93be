/* plugin_list.c - `stella plugin list`: what would be loaded, and what was refused and why. Runs no plugin's code. */
#include "cli/plugins.h"
#include "cli/verbs.h"

#include <stella/auto.h>
#include <stella/json.h>

static void write_texts(stella_json_writer *w, const char *key, const char *const *texts, uint32_t count) {
    stella_json_member_array(w, key);
    for (uint32_t i = 0; i < count; i++)
        stella_json_write_str(w, stella_sv_cstr(texts[i]));
    stella_json_end_array(w);
}

static void write_plugin(stella_json_writer *w, const catalogue_plugin *p) {
    stella_json_begin_object(w);
    stella_json_member_str(w, "id", stella_sv_cstr(p->manifest->id));
    stella_json_member_str(w, "version", stella_sv_cstr(p->manifest->version));
    stella_json_member_str(w, "title", stella_sv_cstr(p->manifest->title));
    stella_json_member_str(w, "license", stella_sv_cstr(p->manifest->license));
    stella_json_member_str(w, "role", stella_sv_cstr(plugin_role_name(p->manifest->role)));
    write_texts(w, "provides", p->manifest->provides, p->manifest->provides_count);
    write_texts(w, "requires", p->manifest->requires, p->manifest->requires_count);
    stella_json_member_str(w, "dir", stella_sv_cstr(p->dir));
    stella_json_member_str(w, "digest", stella_sv_cstr(p->digest));
    stella_json_member_str(w, "keyId", stella_sv_cstr(p->key_id));
    stella_json_end_object(w);
}

static void write_refusal(stella_json_writer *w, const catalogue_refusal *r) {
    stella_json_begin_object(w);
    stella_json_member_str(w, "dir", stella_sv_cstr(r->dir));
    stella_json_member_str(w, "file", stella_sv_cstr(r->error.path));
    stella_json_member_str(w, "code", stella_sv_cstr(stella_status_name(r->error.code)));
    stella_json_member_str(w, "message", stella_sv_cstr(r->error.message));
    stella_json_end_object(w);
}

static stella_status print_json(cli_context *cli, const catalogue *c, stella_error *err) {
    const stella_sink sink = cli_out_sink(cli);
    stella_json_writer w;
    stella_json_writer_init(&w, &sink, 2);
    stella_json_begin_object(&w);
    stella_json_member_str(&w, "generation", stella_sv_cstr(catalogue_digest(c)));
    stella_json_member_array(&w, "plugins");
    for (uint32_t i = 0; i < catalogue_count(c); i++)
        write_plugin(&w, catalogue_at(c, i));
    stella_json_end_array(&w);
    stella_json_member_array(&w, "refused");
    for (uint32_t i = 0; i < catalogue_refusal_count(c); i++)
        write_refusal(&w, catalogue_refusal_at(c, i));
    stella_json_end_array(&w);
    stella_json_end_object(&w);
    return stella_json_finish(&w, err);
}

static int id_column(const catalogue *c) {
    size_t widest = 2;
    for (uint32_t i = 0; i < catalogue_count(c); i++) {
        const size_t len = strlen(catalogue_at(c, i)->manifest->id);
        widest = len > widest ? len : widest;
    }
    return (int)widest;
}

static void print_table(cli_context *cli, const catalogue *c) {
    const int column = id_column(c);
    for (uint32_t i = 0; i < catalogue_count(c); i++) {
        const plugin_manifest *m = catalogue_at(c, i)->manifest;
        fprintf(cli->out, "%-*s  %-10s  %-7s ", column, m->id, m->version, plugin_role_name(m->role));
        for (uint32_t p = 0; p < m->provides_count; p++)
            fprintf(cli->out, " %s", m->provides[p]);
        fputc('\n', cli->out);
    }
    if (catalogue_count(c) == 0)
        fputs("no plugins\n", cli->out);
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
    const uint32_t refused = is_json ? catalogue_refusal_count(c) : plugins_print_refusals(cli, c);
    return refused ? CLI_USAGE : CLI_DONE;
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
    {"stella plugin list", "What this installation loads, in the order of ids."},
    {"stella plugin list --plugin-dir ./plugins --format json",
     "Whether the plugins in the folders of ./plugins would be loaded, for scripts."},
    {0},
};

static const cli_exit exits[] = {
    {CLI_DONE, "every plugin found would be loaded"},
    {CLI_USAGE, "a plugin was refused, or a directory cannot be read or trusted"},
    {CLI_FAILED, "the list cannot be written"},
    {0},
};

const cli_verb cli_verb_plugin_list = {
    .name = "plugin list",
    .summary = "list the plugins, and those that are refused and why",
    .description =
        "Verifies every plugin as a start would: path, manifest, signature and scope, binary, what it requires. No "
        "plugin's code is run. Each refusal is one line: which file, which rule, what to do.",
    .options = options,
    .examples = examples,
    .exits = exits,
    .run = run,
};

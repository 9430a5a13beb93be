/* key_list.c - `stella key list`: the anchors in force. */
#include "cli/plugins.h"
#include "cli/verbs.h"

#include <stella/auto.h>

#include <time.h>

static void print_list(cli_context *cli, const char *label, const char *const *names, uint32_t count) {
    fprintf(cli->out, "  %s:", label);
    for (uint32_t i = 0; i < count; i++)
        fprintf(cli->out, " %s", names[i]);
    fputc('\n', cli->out);
}

static void print_roles(cli_context *cli, const trust_anchor *a) {
    fputs("  roles:", cli->out);
    for (int role = PLUGIN_ROLE_SCAN; role <= PLUGIN_ROLE_CLI; role++)
        if ((a->roles & 1u << role) && !(a->is_user && plugin_role_is_inside((plugin_role)role)))
            fprintf(cli->out, " %s", plugin_role_name((plugin_role)role));
    fputc('\n', cli->out);
}

static void print_end(cli_context *cli, const trust_anchor *a) {
    if (a->not_after_ms == TRUST_FOREVER)
        return;
    const time_t seconds = (time_t)(a->not_after_ms / 1000);
    struct tm utc;
    char text[32];
    if (gmtime_r(&seconds, &utc) && strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc))
        fprintf(cli->out, "  until: %s%s\n", text, plugins_now_ms() > a->not_after_ms ? " (expired)" : "");
}

static int run(cli_context *cli, const cli_args *args) {
    STELLA_AUTO(trust_destroyp) trust *t = NULL;
    stella_error err = {0};
    if (plugins_trust(cli, args, &t, &err) != STELLA_OK)
        return cli_fail(cli, CLI_USAGE, &err);
    for (uint32_t i = 0; i < trust_anchor_count(t); i++) {
        const trust_anchor *a = trust_anchor_at(t, i);
        fprintf(cli->out, "%s%s\n  name: %s\n  file: %s\n", a->key_id,
                trust_is_revoked(t, a->key_id) ? " (revoked)" : "", cli_safe(cli, a->name), cli_safe(cli, a->file));
        print_list(cli, "interfaces", a->interfaces, a->interface_count);
        print_list(cli, "ids", a->prefixes, a->prefix_count);
        print_roles(cli, a);
        print_end(cli, a);
    }
    return CLI_DONE;
}

static const cli_option options[] = {PLUGINS_OPTION_TRUST_DIR, {0}};

static const cli_example examples[] = {
    {"stella key list", "Whose plugins are loaded here, and within which scope."},
    {0},
};

static const cli_exit exits[] = {
    {CLI_DONE, "listed"},
    {CLI_USAGE, "a trust directory or revocation list cannot be read or trusted"},
    {0},
};

const cli_verb cli_verb_key_list = {
    .name = "key list",
    .summary = "list the keys that are trusted, with their scope",
    .description =
        "Lists the anchors of the system, then your own. Anchors that cannot be used are told of on standard error.",
    .options = options,
    .examples = examples,
    .exits = exits,
    .run = run,
};

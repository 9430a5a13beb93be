/* key_trust.c - `stella key trust`: writes an anchor. */
#include "cli/keys.h"
#include "cli/verbs.h"
#include "plugin/files.h"
#include "plugin/trust.h"

#include <stella/auto.h>
#include <stella/encoding.h>
#include <stella/json.h>

static void write_list(stella_json_writer *w, const cli_args *args, const char *option, const char *member,
                       const char *fallback) {
    const char *values[TRUST_SCOPES_MAX];
    const uint32_t count = cli_values(args, option, values, TRUST_SCOPES_MAX);
    if (count == 0 && !fallback)
        return;
    stella_json_member_array(w, member);
    for (uint32_t i = 0; i < count; i++)
        stella_json_write_str(w, stella_sv_cstr(values[i]));
    if (count == 0)
        stella_json_write_str(w, stella_sv_cstr(fallback));
    stella_json_end_array(w);
}

static stella_status encode(cli_context *cli, const cli_args *args, const char *name, const unsigned char *public_key,
                            stella_buf *out, stella_error *err) {
    const stella_sink sink = stella_buf_sink(out);
    stella_json_writer w;
    stella_json_writer_init(&w, &sink, 2);
    stella_json_begin_object(&w);
    stella_json_member_str(&w, "schema", STELLA_SV(TRUST_ANCHOR_SCHEMA));
    stella_json_member_str(&w, "name", stella_sv_cstr(name));
    stella_json_member_str(
        &w, "publicKey", stella_base64(stella_sv_of((const char *)public_key, STELLA_ED25519_PUBLIC_SIZE), cli->arena));
    write_list(&w, args, "interface", "interfaces", "*");
    write_list(&w, args, "id-prefix", "idPrefixes", "*");
    write_list(&w, args, "role", "roles", NULL);
    stella_json_member_opt(&w, "notAfter", stella_sv_cstr(cli_value(args, "not-after")));
    stella_json_end_object(&w);
    return stella_json_finish(&w, err);
}

/* The name of the key file without folder and ending. */
static const char *name_of(cli_context *cli, const char *path) {
    const stella_sv all = stella_sv_cstr(path);
    const size_t slash = stella_sv_rfind(all, '/');
    const stella_sv file = slash < all.len ? stella_sv_skip(all, slash + 1) : all;
    const char *name = stella_arena_cstr(cli->arena, stella_sv_first(file, stella_sv_rfind(file, '.')));
    return name ? name : "";
}

static const char *target_dir(cli_context *cli, const cli_args *args) {
    const char *given = cli_value(args, "trust-dir");
    return given ? given : cli_given(args, "system") ? cli->paths.trust_dir : cli->paths.user_trust_dir;
}

static stella_status write_anchor(cli_context *cli, const cli_args *args, const char *key_path, const char *name,
                                  const char *dir, trust_anchor *anchor, stella_error *err) {
    STELLA_AUTO(stella_buf_fini) stella_buf text = stella_buf_of(TRUST_FILE_BYTES_MAX);
    unsigned char public_key[STELLA_ED25519_PUBLIC_SIZE];
    stella_status status = key_file_read_public(key_path, public_key, err);
    if (status == STELLA_OK)
        status = encode(cli, args, name, public_key, &text, err);
    if (status == STELLA_OK)
        status = trust_anchor_parse(stella_buf_sv(&text), cli->arena, anchor,
                                    err); /* nothing is written that would be refused */
    if (status == STELLA_OK)
        status = files_make_dirs(dir, dir == cli->paths.user_trust_dir, err);
    const char *path = stella_arena_printf(cli->arena, "%s/%s.json", dir, name).ptr;
    if (status == STELLA_OK)
        status = path ? files_write(path, stella_buf_sv(&text), 0644, err) : STELLA_E_NOMEM;
    anchor->file = path;
    return status;
}

static int run(cli_context *cli, const cli_args *args) {
    const char *key_path = keys_find(cli, args->words[0], KEY_FILE_PUBLIC_ENDING), *dir = target_dir(cli, args);
    const char *name = cli_value(args, "name") ? cli_value(args, "name") : name_of(cli, key_path);
    if (!keys_name_is_valid(name))
        return cli_usage(cli, &cli_verb_key_trust, "an anchor's name is made of letters, digits, - and _; give --name");
    if (cli_given(args, "system") && !cli_given(args, "id-prefix"))
        return cli_usage(cli, &cli_verb_key_trust,
                         "--system trusts the key for everybody: say with --id-prefix for which plugins ('*' for all)");
    if (!dir[0])
        return cli_usage(cli, &cli_verb_key_trust, "you have no home directory; give --trust-dir or --system");
    trust_anchor anchor;
    stella_error err = {0};
    if (write_anchor(cli, args, key_path, name, dir, &anchor, &err) != STELLA_OK)
        return cli_fail(cli, err.code == STELLA_E_IO ? CLI_FAILED : CLI_USAGE, &err);
    if (!cli_given(args, "quiet"))
        fprintf(cli->out, "trusted: %s\nanchor: %s\n", anchor.key_id, cli_safe(cli, anchor.file));
    return CLI_DONE;
}

static const cli_option options[] = {
    {.name = "system",
     .help = "Trust it for everybody on this machine, in <prefix>/etc/stella/trust.d; --id-prefix must be given"},
    {.name = "interface",
     .value = "NAME",
     .help = "An interface it may sign for, like stella.analyzer; may be repeated (default: all)"},
    {.name = "id-prefix",
     .value = "PREFIX",
     .help = "Ids it may sign for, like org.example; may be repeated (default: all)"},
    {.name = "role",
     .value = "ROLE",
     .choices = "scan connect sign kernel cli",
     .help = "A host role it may sign for; may be repeated (default: scan, connect and sign; kernel and cli share "
             "memory with us and count only when named, in the system's directory)"},
    {.name = "not-after",
     .value = "DATE",
     .help = "The last day it is valid, 2027-12-31, or instant, 2027-12-31T12:00:00Z (default: for ever)"},
    {.name = "name", .value = "NAME", .help = "What the anchor is called (default: the key file's name)"},
    {.name = "trust-dir", .value = "DIR", .help = "Write the anchor into this directory instead"},
    {.name = "quiet", .letter = 'q', .help = "Say nothing when all is well"},
    {0},
};

static const cli_example examples[] = {
    {"stella key trust plugins.pub", "Trust your own key for your own runs."},
    {"stella key trust --system acme.pub --interface stella.analyzer --id-prefix com.acme --not-after 2027-12-31",
     "Trust a vendor's analyzers on this machine until the end of 2027."},
    {0},
};

static const cli_exit exits[] = {
    {CLI_DONE, "trusted"},
    {CLI_USAGE, "the key file cannot be used, or the scope is not one"},
    {CLI_FAILED, "the anchor cannot be written"},
    {0},
};

const cli_verb cli_verb_key_trust = {
    .name = "key trust",
    .summary = "trust a public key, within a scope",
    .arguments = "FILE",
    .words_min = 1,
    .words_max = 1,
    .description =
        "Writes an anchor: from now on plugins signed by the key are loaded as far as interfaces, ids, roles and "
        "date allow. FILE is a .pub or .key file, or the name of one of your keys. To end trust, remove the anchor's "
        "file or list "
        "the key in revoked.json beside it.",
    .options = options,
    .examples = examples,
    .exits = exits,
    .run = run,
};

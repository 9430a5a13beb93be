#include "manager.h"

#include "entrytrace/common/files.h"
#include "entrytrace/common/options.h"
#include "package.h"

#define MANAGER_OPTIONS                                                                                                \
    "--prefix,--cwd,--dir,-C=DIR -w,--workspace,--filter,-F=WORKSPACE --loglevel=_ --registry=_ --cache=_ "            \
    "--userconfig=_ "                                                                                                  \
    "-p,--package=_ -c,--call=LINE -v,--version:ENDS -h,--help:ENDS "                                                  \
    "-s,-d,-y,-q,--silent,--quiet,--yes,--no-install,--no,"                                                            \
    "--if-present,--ignore-scripts,--foreground-scripts,--no-update-notifier,--no-audit,--no-fund"

typedef struct manager {
    stella_hop *hop;
    stella_launch call;
    stella_launch next;  /* what is run: its variables and working directory */
    stella_sv directory; /* of the package, "/app"; empty: there is none */
    stella_sv json;      /* its package.json, relative to the root */
    stella_sv main;
    package package;
    stella_word line; /* of -c; text NULL: none */
    int32_t ends, is_npm;
} manager;

static stella_status read_option(manager *m, const option *found, stella_error *err) {
    if (stella_sv_eq(found->meaning, STELLA_SV("DIR")))
        return launch_chdir(m->hop->view->arena, &m->next, &found->value, err);
    if (stella_sv_eq(found->meaning, STELLA_SV("LINE")))
        m->line = found->value;
    if (stella_sv_eq(found->meaning, STELLA_SV("ENDS")))
        m->ends = 1;
    if (stella_sv_eq(found->meaning, STELLA_SV("WORKSPACE"))) {
        m->ends = 1;
        return hop_unknown(m->hop, STELLA_REASON_UNSUPPORTED_SYNTAX, found->name, err);
    }
    return STELLA_OK;
}

/* Options up to the next word that is none. */
static stella_status read_options(manager *m, uint32_t *at, stella_error *err) {
    options o = options_of(MANAGER_OPTIONS, &m->call);
    o.at = *at;
    o.is_whole = 1;
    option found;
    stella_status status = STELLA_OK;
    for (options_result result; status == STELLA_OK && (result = options_next(&o, &found)) != OPTIONS_END;) {
        if (result == OPTIONS_FOUND)
            status = read_option(m, &found, err);
        else if (result == OPTIONS_DYNAMIC)
            status = hop_unknown(m->hop, STELLA_REASON_DYNAMIC_REFERENCE, m->call.args[o.at++].text, err);
    }
    *at = o.at;
    return status;
}

/* The package: the working directory, or one above, that has a package.json. */
static stella_status find_package(manager *m, stella_error *err) {
    stella_arena *arena = m->hop->view->arena;
    for (stella_sv directory = m->next.directory; directory.len; directory = text_directory(directory)) {
        const stella_sv path = stella_arena_printf(arena, "%.*s/package.json", STELLA_SV_FMT(directory));
        stella_file file;
        if (!path.ptr)
            return hop_nomem(err);
        const stella_status status = hop_read(m->hop, path, PACKAGE_BYTES_MAX, &file, err);
        if (status == STELLA_E_NOTFOUND)
            continue;
        if (status != STELLA_OK)
            return hop_survives(status) ? hop_unread(m->hop, status, path, err) : status;
        m->directory = directory;
        m->json = stella_arena_dup(arena, file.path);
        const stella_status parsed = package_parse(file.bytes, arena, &m->package, err);
        return parsed == STELLA_OK ? STELLA_OK : hop_unread(m->hop, parsed, m->json, err);
    }
    return STELLA_OK;
}

/* node_modules/.bin of the package and of the directories above come first in PATH. */
static stella_status set_path(manager *m, stella_error *err) {
    stella_arena *arena = m->hop->view->arena;
    const stella_word *old = stella_launch_variable(&m->next, STELLA_SV("PATH"));
    stella_sv path = stella_sv_of("", 0);
    for (stella_sv directory = m->directory; directory.len; directory = text_directory(directory)) {
        path = stella_arena_printf(arena, "%.*s%.*s/node_modules/.bin:", STELLA_SV_FMT(path), STELLA_SV_FMT(directory));
        if (!path.ptr)
            return hop_nomem(err);
    }
    const stella_sv behind = old ? old->text : STELLA_SV(STELLA_DEFAULT_PATH);
    path = stella_arena_printf(arena, "%.*s%.*s", STELLA_SV_FMT(path), STELLA_SV_FMT(behind));
    if (!path.ptr)
        return hop_nomem(err);
    return launch_set(arena, &m->next, STELLA_SV("PATH"), (stella_word){.text = path, .flags = old ? old->flags : 0},
                      err);
}

/* What scripts find in their environment. */
static stella_status set_environment(manager *m, stella_sv event, stella_error *err) {
    stella_arena *arena = m->hop->view->arena;
    stella_status status = set_path(m, err);
    if (status == STELLA_OK)
        status = launch_set(arena, &m->next, STELLA_SV("npm_lifecycle_event"), word_of(event), err);
    if (status == STELLA_OK && m->package.name.len)
        status = launch_set(arena, &m->next, STELLA_SV("npm_package_name"), word_of(m->package.name), err);
    if (status == STELLA_OK && m->package.version.len)
        status = launch_set(arena, &m->next, STELLA_SV("npm_package_version"), word_of(m->package.version), err);
    if (m->directory.len)
        m->next.directory = m->directory;
    m->next.flags |= STELLA_LAUNCH_ENV_OPEN; /* npm_config_... */
    return status;
}

/* The script's line with the words behind it. */
static stella_status line_with(manager *m, stella_sv script, uint32_t at, stella_word *out, stella_error *err) {
    *out = word_of(script);
    for (uint32_t i = at; i < m->call.arg_count; i++) {
        const stella_word *word = &m->call.args[i];
        const stella_sv one = word_is_known(word) ? launch_quote(m->hop->view->arena, word->text) : word->text;
        out->flags |= word->flags & STELLA_WORD_UNKNOWN;
        out->text = stella_arena_printf(m->hop->view->arena, "%.*s %.*s", STELLA_SV_FMT(out->text), STELLA_SV_FMT(one));
        if (!out->text.ptr || !one.ptr)
            return hop_nomem(err);
    }
    return STELLA_OK;
}

static stella_status run_line(manager *m, const package_script *script, uint32_t at, const stella_step *how,
                              stella_error *err) {
    stella_word line;
    stella_status status = line_with(m, script->line, at, &line, err);
    if (status == STELLA_OK)
        status = set_environment(m, script->name, err);
    if (status == STELLA_OK)
        status = launch_shell(m->hop->view->arena, &m->next, STELLA_SV("sh"), line, err);
    if (status != STELLA_OK)
        return status;
    stella_step step = *how;
    step.relation = STELLA_SV("npm-script");
    step.span = (stella_span){.path = m->json, .first_line = script->at, .last_line = script->at};
    return stella_hop_step(m->hop, &m->next, &step, err);
}

/* "preNAME" or "postNAME", when there is one. */
static stella_status run_beside(manager *m, const char *prefix, stella_sv name, int is_possible, stella_error *err) {
    const stella_sv whole = stella_arena_printf(m->hop->view->arena, "%s%.*s", prefix, STELLA_SV_FMT(name));
    if (!whole.ptr)
        return hop_nomem(err);
    const package_script *script = package_find(&m->package, whole);
    const stella_step how = {.kind = STELLA_STEP_RUN, .is_possible = (uint32_t)is_possible};
    return script ? run_line(m, script, m->call.arg_count, &how, err) : STELLA_OK;
}

static stella_status run_script(manager *m, const package_script *script, uint32_t at, stella_error *err) {
    const stella_step how = {.kind = STELLA_STEP_MAIN};
    const stella_launch fresh = m->next;
    stella_status status = run_beside(m, "pre", script->name, 0, err);
    m->next = fresh;
    if (status == STELLA_OK)
        status = run_line(m, script, at, &how, err);
    m->next = fresh;
    return status == STELLA_OK ? run_beside(m, "post", script->name, 1, err) : status;
}

/* A program of the package's dependencies, or of PATH. */
static stella_status run_program(manager *m, uint32_t at, stella_error *err) {
    const stella_launch rest = launch_from(&m->call, at);
    const stella_sv directory = m->next.directory;
    if (!rest.arg_count)
        return hop_terminal(m->hop, "node", m->main, 80, err);
    const stella_status status = set_path(m, err);
    m->next.args = rest.args;
    m->next.arg_count = rest.arg_count;
    m->next.directory = directory;
    return status == STELLA_OK ? hop_main(m->hop, &m->next, "npm-exec", err) : status;
}

static stella_status exec_command(manager *m, uint32_t at, stella_error *err) {
    const stella_status status = read_options(m, &at, err);
    if (status != STELLA_OK || m->ends)
        return status;
    if (!m->line.text.ptr)
        return run_program(m, at, err);
    const package_script script = {.name = STELLA_SV("npx"), .line = m->line.text};
    const stella_step how = {.kind = STELLA_STEP_MAIN};
    return run_line(m, &script, m->call.arg_count, &how, err);
}

/* npm keeps what is behind "--", and words that are no options; the others pass all on. */
static uint32_t words_behind(const manager *m, uint32_t at) {
    for (uint32_t i = at; i < m->call.arg_count && m->is_npm; i++) {
        if (stella_sv_eq(m->call.args[i].text, STELLA_SV("--")))
            return i + 1;
        if (!stella_sv_starts(m->call.args[i].text, STELLA_SV("-")))
            return i;
    }
    return m->is_npm ? m->call.arg_count : at;
}

static stella_status run_named(manager *m, stella_sv name, uint32_t at, stella_error *err) {
    const package_script *script = package_find(&m->package, name);
    stella_file file;
    if (script)
        return run_script(m, script, words_behind(m, at), err);
    const stella_sv server = files_join(m->hop->view->arena, m->directory, STELLA_SV("server.js"));
    if (!server.ptr)
        return hop_nomem(err);
    if (stella_sv_eq(name, STELLA_SV("start")) && m->directory.len && hop_is_file(m->hop, server, &file)) {
        const package_script standard = {.name = name, .line = STELLA_SV("node server.js")};
        return run_script(m, &standard, words_behind(m, at), err);
    }
    const stella_sv detail = stella_arena_printf(m->hop->view->arena, "%s%.*s",
                                                 m->json.len ? "script " : "package.json for ", STELLA_SV_FMT(name));
    return detail.ptr ? hop_unknown(m->hop, STELLA_REASON_MISSING_FILE, detail, err) : hop_nomem(err);
}

static stella_status run_run(manager *m, uint32_t at, stella_error *err) {
    const stella_status status = read_options(m, &at, err);
    if (status != STELLA_OK || m->ends)
        return status;
    if (at >= m->call.arg_count)
        return hop_terminal(m->hop, "node", m->main, 80, err); /* lists the scripts */
    const stella_word *name = &m->call.args[at];
    if (!word_is_known(name))
        return hop_unknown(m->hop, STELLA_REASON_DYNAMIC_REFERENCE, name->text, err);
    if (!m->is_npm && !package_find(&m->package, name->text))
        return run_program(m, at, err);
    return run_named(m, name->text, at + 1, err);
}

static stella_status run_command(manager *m, uint32_t at, stella_error *err) {
    const stella_word *word = &m->call.args[at];
    if (!word_is_known(word))
        return hop_unknown(m->hop, STELLA_REASON_DYNAMIC_REFERENCE, word->text, err);
    if (text_list_has("run run-script rum urn", word->text))
        return run_run(m, at + 1, err);
    if (text_list_has("start stop restart test", word->text))
        return run_named(m, word->text, at + 1, err);
    if (text_list_has("exec x dlx", word->text))
        return exec_command(m, at + 1, err);
    if (!m->is_npm && stella_sv_eq(word->text, STELLA_SV("node")))
        return run_program(m, at, err);
    if (text_list_has("workspace workspaces", word->text))
        return hop_unknown(m->hop, STELLA_REASON_UNSUPPORTED_SYNTAX, word->text, err);
    if (m->is_npm || text_list_has("install add remove audit cache config ci publish link pack", word->text))
        return hop_terminal(m->hop, "node", m->main, 80, err);
    return run_run(m, at, err); /* yarn and pnpm run scripts and programs by their mere name */
}

stella_status manager_resolve(stella_hop *hop, const stella_launch *call, stella_sv main, stella_error *err) {
    manager m = {.hop = hop, .call = *call, .next = launch_from(call, 0), .main = main};
    stella_sv name = text_base(call->args[0].text);
    if (stella_sv_eq(name, STELLA_SV("corepack")) && call->arg_count > 1) {
        m.call = launch_from(call, 1);
        name = m.call.args[0].text;
    }
    m.is_npm = stella_sv_starts(name, STELLA_SV("npm"));
    uint32_t at = 1;
    stella_status status = read_options(&m, &at, err);
    if (status == STELLA_OK && !m.ends)
        status = find_package(&m, err);
    if (status != STELLA_OK || m.ends)
        return status;
    if (text_list_has("npx pnpx", name))
        return exec_command(&m, 1, err);
    if (at >= m.call.arg_count)
        return hop_terminal(hop, "node", main, 80, err); /* yarn alone installs */
    return run_command(&m, at, err);
}

#include "manager.h"
#include "module.h"
#include "needs.h"
#include "requires.h"

#include "entrytrace/common/options.h"

/* Options of node with a value of their own; the others, and those of V8, are flags or have it attached. */
#define NODE_OPTIONS_KNOWN                                                                                             \
    "-r,--require=LOAD --import=LOAD --loader,--experimental-loader=LOAD -e,--eval,-p,--print,-pe=CODE "               \
    "-C,--conditions=_ "                                                                                               \
    "--env-file=_ --env-file-if-exists=_ --title=_ --icu-data-dir=_ --openssl-config=_ --input-type=_ "                \
    "--inspect-port=_ "                                                                                                \
    "--diagnostic-dir=_ --redirect-warnings=_ --trace-event-categories=_ --watch-path=_ --run=SCRIPT -c,--check:ENDS " \
    "-v,--version:ENDS -h,--help:ENDS --v8-options:ENDS --completion-bash:ENDS"

static stella_status load(stella_hop *hop, const stella_word *name, stella_error *err) {
    stella_file file;
    int found = 0;
    if (!word_is_known(name))
        return hop_unknown(hop, STELLA_REASON_DYNAMIC_REFERENCE, name->text, err);
    if (stella_sv_starts(name->text, STELLA_SV("node:")) || stella_sv_starts(name->text, STELLA_SV("data:")))
        return STELLA_OK;
    const stella_status status = module_named(hop, name->text, &found, &file, err);
    if (status != STELLA_OK)
        return status;
    return found ? stella_hop_uses(hop, file.path, STELLA_SV("node-module"), hop->file->path, err)
                 : hop_unknown(hop, STELLA_REASON_MODULE_NOT_FOUND, name->text, err);
}

/* "--require X" among the words of NODE_OPTIONS. */
static stella_status load_of_variable(stella_hop *hop, stella_error *err) {
    stella_sv rest = launch_text(hop->launch, "NODE_OPTIONS"), word;
    stella_status status = STELLA_OK;
    while (status == STELLA_OK && text_word(&rest, &word)) {
        const size_t equals = stella_sv_find(word, '=');
        if (!text_list_has("-r --require --import", stella_sv_first(word, equals)))
            continue;
        stella_word value = word_of(stella_sv_skip(word, equals + 1));
        if (equals < word.len || text_word(&rest, &value.text))
            status = load(hop, &value, err);
    }
    return status;
}

static stella_status run_script(stella_hop *hop, uint32_t at, stella_error *err) {
    const stella_word *word = &hop->launch->args[at];
    stella_file file;
    int found = 0;
    if (!word_is_known(word))
        return hop_unknown(hop, STELLA_REASON_DYNAMIC_REFERENCE, word->text, err);
    const stella_status status = module_at(hop, word->text, &found, &file, err);
    if (status != STELLA_OK)
        return status;
    if (!found)
        return hop_unknown(hop, STELLA_REASON_MODULE_NOT_FOUND, word->text, err);
    const stella_sv main = stella_arena_dup(hop->view->arena, file.path);
    if (!main.ptr)
        return hop_nomem(err);
    static const struct {
        const char *file, *name;
    } managers[] = {{"npm-cli.js", "npm"}, {"npx-cli.js", "npx"}, {"yarn.js", "yarn"}, {"pnpm.cjs", "pnpm"}};
    for (uint32_t i = 0; i < STELLA_COUNT(managers); i++) {
        if (!stella_sv_eq(text_base(main), stella_sv_cstr(managers[i].file)))
            continue;
        stella_launch call = launch_from(hop->launch, at);
        const stella_word name = word_of(stella_sv_cstr(managers[i].name));
        const stella_status replaced = launch_replace(hop->view->arena, &call, 0, 1, &name, 1, err);
        return replaced == STELLA_OK ? manager_resolve(hop, &call, main, err) : replaced;
    }
    stella_status used = needs_use(hop, main, err);
    if (used == STELLA_OK && hop->view->options & STELLA_OPTION_USAGE_DEEP)
        used = requires_use(hop, main, err);
    return used == STELLA_OK ? hop_terminal(hop, "node", main, 95, err) : used;
}

/* "node --run NAME" is "npm run NAME" without the scripts around it. */
static stella_status run_named(stella_hop *hop, const stella_word *name, stella_error *err) {
    const stella_word words[] = {word_of(STELLA_SV("npm")), word_of(STELLA_SV("run")), *name};
    stella_launch call = launch_from(hop->launch, 0);
    call.args = words;
    call.arg_count = 3;
    return manager_resolve(hop, &call, hop->file->path, err);
}

static stella_status run_node(stella_hop *hop, stella_error *err) {
    const stella_launch *l = hop->launch;
    options o = options_of(NODE_OPTIONS_KNOWN, l);
    option found;
    o.is_whole = 1;
    stella_status status = load_of_variable(hop, err);
    for (options_result result; status == STELLA_OK && (result = options_next(&o, &found)) != OPTIONS_END;) {
        if (result == OPTIONS_DYNAMIC)
            status = hop_unknown(hop, STELLA_REASON_DYNAMIC_REFERENCE, l->args[o.at++].text, err);
        else if (result == OPTIONS_STRANGE)
            continue; /* a flag, or one with its value attached */
        else if (stella_sv_eq(found.meaning, STELLA_SV("LOAD")))
            status = load(hop, &found.value, err);
        else if (stella_sv_eq(found.meaning, STELLA_SV("CODE")))
            return hop_terminal(hop, "node", STELLA_SV(""), 70, err); /* what it requires is not followed */
        else if (stella_sv_eq(found.meaning, STELLA_SV("SCRIPT")))
            return run_named(hop, &found.value, err);
        else if (stella_sv_eq(found.meaning, STELLA_SV("ENDS")))
            return STELLA_OK;
    }
    if (status != STELLA_OK)
        return status;
    if (o.at >= l->arg_count || stella_sv_eq(l->args[o.at].text, STELLA_SV("-")))
        return hop_terminal(hop, "node", STELLA_SV(""), 60, err); /* reads its program from the terminal */
    return run_script(hop, o.at, err);
}

static const char *const programs[] = {"node",    "nodejs", "npm",  "npx",      "yarn",
                                       "yarnpkg", "pnpm",   "pnpx", "corepack", NULL};

static stella_status resolve(void *self, stella_hop *hop, stella_error *err) {
    (void)self;
    const stella_launch *l = hop->launch;
    const stella_sv name = hop_name(hop, programs);
    const stella_status status = stella_hop_language(hop, STELLA_SV("node"), err);
    if (status != STELLA_OK)
        return status;
    if (!text_list_has("node nodejs", name))
        return manager_resolve(hop, l, hop->file->path, err);
    return hop->file->type == STELLA_TYPE_SCRIPT ? hop_shebang(hop, err) : run_node(hop, err);
}

STELLA_ENTRYTRACE("org.stella-ops.entrytrace.node", "0.1.0", programs, .resolve = resolve);

#include "entrytrace/common/hop.h"
#include "entrytrace/common/options.h"

/* The host's own options (docs of the .NET CLI, "dotnet command"). */
#define DOTNET_OPTIONS                                                                                                 \
    "--additionalprobingpath=_ --additional-deps=_ --depsfile=_ --runtimeconfig=_ --fx-version=_ --roll-forward=_ "    \
    "--roll-forward-on-no-candidate-fx=_ -d,--diagnostics --list-sdks,--list-runtimes,--info,--version,-h,--help:ENDS"

/* The files that the host reads beside an assembly. */
static stella_status use_beside(stella_hop *hop, stella_sv assembly, stella_error *err) {
    static const char *const endings[] = {".deps.json", ".runtimeconfig.json"};
    const stella_sv stem = stella_sv_first(assembly, assembly.len - 4);
    stella_status status = STELLA_OK;
    for (uint32_t i = 0; i < STELLA_COUNT(endings) && status == STELLA_OK; i++) {
        stella_file file;
        const stella_sv path = stella_arena_printf(hop->view->arena, "%.*s%s", STELLA_SV_FMT(stem), endings[i]);
        if (!path.ptr)
            return hop_nomem(err);
        if (hop_is_file(hop, path, &file))
            status = stella_hop_uses(hop, file.path, STELLA_SV("configuration"), hop->file->path, err);
    }
    return status;
}

static stella_status run_assembly(stella_hop *hop, const stella_word *word, stella_error *err) {
    stella_file file;
    if (!word_is_known(word))
        return hop_unknown(hop, STELLA_REASON_DYNAMIC_REFERENCE, word->text, err);
    if (!stella_sv_ends(word->text, STELLA_SV(".dll")) && !stella_sv_ends(word->text, STELLA_SV(".exe")))
        return hop_unknown(hop, STELLA_REASON_UNSUPPORTED_SYNTAX, word->text,
                           err); /* a command of the SDK: it builds first */
    stella_status status = hop_stat(hop, word->text, &file, err);
    if (status != STELLA_OK)
        return hop_unread(hop, status, word->text, err);
    const stella_sv main = stella_arena_dup(hop->view->arena, file.path);
    if (!main.ptr)
        return hop_nomem(err);
    status = use_beside(hop, word->text, err);
    return status == STELLA_OK ? hop_terminal(hop, "dotnet", main, 98, err) : status;
}

/* Reads options up to the next word. Returns its place, or the count of words when nothing is run. */
static stella_status read_options(stella_hop *hop, uint32_t *at, stella_error *err) {
    options o = options_of(DOTNET_OPTIONS, hop->launch);
    o.at = *at;
    option found;
    for (options_result result; (result = options_next(&o, &found)) != OPTIONS_END;) {
        if (result == OPTIONS_FOUND && stella_sv_eq(found.meaning, STELLA_SV("ENDS"))) {
            *at = hop->launch->arg_count;
            return STELLA_OK;
        }
        if (result == OPTIONS_DYNAMIC) {
            const stella_status status =
                hop_unknown(hop, STELLA_REASON_DYNAMIC_REFERENCE, hop->launch->args[o.at++].text, err);
            if (status != STELLA_OK)
                return status;
        }
    }
    *at = o.at;
    return STELLA_OK;
}

static stella_status resolve(void *self, stella_hop *hop, stella_error *err) {
    (void)self;
    const stella_launch *l = hop->launch;
    uint32_t at = 1;
    stella_status status = stella_hop_language(hop, STELLA_SV("dotnet"), err);
    if (status == STELLA_OK)
        status = read_options(hop, &at, err);
    if (status == STELLA_OK && at < l->arg_count && stella_sv_eq(l->args[at].text, STELLA_SV("exec"))) {
        at++;
        status = read_options(hop, &at, err);
    }
    return status == STELLA_OK && at < l->arg_count ? run_assembly(hop, &l->args[at], err) : status;
}

static const char *const programs[] = {"dotnet", NULL};

STELLA_ENTRYTRACE("org.stella-ops.entrytrace.dotnet", "0.1.0", programs, .resolve = resolve);

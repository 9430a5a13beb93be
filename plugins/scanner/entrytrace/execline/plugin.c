#include "chain.h"
#include "script.h"
#include "substitute.h"

#include "entrytrace/common/options.h"

static const char *const programs[] = {
    "execlineb",   "foreground",     "background",  "if",         "ifelse",           "ifthenelse",
    "pipeline",    "wait",           "cd",          "posix-cd",   "execline-cd",      "umask",
    "posix-umask", "execline-umask", "redirfd",     "fdmove",     "fdswap",           "fdclose",
    "fdblock",     "fdreserve",      "export",      "unexport",   "emptyenv",         "importas",
    "define",      "backtick",       "getpid",      "homeof",     "elgetpositionals", "exit",
    "forx",        "forbacktickx",   "forstdin",    "loopwhilex", "multisubstitute",  "multidefine",
    "trap",        "case",           "ifte",        "tryexec",    "runblock",         "shift",
    "dollarat",    "heredoc",        "withstdinas", "piperw",     "getcwd",           NULL};

/* How the script sees the words behind it. */
typedef struct invocation {
    stella_word line; /* of -c; text NULL: none */
    uint32_t at;      /* of the script's own word, or of the first behind the line */
    int32_t is_pure;  /* -P: not at all */
    int32_t replaces; /* -S, -s: "$1" and "$@" are replaced */
    int64_t shift;    /* how many "$@" is without */
} invocation;

static stella_status read_options(stella_hop *hop, invocation *in, stella_error *err) {
    options o = options_of("-p -P -q -w -W -e -S=SHIFT -s=SHIFT -c=LINE", hop->launch);
    option found = {0};
    for (options_result result; (result = options_next(&o, &found)) != OPTIONS_END;) {
        if (result != OPTIONS_FOUND)
            return stella_error_set(err, STELLA_E_UNSUPPORTED, NULL, "%.*s", STELLA_SV_FMT(found.name));
        in->is_pure |= option_is(&found, "-P");
        if (stella_sv_eq(found.meaning, STELLA_SV("LINE")))
            in->line = found.value;
        if (!stella_sv_eq(found.meaning, STELLA_SV("SHIFT")))
            continue;
        uint64_t shift = 0;
        if (!stella_sv_u64(found.value.text, LAUNCH_WORDS_MAX, &shift))
            return stella_error_set(err, STELLA_E_UNSUPPORTED, NULL, "%.*s", STELLA_SV_FMT(found.value.text));
        in->replaces = 1;
        in->shift = (int64_t)shift;
    }
    in->at = o.at;
    return STELLA_OK;
}

/* The words behind the script take the place of "$1" and "$@", or are variables of those names. */
static stella_status place_arguments(stella_hop *hop, const invocation *in, stella_launch *next, stella_error *err) {
    const stella_launch *l = hop->launch;
    stella_arena *arena = hop->view->arena;
    stella_status status = STELLA_OK;
    const uint32_t count = l->arg_count > in->at ? l->arg_count - in->at : 0; /* $0 is the first of them */
    for (uint32_t i = 0; i < count && status == STELLA_OK; i++) {
        const stella_sv name = stella_arena_printf(arena, "%u", i);
        const substitution one = {.name = name, .values = &l->args[in->at + i], .count = 1};
        if (!name.ptr)
            return hop_nomem(err);
        status = in->replaces ? substitute(arena, next, 0, &one, err)
                              : launch_set(arena, next, name, l->args[in->at + i], err);
    }
    const uint32_t from = (uint32_t)in->shift + 1;
    const substitution all = {.name = STELLA_SV("@"),
                              .values = l->args + in->at + (count > from ? from : 0),
                              .count = count > from ? count - from : 0};
    return status == STELLA_OK && in->replaces ? substitute(arena, next, 0, &all, err) : status;
}

static stella_status follow(stella_hop *hop, const invocation *in, stella_sv text, stella_error *err) {
    stella_launch next = launch_from(hop->launch, 0);
    stella_word *words = NULL;
    uint32_t count = 0;
    stella_error why = {0};
    stella_status status = script_words(text, hop->view->arena, &words, &count, &why);
    if (status == STELLA_E_FORMAT)
        return hop_unknown(hop, STELLA_REASON_UNSUPPORTED_SYNTAX, stella_sv_cstr(why.message), err);
    if (status != STELLA_OK)
        return err ? *err = why, status : status;
    next.args = words;
    next.arg_count = count;
    if (!in->is_pure)
        status = place_arguments(hop, in, &next, err);
    return status == STELLA_OK && next.arg_count ? hop_main(hop, &next, "execline", err) : status;
}

static stella_status run_script(stella_hop *hop, stella_error *err) {
    const stella_launch *l = hop->launch;
    invocation in = {.at = 0};
    stella_error why = {0};
    stella_file file = STELLA_FILE_INIT;
    stella_status status = stella_hop_language(hop, STELLA_SV("execline"), err);
    if (status == STELLA_OK && read_options(hop, &in, &why) != STELLA_OK)
        return hop_unknown(hop, STELLA_REASON_UNSUPPORTED_SYNTAX, stella_sv_cstr(why.message), err);
    if (status != STELLA_OK)
        return status;
    const stella_word *word = in.line.text.ptr ? &in.line : in.at < l->arg_count ? &l->args[in.at] : NULL;
    if (!word)
        return hop_terminal(hop, "other", STELLA_SV(""), 50, err); /* reads its script from the terminal */
    if (!word_is_known(word))
        return hop_unknown(hop, STELLA_REASON_DYNAMIC_REFERENCE, word->text, err);
    if (in.line.text.ptr)
        return follow(hop, &in, word->text, err);
    status = hop_read(hop, word->text, SCRIPT_BYTES_MAX, &file, err);
    return status == STELLA_OK ? follow(hop, &in, file.bytes, err) : hop_unread(hop, status, word->text, err);
}

static stella_status resolve(void *self, stella_hop *hop, stella_error *err) {
    (void)self;
    const stella_sv name = hop_name(hop, programs);
    if (hop->file->type == STELLA_TYPE_SCRIPT)
        return hop_shebang(hop, err); /* POSIX has a cd and an umask in PATH that are scripts */
    if (stella_sv_eq(name, STELLA_SV("execlineb")))
        return run_script(hop, err);
    const chain_command *command = chain_find(name);
    return command ? chain_resolve(hop, command, err) : hop_unknown(hop, STELLA_REASON_UNSUPPORTED_SYNTAX, name, err);
}

STELLA_ENTRYTRACE("org.stella-ops.entrytrace.execline", "0.1.0", programs, .resolve = resolve);

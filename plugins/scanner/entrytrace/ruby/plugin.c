#include "entrytrace/common/interpreter.h"

/* ruby(1). */
static const interpreter ruby = {
    .language = "ruby",
    .options = "-e=CODE -r=LOAD -I=_ -C,-X=_ -E,--encoding=_ -F[=_] -0[=_] -i[=_] -K[=_] -T[=_] -W[=_] -x[=_] -a -c -d "
               "-l -n -p -s "
               "-S -U -w --disable=_ --enable=_ --external-encoding=_ --internal-encoding=_ --yjit --jit "
               "-h,-v,-y,--help,--version,"
               "--copyright:ENDS",
};

/* Programs that load the Ruby files which their words name, and config.ru. */
#define LOADERS "puma rackup unicorn unicorn_rails thin falcon rails passenger sidekiq resque"

static stella_status use_file(stella_hop *hop, stella_sv path, stella_error *err) {
    stella_file file;
    return hop_is_file(hop, path, &file) ? stella_hop_uses(hop, file.path, STELLA_SV("script"), hop->file->path, err)
                                         : STELLA_OK;
}

static stella_status use_words(stella_hop *hop, uint32_t at, stella_error *err) {
    stella_status status = use_file(hop, STELLA_SV("config.ru"), err);
    for (uint32_t i = at; i < hop->launch->arg_count && status == STELLA_OK; i++) {
        const stella_word *word = &hop->launch->args[i];
        if (word_is_known(word) && stella_sv_ends(word->text, STELLA_SV(".rb")))
            status = use_file(hop, word->text, err);
    }
    return status;
}

static stella_status use_loader(stella_hop *hop, stella_sv script, uint32_t at, stella_error *err) {
    const stella_status status = text_list_has(LOADERS, text_base(script)) ? use_words(hop, at, err) : STELLA_OK;
    return status == STELLA_OK ? hop_terminal(hop, "ruby", script, 95, err) : status;
}

/* Whether the command is a script for Ruby, which Bundler loads into its own process (bundler/cli/exec.rb).
 * out  set when it is; whole */
static stella_status find_script(stella_hop *hop, const stella_launch *command, stella_file *out, int *is_it,
                                 stella_error *err) {
    stella_sv spelled, first;
    *out = (stella_file)STELLA_FILE_INIT;
    *is_it = 0;
    if (stella_launch_find(hop->view, command, out, &spelled, NULL) != STELLA_OK || out->type != STELLA_TYPE_SCRIPT)
        return STELLA_OK;
    const stella_status status = stella_view_read(hop->view, out->path, out, NULL);
    if (status != STELLA_OK)
        return hop_unread(hop, status, spelled, err);
    stella_sv rest = out->bytes;
    *is_it = stella_sv_split(&rest, '\n', &first) && stella_sv_starts(text_base(first), STELLA_SV("env ruby"));
    *is_it |= stella_sv_starts(text_base(first), STELLA_SV("ruby"));
    return STELLA_OK;
}

/* "bundle exec [--keep-file-descriptors] COMMAND": the command, with the gems of the Gemfile. */
static stella_status resolve_bundle(stella_hop *hop, stella_sv bundle, uint32_t at, stella_error *err) {
    const stella_launch *l = hop->launch;
    if (at >= l->arg_count || !stella_sv_eq(l->args[at].text, STELLA_SV("exec")))
        return hop_terminal(hop, "ruby", bundle, 80, err);
    for (at++; at < l->arg_count && stella_sv_starts(l->args[at].text, STELLA_SV("-")); at++) {
    }
    const stella_launch next = launch_from(l, at);
    stella_file script;
    int is_loaded = 0;
    const stella_status status = next.arg_count ? find_script(hop, &next, &script, &is_loaded, err) : STELLA_OK;
    if (status != STELLA_OK || is_loaded)
        return status != STELLA_OK ? status : use_loader(hop, script.path, at + 1, err);
    return next.arg_count ? hop_main(hop, &next, "bundler", err)
                          : hop_unknown(hop, STELLA_REASON_UNSUPPORTED_SYNTAX, STELLA_SV("bundle exec"), err);
}

static const char *const programs[] = {"ruby*", "jruby", "bundle", "bundler", NULL};

static stella_status resolve(void *self, stella_hop *hop, stella_error *err) {
    (void)self;
    const stella_sv name = hop_name(hop, programs);
    interpreter_run run;
    if (hop->file->type == STELLA_TYPE_SCRIPT)
        return hop_shebang(hop, err);
    if (text_list_has("bundle bundler", name))
        return resolve_bundle(hop, hop->file->path, 1, err);
    stella_status status = interpreter_read(hop, &ruby, &run, err);
    if (status != STELLA_OK || run.ends)
        return status;
    if (text_list_has("bundle bundler", text_base(run.main)))
        return resolve_bundle(hop, run.main, run.at, err);
    return use_loader(hop, run.main, run.at, err);
}

STELLA_ENTRYTRACE("org.stella-ops.entrytrace.ruby", "0.1.0", programs, .resolve = resolve);

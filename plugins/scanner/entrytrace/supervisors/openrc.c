#include "openrc.h"

#include "entrytrace/common/options.h"

/* What openrc-run(8) gives a script: functions that tell, and a start() unless the script has one. */
static const char prelude[] =
    "ebegin() { :; }; eend() { :; }; einfo() { :; }; ewarn() { :; }; eerror() { :; }; einfon() { :; }; ewend() { :; }; "
    "veinfo() { :; }; vebegin() { :; }; veend() { :; }; need() { :; }; use() { :; }; want() { :; }; after() { :; }; "
    "before() { :; }; provide() { :; }; checkpath() { :; }; yesno() { case $1 in [Yy][Ee][Ss]|[Tt][Rr][Uu][Ee]|1) "
    "return "
    "0;; esac; return 1; }; "
    "start() { ${command:+start-stop-daemon --start --exec} ${command} ${directory:+--chdir} ${directory} "
    "${command_user:+--chuid} ${command_user} ${command_background:+--background} ${start_stop_daemon_args} -- "
    "${command_args} ${command_args_background}; }; ";

stella_status openrc_run(stella_hop *hop, stella_error *err) {
    const stella_launch *l = hop->launch;
    stella_arena *arena = hop->view->arena;
    stella_file file;
    stella_launch next = launch_from(l, 0);
    if (hop->file->type == STELLA_TYPE_SCRIPT)
        return hop_shebang(hop, err);
    if (l->arg_count < 2 || !word_is_known(&l->args[1]))
        return hop_unknown(hop, STELLA_REASON_DYNAMIC_REFERENCE, STELLA_SV("no script"), err);
    if (l->arg_count > 2 && !stella_sv_eq(l->args[2].text, STELLA_SV("start")))
        return word_is_known(&l->args[2]) ? STELLA_OK
                                          : hop_unknown(hop, STELLA_REASON_DYNAMIC_REFERENCE, l->args[2].text, err);
    if (!hop_is_file(hop, l->args[1].text, &file))
        return hop_unknown(hop, STELLA_REASON_MISSING_FILE, l->args[1].text, err);
    const stella_sv script = stella_arena_printf(arena, "/%.*s", STELLA_SV_FMT(file.path));
    const stella_sv name = text_base(l->args[1].text), quoted = launch_quote(arena, script);
    const stella_sv conf = launch_quote(arena, stella_arena_printf(arena, "/etc/conf.d/%.*s", STELLA_SV_FMT(name)));
    const stella_sv line = stella_arena_printf(arena, "%s[ -f %.*s ] && . %.*s; . %.*s; start", prelude,
                                               STELLA_SV_FMT(conf), STELLA_SV_FMT(conf), STELLA_SV_FMT(quoted));
    if (!script.ptr || !quoted.ptr || !conf.ptr || !line.ptr)
        return hop_nomem(err);
    stella_status status = launch_set(arena, &next, STELLA_SV("RC_SVCNAME"), word_of(name), err);
    if (status == STELLA_OK)
        status = launch_shell(arena, &next, STELLA_SV("/bin/sh"), word_of(line), err);
    return status == STELLA_OK ? hop_main(hop, &next, "openrc-run", err) : status;
}

static stella_status add_runlevel(stella_hop *hop, stella_sv level, stella_error *err) {
    stella_arena *arena = hop->view->arena;
    const stella_sv directory = files_join(arena, STELLA_SV("etc/runlevels"), level);
    files found;
    if (!directory.ptr)
        return hop_nomem(err);
    stella_status status = files_matching(hop, directory, STELLA_SV("[!.]*"), &found, err);
    for (uint32_t i = 0; i < found.count && status == STELLA_OK; i++) {
        const stella_sv script =
            stella_arena_printf(arena, "/etc/init.d/%.*s", STELLA_SV_FMT(text_base(found.paths[i])));
        if (!script.ptr)
            return hop_nomem(err);
        const stella_word words[] = {word_of(script), word_of(STELLA_SV("start"))};
        stella_launch next = launch_from(hop->launch, 0);
        next.args = words;
        next.arg_count = STELLA_COUNT(words);
        const stella_step how = {.kind = STELLA_STEP_SERVICE, .relation = STELLA_SV("runlevel")};
        status = stella_hop_step(hop, &next, &how, err);
    }
    return status;
}

stella_status openrc_resolve(stella_hop *hop, stella_error *err) {
    const stella_launch *l = hop->launch;
    options o = options_of("-a,--all=_ -n,--no-stop -o,--override=_ -s,--service=ENDS -S,--sys:ENDS -C,--nocolor "
                           "-v,--verbose -q,--quiet -h,--help:ENDS -V,--version:ENDS",
                           l);
    option found;
    while (options_next(&o, &found) == OPTIONS_FOUND)
        if (stella_sv_eq(found.meaning, STELLA_SV("ENDS")))
            return STELLA_OK;
    const stella_word level = o.at < l->arg_count ? l->args[o.at] : word_of(STELLA_SV("default"));
    if (!word_is_known(&level))
        return hop_unknown(hop, STELLA_REASON_DYNAMIC_REFERENCE, level.text, err);
    stella_status status = hop_terminal(hop, "supervisor", hop->file->path, 90, err);
    if (status == STELLA_OK)
        status = add_runlevel(hop, STELLA_SV("sysinit"), err);
    if (status == STELLA_OK && !stella_sv_eq(level.text, STELLA_SV("sysinit")))
        status = add_runlevel(hop, STELLA_SV("boot"), err);
    return status == STELLA_OK && !text_list_has("sysinit boot", level.text) ? add_runlevel(hop, level.text, err)
                                                                             : status;
}

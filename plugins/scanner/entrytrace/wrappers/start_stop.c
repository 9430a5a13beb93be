#include "start_stop.h"

#include "entrytrace/common/options.h"

/* dpkg's manual page; busybox has those of one letter alone, openrc the long ones of the last lines. */
#define START_STOP_OPTIONS                                                                                             \
    "-S,--start:START -K,--stop:ENDS -T,--status:ENDS -H,--help:ENDS -V,--version:ENDS -t,--test:ENDS -p,--pidfile=_ " \
    "-x,--exec=PROGRAM -n,--name=_ -u,--user=_ -g,--group=_ -s,--signal=_ -a,--startas=STARTAS -o,--oknodo "           \
    "-q,--quiet "                                                                                                      \
    "-c,--chuid=USER -r,--chroot=ROOT -d,--chdir=DIR -b,--background:BACKGROUND -C,--no-close -N,--nicelevel=_ "       \
    "-P,--procsched=_ -I,--iosched=_ -k,--umask=_ -m,--make-pidfile --remove-pidfile -v,--verbose -R,--retry=_ "       \
    "--notify-await --notify-timeout=_ --ppid=_ --pid=_ -O,--output=_ "                                                \
    "-e,--env=VARIABLE -w,--wait=_ --stdout,-1=_ --stderr,-2=_ --progress --respawn-delay=_ --respawn-max=_ "          \
    "--respawn-period=_ --healthcheck-timer=_ --healthcheck-delay=_"

typedef struct start {
    stella_launch next;
    stella_word program, as; /* text NULL: none */
    int32_t starts, ends, stays_behind;
} start;

static int is(const option *o, const char *meaning) {
    return stella_sv_eq(o->meaning, stella_sv_cstr(meaning));
}

static stella_status apply(stella_hop *hop, start *s, const option *o, stella_error *err) {
    int is_one = 0;
    s->starts |= is(o, "START");
    s->stays_behind |= is(o, "BACKGROUND");
    s->ends |= is(o, "ENDS");
    if (is(o, "PROGRAM"))
        s->program = o->value;
    else if (is(o, "STARTAS"))
        s->as = o->value;
    else if (is(o, "USER"))
        s->next.user = o->value.text;
    else if (is(o, "DIR"))
        return launch_chdir(hop->view->arena, &s->next, &o->value, err);
    else if (is(o, "VARIABLE"))
        return launch_assign(hop->view->arena, &s->next, &o->value, &is_one, err);
    else if (is(o, "ROOT") && !stella_sv_eq(o->value.text, STELLA_SV("/"))) {
        s->ends = 1;
        return hop_unknown(hop, STELLA_REASON_UNSUPPORTED_SYNTAX, STELLA_SV("another root"), err);
    }
    return STELLA_OK;
}

/* Words of openrc's daemons come before and among the options: the name of a service. */
static stella_status read_options(stella_hop *hop, start *s, uint32_t *at, stella_error *err) {
    options o = options_of(START_STOP_OPTIONS, hop->launch);
    const int has_name = stella_sv_ends(hop->launch->args[0].text, STELLA_SV("supervise-daemon"));
    option found = {0};
    stella_status status = STELLA_OK;
    o.at += has_name && hop->launch->arg_count > 1 ? 1 : 0;
    for (options_result result; status == STELLA_OK && (result = options_next(&o, &found)) != OPTIONS_END;) {
        if (result == OPTIONS_FOUND)
            status = apply(hop, s, &found, err);
        else if (result == OPTIONS_DYNAMIC)
            status = hop_unknown(hop, STELLA_REASON_DYNAMIC_REFERENCE, hop->launch->args[o.at++].text, err);
        else
            status = hop_unknown(hop, STELLA_REASON_UNSUPPORTED_SYNTAX, found.name, err);
    }
    *at = o.at;
    return status;
}

stella_status start_stop_resolve(stella_hop *hop, stella_error *err) {
    start s = {.next = launch_from(hop->launch, 0)};
    uint32_t at = 0;
    stella_status status = read_options(hop, &s, &at, err);
    const stella_word program = s.as.text.ptr ? s.as : s.program;
    if (status != STELLA_OK || s.ends || !s.starts)
        return status;
    if (!program.text.ptr)
        return hop_unknown(hop, STELLA_REASON_UNSUPPORTED_SYNTAX, STELLA_SV("--start without --exec"), err);
    const uint32_t count = at < hop->launch->arg_count ? at : hop->launch->arg_count;
    status = launch_replace(hop->view->arena, &s.next, 0, count, &program, 1, err);
    const stella_step how = {.kind = s.stays_behind ? STELLA_STEP_SERVICE : STELLA_STEP_MAIN,
                             .relation = STELLA_SV("wrapper")};
    return status == STELLA_OK ? stella_hop_step(hop, &s.next, &how, err) : status;
}

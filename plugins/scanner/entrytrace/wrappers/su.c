#include "su.h"

#include "entrytrace/common/account.h"
#include "entrytrace/common/options.h"

/* util-linux; those of shadow and busybox are among them. */
#define SU_OPTIONS                                                                                                     \
    "-c,--command=LINE --session-command=LINE -f,--fast -g,--group=_ -G,--supp-group=_ -l,-,--login:LOGIN "            \
    "-m,-p,--preserve-environment:KEEP -P,--pty -T,--no-pty -s,--shell=SHELL -w,--whitelist-environment=_ "            \
    "-h,--help:ENDS -V,--version:ENDS"
#define RUNUSER_OPTIONS SU_OPTIONS " -u,--user=USER"

/* What login shells get for PATH without a word in login.defs. */
#define LOGIN_PATH      "/usr/local/bin:/bin:/usr/bin"
#define LOGIN_ROOT_PATH "/usr/local/sbin:/usr/local/bin:/sbin:/bin:/usr/sbin:/usr/bin"

typedef struct su {
    stella_hop *hop;
    stella_launch next;
    stella_word line; /* text NULL: none */
    stella_sv shell;  /* empty: the account's */
    stella_sv user;   /* empty: root */
    uint32_t first;   /* of the words that the shell or the command gets */
    int32_t is_login, keeps, is_direct, ends, is_possible;
} su;

static void su_option(su *x, const option *found) {
    if (stella_sv_eq(found->meaning, STELLA_SV("LINE")))
        x->line = found->value;
    else if (stella_sv_eq(found->meaning, STELLA_SV("SHELL")))
        x->shell = found->value.text;
    else if (stella_sv_eq(found->meaning, STELLA_SV("LOGIN")))
        x->is_login = 1;
    else if (stella_sv_eq(found->meaning, STELLA_SV("KEEP")))
        x->keeps = 1;
    else if (stella_sv_eq(found->meaning, STELLA_SV("ENDS")))
        x->ends = 1;
    else if (stella_sv_eq(found->meaning, STELLA_SV("USER"))) {
        x->user = found->value.text;
        x->is_direct = 1;
    }
}

/* An operand: the user comes first, then what the shell gets. Options may stand between them (getopt_long permutes), so
 * that the words of the shell are gathered. */
static void su_operand(su *x, const stella_word *word, stella_word *gathered, uint32_t *count, int *has_user) {
    if (!*has_user) {
        x->user = word->text;
        *has_user = 1;
    } else {
        gathered[(*count)++] = *word;
    }
}

static stella_status su_read(su *x, int is_runuser, stella_word *gathered, uint32_t *count, stella_error *err) {
    const stella_launch *l = x->hop->launch;
    options o = options_of(is_runuser ? RUNUSER_OPTIONS : SU_OPTIONS, l);
    int has_user = 0;
    while (o.at < l->arg_count && !x->ends) {
        option found;
        const options_result result = options_next(&o, &found);
        if (result == OPTIONS_FOUND) {
            su_option(x, &found);
        } else if (result == OPTIONS_STRANGE) {
            const stella_status status = hop_unknown(x->hop, STELLA_REASON_UNSUPPORTED_SYNTAX, found.name, err);
            if (status != STELLA_OK)
                return status;
        } else if (o.at < l->arg_count) {
            has_user |= x->is_direct;
            if (l->args[o.at].flags & STELLA_WORD_MANY && !has_user) {
                x->is_possible = 1;
                const stella_status status =
                    hop_unknown(x->hop, STELLA_REASON_DYNAMIC_REFERENCE, l->args[o.at].text, err);
                if (status != STELLA_OK)
                    return status;
            }
            su_operand(x, &l->args[o.at++], gathered, count, &has_user);
            while (x->is_direct && o.at < l->arg_count) /* a command's options are its own */
                su_operand(x, &l->args[o.at++], gathered, count, &has_user);
        }
    }
    return STELLA_OK;
}

typedef struct setting {
    const char *name;
    stella_sv value;
} setting;

static stella_status set_all(su *x, const setting *settings, uint32_t count, stella_error *err) {
    stella_status status = STELLA_OK;
    for (uint32_t i = 0; i < count && status == STELLA_OK; i++)
        if (settings[i].value.len)
            status = launch_set(x->hop->view->arena, &x->next, stella_sv_cstr(settings[i].name),
                                word_of(settings[i].value), err);
    return status;
}

static int is_root(stella_sv user) {
    return !user.len || stella_sv_eq(user, STELLA_SV("root")) || stella_sv_eq(user, STELLA_SV("0"));
}

static stella_status su_environment(su *x, const account *who, stella_error *err) {
    if (x->keeps && !x->is_login)
        return STELLA_OK;
    const int names_user = x->is_login || !is_root(x->user);
    const stella_sv path = is_root(x->user) ? STELLA_SV(LOGIN_ROOT_PATH) : STELLA_SV(LOGIN_PATH);
    const setting settings[] = {{"HOME", who->home},
                                {"SHELL", x->shell},
                                {"USER", names_user ? who->name : STELLA_SV("")},
                                {"LOGNAME", names_user ? who->name : STELLA_SV("")},
                                {"PATH", x->is_login ? path : STELLA_SV("")}};
    if (x->is_login) {
        const stella_status status = launch_keep(x->hop->view->arena, &x->next, "TERM", err);
        if (status != STELLA_OK)
            return status;
        x->next.directory = who->home.len ? who->home : STELLA_SV("/");
    }
    return set_all(x, settings, STELLA_COUNT(settings), err);
}

static stella_status run_direct(su *x, const stella_word *words, uint32_t count, stella_error *err) {
    if (!count)
        return hop_unknown(x->hop, STELLA_REASON_UNSUPPORTED_SYNTAX, x->hop->launch->args[0].text, err);
    x->next.args = words;
    x->next.arg_count = count;
    return hop_main(x->hop, &x->next, "wrapper", err);
}

/* SHELL [-c LINE] WORD...; the name of a login shell begins with '-'. */
static stella_status run_shell(su *x, const stella_word *words, uint32_t count, stella_error *err) {
    stella_arena *arena = x->hop->view->arena;
    const stella_sv name =
        stella_arena_printf(arena, "%s%.*s", x->is_login ? "-" : "", STELLA_SV_FMT(text_base(x->shell)));
    if (!name.ptr)
        return hop_nomem(err);
    const stella_word head[] = {word_of(name), word_of(STELLA_SV("-c")), x->line};
    x->next.args = words;
    x->next.arg_count = count;
    const stella_status status = launch_replace(arena, &x->next, 0, 0, head, x->line.text.ptr ? 3 : 1, err);
    if (status != STELLA_OK)
        return status;
    x->next.program = x->shell;
    const stella_step how = {
        .kind = STELLA_STEP_MAIN, .relation = STELLA_SV("wrapper"), .is_possible = (uint32_t)x->is_possible};
    return stella_hop_step(x->hop, &x->next, &how, err);
}

stella_status su_resolve(stella_hop *hop, stella_error *err) {
    su x = {.hop = hop, .next = launch_from(hop->launch, 0)};
    const int is_runuser = stella_sv_eq(text_base(hop->launch->args[0].text), STELLA_SV("runuser"));
    stella_word *words = stella_arena_alloc(hop->view->arena, hop->launch->arg_count, sizeof *words);
    uint32_t count = 0;
    if (!words)
        return hop_nomem(err);
    stella_status status = su_read(&x, is_runuser, words, &count, err);
    if (status != STELLA_OK || x.ends)
        return status;
    account who = {.name = x.user};
    account_find(hop, x.user, &who);
    x.next.user = x.user;
    if (x.is_direct)
        return run_direct(&x, words, count, err);
    if (!x.shell.len && x.keeps)
        x.shell = launch_text(hop->launch, "SHELL");
    if (!x.shell.len)
        x.shell = who.shell.len ? who.shell : STELLA_SV("/bin/sh");
    status = su_environment(&x, &who, err);
    return status == STELLA_OK ? run_shell(&x, words, count, err) : status;
}

/* ---- sudo
 */

#define SUDO_OPTIONS                                                                                                   \
    "-A,--askpass -b,--background -B,--bell -C,--close-from=_ -D,--chdir=DIR -E,--preserve-env[=KEEP] -e,--edit:ENDS " \
    "-g,--group=_ -H,--set-home -h,--host=_ --help:ENDS -i,--login:LOGIN -K,--remove-timestamp:ENDS "                  \
    "-k,--reset-timestamp -l,--list:ENDS -n,--non-interactive -N,--no-update -P,--preserve-groups -p,--prompt=_ "      \
    "-R,--chroot=ROOT -r,--role=_ -S,--stdin -s,--shell:SHELL -t,--type=_ -T,--command-timeout=_ -U,--other-user=_ "   \
    "-u,--user=USER -V,--version:ENDS -v,--validate:ENDS"
#define DOAS_OPTIONS "-C=ENDS -L:ENDS -n -s:SHELL -u=USER"
#define SUDOERS_MAX  (256u << 10)

typedef struct sudo {
    su su;
    int32_t through_shell;
} sudo;

static stella_status sudo_option(sudo *x, const option *found, stella_error *err) {
    if (stella_sv_eq(found->meaning, STELLA_SV("USER"))) {
        x->su.user = found->value.text;
    } else if (stella_sv_eq(found->meaning, STELLA_SV("KEEP"))) {
        x->su.keeps = 1;
    } else if (stella_sv_eq(found->meaning, STELLA_SV("LOGIN"))) {
        x->su.is_login = x->through_shell = 1;
    } else if (stella_sv_eq(found->meaning, STELLA_SV("SHELL"))) {
        x->through_shell = 1;
    } else if (stella_sv_eq(found->meaning, STELLA_SV("DIR"))) {
        return launch_chdir(x->su.hop->view->arena, &x->su.next, &found->value, err);
    } else if (stella_sv_eq(found->meaning, STELLA_SV("ROOT"))) {
        x->su.ends = 1;
        return hop_unknown(x->su.hop, STELLA_REASON_UNSUPPORTED_SYNTAX, found->value.text, err);
    } else if (stella_sv_eq(found->meaning, STELLA_SV("ENDS"))) {
        x->su.ends = 1;
    }
    return STELLA_OK;
}

static stella_status sudo_read(sudo *x, int is_doas, stella_error *err) {
    const stella_launch *l = x->su.hop->launch;
    options o = options_of(is_doas ? DOAS_OPTIONS : SUDO_OPTIONS, l);
    stella_status status = STELLA_OK;
    while (status == STELLA_OK && !x->su.ends) {
        option found;
        const options_result result = options_next(&o, &found);
        if (result == OPTIONS_FOUND) {
            status = sudo_option(x, &found, err);
        } else if (result == OPTIONS_STRANGE) {
            status = hop_unknown(x->su.hop, STELLA_REASON_UNSUPPORTED_SYNTAX, found.name, err);
        } else if (result == OPTIONS_DYNAMIC && o.at + 1 < l->arg_count) {
            x->su.is_possible = 1;
            status = hop_unknown(x->su.hop, STELLA_REASON_DYNAMIC_REFERENCE, l->args[o.at++].text, err);
        } else {
            break;
        }
    }
    x->su.first = o.at;
    return status;
}

/* PATH as "Defaults secure_path" has it, else empty (sudoers(5)). */
static stella_sv secure_path(stella_hop *hop) {
    stella_file file;
    if (hop_read(hop, STELLA_SV("/etc/sudoers"), SUDOERS_MAX, &file, NULL) != STELLA_OK)
        return STELLA_SV("");
    stella_sv rest = file.bytes, line, path = STELLA_SV("");
    while (stella_sv_split(&rest, '\n', &line)) {
        stella_sv word = {0};
        if (!text_word(&line, &word) || !stella_sv_eq(word, STELLA_SV("Defaults")))
            continue;
        const stella_sv entry = stella_sv_trim(line);
        const size_t equals = stella_sv_find(entry, '=');
        if (stella_sv_eq(stella_sv_trim(stella_sv_first(entry, equals)), STELLA_SV("secure_path")))
            path = stella_sv_trim(stella_sv_skip(entry, equals + 1));
    }
    const int quoted = path.len > 1 && path.ptr[0] == '"' && path.ptr[path.len - 1] == '"';
    return quoted ? stella_sv_of(path.ptr + 1, path.len - 2) : path;
}

static stella_status sudo_environment(su *x, const account *who, stella_error *err) {
    const setting settings[] = {{"PATH", secure_path(x->hop)},
                                {"HOME", x->keeps ? STELLA_SV("") : who->home},
                                {"SHELL", x->keeps ? STELLA_SV("") : who->shell},
                                {"USER", x->keeps ? STELLA_SV("") : who->name},
                                {"LOGNAME", x->keeps ? STELLA_SV("") : who->name}};
    if (!x->keeps) {
        const stella_status status =
            launch_keep(x->hop->view->arena, &x->next, "PATH TERM LANG LC_ALL LC_CTYPE COLORTERM DISPLAY", err);
        if (status != STELLA_OK)
            return status;
    }
    return set_all(x, settings, STELLA_COUNT(settings), err);
}

static stella_status sudo_assignments(su *x, stella_error *err) {
    for (int is_one = 1; x->first < x->hop->launch->arg_count; x->first++) {
        const stella_status status =
            launch_assign(x->hop->view->arena, &x->next, &x->hop->launch->args[x->first], &is_one, err);
        if (status != STELLA_OK || !is_one)
            return status;
    }
    return STELLA_OK;
}

/* The words as one line for a shell. */
static stella_status sudo_line(su *x, stella_error *err) {
    stella_sv line = stella_sv_of(NULL, 0);
    uint32_t flags = 0;
    for (uint32_t i = x->first; i < x->hop->launch->arg_count; i++) {
        const stella_word *word = &x->hop->launch->args[i];
        const stella_sv quoted = word_is_known(word) ? launch_quote(x->hop->view->arena, word->text) : word->text;
        flags |= word->flags;
        line = stella_arena_printf(x->hop->view->arena, "%.*s%s%.*s", STELLA_SV_FMT(line), line.len ? " " : "",
                                   STELLA_SV_FMT(quoted));
        if (!line.ptr || !quoted.ptr)
            return hop_nomem(err);
    }
    x->line = (stella_word){.text = line, .flags = flags & STELLA_WORD_UNKNOWN};
    return STELLA_OK;
}

static stella_status sudo_through_shell(sudo *x, const account *who, stella_error *err) {
    const stella_status status = sudo_line(&x->su, err);
    const stella_sv own = launch_text(x->su.hop->launch, "SHELL");
    if (status != STELLA_OK)
        return status;
    x->su.shell = !x->su.is_login && own.len ? own : who->shell;
    if (!x->su.shell.len)
        x->su.shell = STELLA_SV("/bin/sh");
    if (x->su.is_login)
        x->su.next.directory = who->home;
    return run_shell(&x->su, NULL, 0, err);
}

stella_status sudo_resolve(stella_hop *hop, stella_error *err) {
    sudo x = {.su = {.hop = hop, .next = launch_from(hop->launch, 0)}};
    const int is_doas = stella_sv_eq(text_base(hop->launch->args[0].text), STELLA_SV("doas"));
    stella_status status = sudo_read(&x, is_doas, err);
    if (status != STELLA_OK || x.su.ends)
        return status;
    account who = {.name = x.su.user.len ? x.su.user : STELLA_SV("root")};
    account_find(hop, x.su.user, &who);
    x.su.next.user = x.su.user;
    status = sudo_environment(&x.su, &who, err);
    if (status == STELLA_OK)
        status = sudo_assignments(&x.su, err);
    if (status != STELLA_OK)
        return status;
    if (x.through_shell)
        return sudo_through_shell(&x, &who, err);
    return run_direct(&x.su, hop->launch->args + x.su.first, hop->launch->arg_count - x.su.first, err);
}

#include "supervisord.h"

#include "entrytrace/common/options.h"
#include "ini.h"
#include "words.h"

#define SUPERVISORD_OPTIONS                                                                                            \
    "-c,--configuration=CONFIG -n,--nodaemon -s,--silent -u,--user=_ -m,--umask=_ -d,--directory=_ -l,--logfile=_ "    \
    "-y,--logfile_maxbytes=_ -z,--logfile_backups=_ -e,--loglevel=_ -j,--pidfile=_ -i,--identifier=_ "                 \
    "-q,--childlogdir=_ "                                                                                              \
    "-k,--nocleanup -a,--minfds=_ -t,--strip_ansi --profile_options=_ --minprocs=_ -h,--help,-v,--version:ENDS"

typedef struct supervisor {
    stella_hop *hop;
    ini file;
    stella_sv path;    /* of the file, relative to the root */
    stella_sv here;    /* "/etc": where the main file is */
    stella_sv section; /* "program:web" */
    uint32_t flags;    /* STELLA_WORD_UNKNOWN when an expansion of the value at hand is not known */
} supervisor;

/* What "%(NAME)s" stands for. Returns 0 when that is not known. */
static int expansion(const supervisor *s, stella_sv name, stella_sv *out) {
    const stella_sv program = stella_sv_skip(s->section, stella_sv_find(s->section, ':') + 1);
    if (stella_sv_eq(name, STELLA_SV("here")))
        *out = s->here;
    else if (text_list_has("program_name group_name", name))
        *out = program;
    else if (stella_sv_eq(name, STELLA_SV("process_num")))
        *out = STELLA_SV("0");
    else if (stella_sv_starts(name, STELLA_SV("ENV_"))) {
        const stella_word *value = stella_launch_variable(s->hop->launch, stella_sv_skip(name, 4));
        *out = value && word_is_known(value) ? value->text : STELLA_SV("");
        return value && word_is_known(value);
    } else
        return 0;
    return 1;
}

/* One "%(NAME)s" or "%%" at the front of *rest. */
static stella_sv next_expansion(supervisor *s, stella_sv *rest) {
    const size_t close = stella_sv_find(*rest, ')');
    stella_sv value = STELLA_SV("%");
    if (rest->len < 3 || rest->ptr[1] != '(' || close == rest->len) {
        *rest = stella_sv_skip(*rest, rest->len > 1 && rest->ptr[1] == '%' ? 2 : 1);
        return value;
    }
    size_t end = close + 1;
    while (end < rest->len && rest->ptr[end] != 's' && rest->ptr[end] != 'd')
        end++;
    const stella_sv name = stella_sv_of(rest->ptr + 2, close - 2), written = stella_sv_first(*rest, end + 1);
    *rest = stella_sv_skip(*rest, end + 1);
    if (expansion(s, name, &value))
        return value;
    s->flags |= STELLA_WORD_UNKNOWN;
    return written;
}

static stella_status expand(supervisor *s, stella_sv text, stella_sv *out, stella_error *err) {
    *out = stella_sv_of("", 0);
    s->flags = 0;
    while (text.len) {
        const size_t plain = stella_sv_find(text, '%');
        const stella_sv before = stella_sv_first(text, plain);
        text = stella_sv_skip(text, plain);
        const stella_sv value = text.len ? next_expansion(s, &text) : STELLA_SV("");
        *out = stella_arena_printf(s->hop->view->arena, "%.*s%.*s%.*s", STELLA_SV_FMT(*out), STELLA_SV_FMT(before),
                                   STELLA_SV_FMT(value));
        if (!out->ptr)
            return hop_nomem(err);
    }
    return STELLA_OK;
}

static stella_status setting(supervisor *s, const char *key, stella_sv *out, stella_error *err) {
    return expand(s, ini_get(&s->file, s->section, key), out, err);
}

/* "KEY=value,OTHER="a, b"": commas and blanks separate. */
static stella_status set_environment(supervisor *s, stella_sv section, stella_launch *next, stella_error *err) {
    stella_sv text;
    const stella_status expanded = expand(s, ini_get(&s->file, section, "environment"), &text, err);
    stella_status status = expanded;
    while (status == STELLA_OK && text.len) {
        const size_t equals = stella_sv_find(text, '=');
        const stella_sv name = stella_sv_trim(stella_sv_first(text, equals));
        stella_sv value = stella_sv_trim(stella_sv_skip(text, equals + 1));
        const char quote = value.len && (value.ptr[0] == '"' || value.ptr[0] == '\'') ? value.ptr[0] : '\0';
        value = stella_sv_skip(value, quote ? 1 : 0);
        const size_t end = stella_sv_find(value, quote ? quote : ',');
        text = stella_sv_skip(value, end + 1);
        while (text.len && (text.ptr[0] == ',' || text_is_blank(text.ptr[0])))
            text = stella_sv_skip(text, 1);
        if (text_is_name(name))
            status =
                launch_set(s->hop->view->arena, next, name,
                           (stella_word){.text = stella_sv_trim(stella_sv_first(value, end)), .flags = s->flags}, err);
    }
    return status;
}

static stella_status add_program(supervisor *s, const ini_setting *command, stella_error *err) {
    stella_hop *hop = s->hop;
    const stella_span span = {.path = s->path, .first_line = command->line, .last_line = command->line};
    stella_launch next = launch_from(hop->launch, 0);
    stella_word *words = NULL;
    uint32_t count = 0, unknown = 0;
    stella_sv line, directory = {0}, user = {0}, starts = {0};
    stella_status status = expand(s, command->value, &line, err);
    unknown = s->flags;
    if (status == STELLA_OK)
        status = words_split(line, hop->view->arena, &words, &count, err);
    if (status == STELLA_E_FORMAT || (status == STELLA_OK && !count))
        return stella_hop_unknown(hop, STELLA_REASON_UNSUPPORTED_SYNTAX, &span, line, err);
    for (uint32_t i = 0; i < count && unknown; i++)
        words[i].flags = stella_sv_find(words[i].text, '%') < words[i].text.len ? unknown : 0;
    if (status == STELLA_OK)
        status = set_environment(s, STELLA_SV("supervisord"), &next, err);
    if (status == STELLA_OK)
        status = set_environment(s, s->section, &next, err);
    if (status == STELLA_OK)
        status = setting(s, "user", &user, err);
    if (status == STELLA_OK)
        status = setting(s, "autostart", &starts, err);
    if (status == STELLA_OK)
        status = setting(s, "directory", &directory, err);
    const stella_word where = {.text = directory, .flags = s->flags};
    if (status == STELLA_OK && directory.len)
        status = launch_chdir(hop->view->arena, &next, &where, err);
    if (status != STELLA_OK)
        return status;
    next.user = user.len ? user : next.user;
    next.args = words;
    next.arg_count = count;
    const stella_step how = {.kind = STELLA_STEP_SERVICE,
                             .relation = STELLA_SV("supervisord"),
                             .is_possible = text_list_has("false no off 0", starts) ? 1 : 0,
                             .span = span};
    return stella_hop_step(hop, &next, &how, err);
}

static stella_status add_programs(supervisor *s, stella_error *err) {
    stella_status status = STELLA_OK;
    for (uint32_t i = 0; i < s->file.count && status == STELLA_OK; i++) {
        const ini_setting *one = &s->file.settings[i];
        const stella_sv kind = stella_sv_first(one->section, stella_sv_find(one->section, ':'));
        if (!stella_sv_eq(one->key, STELLA_SV("command")) || !text_list_has("program eventlistener fcgi-program", kind))
            continue;
        s->section = one->section;
        status = add_program(s, one, err);
    }
    return status;
}

static stella_status read_file(supervisor *s, stella_sv path, stella_error *err) {
    stella_file file;
    stella_status status = hop_read(s->hop, path, SUPERVISORD_FILE_MAX, &file, err);
    if (status != STELLA_OK)
        return hop_unread(s->hop, status, path, err);
    s->path = stella_arena_dup(s->hop->view->arena, file.path);
    if (!s->path.ptr)
        return hop_nomem(err);
    status = stella_hop_uses(s->hop, s->path, STELLA_SV("configuration"), s->hop->file->path, err);
    return status == STELLA_OK ? ini_parse(file.bytes, s->hop->view->arena, &s->file, err) : status;
}

/* One pattern of [include]: '*' in the last part, as seen from the main file. */
static stella_status include(supervisor *s, stella_sv pattern, stella_error *err) {
    stella_arena *arena = s->hop->view->arena;
    const stella_sv path = launch_path(arena, s->here, pattern);
    files found;
    if (!path.ptr)
        return hop_nomem(err);
    stella_status status = files_matching(s->hop, text_directory(path), text_base(path), &found, err);
    int is_pending = 0;
    for (uint32_t i = 0; i < found.count && status == STELLA_OK; i++) {
        const stella_sv full = stella_arena_printf(arena, "/%.*s", STELLA_SV_FMT(found.paths[i]));
        s->file = (ini){0};
        status = full.ptr ? read_file(s, full, err) : hop_nomem(err);
        is_pending |= status == STELLA_E_PENDING; /* the others may be wished for as well */
        if (status == STELLA_OK)
            status = add_programs(s, err);
        status = status == STELLA_E_PENDING ? STELLA_OK : status;
    }
    return status == STELLA_OK && is_pending ? STELLA_E_PENDING : status;
}

static stella_status include_all(supervisor *s, stella_error *err) {
    stella_sv list, pattern;
    stella_status status = expand(s, ini_get(&s->file, STELLA_SV("include"), "files"), &list, err);
    while (status == STELLA_OK && text_word(&list, &pattern))
        status = include(s, pattern, err);
    return status;
}

/* Where supervisord looks when nothing names a file; relative to its own place first. */
static int find_file(stella_hop *hop, stella_sv *path) {
    static const char *const places[] = {"supervisord.conf", "etc/supervisord.conf", "/etc/supervisord.conf",
                                         "/etc/supervisor/supervisord.conf", "/usr/local/etc/supervisord.conf"};
    stella_file file;
    for (uint32_t i = 0; i < STELLA_COUNT(places); i++)
        if (hop_is_file(hop, stella_sv_cstr(places[i]), &file)) {
            *path = stella_sv_cstr(places[i]);
            return 1;
        }
    return 0;
}

static stella_status read_options(stella_hop *hop, stella_word *config, int *ends, stella_error *err) {
    options o = options_of(SUPERVISORD_OPTIONS, hop->launch);
    option found;
    for (options_result result; (result = options_next(&o, &found)) != OPTIONS_END;) {
        if (result == OPTIONS_FOUND && stella_sv_eq(found.meaning, STELLA_SV("CONFIG")))
            *config = found.value;
        else if (result == OPTIONS_FOUND && stella_sv_eq(found.meaning, STELLA_SV("ENDS")))
            *ends = 1;
        else if (result == OPTIONS_DYNAMIC) {
            const stella_status status =
                hop_unknown(hop, STELLA_REASON_DYNAMIC_REFERENCE, hop->launch->args[o.at++].text, err);
            if (status != STELLA_OK)
                return status;
        }
    }
    return STELLA_OK;
}

stella_status supervisord_resolve(stella_hop *hop, stella_error *err) {
    supervisor s = {.hop = hop};
    stella_word config = {0};
    int ends = 0;
    stella_status status = read_options(hop, &config, &ends, err);
    if (status != STELLA_OK || ends)
        return status;
    if (!word_is_known(&config))
        return hop_unknown(hop, STELLA_REASON_DYNAMIC_REFERENCE, config.text, err);
    if (!config.text.len && !find_file(hop, &config.text))
        return hop_unknown(hop, STELLA_REASON_MISSING_FILE, STELLA_SV("supervisord.conf"), err);
    status = hop_terminal(hop, "supervisor", hop->file->path, 95, err);
    if (status == STELLA_OK)
        status = read_file(&s, config.text, err);
    if (status != STELLA_OK)
        return status;
    s.here = stella_arena_printf(hop->view->arena, "/%.*s", STELLA_SV_FMT(text_directory(s.path)));
    if (!s.here.ptr)
        return hop_nomem(err);
    status = add_programs(&s, err);
    return status == STELLA_OK ? include_all(&s, err) : status;
}

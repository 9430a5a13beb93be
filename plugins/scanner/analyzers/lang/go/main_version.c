#include "main_version.h"

#define RANKS          3
#define REVISION_SHOWN 12
#define TIME_BYTES     20 /* 2024-05-06T07:08:09Z */

static int is_digit(char c) {
    return c >= '0' && c <= '9';
}

static int is_version_letter(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '-' || c == '+';
}

/* "v1.2", "1.2.3-rc1+x": at least two numbers, nothing but what versions are made of. */
static int is_version(stella_sv text) {
    if (stella_sv_starts(text, STELLA_SV("v")))
        text = stella_sv_skip(text, 1);
    size_t i = 0;
    while (i < text.len && is_digit(text.ptr[i]))
        i++;
    if (i == 0 || i + 1 >= text.len || text.ptr[i] != '.' || !is_digit(text.ptr[i + 1]))
        return 0;
    while (i < text.len && is_version_letter(text.ptr[i]))
        i++;
    return i == text.len;
}

/* ---- -ldflags */

/* What stella_sv_trim takes away. */
static int is_blank(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Takes the next word off a command line; one in quotes loses them. Returns 0 at the end. */
static int take_word(stella_sv *line, stella_sv *out) {
    *line = stella_sv_trim(*line);
    if (line->len == 0)
        return 0;
    const char quote = line->ptr[0];
    if (quote == '\'' || quote == '"') {
        const stella_sv rest = stella_sv_skip(*line, 1);
        const size_t end = stella_sv_find(rest, quote);
        *out = stella_sv_first(rest, end);
        *line = stella_sv_skip(rest, end + 1);
        return 1;
    }
    size_t end = 0;
    while (end < line->len && !is_blank(line->ptr[end]))
        end++;
    *out = stella_sv_first(*line, end);
    *line = stella_sv_skip(*line, end);
    return 1;
}

/* The next "package.name=value" that is set with -X. Returns 0 at the end. */
static int take_variable(stella_sv *line, stella_sv *out) {
    stella_sv word;
    while (take_word(line, &word)) {
        if (stella_sv_starts(word, STELLA_SV("--")))
            word = stella_sv_skip(word, 1);
        if (!stella_sv_starts(word, STELLA_SV("-X")))
            continue;
        word = stella_sv_trim(stella_sv_skip(word, 2));
        if (word.len == 0)
            return take_word(line, out);
        *out = stella_sv_starts(word, STELLA_SV("=")) ? stella_sv_skip(word, 1) : word;
        return 1;
    }
    return 0;
}

static int names_a_version(stella_sv name) {
    static const stella_sv names[] = {STELLA_SV_INIT("version"),    STELLA_SV_INIT("ver"),
                                      STELLA_SV_INIT("appversion"), STELLA_SV_INIT("buildversion"),
                                      STELLA_SV_INIT("gitversion"), STELLA_SV_INIT("releaseversion")};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (stella_sv_ieq(name, names[i]))
            return 1;
    return 0;
}

/* How near a package is to the program: 0 is nearest, RANKS is not taken at all. */
static uint32_t rank_of(const modinfo *info, stella_sv package) {
    if (stella_sv_eq(package, STELLA_SV("main")))
        return 0;
    const size_t len = info->main.path.len;
    if (len && stella_sv_starts(package, info->main.path) && (package.len == len || package.ptr[len] == '/'))
        return 1;
    const size_t slash = stella_sv_rfind(package, '/');
    const stella_sv last = slash < package.len ? stella_sv_skip(package, slash + 1) : package;
    return stella_sv_eq(last, STELLA_SV("version")) || stella_sv_eq(last, STELLA_SV("cmd")) ? 2 : RANKS;
}

static stella_sv version_in_flags(const modinfo *info) {
    stella_sv found[RANKS] = {{0}}, line = modinfo_setting(info, STELLA_SV("-ldflags")), variable;
    int is_unclear[RANKS] = {0};
    while (take_variable(&line, &variable)) {
        const stella_sv key = stella_sv_first(variable, stella_sv_find(variable, '='));
        const stella_sv value = stella_sv_skip(variable, key.len + 1);
        const size_t dot = stella_sv_rfind(key, '.');
        const uint32_t rank = rank_of(info, stella_sv_first(key, dot));
        if (dot == key.len || rank == RANKS || !names_a_version(stella_sv_skip(key, dot + 1)) || !is_version(value))
            continue;
        is_unclear[rank] |= found[rank].len && !stella_sv_eq(found[rank], value);
        found[rank] = value;
    }
    for (uint32_t i = 0; i < RANKS; i++)
        if (found[i].len && !is_unclear[i])
            return found[i];
    return (stella_sv){0};
}

/* ---- the revision */

/* The major version that a module's path demands: 2 of "example.com/x/v2" and "gopkg.in/x.v2", 0 of others. */
static uint64_t major_of(stella_sv path) {
    size_t i = path.len;
    while (i && is_digit(path.ptr[i - 1]))
        i--;
    uint64_t major = 0;
    if (i < 2 || path.ptr[i - 1] != 'v' || (path.ptr[i - 2] != '/' && path.ptr[i - 2] != '.') ||
        !stella_sv_u64(stella_sv_skip(path, i), UINT32_MAX, &major))
        return 0;
    return major;
}

/* 20240506070809 of 2024-05-06T07:08:09Z. Returns 0 when it has not that form. */
static int take_time(stella_sv time, char digits[15]) {
    static const char form[] = "0000-00-00T00:00:00Z";
    size_t len = 0;
    if (time.len != TIME_BYTES)
        return 0;
    for (size_t i = 0; i < TIME_BYTES; i++) {
        if (form[i] == '0' ? !is_digit(time.ptr[i]) : form[i] != time.ptr[i])
            return 0;
        if (form[i] == '0')
            digits[len++] = time.ptr[i];
    }
    digits[len] = '\0';
    return 1;
}

static int is_hex(stella_sv text) {
    for (size_t i = 0; i < text.len; i++)
        if (!is_digit(text.ptr[i]) && !(text.ptr[i] >= 'a' && text.ptr[i] <= 'f'))
            return 0;
    return text.len > 0;
}

static stella_status pseudo_version(const modinfo *info, stella_arena *arena, stella_sv *out, stella_error *err) {
    const stella_sv revision = modinfo_setting(info, STELLA_SV("vcs.revision"));
    const int is_modified = stella_sv_eq(modinfo_setting(info, STELLA_SV("vcs.modified")), STELLA_SV("true"));
    char digits[15];
    *out = (stella_sv){0};
    if (!is_hex(revision) || revision.len < REVISION_SHOWN ||
        !take_time(modinfo_setting(info, STELLA_SV("vcs.time")), digits))
        return STELLA_OK;
    *out = stella_arena_printf(arena, "v%llu.0.0-%s-%.12s%s", (unsigned long long)major_of(info->main.path), digits,
                               revision.ptr, is_modified ? "+dirty" : "");
    return out->ptr ? STELLA_OK : stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a version");
}

stella_status main_version(const modinfo *info, stella_arena *arena, stella_sv *out, stella_error *err) {
    if (info->main.version.len || info->main.folder.len) {
        *out = info->main.version;
        return STELLA_OK;
    }
    const stella_sv flag = version_in_flags(info);
    if (flag.len == 0)
        return pseudo_version(info, arena, out, err);
    if (flag.ptr[0] == 'v') {
        *out = flag;
        return STELLA_OK;
    }
    const stella_sv text = stella_arena_printf(arena, "v%.*s", STELLA_SV_FMT(flag)); /* as Go writes versions */
    if (!text.ptr)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a version");
    *out = text;
    return STELLA_OK;
}

#include "os_release.h"

#include <stella/cursor.h>
#include <stella/file.h>

/* Takes the shell's quotes off a value; what follows an unquoted blank is not part of it. */
static stella_sv unquote(stella_sv value, stella_arena *arena) {
    value = stella_sv_first(value, 2 * STELLA_DISTRO_TEXT_MAX);
    char *text = stella_arena_alloc(arena, 1, value.len + 1);
    size_t len = 0;
    char quote = 0;
    for (size_t i = 0; text && i < value.len && len < STELLA_DISTRO_TEXT_MAX; i++) {
        char c = value.ptr[i];
        if (quote ? c == quote : c == '"' || c == '\'') {
            quote = quote ? 0 : c;
            continue;
        }
        if (!quote && (c == ' ' || c == '\t'))
            break;
        if (c == '\\' && quote != '\'' && i + 1 < value.len)
            c = value.ptr[++i];
        text[len++] = c;
    }
    return stella_sv_of(text, len);
}

static int is_key(stella_sv key) {
    for (size_t i = 0; i < key.len; i++)
        if (!((key.ptr[i] >= 'A' && key.ptr[i] <= 'Z') || (key.ptr[i] >= 'a' && key.ptr[i] <= 'z') ||
              (key.ptr[i] >= '0' && key.ptr[i] <= '9') || key.ptr[i] == '_'))
            return 0;
    return key.len != 0;
}

typedef struct assignments {
    stella_sv id, id_like, version_id, codename, pretty_name, name, cpe, homepage;
} assignments;

static stella_sv *member_of(assignments *a, int keys, stella_sv key) {
    const struct {
        const char *key;
        int keys;
        stella_sv *member;
    } members[] = {
        {"ID", OS_RELEASE_KEYS, &a->id},
        {"ID_LIKE", OS_RELEASE_KEYS, &a->id_like},
        {"VERSION_ID", OS_RELEASE_KEYS, &a->version_id},
        {"VERSION_CODENAME", OS_RELEASE_KEYS, &a->codename},
        {"NAME", OS_RELEASE_KEYS, &a->name},
        {"PRETTY_NAME", OS_RELEASE_KEYS, &a->pretty_name},
        {"CPE_NAME", OS_RELEASE_KEYS, &a->cpe},
        {"HOME_URL", OS_RELEASE_KEYS, &a->homepage},
        {"DISTRIB_ID", OS_RELEASE_LSB, &a->id},
        {"DISTRIB_RELEASE", OS_RELEASE_LSB, &a->version_id},
        {"DISTRIB_CODENAME", OS_RELEASE_LSB, &a->codename},
        {"DISTRIB_DESCRIPTION", OS_RELEASE_LSB, &a->pretty_name},
    };
    for (uint32_t i = 0; i < STELLA_COUNT(members); i++)
        if (members[i].keys == keys && stella_sv_eq(key, stella_sv_cstr(members[i].key)))
            return members[i].member;
    return NULL;
}

static int read_line(assignments *a, int keys, stella_sv line, stella_arena *arena, stella_status *status) {
    line = stella_sv_trim(line);
    if (line.len == 0 || line.ptr[0] == '#')
        return 1;
    const size_t equals = stella_sv_find(line, '=');
    const stella_sv key = stella_sv_first(line, equals);
    if (equals == line.len || !is_key(key))
        return 0;
    stella_sv *member = member_of(a, keys, key);
    if (!member)
        return 1;
    if (stella_sv_utf8_prefix(line) != line.len)
        return 0; /* what names the system is part of every package's URL, which would be none */
    const stella_sv value = unquote(stella_sv_skip(line, equals + 1), arena);
    *member = stella_sv_first(value, stella_sv_utf8_prefix(value)); /* it may have been cut within a character */
    if (!value.ptr)
        *status = STELLA_E_NOMEM;
    return 1;
}

stella_status os_release_parse_keys(stella_sv text, int keys, stella_arena *arena, os_release *out) {
    os_release r = {0};
    assignments a = {0};
    stella_status status = STELLA_OK;
    stella_cursor c = stella_cursor_of(text.ptr, text.len);
    stella_sv line;
    for (uint32_t number = 1; stella_cursor_line(&c, &line) && status == STELLA_OK; number++) {
        const stella_sv had = a.id;
        if (!read_line(&a, keys, line, arena, &status) && !r.bad_line)
            r.bad_line = number;
        if (a.id.len && a.id.ptr != had.ptr)
            r.id_line = number;
    }
    if (status != STELLA_OK)
        return status;
    r.distro = (stella_distro){.id = a.id.len ? a.id : STELLA_SV("linux"),
                               .id_like = a.id_like,
                               .version_id = a.version_id,
                               .codename = a.codename,
                               .name = a.pretty_name.len ? a.pretty_name : a.name};
    r.cpe = a.cpe;
    r.homepage = a.homepage;
    *out = r;
    return STELLA_OK;
}

stella_status os_release_parse(stella_sv text, stella_arena *arena, os_release *out) {
    return os_release_parse_keys(text, OS_RELEASE_KEYS, arena, out);
}

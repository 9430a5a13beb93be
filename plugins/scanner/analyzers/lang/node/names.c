#include "names.h"

static int has_bad_byte(stella_sv text) {
    for (size_t i = 0; i < text.len; i++) {
        const unsigned char byte = (unsigned char)text.ptr[i];
        if (byte <= ' ' || byte == 0x7f || byte == '\\' || byte == '/')
            return 1;
        if (byte == 0xef && stella_sv_starts(stella_sv_skip(text, i), STELLA_SV("\xef\xbf\xbd")))
            return 1;
    }
    return stella_sv_utf8_prefix(text) != text.len;
}

static int is_good_part(stella_sv part) {
    return part.len && !has_bad_byte(part) && !stella_sv_eq(part, STELLA_SV(".")) &&
           !stella_sv_eq(part, STELLA_SV(".."));
}

int name_is_good(stella_sv name) {
    stella_sv scope, base;
    name_scope(name, &scope, &base);
    return name.len <= NAME_MAX_BYTES && is_good_part(base) &&
           (scope.len == 0 || is_good_part(stella_sv_skip(scope, 1)));
}

int version_is_good(stella_sv version) {
    return version.len && version.len <= VERSION_MAX_BYTES && !has_bad_byte(version);
}

static int is_digit(char byte) {
    return byte >= '0' && byte <= '9';
}

stella_sv version_clean(stella_sv version) {
    stella_sv bare = version = stella_sv_trim(version);
    while (bare.len && (bare.ptr[0] == '=' || bare.ptr[0] == 'v' || bare.ptr[0] == ' '))
        bare = stella_sv_skip(bare, 1);
    return bare.len && is_digit(bare.ptr[0]) ? bare : version;
}

int name_split(stella_sv text, stella_sv *name, stella_sv *rest) {
    const size_t first = text.len && text.ptr[0] == '@' ? 1 : 0;
    const size_t at = first + stella_sv_find(stella_sv_skip(text, first), '@');
    if (at <= first || at >= text.len)
        return 0;
    *name = stella_sv_first(text, at);
    *rest = stella_sv_skip(text, at + 1);
    return 1;
}

void name_scope(stella_sv name, stella_sv *scope, stella_sv *base) {
    const size_t slash = stella_sv_find(name, '/');
    const int is_scoped = name.len && name.ptr[0] == '@' && slash < name.len;
    *scope = is_scoped ? stella_sv_first(name, slash) : STELLA_SV("");
    *base = is_scoped ? stella_sv_skip(name, slash + 1) : name;
}

stella_sv git_commit(stella_sv url) {
    stella_sv rest = stella_sv_skip(url, stella_sv_find(url, '#') + 1), part;
    stella_sv plain = STELLA_SV("");
    if (rest.len == 0)
        return plain;
    while (stella_sv_split(&rest, '&', &part)) {
        if (stella_sv_starts(part, STELLA_SV("commit=")))
            return stella_sv_skip(part, 7);
        if (plain.len == 0 && stella_sv_find(part, '=') == part.len)
            plain = part;
    }
    return plain;
}

int is_address(stella_sv text) {
    static const stella_sv schemes[] = {
        STELLA_SV_INIT("git"),   STELLA_SV_INIT("http:"), STELLA_SV_INIT("https:"),  STELLA_SV_INIT("ssh:"),
        STELLA_SV_INIT("file:"), STELLA_SV_INIT("link:"), STELLA_SV_INIT("portal:"), STELLA_SV_INIT("workspace:")};
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++)
        if (stella_sv_starts(text, schemes[i]))
            return 1;
    return 0;
}

stella_sv url_without_secrets(stella_sv url, stella_arena *arena) {
    for (size_t i = 0; i + 2 < url.len; i++) {
        if (url.ptr[i] != ':' || url.ptr[i + 1] != '/' || url.ptr[i + 2] != '/')
            continue;
        const stella_sv rest = stella_sv_skip(url, i + 3);
        const stella_sv authority = stella_sv_first(rest, stella_sv_find(rest, '/'));
        const size_t at = stella_sv_rfind(authority, '@');
        if (at == authority.len || stella_sv_eq(stella_sv_first(authority, at), STELLA_SV("git")))
            return url; /* git@host: the user that everybody is */
        return stella_arena_printf(arena, "%.*s%.*s", STELLA_SV_FMT(stella_sv_first(url, i + 3)),
                                   STELLA_SV_FMT(stella_sv_skip(rest, at + 1)));
    }
    return url;
}

#include "release_file.h"

#include <stella/cursor.h>
#include <stella/file.h>

/* As much of it as a distribution's record holds; what is no UTF-8 would spoil the URL of every package. */
static stella_sv fitting(stella_sv text) {
    text = stella_sv_first(text, STELLA_DISTRO_TEXT_MAX);
    return stella_sv_first(text, stella_sv_utf8_prefix(text));
}

static stella_sv first_line(stella_sv text) {
    stella_cursor c = stella_cursor_of(text.ptr, text.len);
    stella_sv line;
    while (stella_cursor_line(&c, &line))
        if (stella_sv_trim(line).len)
            return fitting(stella_sv_trim(line));
    return STELLA_SV("");
}

/* Digits and dots at the front, without a dot at the end. */
static stella_sv leading_version(stella_sv text) {
    size_t len = 0;
    while (len < text.len && ((text.ptr[len] >= '0' && text.ptr[len] <= '9') || (len && text.ptr[len] == '.')))
        len++;
    while (len && text.ptr[len - 1] == '.')
        len--;
    return stella_sv_first(text, len);
}

/* Behind the first such text; ptr NULL when it is not there. */
static stella_sv behind(stella_sv text, stella_sv what) {
    const char *at = text.len ? memmem(text.ptr, text.len, what.ptr, what.len) : NULL;
    return at ? stella_sv_skip(text, (size_t)(at - text.ptr) + what.len) : stella_sv_of(NULL, 0);
}

stella_status release_os_release(stella_sv text, stella_arena *arena, os_release *out) {
    return os_release_parse(text, arena, out);
}

stella_status release_lsb(stella_sv text, stella_arena *arena, os_release *out) {
    os_release r;
    const stella_status status = os_release_parse_keys(text, OS_RELEASE_LSB, arena, &r);
    if (status != STELLA_OK)
        return status;
    if (r.id_line == 0)
        return STELLA_E_NOTFOUND;
    char *id = stella_arena_cstr(arena, r.distro.id);
    if (!id)
        return STELLA_E_NOMEM;
    size_t len = 0;
    for (size_t i = 0; i < r.distro.id.len; i++)
        if (id[i] != ' ')
            id[len++] = (char)(id[i] >= 'A' && id[i] <= 'Z' ? id[i] - 'A' + 'a' : id[i]);
    r.distro.id = stella_sv_of(id, len);
    *out = r;
    return STELLA_OK;
}

stella_status release_alpine(stella_sv text, stella_arena *arena, os_release *out) {
    (void)arena;
    const stella_sv line = first_line(text);
    if (leading_version(line).len == 0)
        return STELLA_E_NOTFOUND;
    *out = (os_release){.distro = {.id = STELLA_SV("alpine"), .version_id = line, .name = STELLA_SV("Alpine Linux")},
                        .full_version = line,
                        .id_line = 1};
    return STELLA_OK;
}

stella_status release_redhat(stella_sv text, stella_arena *arena, os_release *out) {
    static const struct {
        stella_sv name, id, id_like;
    } systems[] = {
        {STELLA_SV_INIT("Red Hat Enterprise Linux"), STELLA_SV_INIT("rhel"), STELLA_SV_INIT("fedora")},
        {STELLA_SV_INIT("CentOS"), STELLA_SV_INIT("centos"), STELLA_SV_INIT("rhel fedora")},
        {STELLA_SV_INIT("AlmaLinux"), STELLA_SV_INIT("almalinux"), STELLA_SV_INIT("rhel centos fedora")},
        {STELLA_SV_INIT("Rocky Linux"), STELLA_SV_INIT("rocky"), STELLA_SV_INIT("rhel centos fedora")},
        {STELLA_SV_INIT("Oracle Linux"), STELLA_SV_INIT("ol"), STELLA_SV_INIT("fedora")},
        {STELLA_SV_INIT("Enterprise Linux Enterprise Linux"), STELLA_SV_INIT("ol"), STELLA_SV_INIT("fedora")},
        {STELLA_SV_INIT("Scientific Linux"), STELLA_SV_INIT("scientific"), STELLA_SV_INIT("rhel centos fedora")},
        {STELLA_SV_INIT("CloudLinux"), STELLA_SV_INIT("cloudlinux"), STELLA_SV_INIT("rhel fedora centos")},
        {STELLA_SV_INIT("Amazon Linux"), STELLA_SV_INIT("amzn"), STELLA_SV_INIT("rhel fedora")},
        {STELLA_SV_INIT("Fedora"), STELLA_SV_INIT("fedora"), STELLA_SV_INIT("")},
        {STELLA_SV_INIT("CBL-Mariner"), STELLA_SV_INIT("mariner"), STELLA_SV_INIT("")},
        {STELLA_SV_INIT("VMware Photon"), STELLA_SV_INIT("photon"), STELLA_SV_INIT("")},
    };
    (void)arena;
    const stella_sv line = first_line(text);
    for (uint32_t i = 0; i < STELLA_COUNT(systems); i++) {
        if (!stella_sv_starts(line, systems[i].name))
            continue;
        stella_sv rest = behind(line, STELLA_SV(" release "));
        rest = stella_sv_trim(rest.ptr ? rest : stella_sv_skip(line, systems[i].name.len));
        const stella_sv open = behind(rest, STELLA_SV("("));
        *out = (os_release){.distro = {.id = systems[i].id,
                                       .id_like = systems[i].id_like,
                                       .version_id = leading_version(rest),
                                       .codename = stella_sv_first(open, stella_sv_find(open, ')')),
                                       .name = line},
                            .full_version = leading_version(rest),
                            .id_line = 1};
        return STELLA_OK;
    }
    return STELLA_E_NOTFOUND;
}

/* The value of "KEY = value". */
static stella_sv suse_value(stella_sv text, stella_sv key) {
    stella_cursor c = stella_cursor_of(text.ptr, text.len);
    stella_sv line;
    while (stella_cursor_line(&c, &line)) {
        const size_t equals = stella_sv_find(line, '=');
        if (equals < line.len && stella_sv_eq(stella_sv_trim(stella_sv_first(line, equals)), key))
            return fitting(stella_sv_trim(stella_sv_skip(line, equals + 1)));
    }
    return STELLA_SV("");
}

stella_status release_suse(stella_sv text, stella_arena *arena, os_release *out) {
    const stella_sv name = first_line(text), version = suse_value(text, STELLA_SV("VERSION"));
    const stella_sv patch = suse_value(text, STELLA_SV("PATCHLEVEL"));
    const int is_enterprise = stella_sv_starts(name, STELLA_SV("SUSE Linux Enterprise"));
    if (version.len == 0 || (!is_enterprise && !stella_sv_starts(name, STELLA_SV("openSUSE"))))
        return STELLA_E_NOTFOUND;
    const int has_patch = is_enterprise && patch.len && !stella_sv_eq(patch, STELLA_SV("0"));
    const stella_sv whole =
        has_patch ? stella_arena_printf(arena, "%.*s.%.*s", STELLA_SV_FMT(version), STELLA_SV_FMT(patch)) : version;
    if (!whole.ptr)
        return STELLA_E_NOMEM;
    *out = (os_release){.distro = {.id = is_enterprise ? STELLA_SV("sles") : STELLA_SV("opensuse"),
                                   .id_like = STELLA_SV("suse"),
                                   .version_id = whole,
                                   .codename = suse_value(text, STELLA_SV("CODENAME")),
                                   .name = name},
                        .full_version = whole,
                        .id_line = 1};
    return STELLA_OK;
}

stella_status release_debian(stella_sv text, stella_arena *arena, os_release *out) {
    (void)arena;
    const stella_sv line = first_line(text), version = leading_version(line);
    if (line.len == 0)
        return STELLA_E_NOTFOUND;
    const stella_sv codename = version.len ? STELLA_SV("") : stella_sv_first(line, stella_sv_find(line, '/'));
    *out = (os_release){.distro = {.id = STELLA_SV("debian"),
                                   .version_id = stella_sv_first(version, stella_sv_find(version, '.')),
                                   .codename = codename,
                                   .name = STELLA_SV("Debian GNU/Linux")},
                        .full_version = version,
                        .id_line = 1};
    return STELLA_OK;
}

stella_status release_arch(stella_sv text, stella_arena *arena, os_release *out) {
    (void)text;
    (void)arena;
    *out = (os_release){.distro = {.id = STELLA_SV("arch"), .name = STELLA_SV("Arch Linux")}};
    return STELLA_OK;
}

stella_status release_gentoo(stella_sv text, stella_arena *arena, os_release *out) {
    (void)arena;
    const stella_sv line = first_line(text), version = leading_version(behind(line, STELLA_SV(" release ")));
    if (!stella_sv_starts(line, STELLA_SV("Gentoo")))
        return STELLA_E_NOTFOUND;
    *out = (os_release){.distro = {.id = STELLA_SV("gentoo"), .version_id = version, .name = line},
                        .full_version = version,
                        .id_line = 1};
    return STELLA_OK;
}

stella_status release_apk_repositories(stella_sv text, stella_arena *arena, os_release *out) {
    (void)arena;
    stella_cursor c = stella_cursor_of(text.ptr, text.len);
    stella_sv line;
    for (uint32_t number = 1; stella_cursor_line(&c, &line); number++) {
        line = stella_sv_trim(line);
        if (line.len == 0 || line.ptr[0] == '#')
            continue;
        os_release r = {.id_line = number};
        const stella_sv alpine = behind(line, STELLA_SV("/alpine/"));
        const stella_sv version = leading_version(stella_sv_skip(alpine, 1));
        if (stella_sv_starts(alpine, STELLA_SV("v")) && version.len)
            r.distro =
                (stella_distro){.id = STELLA_SV("alpine"), .version_id = version, .name = STELLA_SV("Alpine Linux")};
        else if (stella_sv_starts(alpine, STELLA_SV("edge")))
            r.distro = (stella_distro){
                .id = STELLA_SV("alpine"), .version_id = STELLA_SV("edge"), .name = STELLA_SV("Alpine Linux edge")};
        else if (behind(line, STELLA_SV("packages.wolfi.dev")).ptr)
            r.distro = (stella_distro){.id = STELLA_SV("wolfi"), .name = STELLA_SV("Wolfi")};
        else
            continue;
        *out = r;
        return STELLA_OK;
    }
    return STELLA_E_NOTFOUND;
}

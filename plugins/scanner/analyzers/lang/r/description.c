#include "description.h"

#include <stella/cursor.h>
#include <stella/spdx.h>

#include <stddef.h>

static const struct {
    stella_sv name;
    size_t offset;
} fields[] = {
    {STELLA_SV_INIT("Package"), offsetof(description, package)},
    {STELLA_SV_INIT("Version"), offsetof(description, version)},
    {STELLA_SV_INIT("License"), offsetof(description, license)},
    {STELLA_SV_INIT("Title"), offsetof(description, title)},
    {STELLA_SV_INIT("Maintainer"), offsetof(description, maintainer)},
    {STELLA_SV_INIT("URL"), offsetof(description, url)},
    {STELLA_SV_INIT("Built"), offsetof(description, built)},
    {STELLA_SV_INIT("Priority"), offsetof(description, priority)},
    {STELLA_SV_INIT("biocViews"), offsetof(description, bioc_views)},
    {STELLA_SV_INIT("Depends"), offsetof(description, needs[0])},
    {STELLA_SV_INIT("Imports"), offsetof(description, needs[1])},
    {STELLA_SV_INIT("LinkingTo"), offsetof(description, needs[2])},
    {STELLA_SV_INIT("RemoteType"), offsetof(description, remote_type)},
    {STELLA_SV_INIT("RemoteHost"), offsetof(description, remote_host)},
    {STELLA_SV_INIT("RemoteUsername"), offsetof(description, remote_username)},
    {STELLA_SV_INIT("RemoteRepo"), offsetof(description, remote_repo)},
    {STELLA_SV_INIT("RemoteSha"), offsetof(description, remote_sha)},
};

static stella_sv *value_at(description *d, size_t i) {
    return (stella_sv *)(void *)((char *)d + fields[i].offset);
}

static stella_sv *field_of(description *d, stella_sv key) {
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        if (stella_sv_eq(key, fields[i].name))
            return value_at(d, i);
    return NULL;
}

description description_read(stella_sv text) {
    const stella_sv mark = STELLA_SV("\xef\xbb\xbf");
    text = stella_sv_starts(text, mark) ? stella_sv_skip(text, mark.len) : text;
    description d = {.line = 0};
    stella_cursor c = stella_cursor_of(text.ptr, text.len);
    stella_sv *open = NULL, line;
    for (uint32_t number = 1; stella_cursor_line(&c, &line); number++) {
        const size_t colon = stella_sv_find(line, ':');
        if (line.len && (line.ptr[0] == ' ' || line.ptr[0] == '\t')) {
            if (open)
                open->len = (size_t)(line.ptr + line.len - open->ptr);
            continue;
        }
        open = colon < line.len ? field_of(&d, stella_sv_first(line, colon)) : NULL;
        if (open)
            *open = stella_sv_of(line.ptr + colon + 1, line.len - colon - 1);
        if (open == &d.package)
            d.line = number;
    }
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        *value_at(&d, i) = stella_sv_trim(*value_at(&d, i));
    return d;
}

int description_next(stella_sv *list, stella_sv *name) {
    stella_sv part;
    while (list->ptr && stella_sv_split(list, ',', &part)) {
        part = stella_sv_trim(part);
        size_t len = 0;
        while (len < part.len && !memchr(" \t\r\n(", part.ptr[len], 5))
            len++;
        part = stella_sv_first(part, len);
        if (part.len == 0 || stella_sv_eq(part, STELLA_SV("R")))
            continue;
        *name = part;
        return 1;
    }
    return 0;
}

/* ---- licenses ------------------------------------------------------------------------------------------------------
 */

/* "(>= 2)" behind a family: "-or-later"; "(== 2.0)": "-only". */
static stella_sv versioned(stella_sv family, stella_sv range, stella_arena *arena) {
    const int is_later = stella_sv_starts(range, STELLA_SV("(>= "));
    if ((!is_later && !stella_sv_starts(range, STELLA_SV("(== "))) || !stella_sv_ends(range, STELLA_SV(")")))
        return stella_sv_of(NULL, 0);
    const stella_sv number = stella_sv_trim(stella_sv_of(range.ptr + 4, range.len - 5));
    const int is_whole = stella_sv_find(number, '.') == number.len;
    return stella_arena_printf(arena, "%.*s-%.*s%s-%s", STELLA_SV_FMT(family), STELLA_SV_FMT(number),
                               is_whole ? ".0" : "", is_later ? "or-later" : "only");
}

/* One alternative, without what follows '+'. */
static stella_sv license_of(stella_sv text, stella_arena *arena) {
    static const struct {
        stella_sv name, id;
    } names[] = {
        {STELLA_SV_INIT("GPL"), STELLA_SV_INIT("GPL-1.0-or-later")},
        {STELLA_SV_INIT("GPL-2"), STELLA_SV_INIT("GPL-2.0-only")},
        {STELLA_SV_INIT("GPL-3"), STELLA_SV_INIT("GPL-3.0-only")},
        {STELLA_SV_INIT("LGPL"), STELLA_SV_INIT("LGPL-2.0-or-later")},
        {STELLA_SV_INIT("LGPL-2"), STELLA_SV_INIT("LGPL-2.0-only")},
        {STELLA_SV_INIT("LGPL-2.1"), STELLA_SV_INIT("LGPL-2.1-only")},
        {STELLA_SV_INIT("LGPL-3"), STELLA_SV_INIT("LGPL-3.0-only")},
        {STELLA_SV_INIT("AGPL-3"), STELLA_SV_INIT("AGPL-3.0-only")},
        {STELLA_SV_INIT("BSD_2_clause"), STELLA_SV_INIT("BSD-2-Clause")},
        {STELLA_SV_INIT("BSD_3_clause"), STELLA_SV_INIT("BSD-3-Clause")},
        {STELLA_SV_INIT("Apache License 2.0"), STELLA_SV_INIT("Apache-2.0")},
        {STELLA_SV_INIT("Apache License (== 2.0)"), STELLA_SV_INIT("Apache-2.0")},
        {STELLA_SV_INIT("Apache License (>= 2)"), STELLA_SV_INIT("Apache-2.0")},
        {STELLA_SV_INIT("Apache License (>= 2.0)"), STELLA_SV_INIT("Apache-2.0")},
        {STELLA_SV_INIT("Apache License Version 2.0"), STELLA_SV_INIT("Apache-2.0")},
        {STELLA_SV_INIT("CC0"), STELLA_SV_INIT("CC0-1.0")},
    };
    const size_t blank = stella_sv_find(text, ' ');
    const stella_sv family = stella_sv_first(text, blank), range = stella_sv_trim(stella_sv_skip(text, blank));
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (stella_sv_eq(text, names[i].name))
            return names[i].id;
    if (stella_sv_eq(family, STELLA_SV("GPL")) || stella_sv_eq(family, STELLA_SV("LGPL")) ||
        stella_sv_eq(family, STELLA_SV("AGPL")))
        return versioned(family, range, arena);
    return text;
}

stella_sv description_license(stella_sv text, stella_arena *arena) {
    const stella_sv file = STELLA_SV("file ");
    stella_sv whole = {0}, part;
    while (stella_sv_split(&text, '|', &part)) {
        part = stella_sv_trim(stella_sv_first(part, stella_sv_find(part, '+')));
        if (whole.len && stella_sv_starts(part, file))
            continue; /* a file beside a license that has a name */
        const stella_sv one = stella_spdx_expression(license_of(part, arena), arena);
        if (!one.ptr)
            return one;
        whole = whole.len ? stella_arena_printf(arena, "%.*s OR %.*s", STELLA_SV_FMT(whole), STELLA_SV_FMT(one)) : one;
        if (!whole.ptr)
            return whole;
    }
    return whole;
}

#include "copyright.h"

#include <stella/component.h>
#include <stella/cursor.h>

typedef struct reading {
    copyright *out;
    stella_arena *arena;
    stella_status status;
} reading;

static int is_known(const copyright *c, const license *l) {
    for (uint32_t i = 0; i < c->count; i++)
        if (c->licenses[i].how == l->how && stella_sv_eq(c->licenses[i].text, l->text))
            return 1;
    return 0;
}

static void add(reading *r, const license *l) {
    if (is_known(r->out, l))
        return;
    if (r->out->count == COPYRIGHT_LICENSES_MAX)
        r->out->is_full = 1;
    else
        r->out->licenses[r->out->count++] = *l;
}

static void add_field(reading *r, stella_sv value) {
    license l;
    const stella_status status = r->out->is_full ? STELLA_E_NOTFOUND : license_from_field(value, r->arena, &l);
    if (status == STELLA_OK)
        add(r, &l);
    else if (status != STELLA_E_NOTFOUND)
        r->status = status;
}

/* ---- machine-readable ----------------------------------------------------------------------------------------------
 */

static int take_field(stella_sv line, const char *key, stella_sv *value) {
    const size_t colon = stella_sv_find(line, ':');
    if (colon == line.len || !stella_sv_ieq(stella_sv_trim(stella_sv_first(line, colon)), stella_sv_cstr(key)))
        return 0;
    *value = stella_sv_trim(stella_sv_skip(line, colon + 1));
    return 1;
}

static int names_format(stella_sv value) {
    static const char *const marks[] = {"copyright-format", "dep5", "DEP5", "dep-5", "DEP-5"};
    for (uint32_t i = 0; i < STELLA_COUNT(marks); i++)
        if (value.len && memmem(value.ptr, value.len, marks[i], strlen(marks[i])))
            return 1;
    return 0;
}

/* The first paragraph has a Format field with the format's address, or the file begins with a Files paragraph. */
static int is_machine_readable(stella_sv text) {
    stella_cursor c = stella_cursor_of(text.ptr, text.len);
    stella_sv line, value;
    for (int seen = 0; stella_cursor_line(&c, &line);) {
        if (stella_sv_trim(line).len == 0) {
            if (seen)
                return 0;
            continue;
        }
        if ((take_field(line, "Format", &value) || take_field(line, "Format-Specification", &value)) &&
            names_format(value))
            return 1;
        if (!seen && take_field(line, "Files", &value))
            return 1;
        seen = 1;
    }
    return 0;
}

/* License fields of paragraphs that apply to files; with stand_alone those of the paragraphs that only hold a text. */
static void read_paragraphs(reading *r, stella_sv text, int stand_alone) {
    stella_cursor c = stella_cursor_of(text.ptr, text.len);
    stella_sv line, value, license_value = {0};
    int applies = 0, more = 1;
    while (more && r->status == STELLA_OK) {
        more = stella_cursor_line(&c, &line);
        if (!more || stella_sv_trim(line).len == 0) {
            if (license_value.ptr && applies != stand_alone)
                add_field(r, license_value);
            license_value = (stella_sv){0};
            applies = 0;
        } else if (line.ptr[0] != ' ' && line.ptr[0] != '\t') {
            if (take_field(line, "License", &value))
                license_value = value;
            applies |= take_field(line, "Files", &value) || take_field(line, "Format", &value) ||
                       take_field(line, "Format-Specification", &value);
        }
    }
}

/* ---- references ----------------------------------------------------------------------------------------------------
 */

static stella_sv take_reference(stella_sv *rest) {
    static const char dir[] = "/usr/share/common-licenses/";
    const char *at = rest->len ? memmem(rest->ptr, rest->len, dir, sizeof dir - 1) : NULL;
    if (!at) {
        *rest = (stella_sv){0};
        return STELLA_SV("");
    }
    *rest = stella_sv_skip(*rest, (size_t)(at - rest->ptr) + sizeof dir - 1);
    size_t len = 0;
    while (len < rest->len && len < 64 && !memchr(" \t\r\n'\"`,;:)]}>", rest->ptr[len], 15))
        len++;
    while (len && rest->ptr[len - 1] == '.') /* the end of the sentence */
        len--;
    return stella_sv_first(*rest, len);
}

static int is_gnu(stella_sv name) {
    return stella_sv_starts(name, STELLA_SV("GPL")) || stella_sv_starts(name, STELLA_SV("LGPL")) ||
           stella_sv_starts(name, STELLA_SV("GFDL"));
}

/* "any later version" with any blanks between the words. */
static int says_any_later_version(stella_sv text) {
    static const char *const words[] = {"later", "version"};
    while (text.len) {
        const char *at = memmem(text.ptr, text.len, "any", 3);
        if (!at)
            return 0;
        text = stella_sv_skip(text, (size_t)(at - text.ptr) + 3);
        stella_sv rest = text;
        uint32_t met = 0;
        while (met < 2) {
            rest = stella_sv_trim(stella_sv_first(rest, 64));
            if (!stella_sv_starts(rest, stella_sv_cstr(words[met])))
                break;
            rest = stella_sv_skip(rest, strlen(words[met++]));
        }
        if (met == 2)
            return 1;
    }
    return 0;
}

static uint32_t gnu_count(const copyright *names) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < names->count; i++)
        count += is_gnu(names->licenses[i].text) ? 1 : 0;
    return count;
}

/* What a reference says: these texts are one license whatever the file around them states. */
static stella_sv certain_license(stella_sv name, int is_later, stella_arena *arena) {
    static const char *const certain[] = {"Apache-2.0", "CC0-1.0", "MPL-1.1", "MPL-2.0"};
    for (uint32_t i = 0; i < STELLA_COUNT(certain); i++)
        if (stella_sv_eq(name, stella_sv_cstr(certain[i])))
            return name;
    if (!is_gnu(name) || !is_later)
        return STELLA_SV("");
    const stella_sv later = stella_arena_printf(arena, "%.*s+", STELLA_SV_FMT(name));
    return later.ptr ? license_spdx(later, arena) : later;
}

static void read_references(reading *r, stella_sv text) {
    copyright *names = stella_arena_alloc(r->arena, 1, sizeof *names);
    if (!names) {
        r->status = STELLA_E_NOMEM;
        return;
    }
    reading found = {.out = names, .arena = r->arena};
    for (stella_sv rest = text; rest.len && !names->is_full;) {
        const license l = {.how = STELLA_LICENSE_NAME, .text = take_reference(&rest)};
        if (l.text.len)
            add(&found, &l);
    }
    const int is_later = gnu_count(names) == 1 && says_any_later_version(text);
    for (uint32_t i = 0; i < names->count; i++) {
        const stella_sv name = names->licenses[i].text, spdx = certain_license(name, is_later, r->arena);
        const license l = {.how = spdx.len ? STELLA_LICENSE_EXPRESSION : STELLA_LICENSE_NAME,
                           .text = stella_arena_dup(r->arena, spdx.len ? spdx : name)};
        if (!spdx.ptr || !l.text.ptr)
            r->status = STELLA_E_NOMEM;
        else
            add(r, &l);
    }
}

stella_status copyright_parse(stella_sv text, stella_arena *arena, copyright *out) {
    copyright *c = stella_arena_alloc(arena, 1, sizeof *c);
    if (!c)
        return STELLA_E_NOMEM;
    reading r = {.out = c, .arena = arena};
    if (is_machine_readable(text)) {
        read_paragraphs(&r, text, 0);
        if (c->count == 0)
            read_paragraphs(&r, text, 1);
    } else {
        read_references(&r, text);
    }
    if (r.status == STELLA_OK)
        *out = *c;
    return r.status;
}

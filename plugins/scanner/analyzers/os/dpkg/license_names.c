#include "license_names.h"

#include <stella/auto.h>
#include <stella/component.h>
#include <stella/sink.h>
#include <stella/spdx.h>

#include <stdio.h>

/* Short names of the machine-readable format (and forms that Debian's files use as often) whose one meaning is sure.
 * What differs from an SPDX identifier by case alone is not listed. "Artistic", "MIT/X11", "BSD", "GPL" without a
 * version and their like are missing on purpose: they name families. */
static const struct {
    stella_sv debian, spdx;
} aliases[] = {
    {STELLA_SV_INIT("apache-2"), STELLA_SV_INIT("Apache-2.0")},
    {STELLA_SV_INIT("apache-1"), STELLA_SV_INIT("Apache-1.0")},
    {STELLA_SV_INIT("artistic-2"), STELLA_SV_INIT("Artistic-2.0")},
    {STELLA_SV_INIT("boost-1.0"), STELLA_SV_INIT("BSL-1.0")},
    {STELLA_SV_INIT("bsd-0-clause"), STELLA_SV_INIT("0BSD")},
    {STELLA_SV_INIT("bsd-4-clause-ucb"), STELLA_SV_INIT("BSD-4-Clause-UC")},
    {STELLA_SV_INIT("cc0"), STELLA_SV_INIT("CC0-1.0")},
    {STELLA_SV_INIT("cc-by-3"), STELLA_SV_INIT("CC-BY-3.0")},
    {STELLA_SV_INIT("cc-by-4"), STELLA_SV_INIT("CC-BY-4.0")},
    {STELLA_SV_INIT("cc-by-sa-3"), STELLA_SV_INIT("CC-BY-SA-3.0")},
    {STELLA_SV_INIT("cc-by-sa-4"), STELLA_SV_INIT("CC-BY-SA-4.0")},
    {STELLA_SV_INIT("cddl-1"), STELLA_SV_INIT("CDDL-1.0")},
    {STELLA_SV_INIT("eclipse-1"), STELLA_SV_INIT("EPL-1.0")},
    {STELLA_SV_INIT("edl-1.0"), STELLA_SV_INIT("BSD-3-Clause")},
    {STELLA_SV_INIT("epl-1"), STELLA_SV_INIT("EPL-1.0")},
    {STELLA_SV_INIT("epl-2"), STELLA_SV_INIT("EPL-2.0")},
    {STELLA_SV_INIT("expat"), STELLA_SV_INIT("MIT")},
    {STELLA_SV_INIT("mpl-1"), STELLA_SV_INIT("MPL-1.0")},
    {STELLA_SV_INIT("mpl-2"), STELLA_SV_INIT("MPL-2.0")},
    {STELLA_SV_INIT("openldap-2.8"), STELLA_SV_INIT("OLDAP-2.8")},
    {STELLA_SV_INIT("perl"), STELLA_SV_INIT("(Artistic-1.0-Perl OR GPL-1.0-or-later)")},
    {STELLA_SV_INIT("w3c-software"), STELLA_SV_INIT("W3C")},
};

/* The GNU licenses: which versions there are, and what SPDX writes in front of and behind the version. */
static const struct {
    stella_sv debian, spdx, behind;
    const char *versions; /* each as "SPDX version" with its blank in front */
} families[] = {
    {STELLA_SV_INIT("gpl"), STELLA_SV_INIT("GPL-"), STELLA_SV_INIT(""), " 1.0 2.0 3.0 "},
    {STELLA_SV_INIT("lgpl"), STELLA_SV_INIT("LGPL-"), STELLA_SV_INIT(""), " 2.0 2.1 3.0 "},
    {STELLA_SV_INIT("agpl"), STELLA_SV_INIT("AGPL-"), STELLA_SV_INIT(""), " 1.0 3.0 "},
    {STELLA_SV_INIT("gfdl"), STELLA_SV_INIT("GFDL-"), STELLA_SV_INIT(""), " 1.1 1.2 1.3 "},
    {STELLA_SV_INIT("gfdl-niv"), STELLA_SV_INIT("GFDL-"), STELLA_SV_INIT("-no-invariants"), " 1.1 1.2 1.3 "},
};

/* Exceptions of which SPDX knows exactly one. (Of Autoconf's and Bison's there are several: not certain.) */
static const struct {
    stella_sv debian, spdx;
} exceptions[] = {
    {STELLA_SV_INIT("classpath"), STELLA_SV_INIT("Classpath-exception-2.0")},
    {STELLA_SV_INIT("font"), STELLA_SV_INIT("Font-exception-2.0")},
    {STELLA_SV_INIT("gcc-runtime-3.1"), STELLA_SV_INIT("GCC-exception-3.1")},
    {STELLA_SV_INIT("libtool"), STELLA_SV_INIT("Libtool-exception")},
    {STELLA_SV_INIT("linux-syscall-note"), STELLA_SV_INIT("Linux-syscall-note")},
    {STELLA_SV_INIT("llvm"), STELLA_SV_INIT("LLVM-exception")},
    {STELLA_SV_INIT("texinfo"), STELLA_SV_INIT("Texinfo-exception")},
};

static int starts_with_any_case(stella_sv text, stella_sv prefix) {
    return stella_sv_ieq(stella_sv_first(text, prefix.len), prefix);
}

static int drop_suffix(stella_sv *text, stella_sv suffix) {
    if (text->len <= suffix.len || !stella_sv_ieq(stella_sv_skip(*text, text->len - suffix.len), suffix))
        return 0;
    text->len -= suffix.len;
    return 1;
}

/* Whether "2" or "2.0" is a version of the list; gives it in SPDX's form. */
static int is_version_of(const char *versions, stella_sv version, char spdx[8]) {
    char wanted[10];
    if (version.len == 0 || version.len > 3 || memchr(version.ptr, ' ', version.len))
        return 0;
    snprintf(spdx, 8, "%.*s%s", STELLA_SV_FMT(version), version.len == 1 ? ".0" : "");
    snprintf(wanted, sizeof wanted, " %s ", spdx);
    return strstr(versions, wanted) != NULL;
}

/* "GPL-2+", "GPLv3", "LGPL-2.1-or-later", "GFDL-NIV-1.3+". */
static stella_sv gnu_license(stella_sv name, stella_arena *arena) {
    const int is_later = drop_suffix(&name, STELLA_SV("+")) || drop_suffix(&name, STELLA_SV("-or-later"));
    if (!is_later)
        drop_suffix(&name, STELLA_SV("-only"));
    for (uint32_t i = 0; i < STELLA_COUNT(families); i++) {
        stella_sv version = stella_sv_skip(name, families[i].debian.len);
        char spdx[8];
        if (!starts_with_any_case(name, families[i].debian))
            continue;
        if (version.len && version.ptr[0] == '-')
            version = stella_sv_skip(version, 1);
        if (version.len && (version.ptr[0] == 'v' || version.ptr[0] == 'V'))
            version = stella_sv_skip(version, 1);
        if (is_version_of(families[i].versions, version, spdx))
            return stella_arena_printf(arena, "%.*s%s%.*s%s", STELLA_SV_FMT(families[i].spdx), spdx,
                                       STELLA_SV_FMT(families[i].behind), is_later ? "-or-later" : "-only");
    }
    return STELLA_SV("");
}

stella_sv license_spdx(stella_sv short_name, stella_arena *arena) {
    for (uint32_t i = 0; i < STELLA_COUNT(aliases); i++)
        if (stella_sv_ieq(short_name, aliases[i].debian))
            return aliases[i].spdx;
    const stella_sv gnu = gnu_license(short_name, arena);
    if (gnu.len || !gnu.ptr)
        return gnu;
    const stella_sv spdx = stella_spdx_license(short_name);
    return spdx.ptr ? spdx : STELLA_SV("");
}

/* ---- expressions ---------------------------------------------------------------------------------------------------
 */

typedef struct expression {
    stella_arena *arena;
    stella_buf text;   /* the groups that a comma ended, then the open one */
    size_t group_at;   /* where in text the open group begins */
    int group_is_many; /* the open group holds an operator */
    int is_prose;      /* it is no expression after all */
    int is_starved;    /* the arena is spent */
} expression;

static void expression_fini(expression *e) {
    stella_buf_fini(&e->text);
}

static stella_sv next_word(stella_sv *rest) {
    *rest = stella_sv_trim(*rest);
    size_t len = 0;
    while (len < rest->len && !memchr(" \t\n\r\v\f,", rest->ptr[len], 7))
        len++;
    if (len == 0 && rest->len)
        len = 1; /* a comma is a word */
    const stella_sv word = stella_sv_first(*rest, len);
    *rest = stella_sv_skip(*rest, len);
    return word;
}

static int is_operator(stella_sv word) {
    return stella_sv_ieq(word, STELLA_SV("and")) || stella_sv_ieq(word, STELLA_SV("or")) ||
           stella_sv_eq(word, STELLA_SV(","));
}

/* with: "" or " with X exception". A '+' is no letter of a LicenseRef, but it makes another license. */
static void add_reference(expression *e, stella_sv name, stella_sv with) {
    const int is_later = drop_suffix(&name, STELLA_SV("+"));
    const stella_sv text = stella_arena_printf(e->arena, "%.*s%s%.*s", STELLA_SV_FMT(name), is_later ? "-or-later" : "",
                                               STELLA_SV_FMT(with));
    const stella_sv reference = text.ptr ? stella_spdx_ref(text, e->arena) : text;
    e->is_starved |= !reference.ptr;
    stella_buf_add(&e->text, reference);
}

static stella_sv known_exception(stella_sv words) {
    const stella_sv spdx = stella_spdx_exception(words);
    if (spdx.ptr)
        return spdx;
    if (!drop_suffix(&words, STELLA_SV(" exception")))
        drop_suffix(&words, STELLA_SV(" exceptions"));
    for (uint32_t i = 0; i < STELLA_COUNT(exceptions); i++)
        if (stella_sv_ieq(words, exceptions[i].debian))
            return exceptions[i].spdx;
    return STELLA_SV("");
}

/* One license: a word, perhaps with "with ... exception" behind it. */
static void add_license(expression *e, stella_sv atom) {
    stella_sv rest = atom;
    const stella_sv name = next_word(&rest), with = next_word(&rest), exception = stella_sv_trim(rest);
    const stella_sv spdx = license_spdx(name, e->arena);
    if (!spdx.ptr) {
        e->is_starved = 1;
    } else if (with.len == 0 && spdx.len) {
        stella_buf_add(&e->text, spdx);
    } else if (with.len == 0) {
        add_reference(e, name, STELLA_SV(""));
    } else if (!stella_sv_ieq(with, STELLA_SV("with")) || exception.len == 0) {
        e->is_prose = 1;
    } else if (spdx.len && spdx.ptr[0] != '(' && known_exception(exception).len) {
        stella_buf_printf(&e->text, "%.*s WITH %.*s", STELLA_SV_FMT(spdx), STELLA_SV_FMT(known_exception(exception)));
    } else {
        add_reference(e, name, stella_sv_skip(atom, name.len));
    }
}

/* "A or B, and C" is "(A or B) and C". */
static void close_group(expression *e) {
    if (e->group_is_many) {
        const stella_sv group =
            stella_arena_dup(e->arena, stella_sv_of(e->text.ptr + e->group_at, e->text.len - e->group_at));
        e->text.len = e->group_at;
        stella_buf_printf(&e->text, "(%.*s)", STELLA_SV_FMT(group));
        e->is_starved |= !group.ptr;
    }
    e->group_is_many = 0;
}

static void add_operator(expression *e, stella_sv word, int begins_group) {
    stella_buf_add(&e->text, stella_sv_ieq(word, STELLA_SV("or")) ? STELLA_SV(" OR ") : STELLA_SV(" AND "));
    if (begins_group)
        e->group_at = e->text.len;
    else
        e->group_is_many = 1;
}

/* Words up to the next operator. */
static stella_sv take_license(stella_sv *rest) {
    const stella_sv all = stella_sv_trim(*rest);
    stella_sv after = all;
    for (;;) {
        const stella_sv before = after;
        const stella_sv word = next_word(&after);
        if (word.len == 0 || is_operator(word)) {
            *rest = before;
            return stella_sv_trim(stella_sv_first(all, (size_t)(before.ptr - all.ptr)));
        }
    }
}

static void read_expression(expression *e, stella_sv field) {
    int had_comma = 0;
    for (;;) {
        const stella_sv atom = take_license(&field);
        if (atom.len == 0) {
            e->is_prose = 1;
            return;
        }
        add_license(e, atom);
        stella_sv word = next_word(&field);
        if (word.len == 0)
            break;
        const int is_comma = stella_sv_eq(word, STELLA_SV(","));
        if (is_comma) {
            close_group(e);
            had_comma = 1;
            stella_sv ahead = field;
            const stella_sv behind = next_word(&ahead);
            e->is_prose |= !is_operator(behind) || stella_sv_eq(behind, STELLA_SV(","));
            word = behind;
            field = ahead;
        }
        if (e->is_prose)
            return;
        add_operator(e, word, is_comma);
    }
    if (had_comma)
        close_group(e);
}

stella_status license_from_field(stella_sv field, stella_arena *arena, license *out) {
    field = stella_sv_trim(field);
    if (field.len == 0)
        return STELLA_E_NOTFOUND;
    STELLA_AUTO(expression_fini) expression e = {.arena = arena, .text = stella_buf_of(16 * LICENSE_NAMES_MAX)};
    const int is_short = field.len <= LICENSE_NAMES_MAX;
    if (is_short)
        read_expression(&e, field);
    if (e.is_starved)
        return STELLA_E_NOMEM;
    const int is_name = !is_short || e.is_prose || e.text.failed;
    const stella_sv text =
        stella_arena_dup(arena, is_name ? stella_sv_first(field, LICENSE_NAMES_MAX) : stella_buf_sv(&e.text));
    if (!text.ptr)
        return STELLA_E_NOMEM;
    *out = (license){.how = is_name ? STELLA_LICENSE_NAME : STELLA_LICENSE_EXPRESSION, .text = text};
    return STELLA_OK;
}

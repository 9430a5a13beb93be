#include "license.h"

#include <stella/auto.h>
#include <stella/component.h>
#include <stella/sink.h>
#include <stella/spdx.h>

#include <stdlib.h>

/* Short names of Fedora's list before it took over SPDX (https://docs.fedoraproject.org/en-US/legal/allowed-licenses/,
 * column "Legacy abbreviation"; SUSE and Mageia use many of them). Only those that stand for one SPDX license: "BSD",
 * "LGPLv2", "Python" or "Public Domain" stand for several texts. In byte order. */
static const struct {
    const char *name, *spdx;
} names[] = {
    {"AGPLv3", "AGPL-3.0-only"},
    {"AGPLv3+", "AGPL-3.0-or-later"},
    {"ASL 1.0", "Apache-1.0"},
    {"ASL 1.1", "Apache-1.1"},
    {"ASL 2.0", "Apache-2.0"},
    {"Apache License 2.0", "Apache-2.0"},
    {"Apache Software License 2.0", "Apache-2.0"},
    {"Artistic 2.0", "Artistic-2.0"},
    {"Boost", "BSL-1.0"},
    {"CC0", "CC0-1.0"},
    {"CDDL", "CDDL-1.0"},
    {"CPL", "CPL-1.0"},
    {"EPL", "EPL-1.0"},
    {"FTL", "FTL"},
    {"GPL+", "GPL-1.0-or-later"},
    {"GPLv1", "GPL-1.0-only"},
    {"GPLv2", "GPL-2.0-only"},
    {"GPLv2+", "GPL-2.0-or-later"},
    {"GPLv3", "GPL-3.0-only"},
    {"GPLv3+", "GPL-3.0-or-later"},
    {"IBM", "IPL-1.0"},
    {"IJG", "IJG"},
    {"ImageMagick", "ImageMagick"},
    {"JasPer", "JasPer-2.0"},
    {"LGPLv2+", "LGPL-2.0-or-later"},
    {"LGPLv2.1", "LGPL-2.1-only"},
    {"LGPLv2.1+", "LGPL-2.1-or-later"},
    {"LGPLv3", "LGPL-3.0-only"},
    {"LGPLv3+", "LGPL-3.0-or-later"},
    {"MPLv1.0", "MPL-1.0"},
    {"MPLv1.1", "MPL-1.1"},
    {"MPLv2.0", "MPL-2.0"},
    {"OFL", "OFL-1.1"},
    {"OpenLDAP", "OLDAP-2.8"},
    {"PHP", "PHP-3.01"},
    {"PostgreSQL", "PostgreSQL"},
    {"Sleepycat", "Sleepycat"},
    {"Unlicense", "Unlicense"},
    {"Vim", "Vim"},
    {"WTFPL", "WTFPL"},
    {"ZPLv2.0", "ZPL-2.0"},
    {"ZPLv2.1", "ZPL-2.1"},
    {"zlib", "Zlib"},
};

static int compare_names(const void *wanted, const void *entry) {
    const char *const *name = entry;
    return stella_sv_cmp(*(const stella_sv *)wanted, stella_sv_cstr(*name));
}

static stella_sv spdx_of(stella_sv name) {
    const void *found = bsearch(&name, names, STELLA_COUNT(names), sizeof names[0], compare_names);
    return found ? stella_sv_cstr(((const char *const *)found)[1]) : stella_spdx_license(name);
}

#define SCRATCH_BYTES (8u << 20)

/* Text is taken apart into brackets, operators and the names between them. */
typedef struct translation {
    stella_arena *arena;
    stella_buf out;
    stella_sv name;      /* the words since the last operator */
    int is_last_operand; /* what was written last ends an operand */
    int is_wrong;        /* no expression: an operator or bracket out of place */
    int depth;
    uint32_t known;
} translation;

static stella_status write_name(translation *t) {
    const stella_sv name = stella_sv_trim(t->name);
    t->name = (stella_sv){0};
    if (name.len == 0)
        return STELLA_OK;
    stella_sv id = spdx_of(name);
    t->known += id.len != 0;
    if (id.len == 0)
        id = stella_spdx_ref(name, t->arena);
    if (!id.ptr)
        return STELLA_E_NOMEM;
    t->is_wrong |= t->is_last_operand;
    t->is_last_operand = 1;
    return stella_buf_add(&t->out, id);
}

static stella_status write_operator(translation *t, const char *operator_) {
    const stella_status status = write_name(t);
    t->is_wrong |= !t->is_last_operand;
    t->is_last_operand = 0;
    return status == STELLA_OK ? stella_buf_printf(&t->out, " %s ", operator_) : status;
}

static stella_status write_bracket(translation *t, char bracket) {
    const stella_status status = write_name(t);
    const int opens = bracket == '(';
    t->is_wrong |= opens ? t->is_last_operand : !t->is_last_operand || t->depth == 0;
    t->is_last_operand = !opens;
    t->depth += opens ? 1 : -1;
    return status == STELLA_OK ? stella_buf_printf(&t->out, "%c", bracket) : status;
}

/* Length of the word at the front: up to a blank or bracket. */
static size_t word_length(stella_sv text) {
    size_t len = 0;
    while (len < text.len && !memchr(" \t\n()", text.ptr[len], 5))
        len++;
    return len;
}

static stella_status translate(translation *t, stella_sv text) {
    stella_status status = STELLA_OK;
    while (text.len && status == STELLA_OK) {
        const size_t len = word_length(text);
        const stella_sv word = stella_sv_first(text, len);
        if (len == 0 && (text.ptr[0] == '(' || text.ptr[0] == ')'))
            status = write_bracket(t, text.ptr[0]);
        else if (stella_sv_ieq(word, STELLA_SV("and")) || stella_sv_ieq(word, STELLA_SV("or")))
            status = write_operator(t, (word.ptr[0] | 0x20) == 'a' ? "AND" : "OR");
        else if (len)
            t->name = t->name.ptr ? stella_sv_of(t->name.ptr, (size_t)(word.ptr + len - t->name.ptr)) : word;
        text = stella_sv_skip(text, len ? len : 1);
    }
    return status == STELLA_OK ? write_name(t) : status;
}

static void translation_finip(translation *t) {
    stella_buf_fini(&t->out);
}

/* Sets *out to the expression, in scratch, or leaves it empty when there is none. Returns STELLA_E_NOMEM. */
static stella_status find_expression(stella_sv text, stella_arena *scratch, stella_sv *out) {
    STELLA_AUTO(translation_finip)
    translation t = {.arena = scratch, .out = stella_buf_of(16 * LICENSE_TEXT_MAX)};
    *out = stella_spdx_expression(text, scratch);
    if (out->ptr)
        return STELLA_OK;
    if (translate(&t, text) != STELLA_OK)
        return STELLA_E_NOMEM;
    if (t.known && !t.is_wrong && t.is_last_operand && t.depth == 0)
        *out = stella_spdx_expression(stella_buf_sv(&t.out), scratch);
    return STELLA_OK;
}

stella_status license_read(stella_sv text, stella_arena *arena, license *out) {
    text = stella_sv_trim(text);
    if (text.len == 0)
        return STELLA_E_NOTFOUND;
    license found = {.how = STELLA_LICENSE_NAME, .text = text};
    if (text.len <= LICENSE_TEXT_MAX) {
        /* Of its own, so that a spent arena is not taken for "no expression". */
        STELLA_AUTO(stella_arena_destroyp) stella_arena *scratch = stella_arena_create(SCRATCH_BYTES);
        stella_sv expression;
        if (!scratch || find_expression(text, scratch, &expression) != STELLA_OK)
            return STELLA_E_NOMEM;
        if (expression.ptr)
            found = (license){.how = STELLA_LICENSE_EXPRESSION, .text = stella_arena_dup(arena, expression)};
    }
    if (!found.text.ptr)
        return STELLA_E_NOMEM;
    *out = found;
    return STELLA_OK;
}

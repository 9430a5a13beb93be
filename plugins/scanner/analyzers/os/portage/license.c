#include "license.h"

#include "common/words.h"

#include <stella/auto.h>
#include <stella/sink.h>
#include <stella/spdx.h>

/* Gentoo's names (files of licenses/ in its tree) whose one meaning in SPDX is sure. */
static const struct {
    stella_sv gentoo, spdx;
} names[] = {
    {STELLA_SV_INIT("AGPL-3"), STELLA_SV_INIT("AGPL-3.0-only")},
    {STELLA_SV_INIT("AGPL-3+"), STELLA_SV_INIT("AGPL-3.0-or-later")},
    {STELLA_SV_INIT("Artistic"), STELLA_SV_INIT("Artistic-1.0-Perl")},
    {STELLA_SV_INIT("Artistic-2"), STELLA_SV_INIT("Artistic-2.0")},
    {STELLA_SV_INIT("BSD"), STELLA_SV_INIT("BSD-3-Clause")},
    {STELLA_SV_INIT("BSD-1"), STELLA_SV_INIT("BSD-1-Clause")},
    {STELLA_SV_INIT("BSD-2"), STELLA_SV_INIT("BSD-2-Clause")},
    {STELLA_SV_INIT("BSD-4"), STELLA_SV_INIT("BSD-4-Clause")},
    {STELLA_SV_INIT("Boost-1.0"), STELLA_SV_INIT("BSL-1.0")},
    {STELLA_SV_INIT("FDL-1.1"), STELLA_SV_INIT("GFDL-1.1-only")},
    {STELLA_SV_INIT("FDL-1.1+"), STELLA_SV_INIT("GFDL-1.1-or-later")},
    {STELLA_SV_INIT("FDL-1.2"), STELLA_SV_INIT("GFDL-1.2-only")},
    {STELLA_SV_INIT("FDL-1.2+"), STELLA_SV_INIT("GFDL-1.2-or-later")},
    {STELLA_SV_INIT("FDL-1.3"), STELLA_SV_INIT("GFDL-1.3-only")},
    {STELLA_SV_INIT("FDL-1.3+"), STELLA_SV_INIT("GFDL-1.3-or-later")},
    {STELLA_SV_INIT("GPL-1"), STELLA_SV_INIT("GPL-1.0-only")},
    {STELLA_SV_INIT("GPL-1+"), STELLA_SV_INIT("GPL-1.0-or-later")},
    {STELLA_SV_INIT("GPL-2"), STELLA_SV_INIT("GPL-2.0-only")},
    {STELLA_SV_INIT("GPL-2+"), STELLA_SV_INIT("GPL-2.0-or-later")},
    {STELLA_SV_INIT("GPL-3"), STELLA_SV_INIT("GPL-3.0-only")},
    {STELLA_SV_INIT("GPL-3+"), STELLA_SV_INIT("GPL-3.0-or-later")},
    {STELLA_SV_INIT("LGPL-2"), STELLA_SV_INIT("LGPL-2.0-only")},
    {STELLA_SV_INIT("LGPL-2+"), STELLA_SV_INIT("LGPL-2.0-or-later")},
    {STELLA_SV_INIT("LGPL-2.1"), STELLA_SV_INIT("LGPL-2.1-only")},
    {STELLA_SV_INIT("LGPL-2.1+"), STELLA_SV_INIT("LGPL-2.1-or-later")},
    {STELLA_SV_INIT("LGPL-3"), STELLA_SV_INIT("LGPL-3.0-only")},
    {STELLA_SV_INIT("LGPL-3+"), STELLA_SV_INIT("LGPL-3.0-or-later")},
    {STELLA_SV_INIT("PSF-2"), STELLA_SV_INIT("PSF-2.0")},
    {STELLA_SV_INIT("ZLIB"), STELLA_SV_INIT("Zlib")},
    {STELLA_SV_INIT("openssl"), STELLA_SV_INIT("OpenSSL")},
    {STELLA_SV_INIT("vim"), STELLA_SV_INIT("Vim")},
};

/* An open bracket: what joins its parts, and whether it has one yet. */
typedef struct level {
    int is_any;
    int has_part;
} level;

typedef struct writing {
    stella_buf out;
    stella_arena *arena;
    level levels[LICENSE_DEPTH_MAX];
    uint32_t depth; /* of the open brackets; level 0 is the whole text */
} writing;

static void writing_fini(writing *w) {
    stella_buf_fini(&w->out);
}

static stella_sv spdx_of(stella_sv word, stella_arena *arena) {
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (stella_sv_eq(word, names[i].gentoo))
            return names[i].spdx;
    const stella_sv known = stella_spdx_license(word);
    return known.ptr ? known : stella_spdx_ref(word, arena);
}

static stella_status begin_part(writing *w) {
    level *at = &w->levels[w->depth];
    if (!at->has_part) {
        at->has_part = 1;
        return STELLA_OK;
    }
    return stella_buf_add(&w->out, at->is_any ? STELLA_SV(" OR ") : STELLA_SV(" AND "));
}

static stella_status open_bracket(writing *w, int is_any) {
    if (w->depth + 1 == LICENSE_DEPTH_MAX)
        return STELLA_E_FORMAT;
    const stella_status status = begin_part(w);
    w->levels[++w->depth] = (level){.is_any = is_any};
    return status == STELLA_OK ? stella_buf_u8(&w->out, '(') : status;
}

static stella_status put_word(writing *w, stella_sv word, int *is_any) {
    if (stella_sv_eq(word, STELLA_SV("||")) || stella_sv_ends(word, STELLA_SV("?"))) {
        *is_any = stella_sv_eq(word, STELLA_SV("||"));
        return STELLA_OK;
    }
    if (stella_sv_eq(word, STELLA_SV("("))) {
        const stella_status status = open_bracket(w, *is_any);
        *is_any = 0;
        return status;
    }
    if (stella_sv_eq(word, STELLA_SV(")"))) {
        if (w->depth == 0 || !w->levels[w->depth].has_part)
            return STELLA_E_FORMAT;
        w->depth--;
        return stella_buf_u8(&w->out, ')');
    }
    const stella_sv license = spdx_of(word, w->arena);
    const stella_status status = license.ptr ? begin_part(w) : STELLA_E_NOMEM;
    return status == STELLA_OK ? stella_buf_add(&w->out, license) : status;
}

stella_status license_expression(stella_sv text, stella_arena *arena, stella_sv *out) {
    STELLA_AUTO(writing_fini) writing w = {.out = stella_buf_of((size_t)16 * LICENSE_BYTES_MAX), .arena = arena};
    stella_sv word;
    int is_any = 0;
    if (text.len > LICENSE_BYTES_MAX)
        return STELLA_E_FORMAT;
    while (word_next(&text, &word)) {
        const stella_status status = put_word(&w, word, &is_any);
        if (status != STELLA_OK)
            return status == STELLA_E_LIMIT ? STELLA_E_FORMAT : status;
    }
    if (w.depth)
        return STELLA_E_FORMAT;
    if (w.out.len == 0)
        return STELLA_E_NOTFOUND;
    const stella_sv copy = stella_arena_dup(arena, stella_buf_sv(&w.out));
    if (!copy.ptr)
        return STELLA_E_NOMEM;
    *out = copy;
    return STELLA_OK;
}

#include "purl_types.h"
#include "utf8.h"

/* The purl being written. Bytes beyond the end are counted but not kept. */
typedef struct writer {
    size_t used;
    int is_text; /* 0 once a byte sequence was not UTF-8 */
    char text[STELLA_PURL_MAX];
} writer;

static void put(writer *w, unsigned char byte) {
    if (w->used < sizeof w->text)
        w->text[w->used] = (char)byte;
    w->used++;
}

/* What stands for itself in every part. */
static int is_unreserved(unsigned char c) {
    return purl_is_alnum(c) || c == '.' || c == '-' || c == '_' || c == '~' || c == ':';
}

static void put_encoded(writer *w, unsigned char byte) {
    static const char digits[] = "0123456789ABCDEF";
    if (is_unreserved(byte)) {
        put(w, byte);
        return;
    }
    put(w, '%');
    put(w, (unsigned char)digits[byte >> 4]);
    put(w, (unsigned char)digits[byte & 0xf]);
}

static void put_part(writer *w, stella_sv part, unsigned map) {
    const char *at = part.ptr, *const end = part.ptr + part.len;
    while (part.len && at < end) {
        const size_t size = utf8_sequence(at, end);
        w->is_text &= size != 0;
        for (size_t i = 0; i < (size ? size : 1); i++)
            put_encoded(w, purl_map(map, (unsigned char)at[i]));
        at += size ? size : 1;
    }
}

static int is_dots(stella_sv segment) {
    return stella_sv_eq(segment, STELLA_SV(".")) || stella_sv_eq(segment, STELLA_SV(".."));
}

/* The segments that are not empty: the first behind the byte given, the others behind slashes. */
static void put_segments(writer *w, stella_sv path, unsigned map, int drops_dots, char first) {
    stella_sv segment;
    while (stella_sv_split(&path, '/', &segment)) {
        if (segment.len == 0 || (drops_dots && is_dots(segment)))
            continue;
        put(w, (unsigned char)first);
        first = '/';
        put_part(w, segment, map);
    }
}

static int compare_keys(stella_sv a, stella_sv b) {
    for (size_t i = 0; i < a.len && i < b.len; i++) {
        const int order = (int)purl_lower((unsigned char)a.ptr[i]) - (int)purl_lower((unsigned char)b.ptr[i]);
        if (order)
            return order;
    }
    return (a.len > b.len) - (a.len < b.len);
}

static void put_qualifiers(writer *w, const stella_purl *purl) {
    const stella_purl_qualifier *sorted[STELLA_PURL_QUALIFIERS_MAX];
    uint32_t count = 0;
    for (uint32_t i = 0; i < purl->qualifier_count; i++) {
        const stella_purl_qualifier *q = &purl->qualifiers[i];
        if (q->value.len == 0)
            continue;
        uint32_t at = count++;
        for (; at > 0 && compare_keys(sorted[at - 1]->key, q->key) > 0; at--)
            sorted[at] = sorted[at - 1];
        sorted[at] = q;
    }
    for (uint32_t i = 0; i < count; i++) {
        put(w, i ? '&' : '?');
        put_part(w, sorted[i]->key, LOWER);
        put(w, '=');
        put_part(w, sorted[i]->value, KEEP);
    }
}

static void put_purl(writer *w, const stella_purl *purl, const purl_type *type) {
    memcpy(w->text, "pkg:", 4);
    w->used = 4;
    put_part(w, purl->type, LOWER);
    put_segments(w, purl->namespace_, type->ns_map, 0, '/');
    put(w, '/');
    put_part(w, purl->name, stella_purl_name_map(type, purl));
    if (purl->version.len) {
        put(w, '@');
        put_part(w, purl->version, type->version_map);
    }
    put_qualifiers(w, purl);
    put_segments(w, purl->subpath, type->subpath_map, 1, '#');
}

stella_status stella_purl_build(const stella_purl *purl, stella_arena *arena, stella_sv *text, stella_error *err) {
    const purl_type *type = stella_purl_type(purl->type);
    const stella_status status = stella_purl_check(purl, type, err);
    if (status != STELLA_OK)
        return status;
    writer w;
    w.is_text = 1;
    put_purl(&w, purl, type);
    if (!w.is_text)
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "a part of the package URL is not UTF-8");
    if (w.used > sizeof w.text)
        return stella_error_set(err, STELLA_E_LIMIT, NULL, "a package URL of %zu bytes, at most %d", w.used,
                                STELLA_PURL_MAX);
    const stella_sv kept = stella_arena_dup(arena, stella_sv_of(w.text, w.used));
    if (!kept.ptr)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no room for a package URL of %zu bytes", w.used);
    *text = kept;
    return STELLA_OK;
}

#include "cve.h"

#include <stella/cursor.h>

#include <stdio.h>
#include <stdlib.h>

#define NUMBER_SCALE  1000000000u
#define YEAR_DIGITS   4
#define NUMBER_MIN    4
#define NUMBER_MAX    9
#define PREFIX_LENGTH 4 /* "CVE-" */
#define ID_LENGTH_MAX (PREFIX_LENGTH + YEAR_DIGITS + 1 + NUMBER_MAX)

void cve_set_fini(cve_set *set) {
    free(set->ids);
    *set = (cve_set){0};
}

static int compare(const void *x, const void *y) {
    const uint64_t a = *(const uint64_t *)x, b = *(const uint64_t *)y;
    return (a > b) - (a < b);
}

static void make_unique(cve_set *set) {
    uint32_t kept = 0;
    if (set->count)
        qsort(set->ids, set->count, sizeof *set->ids, compare);
    for (uint32_t i = 0; i < set->count; i++)
        if (kept == 0 || set->ids[kept - 1] != set->ids[i])
            set->ids[kept++] = set->ids[i];
    set->count = kept;
}

/* Makes room for one more, by dropping repeated ids first. */
static stella_status make_room(cve_set *set) {
    make_unique(set);
    if (set->count >= CVE_IDS_MAX) {
        set->is_full = 1;
        return STELLA_OK;
    }
    const uint32_t room = set->count * 2 < 64 ? 64 : set->count * 2;
    uint64_t *bigger = realloc(set->ids, room * sizeof *bigger);
    if (!bigger)
        return STELLA_E_NOMEM;
    set->ids = bigger;
    set->room = room;
    return STELLA_OK;
}

static stella_status add(cve_set *set, uint64_t id) {
    if (set->count && set->ids[set->count - 1] == id)
        return STELLA_OK;
    if (set->count == set->room) {
        const stella_status status = make_room(set);
        if (status != STELLA_OK || set->is_full)
            return status;
    }
    set->ids[set->count++] = id;
    return STELLA_OK;
}

static uint32_t digits_at(stella_sv text, size_t at) {
    uint32_t count = 0;
    while (at + count < text.len && text.ptr[at + count] >= '0' && text.ptr[at + count] <= '9')
        count++;
    return count;
}

/* Reads what follows "CVE-". Returns 0 when it is no id. */
static uint64_t read_id(stella_sv rest) {
    uint64_t year = 0, number = 0;
    if (digits_at(rest, 0) != YEAR_DIGITS || rest.len <= YEAR_DIGITS || rest.ptr[YEAR_DIGITS] != '-')
        return 0;
    const uint32_t digits = digits_at(rest, YEAR_DIGITS + 1);
    if (digits < NUMBER_MIN || digits > NUMBER_MAX)
        return 0;
    (void)stella_sv_u64(stella_sv_first(rest, YEAR_DIGITS), UINT64_MAX, &year);
    (void)stella_sv_u64(stella_sv_first(stella_sv_skip(rest, YEAR_DIGITS + 1), digits), UINT64_MAX, &number);
    return year >= 1999 && year < 2100 ? year * NUMBER_SCALE + number : 0;
}

/* The next "CVE-". V is rare in texts, and looking for one byte many times as fast as looking for four. */
static const char *find_prefix(stella_sv text) {
    const char *const end = text.ptr + text.len;
    for (size_t at = 1; at < text.len;) {
        const char *v = memchr(text.ptr + at, 'V', text.len - at);
        if (!v || end - v < PREFIX_LENGTH - 1)
            return NULL;
        if (memcmp(v - 1, "CVE-", PREFIX_LENGTH) == 0)
            return v - 1;
        at = (size_t)(v - text.ptr) + 1;
    }
    return NULL;
}

/* Ids that begin before limit. */
static stella_status scan(cve_set *set, stella_sv text, size_t limit) {
    for (size_t at = 0; at < limit && !set->is_full;) {
        const char *found = find_prefix(stella_sv_skip(text, at));
        if (!found || (size_t)(found - text.ptr) >= limit)
            break;
        at = (size_t)(found - text.ptr) + PREFIX_LENGTH;
        const uint64_t id = read_id(stella_sv_skip(text, at));
        const stella_status status = id ? add(set, id) : STELLA_OK;
        if (status != STELLA_OK)
            return status;
    }
    return STELLA_OK;
}

/* The tail and the beginning of the piece, as far as an id that begins in the tail can reach. */
static stella_status scan_seam(cve_set *set, stella_sv piece) {
    char seam[sizeof set->tail + ID_LENGTH_MAX + 1];
    const size_t more = piece.len < ID_LENGTH_MAX + 1 ? piece.len : ID_LENGTH_MAX + 1;
    memcpy(seam, set->tail, set->tail_len);
    if (more)
        memcpy(seam + set->tail_len, piece.ptr, more);
    return scan(set, stella_sv_of(seam, set->tail_len + more), set->tail_len);
}

/* An id that begins in the last bytes of a piece may go on in the next: they are looked at with it. */
stella_status cve_set_scan(cve_set *set, stella_sv piece) {
    if (piece.len <= ID_LENGTH_MAX) { /* small enough to join the tail, byte by byte */
        for (size_t i = 0; i < piece.len; i++) {
            if (set->tail_len == sizeof set->tail) {
                const stella_status status = scan(set, stella_sv_of(set->tail, set->tail_len), 1);
                if (status != STELLA_OK)
                    return status;
                memmove(set->tail, set->tail + 1, --set->tail_len);
            }
            set->tail[set->tail_len++] = piece.ptr[i];
        }
        return STELLA_OK;
    }
    stella_status status = scan_seam(set, piece);
    if (status == STELLA_OK)
        status = scan(set, piece, piece.len - ID_LENGTH_MAX);
    memcpy(set->tail, piece.ptr + piece.len - ID_LENGTH_MAX, ID_LENGTH_MAX);
    set->tail_len = ID_LENGTH_MAX;
    return status;
}

stella_status cve_set_finish(cve_set *set) {
    const stella_status status = scan(set, stella_sv_of(set->tail, set->tail_len), set->tail_len);
    set->tail_len = 0;
    make_unique(set);
    return status;
}

stella_status cve_set_encode(const cve_set *set, stella_buf *out) {
    stella_status status = STELLA_OK;
    for (uint32_t i = 0; i < set->count && status == STELLA_OK; i++)
        status = stella_buf_varint(out, set->ids[i]);
    return status;
}

static void add_property(uint64_t id, stella_component *c) {
    char text[32];
    const int len = snprintf(text, sizeof text, "CVE-%04u-%04u", (unsigned)(id / NUMBER_SCALE % 10000),
                             (unsigned)(id % NUMBER_SCALE));
    stella_component_property(c, STELLA_SV(STELLA_PROPERTY_CVE), stella_sv_of(text, (size_t)len));
}

/* The next id, UINT64_MAX at the end. */
static uint64_t next_id(stella_cursor *in) {
    const uint64_t id = stella_cursor_left(in) ? stella_cursor_varint(in) : UINT64_MAX;
    return in->ok ? id : UINT64_MAX;
}

void cve_add_properties(stella_sv first, stella_sv second, stella_component *c) {
    stella_cursor a = stella_cursor_of(first.ptr, first.len), b = stella_cursor_of(second.ptr, second.len);
    uint64_t id_a = next_id(&a), id_b = next_id(&b);
    while (id_a != UINT64_MAX || id_b != UINT64_MAX) {
        const uint64_t id = id_a < id_b ? id_a : id_b;
        add_property(id, c);
        id_a = id_a == id ? next_id(&a) : id_a;
        id_b = id_b == id ? next_id(&b) : id_b;
    }
}

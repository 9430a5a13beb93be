#include "select.h"

#include <stella/auto.h>
#include <stella/sink.h>

#include <stdlib.h>

#define IDENTITY   "identity"
#define WORD_SHOWN 40
#define NEAR_BYTES 120 /* of the list of near names: it must fit in a message */

static stella_sv short_name(const roster_plugin *plugin) {
    const stella_sv id = stella_sv_cstr(plugin->id);
    size_t start = 0;
    for (size_t i = 0; i < id.len; i++)
        if (id.ptr[i] == '.')
            start = i + 1;
    return stella_sv_skip(id, start);
}

static int has_tag(const roster_plugin *plugin, stella_sv tag) {
    stella_sv rest = stella_sv_cstr(plugin->tags), one;
    while (rest.len && stella_sv_split(&rest, ' ', &one))
        if (stella_sv_eq(one, tag))
            return 1;
    return 0;
}

static int goes_by(const roster_plugin *plugin, stella_sv word) {
    return stella_sv_eq(stella_sv_cstr(plugin->id), word) || stella_sv_eq(short_name(plugin), word) ||
           has_tag(plugin, word);
}

/* ---- words that nobody goes by ------------------------------------------------------------------------------------
 */

/* How many letters one has that the other has at the same place, or next to it: typing errors move few. */
static size_t alike(stella_sv a, stella_sv b) {
    size_t count = 0;
    for (size_t i = 0; i < a.len; i++)
        for (size_t k = i ? i - 1 : 0; k <= i + 1 && k < b.len; k++)
            if (a.ptr[i] == b.ptr[k]) {
                count++;
                break;
            }
    return count;
}

static int is_near(stella_sv word, stella_sv name) {
    const size_t longer = word.len > name.len ? word.len : name.len;
    return word.len && alike(word, name) * 4 >= longer * 3;
}

static void add_near(stella_buf *list, stella_sv name) {
    stella_sv rest = stella_buf_sv(list), one;
    while (rest.len && stella_sv_split(&rest, ' ', &one))
        if (stella_sv_eq(one, name))
            return;
    if (stella_buf_sv(list).len + name.len + 1 < NEAR_BYTES)
        (void)stella_buf_printf(list, "%s%.*s", stella_buf_sv(list).len ? " " : "", STELLA_SV_FMT(name));
}

static stella_status refuse(const roster *r, stella_sv word, stella_error *err) {
    STELLA_AUTO(stella_buf_fini) stella_buf near = stella_buf_of(NEAR_BYTES);
    for (uint32_t i = 0; i < r->count; i++) {
        stella_sv rest = stella_sv_cstr(r->list[i].tags), tag;
        if (!r->list[i].is_analyzer)
            continue;
        if (is_near(word, short_name(&r->list[i])))
            add_near(&near, short_name(&r->list[i]));
        while (rest.len && stella_sv_split(&rest, ' ', &tag))
            if (is_near(word, tag))
                add_near(&near, tag);
    }
    const stella_sv found = stella_buf_sv(&near);
    return stella_error_set(err, STELLA_E_INVALID, NULL,
                            "no analyzer has the name or tag \"%.*s\"; %s%.*s; stella analyzer list shows them all",
                            STELLA_SV_FMT(stella_sv_first(word, WORD_SHOWN)),
                            found.len ? "near it: " : "nor one near it", STELLA_SV_FMT(found));
}

/* ---- choosing -----------------------------------------------------------------------------------------------------
 */

/* Marks who goes by one of the words of the lists, which commas separate. */
static stella_status mark(const roster *r, const char *const *lists, uint32_t count, unsigned char *marked,
                          stella_error *err) {
    for (uint32_t i = 0; i < count; i++) {
        stella_sv rest = stella_sv_cstr(lists[i]), word;
        while (stella_sv_split(&rest, ',', &word)) {
            int is_known = 0;
            for (uint32_t k = 0; k < r->count; k++) {
                const int is_meant = r->list[k].is_analyzer && goes_by(&r->list[k], word);
                marked[k] |= (unsigned char)is_meant;
                is_known |= is_meant;
            }
            if (!is_known)
                return refuse(r, word, err);
        }
    }
    return STELLA_OK;
}

stella_status select_analyzers(const scan_options *options, roster *r, stella_error *err) {
    STELLA_AUTO(stella_freep) unsigned char *marks = calloc((size_t)r->count * 2 + 1, 1);
    if (!marks)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the choice of analyzers");
    unsigned char *selected = marks, *excluded = marks + r->count;
    stella_status status = mark(r, options->select, options->select_count, selected, err);
    if (status == STELLA_OK)
        status = mark(r, options->exclude, options->exclude_count, excluded, err);
    for (uint32_t i = 0; status == STELLA_OK && i < r->count; i++) {
        roster_plugin *one = &r->list[i];
        const int is_chosen = !options->select_count || selected[i] || has_tag(one, STELLA_SV(IDENTITY));
        one->is_deselected = one->is_analyzer && (!is_chosen || excluded[i]);
    }
    return status;
}

/* What the table and the markdown have in common. */
#include "diff_write.h"

#include <stella/file.h>
#include <stella/terminal.h>

#include <time.h>

#define FIELD_COLUMNS  60 /* of an old or new value */
#define DIGEST_COLUMNS 19 /* "sha256:" and twelve digits */

diff_writer *diff_writer_of(stella_sv format) {
    static const struct {
        stella_sv name;
        diff_writer *write;
    } writers[] = {{STELLA_SV_INIT("json"), diff_write_json},
                   {STELLA_SV_INIT("table"), diff_write_table},
                   {STELLA_SV_INIT("markdown"), diff_write_markdown}};
    for (size_t i = 0; i < STELLA_COUNT(writers); i++)
        if (stella_sv_eq(writers[i].name, format))
            return writers[i].write;
    return NULL;
}

void diff_time(int64_t ms, diff_time_text out) {
    struct tm parts;
    const time_t seconds = (time_t)(ms / 1000);
    out[0] = 0;
    if (ms >= 0 && gmtime_r(&seconds, &parts) && parts.tm_year < 8100)
        (void)strftime(out, sizeof(diff_time_text), "%Y-%m-%dT%H:%M:%SZ", &parts);
}

stella_sv diff_kind_word(diff_kind kind) {
    static const stella_sv words[] = {[DIFF_ADDED] = STELLA_SV_INIT("added"),
                                      [DIFF_REMOVED] = STELLA_SV_INIT("removed"),
                                      [DIFF_VERSION] = STELLA_SV_INIT("version"),
                                      [DIFF_METADATA] = STELLA_SV_INIT("metadata")};
    return words[kind];
}

void diff_add_name(stella_buf *out, const diff_component *c) {
    if (c->namespace_.len && !stella_sv_eq(c->type, STELLA_SV("deb"))) {
        stella_terminal_add(out, c->namespace_);
        stella_buf_add(out, STELLA_SV("/"));
    }
    stella_terminal_add(out, c->name);
}

void diff_add_version(stella_buf *out, const diff_component *c) {
    if (!c || !c->version.len) {
        stella_buf_add(out, STELLA_SV("-"));
        return;
    }
    if (c->epoch.len) {
        stella_terminal_add(out, c->epoch);
        stella_buf_add(out, STELLA_SV(":"));
    }
    stella_terminal_add(out, c->version);
}

void diff_add_layer(stella_buf *out, diff_place place) {
    if (place.layer == DIFF_NONE)
        stella_buf_add(out, STELLA_SV("-"));
    else
        stella_buf_printf(out, "%s%u", place.is_old ? "old " : "", place.layer);
}

static void add_value(stella_buf *out, stella_sv value) {
    const stella_sv part = stella_terminal_fit(value, FIELD_COLUMNS);
    stella_terminal_add(out, part.len ? part : STELLA_SV("none"));
    if (part.len < value.len)
        stella_buf_add(out, STELLA_SV("\xe2\x80\xa6"));
}

void diff_add_fields(stella_buf *out, const diff_change *change) {
    const char *before = "";
    for (uint32_t i = 0; i < DIFF_FIELDS; i++) {
        if (!(change->fields >> i & 1))
            continue;
        stella_buf_printf(out, "%s%s: ", before, diff_field_name(i));
        add_value(out, change->old->fields[i]);
        stella_buf_add(out, STELLA_SV(" -> "));
        add_value(out, change->new->fields[i]);
        before = "; ";
    }
}

void diff_add_removal(stella_buf *out, const diff_change *change) {
    const diff_removal *removal = &change->removal;
    if (change->kind != DIFF_REMOVED)
        return;
    if (removal->fate == DIFF_FATE_DROPPED)
        stella_buf_add(out, STELLA_SV("its layer is not in the new image"));
    else if (removal->fate == DIFF_FATE_REMOVED && removal->first == removal->last)
        stella_buf_printf(out, "removed by layer %u", removal->first);
    else if (removal->fate == DIFF_FATE_REMOVED)
        stella_buf_printf(out, "removed by one of the layers %u to %u", removal->first, removal->last);
}

void diff_add_subject(stella_buf *out, const diff_side *side) {
    stella_terminal_add(out, side->name.len ? side->name : side->kind);
    if (side->digest.len) {
        stella_buf_add(out, STELLA_SV(" ("));
        stella_terminal_add(out, stella_sv_first(side->digest, DIGEST_COLUMNS));
        stella_buf_add(out, STELLA_SV(")"));
    }
}

static void add_system(stella_buf *out, const diff_side *side) {
    const stella_sv id = side->distro_id.len ? side->distro_id : STELLA_SV("no known system");
    stella_terminal_add(out, side->distro_name.len ? side->distro_name : id);
}

void diff_add_base(stella_buf *out, const diff_result *r) {
    const uint32_t old = r->old->layer_count, new = r->new->layer_count;
    if (r->is_base_changed) {
        stella_buf_add(out, STELLA_SV("base changed: "));
        add_system(out, r->old);
        stella_buf_add(out, STELLA_SV(" -> "));
        add_system(out, r->new);
    }
    if (old && new)
        stella_buf_printf(out, "%s%u layer%s shared from the base on, of %u old and %u new",
                          r->is_base_changed ? "; " : "", r->layers.shared, r->layers.shared == 1 ? "" : "s", old, new);
}

void diff_add_counts(stella_buf *out, const diff_counts *counts) {
    stella_buf_printf(out, "%u added, %u removed, %u with another version, %u with other metadata",
                      counts->of[DIFF_ADDED], counts->of[DIFF_REMOVED], counts->of[DIFF_VERSION],
                      counts->of[DIFF_METADATA]);
}

/* History has instructions over several lines, and with runs of blanks. */
static void add_instruction(stella_buf *out, stella_sv text) {
    stella_sv word;
    for (stella_sv rest = text; stella_sv_split(&rest, ' ', &word);) {
        word = stella_sv_trim(word);
        if (!word.len)
            continue;
        stella_buf_add(out, STELLA_SV(" "));
        stella_terminal_add(out, word);
    }
}

void diff_add_heading(stella_buf *out, const diff_result *r, diff_place place) {
    const diff_layer *layer = diff_layer_of(r, place);
    if (!layer) {
        stella_buf_add(out, STELLA_SV("No layer"));
        return;
    }
    stella_buf_printf(out, "Layer %u of the %s image", place.layer, place.is_old ? "old" : "new");
    const stella_sv name = layer->digest.len ? layer->digest : layer->diff_id;
    stella_buf_add(out, STELLA_SV(" ("));
    stella_terminal_add(out, stella_sv_first(name, DIGEST_COLUMNS));
    stella_buf_add(out, STELLA_SV(")"));
    if (layer->created_by.len)
        stella_buf_add(out, STELLA_SV(":"));
    add_instruction(out, layer->created_by);
}

diff_counts diff_count(const diff_result *result, uint32_t first, uint32_t count) {
    diff_counts counts = {.unchanged = 0};
    for (uint32_t i = first; i < first + count; i++)
        counts.of[result->changes[i].kind]++;
    return counts;
}

/* The analyzer of WordPress, its plugins and themes (README.md). */
#include "header.h"

#include "common/entry.h"
#include "common/fields.h"

#include <stella/auto.h>
#include <stella/sink.h>

#define HEADER_RECORD "header" /* kind: a row of header fields (common/fields.h) */

static const stella_interest interests[] = {
    {.mode = STELLA_PROBE, .below = "wp-content", .suffix = ".php"},
    {.mode = STELLA_PROBE, .below = "wp-content", .name = "style.css"},
    {.mode = STELLA_PROBE, .parent = "wp-includes", .name = "version.php"},
};

typedef enum kind { NOTHING, CORE, PLUGIN, THEME } kind;

/* What a file of that path may be the main file of, and the slug that names it: its folder, or of a plugin of one file
 * the file itself. */
static kind kind_of(stella_sv path, stella_sv *slug) {
    const stella_sv end = STELLA_SV(".php"), file = entry_pop(&path);
    const stella_sv folder = entry_pop(&path), above = entry_pop(&path);
    const stella_sv plugins = STELLA_SV("plugins"), mu_plugins = STELLA_SV("mu-plugins");
    if (stella_sv_eq(folder, STELLA_SV("wp-includes")))
        return CORE;
    *slug = folder;
    if (stella_sv_eq(file, STELLA_SV("style.css")))
        return stella_sv_eq(above, STELLA_SV("themes")) ? THEME : NOTHING;
    if (stella_sv_eq(above, plugins) || stella_sv_eq(above, mu_plugins))
        return PLUGIN;
    *slug = stella_sv_first(file, file.len - (stella_sv_ends(file, end) ? end.len : 0));
    return stella_sv_eq(folder, plugins) || stella_sv_eq(folder, mu_plugins) ? PLUGIN : NOTHING;
}

/* The first bytes of the file. */
static stella_status read_front(stella_probe *p, stella_buf *out, stella_error *err) {
    stella_sv chunk = STELLA_SV("");
    do {
        const stella_status status = stella_probe_read(p, &chunk, err);
        if (status != STELLA_OK)
            return status;
        if (stella_buf_add(out, stella_sv_first(chunk, HEADER_BYTES_MAX - out->len)) != STELLA_OK)
            return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a file's header");
    } while (chunk.len && out->len < HEADER_BYTES_MAX);
    return STELLA_OK;
}

static stella_status probe(void *self, stella_probe *p, stella_error *err) {
    (void)self;
    STELLA_AUTO(stella_buf_fini) stella_buf front = stella_buf_of(HEADER_BYTES_MAX);
    STELLA_AUTO(stella_buf_fini) stella_buf bytes = stella_buf_of(2 * HEADER_BYTES_MAX);
    stella_sv slug = STELLA_SV(""), values[HEADER_FIELDS] = {{0}};
    const kind what = kind_of(p->file->path, &slug);
    const stella_status status = what == NOTHING ? STELLA_OK : read_front(p, &front, err);
    if (status != STELLA_OK || what == NOTHING)
        return status;
    const uint32_t line = what == CORE ? header_core_version(stella_buf_sv(&front), &values[HEADER_VERSION])
                                       : header_read(stella_buf_sv(&front), values);
    if (line == 0)
        return STELLA_OK;
    if (fields_encode(line, values, HEADER_FIELDS, &bytes) != STELLA_OK)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a file's header");
    stella_record record = STELLA_RECORD_INIT;
    record.kind = STELLA_SV(HEADER_RECORD);
    record.key = stella_sv_first(values[HEADER_VERSION], 256);
    record.bytes = stella_buf_sv(&bytes);
    return stella_probe_record(p, &record, err);
}

/* ---- analysis ------------------------------------------------------------------------------------------------------
 */

static entry entry_of(kind what, stella_sv slug) {
    switch (what) {
    case CORE:
        return (entry){.type = STELLA_SV("generic"), .name = STELLA_SV("wordpress"), .method = "metadata"};
    case THEME:
        return (entry){.type = STELLA_SV("wordpress-theme"), .name = slug, .method = "metadata"};
    default:
        return (entry){.type = STELLA_SV("wordpress-plugin"), .name = slug, .method = "metadata"};
    }
}

/* What WordPress' handbook and its directory call the licenses that nearly all have. */
static stella_sv license_of(stella_sv text) {
    static const struct {
        stella_sv name, spdx;
    } names[] = {
        {STELLA_SV_INIT("GPLv2 or later"), STELLA_SV_INIT("GPL-2.0-or-later")},
        {STELLA_SV_INIT("GPL v2 or later"), STELLA_SV_INIT("GPL-2.0-or-later")},
        {STELLA_SV_INIT("GNU General Public License v2 or later"), STELLA_SV_INIT("GPL-2.0-or-later")},
        {STELLA_SV_INIT("GPLv3 or later"), STELLA_SV_INIT("GPL-3.0-or-later")},
        {STELLA_SV_INIT("GPL v3 or later"), STELLA_SV_INIT("GPL-3.0-or-later")},
        {STELLA_SV_INIT("GNU General Public License v3 or later"), STELLA_SV_INIT("GPL-3.0-or-later")},
    };
    for (uint32_t i = 0; i < STELLA_COUNT(names); i++)
        if (stella_sv_ieq(text, names[i].name))
            return names[i].spdx;
    return text;
}

static stella_status add_details(stella_analysis *job, stella_component *c, kind what, const stella_sv *values,
                                 stella_error *err) {
    if (what == CORE) {
        const stella_sv cpe = stella_arena_printf(job->arena, "cpe:2.3:a:wordpress:wordpress:%.*s:*:*:*:*:*:*:*",
                                                  STELLA_SV_FMT(values[HEADER_VERSION]));
        if (!cpe.ptr)
            return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a name");
        stella_component_set(c, STELLA_FIELD_KIND, STELLA_SV("application"));
        stella_component_set(c, STELLA_FIELD_CPE, cpe);
        return STELLA_OK;
    }
    stella_component_set(c, STELLA_FIELD_HOMEPAGE, values[HEADER_URI]);
    stella_component_set(c, STELLA_FIELD_DESCRIPTION, values[HEADER_DESCRIPTION]);
    stella_component_set(c, STELLA_FIELD_MAINTAINER, values[HEADER_AUTHOR]);
    stella_component_property(c, STELLA_SV("wordpress:name"), values[HEADER_NAME]);
    return entry_license(c, license_of(values[HEADER_LICENSE]), err);
}

static stella_status add_record(stella_analysis *job, const stella_record *record, stella_error *err) {
    stella_sv values[HEADER_FIELDS], slug = STELLA_SV("");
    uint32_t line;
    const stella_status status = fields_decode(record->bytes, HEADER_FIELDS, &line, values, err);
    if (status != STELLA_OK)
        return status;
    const kind what = kind_of(record->path, &slug);
    entry e = entry_of(what, slug);
    e.version = values[HEADER_VERSION];
    e.line = line;
    const stella_file file = {
        .struct_size = sizeof file, .kind = STELLA_FILE_REGULAR, .layer = record->layer, .path = record->path};
    stella_component *c = entry_add(job, &file, &e);
    if (!c)
        return STELLA_OK;
    stella_component_from_record(c, record);
    return add_details(job, c, what, values, err);
}

static stella_status analyze(void *self, stella_analysis *job, stella_error *err) {
    (void)self;
    stella_record record = STELLA_RECORD_INIT;
    stella_status status = STELLA_OK;
    for (stella_records it = stella_records_of(STELLA_SV(HEADER_RECORD));
         status == STELLA_OK && stella_records_next(job, &it, &record);)
        status = add_record(job, &record, err);
    return status;
}

STELLA_ANALYZER("org.stella-ops.analyzer.wordpress", "0.1.0", STELLA_PHASE_APPLICATIONS, interests, .probe = probe,
                .analyze = analyze);

#include "describe.h"

#include "common/entry.h"
#include "common/fields.h"
#include "common/words.h"

#include <stella/auto.h>

#include <stdio.h>

/* No module has this name, nor can it be met among what one depends on. */
#define KERNEL_NAME STELLA_SV("/")

enum { RELEASE, BANNER, FORMAT, ARCHITECTURE, KERNEL_FIELDS };
enum {
    NAME,
    VERSION,
    SOURCE_VERSION,
    MAGIC,
    LICENSE,
    DESCRIPTION,
    DEPENDS,
    AUTHORS,
    ALIASES, /* how many */
    TRAITS,  /* letters: d device, t in tree, s signature */
    MODULE_FIELDS
};

static stella_status no_memory(stella_error *err) {
    return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for kernels and modules");
}

static stella_status emit(stella_probe *probe, const char *kind, stella_sv key, const stella_sv *values, uint32_t count,
                          stella_error *err) {
    STELLA_AUTO(stella_buf_fini) stella_buf bytes = stella_buf_of(8u << 20);
    if (!key.ptr || fields_encode(0, values, count, &bytes) != STELLA_OK)
        return no_memory(err);
    const stella_record record = {
        .struct_size = sizeof record, .kind = stella_sv_cstr(kind), .key = key, .bytes = stella_buf_sv(&bytes)};
    return stella_probe_record(probe, &record, err);
}

stella_status describe_kernel(stella_probe *probe, const image *kernel, stella_error *err) {
    const stella_sv values[KERNEL_FIELDS] = {[RELEASE] = kernel->release,
                                             [BANNER] = kernel->banner,
                                             [FORMAT] = stella_sv_cstr(kernel->format),
                                             [ARCHITECTURE] = stella_sv_cstr(kernel->architecture)};
    const stella_sv key = stella_arena_printf(probe->arena, "%.*s", STELLA_SV_FMT(kernel->release));
    return emit(probe, DESCRIBE_KERNEL, key, values, KERNEL_FIELDS, err);
}

/* In names of modules '-' is '_', which dependencies are not always written with. ptr NULL when the arena is spent. */
static stella_sv underscored(stella_sv name, stella_arena *arena) {
    char *copy = stella_arena_cstr(arena, name);
    for (size_t i = 0; copy && i < name.len; i++)
        if (copy[i] == '-')
            copy[i] = '_';
    return stella_sv_of(copy, copy ? name.len : 0);
}

/* "virtio_net" of ".../virtio-net.ko.xz". */
static stella_sv name_of_file(stella_sv path, stella_arena *arena) {
    stella_sv name = entry_pop(&path);
    for (size_t i = 0; i + 3 <= name.len; i++)
        if (stella_sv_starts(stella_sv_skip(name, i), STELLA_SV(".ko")))
            name = stella_sv_first(name, i);
    return underscored(name, arena);
}

stella_status describe_module(stella_probe *probe, const module *m, stella_error *err) {
    const stella_sv name = m->name.len ? m->name : name_of_file(probe->file->path, probe->arena);
    const stella_sv traits = stella_arena_printf(probe->arena, "%s%s%s", m->is_of_device ? "d" : "",
                                                 m->is_in_tree ? "t" : "", m->has_signature ? "s" : "");
    const stella_sv aliases = stella_arena_printf(probe->arena, "%u", m->aliases);
    const stella_sv key = stella_arena_printf(probe->arena, "%.*s %.*s %.*s", STELLA_SV_FMT(stella_sv_first(name, 256)),
                                              STELLA_SV_FMT(stella_sv_first(m->version, 256)),
                                              STELLA_SV_FMT(stella_sv_first(module_release(m), 256)));
    const stella_sv values[MODULE_FIELDS] = {
        [NAME] = name,
        [VERSION] = m->version,
        [SOURCE_VERSION] = m->source_version,
        [MAGIC] = m->magic,
        [LICENSE] = m->license,
        [DESCRIPTION] = m->description,
        [DEPENDS] = underscored(m->depends, probe->arena),
        [AUTHORS] = m->authors,
        [ALIASES] = aliases,
        [TRAITS] = traits,
    };
    if (!name.ptr || !traits.ptr || !aliases.ptr || !values[DEPENDS].ptr)
        return no_memory(err);
    return emit(probe, DESCRIBE_MODULE, key, values, MODULE_FIELDS, err);
}

/* ---- components */

static stella_file file_of(const stella_record *record) {
    return (stella_file){
        .struct_size = sizeof(stella_file), .kind = STELLA_FILE_REGULAR, .layer = record->layer, .path = record->path};
}

static void state(stella_component *c, const stella_record *record) {
    const stella_owned owned = {.struct_size = sizeof owned, .path = record->path};
    stella_component_from_record(c, record);
    stella_component_owns(c, &owned);
}

static void property(stella_component *c, stella_sv name, stella_sv value) {
    if (value.len)
        stella_component_property(c, name, value);
}

/* Digits and dots that the text begins with. */
static stella_sv numbers(stella_sv text) {
    size_t len = 0;
    while (len < text.len && ((text.ptr[len] >= '0' && text.ptr[len] <= '9') || text.ptr[len] == '.'))
        len++;
    return stella_sv_first(text, len);
}

stella_sv describe_upstream(stella_sv release, stella_sv banner) {
    const stella_sv debian = STELLA_SV(" Debian ");
    const char *at = banner.len ? memmem(banner.ptr, banner.len, debian.ptr, debian.len) : NULL;
    if (at)
        return numbers(stella_sv_skip(banner, (size_t)(at - banner.ptr) + debian.len));
    const stella_sv version = numbers(release);
    if (version.len < release.len && stella_sv_ends(version, STELLA_SV(".0")))
        return STELLA_SV("");
    return version;
}

static stella_status add_cpe(stella_component *c, stella_sv upstream, stella_arena *arena, stella_error *err) {
    if (upstream.len == 0)
        return STELLA_OK;
    const stella_sv cpe =
        stella_arena_printf(arena, "cpe:2.3:o:linux:linux_kernel:%.*s:*:*:*:*:*:*:*", STELLA_SV_FMT(upstream));
    if (!cpe.ptr)
        return no_memory(err);
    stella_component_set(c, STELLA_FIELD_CPE, cpe);
    return STELLA_OK;
}

stella_status describe_add_kernel(graph *g, const stella_record *record, stella_error *err) {
    stella_sv v[KERNEL_FIELDS];
    const stella_file file = file_of(record);
    const stella_status status = fields_decode(record->bytes, KERNEL_FIELDS, NULL, v, err);
    if (status != STELLA_OK)
        return status;
    const entry e = {
        .type = STELLA_SV("generic"), .name = STELLA_SV("linux-kernel"), .version = v[RELEASE], .method = "binary"};
    stella_component *c = entry_add(g->job, &file, &e);
    if (!c)
        return STELLA_OK;
    state(c, record);
    /* Not operating-system: readers of SBOMs take a component of that kind for the distribution. */
    stella_component_set(c, STELLA_FIELD_KIND, STELLA_SV("platform"));
    stella_component_set(c, STELLA_FIELD_ARCHITECTURE, v[ARCHITECTURE]);
    property(c, STELLA_SV("kernel:banner"), v[BANNER]);
    property(c, STELLA_SV("kernel:format"), v[FORMAT]);
    property(c, STELLA_SV("kernel:upstream-version"), describe_upstream(v[RELEASE], v[BANNER]));
    const stella_status added = add_cpe(c, describe_upstream(v[RELEASE], v[BANNER]), g->job->arena, err);
    return added == STELLA_OK && v[RELEASE].len ? graph_name(g, v[RELEASE], KERNEL_NAME, c, err) : added;
}

static int has_trait(stella_sv traits, char trait) {
    return stella_sv_find(traits, trait) < traits.len;
}

static stella_status add_needs(graph *g, stella_component *c, stella_sv release, stella_sv depends, stella_error *err) {
    stella_status status = graph_needs(g, c, release, KERNEL_NAME, 0, err);
    stella_sv name;
    while (status == STELLA_OK && depends.len && stella_sv_split(&depends, ',', &name))
        if (name.len)
            status = graph_needs(g, c, release, name, 0, err);
    return status;
}

static void add_facts(stella_component *c, const stella_sv *v) {
    if (has_trait(v[TRAITS], 'd'))
        stella_component_set(c, STELLA_FIELD_KIND, STELLA_SV("device-driver"));
    stella_component_set(c, STELLA_FIELD_DESCRIPTION, v[DESCRIPTION]);
    property(c, STELLA_SV("module:version"), v[VERSION]);
    property(c, STELLA_SV("module:srcversion"), v[SOURCE_VERSION]);
    property(c, STELLA_SV("module:vermagic"), v[MAGIC]);
    property(c, STELLA_SV("module:authors"), v[AUTHORS]);
    property(c, STELLA_SV("module:aliases"), v[ALIASES]);
    property(c, STELLA_SV("module:intree"), has_trait(v[TRAITS], 't') ? STELLA_SV("yes") : STELLA_SV("no"));
    property(c, STELLA_SV("module:signature"), has_trait(v[TRAITS], 's') ? STELLA_SV("appended") : STELLA_SV("none"));
}

/* A module of the kernel's own sources without a version has the kernel's. */
static stella_sv version_of(const stella_sv *v, stella_sv release) {
    if (word_is_plain(v[VERSION]))
        return v[VERSION];
    return has_trait(v[TRAITS], 't') ? release : (stella_sv){0};
}

stella_status describe_add_module(graph *g, const stella_record *record, stella_error *err) {
    stella_sv v[MODULE_FIELDS];
    const stella_file file = file_of(record);
    stella_status status = fields_decode(record->bytes, MODULE_FIELDS, NULL, v, err);
    if (status != STELLA_OK)
        return status;
    const stella_sv release = stella_sv_first(v[MAGIC], stella_sv_find(v[MAGIC], ' '));
    const entry e = {.type = STELLA_SV("generic"),
                     .namespace_ = STELLA_SV("linux-kernel"), /* lz4 of the kernel is not the library lz4 */
                     .name = v[NAME],
                     .version = version_of(v, release),
                     .method = "metadata"};
    stella_component *c = entry_add(g->job, &file, &e);
    if (!c)
        return STELLA_OK;
    state(c, record);
    add_facts(c, v);
    status = entry_license(c, v[LICENSE], err);
    if (status == STELLA_OK && release.len) {
        status = graph_name(g, release, v[NAME], c, err);
        return status == STELLA_OK ? add_needs(g, c, release, v[DEPENDS], err) : status;
    }
    return status;
}

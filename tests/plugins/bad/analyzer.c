/* analyzer.c - an analyzer with a hole: the file etc/deed says "probe DEED" or "analyze DEED", and it obeys. Built with
 * AT_LOAD, it does that deed while it is created. For tests of what a plugin that misbehaves, or that a hostile image
 * has taken over, can do to others: nothing. */
#include "forge.h"
#include "plugins/misbehave.h"

#include <stella/analyzer.h>

#define NOWHERE 16 /* an address at which nothing is */

static const char *const at_load =
#ifdef AT_LOAD
    AT_LOAD;
#else
    "";
#endif

static const stella_interest interests[] = {
    {.mode = STELLA_KEEP | STELLA_PROBE, .path = "etc/deed", .max_bytes = 4096},
};

/* A length that no memory has. */
static stella_sv garbage(void) {
    return stella_sv_of((const char *)(uintptr_t)NOWHERE, SIZE_MAX - 100);
}

static stella_status probe_with_garbage(stella_probe *probe, stella_error *err) {
    static const uint32_t sizes[] = {0, 1, UINT32_MAX};
    stella_record record = STELLA_RECORD_INIT;
    for (uint32_t i = 0; i < STELLA_COUNT(sizes); i++) {
        record.struct_size = sizes[i];
        stella_probe_record(probe, &record, err);
    }
    record = (stella_record){.struct_size = sizeof record, .kind = garbage(), .key = garbage(), .bytes = garbage()};
    stella_probe_note(probe, UINT32_MAX, UINT32_MAX, garbage());
    return stella_probe_record(probe, &record, err);
}

static stella_status analyze_with_garbage(stella_analysis *job, const stella_file *file, stella_error *err) {
    stella_component *c = stella_component_add(job, STELLA_SV("generic"), garbage(), garbage(), UINT32_MAX);
    const stella_owned owned = {.struct_size = UINT32_MAX, .path = garbage(), .digest = garbage()};
    const stella_record record = {.struct_size = UINT32_MAX, .kind = garbage(), .bytes = garbage()};
    stella_component_evidence(c, file, UINT32_MAX, garbage());
    stella_component_owns(c, &owned);
    stella_component_introduced(c, UINT32_MAX);
    return stella_publish(job, &record, err);
}

/* Does it with standard error for what writes to a descriptor. */
static stella_status commit(stella_sv deed, stella_error *err) {
    char name[64] = {0};
    memcpy(name, deed.ptr, deed.len < sizeof name ? deed.len : sizeof name - 1);
    const int refused = misbehave(name, 2);
    if (refused)
        return stella_error_set(err, STELLA_E_DENIED, NULL, "%s refused: %s", name, strerror(refused));
    return STELLA_OK;
}

/* What follows the moment in the file's text; empty when it is another moment's. */
static stella_sv deed_of(stella_sv text, stella_sv moment) {
    stella_sv rest = stella_sv_trim(text), word = {0};
    return stella_sv_split(&rest, ' ', &word) && stella_sv_eq(word, moment) ? rest : (stella_sv){0};
}

static stella_status probe(void *self, stella_probe *probe_, stella_error *err) {
    (void)self;
    stella_sv text;
    const stella_status status = stella_probe_read(probe_, &text, err);
    if (status != STELLA_OK)
        return status;
    const stella_sv deed = deed_of(text, STELLA_SV("probe"));
    if (deed.len == 0)
        return STELLA_OK;
    if (stella_sv_eq(deed, STELLA_SV("sizes")))
        return probe_with_garbage(probe_, err);
    if (stella_sv_eq(deed, STELLA_SV("forge")))
        forge_layer();
    return commit(deed, err);
}

static stella_status analyze(void *self, stella_analysis *job, stella_error *err) {
    (void)self;
    stella_file file = STELLA_FILE_INIT;
    stella_status status = STELLA_OK;
    for (stella_files it = stella_files_of(0); status == STELLA_OK && stella_files_next(job, &it, &file);) {
        const stella_sv deed = deed_of(file.bytes, STELLA_SV("analyze"));
        if (stella_sv_eq(deed, STELLA_SV("sizes")))
            status = analyze_with_garbage(job, &file, err);
        else if (stella_sv_eq(deed, STELLA_SV("forge")))
            status = stella_error_set(err, STELLA_E_DENIED, NULL, "%d descriptors took it", forge_descriptors());
        else if (deed.len)
            status = commit(deed, err);
    }
    return status;
}

static const stella_analyzer good = {.head = STELLA_HEAD(stella_analyzer),
                                     .phase = STELLA_PHASE_PACKAGES,
                                     .interest_count = STELLA_COUNT(interests),
                                     .interest_stride = sizeof interests[0],
                                     .interests = interests,
                                     .probe = probe,
                                     .analyze = analyze};
static const stella_analyzer boundless = {
    .head = {.struct_size = UINT32_MAX, .major = STELLA_ABI_MAJOR, .minor = STELLA_ABI_MINOR},
    .phase = UINT32_MAX,
    .interest_count = UINT32_MAX,
    .interest_stride = 1,
    .interests = interests,
    .probe = probe,
    .analyze = analyze};

static const void *get_interface(const char *id) {
    if (strcmp(id, STELLA_ANALYZER_INTERFACE) != 0)
        return NULL;
    return strcmp(at_load, "sizes") == 0 ? &boundless : &good;
}

static stella_status create(const stella_host *host, void **instance, stella_error *err) {
    (void)host;
    (void)err;
    *instance = NULL;
    if (at_load[0])
        misbehave(at_load, 2); /* refused or not: a plugin that does not care */
    return STELLA_OK;
}

STELLA_EXPORT const stella_plugin_entry stella_plugin = {.head = STELLA_HEAD(stella_plugin_entry),
                                                         .id = "org.example.bad",
                                                         .version = "1.0.0",
                                                         .create = create,
                                                         .get_interface = get_interface};

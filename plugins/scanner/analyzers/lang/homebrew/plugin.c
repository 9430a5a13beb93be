/* The analyzer of Homebrew's kegs and casks (README.md). */
#include "formula.h"

#include "common/documents.h"
#include "common/graph.h"

#include <stella/auto.h>
#include <stella/sink.h>

#define FILE_BYTES_MAX    (4u << 20)
#define SCRATCH_BYTES_MAX (16u << 20)

enum { RECEIPT, FORMULA, CASK };

static const stella_interest interests[] = {
    [RECEIPT] = {.mode = STELLA_KEEP, .name = "INSTALL_RECEIPT.json", .below = "Cellar", .max_bytes = FILE_BYTES_MAX},
    [FORMULA] =
        {.mode = STELLA_KEEP, .suffix = ".rb", .parent = ".brew", .below = "Cellar", .max_bytes = FILE_BYTES_MAX},
    [CASK] = {.mode = STELLA_KEEP, .parent = "Casks", .below = "Caskroom", .max_bytes = FILE_BYTES_MAX},
};

/* A keg: .../Cellar/NAME/VERSION. */
typedef struct keg {
    stella_sv folder, cellar, name, version;
} keg;

static int keg_of(stella_sv folder, keg *out) {
    keg k = {.folder = folder, .cellar = folder};
    k.version = entry_pop(&k.cellar);
    k.name = entry_pop(&k.cellar);
    stella_sv last = k.cellar;
    *out = k;
    return stella_sv_eq(entry_pop(&last), STELLA_SV("Cellar")) && k.name.len != 0;
}

/* The core tap is the one that is meant when none is named. */
static stella_component *add_keg(stella_analysis *job, const stella_file *file, const keg *k, stella_sv tap) {
    const entry e = {.type = STELLA_SV("brew"),
                     .namespace_ = stella_sv_eq(tap, STELLA_SV("homebrew/core")) ? STELLA_SV("") : tap,
                     .name = k->name,
                     .version = k->version,
                     .method = "metadata"};
    return entry_add(job, file, &e);
}

static stella_status add_formula(stella_analysis *job, stella_component *c, const stella_file *file,
                                 stella_error *err) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *scratch = NULL;
    formula found = {.license_count = 0};
    stella_error why = {0};
    stella_status status = entry_scratch(SCRATCH_BYTES_MAX, &scratch, err);
    if (status != STELLA_OK)
        return status;
    stella_component_evidence(c, file, 0, STELLA_SV("metadata"));
    if (formula_read(file->bytes, scratch, &found, &why) != STELLA_OK)
        entry_fault(job, file, &why);
    stella_component_set(c, STELLA_FIELD_DESCRIPTION, found.description);
    stella_component_set(c, STELLA_FIELD_HOMEPAGE, found.homepage);
    for (uint32_t i = 0; status == STELLA_OK && i < found.license_count; i++)
        status = entry_license(c, found.licenses[i], err);
    return status;
}

/* A path of the keg with its name, ".brew/NAME.rb". */
static int find_beside(stella_analysis *job, const keg *k, const char *dir, stella_sv name, const char *end,
                       stella_file *out) {
    STELLA_AUTO(stella_buf_fini) stella_buf path = stella_buf_of(1u << 16);
    return stella_buf_printf(&path, "%.*s/%s%.*s%s", STELLA_SV_FMT(k->folder), dir, STELLA_SV_FMT(name), end) ==
               STELLA_OK &&
           stella_view_stat(job, stella_buf_sv(&path), out, NULL) == STELLA_OK && out->bytes.ptr;
}

static stella_status take_receipt(void *self, const stella_file *file, const stella_json *root, stella_error *err) {
    graph *g = self;
    const stella_json *needs = stella_json_get(root, "runtime_dependencies"), *item;
    stella_file rb = STELLA_FILE_INIT;
    stella_sv folder = file->path;
    keg k;
    (void)entry_pop(&folder);
    if (!keg_of(folder, &k))
        return STELLA_OK;
    stella_component *c =
        add_keg(g->job, file, &k, stella_json_str(stella_json_get(stella_json_get(root, "source"), "tap")));
    if (!c)
        return STELLA_OK;
    stella_status status = graph_name(g, k.cellar, k.name, c, err);
    for (uint32_t i = 0; status == STELLA_OK && (item = stella_json_at(needs, i)); i++) {
        stella_sv name = stella_json_str(stella_json_get(item, "full_name"));
        status = graph_needs(g, c, k.cellar, entry_pop(&name), 0, err);
    }
    if (status == STELLA_OK && find_beside(g->job, &k, ".brew/", k.name, ".rb", &rb))
        status = add_formula(g->job, c, &rb, err);
    return status;
}

/* A keg whose receipt was left behind. */
static stella_status add_orphans(graph *g, stella_error *err) {
    stella_file file = STELLA_FILE_INIT, receipt = STELLA_FILE_INIT;
    stella_status status = STELLA_OK;
    for (stella_files it = stella_files_of(FORMULA); status == STELLA_OK && stella_files_next(g->job, &it, &file);) {
        stella_sv folder = file.path;
        keg k;
        (void)entry_pop(&folder);
        (void)entry_pop(&folder);
        if (!keg_of(folder, &k) || find_beside(g->job, &k, "", STELLA_SV("INSTALL_RECEIPT.json"), "", &receipt))
            continue;
        stella_component *c = add_keg(g->job, &file, &k, STELLA_SV(""));
        if (!c)
            continue;
        status = graph_name(g, k.cellar, k.name, c, err);
        if (status == STELLA_OK)
            status = add_formula(g->job, c, &file, err);
    }
    return status;
}

/* Caskroom/NAME/.metadata/VERSION/TIME/Casks/NAME.rb or .json: the path says all that is needed. */
static void add_casks(stella_analysis *job) {
    stella_file file = STELLA_FILE_INIT;
    for (stella_files it = stella_files_of(CASK); stella_files_next(job, &it, &file);) {
        stella_sv path = file.path;
        (void)entry_pop(&path); /* the file */
        (void)entry_pop(&path); /* "Casks" */
        (void)entry_pop(&path); /* the time */
        entry e = {.type = STELLA_SV("brew"), .namespace_ = STELLA_SV("homebrew/cask"), .method = "metadata"};
        e.version = entry_pop(&path);
        const int is_metadata = stella_sv_eq(entry_pop(&path), STELLA_SV(".metadata"));
        e.name = entry_pop(&path);
        stella_component *c = is_metadata && e.name.len ? entry_add(job, &file, &e) : NULL;
        if (c)
            stella_component_set(c, STELLA_FIELD_KIND, STELLA_SV("application"));
    }
}

static stella_status analyze(void *self, stella_analysis *job, stella_error *err) {
    (void)self;
    graph g = graph_of(job);
    stella_status status = documents_read(job, RECEIPT, stella_json_parse, take_receipt, &g, err);
    if (status == STELLA_OK)
        status = add_orphans(&g, err);
    if (status != STELLA_OK)
        return status;
    graph_relate(&g);
    add_casks(job);
    return STELLA_OK;
}

STELLA_ANALYZER("org.stella-ops.analyzer.homebrew", "0.1.0", STELLA_PHASE_APPLICATIONS, interests, .analyze = analyze);

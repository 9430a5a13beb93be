/* The analyzer of Helm charts (README.md). */
#include "common/documents.h"
#include "common/graph.h"
#include "common/yaml/yaml.h"

#define CHART_BYTES_MAX (4u << 20)

enum { CHART, CHART_LOCK, REQUIREMENTS_LOCK };

static const stella_interest interests[] = {
    [CHART] = {.mode = STELLA_KEEP, .name = "Chart.yaml", .max_bytes = CHART_BYTES_MAX},
    [CHART_LOCK] = {.mode = STELLA_KEEP, .name = "Chart.lock", .max_bytes = CHART_BYTES_MAX},
    [REQUIREMENTS_LOCK] = {.mode = STELLA_KEEP, .name = "requirements.lock", .max_bytes = CHART_BYTES_MAX},
};

static stella_sv text_of(const stella_json *object, const char *key) {
    return stella_json_str(stella_json_get(object, key));
}

/* The folder of the chart that a chart in its "charts" belongs to; empty when it stands for itself.
 * folder  of the chart */
static int parent_of(stella_sv folder, stella_sv *out) {
    (void)entry_pop(&folder);
    const int is_sub = stella_sv_eq(entry_pop(&folder), STELLA_SV("charts"));
    *out = folder;
    return is_sub;
}

static stella_status add_needs(graph *g, stella_component *c, stella_sv folder, const stella_json *chart,
                               stella_error *err) {
    const stella_json *list = stella_json_get(chart, "dependencies"), *item;
    stella_status status = STELLA_OK;
    for (uint32_t i = 0; status == STELLA_OK && (item = stella_json_at(list, i)); i++)
        status = graph_needs(g, c, folder, text_of(item, "name"),
                             text_of(item, "condition").len ? STELLA_RELATION_OPTIONAL : 0, err);
    return status;
}

static stella_status take_chart(void *self, const stella_file *file, const stella_json *root, stella_error *err) {
    graph *g = self;
    const stella_json *chart = stella_json_at(root, 0), *name = stella_json_get(chart, "name");
    const entry e = {.type = STELLA_SV("helm"),
                     .name = stella_json_str(name),
                     .version = text_of(chart, "version"),
                     .line = name ? name->line : 0,
                     .method = "metadata"};
    stella_sv folder = file->path, parent;
    (void)entry_pop(&folder);
    stella_component *c = entry_add(g->job, file, &e);
    if (!c)
        return STELLA_OK;
    stella_component_set(c, STELLA_FIELD_KIND, STELLA_SV("application"));
    stella_component_set(c, STELLA_FIELD_DESCRIPTION, text_of(chart, "description"));
    stella_component_set(c, STELLA_FIELD_HOMEPAGE, text_of(chart, "home"));
    if (text_of(chart, "appVersion").len)
        stella_component_property(c, STELLA_SV("helm:app-version"), text_of(chart, "appVersion"));
    stella_status status =
        entry_license(c, text_of(stella_json_get(chart, "annotations"), "artifacthub.io/license"), err);
    if (status == STELLA_OK && parent_of(folder, &parent))
        status = graph_name(g, parent, e.name, c, err);
    return status == STELLA_OK ? add_needs(g, c, folder, chart, err) : status;
}

static stella_status take_lock(void *self, const stella_file *file, const stella_json *root, stella_error *err) {
    graph *g = self;
    const stella_json *list = stella_json_get(stella_json_at(root, 0), "dependencies"), *item;
    stella_sv folder = file->path;
    stella_status status = STELLA_OK;
    (void)entry_pop(&folder);
    for (uint32_t i = 0; status == STELLA_OK && (item = stella_json_at(list, i)); i++) {
        const entry e = {.type = STELLA_SV("helm"),
                         .name = text_of(item, "name"),
                         .version = text_of(item, "version"),
                         .line = item->line,
                         .flags = STELLA_COMPONENT_DECLARED,
                         .method = "lockfile"};
        stella_component *c = entry_add(g->job, file, &e);
        if (!c)
            continue;
        if (text_of(item, "repository").len)
            stella_component_property(c, STELLA_SV("helm:repository"), text_of(item, "repository"));
        status = graph_name(g, folder, e.name, c, err);
    }
    return status;
}

static stella_status analyze(void *self, stella_analysis *job, stella_error *err) {
    (void)self;
    graph g = graph_of(job);
    stella_status status = documents_read(job, CHART, yaml_parse, take_chart, &g, err);
    if (status == STELLA_OK)
        status = documents_read_locks(job, CHART_LOCK, yaml_parse, take_lock, &g, err);
    if (status == STELLA_OK)
        status = documents_read_locks(job, REQUIREMENTS_LOCK, yaml_parse, take_lock, &g, err);
    if (status == STELLA_OK)
        graph_relate(&g);
    return status;
}

STELLA_ANALYZER("org.stella-ops.analyzer.helm", "0.1.0", STELLA_PHASE_APPLICATIONS, interests, .analyze = analyze);

/* The analyzer of GitHub's workflows and actions (README.md). */
#include "uses.h"

#include "common/documents.h"
#include "common/yaml/yaml.h"

#define WORKFLOW_BYTES_MAX (4u << 20)

static const stella_interest interests[] = {
    {.mode = STELLA_KEEP, .parent = "workflows", .suffix = ".yml", .below = ".github", .max_bytes = WORKFLOW_BYTES_MAX},
    {.mode = STELLA_KEEP,
     .parent = "workflows",
     .suffix = ".yaml",
     .below = ".github",
     .max_bytes = WORKFLOW_BYTES_MAX},
    {.mode = STELLA_KEEP, .name = "action.yml", .max_bytes = WORKFLOW_BYTES_MAX},
    {.mode = STELLA_KEEP, .name = "action.yaml", .max_bytes = WORKFLOW_BYTES_MAX},
};

static void add(stella_analysis *job, const stella_file *file, const stella_json *value) {
    uses found;
    if (!uses_parse(stella_json_str(value), &found))
        return;
    const entry e = {.type = STELLA_SV("github"),
                     .namespace_ = found.owner,
                     .name = found.repository,
                     .version = found.reference,
                     .line = value->line,
                     .flags = STELLA_COMPONENT_DECLARED,
                     .method = "manifest"};
    stella_component *c = entry_add(job, file, &e);
    if (c && found.folder.len && entry_is_path(found.folder))
        stella_component_set(c, STELLA_FIELD_SUBPATH, found.folder);
}

static void take_steps(stella_analysis *job, const stella_file *file, const stella_json *steps) {
    const stella_json *step;
    for (uint32_t i = 0; (step = stella_json_at(steps, i)); i++)
        add(job, file, stella_json_get(step, "uses"));
}

/* jobs.NAME.uses and jobs.NAME.steps[].uses of a workflow; runs.steps[].uses of an action. */
static stella_status take_file(void *self, const stella_file *file, const stella_json *root, stella_error *err) {
    stella_analysis *job = self;
    const stella_json *document = stella_json_at(root, 0), *jobs = stella_json_get(document, "jobs");
    (void)err;
    for (uint32_t i = 0; stella_json_is(jobs, STELLA_JSON_OBJECT) && i < jobs->count; i++) {
        add(job, file, stella_json_get(&jobs->members[i].value, "uses"));
        take_steps(job, file, stella_json_get(&jobs->members[i].value, "steps"));
    }
    take_steps(job, file, stella_json_get(stella_json_get(document, "runs"), "steps"));
    return STELLA_OK;
}

static stella_status analyze(void *self, stella_analysis *job, stella_error *err) {
    (void)self;
    stella_status status = STELLA_OK; /* packages are published with the workflows of their own development */
    for (uint32_t i = 0; i < STELLA_COUNT(interests) && status == STELLA_OK; i++)
        status = documents_read_locks(job, i, yaml_parse, take_file, job, err);
    return status;
}

STELLA_ANALYZER("org.stella-ops.analyzer.github-actions", "0.1.0", STELLA_PHASE_APPLICATIONS, interests,
                .analyze = analyze);

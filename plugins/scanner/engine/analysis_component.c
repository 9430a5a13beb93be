/* What analyzers say of components and of relations between them. */
#include "analysis.h"

#include "path.h"

#include <stella/auto.h>

#include <stdlib.h>

/* A handle that this call gave out; anything else fails it. NULL when there is nothing to add to. */
static finding *known(analysis *job, stella_component *c, const char *what) {
    if (!c || c->ops != &analysis_component_ops || ((finding *)c)->job != job) {
        analysis_fail(job, STELLA_E_INVALID, what, "a component that this call did not add");
        return NULL;
    }
    return (finding *)c;
}

static analysis *job_of(stella_component *c) {
    return ((finding *)c)->job;
}

static int is_refused(stella_component *c) {
    return (finding *)c == &job_of(c)->refused;
}

/* Whether to go on: not for components that were refused, nor once the call has failed. */
static int goes_on(stella_component *c) {
    return !is_refused(c) && job_of(c)->failed.code == STELLA_OK;
}

static int name_fits(analysis *job, stella_sv type, stella_sv name, stella_sv version) {
    if (type.len <= ANALYSIS_NAME_MAX && name.len <= ANALYSIS_NAME_MAX && version.len <= ANALYSIS_NAME_MAX)
        return 1;
    analysis_note(job, STELLA_NOTE_ERROR, STELLA_SV("limit"), (stella_sv){0}, 0,
                  STELLA_SV("a component with a name or version of more than 4096 bytes was left out"));
    return 0;
}

stella_component *analysis_component_add(stella_analysis *base, stella_sv type, stella_sv name, stella_sv version,
                                         uint32_t flags) {
    analysis *job = (analysis *)base;
    if (!analysis_accepts(job, type, "component_add type") || !analysis_accepts(job, name, "component_add name") ||
        !analysis_accepts(job, version, "component_add version"))
        return &job->refused.base;
    if (!type.len || !name.len)
        analysis_fail(job, STELLA_E_INVALID, "component_add", "a component without %s", type.len ? "name" : "type");
    if (flags & ~FINDING_FLAGS_KNOWN)
        analysis_fail(job, STELLA_E_INVALID, "component_add", "flags 0x%x are not known", flags);
    if (job->stage->findings.count == ANALYSIS_COMPONENTS_MAX)
        analysis_fail(job, STELLA_E_LIMIT, "component_add", "more than %u components", ANALYSIS_COMPONENTS_MAX);
    if (!name_fits(job, type, name, version))
        return &job->refused.base;
    finding *f = analysis_append(job, &job->stage->findings, sizeof *f);
    if (!f)
        return &job->refused.base;
    *f = (finding){.base = job->refused.base,
                   .job = job,
                   .type = analysis_keep(job, type),
                   .name = analysis_keep(job, name),
                   .version = analysis_keep(job, version),
                   .flags = flags,
                   .introduced = FINDING_NOT_SET};
    return &f->base;
}

/* Too many relations cost the rest of them; to lose the components as well would be a way of hiding them. */
static int relation_fits(analysis *job) {
    if (job->stage->relations.count < ANALYSIS_RELATIONS_MAX)
        return 1;
    if (!job->has_lost_relations)
        analysis_note(job, STELLA_NOTE_ERROR, STELLA_SV("limit"), (stella_sv){0}, 0,
                      STELLA_SV("more than 2000000 relations: the rest was left out"));
    job->has_lost_relations = 1;
    return 0;
}

void analysis_relate(stella_analysis *base, stella_component *from, stella_component *to, uint32_t kind,
                     uint32_t flags) {
    analysis *job = (analysis *)base;
    const finding *a = known(job, from, "relate from"), *b = known(job, to, "relate to");
    if (kind != STELLA_RELATION_DEPENDS_ON && kind != STELLA_RELATION_CONTAINS)
        analysis_fail(job, STELLA_E_INVALID, "relate", "kind %u is not known", kind);
    if (flags & ~(STELLA_RELATION_INFERRED | STELLA_RELATION_OPTIONAL | STELLA_RELATION_DEV))
        analysis_fail(job, STELLA_E_INVALID, "relate", "flags 0x%x are not known", flags);
    if (job->failed.code != STELLA_OK || a == &job->refused || b == &job->refused || !relation_fits(job))
        return;
    finding_relation *r = analysis_append(job, &job->stage->relations, sizeof *r);
    if (r)
        *r = (finding_relation){.from = a, .to = b, .kind = kind, .flags = flags};
}

static void set(stella_component *c, uint32_t field, stella_sv value) {
    analysis *job = job_of(c);
    if (field == 0 || field >= FINDING_FIELDS)
        analysis_fail(job, STELLA_E_INVALID, "component_set", "field %u is not known", field);
    if (analysis_accepts(job, value, "component_set value") && goes_on(c))
        ((finding *)c)->fields[field] = analysis_keep_cut(job, value, "a field");
}

static void add_pair(stella_component *c, chain *pairs, stella_sv name, stella_sv value, const char *what) {
    analysis *job = job_of(c);
    if (!analysis_accepts(job, name, what) || !analysis_accepts(job, value, what))
        return;
    if (!name.len)
        analysis_fail(job, STELLA_E_INVALID, what, "a value without a name");
    stella_bom_pair *pair = goes_on(c) ? analysis_append(job, pairs, sizeof *pair) : NULL;
    if (pair)
        *pair =
            (stella_bom_pair){.name = analysis_keep_cut(job, name, what), .value = analysis_keep_cut(job, value, what)};
}

static void qualifier(stella_component *c, stella_sv key, stella_sv value) {
    add_pair(c, &((finding *)c)->qualifiers, key, value, "component_qualifier");
}

static void property(stella_component *c, stella_sv name, stella_sv value) {
    add_pair(c, &((finding *)c)->properties, name, value, "component_property");
}

static void license(stella_component *c, uint32_t how, stella_sv text) {
    analysis *job = job_of(c);
    if (how != STELLA_LICENSE_EXPRESSION && how != STELLA_LICENSE_NAME)
        analysis_fail(job, STELLA_E_INVALID, "component_license", "a license given in way %u", how);
    if (!analysis_accepts(job, text, "component_license text") || !goes_on(c) || !text.len)
        return;
    stella_bom_license *l = analysis_append(job, &((finding *)c)->licenses, sizeof *l);
    if (l)
        *l = (stella_bom_license){.text = analysis_keep_cut(job, text, "a license"), .how = how};
}

/* Hundreds of components are proven by one file: its path is kept once for those that follow each other. */
static stella_sv keep_same(analysis *job, stella_sv text, stella_sv *last) {
    if (!last->ptr || !stella_sv_eq(*last, text))
        *last = analysis_keep_cut(job, text, "a path or method");
    return *last;
}

static void evidence(stella_component *c, const stella_file *theirs, uint32_t line, stella_sv method) {
    analysis *job = job_of(c);
    stella_file file = STELLA_FILE_INIT;
    if (theirs)
        analysis_fill(&file, theirs->struct_size, theirs, sizeof file);
    if (!analysis_accepts(job, file.path, "component_evidence file") ||
        !analysis_accepts(job, method, "component_evidence method"))
        return;
    if (!file.path.len)
        analysis_fail(job, STELLA_E_INVALID, "component_evidence", "evidence without a file");
    if (file.layer >= job->base.layer_count)
        analysis_fail(job, STELLA_E_INVALID, "component_evidence", "layer %u of %u", file.layer, job->base.layer_count);
    stella_bom_evidence *e = goes_on(c) ? analysis_append(job, &((finding *)c)->evidence, sizeof *e) : NULL;
    if (e)
        *e = (stella_bom_evidence){.path = keep_same(job, file.path, &job->last_path),
                                   .method = keep_same(job, method, &job->last_method),
                                   .plugin = job->stage->plugin,
                                   .line = line,
                                   .layer = file.layer};
}

static void owns(stella_component *c, const stella_owned *theirs) {
    analysis *job = job_of(c);
    stella_owned file = {.struct_size = sizeof file};
    char buf[PATH_BYTES_MAX];
    stella_sv path;
    if (theirs)
        analysis_fill(&file, theirs->struct_size, theirs, sizeof file);
    if (!analysis_accepts(job, file.path, "component_owns path") ||
        !analysis_accepts(job, file.digest_alg, "component_owns digest_alg") ||
        !analysis_accepts(job, file.digest, "component_owns digest"))
        return;
    /* The list comes from the image: an entry that is no path is left out, and said. */
    if (path_clean(file.path, buf, sizeof buf, &path, NULL) != PATH_OK) {
        if (goes_on(c))
            analysis_note(job, STELLA_NOTE_ERROR, STELLA_SV("path"), (stella_sv){0}, 0,
                          STELLA_SV("a component owns what is not a path inside the root; left out"));
        return;
    }
    stella_bom_file *f = goes_on(c) ? analysis_append(job, &((finding *)c)->files, sizeof *f) : NULL;
    if (f)
        *f = (stella_bom_file){
            .path = analysis_keep(job, path),
            .digest_alg = file.digest_alg.len ? keep_same(job, file.digest_alg, &job->last_alg) : (stella_sv){0},
            .digest = file.digest.len ? analysis_keep_cut(job, file.digest, "a digest") : (stella_sv){0},
            .flags = file.flags};
}

static void introduced(stella_component *c, uint32_t layer) {
    analysis *job = job_of(c);
    if (layer >= job->base.layer_count)
        analysis_fail(job, STELLA_E_INVALID, "component_introduced", "layer %u of %u", layer, job->base.layer_count);
    if (goes_on(c))
        ((finding *)c)->introduced = layer;
}

/* What was stated before, joined with it. */
static const layer_set *join_layers(analysis *job, const layer_set *before, const uint32_t *layers, uint32_t count) {
    const uint32_t had = before ? before->count : 0;
    uint32_t index, total = 0, old = 0;
    STELLA_AUTO(stella_freep) uint32_t *joined = malloc(((size_t)had + count + 1) * sizeof *joined);
    for (uint32_t i = 0; joined && (i < count || old < had); total++) {
        const uint32_t next = old < had ? before->layers[old] : UINT32_MAX;
        joined[total] = i < count && layers[i] < next ? layers[i] : next;
        i += i < count && layers[i] == joined[total];
        old += old < had && before->layers[old] == joined[total];
    }
    if (joined && layer_sets_add(&job->sets, joined, total, &index) == STELLA_OK)
        return layer_sets_at(&job->sets, index);
    analysis_fail(job, STELLA_E_NOMEM, NULL, "what it states exceeds the memory it may take");
    return before;
}

static void layers(stella_component *c, const uint32_t *theirs, uint32_t count) {
    analysis *job = job_of(c);
    finding *f = (finding *)c;
    if (!theirs || !count) {
        analysis_fail(job, STELLA_E_INVALID, "component_layers", "no layers");
        return;
    }
    for (uint32_t i = 0; i < count && job->failed.code == STELLA_OK; i++)
        if (theirs[i] >= job->base.layer_count || (i && theirs[i] <= theirs[i - 1]))
            analysis_fail(job, STELLA_E_INVALID, "component_layers", "layer %u of %u, or not in ascending order",
                          theirs[i], job->base.layer_count);
    if (!goes_on(c))
        return;
    f->layers = join_layers(job, f->layers, theirs, count);
    f->introduced = f->layers->layers[0];
}

const stella_component_ops analysis_component_ops = {.head = STELLA_HEAD(stella_component_ops),
                                                     .set = set,
                                                     .qualifier = qualifier,
                                                     .license = license,
                                                     .evidence = evidence,
                                                     .owns = owns,
                                                     .property = property,
                                                     .introduced = introduced,
                                                     .layers = layers};

#include "usage.h"

#include "usage_requires.h"

#include <stella/auto.h>
#include <stella/sink.h>

#include <stdlib.h>

/* A file that a node uses. */
typedef struct used_file {
    uint64_t hash;
    uint64_t entrypoints; /* a bit each */
    stella_sv path, how, via;
} used_file;

/* That a component is used so. */
typedef struct reached {
    uint32_t component;
    stella_bom_use use;
} reached;

typedef struct usage {
    const phases_result *result;
    const stella_trace *trace;
    stella_arena *arena;
    stella_bom_entrypoint *entrypoints;
    uint32_t entrypoint_count;
    uint64_t *reaching; /* of each node: the entrypoints that it leads to, or is run for */
    used_file *files;   /* ordered by hash, path */
    uint32_t file_count;
    uint64_t *reached_by; /* of each component: the entrypoints */
    chain reached;        /* reached */
    int is_short;         /* of memory */
} usage;

static const stella_trace_node *node_at(const usage *u, uint32_t i) {
    return STELLA_AT(u->trace->nodes, stella_trace_node, i);
}

/* ---- entrypoints ---------------------------------------------------------------------------------------------------- */

static int needs_quotes(stella_sv word) {
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@%+=:,./-";
    for (size_t i = 0; i < word.len; i++)
        if (!word.ptr[i] || !strchr(plain, word.ptr[i]))
            return 1;
    return !word.len;
}

static void add_quoted(stella_buf *out, stella_sv word) {
    stella_buf_add(out, STELLA_SV("'"));
    for (size_t i = 0; i < word.len; i++)
        stella_buf_add(out, word.ptr[i] == '\'' ? STELLA_SV("'\\''") : stella_sv_of(word.ptr + i, 1));
    stella_buf_add(out, STELLA_SV("'"));
}

/* What is not known stands as it is written. */
static stella_sv command_of(usage *u, const stella_trace_node *n) {
    STELLA_AUTO(stella_buf_fini) stella_buf text = stella_buf_of(1u << 20);
    for (uint32_t i = 0; i < n->args.count; i++) {
        const stella_word *word = STELLA_AT(n->args, stella_word, i);
        if (i)
            stella_buf_add(&text, STELLA_SV(" "));
        if (!word->flags && needs_quotes(word->text))
            add_quoted(&text, word->text);
        else
            stella_buf_add(&text, word->text);
    }
    const stella_sv kept = stella_arena_dup(u->arena, stella_buf_sv(&text));
    u->is_short |= !kept.ptr;
    return kept;
}

static int by_launcher(const void *left, const void *right) {
    const stella_bom_entrypoint *a = left, *b = right;
    const int order = stella_sv_cmp(a->launcher, b->launcher);
    return order ? order : (a->node > b->node) - (a->node < b->node);
}

static int list_entrypoints(usage *u) {
    const stella_list *terminals = &u->trace->terminals;
    u->entrypoints = stella_arena_alloc(u->arena, terminals->count, sizeof *u->entrypoints);
    for (uint32_t i = 0; u->entrypoints && i < terminals->count; i++) {
        const uint32_t node = *STELLA_AT(*terminals, uint32_t, i);
        const stella_trace_node *n = node_at(u, node);
        const stella_sv file = n->main.len ? n->main : n->path;
        u->entrypoints[i] =
            (stella_bom_entrypoint){.launcher = stella_arena_printf(u->arena, "/%.*s", STELLA_SV_FMT(file)),
                                    .command = command_of(u, n),
                                    .type = n->type,
                                    .confidence = n->confidence,
                                    .node = node};
        u->is_short |= !u->entrypoints[i].launcher.ptr;
    }
    if (!u->entrypoints || u->is_short)
        return 0;
    if (terminals->count)
        qsort(u->entrypoints, terminals->count, sizeof *u->entrypoints, by_launcher);
    for (uint32_t i = 0; i < terminals->count && u->entrypoint_count < USAGE_ENTRYPOINTS_MAX; i++)
        if (!u->entrypoint_count ||
            !stella_sv_eq(u->entrypoints[u->entrypoint_count - 1].launcher, u->entrypoints[i].launcher))
            u->entrypoints[u->entrypoint_count++] = u->entrypoints[i];
    return 1;
}

static uint64_t bit_of(const usage *u, uint32_t terminal) {
    const stella_trace_node *n = node_at(u, terminal);
    const stella_sv file = n->main.len ? n->main : n->path;
    for (uint32_t i = 0; i < u->entrypoint_count; i++)
        if (stella_sv_eq(stella_sv_skip(u->entrypoints[i].launcher, 1), file))
            return 1ull << i;
    return 0;
}

/* ---- which entrypoints a node serves -------------------------------------------------------------------------------- */

static int is_onward(uint32_t step) {
    return step == STELLA_STEP_MAIN || step == STELLA_STEP_SERVICE;
}

/* What leads to a terminal serves it, by whatever edges; the graph is small. */
static void spread_up(usage *u) {
    for (int is_new = 1; is_new;) {
        is_new = 0;
        for (uint32_t i = 0; i < u->trace->edges.count; i++) {
            const stella_trace_edge *e = STELLA_AT(u->trace->edges, stella_trace_edge, i);
            const uint64_t before = u->reaching[e->from];
            u->reaching[e->from] |= u->reaching[e->to];
            is_new |= u->reaching[e->from] != before;
        }
    }
}

/* So does what is run, or read, on the way; and all that this runs. */
static void spread_down(usage *u, unsigned char *is_helper) {
    for (int is_new = 1; is_new;) {
        is_new = 0;
        for (uint32_t i = 0; i < u->trace->edges.count; i++) {
            const stella_trace_edge *e = STELLA_AT(u->trace->edges, stella_trace_edge, i);
            if (is_onward(e->step) && !is_helper[e->from])
                continue;
            const uint64_t before = u->reaching[e->to];
            u->reaching[e->to] |= u->reaching[e->from];
            const unsigned char was = is_helper[e->to];
            is_helper[e->to] |= e->step != STELLA_STEP_INCLUDE || is_helper[e->from];
            is_new |= u->reaching[e->to] != before || was != is_helper[e->to];
        }
    }
}

static int find_reaching(usage *u) {
    const uint32_t count = u->trace->nodes.count;
    u->reaching = stella_arena_alloc(u->arena, count, sizeof *u->reaching);
    unsigned char *is_helper = stella_arena_alloc(u->arena, count, 1);
    if (!u->reaching || !is_helper)
        return 0;
    for (uint32_t i = 0; i < u->trace->terminals.count; i++) {
        const uint32_t node = *STELLA_AT(u->trace->terminals, uint32_t, i);
        u->reaching[node] |= bit_of(u, node);
    }
    spread_up(u);
    spread_down(u, is_helper);
    return 1;
}

/* ---- the files ------------------------------------------------------------------------------------------------------ */

static uint64_t hash_of(stella_sv path) {
    uint64_t hash = 0xcbf29ce484222325u;
    for (size_t i = 0; i < path.len; i++)
        hash = (hash ^ (unsigned char)path.ptr[i]) * 0x100000001b3u;
    return hash;
}

static void add_file(usage *u, uint32_t node, stella_sv path, stella_sv how, stella_sv via) {
    if (path.len && u->reaching[node])
        u->files[u->file_count++] =
            (used_file){.hash = hash_of(path), .entrypoints = u->reaching[node], .path = path, .how = how, .via = via};
}

static int by_hash(const void *left, const void *right) {
    const used_file *a = left, *b = right;
    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    return stella_sv_cmp(a->path, b->path);
}

static int list_files(usage *u) {
    const stages *all = &u->result->stages;
    uint64_t total = (uint64_t)u->trace->nodes.count + u->trace->uses.count;
    for (uint32_t i = 0; i < all->count; i++)
        total += all->items[i]->uses.count;
    u->files = stella_arena_alloc(u->arena, total, sizeof *u->files);
    if (!u->files)
        return 0;
    for (uint32_t i = 0; i < u->trace->nodes.count; i++)
        add_file(u, i, node_at(u, i)->path, stella_node_kind_name(node_at(u, i)->kind), (stella_sv){0});
    for (uint32_t i = 0; i < u->trace->uses.count; i++) {
        const stella_trace_use *use = STELLA_AT(u->trace->uses, stella_trace_use, i);
        add_file(u, use->node, use->path, use->how, use->via);
    }
    for (uint32_t i = 0; i < all->count; i++)
        for (const finding_use *use = chain_first(&all->items[i]->uses); use; use = chain_next(use))
            add_file(u, use->node, use->path, use->how, use->via);
    if (u->file_count)
        qsort(u->files, u->file_count, sizeof *u->files, by_hash);
    return 1;
}

/* ---- from files to components --------------------------------------------------------------------------------------- */

static void reach(usage *u, uint32_t component, const used_file *file) {
    u->reached_by[component] |= file->entrypoints;
    for (uint32_t i = 0; i < u->entrypoint_count; i++) {
        if (!(file->entrypoints >> i & 1))
            continue;
        reached *r = chain_add(&u->reached, u->arena, sizeof *r);
        u->is_short |= !r;
        if (r)
            *r = (reached){.component = component,
                           .use = {.entrypoint = i, .path = file->path, .how = file->how, .via = file->via}};
    }
}

/* All that is known of a path's use. */
static void reach_by(usage *u, uint32_t component, stella_sv path) {
    const uint64_t hash = hash_of(path);
    uint32_t low = 0, high = u->file_count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (u->files[middle].hash < hash)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < u->file_count && u->files[low].hash == hash; low++)
        if (stella_sv_eq(u->files[low].path, path))
            reach(u, component, &u->files[low]);
}

static stella_sv outermost(stella_sv path) {
    for (size_t i = 0; i + 1 < path.len; i++)
        if (path.ptr[i] == '!' && path.ptr[i + 1] == '/')
            return stella_sv_first(path, i);
    return path;
}

/* What packages own is known by path at once; what analyzers of languages found may share its files with a package. */
static void find_components(usage *u) {
    const stages *all = &u->result->stages;
    const stella_bom_file *ignored;
    for (uint32_t i = 0; i < u->file_count; i++) {
        const finding *owner = ownership_of(u->result->owners, u->files[i].path, &ignored);
        if (owner)
            reach(u, owner->merged, &u->files[i]);
    }
    for (uint32_t i = 0; i < all->count; i++) {
        if (all->items[i]->phase != STELLA_PHASE_APPLICATIONS && all->items[i]->phase != STELLA_PHASE_BINARIES)
            continue;
        for (const finding *f = chain_first(&all->items[i]->findings); f; f = chain_next(f)) {
            for (const stella_bom_file *file = chain_first(&f->files); file; file = chain_next(file))
                reach_by(u, f->merged, file->path);
            for (const stella_bom_evidence *e = chain_first(&f->evidence); e; e = chain_next(e))
                reach_by(u, f->merged, outermost(e->path));
        }
    }
}

/* The file that proves a package stands for it; the one that proves who asks for it says why. */
static int reach_required(void *self, uint32_t component, uint64_t entrypoints, const finding *asked,
                          const finding *asker) {
    usage *u = self;
    const stella_bom_evidence *own = chain_first(&asked->evidence), *theirs = chain_first(&asker->evidence);
    const used_file file = {.entrypoints = entrypoints,
                            .path = own ? own->path : STELLA_SV(""),
                            .how = STELLA_SV("required"),
                            .via = theirs ? theirs->path : STELLA_SV("")};
    const stella_bom_file *ignored;
    const finding *owner = own ? ownership_of(u->result->owners, own->path, &ignored) : NULL;
    reach(u, component, &file);
    if (owner && owner->merged != component)
        reach(u, owner->merged, &file); /* the distribution's package that brought it */
    return !u->is_short;
}

static int by_component(const void *left, const void *right) {
    const reached *a = left, *b = right;
    int order = (a->component > b->component) - (a->component < b->component);
    if (!order)
        order = (a->use.entrypoint > b->use.entrypoint) - (a->use.entrypoint < b->use.entrypoint);
    if (!order)
        order = stella_sv_cmp(a->use.path, b->use.path);
    if (!order)
        order = stella_sv_cmp(a->use.how, b->use.how);
    return order ? order : stella_sv_cmp(a->use.via, b->use.via);
}

/* The uses of one component: items[first..next). */
static int give(usage *u, const reached *items, uint32_t first, uint32_t next, stella_bom_component *c) {
    stella_bom_use *uses = stella_arena_alloc(u->arena, next - first, sizeof *uses);
    uint32_t *entrypoints = stella_arena_alloc(u->arena, u->entrypoint_count, sizeof *entrypoints);
    uint32_t use_count = 0, count = 0;
    if (!uses || !entrypoints)
        return 0;
    for (uint32_t i = first; i < next; i++) {
        if (i > first && by_component(&items[i - 1], &items[i]) == 0)
            continue;
        if (!count || entrypoints[count - 1] != items[i].use.entrypoint)
            entrypoints[count++] = items[i].use.entrypoint;
        uses[use_count++] = items[i].use;
    }
    c->uses = (stella_list){.items = uses, .count = use_count, .stride = sizeof *uses};
    c->entrypoints = (stella_list){.items = entrypoints, .count = count, .stride = sizeof *entrypoints};
    return 1;
}

static int give_all(usage *u, stella_bom *bom) {
    reached *items = chain_array(&u->reached, u->arena, sizeof *items);
    stella_bom_component *components = (stella_bom_component *)(uintptr_t)bom->components.items;
    const uint32_t count = u->reached.count;
    if (!items || u->is_short)
        return 0;
    if (count)
        qsort(items, count, sizeof *items, by_component);
    for (uint32_t first = 0, next; first < count; first = next) {
        for (next = first; next < count && items[next].component == items[first].component;)
            next++;
        if (!give(u, items, first, next, &components[items[first].component]))
            return 0;
    }
    return 1;
}

stella_status usage_mark(const phases_result *result, const stella_trace *trace, stella_arena *arena, stella_bom *bom,
                         stella_error *err) {
    usage u = {.result = result, .trace = trace, .arena = arena};
    if (!trace)
        return STELLA_OK;
    u.reached_by = stella_arena_alloc(arena, bom->components.count, sizeof *u.reached_by);
    if (!u.reached_by || !list_entrypoints(&u) || !find_reaching(&u) || !list_files(&u))
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for what the entrypoints use");
    find_components(&u);
    if (usage_requires(&result->stages, u.reached_by, bom->components.count, reach_required, &u) != STELLA_OK ||
        !give_all(&u, bom))
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for what the entrypoints use");
    bom->trace = trace;
    bom->entrypoints =
        (stella_list){.items = u.entrypoints, .count = u.entrypoint_count, .stride = sizeof *u.entrypoints};
    return STELLA_OK;
}

/* overlay_model.h - the overlay said in the simplest way: layers applied one after the other to a tree in memory.
 * Random layers from bytes, and a comparison of the view with the model, shared by the property test and the fuzz
 * target. */
#ifndef TESTS_SCANNER_ENGINE_OVERLAY_MODEL_H
#define TESTS_SCANNER_ENGINE_OVERLAY_MODEL_H

#include "pack_kit.h"

#include "plugins/scanner/engine/view.h"

#include <stella/cursor.h>

#include <stdio.h>

#define MODEL_NAMES  3 /* a, b, a-: the last sorts before "a/" bytewise */
#define MODEL_DEPTH  3
#define MODEL_PATHS  (3 + 9 + 27)
#define MODEL_LAYERS 6

typedef struct model_node {
    uint32_t kind;  /* 0: nothing */
    uint32_t layer; /* whose entry it is */
} model_node;

/* Nodes by path number; the children of node n are n * 3 + 3 ... n * 3 + 5, those of the root 0 ... 2. */
typedef struct model {
    model_node nodes[MODEL_PATHS];
} model;

static inline uint32_t model_child(uint32_t node, uint32_t i) {
    return node * MODEL_NAMES + MODEL_NAMES + i;
}

static inline int model_parent(uint32_t node, uint32_t *parent) {
    if (node < MODEL_NAMES)
        return 0;
    *parent = node / MODEL_NAMES - 1;
    return 1;
}

static inline void model_path(uint32_t node, char *buf) {
    static const char *const names[MODEL_NAMES] = {"a", "b", "a-"};
    uint32_t parent;
    buf[0] = '\0';
    if (model_parent(node, &parent)) {
        model_path(parent, buf);
        strcat(buf, "/");
    }
    strcat(buf, names[node % MODEL_NAMES]);
}

static inline void model_clear_below(model *m, uint32_t node) {
    for (uint32_t i = 0; i < MODEL_NAMES && model_child(node, i) < MODEL_PATHS; i++) {
        m->nodes[model_child(node, i)] = (model_node){0};
        model_clear_below(m, model_child(node, i));
    }
}

static inline void model_need_directory(model *m, uint32_t node, uint32_t layer) {
    uint32_t parent;
    if (model_parent(node, &parent))
        model_need_directory(m, parent, layer);
    if (m->nodes[node].kind != STELLA_FILE_DIRECTORY)
        m->nodes[node] = (model_node){.kind = STELLA_FILE_DIRECTORY, .layer = layer};
}

static inline void model_put(model *m, uint32_t node, uint32_t kind, uint32_t layer) {
    uint32_t parent;
    if (model_parent(node, &parent))
        model_need_directory(m, parent, layer);
    if (kind != STELLA_FILE_DIRECTORY)
        model_clear_below(m, node);
    m->nodes[node] = (model_node){.kind = kind, .layer = layer};
}

/* What one layer holds: for each path a kind and flags. */
typedef struct model_layer {
    uint32_t kind[MODEL_PATHS];
    uint32_t flags[MODEL_PATHS];
    int is_root_opaque;
} model_layer;

/* Nothing lies beneath a file or link of the same layer: the index leaves such entries out. */
static inline int model_is_reachable(const model_layer *l, uint32_t node) {
    uint32_t parent;
    if (!model_parent(node, &parent))
        return 1;
    const int is_other = l->kind[parent] != 0 && l->kind[parent] != STELLA_FILE_DIRECTORY;
    return !is_other && model_is_reachable(l, parent);
}

static inline void model_read_layer(stella_cursor *c, model_layer *l) {
    static const uint32_t kinds[] = {STELLA_FILE_REGULAR, STELLA_FILE_DIRECTORY, STELLA_FILE_SYMLINK, 0, 0};
    *l = (model_layer){0};
    const uint8_t head = stella_cursor_u8(c);
    l->is_root_opaque = head >= 0xf0;
    for (uint32_t i = 0; i < head % 12u; i++) {
        const uint32_t node = stella_cursor_u8(c) % MODEL_PATHS, what = stella_cursor_u8(c) % 5;
        l->kind[node] = kinds[what];
        l->flags[node] = what == 3 ? PACK_WHITEOUT : what == 4 ? PACK_OPAQUE : 0;
    }
    for (uint32_t node = 0; node < MODEL_PATHS; node++)
        if (!model_is_reachable(l, node))
            l->kind[node] = l->flags[node] = 0;
}

/* First the marks, which concern lower layers only, then the entries. */
static inline void model_apply(model *m, const model_layer *l, uint32_t layer) {
    if (l->is_root_opaque)
        *m = (model){0};
    for (uint32_t node = 0; node < MODEL_PATHS; node++) {
        if (l->flags[node])
            model_clear_below(m, node);
        if (l->flags[node] == PACK_WHITEOUT)
            m->nodes[node] = (model_node){0};
    }
    for (uint32_t node = 0; node < MODEL_PATHS; node++) {
        if (l->kind[node])
            model_put(m, node, l->kind[node], layer);
        else if (l->flags[node] == PACK_OPAQUE)
            model_need_directory(m, node, layer);
    }
}

static inline pack *model_pack(const model_layer *l) {
    kit *k = kit_create();
    char path[64];
    if (l->is_root_opaque)
        kit_opaque(k, "");
    for (uint32_t node = 0; node < MODEL_PATHS; node++) {
        model_path(node, path);
        if (l->kind[node] || l->flags[node])
            kit_entry(k,
                      &(index_entry){.path = stella_sv_cstr(path),
                                     .kind = l->kind[node],
                                     .flags = l->flags[node],
                                     .target = l->kind[node] == STELLA_FILE_SYMLINK ? STELLA_SV("a") : STELLA_SV("")});
    }
    return kit_pack(k);
}

/* The view shows what the model has. Which layer a directory's facts come from is not the model's business. */
static inline int model_agrees(const model *m, const view *v) {
    char path[64];
    for (uint32_t node = 0; node < MODEL_PATHS; node++) {
        view_entry entry = {0};
        pack_row row = {0};
        model_path(node, path);
        const int is_there = view_at(v, stella_sv_cstr(path), &entry);
        if (is_there)
            view_facts(v, entry, &row);
        const model_node *expected = &m->nodes[node];
        if (row.kind != expected->kind ||
            (row.kind && row.kind != STELLA_FILE_DIRECTORY && entry.layer != expected->layer)) {
            fprintf(stderr, "%s: the view has kind %u of layer %u, the model kind %u of layer %u\n", path, row.kind,
                    entry.layer, expected->kind, expected->layer);
            return 0;
        }
    }
    return 1;
}

/* The history of every file: it ends where the model, layer by layer, no longer has that layer's file. */
static inline int model_ends_agree(const model *states, uint32_t count, const view *v) {
    char path[64];
    for (uint32_t node = 0; node < MODEL_PATHS; node++) {
        for (uint32_t layer = 0; layer < count; layer++) {
            const model_node *born = &states[layer].nodes[node];
            if (born->kind != STELLA_FILE_REGULAR || born->layer != layer)
                continue;
            uint32_t end = layer + 1;
            while (end < count && states[end].nodes[node].kind == STELLA_FILE_REGULAR &&
                   states[end].nodes[node].layer == layer)
                end++;
            model_path(node, path);
            const uint32_t got = view_end(v, stella_sv_cstr(path), layer);
            if (got != end) {
                fprintf(stderr, "%s of layer %u: ends in %u, in the model in %u\n", path, layer, got, end);
                return 0;
            }
        }
    }
    return 1;
}

/* Reads layers from bytes, merges them both ways: 1 when view and model agree. */
static inline int model_holds(const uint8_t *bytes, size_t size) {
    stella_cursor c = stella_cursor_of(bytes, size);
    model states[MODEL_LAYERS] = {0};
    pack *packs[MODEL_LAYERS] = {0};
    view *v = NULL;
    const uint32_t count = 1 + stella_cursor_u8(&c) % MODEL_LAYERS;
    for (uint32_t layer = 0; layer < count; layer++) {
        model_layer l;
        model_read_layer(&c, &l);
        if (layer)
            states[layer] = states[layer - 1];
        model_apply(&states[layer], &l, layer);
        packs[layer] = model_pack(&l);
    }
    const stella_status status = view_create((const pack *const *)packs, count, &v, NULL);
    const int holds = status == STELLA_OK && model_agrees(&states[count - 1], v) && model_ends_agree(states, count, v);
    view_destroy(v);
    for (uint32_t layer = 0; layer < count; layer++)
        pack_close(packs[layer]);
    return holds;
}

#endif

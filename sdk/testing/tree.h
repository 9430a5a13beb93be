/* tree.h - the folders of a test as layers, and the view of them. */
#ifndef TESTING_TREE_H
#define TESTING_TREE_H

#include <stella/analyzer.h>

#define TREE_VISIBLE 0xffffffffu

typedef struct tree_entry {
    stella_sv path;
    stella_sv target; /* of a link */
    char *name;       /* on disk; NUL-terminated */
    uint64_t size;
    uint32_t kind, type, mode, layer;
    uint32_t hidden_by; /* the layer that hides it, or TREE_VISIBLE */
    uint32_t is_kept;   /* met an interest with STELLA_KEEP */
    uint32_t wished;    /* the call, from 1, that first asked for its content; 0: none */
    stella_sv bytes;    /* mapped content, once asked for */
} tree_entry;

typedef struct tree {
    stella_arena *arena;
    tree_entry *entries; /* by path, then layer */
    uint32_t count, room;
} tree;

/* Reads the folders. Everything lives in the arena; tree_close unmaps what was read. */
stella_status tree_open(tree *t, const char *const *layers, uint32_t layer_count, stella_error *err);
void tree_close(tree *t);

/* Whether the view that ends with this layer shows the entry. */
int tree_is_visible(const tree_entry *e, uint32_t layer);

/* Looks a path up in the whole view, following links inside the root; NULL when there is nothing. */
tree_entry *tree_find(tree *t, stella_sv path);

/* The regular file of exactly this path in that layer, NULL when there is none. */
tree_entry *tree_in_layer(tree *t, stella_sv path, uint32_t layer);

/* Maps the content. */
stella_status tree_read(tree_entry *e, stella_error *err);

/* The lowest interest that the entry meets with one of these modes, or -1. */
int32_t tree_interest(const stella_analyzer *a, const tree_entry *e, uint32_t modes);
int tree_meets(const stella_analyzer *a, const tree_entry *e, uint32_t index);
const stella_interest *tree_interest_at(const stella_analyzer *a, uint32_t index);

void tree_fill(const tree_entry *e, stella_file *out);

#endif

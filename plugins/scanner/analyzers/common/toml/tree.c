#include "parse.h"

stella_status toml_fail(const toml_parser *p, const char *what) {
    return stella_error_set(p->err, STELLA_E_FORMAT, NULL, "line %u: %s", p->line, what);
}

stella_status toml_fail_memory(const toml_parser *p) {
    return stella_error_set(p->err, STELLA_E_NOMEM, NULL, "line %u: the document needs more memory than it may use",
                            p->line);
}

/* splitmix64 */
static uint64_t random_next(toml_parser *p) {
    uint64_t x = p->random += 0x9e3779b97f4a7c15u;
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return x ^ x >> 31;
}

stella_status toml_node_new(toml_parser *p, uint32_t kind, toml_origin origin, uint32_t depth, toml_node **out) {
    if (depth > TOML_DEPTH_MAX)
        return stella_error_set(p->err, STELLA_E_LIMIT, NULL, "line %u: nested deeper than %d", p->line,
                                TOML_DEPTH_MAX);
    if (p->nodes++ >= TOML_NODES_MAX)
        return stella_error_set(p->err, STELLA_E_LIMIT, NULL, "line %u: more than %u values", p->line, TOML_NODES_MAX);
    toml_node *node = stella_arena_alloc(p->arena, 1, sizeof *node);
    if (!node)
        return toml_fail_memory(p);
    *node = (toml_node){.kind = kind, .origin = origin, .depth = depth, .line = p->line, .priority = random_next(p)};
    *out = node;
    return STELLA_OK;
}

/* ---- members by key: a treap, whose shape no document can choose because its priorities are not known ---------------
 */

toml_node *toml_find(const toml_node *table, stella_sv key) {
    toml_node *node = table->index;
    while (node) {
        const int order = stella_sv_cmp(key, node->key);
        if (order == 0)
            return node;
        node = order < 0 ? node->left : node->right;
    }
    return NULL;
}

/* Parts a tree in what is below the key and what is above it. */
static void split(toml_node *tree, stella_sv key, toml_node **below, toml_node **above) {
    while (tree) {
        if (stella_sv_cmp(tree->key, key) < 0) {
            *below = tree;
            below = &tree->right;
            tree = tree->right;
        } else {
            *above = tree;
            above = &tree->left;
            tree = tree->left;
        }
    }
    *below = *above = NULL;
}

void toml_add_element(toml_node *array, toml_node *child) {
    *(array->last ? &array->last->next : &array->first) = child;
    array->last = child;
    array->count++;
}

void toml_add_member(toml_node *table, stella_sv key, toml_node *child) {
    toml_node **at = &table->index;
    child->key = key;
    while (*at && (*at)->priority >= child->priority)
        at = stella_sv_cmp(key, (*at)->key) < 0 ? &(*at)->left : &(*at)->right;
    split(*at, key, &child->left, &child->right);
    *at = child;
    toml_add_element(table, child);
}

/* ---- the tree that is handed out ------------------------------------------------------------------------------------
 */

static int export_node(toml_parser *p, const toml_node *node, stella_json *out);

static int export_members(toml_parser *p, const toml_node *table, stella_json *out) {
    stella_json_member *members = stella_arena_alloc(p->arena, table->count, sizeof *members);
    uint32_t i = 0;
    if (!members)
        return 0;
    for (const toml_node *child = table->first; child; child = child->next, i++) {
        members[i].key = child->key;
        if (!export_node(p, child, &members[i].value))
            return 0;
    }
    out->members = members;
    return 1;
}

static int export_items(toml_parser *p, const toml_node *array, stella_json *out) {
    stella_json *items = stella_arena_alloc(p->arena, array->count, sizeof *items);
    uint32_t i = 0;
    if (!items)
        return 0;
    for (const toml_node *child = array->first; child; child = child->next, i++)
        if (!export_node(p, child, &items[i]))
            return 0;
    out->items = items;
    return 1;
}

/* As deep as TOML_DEPTH_MAX. Returns 0 when the arena is spent. */
static int export_node(toml_parser *p, const toml_node *node, stella_json *out) {
    *out = (stella_json){.kind = node->kind, .count = node->count, .text = node->text, .line = node->line};
    if (node->kind == STELLA_JSON_OBJECT)
        return export_members(p, node, out);
    return node->kind == STELLA_JSON_ARRAY ? export_items(p, node, out) : 1;
}

stella_status toml_export(toml_parser *p, const toml_node *root, const stella_json **out) {
    stella_json *value = stella_arena_alloc(p->arena, 1, sizeof *value);
    if (!value || !export_node(p, root, value))
        return toml_fail_memory(p);
    *out = value;
    return STELLA_OK;
}

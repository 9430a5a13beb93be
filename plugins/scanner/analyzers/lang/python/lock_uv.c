/* uv.lock: the project itself is one of the packages; what only its development groups reach is for development. */
#include "lock.h"

static stella_sv text_of(const stella_json *object, const char *key) {
    return stella_json_str(stella_json_get(object, key));
}

/* A member of the workspace; its source is a folder. */
static int is_member(const stella_json *package) {
    const stella_json *source = stella_json_get(package, "source");
    return stella_json_get(source, "virtual") || stella_json_get(source, "editable") ||
           stella_sv_eq(text_of(source, "directory"), STELLA_SV("."));
}

typedef struct visiting {
    lock *l;
    uint32_t *stack; /* packages whose dependencies are to be visited; each is in it once at most */
    uint32_t count;
} visiting;

typedef void visitor(visiting *v, lock_package *from, lock_package *to, uint32_t flags);

static void visit_list(visiting *v, lock_package *from, const stella_json *list, uint32_t flags, visitor *visit) {
    for (uint32_t i = 0; list && list->kind == STELLA_JSON_ARRAY && i < list->count; i++) {
        uint32_t at = 0;
        for (lock_package *to;
             (to = lock_find(v->l, text_of(&list->items[i], "name"), text_of(&list->items[i], "version"), &at)) &&
             at < 64;)
            visit(v, from, to, flags);
    }
}

/* Lists by extra or group. */
static void visit_lists(visiting *v, lock_package *from, const stella_json *lists, uint32_t flags, visitor *visit) {
    for (uint32_t i = 0; lists && lists->kind == STELLA_JSON_OBJECT && i < lists->count; i++)
        visit_list(v, from, &lists->members[i].value, flags, visit);
}

static void visit_main(visiting *v, lock_package *p, visitor *visit) {
    visit_list(v, p, stella_json_get(p->source, "dependencies"), 0, visit);
    visit_lists(v, p, stella_json_get(p->source, "optional-dependencies"), STELLA_RELATION_OPTIONAL, visit);
}

static void reach(visiting *v, lock_package *from, lock_package *to, uint32_t flags) {
    (void)from;
    (void)flags;
    if (to->is_main)
        return;
    to->is_main = 1;
    v->stack[v->count++] = (uint32_t)(to - v->l->packages);
}

static void relate(visiting *v, lock_package *from, lock_package *to, uint32_t flags) {
    if (from->component && to->component && from != to)
        stella_relate(v->l->job, from->component, to->component, STELLA_RELATION_DEPENDS_ON, flags);
}

/* Marks what the members reach; without members everything counts as reached. */
static void mark_main(visiting *v) {
    int has_members = 0;
    for (uint32_t i = 0; i < v->l->count; i++)
        if (v->l->packages[i].is_root) {
            has_members = 1;
            reach(v, NULL, &v->l->packages[i], 0);
        }
    while (v->count)
        visit_main(v, &v->l->packages[v->stack[--v->count]], reach);
    for (uint32_t i = 0; !has_members && i < v->l->count; i++)
        v->l->packages[i].is_main = 1;
}

stella_status uv_read(stella_analysis *job, const stella_file *file, const stella_json *tree, stella_error *err) {
    const stella_json *list = stella_json_get(tree, "package");
    const uint32_t room = list && list->kind == STELLA_JSON_ARRAY ? list->count : 0;
    lock l;
    stella_status status = lock_init(&l, job, file, room, err);
    for (uint32_t i = 0; status == STELLA_OK && i < room; i++) {
        lock_package *p;
        status = lock_package_add(&l, text_of(&list->items[i], "name"), text_of(&list->items[i], "version"),
                                  &list->items[i], &p, err);
        if (status == STELLA_OK && p)
            p->is_root = is_member(p->source);
    }
    if (status != STELLA_OK)
        return status;
    visiting v = {.l = &l, .stack = stella_arena_alloc(job->arena, room, sizeof *v.stack)};
    if (!v.stack)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for %u packages", room);
    lock_index(&l);
    mark_main(&v);
    for (uint32_t i = 0; i < l.count; i++)
        if (!l.packages[i].is_root && l.packages[i].version.len)
            lock_component_add(&l, &l.packages[i], l.packages[i].is_main ? 0 : STELLA_COMPONENT_DEV);
    for (uint32_t i = 0; i < l.count; i++)
        visit_main(&v, &l.packages[i], relate);
    return STELLA_OK;
}

#include "installed.h"
#include "name.h"
#include "requirement.h"

/* Those whose requirements are to be looked at, again when another asked for one more of their extras. */
typedef struct queue {
    uint32_t *items; /* a ring: each is in it once at most */
    uint32_t first, count, room;
} queue;

static void push(queue *q, inventory *inv, uint32_t index) {
    if (inv->items[index].is_queued)
        return;
    inv->items[index].is_queued = 1;
    q->items[(q->first + q->count++) % q->room] = index;
}

static uint32_t pop(queue *q, inventory *inv) {
    const uint32_t index = q->items[q->first];
    q->first = (q->first + 1) % q->room;
    q->count--;
    inv->items[index].is_queued = 0;
    return index;
}

/* Returns whether one of the extras is new. */
static int ask_extras(dist *d, stella_sv list) {
    int is_new = 0;
    for (stella_sv extra; list.len && stella_sv_split(&list, ',', &extra);) {
        uint32_t i = 0;
        extra = stella_sv_trim(extra);
        while (i < d->extra_count && !name_equal(d->extras[i], extra))
            i++;
        if (i < d->extra_count || d->extra_count == DIST_EXTRAS_MAX || extra.len == 0)
            continue;
        d->extras[d->extra_count++] = extra;
        is_new = 1;
    }
    return is_new;
}

static stella_status relate(inventory *inv, queue *q, dist *d, stella_sv line, stella_error *err) {
    const marker_environment environment = {.python_version = d->place.python,
                                            .is_pypy = d->place.is_pypy,
                                            .extras = d->extras,
                                            .extra_count = d->extra_count};
    requirement r;
    if (!requirement_parse(line, &r) || marker_evaluate(r.marker, &environment) == MARKER_FALSE)
        return STELLA_OK;
    const stella_sv name = name_normal(r.name, inv->job->arena);
    if (!name.ptr)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a name");
    dist *to = inventory_find(inv, d, name);
    if (!to || to == d)
        return STELLA_OK;
    stella_relate(inv->job, d->component, to->component, STELLA_RELATION_DEPENDS_ON, 0);
    if (ask_extras(to, r.extras))
        push(q, inv, (uint32_t)(to - inv->items));
    return STELLA_OK;
}

stella_status installed_relate(inventory *inv, stella_error *err) {
    queue q = {.items = stella_arena_alloc(inv->job->arena, inv->count, sizeof *q.items), .room = inv->count};
    if (!q.items)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the relations");
    for (uint32_t i = 0; i < inv->count; i++)
        push(&q, inv, i);
    while (q.count && !stella_cancelled(inv->job)) {
        dist *d = &inv->items[pop(&q, inv)];
        stella_sv rest = d->requires;
        for (stella_sv line; rest.len && stella_sv_split(&rest, '\n', &line);) {
            const stella_status status = relate(inv, &q, d, line, err);
            if (status != STELLA_OK)
                return status;
        }
    }
    return STELLA_OK;
}

#include "check.h"

#include "plugins/scanner/engine/graph.h"

#include <stella/analyzer.h>
#include <stella/auto.h>

#include <stdlib.h>

static stella_bom_relation edge(uint32_t from, uint32_t to, uint32_t flags) {
    return (stella_bom_relation){.from = from, .to = to, .kind = STELLA_RELATION_DEPENDS_ON, .flags = flags};
}

static stella_list build(uint32_t nodes, stella_bom_relation *edges, uint32_t count, stella_arena *arena) {
    stella_list relations = {0};
    assert_int_equal(graph_build(nodes, edges, count, arena, &relations, NULL), STELLA_OK);
    return relations;
}

static void assert_edge(const stella_list *list, uint32_t at, uint32_t from, uint32_t to, uint32_t flags) {
    assert_true(at < list->count);
    const stella_bom_relation *r = STELLA_AT(*list, stella_bom_relation, at);
    assert_int_equal(r->from, from);
    assert_int_equal(r->to, to);
    assert_int_equal(r->flags, flags);
}

static void links_the_root_to_what_nothing_leads_to(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
    stella_bom_relation edges[] = {edge(2, 0, 0), edge(1, 0, 0)};
    const stella_list got = build(4, edges, 2, arena);
    assert_int_equal(got.count, 5);
    assert_edge(&got, 0, 1, 0, 0);
    assert_edge(&got, 1, 2, 0, 0);
    assert_edge(&got, 2, STELLA_BOM_ROOT, 1, STELLA_RELATION_INFERRED);
    assert_edge(&got, 3, STELLA_BOM_ROOT, 2, STELLA_RELATION_INFERRED);
    assert_edge(&got, 4, STELLA_BOM_ROOT, 3, STELLA_RELATION_INFERRED);
}

static void links_the_root_to_one_member_of_a_cycle(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
    stella_bom_relation edges[] = {edge(3, 1, 0), edge(1, 2, 0), edge(2, 3, 0), edge(3, 0, 0)};
    const stella_list got = build(4, edges, 4, arena);
    assert_int_equal(got.count, 5);
    assert_edge(&got, 4, STELLA_BOM_ROOT, 1, STELLA_RELATION_INFERRED);
}

static void counts_the_same_edge_once_and_a_stated_one_stays_stated(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
    stella_bom_relation edges[] = {edge(0, 1, STELLA_RELATION_INFERRED | STELLA_RELATION_OPTIONAL),
                                   edge(0, 1, STELLA_RELATION_OPTIONAL), edge(1, 1, 0)};
    const stella_list got = build(2, edges, 3, arena);
    assert_int_equal(got.count, 2);
    assert_edge(&got, 0, 0, 1, STELLA_RELATION_OPTIONAL);
    assert_edge(&got, 1, STELLA_BOM_ROOT, 0, STELLA_RELATION_INFERRED);
}

static void a_graph_of_nothing_is_empty(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
    assert_int_equal(build(0, NULL, 0, arena).count, 0);
}

static void says_when_the_budget_is_spent_and_leaves_the_output_alone(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(16);
    stella_list got = {.count = 77};
    assert_int_equal(graph_build(3, NULL, 0, arena, &got, NULL), STELLA_E_NOMEM);
    assert_int_equal(got.count, 77);
}

static void a_chain_of_a_million_needs_no_stack(void **state) {
    (void)state;
    enum { NODES = 1000000 };
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(64u << 20);
    stella_bom_relation *edges = calloc(NODES, sizeof *edges);
    assert_non_null(edges);
    for (uint32_t i = 0; i + 1 < NODES; i++)
        edges[i] = edge(i, i + 1, 0);
    const stella_list got = build(NODES, edges, NODES - 1, arena);
    free(edges);
    assert_int_equal(got.count, NODES);
    assert_edge(&got, NODES - 1, STELLA_BOM_ROOT, 0, STELLA_RELATION_INFERRED);
}

/* ---- random graphs ----------------------------------------------------------------------------------------------- */

enum { NODES_MAX = 24, EDGES_MAX = 40 };

static uint32_t next_random(uint64_t *seed) {
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*seed >> 33);
}

/* Who can be reached from a set of nodes, by the simplest way there is. */
static void reach(const stella_list *list, uint32_t nodes, unsigned char *seen) {
    for (uint32_t round = 0; round < nodes; round++)
        for (uint32_t i = 0; i < list->count; i++) {
            const stella_bom_relation *r = STELLA_AT(*list, stella_bom_relation, i);
            if (r->from == STELLA_BOM_ROOT || seen[r->from])
                seen[r->to] = 1;
        }
}

/* Without this link of the root something would not be reached. */
static void assert_link_is_needed(const stella_list *list, uint32_t nodes, uint32_t link) {
    stella_bom_relation others[EDGES_MAX + NODES_MAX];
    uint32_t count = 0;
    for (uint32_t i = 0; i < list->count; i++)
        if (i != link)
            others[count++] = *STELLA_AT(*list, stella_bom_relation, i);
    unsigned char seen[NODES_MAX] = {0};
    reach(&(stella_list){.items = others, .count = count, .stride = sizeof others[0]}, nodes, seen);
    uint32_t reached = 0;
    for (uint32_t i = 0; i < nodes; i++)
        reached += seen[i];
    assert_true(reached < nodes);
}

static void every_node_is_reached_from_the_root_by_the_fewest_links(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
    uint64_t seed = 20;
    for (int round = 0; round < 2000; round++) {
        const uint32_t nodes = 1 + next_random(&seed) % NODES_MAX, count = next_random(&seed) % EDGES_MAX;
        stella_bom_relation edges[EDGES_MAX];
        for (uint32_t i = 0; i < count; i++)
            edges[i] = edge(next_random(&seed) % nodes, next_random(&seed) % nodes, 0);
        stella_arena_reset(arena);
        const stella_list got = build(nodes, edges, count, arena);
        unsigned char seen[NODES_MAX] = {0};
        reach(&got, nodes, seen);
        for (uint32_t i = 0; i < nodes; i++)
            assert_true(seen[i]);
        for (uint32_t i = 0; i < got.count; i++)
            if (STELLA_AT(got, stella_bom_relation, i)->from == STELLA_BOM_ROOT)
                assert_link_is_needed(&got, nodes, i);
    }
}

static void the_order_of_statements_does_not_matter(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
    uint64_t seed = 7;
    for (int round = 0; round < 500; round++) {
        const uint32_t nodes = 2 + next_random(&seed) % (NODES_MAX - 2), count = 1 + next_random(&seed) % 30;
        stella_bom_relation edges[EDGES_MAX], shuffled[EDGES_MAX];
        for (uint32_t i = 0; i < count; i++)
            shuffled[i] = edges[i] =
                edge(next_random(&seed) % nodes, next_random(&seed) % nodes, next_random(&seed) % 8);
        for (uint32_t i = 0; i < count; i++) {
            const uint32_t other = next_random(&seed) % count;
            const stella_bom_relation kept = shuffled[i];
            shuffled[i] = shuffled[other];
            shuffled[other] = kept;
        }
        stella_arena_reset(arena);
        const stella_list a = build(nodes, edges, count, arena), b = build(nodes, shuffled, count, arena);
        assert_int_equal(a.count, b.count);
        assert_memory_equal(a.items, b.items, a.count * sizeof(stella_bom_relation));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(links_the_root_to_what_nothing_leads_to),
        cmocka_unit_test(links_the_root_to_one_member_of_a_cycle),
        cmocka_unit_test(counts_the_same_edge_once_and_a_stated_one_stays_stated),
        cmocka_unit_test(a_graph_of_nothing_is_empty),
        cmocka_unit_test(says_when_the_budget_is_spent_and_leaves_the_output_alone),
        cmocka_unit_test(a_chain_of_a_million_needs_no_stack),
        cmocka_unit_test(every_node_is_reached_from_the_root_by_the_fewest_links),
        cmocka_unit_test(the_order_of_statements_does_not_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

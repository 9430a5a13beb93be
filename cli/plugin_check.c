#include "cli/plugin_check.h"

#include <stella/auto.h>
#include <stella/testing.h>

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define TEXT_MAX    ((size_t)64 << 20)
#define LIFE_CYCLES 1000
#define CANCEL_MS   1000
#define GROWTH_MAX  ((size_t)64 << 10) /* bytes that a thousand lives may leave in the allocator's books */

static int provides(const plugin_check *check, const char *interface_id) {
    for (uint32_t i = 0; i < check->manifest->provides_count; i++)
        if (strcmp(check->manifest->provides[i], interface_id) == 0)
            return 1;
    return 0;
}

static stella_status refuse(stella_error *err, const char *what) {
    return stella_error_set(err, STELLA_E_INVALID, NULL, "%s", what);
}

/* The plugin's outcome for its input: components for an analyzer, a document for an emitter. */
static stella_status outcome(const plugin_check *check, uint64_t chunk_bytes, stella_buf *text, stella_error *err) {
    if (provides(check, STELLA_EMITTER_INTERFACE)) {
        STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(TEXT_MAX);
        const stella_bom *bom = arena ? stella_testing_bom(arena, 0) : NULL;
        return bom ? stella_testing_emit(check->entry, bom, 0, 0, text, err)
                   : stella_error_set(err, STELLA_E_NOMEM, NULL, "out of memory");
    }
    const stella_testing_options options = {
        .struct_size = sizeof options, .layers = &check->input, .layer_count = 1, .chunk_bytes = chunk_bytes};
    return stella_testing_run(check->entry, &options, text, err);
}

static int is_testable(const plugin_check *check) {
    return provides(check, STELLA_EMITTER_INTERFACE) || provides(check, STELLA_ANALYZER_INTERFACE);
}

/* ---- the checks -----------------------------------------------------------------------------------------------------
 */

static stella_status unknown_interfaces_are_null(const plugin_check *check, stella_error *err) {
    static const char *const unknown[] = {"", "stella.unknown/0", "stella.analyzer", "stella.analyzer/999"};
    for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++)
        if (check->entry->get_interface(unknown[i]))
            return stella_error_set(err, STELLA_E_INVALID, unknown[i], "get_interface knows an id that does not exist");
    for (uint32_t i = 0; i < check->manifest->provides_count; i++) {
        char longer[256];
        snprintf(longer, sizeof longer, "%s garbage", check->manifest->provides[i]);
        if (check->entry->get_interface(longer))
            return refuse(err, "get_interface ignores what follows an id: compare the whole text");
    }
    return STELLA_OK;
}

static const void *no_interface(const stella_host *host, const char *id) {
    (void)host;
    (void)id;
    return NULL;
}

static stella_status live_once(const stella_plugin_entry *entry, stella_error *err) {
    const stella_host host = {.head = STELLA_HEAD(stella_host), .get_interface = no_interface};
    void *instance = NULL;
    const stella_status status = entry->create ? entry->create(&host, &instance, err) : STELLA_OK;
    if (status == STELLA_OK && entry->destroy)
        entry->destroy(instance);
    return status;
}

static stella_status a_thousand_lives_leave_nothing(const plugin_check *check, stella_error *err) {
    stella_status status = live_once(check->entry, err);
    const size_t before = mallinfo2().uordblks;
    for (int i = 0; status == STELLA_OK && i < LIFE_CYCLES; i++)
        status = live_once(check->entry, err);
    if (status != STELLA_OK)
        return status;
    return mallinfo2().uordblks <= before + GROWTH_MAX ? STELLA_OK : refuse(err, "create and destroy leak memory");
}

static stella_status gives_its_outcome(const plugin_check *check, stella_error *err) {
    return is_testable(check) ? outcome(check, 0, check->output, err) : STELLA_OK;
}

static stella_status same_input_same_bytes(const plugin_check *check, stella_error *err) {
    static const uint64_t chunks[] = {0, 0, 1, 7, 4096};
    STELLA_AUTO(stella_buf_fini) stella_buf first = stella_buf_of(TEXT_MAX);
    for (size_t i = 0; is_testable(check) && i < sizeof chunks / sizeof chunks[0]; i++) {
        STELLA_AUTO(stella_buf_fini) stella_buf again = stella_buf_of(TEXT_MAX);
        const stella_status status = outcome(check, chunks[i], i ? &again : &first, err);
        if (status != STELLA_OK)
            return status;
        if (i && !stella_sv_eq(stella_buf_sv(&first), stella_buf_sv(&again)))
            return stella_error_set(err, STELLA_E_INVALID, NULL,
                                    "another outcome when the file comes in pieces of %d bytes", (int)chunks[i]);
    }
    return STELLA_OK;
}

static stella_status survives_any_failed_allocation(const plugin_check *check, stella_error *err) {
    if (!provides(check, STELLA_ANALYZER_INTERFACE))
        return STELLA_OK;
    const stella_testing_options options = {.struct_size = sizeof options, .layers = &check->input, .layer_count = 1};
    uint64_t runs;
    return stella_testing_fail_each(check->entry, &options, &runs, err);
}

static int64_t now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static stella_status ends_soon_after_cancel(const plugin_check *check, stella_error *err) {
    if (!provides(check, STELLA_ANALYZER_INTERFACE))
        return STELLA_OK;
    STELLA_AUTO(stella_buf_fini) stella_buf text = stella_buf_of(TEXT_MAX);
    const stella_testing_options options = {
        .struct_size = sizeof options, .layers = &check->input, .layer_count = 1, .cancel_call = 1};
    const int64_t start = now_ms();
    const stella_status status = stella_testing_run(check->entry, &options, &text, err);
    const int64_t took = now_ms() - start;
    if (took > CANCEL_MS)
        return stella_error_set(err, STELLA_E_INVALID, NULL,
                                "still at work %d ms after it was cancelled: ask stella_cancelled in long loops",
                                (int)took);
    return status == STELLA_E_CANCELLED ? STELLA_OK : status;
}

const plugin_check_kind plugin_checks[] = {
    {"interfaces", "unknown interface ids are answered with NULL", unknown_interfaces_are_null},
    {"lifecycle", "a thousand times create and destroy leave no memory behind", a_thousand_lives_leave_nothing},
    {"golden", "the outcome for tests/input is tests/expected.json", gives_its_outcome},
    {"determinism", "the same input gives the same bytes, however it is cut into pieces", same_input_same_bytes},
    {"cancel", "it ends within a second of being cancelled", ends_soon_after_cancel},
    {"memory", "every single allocation may fail", survives_any_failed_allocation},
    {0},
};

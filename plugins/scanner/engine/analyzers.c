#include "analyzers.h"

#include <stdlib.h>

/* Always kept: what tells how a container starts, whether or not an analyzer asked for it. */
static const stella_interest engine_interests[] = {
    [ANALYZERS_SCRIPTS] = {.mode = STELLA_KEEP, .type = STELLA_TYPE_SCRIPT, .max_bytes = SCRIPT_BYTES},
    {.mode = STELLA_KEEP, .suffix = ".sh", .max_bytes = SCRIPT_BYTES},
    {.mode = STELLA_KEEP, .path = "etc/passwd", .max_bytes = 1u << 20},
    {.mode = STELLA_KEEP, .path = "etc/group", .max_bytes = 1u << 20},
    {.mode = STELLA_KEEP, .path = "etc/ld.so.conf", .max_bytes = SCRIPT_BYTES},
    {.mode = STELLA_KEEP, .path = "etc/ld.so.preload", .max_bytes = SCRIPT_BYTES},
    {.mode = STELLA_KEEP, .dir = "etc/ld.so.conf.d", .suffix = ".conf", .max_bytes = SCRIPT_BYTES},
    {.mode = STELLA_KEEP, .dir = "etc", .suffix = ".path", .max_bytes = SCRIPT_BYTES}, /* musl's loader */
    {.mode = STELLA_KEEP, .path = "etc/inittab", .max_bytes = SCRIPT_BYTES},
    {.mode = STELLA_KEEP, .dir = "etc/supervisor", .suffix = ".conf", .max_bytes = SCRIPT_BYTES},
    {.mode = STELLA_KEEP, .name = "supervisord.conf", .max_bytes = SCRIPT_BYTES},
    {.mode = STELLA_KEEP, .dir = "etc/systemd/system", .suffix = ".service", .max_bytes = SCRIPT_BYTES},
    /* What says which modules servers load: small, and else a layer would be read again for it. */
    {.mode = STELLA_KEEP, .name = "nginx.conf", .max_bytes = SCRIPT_BYTES},
    {.mode = STELLA_KEEP, .suffix = ".conf", .parent = "modules-available", .max_bytes = SCRIPT_BYTES},
    {.mode = STELLA_KEEP, .dir = "usr/share/nginx/modules", .suffix = ".conf", .max_bytes = SCRIPT_BYTES},
    {.mode = STELLA_KEEP, .dir = "etc/nginx/modules", .suffix = ".conf", .max_bytes = SCRIPT_BYTES},
    {.mode = STELLA_KEEP, .name = "apache2.conf", .max_bytes = SCRIPT_BYTES},
    {.mode = STELLA_KEEP, .name = "httpd.conf", .max_bytes = SCRIPT_BYTES},
    {.mode = STELLA_KEEP, .suffix = ".load", .parent = "mods-available", .max_bytes = SCRIPT_BYTES},
    {.mode = STELLA_KEEP, .suffix = ".conf", .parent = "conf.modules.d", .max_bytes = SCRIPT_BYTES},
    {.mode = STELLA_KEEP, .name = "php.ini", .max_bytes = SCRIPT_BYTES},
    {.mode = STELLA_KEEP, .suffix = ".ini", .parent = "mods-available", .max_bytes = SCRIPT_BYTES},
    {.mode = STELLA_KEEP, .suffix = ".ini", .parent = "conf.d", .max_bytes = SCRIPT_BYTES},
    {.mode = STELLA_KEEP, .suffix = ".ini", .parent = "php.d", .max_bytes = SCRIPT_BYTES},
    {.mode = STELLA_KEEP, .name = "entry_points.txt", .parent = ".egg-info", .max_bytes = SCRIPT_BYTES},
};

void analyzers_lose(analyzer *one, const stella_error *reason) {
    if (one->is_lost)
        return;
    one->is_lost = 1;
    one->loss = *reason;
}

static int wants_probe(const stella_analyzer *table) {
    for (uint32_t i = 0; i < table->interest_count; i++) {
        const stella_interest *interest =
            (const void *)((const char *)table->interests + (size_t)i * table->interest_stride);
        if (interest->mode & STELLA_PROBE)
            return 1;
    }
    return 0;
}

/* Takes a plugin's table, or says why not. */
static stella_status take_table(analyzers *a, uint32_t number, stella_error *err) {
    const stella_analyzer *table = a->list[number].peer.interface;
    if (!table || !STELLA_HAS(table, stella_analyzer, analyze) || table->head.major != STELLA_ABI_MAJOR)
        return stella_error_set(err, STELLA_E_ABI, NULL, "its table of %u bytes is no stella_analyzer",
                                table ? table->head.struct_size : 0);
    const stella_status status =
        matcher_add(a->matcher, number + 1, table->interests, table->interest_count, table->interest_stride, err);
    if (status == STELLA_OK && wants_probe(table) && !table->probe)
        return stella_error_set(err, STELLA_E_INVALID, NULL, "it asks for probes and has none");
    a->list[number].table = table;
    return status;
}

static int is_chosen(const analyzers_choice *choice, const char *id) {
    for (uint32_t i = 0; i < choice->id_count; i++)
        if (stella_sv_eq(choice->ids[i], stella_sv_cstr(id)))
            return 1;
    return choice->ids == NULL;
}

static stella_status add_plugins(analyzers *a, const analyzers_choice *choice, scratch *spill, stella_error *err) {
    stella_peer peer = {.struct_size = sizeof peer};
    while (a->count < ANALYZERS_MAX && stella_job_peer(a->job, STELLA_ANALYZER_INTERFACE, a->count, &peer)) {
        analyzer *one = &a->list[a->count];
        *one = (analyzer){.peer = peer, .evidence = evidence_create(spill), .is_idle = !is_chosen(choice, peer.id)};
        a->count++;
        if (!one->evidence)
            return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for evidence");
        stella_error reason = {0};
        if (!one->is_idle && take_table(a, a->count - 1, &reason) != STELLA_OK)
            analyzers_lose(one, &reason);
        peer = (stella_peer){.struct_size = sizeof peer};
    }
    return STELLA_OK;
}

stella_status analyzers_init(analyzers *a, stella_job *job, const analyzers_choice *choice, scratch *spill,
                             stella_error *err) {
    *a = (analyzers){.job = job,
                     .matcher = matcher_create(),
                     .engine = evidence_create(spill),
                     .list = calloc(ANALYZERS_MAX, sizeof(analyzer)),
                     .arena = stella_arena_create(ANALYZERS_ARENA_MAX)};
    if (!a->matcher || !a->engine || !a->list || !a->arena)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the analyzers");
    if (choice->is_none)
        return STELLA_OK;
    const stella_status status = matcher_add(a->matcher, ANALYZERS_ENGINE, engine_interests,
                                             STELLA_COUNT(engine_interests), sizeof engine_interests[0], err);
    return status == STELLA_OK ? add_plugins(a, choice, spill, err) : status;
}

void analyzers_fini(analyzers *a) {
    for (uint32_t i = 0; i < a->count; i++)
        evidence_destroy(a->list[i].evidence);
    free(a->list);
    evidence_destroy(a->engine);
    matcher_destroy(a->matcher);
    stella_arena_destroy(a->arena);
    *a = (analyzers){.job = NULL};
}

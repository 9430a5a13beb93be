#include "roster.h"

#include "scan.h"

#include <stella/auto.h>

#include <stdlib.h>

#define ANALYZER "stella.analyzer/"

void roster_fini(roster *r) {
    free(r->list);
    *r = (roster){.count = 0};
}

/* Whether one of the ids, which blanks separate, begins so. */
static int provides_analyzer(const char *provides) {
    for (const char *at = provides; at && *at;) {
        if (strncmp(at, ANALYZER, strlen(ANALYZER)) == 0)
            return 1;
        at = strchr(at, ' ');
        at += at != NULL;
    }
    return 0;
}

static int next(const stella_worker *worker, int is_loaded, uint32_t position, stella_worker_plugin *out,
                stella_error *err) {
    if (!is_loaded && STELLA_HAS(worker, stella_worker, listed))
        return worker->listed(worker->self, "scan", position, out);
    return worker->plugin(worker->self, "scan", position, out, err);
}

static int add(roster *r, uint32_t *room, const stella_worker_plugin *plugin) {
    if (r->count == *room) {
        const uint32_t wanted = *room ? *room * 2 : 64;
        roster_plugin *grown = realloc(r->list, wanted * sizeof *grown);
        if (!grown)
            return 0;
        r->list = grown;
        *room = wanted;
    }
    r->list[r->count++] = (roster_plugin){.id = plugin->id,
                                          .digest = plugin->digest,
                                          .index = plugin->index,
                                          .tags = plugin->tags ? plugin->tags : "",
                                          .is_analyzer = provides_analyzer(plugin->provides)};
    if (strcmp(plugin->id, SCAN_ENGINE_ID) == 0)
        r->engine = plugin->digest;
    return 1;
}

static int sum(roster *r) {
    stella_sha256 *hash = stella_sha256_create();
    unsigned char sha256[STELLA_SHA256_SIZE];
    if (!hash)
        return 0;
    for (uint32_t i = 0; i < r->count; i++) {
        stella_sha256_update(hash, r->list[i].id, strlen(r->list[i].id) + 1);
        stella_sha256_update(hash, r->list[i].digest, strlen(r->list[i].digest) + 1);
    }
    stella_sha256_final(hash, sha256);
    stella_sha256_destroy(hash);
    stella_digest_text(sha256, r->digest);
    return 1;
}

stella_status roster_read(const stella_worker *worker, int is_loaded, roster *out, stella_error *err) {
    STELLA_AUTO(roster_fini) roster r = {.count = 0};
    stella_worker_plugin plugin = {.struct_size = sizeof plugin};
    stella_error failed = {0};
    uint32_t room = 0;
    int ok = 1;
    for (uint32_t i = 0; ok && next(worker, is_loaded, i, &plugin, &failed); i++) {
        ok = add(&r, &room, &plugin);
        plugin = (stella_worker_plugin){.struct_size = sizeof plugin};
    }
    if (failed.code != STELLA_OK) {
        if (err)
            *err = failed;
        return failed.code;
    }
    if (!ok || !sum(&r))
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the list of plugins");
    *out = r;
    r = (roster){.count = 0};
    return STELLA_OK;
}

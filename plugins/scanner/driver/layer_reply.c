#include "layer_reply.h"

#include <stella/arena.h>
#include <stella/auto.h>
#include <stella/json.h>

#include <stdlib.h>

#define REPLY_ARENA_BYTES (64u << 20)

static void read_lost(const stella_json *list, layer_reply *out) {
    const uint32_t count = stella_json_is(list, STELLA_JSON_ARRAY) ? list->count : 0;
    for (uint32_t i = 0; i < count && i < LAYER_REPLY_LOST_MAX; i++) {
        const stella_json *item = stella_json_at(list, i);
        scan_loss *loss = &out->lost[out->lost_count++];
        *loss = (scan_loss){.is_lost = 1, .code = "failed"};
        loss_text(loss->plugin, sizeof loss->plugin, stella_json_str(stella_json_get(item, "plugin")));
        loss_text(loss->message, sizeof loss->message, stella_json_str(stella_json_get(item, "message")));
    }
}

void layer_reply_fini(layer_reply *r) {
    free(r->segments);
    r->segments = NULL;
}

/* The analyzers'; the engine's own and the index are there always. */
static int read_segments(const stella_json *list, layer_reply *out) {
    const uint32_t count = stella_json_is(list, STELLA_JSON_ARRAY) ? list->count : 0;
    if (count > CACHE_SEGMENTS_MAX || !(out->segments = calloc(count + 1, sizeof *out->segments)))
        return 0;
    for (uint32_t i = 0; i < count; i++) {
        const stella_json *item = stella_json_at(list, i);
        const stella_sv digest = stella_json_str(stella_json_get(item, "digest"));
        if (!digest.len)
            continue;
        cache_segment *to = &out->segments[out->segment_count++];
        loss_text(to->plugin, sizeof to->plugin, stella_json_str(stella_json_get(item, "plugin")));
        loss_text(to->digest, sizeof to->digest, digest);
    }
    return 1;
}

stella_status layer_reply_parse(stella_sv reply, layer_reply *out, stella_error *err) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(REPLY_ARENA_BYTES);
    const stella_json *root = NULL;
    STELLA_AUTO(layer_reply_fini) layer_reply parsed = {0};
    if (!arena)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a layer's reply");
    const int ok = stella_json_parse(reply, arena, &root, NULL) == STELLA_OK &&
                   read_segments(stella_json_get(root, "segments"), &parsed) &&
                   stella_json_u64(stella_json_get(root, "entries"), &parsed.entries) &&
                   stella_json_u64(stella_json_get(root, "bytes"), &parsed.bytes) &&
                   stella_json_u64(stella_json_get(root, "unreadable"), &parsed.unreadable) &&
                   stella_json_u64(stella_json_get(root, "links"), &parsed.links);
    const stella_sv diff_id = stella_json_str(stella_json_get(root, "diffId"));
    if (!ok || (diff_id.len && !stella_digest_is_valid(diff_id)))
        return stella_error_set(err, STELLA_E_INTERNAL, NULL, "a reply of the job layer breaks the protocol");
    loss_text(parsed.diff_id, sizeof parsed.diff_id, diff_id);
    read_lost(stella_json_get(root, "lost"), &parsed);
    parsed.is_wanted = stella_json_is(stella_json_get(root, "wanted"), STELLA_JSON_TRUE);
    *out = parsed;
    parsed.segments = NULL;
    return STELLA_OK;
}

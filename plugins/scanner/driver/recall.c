#include "recall.h"

#include "layer.h"

#include <stella/auto.h>

#include <stdio.h>

void recall_key(const scan *s, const char *digest, char out[STELLA_DIGEST_TEXT_SIZE]) {
    char text[STELLA_DIGEST_TEXT_SIZE + 32];
    snprintf(text, sizeof text, "%s options %u", digest, s->options.analyzer_options);
    if (s->options.analyzer_options)
        stella_digest_of(stella_sv_cstr(text), out);
    else
        snprintf(out, STELLA_DIGEST_TEXT_SIZE, "%s", digest);
}

static int has_segment(const cache_pack *pack, const roster_plugin *plugin) {
    for (uint32_t i = 0; i < pack->segment_count; i++)
        if (strcmp(pack->segments[i].plugin, plugin->id) == 0)
            return strcmp(pack->segments[i].digest, plugin->digest) == 0;
    return 0;
}

static void find_missing(const scan *s, recalled *out) {
    for (uint32_t i = 0; i < s->roster.count && out->missing_count < CACHE_SEGMENTS_MAX; i++)
        if (s->roster.list[i].is_analyzer && !s->roster.list[i].is_deselected &&
            !has_segment(&out->pack, &s->roster.list[i]))
            out->missing[out->missing_count++] = stella_sv_cstr(s->roster.list[i].id);
}

/* What the layer is said to be: a digest of its stored bytes, or, where they are not compressed, its diff id. */
static int claim_of(const layer_info *info, char out[STELLA_DIGEST_TEXT_SIZE]) {
    const stella_sv claim = info->digest.len ? info->digest : info->diff_id;
    if (!stella_digest_is_valid(claim))
        return 0;
    snprintf(out, STELLA_DIGEST_TEXT_SIZE, "%.*s", STELLA_SV_FMT(claim));
    return 1;
}

/* Hashes the bytes when that may save reading them. A source of role connect holds manifests to their digests, and what
 * is learnt of a layer is kept under the digest that was computed when it was read: so there the manifest's word is
 * enough to find it by, and nothing is downloaded. */
static stella_status identify(scan *s, const layer_task *task, stella_error *err) {
    layer_state *layer = &s->layers[task->index];
    char claim[STELLA_DIGEST_TEXT_SIZE], computed[STELLA_DIGEST_TEXT_SIZE], key[STELLA_DIGEST_TEXT_SIZE];
    if (layer->known[0] || !claim_of(task->info, claim))
        return STELLA_OK;
    recall_key(s, claim, key);
    if (!cache_pack_has(s->options.cache, key))
        return STELLA_OK;
    if (s->target.is_remote && task->info->digest.len) {
        memcpy(layer->known, claim, sizeof claim);
        return STELLA_OK;
    }
    layer_task content = *task;
    STELLA_AUTO(stella_fd_closep) int owned = -1;
    stella_status status = layer_open_content(s, task->info, &content.content, &owned, err);
    if (status == STELLA_OK)
        status = feed(s, &content.content, -1, NULL, computed, err);
    if (status == STELLA_OK)
        status = layer_check_digest(task->index, task->info, computed, err);
    if (status == STELLA_OK)
        memcpy(layer->known, computed, sizeof computed);
    return status;
}

stella_status recall(scan *s, const layer_task *task, recalled *out, stella_error *err) {
    const layer_state *layer = &s->layers[task->index];
    out->pack = (cache_pack)CACHE_PACK_NONE;
    out->missing_count = 0;
    if (!s->options.cache || task->info->kind != LAYER_BLOB)
        return STELLA_OK;
    const stella_status status = identify(s, task, err);
    char key[STELLA_DIGEST_TEXT_SIZE];
    recall_key(s, layer->known, key);
    if (status != STELLA_OK || !layer->known[0] || !cache_pack_get(s->options.cache, key, s->context, &out->pack))
        return status;
    if (task->diff_id.len && !stella_sv_eq(task->diff_id, stella_sv_cstr(out->pack.diff_id))) {
        cache_pack_fini(&out->pack); /* never verified, or another one: reading it again tells */
        return STELLA_OK;
    }
    find_missing(s, out);
    return STELLA_OK;
}

int recall_parts(const scan *s, const char *parts, cache_pack *out) {
    recalled known = {.pack = CACHE_PACK_NONE};
    char key[STELLA_DIGEST_TEXT_SIZE];
    recall_key(s, parts, key);
    if (!s->options.cache || !cache_pack_get(s->options.cache, key, s->context, &known.pack))
        return 0;
    find_missing(s, &known);
    if (known.missing_count) {
        cache_pack_fini(&known.pack);
        return 0;
    }
    *out = known.pack;
    return 1;
}

void recall_keep(scan *s, const char *digest, int fd, const layer_reply *reply) {
    stella_error err = {0};
    cache_pack pack = {.fd = fd,
                       .entries = reply->entries,
                       .bytes = reply->bytes,
                       .segment_count = reply->segment_count,
                       .segments = reply->segments};
    char key[STELLA_DIGEST_TEXT_SIZE];
    memcpy(pack.diff_id, reply->diff_id, sizeof pack.diff_id);
    recall_key(s, digest, key);
    if (s->options.cache && cache_pack_put(s->options.cache, key, s->context, &pack, &err) != STELLA_OK)
        scan_warn(s, &err);
}

void recall_supplement_key(const scan *s, const stella_sv *paths, uint32_t count, char out[CACHE_HEX_SIZE]) {
    STELLA_AUTO(stella_buf_fini) stella_buf text = stella_buf_of(REQUEST_BYTES_MAX);
    char digest[STELLA_DIGEST_TEXT_SIZE];
    stella_buf_str(&text, stella_sv_cstr(s->context));
    for (uint32_t i = 0; i < count; i++)
        stella_buf_str(&text, paths[i]);
    stella_digest_of(stella_buf_sv(&text), digest);
    memcpy(out, digest + strlen("sha256:"), CACHE_HEX_SIZE);
}

#include "layer.h"

#include "attempt.h"
#include "describe.h"
#include "partial.h"
#include "recall.h"
#include "temp.h"

#include <stella/auto.h>

#include <stdio.h>
#include <sys/stat.h>

/* Says which layer it was. */
static stella_status in_layer(const scan *s, uint32_t index, stella_status status, stella_error *err) {
    if (status == STELLA_OK || !err || s->image.layers[index].kind != LAYER_BLOB)
        return status;
    const stella_error inner = *err;
    const int has_prefix = strncmp(inner.message, "layer ", 6) == 0;
    if (!has_prefix)
        snprintf(err->message, sizeof err->message, "layer %u: %.180s", index, inner.message);
    if (!inner.path[0]) {
        const stella_sv where = s->image.layers[index].path.len ? s->image.layers[index].path : s->target.name;
        snprintf(err->path, sizeof err->path, "%.*s", STELLA_SV_FMT(stella_sv_first(where, 190)));
    }
    return status;
}

stella_status layer_open_content(scan *s, const layer_info *info, feed_source *out, int *owned, stella_error *err) {
    struct stat st;
    if (info->kind == LAYER_ARCHIVE)
        return stella_error_set(err, STELLA_E_INTERNAL, NULL, "an archive was said to be a layer");
    if (s->target.is_remote) {
        *out = (feed_source){.fd = -1, .size = info->size, .remote = info};
        return STELLA_OK;
    }
    const stella_status spooled = s->image.is_spooled ? describe_spool(s, err) : STELLA_OK;
    if (spooled != STELLA_OK)
        return spooled;
    const int fd = s->image.is_spooled ? s->spool_fd : s->target.fd;
    *out = (feed_source){.fd = fd, .offset = info->offset, .size = info->size};
    if (info->kind == LAYER_DIRECTORY) {
        if (!s->target.is_directory)
            return stella_error_set(err, STELLA_E_INTERNAL, NULL, "a file was said to be a directory");
        return STELLA_OK;
    }
    if (s->target.is_directory) {
        const stella_status status = target_open_below(&s->target, info->path, owned, err);
        if (status != STELLA_OK)
            return status;
        out->fd = *owned;
    }
    if (fstat(out->fd, &st) != 0 || !S_ISREG(st.st_mode))
        return stella_error_at(err, STELLA_E_FORMAT, info->path, "not a regular file");
    if ((uint64_t)st.st_size < info->offset + info->size)
        return stella_error_at(err, STELLA_E_FORMAT, info->path, "cut short: %llu bytes of %llu",
                               (unsigned long long)st.st_size, (unsigned long long)(info->offset + info->size));
    return STELLA_OK;
}

stella_status layer_check_digest(uint32_t index, const layer_info *info, const char *computed, stella_error *err) {
    if (info->digest.len == 0 || stella_sv_eq(info->digest, stella_sv_cstr(computed)))
        return STELLA_OK;
    return stella_error_at(err, STELLA_E_FORMAT, info->path, "layer %u: wrong digest: claimed %.*s, computed %s", index,
                           STELLA_SV_FMT(info->digest), computed);
}

/* A diff id is verified where it is the only digest, and wherever the user asked for it. */
static stella_sv diff_id_to_verify(const scan *s, const layer_info *info) {
    return info->digest.len == 0 || s->options.verify_full ? info->diff_id : (stella_sv){0};
}

/* Tries until it is read or there is nobody left to blame. */
static stella_status read_with(scan *s, const layer_task *task, attempt *out, stella_error *err) {
    layer_state *layer = &s->layers[task->index];
    for (;;) {
        stella_status status = attempt_run(s, task, &layer->excluded, out, err);
        if (status == STELLA_OK && task->info->kind == LAYER_BLOB)
            status = layer_check_digest(task->index, task->info, out->digest, err);
        if (status != STELLA_OK)
            return status;
        if (!run_learn(s, &out->result, (int32_t)task->index, &layer->excluded))
            return run_error(s, &out->result, s->target.path, err);
        attempt_fini(out);
    }
}

/* The same bytes as before, or what was learnt of them is worth nothing. */
static stella_status check_unchanged(const char *before, const attempt *done, stella_error *err) {
    if (strcmp(before, done->digest) == 0)
        return STELLA_OK;
    return stella_error_set(err, STELLA_E_FORMAT, NULL, "changed while it was scanned: it was %s", before);
}

/* Once more, when names of files were missed. There is no third time: see protocol.h. */
static stella_status read_with_links(scan *s, const layer_task *task, attempt *done, layer_reply *reply,
                                     stella_error *err) {
    STELLA_AUTO(stella_fd_closep) int links = -1;
    char digest[STELLA_DIGEST_TEXT_SIZE];
    stella_status status = temp_reopen_read_only(done->links_fd, &links, err);
    if (status != STELLA_OK)
        return status;
    layer_task again = *task;
    again.links_fd = links;
    memcpy(digest, done->digest, sizeof digest);
    attempt_fini(done);
    status = read_with(s, &again, done, err);
    if (status == STELLA_OK)
        status = check_unchanged(digest, done, err);
    layer_reply_fini(reply); /* of the first reading */
    return status == STELLA_OK ? layer_reply_parse(done->result.reply, reply, err) : status;
}

static stella_status read_fully(scan *s, const layer_task *task, attempt *done, layer_reply *reply, stella_error *err) {
    stella_status status = read_with(s, task, done, err);
    if (status == STELLA_OK)
        status = layer_reply_parse(done->result.reply, reply, err);
    return status == STELLA_OK && reply->links ? read_with_links(s, task, done, reply, err) : status;
}

/* Takes the pack over, and keeps it when it is whole. */
static stella_status publish(scan *s, const layer_task *task, const attempt *done, const char *digest,
                             const layer_reply *reply, stella_error *err) {
    layer_state *layer = &s->layers[task->index];
    const stella_status status = temp_reopen_read_only(done->pack_fd, &layer->pack_fd, err);
    if (status != STELLA_OK)
        return status;
    layer->entries = reply->entries;
    layer->bytes = reply->bytes;
    layer->unreadable = reply->unreadable;
    if (task->diff_id.len)
        memcpy(layer->diff_id, reply->diff_id, sizeof layer->diff_id);
    memcpy(layer->report.digest, digest, strlen(digest) + 1);
    pthread_mutex_lock(&s->lock);
    for (uint32_t i = 0; i < reply->lost_count; i++) {
        scan_loss loss = reply->lost[i];
        loss.layer = (int32_t)task->index;
        loss_add(&s->losses, &loss);
    }
    const int is_whole = reply->lost_count == 0 && layer->excluded.count == 0 && s->excluded.count == 0;
    pthread_mutex_unlock(&s->lock);
    if (task->info->kind == LAYER_BLOB && is_whole)
        recall_keep(s, task->key ? task->key : digest, layer->pack_fd, reply);
    return STELLA_OK;
}

static void count_layer(scan *s, uint32_t *what) {
    pthread_mutex_lock(&s->lock);
    ++*what;
    pthread_mutex_unlock(&s->lock);
}

/* Reads its bytes: for all plugins, or for those of the task. */
static stella_status read_layer(scan *s, layer_task *task, stella_error *err) {
    STELLA_AUTO(stella_fd_closep) int owned = -1;
    STELLA_AUTO(attempt_fini) attempt done = {.pack_fd = -1, .links_fd = -1};
    STELLA_AUTO(layer_reply_fini) layer_reply reply = {0};
    stella_status status = task->parts ? STELLA_OK : layer_open_content(s, task->info, &task->content, &owned, err);
    if (status == STELLA_OK)
        status = read_fully(s, task, &done, &reply, err);
    if (status == STELLA_OK && s->layers[task->index].known[0])
        status = check_unchanged(s->layers[task->index].known, &done, err);
    if (status == STELLA_OK && !reply.diff_id[0] && task->base_diff_id) /* of the same bytes */
        memcpy(reply.diff_id, task->base_diff_id, sizeof reply.diff_id);
    if (status == STELLA_OK)
        status = publish(s, task, &done, done.digest, &reply, err);
    count_layer(s, &s->report.layers_read);
    return status;
}

/* Asks the index of a pack whether plugins that have not seen the layer want anything of it; when they do not, the pack
 * says so from now on. Returns 0 when the bytes must be read; a pack that nobody can read is forgotten. */
static int extend(scan *s, layer_task *task, const cache_pack *pack) {
    STELLA_AUTO(attempt_fini) attempt done = {.pack_fd = -1, .links_fd = -1};
    STELLA_AUTO(layer_reply_fini) layer_reply reply = {0};
    layer_task lookup = *task;
    lookup.is_lookup = 1;
    if (attempt_run(s, &lookup, NULL, &done, NULL) != STELLA_OK || done.result.end != STELLA_END_DONE ||
        layer_reply_parse(done.result.reply, &reply, NULL) != STELLA_OK) {
        task->base_fd = -1;
        count_layer(s, &s->report.damaged);
        return 0;
    }
    reply.entries = pack->entries;
    reply.bytes = pack->bytes;
    memcpy(reply.diff_id, pack->diff_id, sizeof reply.diff_id);
    if (reply.is_wanted || publish(s, task, &done, s->layers[task->index].known, &reply, NULL) != STELLA_OK)
        return 0;
    count_layer(s, &s->report.layers_extended);
    return 1;
}

static void take_over(scan *s, const layer_task *task, cache_pack *pack) {
    layer_state *layer = &s->layers[task->index];
    layer->pack_fd = stella_take_fd(&pack->fd);
    layer->entries = pack->entries;
    layer->bytes = pack->bytes;
    if (task->diff_id.len) /* else the result has the claimed one, as when the layer is read */
        memcpy(layer->diff_id, pack->diff_id, sizeof layer->diff_id);
    if (layer->known[0])
        memcpy(layer->report.digest, layer->known, sizeof layer->known);
    else /* read in part: it goes by the digest of its manifest */
        snprintf(layer->report.digest, sizeof layer->report.digest, "%.*s", STELLA_SV_FMT(task->info->digest));
    count_layer(s, &s->report.layers_known);
}

/* Its parts, when the user wants no more of it; else all of it. */
static stella_status read_anew(scan *s, layer_task *task, stella_error *err) {
    STELLA_AUTO(partial_fini) partial part = PARTIAL_NONE;
    STELLA_AUTO(cache_pack_fini) cache_pack pack = CACHE_PACK_NONE;
    layer_state *layer = &s->layers[task->index];
    if (!partial_applies(s, task->info, part.key))
        return read_layer(s, task, err);
    if (recall_parts(s, part.key, &pack)) {
        memcpy(layer->parts_key, part.key, sizeof part.key);
        layer->report.was_remembered = 1;
        take_over(s, task, &pack);
        partial_note(s, task->index, 0);
        return STELLA_OK;
    }
    stella_status status = partial_fetch(s, task, &layer->excluded, &part, err);
    if (status != STELLA_OK || part.blob_fd < 0)
        return status == STELLA_OK ? read_layer(s, task, err) : status;
    layer_task partly = *task; /* lives as long as the parts that it borrows */
    partly.parts = &part.parts;
    partly.toc_fd = part.toc_fd;
    partly.blob_fd = part.blob_fd;
    partly.key = part.key;
    status = read_layer(s, &partly, err);
    if (status != STELLA_OK)
        return status;
    memcpy(layer->parts_key, part.key, sizeof part.key);
    partial_note(s, task->index, part.fetched);
    return STELLA_OK;
}

/* From what is known of it, as far as that goes. */
static stella_status obtain(scan *s, layer_task *task, stella_error *err) {
    recalled known = {.pack = CACHE_PACK_NONE};
    stella_status status = recall(s, task, &known, err);
    STELLA_AUTO(cache_pack_fini) cache_pack pack = known.pack;
    if (status != STELLA_OK)
        return status;
    s->layers[task->index].report.was_remembered = pack.fd >= 0 && known.missing_count == 0;
    if (pack.fd < 0)
        return read_anew(s, task, err);
    if (known.missing_count == 0) {
        take_over(s, task, &pack);
        return STELLA_OK;
    }
    layer_task rest = *task; /* of its own: it borrows from what ends here */
    rest.base_fd = pack.fd;
    rest.base_diff_id = pack.diff_id;
    rest.plugins = known.missing;
    rest.plugin_count = known.missing_count;
    return extend(s, &rest, &pack) ? STELLA_OK : read_layer(s, &rest, err);
}

stella_status layer_read(scan *s, uint32_t index, stella_error *err) {
    layer_task task = {.index = index, .info = &s->image.layers[index], .links_fd = -1, .base_fd = -1};
    layer_state *layer = &s->layers[index];
    const uint64_t started = scan_now_ns();
    if (task.info->kind == LAYER_FOREIGN)
        return STELLA_OK;
    task.diff_id = diff_id_to_verify(s, task.info);
    const stella_status status = obtain(s, &task, err);
    layer->report.size = task.info->size;
    layer->report.entries = layer->entries;
    layer->report.unreadable = layer->unreadable;
    layer->report.elapsed_us = (scan_now_ns() - started) / 1000;
    return in_layer(s, index, status, err);
}

/* Reads the files that are asked for, and keeps them beside the pack. */
static stella_status read_supplement(scan *s, layer_task *task, const char *key, stella_error *err) {
    STELLA_AUTO(attempt_fini) attempt done = {.pack_fd = -1, .links_fd = -1};
    layer_state *layer = &s->layers[task->index];
    stella_error kept = {0};
    char layer_key[STELLA_DIGEST_TEXT_SIZE];
    stella_status status = read_with(s, task, &done, err);
    recall_key(s, done.digest, layer_key);
    if (status == STELLA_OK)
        status = check_unchanged(layer->report.digest, &done, err);
    if (status == STELLA_OK)
        status = temp_reopen_read_only(done.pack_fd, &layer->supplement_fd, err);
    if (status == STELLA_OK && s->options.cache && done.digest[0] &&
        cache_supplement_put(s->options.cache, layer_key, key, layer->supplement_fd, &kept) != STELLA_OK)
        scan_warn(s, &kept);
    return status;
}

stella_status layer_supplement(scan *s, uint32_t index, const stella_sv *paths, uint32_t path_count,
                               stella_error *err) {
    STELLA_AUTO(stella_fd_closep) int owned = -1;
    layer_state *layer = &s->layers[index];
    char key[CACHE_HEX_SIZE];
    layer_task task = {.index = index,
                       .info = &s->image.layers[index],
                       .paths = paths,
                       .path_count = path_count,
                       .links_fd = -1,
                       .base_fd = -1};
    stella_fd_closep(&layer->supplement_fd);
    if (layer->parts_key[0]) {
        layer->is_gone = 1;
        return STELLA_OK;
    }
    char layer_key[STELLA_DIGEST_TEXT_SIZE];
    recall_supplement_key(s, paths, path_count, key);
    recall_key(s, layer->report.digest, layer_key);
    if (s->options.cache && layer->report.digest[0] &&
        cache_supplement_get(s->options.cache, layer_key, key, &layer->supplement_fd))
        return STELLA_OK;
    if (layer_open_content(s, task.info, &task.content, &owned, NULL) != STELLA_OK) {
        layer->is_gone = 1;
        return STELLA_OK;
    }
    return in_layer(s, index, read_supplement(s, &task, key, err), err);
}

stella_status layer_renew(scan *s, uint32_t index, int is_supplement, stella_error *err) {
    layer_state *layer = &s->layers[index];
    const char *digest = layer->parts_key[0] ? layer->parts_key : layer->report.digest;
    char key[STELLA_DIGEST_TEXT_SIZE];
    recall_key(s, digest, key);
    if (s->options.cache && digest[0] && cache_pack_drop(s->options.cache, key))
        count_layer(s, &s->report.damaged);
    stella_fd_closep(&layer->supplement_fd);
    if (is_supplement)
        return STELLA_OK;
    stella_fd_closep(&layer->pack_fd);
    return layer_read(s, index, err);
}

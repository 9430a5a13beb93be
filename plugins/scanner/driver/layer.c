#include "layer.h"

#include "attempt.h"
#include "layer_reply.h"
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

/* Where the bytes are. owned: to be closed, when the layer is a file of its own. */
static stella_status open_content(const scan *s, const layer_info *info, feed_source *out, int *owned,
                                  stella_error *err) {
    struct stat st;
    *out = (feed_source){.fd = s->content_fd, .offset = info->offset, .size = info->size};
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

static stella_status check_digest(uint32_t index, const layer_info *info, const char *computed, stella_error *err) {
    if (info->digest.len == 0 || stella_sv_eq(info->digest, stella_sv_cstr(computed)))
        return STELLA_OK;
    return stella_error_at(err, STELLA_E_FORMAT, info->path, "layer %u: wrong digest: claimed %.*s, computed %s", index,
                           STELLA_SV_FMT(info->digest), computed);
}

/* A diff id is verified where it is the only digest, and wherever the user asked for it. */
static stella_sv diff_id_to_verify(const scan *s, const layer_info *info) {
    return info->digest.len == 0 || s->options.verify_full ? info->diff_id : (stella_sv){0};
}

/* Takes the pack over from an earlier reading. The claimed digest says only that it is worth hashing first. */
static stella_status recall(scan *s, const layer_task *task, int *is_recalled, stella_error *err) {
    const layer_info *info = task->info;
    layer_state *layer = &s->layers[task->index];
    char digest[STELLA_DIGEST_TEXT_SIZE], claimed[STELLA_DIGEST_TEXT_SIZE];
    pack_entry entry;
    *is_recalled = 0;
    if (info->kind != LAYER_BLOB || info->digest.len == 0)
        return STELLA_OK;
    snprintf(claimed, sizeof claimed, "%.*s", STELLA_SV_FMT(info->digest));
    pack_key key = pack_key_of(claimed, stella_buf_sv(&s->context));
    if (!pack_store_has(s->options.packs, &key))
        return STELLA_OK;
    stella_status status = feed(s, &task->content, -1, NULL, digest, err);
    if (status == STELLA_OK)
        status = check_digest(task->index, info, digest, err);
    if (status != STELLA_OK)
        return status;
    key = pack_key_of(digest, stella_buf_sv(&s->context));
    if (!pack_store_get(s->options.packs, &key, &entry))
        return STELLA_OK;
    if (task->diff_id.len && !stella_sv_eq(task->diff_id, stella_sv_cstr(entry.diff_id))) {
        stella_fd_closep(&entry.fd); /* never verified, or another one: reading it again tells */
        return STELLA_OK;
    }
    layer->pack_fd = entry.fd;
    layer->entries = entry.entries;
    layer->bytes = entry.bytes;
    memcpy(layer->diff_id, entry.diff_id, sizeof layer->diff_id);
    memcpy(layer->report.digest, digest, sizeof digest);
    layer->report.was_remembered = 1;
    *is_recalled = 1;
    return STELLA_OK;
}

/* Tries until it is read or there is nobody left to blame. */
static stella_status read_with(scan *s, const layer_task *task, attempt *out, stella_error *err) {
    layer_state *layer = &s->layers[task->index];
    for (;;) {
        stella_status status = attempt_run(s, task, &layer->excluded, out, err);
        if (status == STELLA_OK && task->info->kind == LAYER_BLOB)
            status = check_digest(task->index, task->info, out->digest, err);
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
    return status == STELLA_OK ? layer_reply_parse(done->result.reply, reply, err) : status;
}

static stella_status read_fully(scan *s, const layer_task *task, attempt *done, layer_reply *reply, stella_error *err) {
    stella_status status = read_with(s, task, done, err);
    if (status == STELLA_OK)
        status = layer_reply_parse(done->result.reply, reply, err);
    return status == STELLA_OK && reply->links ? read_with_links(s, task, done, reply, err) : status;
}

/* Takes the pack over, and remembers it when it is whole. */
static stella_status publish(scan *s, const layer_task *task, const attempt *done, const layer_reply *reply,
                             stella_error *err) {
    layer_state *layer = &s->layers[task->index];
    const stella_status status = temp_reopen_read_only(done->pack_fd, &layer->pack_fd, err);
    if (status != STELLA_OK)
        return status;
    layer->entries = reply->entries;
    layer->bytes = reply->bytes;
    layer->unreadable = reply->unreadable;
    memcpy(layer->diff_id, reply->diff_id, sizeof layer->diff_id);
    memcpy(layer->report.digest, done->digest, sizeof layer->report.digest);
    pthread_mutex_lock(&s->lock);
    for (uint32_t i = 0; i < reply->lost_count; i++) {
        scan_loss loss = reply->lost[i];
        loss.layer = (int32_t)task->index;
        loss_add(&s->losses, &loss);
    }
    const int is_whole = reply->lost_count == 0 && layer->excluded.count == 0 && s->excluded.count == 0;
    pthread_mutex_unlock(&s->lock);
    if (task->info->kind == LAYER_BLOB && is_whole) {
        const pack_key key = pack_key_of(done->digest, stella_buf_sv(&s->context));
        pack_entry entry = {.fd = layer->pack_fd, .entries = reply->entries, .bytes = reply->bytes};
        memcpy(entry.diff_id, reply->diff_id, sizeof entry.diff_id);
        pack_store_put(s->options.packs, &key, &entry);
    }
    return STELLA_OK;
}

stella_status layer_read(scan *s, uint32_t index, stella_error *err) {
    STELLA_AUTO(stella_fd_closep) int owned = -1;
    STELLA_AUTO(attempt_fini) attempt done = {.pack_fd = -1, .links_fd = -1};
    layer_task task = {.index = index, .info = &s->image.layers[index], .links_fd = -1};
    layer_state *layer = &s->layers[index];
    layer_reply reply;
    int is_recalled = 0;
    const uint64_t started = scan_now_ns();
    if (task.info->kind == LAYER_FOREIGN)
        return STELLA_OK;
    task.diff_id = diff_id_to_verify(s, task.info);
    stella_status status = open_content(s, task.info, &task.content, &owned, err);
    if (status == STELLA_OK)
        status = recall(s, &task, &is_recalled, err);
    if (status == STELLA_OK && !is_recalled)
        status = read_fully(s, &task, &done, &reply, err);
    if (status == STELLA_OK && !is_recalled)
        status = publish(s, &task, &done, &reply, err);
    layer->report.size = task.info->size;
    layer->report.entries = layer->entries;
    layer->report.unreadable = layer->unreadable;
    layer->report.elapsed_us = (scan_now_ns() - started) / 1000;
    return in_layer(s, index, status, err);
}

stella_status layer_supplement(scan *s, uint32_t index, const stella_sv *paths, uint32_t path_count,
                               stella_error *err) {
    STELLA_AUTO(stella_fd_closep) int owned = -1;
    STELLA_AUTO(attempt_fini) attempt done = {.pack_fd = -1, .links_fd = -1};
    layer_state *layer = &s->layers[index];
    layer_task task = {
        .index = index, .info = &s->image.layers[index], .paths = paths, .path_count = path_count, .links_fd = -1};
    if (open_content(s, task.info, &task.content, &owned, NULL) != STELLA_OK) {
        layer->is_gone = 1;
        return STELLA_OK;
    }
    stella_status status = read_with(s, &task, &done, err);
    if (status == STELLA_OK)
        status = check_unchanged(layer->report.digest, &done, err);
    if (status == STELLA_OK) {
        stella_fd_closep(&layer->supplement_fd);
        status = temp_reopen_read_only(done.pack_fd, &layer->supplement_fd, err);
    }
    return in_layer(s, index, status, err);
}

/* Looking paths up in the merged tree, and reading what nobody asked for. */
#include "analysis.h"

#include "protocol.h"

/* A hard link to a file that a lower layer carries stands for that file, as long as it is still there. */
static void follow_to_lower_layer(const analysis *job, view_entry *entry) {
    pack_row facts;
    view_entry lower;
    view_facts(job->world->view, *entry, &facts);
    if ((facts.flags & PACK_DANGLING) && view_at(job->world->view, facts.target, &lower) && lower.layer < entry->layer)
        *entry = lower;
}

/* Where a path leads, as a file without content; its path lives in the call's arena. */
static stella_status find(analysis *job, stella_sv path, stella_file *file, view_entry *entry, stella_error *err) {
    char buf[PATH_BYTES_MAX];
    stella_sv canonical;
    if (!analysis_accepts(job, path, "view path"))
        return stella_error_set(err, job->failed.code, NULL, "%s", job->failed.message);
    stella_status status = view_resolve(job->world->view, path, 1, buf, &canonical, entry, err);
    if (status != STELLA_OK)
        return status;
    const stella_sv kept = stella_arena_dup(job->base.arena, canonical);
    if (!kept.ptr)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "the arena of the call is spent");
    follow_to_lower_layer(job, entry);
    *file = analysis_file(job, *entry, kept);
    return STELLA_OK;
}

static int content_of(const pack *p, stella_sv plugin, uint32_t row, stella_sv *bytes) {
    uint32_t position;
    return pack_segment_find(p, plugin, &position) && pack_content(p, position, row, bytes);
}

stella_status analysis_view_stat(stella_analysis *base, stella_sv path, stella_file *out, stella_error *err) {
    analysis *job = (analysis *)base;
    stella_file file = {0};
    view_entry entry;
    if (!out)
        analysis_fail(job, STELLA_E_INVALID, "view_stat", "nowhere to put a file");
    const stella_status status = find(job, path, &file, &entry, err);
    if (status != STELLA_OK || !out) /* without a place to put it, find() has refused */
        return status;
    if (file.kind == STELLA_FILE_REGULAR)
        (void)content_of(job->world->packs[entry.layer], job->plugin->id, entry.row, &file.bytes);
    analysis_fill(out, out->struct_size, &file, sizeof file);
    return STELLA_OK;
}

/* Kept for this analyzer, by the engine, or for any other. */
static int is_kept(const analysis *job, view_entry entry, stella_sv *bytes) {
    const pack *p = job->world->packs[entry.layer];
    if (content_of(p, job->plugin->id, entry.row, bytes) || content_of(p, STELLA_SV(ENGINE_ID), entry.row, bytes))
        return 1;
    for (uint32_t i = 0; i < pack_segment_count(p); i++) {
        pack_segment segment;
        pack_segment_at(p, i, &segment);
        if (segment.plugin.len && pack_content(p, i, entry.row, bytes))
            return 1;
    }
    return 0;
}

/* The name under which the layer carries the content: of a hard link, the first one. */
static stella_status carrier(const analysis *job, view_entry entry, char *buf, stella_sv *path, stella_error *err) {
    const pack *p = job->world->packs[entry.layer];
    pack_row facts;
    pack_row_at(p, entry.row, &facts);
    const int is_link = (facts.flags & PACK_HARDLINK) != 0;
    if (is_link && facts.link == PACK_NO_ROW)
        return stella_error_at(err, STELLA_E_IO, facts.target, "a hard link to what is not there any more");
    *path = pack_path(p, is_link ? facts.link : entry.row, buf);
    return STELLA_OK;
}

static int is_supplied(const analysis *job, uint32_t layer, stella_sv path, stella_sv *bytes) {
    const pack *p = job->world->supplements[layer];
    uint32_t row;
    return p && pack_find(p, path, &row) && content_of(p, STELLA_SV(ENGINE_ID), row, bytes);
}

static stella_status wish(analysis *job, uint32_t layer, stella_sv path, int is_served, stella_error *err) {
    if (job->wish_count == ANALYSIS_WISHES_MAX)
        return stella_error_at(err, STELLA_E_LIMIT, path, "more than %u files that nobody asked for",
                               ANALYSIS_WISHES_MAX);
    analysis_wish *w = chain_add(job->wishes, job->wish_arena, sizeof *w);
    if (w)
        *w = (analysis_wish){.layer = layer, .is_served = is_served, .path = stella_arena_dup(job->wish_arena, path)};
    if (!w || !w->path.ptr) {
        analysis_fail(job, STELLA_E_NOMEM, "view_read", "no memory for what it wishes to read");
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for what it wishes to read");
    }
    if (is_served)
        return STELLA_OK;
    job->wish_count++;
    return stella_error_at(err, STELLA_E_PENDING, path, "not at hand; the layer will be read again");
}

static stella_status unavailable(analysis *job, stella_sv path, const char *why, stella_error *err) {
    analysis_note(job, STELLA_NOTE_ERROR, STELLA_SV("content-unavailable"), path, 0, stella_sv_cstr(why));
    return stella_error_at(err, STELLA_E_IO, path, "%s", why);
}

static int is_absent(const analysis *job, view_entry entry) {
    pack_row facts;
    pack_row_at(job->world->packs[entry.layer], entry.row, &facts);
    return (facts.flags & PACK_ABSENT) != 0;
}

static stella_status content(analysis *job, view_entry entry, stella_file *file, stella_error *err) {
    char buf[PATH_BYTES_MAX];
    stella_sv path;
    if (file->size > ANALYSIS_READ_MAX)
        return stella_error_at(err, STELLA_E_LIMIT, file->path, "larger than %u bytes", ANALYSIS_READ_MAX);
    if (file->size == 0) {
        file->bytes = STELLA_SV("");
        return STELLA_OK;
    }
    if (is_kept(job, entry, &file->bytes))
        return STELLA_OK;
    if (is_absent(job, entry))
        return unavailable(job, file->path, "its layer was read in part, without this file", err);
    const stella_status status = carrier(job, entry, buf, &path, err);
    if (status != STELLA_OK)
        return status;
    const int is_deep = (job->world->options & STELLA_OPTION_USAGE_DEEP) != 0;
    const uint32_t rounds = is_deep ? ENGINE_ROUNDS_DEEP : ENGINE_ROUNDS_MAX;
    const int is_last = job->world->round >= rounds;
    if (is_supplied(job, entry.layer, path, &file->bytes))
        return is_last ? STELLA_OK : wish(job, entry.layer, path, 1, err);
    if (job->world->is_gone[entry.layer])
        return unavailable(job, file->path, "its layer could not be read again", err);
    if (!is_last)
        return wish(job, entry.layer, path, 0, err);
    return stella_error_at(err, STELLA_E_LIMIT, file->path, "wished for after the layers were read again %u times",
                           rounds - 1);
}

stella_status analysis_view_read(stella_analysis *base, stella_sv path, stella_file *out, stella_error *err) {
    analysis *job = (analysis *)base;
    stella_file file = {0};
    view_entry entry;
    if (!out)
        analysis_fail(job, STELLA_E_INVALID, "view_read", "nowhere to put a file");
    stella_status status = find(job, path, &file, &entry, err);
    if (status == STELLA_OK && file.kind != STELLA_FILE_REGULAR)
        status = stella_error_at(err, STELLA_E_NOTFOUND, file.path, "not a regular file");
    if (status == STELLA_OK)
        status = content(job, entry, &file, err);
    if (status == STELLA_OK && out)
        analysis_fill(out, out->struct_size, &file, sizeof file);
    return status;
}

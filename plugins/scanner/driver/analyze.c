#include "analyze.h"

#include "layer.h"
#include "pending.h"
#include "request.h"
#include "run.h"

#include <stella/auto.h>

#include <errno.h>
#include <unistd.h>

#define ANALYZE_FILE_BYTES (4ull << 30) /* the largest output */
#define ANALYZE_ROUNDS_MAX                                                                                             \
    24u /* of the engine, which wishes for nothing more after the third unless it is to go deep */
#define ANALYZE_PLUGIN_BYTES (256u << 20) /* what the child may use besides ANALYZE_MEMORY_BYTES */

static stella_status add_fd(analyze_fds *fds, int fd, int32_t *position, stella_error *err) {
    *position = -1;
    if (fd < 0)
        return STELLA_OK;
    if (fds->count == STELLA_JOB_FDS_MAX)
        return stella_error_set(err, STELLA_E_LIMIT, NULL, "more than %d layers, supplements and outputs",
                                STELLA_JOB_FDS_MAX);
    fds->fds[fds->count] = fd;
    *position = (int32_t)fds->count++;
    return STELLA_OK;
}

static stella_status collect_fds(const scan *s, const scan_output *outputs, uint32_t output_count, analyze_fds *fds,
                                 stella_error *err) {
    stella_status status = STELLA_OK;
    *fds = (analyze_fds){0};
    for (uint32_t i = 0; status == STELLA_OK && i < s->image.layer_count; i++) {
        status = add_fd(fds, s->layers[i].pack_fd, &fds->packs[i], err);
        if (status == STELLA_OK)
            status = add_fd(fds, s->layers[i].supplement_fd, &fds->supplements[i], err);
    }
    for (uint32_t i = 0; status == STELLA_OK && i < output_count; i++)
        status = add_fd(fds, outputs[i].fd, &fds->outputs[i], err);
    return status;
}

/* What an earlier try wrote is no part of the result. */
static stella_status empty_outputs(const scan_output *outputs, uint32_t count, stella_error *err) {
    for (uint32_t i = 0; i < count; i++)
        if (ftruncate(outputs[i].fd, 0) != 0 || lseek(outputs[i].fd, 0, SEEK_SET) != 0)
            return stella_error_set(err, STELLA_E_IO, outputs[i].format, "emptying an output: %s", strerror(errno));
    return STELLA_OK;
}

static stella_status start(scan *s, uint32_t round, const scan_output *outputs, uint32_t output_count,
                           const exclusions *excluded, run *out, stella_error *err) {
    STELLA_AUTO(stella_buf_fini) stella_buf text = stella_buf_of(REQUEST_BYTES_MAX);
    analyze_fds fds;
    stella_status status = empty_outputs(outputs, output_count, err);
    if (status == STELLA_OK)
        status = collect_fds(s, outputs, output_count, &fds, err);
    if (status != STELLA_OK)
        return status;
    loss_order(&s->losses);
    status = request_analyze(s, round, &fds, outputs, output_count, &text, err);
    if (status != STELLA_OK)
        return status;
    const stella_job_request request = {.kind = "image.analyze",
                                        .request = stella_buf_sv(&text),
                                        .fds = fds.fds,
                                        .fd_count = fds.count,
                                        .dir_fd = -1,
                                        .memory_bytes = ANALYZE_MEMORY_BYTES + ANALYZE_PLUGIN_BYTES,
                                        .file_bytes = ANALYZE_FILE_BYTES,
                                        .label = stella_sv_cstr(s->target.path)};
    return run_start(s, &request, excluded, out, err);
}

/* One round, repeated without the plugins that do not survive it. reply: in the scan's arena. */
static stella_status run_round(scan *s, uint32_t round, const scan_output *outputs, uint32_t output_count,
                               exclusions *excluded, const stella_json **reply, stella_error *err) {
    for (;;) {
        STELLA_AUTO(run_end) run child = {0};
        stella_job_result result;
        stella_status status = start(s, round, outputs, output_count, excluded, &child, err);
        if (status == STELLA_OK)
            status = run_wait(&child, &result, err);
        if (status != STELLA_OK)
            return status;
        if (run_learn(s, &result, -1, excluded))
            continue;
        status = run_error(s, &result, "image.analyze", err);
        if (status != STELLA_OK)
            return status;
        const stella_sv kept = stella_arena_dup(s->arena, result.reply);
        if (!kept.ptr || stella_json_parse(kept, s->arena, reply, NULL) != STELLA_OK)
            return stella_error_set(err, STELLA_E_INTERNAL, NULL, "the reply of image.analyze breaks the protocol");
        return STELLA_OK;
    }
}

/* Reads the layers again for what analyzers asked for. */
static stella_status read_pending(scan *s, const stella_json *list, stella_error *err) {
    pending wanted;
    stella_status status = pending_read(list, s->image.layer_count, s->arena, &wanted, err);
    for (uint32_t i = 0; status == STELLA_OK && i < s->image.layer_count; i++) {
        const stella_sv *paths = NULL;
        uint32_t count = 0;
        status = pending_of_layer(&wanted, i, s->arena, &paths, &count, err);
        if (status == STELLA_OK && count)
            status = layer_supplement(s, i, paths, count, err);
    }
    return status;
}

/* What only the analysis knows: an analyzer that returned an error. Those told before are sorted out by loss_order. */
static void read_lost(scan *s, const stella_json *list) {
    for (uint32_t i = 0; list && i < list->count; i++) {
        const stella_json *item = stella_json_at(list, i);
        scan_loss loss = {.layer = -1, .is_lost = 1};
        loss_text(loss.plugin, sizeof loss.plugin, stella_json_str(stella_json_get(item, "plugin")));
        loss_text(loss.code, sizeof loss.code, stella_json_str(stella_json_get(item, "code")));
        loss_text(loss.message, sizeof loss.message, stella_json_str(stella_json_get(item, "message")));
        loss_text(loss.path, sizeof loss.path, stella_json_str(stella_json_get(item, "path")));
        loss_add(&s->losses, &loss);
    }
}

/* A name becomes part of a metric's, so no other letters are taken. */
static int is_counter(stella_sv name) {
    for (size_t i = 0; i < name.len; i++)
        if (!(name.ptr[i] >= 'a' && name.ptr[i] <= 'z') && !(name.ptr[i] >= '0' && name.ptr[i] <= '9') &&
            name.ptr[i] != '_')
            return 0;
    return name.len > 0 && name.len < sizeof((scan_count *)0)->name;
}

static void read_counts(scan *s, const stella_json *list) {
    s->count_count = 0;
    for (uint32_t i = 0; list && i < list->count && s->count_count < SCAN_COUNTS_MAX; i++) {
        const stella_json *item = stella_json_at(list, i);
        const stella_sv name = stella_json_str(stella_json_get(item, "name"));
        scan_count *one = &s->counts[s->count_count];
        if (!is_counter(name) ||
            !stella_sv_u64(stella_json_str(stella_json_get(item, "value")), UINT64_MAX, &one->value))
            continue;
        loss_text(one->name, sizeof one->name, name);
        s->count_count++;
    }
}

/* What the emitter says, with the place it names: a line of a template. */
static void read_output_error(const stella_json *output, stella_error *out) {
    const stella_sv invalid = stella_sv_cstr(stella_status_name(STELLA_E_INVALID));
    const stella_sv format = stella_json_str(stella_json_get(output, "format"));
    const stella_sv message = stella_sv_first(stella_json_str(stella_json_get(output, "error")), 180);
    const stella_sv place = stella_sv_first(stella_json_str(stella_json_get(output, "path")), 80);
    const stella_status code =
        stella_sv_eq(stella_json_str(stella_json_get(output, "code")), invalid) ? STELLA_E_INVALID : STELLA_E_IO;
    if (message.len && place.len)
        stella_error_at(out, code, format, "%.*s: %.*s", STELLA_SV_FMT(place), STELLA_SV_FMT(message));
    else if (message.len)
        stella_error_at(out, code, format, "%.*s", STELLA_SV_FMT(message));
}

static void read_result(const stella_json *reply, analyze_result *out) {
    const stella_json *outputs = stella_json_get(reply, "outputs");
    stella_json_u64(stella_json_get(reply, "components"), &out->components);
    for (uint32_t i = 0; outputs && i < outputs->count && out->output_error.code == STELLA_OK; i++)
        read_output_error(stella_json_at(outputs, i), &out->output_error);
}

static int names(const stella_json *list, uint32_t position) {
    uint64_t named;
    for (uint32_t i = 0; i < list->count; i++)
        if (stella_json_u64(stella_json_at(list, i), &named) && named == position)
            return 1;
    return 0;
}

/* Reads the layers again whose packs are damaged; the list names descriptors as collect_fds placed them. A supplement is
 * read when round 1 asks for it again. */
static stella_status renew(scan *s, const stella_json *list, stella_error *err) {
    stella_status status = STELLA_OK;
    uint32_t position = 0;
    for (uint32_t i = 0; status == STELLA_OK && i < s->image.layer_count; i++) {
        const layer_state *layer = &s->layers[i];
        const int is_pack = layer->pack_fd >= 0 && names(list, position);
        position += layer->pack_fd >= 0;
        const int is_supplement = layer->supplement_fd >= 0 && names(list, position);
        position += layer->supplement_fd >= 0;
        if (is_pack || is_supplement)
            status = layer_renew(s, i, !is_pack, err);
    }
    return status;
}

/* All rounds. is_again: packs were made anew already; that they are damaged again is no accident. */
static stella_status run_rounds(scan *s, const scan_output *outputs, uint32_t output_count, exclusions *excluded,
                                int is_again, const stella_json **reply, stella_error *err) {
    stella_status status = run_round(s, 1, outputs, output_count, excluded, reply, err);
    for (uint32_t round = 2; round <= ANALYZE_ROUNDS_MAX && status == STELLA_OK; round++) {
        const stella_json *list = stella_json_get(*reply, "pending");
        if (!list || !list->count)
            break;
        status = read_pending(s, list, err);
        if (status == STELLA_OK)
            status = run_round(s, round, outputs, output_count, excluded, reply, err);
    }
    const stella_json *damaged = status == STELLA_OK ? stella_json_get(*reply, "damaged") : NULL;
    if (!damaged)
        return status;
    if (is_again)
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "what was learnt of a layer is damaged");
    status = renew(s, damaged, err);
    return status == STELLA_OK ? run_rounds(s, outputs, output_count, excluded, 1, reply, err) : status;
}

stella_status analyze(scan *s, const scan_output *outputs, uint32_t output_count, analyze_result *out,
                      stella_error *err) {
    exclusions excluded = {0};
    const stella_json *reply = NULL;
    for (uint32_t i = 0; i < s->image.layer_count; i++) /* what is missing from one layer would be wrong in the whole */
        for (uint32_t k = 0; k < s->layers[i].excluded.count; k++)
            exclusions_add(&excluded, s->layers[i].excluded.indices[k]);
    const stella_status status = run_rounds(s, outputs, output_count, &excluded, 0, &reply, err);
    if (status != STELLA_OK)
        return status;
    if (!stella_json_get(reply, "outputs")) /* a wish in the last round is refused by the engine itself */
        return stella_error_set(err, STELLA_E_INTERNAL, NULL, "the reply of image.analyze breaks the protocol");
    analyze_result result = {0};
    read_lost(s, stella_json_get(reply, "lost"));
    read_counts(s, stella_json_get(reply, "counts"));
    stella_json_u64(stella_json_get(reply, "notes"), &s->report.notes);
    read_result(reply, &result);
    *out = result;
    return STELLA_OK;
}

/* The request of image.analyze: everything that was learnt, and where the outputs go. */
#include "request.h"

#include <stella/json.h>

#include <stdio.h>

static void write_i64(stella_json_writer *w, const char *name, int64_t value) {
    stella_json_key(w, stella_sv_cstr(name));
    stella_json_write_i64(w, value);
}

static void write_image(stella_json_writer *w, const image_info *image) {
    stella_json_member_object(w, "image");
    stella_json_member_str(w, "kind", image->kind);
    stella_json_member_str(w, "name", image->name);
    stella_json_member_str(w, "digest", image->digest);
    stella_json_member_str(w, "configDigest", image->config_digest);
    stella_json_member_str(w, "os", image->os);
    stella_json_member_str(w, "architecture", image->architecture);
    stella_json_member_str(w, "variant", image->variant);
    write_i64(w, "createdMs", image->created_ms);
    stella_json_member_str(w, "config", image->config);
    stella_json_end_object(w);
}

static void write_layer(stella_json_writer *w, const scan *s, uint32_t index, const analyze_fds *fds) {
    const layer_info *info = &s->image.layers[index];
    const layer_state *layer = &s->layers[index];
    const stella_sv computed = stella_sv_cstr(layer->report.digest);
    stella_json_begin_object(w);
    stella_json_member_str(w, "digest", computed.len ? computed : info->digest);
    stella_json_member_str(w, "diffId", layer->diff_id[0] ? stella_sv_cstr(layer->diff_id) : info->diff_id);
    stella_json_member_str(w, "mediaType", info->media_type);
    stella_json_member_str(w, "createdBy", info->created_by);
    stella_json_member_u64(w, "size", info->size);
    stella_json_member_u64(w, "entries", layer->entries);
    write_i64(w, "pack", fds->packs[index]);
    write_i64(w, "supplement", fds->supplements[index]);
    stella_json_member_bool(w, "missing", info->kind == LAYER_FOREIGN);
    stella_json_member_bool(w, "gone", layer->is_gone);
    stella_json_end_object(w);
}

static void write_losses(stella_json_writer *w, const loss_list *losses) {
    stella_json_member_array(w, "errors");
    for (uint32_t i = 0; i < losses->count; i++) {
        const scan_loss *loss = &losses->items[i];
        stella_json_begin_object(w);
        stella_json_member_str(w, "plugin", stella_sv_cstr(loss->plugin));
        stella_json_member_str(w, "code", stella_sv_cstr(loss->code));
        stella_json_member_str(w, "message", stella_sv_cstr(loss->message));
        stella_json_member_str(w, "path", stella_sv_cstr(loss->path));
        write_i64(w, "layer", loss->layer);
        stella_json_member_bool(w, "lost", loss->is_lost);
        stella_json_end_object(w);
    }
    stella_json_end_array(w);
}

static void write_counter(stella_json_writer *w, const char *name, uint64_t value) {
    char text[24];
    snprintf(text, sizeof text, "%llu", (unsigned long long)value);
    stella_json_begin_object(w);
    stella_json_member_str(w, "name", stella_sv_cstr(name));
    stella_json_member_str(w, "value", stella_sv_cstr(text));
    stella_json_end_object(w);
}

static void write_counters(stella_json_writer *w, const scan *s) {
    uint64_t entries = 0, bytes = 0, unreadable = 0;
    for (uint32_t i = 0; i < s->image.layer_count; i++) {
        entries += s->layers[i].entries;
        bytes += s->layers[i].bytes;
        unreadable += s->layers[i].unreadable;
    }
    stella_json_member_array(w, "counters");
    write_counter(w, "bytes", bytes);
    write_counter(w, "entries", entries);
    write_counter(w, "layers", s->image.layer_count);
    write_counter(w, "unreadable", unreadable);
    stella_json_end_array(w);
}

static void write_output(stella_json_writer *w, const scan_output *output, int32_t fd) {
    stella_json_begin_object(w);
    stella_json_member_str(w, "format", stella_sv_cstr(output->format));
    write_i64(w, "fd", fd);
    stella_json_member_opt(w, "view", stella_sv_cstr(output->view));
    stella_json_member_bool(w, "optional", output->is_optional);
    stella_json_member_bool(w, "color", output->has_color);
    stella_json_member_bool(w, "byLayer", output->is_by_layer);
    stella_json_member_u64(w, "width", output->width);
    stella_json_end_object(w);
}

static void write_listing(stella_json_writer *w, const scan_options *options) {
    static const stella_sv words[] = {[SCAN_DECLARED_AUTO] = STELLA_SV_INIT("auto"),
                                      [SCAN_DECLARED_ON] = STELLA_SV_INIT("on"),
                                      [SCAN_DECLARED_OFF] = STELLA_SV_INIT("off")};
    stella_json_member_u64(w, "options", options->analyzer_options);
    stella_json_member_str(w, "declared", words[options->declared]);
    stella_json_member_bool(w, "dev", options->with_dev);
    stella_json_member_bool(w, "managed", options->with_managed);
}

stella_status request_analyze(const scan *s, uint32_t round, const analyze_fds *fds, const scan_output *outputs,
                              uint32_t output_count, stella_buf *out, stella_error *err) {
    const stella_sink sink = stella_buf_sink(out);
    stella_json_writer w;
    stella_json_writer_init(&w, &sink, 0);
    stella_json_begin_object(&w);
    write_image(&w, &s->image);
    stella_json_member_str(&w, "subject", s->image.name.len ? s->image.name : s->target.name);
    write_i64(&w, "epochMs", s->options.epoch_ms);
    stella_json_member_u64(&w, "round", round);
    stella_json_member_array(&w, "layers");
    for (uint32_t i = 0; i < s->image.layer_count; i++)
        write_layer(&w, s, i, fds);
    stella_json_end_array(&w);
    write_losses(&w, &s->losses);
    write_counters(&w, s);
    stella_json_member_array(&w, "outputs");
    for (uint32_t i = 0; i < output_count; i++)
        write_output(&w, &outputs[i], fds->outputs[i]);
    stella_json_end_array(&w);
    if (s->options.template_text.ptr)
        stella_json_member_str(&w, "template", s->options.template_text);
    stella_json_member_opt(&w, "process", s->options.process);
    write_listing(&w, &s->options);
    write_i64(&w, "onlyLayer", s->only_layer);
    stella_json_member_u64(&w, "memoryBytes", ANALYZE_MEMORY_BYTES);
    stella_json_end_object(&w);
    return stella_json_finish(&w, err);
}

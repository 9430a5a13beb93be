#include "request.h"

#include <stella/job.h>
#include <stella/json.h>

static void write_limit(stella_json_writer *w, const char *name, uint64_t value) {
    if (value)
        stella_json_member_u64(w, name, value);
}

static void write_limits(stella_json_writer *w, const scan_limits *limits) {
    stella_json_member_object(w, "limits");
    write_limit(w, "entries", limits->entries);
    write_limit(w, "pathBytes", limits->path_bytes);
    write_limit(w, "layerBytes", limits->layer_bytes);
    write_limit(w, "ratio", limits->ratio);
    write_limit(w, "ratioBytes", limits->ratio_bytes);
    stella_json_end_object(w);
}

stella_status request_context(const scan *s, stella_buf *out, stella_error *err) {
    const stella_sink sink = stella_buf_sink(out);
    stella_json_writer w;
    stella_json_writer_init(&w, &sink, 0);
    stella_json_begin_object(&w);
    write_limits(&w, &s->options.limits);
    stella_json_member_array(&w, "plugins");
    stella_worker_plugin plugin = {.struct_size = sizeof plugin};
    stella_error failed = {0};
    const stella_worker *worker = s->options.worker;
    for (uint32_t i = 0; worker->plugin(worker->self, "scan", i, &plugin, &failed); i++)
        stella_json_write_str(&w, stella_sv_cstr(plugin.digest));
    stella_json_end_array(&w);
    stella_json_end_object(&w);
    if (failed.code != STELLA_OK) {
        if (err)
            *err = failed;
        return failed.code;
    }
    return stella_json_finish(&w, err);
}

stella_status request_open(const scan *s, const scan_output *outputs, uint32_t output_count, stella_buf *out,
                           stella_error *err) {
    const stella_sink sink = stella_buf_sink(out);
    stella_json_writer w;
    stella_json_writer_init(&w, &sink, 0);
    stella_json_begin_object(&w);
    stella_json_member_str(&w, "targetKind", s->target.is_directory ? STELLA_SV("directory") : STELLA_SV("file"));
    stella_json_member_str(&w, "name", s->target.name);
    stella_json_member_str(&w, "select", s->target.select);
    stella_json_member_str(&w, "platform", stella_sv_cstr(s->options.platform));
    stella_json_member_str(&w, "scheme", s->target.scheme);
    stella_json_member_array(&w, "formats");
    for (uint32_t i = 0; i < output_count; i++)
        stella_json_write_str(&w, stella_sv_cstr(outputs[i].format));
    stella_json_end_array(&w);
    stella_json_member_bool(&w, "template", s->options.template_text.ptr != NULL);
    stella_json_end_object(&w);
    return stella_json_finish(&w, err);
}

stella_status request_layer(const scan *s, const layer_task *task, stella_buf *out, stella_error *err) {
    const layer_kind kind = task->info->kind;
    const stella_sink sink = stella_buf_sink(out);
    stella_json_writer w;
    stella_json_writer_init(&w, &sink, 0);
    stella_json_begin_object(&w);
    stella_json_member_str(&w, "kind",
                           kind == LAYER_DIRECTORY ? STELLA_SV("directory")
                           : kind == LAYER_FILE    ? STELLA_SV("file")
                                                   : STELLA_SV("blob"));
    if (kind == LAYER_FILE)
        stella_json_member_u64(&w, "size", task->info->size);
    stella_json_member_str(&w, "name", s->target.name);
    stella_json_member_str(&w, "diffId", task->diff_id);
    stella_json_member_bool(&w, "otherFileSystems", s->options.other_file_systems);
    stella_json_member_bool(&w, "links", task->links_fd >= 0);
    if (task->path_count) {
        stella_json_member_array(&w, "paths");
        for (uint32_t i = 0; i < task->path_count; i++)
            stella_json_write_str(&w, task->paths[i]);
        stella_json_end_array(&w);
    }
    write_limits(&w, &s->options.limits);
    stella_json_end_object(&w);
    return stella_json_finish(&w, err);
}

#include "request.h"

#include "layer.h"

#include <stella/auto.h>
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

/* Only when there are any: what is known without them stays known. */
static void write_options(stella_json_writer *w, const scan *s) {
    if (s->options.analyzer_options)
        stella_json_member_u64(w, "options", s->options.analyzer_options);
}

stella_status request_context(const scan *s, char out[STELLA_DIGEST_TEXT_SIZE], stella_error *err) {
    STELLA_AUTO(stella_buf_fini) stella_buf text = stella_buf_of(REQUEST_BYTES_MAX);
    const stella_sink sink = stella_buf_sink(&text);
    stella_json_writer w;
    stella_json_writer_init(&w, &sink, 0);
    stella_json_begin_object(&w);
    write_limits(&w, &s->options.limits);
    stella_json_member_str(&w, "engine", stella_sv_cstr(s->roster.engine));
    write_options(&w, s);
    stella_json_end_object(&w);
    const stella_status status = stella_json_finish(&w, err);
    if (status == STELLA_OK)
        stella_digest_of(stella_buf_sv(&text), out);
    return status;
}

stella_status request_open(const scan *s, const char *const *formats, uint32_t format_count, stella_buf *out,
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
    for (uint32_t i = 0; i < format_count; i++)
        stella_json_write_str(&w, stella_sv_cstr(formats[i]));
    stella_json_end_array(&w);
    stella_json_member_bool(&w, "template", s->options.template_text.ptr != NULL);
    stella_json_end_object(&w);
    return stella_json_finish(&w, err);
}

static void write_texts(stella_json_writer *w, const char *name, const stella_sv *texts, uint32_t count) {
    stella_json_member_array(w, name);
    for (uint32_t i = 0; i < count; i++)
        stella_json_write_str(w, texts[i]);
    stella_json_end_array(w);
}

/* A layer that will be read when the others are done has a processor more to itself. */
static int is_long(const scan *s, const layer_info *info) {
    const uint32_t at_once = layers_at_once(s);
    return info->kind == LAYER_BLOB && at_once > 1 && info->size > atomic_load(&s->bytes_total) / at_once;
}

static void write_parts(stella_json_writer *w, const layer_parts *parts) {
    stella_json_member_object(w, "toc");
    stella_json_member_str(w, "digest", parts->digest);
    stella_json_member_u64(w, "dataBytes", parts->data_bytes);
    stella_json_end_object(w);
}

stella_status request_toc(const layer_parts *parts, stella_buf *out, stella_error *err) {
    const stella_sink sink = stella_buf_sink(out);
    stella_json_writer w;
    stella_json_writer_init(&w, &sink, 0);
    stella_json_begin_object(&w);
    write_parts(&w, parts);
    stella_json_end_object(&w);
    return stella_json_finish(&w, err);
}

static stella_sv kind_of(const layer_task *task) {
    return task->parts                           ? STELLA_SV("toc")
           : task->info->kind == LAYER_DIRECTORY ? STELLA_SV("directory")
           : task->info->kind == LAYER_FILE      ? STELLA_SV("file")
                                                 : STELLA_SV("blob");
}

stella_status request_layer(const scan *s, const layer_task *task, stella_buf *out, stella_error *err) {
    const stella_sink sink = stella_buf_sink(out);
    stella_json_writer w;
    stella_json_writer_init(&w, &sink, 0);
    stella_json_begin_object(&w);
    stella_json_member_str(&w, "kind", kind_of(task));
    if (task->parts)
        write_parts(&w, task->parts);
    if (task->info->kind == LAYER_FILE)
        stella_json_member_u64(&w, "size", task->info->size);
    stella_json_member_str(&w, "name", s->target.name);
    stella_json_member_str(&w, "diffId", task->diff_id);
    stella_json_member_bool(&w, "otherFileSystems", s->options.other_file_systems);
    stella_json_member_bool(&w, "links", task->links_fd >= 0);
    stella_json_member_bool(&w, "ahead", is_long(s, task->info));
    if (task->path_count)
        write_texts(&w, "paths", task->paths, task->path_count);
    if (task->base_fd >= 0) {
        write_texts(&w, "plugins", task->plugins, task->plugin_count);
        stella_json_member_bool(&w, "lookup", task->is_lookup);
    }
    write_options(&w, s);
    write_limits(&w, &s->options.limits);
    stella_json_end_object(&w);
    return stella_json_finish(&w, err);
}

#include "open_reply.h"

#include <stella/auto.h>
#include <stella/json.h>

static void write_image(stella_json_writer *w, const stella_image *image) {
    stella_json_member_object(w, "image");
    stella_json_member_str(w, "kind", image->kind);
    stella_json_member_str(w, "name", image->name);
    stella_json_member_str(w, "digest", image->digest);
    stella_json_member_str(w, "configDigest", image->config_digest);
    stella_json_member_str(w, "os", image->os);
    stella_json_member_str(w, "architecture", image->architecture);
    stella_json_member_str(w, "variant", image->variant);
    stella_json_key(w, STELLA_SV("createdMs"));
    stella_json_write_i64(w, image->created_ms);
    stella_json_member_str(w, "config", image->config);
    stella_json_end_object(w);
}

static stella_sv kind_name(uint32_t kind) {
    return kind == STELLA_LAYER_DIRECTORY ? STELLA_SV("directory")
           : kind == STELLA_LAYER_FOREIGN ? STELLA_SV("foreign")
           : kind == STELLA_LAYER_FILE    ? STELLA_SV("file")
           : kind == STELLA_LAYER_ARCHIVE ? STELLA_SV("archive")
                                          : STELLA_SV("blob");
}

static void write_layer(stella_json_writer *w, const stella_layer *layer) {
    stella_json_begin_object(w);
    stella_json_member_str(w, "kind", kind_name(layer->kind));
    stella_json_member_str(w, "path", layer->path);
    stella_json_member_u64(w, "offset", layer->offset);
    stella_json_member_u64(w, "size", layer->size);
    stella_json_member_str(w, "digest", layer->digest);
    stella_json_member_str(w, "diffId", layer->diff_id);
    stella_json_member_str(w, "mediaType", layer->media_type);
    stella_json_member_str(w, "createdBy", layer->created_by);
    if (layer->toc_kind) {
        stella_json_member_object(w, "toc");
        stella_json_member_u64(w, "kind", layer->toc_kind);
        stella_json_member_str(w, "digest", layer->toc_digest);
        stella_json_member_u64(w, "offset", layer->toc_offset);
        stella_json_member_u64(w, "size", layer->toc_size);
        stella_json_end_object(w);
    }
    stella_json_end_object(w);
}

static void write_files(stella_json_writer *w, const open_target *target) {
    if (target->base.kind != STELLA_TARGET_DIRECTORY || target->has_more_files)
        return;
    stella_json_member_array(w, "files");
    for (uint32_t i = 0; i < target->file_count; i++)
        stella_json_write_str(w, target->files[i]);
    stella_json_end_array(w);
}

stella_status open_reply_send(stella_job *job, const char *scheme, int is_spooled, const open_target *target,
                              stella_error *err) {
    STELLA_AUTO(stella_buf_fini) stella_buf text = stella_buf_of(STELLA_JOB_REPLY_MAX);
    const stella_sink sink = stella_buf_sink(&text);
    stella_json_writer w;
    stella_json_writer_init(&w, &sink, 0);
    stella_json_begin_object(&w);
    stella_json_member_str(&w, "scheme", stella_sv_cstr(scheme));
    stella_json_member_bool(&w, "spooled", is_spooled);
    write_image(&w, &target->image);
    stella_json_member_array(&w, "layers");
    for (uint32_t i = 0; i < target->layer_count; i++)
        write_layer(&w, &target->layers[i]);
    stella_json_end_array(&w);
    write_files(&w, target);
    stella_json_end_object(&w);
    const stella_status status = stella_json_finish(&w, err);
    return status == STELLA_OK ? stella_job_reply(job, stella_buf_sv(&text), err) : status;
}

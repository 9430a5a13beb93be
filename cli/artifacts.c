#include "cli/artifacts.h"

#include <stella/digest.h>
#include <stella/json.h>

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

/* The version is asked for by name: the media type states it. */
typedef struct kind {
    const char *name, *output, *view, *type, *format, *media_type;
} kind;

static const kind kinds[ARTIFACTS_MAX] = {
    {"inventory.cdx.json", "cyclonedx-json@1.7", "inventory", "image-sbom", "cdx-json",
     "application/vnd.cyclonedx+json; version=1.7; view=inventory"},
    {"inventory.cdx.pb", "cyclonedx-protobuf@1.7", "inventory", "image-sbom", "cdx-protobuf",
     "application/x.vnd.cyclonedx+protobuf; version=1.7; view=inventory"},
    {"usage.cdx.json", "cyclonedx-json@1.7", "usage", "image-sbom", "cdx-json",
     "application/vnd.cyclonedx+json; version=1.7; view=usage"},
    {"usage.cdx.pb", "cyclonedx-protobuf@1.7", "usage", "image-sbom", "cdx-protobuf",
     "application/x.vnd.cyclonedx+protobuf; version=1.7; view=usage"},
    {"bom-index.bin", "bom-index@1", NULL, "index", "bom-index", "application/vnd.stellaops.bom-index.v1+binary"},
};

static stella_status open_one(cli_context *cli, const char *format, const char *dir, const char *name, output *out,
                              stella_error *err) {
    const stella_sv argument = stella_arena_printf(cli->arena, "%s=%s/%s", format, dir, name);
    if (!argument.ptr)
        return stella_error_set(err, STELLA_E_NOMEM, dir, "out of memory");
    return output_open(cli, argument.ptr, out, err);
}

stella_status artifacts_open(cli_context *cli, const char *dir, output *outputs, uint32_t *count, output *manifest,
                             stella_error *err) {
    *count = 0;
    if (mkdir(dir, 0777) != 0 && errno != EEXIST)
        return stella_error_set(err, errno == EACCES || errno == EROFS ? STELLA_E_DENIED : STELLA_E_IO, dir,
                                "cannot be made: %s", strerror(errno));
    stella_status status = STELLA_OK;
    for (uint32_t i = 0; status == STELLA_OK && i < ARTIFACTS_MAX; i++) {
        status = open_one(cli, kinds[i].output, dir, kinds[i].name, &outputs[i], err);
        if (status != STELLA_OK)
            return status;
        outputs[i].view = kinds[i].view ? kinds[i].view : "inventory";
        outputs[i].is_optional = 1;
        *count = i + 1;
    }
    return open_one(cli, "manifest", dir, "manifest.json", manifest, err);
}

static stella_status describe(stella_json_writer *w, const kind *k, const output *o, uint64_t size, stella_error *err) {
    char digest[STELLA_DIGEST_TEXT_SIZE];
    const stella_status status = stella_digest_of_fd(o->fd, digest, err);
    if (status != STELLA_OK)
        return status;
    stella_json_begin_object(w);
    stella_json_member_str(w, "name", stella_sv_cstr(k->name));
    stella_json_member_str(w, "type", stella_sv_cstr(k->type));
    stella_json_member_str(w, "format", stella_sv_cstr(k->format));
    stella_json_member_opt(w, "view", stella_sv_cstr(k->view));
    stella_json_member_str(w, "mediaType", stella_sv_cstr(k->media_type));
    stella_json_member_str(w, "bytesSha256", stella_sv_cstr(digest + strlen("sha256:")));
    stella_json_member_u64(w, "sizeBytes", size);
    stella_json_end_object(w);
    return STELLA_OK;
}

/* *size: 0 for an artifact that is not there. */
static stella_status size_of(const output *o, uint64_t *size, stella_error *err) {
    const off_t end = lseek(o->fd, 0, SEEK_END);
    if (end < 0)
        return stella_error_set(err, STELLA_E_IO, o->file, "%s", strerror(errno));
    *size = (uint64_t)end;
    return STELLA_OK;
}

static stella_status publish_each(output *outputs, uint32_t count, stella_json_writer *w, stella_error *err) {
    stella_status status = STELLA_OK;
    for (uint32_t i = 0; status == STELLA_OK && i < count; i++) {
        uint64_t size = 0;
        status = size_of(&outputs[i], &size, err);
        if (status == STELLA_OK && size)
            status = describe(w, &kinds[i], &outputs[i], size, err);
        if (status == STELLA_OK)
            status = size ? output_publish(&outputs[i], err) : output_withdraw(&outputs[i], err);
    }
    return status;
}

stella_status artifacts_publish(output *outputs, uint32_t count, output *manifest, stella_sv image_digest,
                                stella_error *err) {
    const stella_sink sink = stella_fd_sink(&manifest->fd);
    stella_json_writer w;
    stella_json_writer_init(&w, &sink, 2);
    stella_json_begin_object(&w);
    stella_json_member_str(&w, "schema", STELLA_SV("https://stella-ops.org/schema/artifacts/0"));
    stella_json_member_opt(&w, "imageDigest", image_digest);
    stella_json_member_array(&w, "artifacts");
    stella_status status = publish_each(outputs, count, &w, err);
    if (status != STELLA_OK)
        return status;
    stella_json_end_array(&w);
    stella_json_end_object(&w);
    status = stella_json_finish(&w, err);
    return status == STELLA_OK ? output_publish(manifest, err) : status;
}

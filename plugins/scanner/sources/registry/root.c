#include "root.h"

#include "common/oci.h"

#include <stella/digest.h>
#include <stella/json.h>

static int is_schema_1(const stella_json *root, stella_sv type) {
    uint64_t version = 0;
    return stella_sv_starts(type, STELLA_SV("application/vnd.docker.distribution.manifest.v1+")) ||
           (stella_json_u64(stella_json_get(root, "schemaVersion"), &version) && version == 1);
}

stella_status root_kind(const session_document *document, stella_arena *arena, uint32_t *kind, stella_error *err) {
    const stella_json *root = NULL;
    const stella_status status = stella_json_parse(document->bytes, arena, &root, NULL);
    if (status != STELLA_OK || !stella_json_is(root, STELLA_JSON_OBJECT))
        return stella_error_set(
            err, status == STELLA_E_NOMEM ? status : STELLA_E_FORMAT, "manifest", "%.*s instead of a manifest",
            STELLA_SV_FMT(document->media_type.len ? document->media_type
                                                   : STELLA_SV("something that is no JSON object")));
    if (is_schema_1(root, document->media_type))
        return stella_error_set(err, STELLA_E_UNSUPPORTED, "manifest",
                                "Docker's old image format (schema 1): push it again with a current docker or skopeo");
    /* Read one way here and another way elsewhere, a document that is both could hide an image. */
    const int has_list = stella_json_get(root, "manifests") != NULL,
              has_config = stella_json_get(root, "config") != NULL;
    const stella_sv stated = stella_json_str(stella_json_get(root, "mediaType"));
    const stella_sv type = stated.len ? stated : document->media_type;
    if (has_list == has_config)
        return stella_error_set(err, STELLA_E_FORMAT, "manifest", "%s an index and a manifest",
                                has_list ? "both" : "neither");
    if ((oci_is_index_type(type) && has_config) || (oci_is_manifest_type(type) && has_list))
        return stella_error_set(err, STELLA_E_FORMAT, "manifest", "its type is %.*s, its content another",
                                STELLA_SV_FMT(stella_sv_first(type, 80)));
    *kind = has_list ? ROOT_INDEX : ROOT_MANIFEST;
    return STELLA_OK;
}

stella_status root_verify(const session_document *document, stella_sv asked, stella_arena *arena, stella_sv *computed,
                          stella_error *err) {
    char text[STELLA_DIGEST_TEXT_SIZE];
    stella_digest_of(document->bytes, text);
    const stella_sv digest = stella_arena_dup(arena, stella_sv_cstr(text));
    /* A digest of another algorithm says nothing that we could compare. */
    const stella_sv expected = asked.len ? asked : document->digest;
    if (!digest.ptr)
        return stella_error_set(err, STELLA_E_NOMEM, "manifest", "no memory for a digest");
    if (stella_sv_starts(expected, STELLA_SV("sha256:")) && !stella_sv_eq(expected, digest))
        return stella_error_at(err, STELLA_E_FORMAT, expected, "wrong digest: the manifest is %s", text);
    *computed = digest;
    return STELLA_OK;
}

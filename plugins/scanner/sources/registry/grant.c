#include "grant.h"

#include <stella/json.h>

/* A secret goes into a header field, where a line feed would begin another. */
static int is_clean(stella_sv text) {
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.ptr[i] < 0x20 || text.ptr[i] == 0x7f)
            return 0;
    return 1;
}

stella_status grant_parse(stella_sv json, stella_arena *arena, grant *out, stella_error *err) {
    const stella_json *root = NULL;
    if (!json.len) {
        *out = (grant){0};
        return STELLA_OK;
    }
    const stella_status status = stella_json_parse(json, arena, &root, NULL);
    if (status != STELLA_OK || !stella_json_is(root, STELLA_JSON_OBJECT))
        return stella_error_set(err, status == STELLA_E_NOMEM ? status : STELLA_E_FORMAT, "access",
                                "what the job may use is no JSON object");
    const grant granted = {.username = stella_json_str(stella_json_get(root, "username")),
                           .password = stella_json_str(stella_json_get(root, "password")),
                           .identity_token = stella_json_str(stella_json_get(root, "identityToken")),
                           .registry_token = stella_json_str(stella_json_get(root, "registryToken")),
                           .ca = stella_json_str(stella_json_get(root, "ca")),
                           .proxy = stella_json_str(stella_json_get(root, "proxy")),
                           .no_proxy = stella_json_str(stella_json_get(root, "noProxy")),
                           .is_insecure = stella_json_is(stella_json_get(root, "insecure"), STELLA_JSON_TRUE)};
    if (!is_clean(granted.registry_token))
        return stella_error_set(err, STELLA_E_FORMAT, "access", "the registry token has control characters");
    *out = granted;
    return STELLA_OK;
}

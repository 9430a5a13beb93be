#include "access.h"

#include "credentials.h"
#include "registry/reference.h"
#include "small_file.h"

#include <stella/json.h>

#include <stdlib.h>

#define CA_BYTES_MAX     (1u << 20)
#define ACCESS_BYTES_MAX (CA_BYTES_MAX + (1u << 20))

static stella_status read_ca(scan *s, stella_sv *out, stella_error *err) {
    if (!s->options.registry_ca)
        return STELLA_OK;
    stella_status status = small_file_read(s->options.registry_ca, CA_BYTES_MAX, s->arena, out, err);
    if (status == STELLA_OK && !memmem(out->ptr, out->len, "-----BEGIN ", 11))
        status = stella_error_set(err, STELLA_E_INVALID, s->options.registry_ca, "holds no certificate in PEM form");
    if (status != STELLA_OK && err)
        err->code = STELLA_E_INVALID;
    return status == STELLA_OK ? STELLA_OK : STELLA_E_INVALID;
}

/* "host" stands for all its ports. */
static int is_insecure(const scan_options *options, stella_sv domain) {
    const size_t colon = stella_sv_rfind(domain, ':');
    const int has_port = colon < domain.len && stella_sv_rfind(domain, ']') >= domain.len;
    const stella_sv host = has_port ? stella_sv_first(domain, colon) : domain;
    for (uint32_t i = 0; i < options->insecure_count; i++) {
        const stella_sv named = stella_sv_cstr(options->insecure[i]);
        if (stella_sv_eq(named, domain) || stella_sv_eq(named, host))
            return 1;
    }
    return 0;
}

/* As curl and docker name them; the host of the job has an empty environment. */
static stella_sv variable(const char *lower, const char *upper) {
    const char *value = getenv(lower);
    return stella_sv_cstr(value && *value ? value : getenv(upper));
}

static void write_proxy(stella_json_writer *w) {
    stella_sv proxy = variable("https_proxy", "HTTPS_PROXY");
    if (!proxy.len)
        proxy = variable("all_proxy", "ALL_PROXY");
    if (!proxy.len)
        return;
    stella_json_member_str(w, "proxy", proxy);
    stella_json_member_opt(w, "noProxy", variable("no_proxy", "NO_PROXY"));
}

static stella_status write(scan *s, const credentials *known, stella_sv ca, int insecure, stella_sv *out,
                           stella_error *err) {
    stella_buf text = stella_buf_of(ACCESS_BYTES_MAX);
    const stella_sink sink = stella_buf_sink(&text);
    stella_json_writer w;
    stella_json_writer_init(&w, &sink, 0);
    stella_json_begin_object(&w);
    stella_json_member_opt(&w, "username", known->username);
    stella_json_member_opt(&w, "password", known->password);
    stella_json_member_opt(&w, "identityToken", known->identity_token);
    stella_json_member_opt(&w, "registryToken", known->registry_token);
    stella_json_member_opt(&w, "ca", ca);
    write_proxy(&w);
    stella_json_member_bool(&w, "insecure", insecure);
    stella_json_end_object(&w);
    stella_status status = stella_json_finish(&w, err);
    const stella_sv kept = status == STELLA_OK ? stella_arena_dup(s->arena, stella_buf_sv(&text)) : (stella_sv){0};
    if (status == STELLA_OK && !kept.ptr)
        status = stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the access to the registry");
    if (status == STELLA_OK)
        *out = kept;
    if (text.ptr)
        explicit_bzero(text.ptr, text.len);
    stella_buf_fini(&text);
    return status;
}

stella_status access_grant(scan *s, stella_sv *out, stella_error *err) {
    reference image;
    credentials known = {.username = {0}};
    stella_sv ca = {0};
    if (!stella_sv_eq(s->target.scheme, STELLA_SV("registry")))
        return STELLA_OK;
    stella_status status = reference_parse(s->target.name, s->arena, &image, err);
    if (status == STELLA_OK)
        status = read_ca(s, &ca, err);
    if (status == STELLA_OK)
        status = credentials_find(image.domain, image.repository, s->arena, &known, err);
    return status == STELLA_OK ? write(s, &known, ca, is_insecure(&s->options, image.domain), out, err) : status;
}

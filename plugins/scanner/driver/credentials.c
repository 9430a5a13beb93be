#include "credentials.h"

#include "credential_helper.h"
#include "small_file.h"

#include <stella/encoding.h>
#include <stella/json.h>

#include <stdlib.h>
#include <string.h>

#define CONFIG_BYTES_MAX (1u << 20)
#define HUB              "https://index.docker.io/v1/"

typedef struct lookup {
    stella_sv domain, repository;
    stella_arena *arena;
    const char *path;
    const stella_json *config;
} lookup;

/* What docker calls the registry: its own by the address it once had. */
static stella_sv server_of(const lookup *l) {
    return stella_sv_eq(l->domain, STELLA_SV("docker.io")) ? STELLA_SV(HUB) : l->domain;
}

static stella_status refuse_entry(const lookup *l, stella_error *err) {
    return stella_error_set(err, STELLA_E_FORMAT, l->path, "the entry for %.*s is damaged", STELLA_SV_FMT(l->domain));
}

/* "auth" is user:password in Base64. */
static stella_status read_auth(const lookup *l, stella_sv auth, credentials *out, stella_error *err) {
    stella_sv text;
    if (stella_unbase64(auth, l->arena, &text, NULL) != STELLA_OK)
        return refuse_entry(l, err);
    while (text.len && text.ptr[text.len - 1] == 0) /* some tools encode the NUL, too */
        text.len--;
    const size_t colon = stella_sv_find(text, ':');
    if (colon >= text.len)
        return refuse_entry(l, err);
    out->username = stella_sv_first(text, colon);
    out->password = stella_sv_skip(text, colon + 1);
    return STELLA_OK;
}

static stella_status read_entry(const lookup *l, const stella_json *entry, credentials *out, int *found,
                                stella_error *err) {
    credentials c = {.username = stella_json_str(stella_json_get(entry, "username")),
                     .password = stella_json_str(stella_json_get(entry, "password")),
                     .identity_token = stella_json_str(stella_json_get(entry, "identitytoken")),
                     .registry_token = stella_json_str(stella_json_get(entry, "registrytoken"))};
    const stella_sv auth = stella_json_str(stella_json_get(entry, "auth"));
    const stella_status status = auth.len ? read_auth(l, auth, &c, err) : STELLA_OK;
    if (status != STELLA_OK)
        return status;
    *found = c.password.len || c.identity_token.len || c.registry_token.len;
    if (*found)
        *out = c;
    return STELLA_OK;
}

/* The entry of the longest name: podman keeps some for a repository or a part of its path. */
static const stella_json *find_entry(const lookup *l, const stella_json *auths) {
    stella_sv name = stella_arena_printf(l->arena, "%.*s/%.*s", STELLA_SV_FMT(l->domain), STELLA_SV_FMT(l->repository));
    while (name.ptr && name.len >= l->domain.len) {
        const char *key = stella_arena_cstr(l->arena, name);
        const stella_json *entry = key ? stella_json_get(auths, key) : NULL;
        if (entry || name.len == l->domain.len)
            return entry;
        name = stella_sv_first(name, stella_sv_rfind(name, '/'));
    }
    return NULL;
}

/* As docker writes them. */
static const stella_json *find_address(const lookup *l, const stella_json *auths) {
    static const struct {
        const char *before, *after;
    } around[] = {{"https://", ""}, {"https://", "/"}, {"https://", "/v1/"}, {"https://", "/v2/"}, {"http://", ""}};
    for (size_t i = 0; i < sizeof around / sizeof around[0]; i++) {
        const stella_sv key =
            stella_arena_printf(l->arena, "%s%.*s%s", around[i].before, STELLA_SV_FMT(l->domain), around[i].after);
        const stella_json *entry = key.ptr ? stella_json_get(auths, key.ptr) : NULL;
        if (entry)
            return entry;
    }
    return stella_sv_eq(l->domain, STELLA_SV("docker.io")) ? stella_json_get(auths, HUB) : NULL;
}

static stella_status ask_helper(const lookup *l, stella_sv helper, credentials *out, int *found, stella_error *err) {
    return helper.len ? credential_helper_get(helper, server_of(l), l->arena, out, found, err) : STELLA_OK;
}

static stella_status search(const lookup *l, credentials *out, int *found, stella_error *err) {
    const stella_json *helpers = stella_json_get(l->config, "credHelpers");
    const stella_json *auths = stella_json_get(l->config, "auths");
    const char *domain = stella_arena_cstr(l->arena, l->domain);
    const char *server = stella_arena_cstr(l->arena, server_of(l));
    if (!domain || !server)
        return stella_error_set(err, STELLA_E_NOMEM, l->path, "no memory for credentials");
    stella_sv helper = stella_json_str(stella_json_get(helpers, domain));
    if (!helper.len)
        helper = stella_json_str(stella_json_get(helpers, server));
    if (!helper.len)
        helper = stella_json_str(stella_json_get(l->config, "credsStore"));
    const stella_status status = ask_helper(l, helper, out, found, err);
    if (status != STELLA_OK || *found)
        return status;
    const stella_json *entry = find_entry(l, auths);
    entry = entry ? entry : find_address(l, auths);
    return entry ? read_entry(l, entry, out, found, err) : STELLA_OK;
}

static stella_status search_file(lookup *l, const char *path, credentials *out, int *found, stella_error *err) {
    stella_sv text;
    stella_error why = {0};
    stella_status status = small_file_read(path, CONFIG_BYTES_MAX, l->arena, &text, &why);
    if (status == STELLA_E_NOTFOUND)
        return STELLA_OK;
    if (status == STELLA_OK && text.len == 0) /* podman leaves such behind */
        return STELLA_OK;
    l->path = path;
    if (status == STELLA_OK && stella_json_parse(text, l->arena, &l->config, NULL) != STELLA_OK)
        status = stella_error_set(&why, STELLA_E_FORMAT, path, "is no configuration in JSON");
    if (status != STELLA_OK) {
        if (err)
            *err = why;
        return status;
    }
    return search(l, out, found, err);
}

/* NULL when there is no such folder. */
static const char *file_in(stella_arena *arena, const char *folder, const char *rest) {
    return folder && folder[0] == '/' ? stella_arena_printf(arena, "%s%s", folder, rest).ptr : NULL;
}

stella_status credentials_find(stella_sv domain, stella_sv repository, stella_arena *arena, credentials *out,
                               stella_error *err) {
    const char *home = getenv("HOME"), *docker = getenv("DOCKER_CONFIG"), *config = getenv("XDG_CONFIG_HOME");
    const char *named = getenv("REGISTRY_AUTH_FILE");
    const char *const paths[] = {
        docker && *docker ? file_in(arena, docker, "/config.json") : file_in(arena, home, "/.docker/config.json"),
        named && *named ? named : NULL,
        file_in(arena, getenv("XDG_RUNTIME_DIR"), "/containers/auth.json"),
        config && *config ? file_in(arena, config, "/containers/auth.json")
                          : file_in(arena, home, "/.config/containers/auth.json"),
    };
    lookup l = {.domain = domain, .repository = repository, .arena = arena};
    credentials c = {.username = {0}};
    int found = 0;
    for (size_t i = 0; !found && i < sizeof paths / sizeof paths[0]; i++) {
        const stella_status status = paths[i] ? search_file(&l, paths[i], &c, &found, err) : STELLA_OK;
        if (status != STELLA_OK)
            return status;
    }
    *out = c;
    return STELLA_OK;
}

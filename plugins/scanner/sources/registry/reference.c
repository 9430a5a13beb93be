#include "reference.h"

#include <stella/digest.h>

#include <arpa/inet.h>

#define SHOWN    80 /* bytes of a wrong text in a message */
#define SHOW(sv) STELLA_SV_FMT(stella_sv_first(sv, SHOWN))

static int is_digit(char c) {
    return c >= '0' && c <= '9';
}

static int is_lower(char c) {
    return c >= 'a' && c <= 'z';
}

static int is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}

static int is_alnum(char c) {
    return is_digit(c) || is_lower(c) || is_upper(c);
}

/* One label of a host name: letters, digits, inner hyphens. */
static int is_label(stella_sv label) {
    if (!label.len || !is_alnum(label.ptr[0]) || !is_alnum(label.ptr[label.len - 1]))
        return 0;
    for (size_t i = 0; i < label.len; i++)
        if (!is_alnum(label.ptr[i]) && label.ptr[i] != '-')
            return 0;
    return 1;
}

static int is_host_name(stella_sv host) {
    stella_sv label;
    if (!host.len)
        return 0;
    while (stella_sv_split(&host, '.', &label))
        if (!is_label(label))
            return 0;
    return 1;
}

/* "[...]" of an IPv6 address, without a zone. */
static int is_ipv6_literal(stella_sv host) {
    char text[INET6_ADDRSTRLEN];
    struct in6_addr address;
    if (host.len < 4 || host.len - 2 >= sizeof text || host.ptr[0] != '[' || host.ptr[host.len - 1] != ']')
        return 0;
    memcpy(text, host.ptr + 1, host.len - 2);
    text[host.len - 2] = '\0';
    return !memchr(text, '\0', host.len - 2) && inet_pton(AF_INET6, text, &address) == 1;
}

/* Takes ":PORT" off the end. Returns 0 when what is there is no port. */
static int take_port(stella_sv *host) {
    const size_t bracket = stella_sv_rfind(*host, ']');
    const size_t colon = stella_sv_rfind(*host, ':');
    uint64_t port = 0;
    if (colon == host->len || (bracket != host->len && colon < bracket))
        return 1; /* none */
    if (host->len - colon > sizeof "65535" || !stella_sv_u64(stella_sv_skip(*host, colon + 1), 65535, &port) || !port)
        return 0;
    *host = stella_sv_first(*host, colon);
    return 1;
}

static stella_status check_domain(stella_sv domain, stella_error *err) {
    stella_sv host = domain;
    if (!take_port(&host))
        return stella_error_set(err, STELLA_E_INVALID, NULL, "the port of \"%.*s\" is none", SHOW(domain));
    if (!is_host_name(host) && !is_ipv6_literal(host))
        return stella_error_set(err, STELLA_E_INVALID, NULL, "\"%.*s\" is no host name or address", SHOW(host));
    return STELLA_OK;
}

/* Bytes of the separator at the front of text: one '.', one or two '_', any number of '-'. */
static size_t separator_length(stella_sv text) {
    size_t n = 0;
    if (text.len && text.ptr[0] == '.')
        return 1;
    if (text.len && text.ptr[0] == '_')
        return text.len > 1 && text.ptr[1] == '_' ? 2 : 1;
    while (n < text.len && text.ptr[n] == '-')
        n++;
    return n;
}

static size_t word_length(stella_sv text) {
    size_t n = 0;
    while (n < text.len && (is_lower(text.ptr[n]) || is_digit(text.ptr[n])))
        n++;
    return n;
}

/* Words of lower-case letters and digits with single separators between them. */
static int is_path_component(stella_sv part) {
    for (;;) {
        const size_t word = word_length(part);
        if (!word)
            return 0;
        part = stella_sv_skip(part, word);
        if (!part.len)
            return 1;
        const size_t separator = separator_length(part);
        if (!separator)
            return 0;
        part = stella_sv_skip(part, separator);
    }
}

static stella_status check_repository(stella_sv repository, stella_error *err) {
    stella_sv rest = repository, part;
    if (!repository.len)
        return stella_error_set(err, STELLA_E_INVALID, NULL, "the name of the repository is missing");
    while (stella_sv_split(&rest, '/', &part))
        if (!is_path_component(part))
            return stella_error_set(err, STELLA_E_INVALID, NULL,
                                    "\"%.*s\" is no repository name: lower-case letters, digits and . _ - between them",
                                    SHOW(repository));
    return STELLA_OK;
}

static stella_status check_tag(stella_sv tag, stella_error *err) {
    int ok = tag.len > 0 && tag.len <= REFERENCE_TAG_BYTES_MAX && tag.ptr[0] != '.' && tag.ptr[0] != '-';
    for (size_t i = 0; ok && i < tag.len; i++)
        ok = is_alnum(tag.ptr[i]) || tag.ptr[i] == '_' || tag.ptr[i] == '.' || tag.ptr[i] == '-';
    return ok ? STELLA_OK : stella_error_set(err, STELLA_E_INVALID, NULL, "\"%.*s\" is no tag", SHOW(tag));
}

static stella_status check_digest(stella_sv digest, stella_error *err) {
    if (stella_digest_is_valid(digest))
        return STELLA_OK;
    if (stella_sv_starts(digest, STELLA_SV("sha384:")) || stella_sv_starts(digest, STELLA_SV("sha512:")))
        return stella_error_set(err, STELLA_E_UNSUPPORTED, NULL, "digest %.*s: only sha256 is supported", SHOW(digest));
    return stella_error_set(err, STELLA_E_INVALID, NULL,
                            "\"%.*s\" is no digest: sha256: and 64 lower-case hexadecimal digits", SHOW(digest));
}

/* The first part is a domain when it looks like one: Docker's rule. */
static int is_domain(stella_sv first) {
    for (size_t i = 0; i < first.len; i++)
        if (first.ptr[i] == '.' || first.ptr[i] == ':' || is_upper(first.ptr[i]))
            return 1;
    return stella_sv_eq(first, STELLA_SV("localhost"));
}

static stella_status set_docker_hub(stella_sv repository, stella_arena *arena, reference *r, stella_error *err) {
    r->domain = STELLA_SV("docker.io");
    r->host = STELLA_SV("registry-1.docker.io");
    r->repository = repository;
    if (stella_sv_find(repository, '/') == repository.len)
        r->repository = stella_arena_printf(arena, "library/%.*s", STELLA_SV_FMT(repository));
    return r->repository.ptr ? STELLA_OK
                             : stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the image's name");
}

static stella_status split_name(stella_sv name, stella_arena *arena, reference *r, stella_error *err) {
    const size_t slash = stella_sv_find(name, '/');
    const stella_sv first = stella_sv_first(name, slash), rest = stella_sv_skip(name, slash + 1);
    if (slash == name.len || !is_domain(first)) {
        const stella_status status = check_repository(name, err);
        return status == STELLA_OK ? set_docker_hub(name, arena, r, err) : status;
    }
    stella_status status = check_domain(first, err);
    if (status == STELLA_OK)
        status = check_repository(rest, err);
    if (status != STELLA_OK)
        return status;
    if (stella_sv_eq(first, STELLA_SV("docker.io")) || stella_sv_eq(first, STELLA_SV("index.docker.io")))
        return set_docker_hub(rest, arena, r, err);
    r->domain = r->host = first;
    r->repository = rest;
    return STELLA_OK;
}

/* Takes "@DIGEST", then ":TAG" off the end of *name. */
static stella_status take_selectors(stella_sv *name, reference *r, stella_error *err) {
    const size_t at = stella_sv_find(*name, '@');
    stella_status status = STELLA_OK;
    if (at < name->len) {
        r->digest = stella_sv_skip(*name, at + 1);
        *name = stella_sv_first(*name, at);
        status = check_digest(r->digest, err);
    }
    const size_t slash = stella_sv_rfind(*name, '/'), colon = stella_sv_rfind(*name, ':');
    if (status == STELLA_OK && colon < name->len && (slash == name->len || colon > slash)) {
        r->tag = stella_sv_skip(*name, colon + 1);
        *name = stella_sv_first(*name, colon);
        status = check_tag(r->tag, err);
    }
    if (!r->tag.len && !r->digest.len)
        r->tag = STELLA_SV("latest");
    return status;
}

static stella_status check_whole(stella_sv text, stella_error *err) {
    if (!text.len)
        return stella_error_set(err, STELLA_E_INVALID, NULL, "an image's name is missing");
    if (text.len > REFERENCE_NAME_BYTES_MAX + 1 + REFERENCE_TAG_BYTES_MAX + STELLA_DIGEST_TEXT_SIZE)
        return stella_error_set(err, STELLA_E_LIMIT, NULL, "an image's name of %zu bytes", text.len);
    for (size_t i = 0; i + 2 < text.len; i++)
        if (memcmp(text.ptr + i, "://", 3) == 0)
            return stella_error_set(err, STELLA_E_INVALID, NULL, "\"%.*s\" is a URL: leave out %.*s://", SHOW(text),
                                    SHOW(stella_sv_first(text, i)));
    return STELLA_OK;
}

stella_status reference_parse(stella_sv text, stella_arena *arena, reference *out, stella_error *err) {
    reference r = {0};
    stella_sv name = text;
    stella_status status = check_whole(text, err);
    if (status == STELLA_OK)
        status = take_selectors(&name, &r, err);
    if (status == STELLA_OK)
        status = split_name(name, arena, &r, err);
    if (status != STELLA_OK)
        return status;
    if (r.domain.len + 1 + r.repository.len > REFERENCE_NAME_BYTES_MAX)
        return stella_error_set(err, STELLA_E_LIMIT, NULL, "a name of more than %d bytes", REFERENCE_NAME_BYTES_MAX);
    *out = r;
    return STELLA_OK;
}

stella_sv reference_text(const reference *r, stella_arena *arena) {
    return stella_arena_printf(arena, "%.*s/%.*s%s%.*s", STELLA_SV_FMT(r->domain), STELLA_SV_FMT(r->repository),
                               r->digest.len ? "@" : ":", STELLA_SV_FMT(reference_selector(r)));
}

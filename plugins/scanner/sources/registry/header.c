#include "header.h"

typedef struct field {
    stella_sv rest;
    stella_arena *arena;
    uint32_t challenges, parameters;
} field;

static int is_token_byte(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL);
}

static void skip_blanks(field *f) {
    while (f->rest.len && (f->rest.ptr[0] == ' ' || f->rest.ptr[0] == '\t'))
        f->rest = stella_sv_skip(f->rest, 1);
}

static int take_byte(field *f, char byte) {
    skip_blanks(f);
    if (!f->rest.len || f->rest.ptr[0] != byte)
        return 0;
    f->rest = stella_sv_skip(f->rest, 1);
    return 1;
}

static stella_sv take_token(field *f) {
    size_t n = 0;
    skip_blanks(f);
    while (n < f->rest.len && is_token_byte(f->rest.ptr[n]))
        n++;
    const stella_sv token = stella_sv_first(f->rest, n);
    f->rest = stella_sv_skip(f->rest, n);
    return token;
}

static stella_status refuse(const char *what, stella_error *err) {
    return stella_error_set(err, STELLA_E_FORMAT, "WWW-Authenticate", "%s", what);
}

/* The text between the quotes, the opening one of which was taken. Copied only when it has escapes. */
static stella_status take_quoted(field *f, stella_sv *out, stella_error *err) {
    size_t end = 0, escapes = 0;
    while (end < f->rest.len && f->rest.ptr[end] != '"') {
        const int escaped = f->rest.ptr[end] == '\\';
        escapes += (size_t)escaped;
        end += 1 + (size_t)escaped;
    }
    if (end >= f->rest.len)
        return refuse("a quoted text does not end", err);
    const stella_sv raw = stella_sv_first(f->rest, end);
    f->rest = stella_sv_skip(f->rest, end + 1);
    *out = raw;
    if (!escapes)
        return STELLA_OK;
    char *plain = stella_arena_alloc(f->arena, 1, raw.len);
    size_t len = 0;
    if (!plain)
        return stella_error_set(err, STELLA_E_NOMEM, "WWW-Authenticate", "no memory for it");
    for (size_t i = 0; i < raw.len; i++) {
        i += raw.ptr[i] == '\\'; /* the byte behind it is inside raw: see the loop above */
        plain[len++] = raw.ptr[i];
    }
    *out = stella_sv_of(plain, len);
    return STELLA_OK;
}

static void keep(challenge *c, stella_sv name, stella_sv value) {
    stella_sv *const places[] = {&c->realm, &c->service, &c->scope};
    static const char *const names[] = {"realm", "service", "scope"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (stella_sv_ieq(name, stella_sv_cstr(names[i])) && !places[i]->len)
            *places[i] = value;
}

/* Whether a parameter's "name =" follows, and not another scheme. */
static int at_parameter(const field *f) {
    field look = *f;
    return take_token(&look).len > 0 && take_byte(&look, '=');
}

static stella_status take_parameter(field *f, challenge *out, stella_error *err) {
    const stella_sv name = take_token(f);
    stella_sv value = {0};
    take_byte(f, '=');
    if (++f->parameters > HEADER_PARAMETERS_MAX)
        return stella_error_set(err, STELLA_E_LIMIT, "WWW-Authenticate", "more than %d parameters",
                                HEADER_PARAMETERS_MAX);
    if (take_byte(f, '"')) {
        const stella_status status = take_quoted(f, &value, err);
        if (status != STELLA_OK)
            return status;
    } else {
        value = take_token(f);
    }
    keep(out, name, value);
    return STELLA_OK;
}

/* The parameters behind a scheme, up to the next scheme or the end. */
static stella_status take_parameters(field *f, challenge *out, stella_error *err) {
    stella_status status = STELLA_OK;
    while (status == STELLA_OK && at_parameter(f)) {
        status = take_parameter(f, out, err);
        while (status == STELLA_OK && take_byte(f, ',')) {
        }
    }
    return status;
}

/* "Scheme token68": credentials of schemes that we do not know. */
static void skip_token68(field *f) {
    size_t n = 0;
    skip_blanks(f);
    while (n < f->rest.len && (is_token_byte(f->rest.ptr[n]) || f->rest.ptr[n] == '/' || f->rest.ptr[n] == '='))
        n++;
    f->rest = stella_sv_skip(f->rest, n);
}

static stella_status take_challenge(field *f, challenge *out, stella_error *err) {
    const stella_sv scheme = take_token(f);
    challenge one = {0};
    if (!scheme.len)
        return refuse("an authentication scheme is missing", err);
    if (++f->challenges > HEADER_CHALLENGES_MAX)
        return stella_error_set(err, STELLA_E_LIMIT, "WWW-Authenticate", "more than %d challenges",
                                HEADER_CHALLENGES_MAX);
    if (!at_parameter(f) && f->rest.len && f->rest.ptr[0] == ' ')
        skip_token68(f);
    const stella_status status = take_parameters(f, &one, err);
    if (status != STELLA_OK)
        return status;
    if (stella_sv_ieq(scheme, STELLA_SV("basic")))
        out->has_basic = 1;
    if (stella_sv_ieq(scheme, STELLA_SV("bearer")) && !out->has_bearer) {
        one.has_basic = out->has_basic;
        one.has_bearer = 1;
        *out = one;
    }
    return STELLA_OK;
}

stella_status header_challenge(stella_sv value, stella_arena *arena, challenge *out, stella_error *err) {
    field f = {.rest = value, .arena = arena};
    challenge found = {0};
    if (value.len > HEADER_CHALLENGE_BYTES_MAX)
        return stella_error_set(err, STELLA_E_LIMIT, "WWW-Authenticate", "more than %d bytes",
                                HEADER_CHALLENGE_BYTES_MAX);
    for (;;) {
        while (take_byte(&f, ',')) {
        }
        skip_blanks(&f);
        if (!f.rest.len)
            break;
        const stella_status status = take_challenge(&f, &found, err);
        if (status != STELLA_OK)
            return status;
    }
    *out = found;
    return STELLA_OK;
}

int header_range_first(stella_sv value, uint64_t *first) {
    stella_sv text = stella_sv_trim(value), part;
    uint64_t begin = 0, end = 0, size = 0;
    if (!stella_sv_starts(text, STELLA_SV("bytes ")))
        return 0;
    text = stella_sv_skip(text, sizeof "bytes " - 1);
    if (!stella_sv_split(&text, '-', &part) || !stella_sv_u64(part, UINT64_MAX, &begin) ||
        !stella_sv_split(&text, '/', &part) || !stella_sv_u64(part, UINT64_MAX, &end) || end < begin)
        return 0;
    if (!stella_sv_eq(text, STELLA_SV("*")) && (!stella_sv_u64(text, UINT64_MAX, &size) || size <= end))
        return 0;
    *first = begin;
    return 1;
}

stella_sv header_media_type(stella_sv value) {
    return stella_sv_trim(stella_sv_first(value, stella_sv_find(value, ';')));
}

#include <stella/json.h>

#include "json_string.h"

#include <stdio.h>

#define STRING_MAX_DEFAULT ((size_t)16 << 20)

/* What may come next. */
enum {
    WANT_VALUE,        /* the document, or an element behind a comma */
    WANT_ITEM_OR_END,  /* behind '[' */
    WANT_KEY_OR_END,   /* behind '{' */
    WANT_COLON,        /* behind a key */
    WANT_COMMA_OR_END, /* behind an element or member */
    WANT_NOTHING,      /* behind the document */
    FAILED,
};

void stella_json_reader_init(stella_json_reader *r, stella_sv document, size_t string_max) {
    const char *start = document.ptr ? document.ptr : "";
    *r = (stella_json_reader){
        .line = 1,
        .start = start,
        .at = start,
        .end = start + document.len,
        .scratch = stella_buf_of(string_max ? string_max : STRING_MAX_DEFAULT),
        .state = WANT_VALUE,
    };
}

void stella_json_reader_fini(stella_json_reader *r) {
    stella_buf_fini(&r->scratch);
}

static uint32_t fail(stella_json_reader *r, stella_status code, const char *what) {
    char place[32];
    snprintf(place, sizeof place, "byte %zu", (size_t)(r->at - r->start));
    stella_error_set(&r->error, code, place, "line %u: %s", r->line, what);
    r->state = FAILED;
    return STELLA_JSON_ERROR;
}

/* Something else than what was expected, or nothing more. */
static uint32_t fail_expected(stella_json_reader *r, const char *what) {
    return fail(r, STELLA_E_FORMAT, r->at == r->end ? "the document ends too early" : what);
}

static int in_object(const stella_json_reader *r) {
    return r->is_object[r->depth / 8] >> (r->depth % 8) & 1;
}

/* Indentation goes by eights. */
static void skip_blanks(stella_json_reader *r) {
    for (; r->at < r->end; r->at++) {
        while (r->end - r->at > 8 && memcmp(r->at, "        ", 8) == 0)
            r->at += 8;
        if (*r->at == '\n')
            r->line++;
        else if (*r->at != ' ' && *r->at != '\t' && *r->at != '\r')
            return;
    }
}

/* The next byte, or NUL at the end, which no rule expects. */
static char peek(const stella_json_reader *r) {
    return r->at < r->end ? *r->at : '\0';
}

/* Behind a complete value. */
static uint32_t end_value(stella_json_reader *r, uint32_t token) {
    r->state = r->depth ? WANT_COMMA_OR_END : WANT_NOTHING;
    return token;
}

static uint32_t begin(stella_json_reader *r, int is_object) {
    if (r->depth == STELLA_JSON_DEPTH_MAX)
        return fail(r, STELLA_E_LIMIT, "too many objects or arrays inside each other");
    r->at++;
    r->depth++;
    uint8_t *bits = &r->is_object[r->depth / 8];
    const unsigned bit = 1u << (r->depth % 8);
    *bits = (uint8_t)(is_object ? *bits | bit : *bits & ~bit);
    r->state = is_object ? WANT_KEY_OR_END : WANT_ITEM_OR_END;
    return is_object ? STELLA_JSON_OBJECT : STELLA_JSON_ARRAY;
}

static uint32_t end(stella_json_reader *r) {
    const uint32_t token = in_object(r) ? STELLA_JSON_OBJECT_END : STELLA_JSON_ARRAY_END;
    r->at++;
    r->depth--;
    return end_value(r, token);
}

static uint32_t read_word(stella_json_reader *r, stella_sv word, uint32_t token) {
    if (!stella_sv_starts(stella_sv_of(r->at, (size_t)(r->end - r->at)), word))
        return fail(r, STELLA_E_FORMAT, "a value was expected");
    r->at += word.len;
    return end_value(r, token);
}

static const char *skip_digits(const char *at, const char *end) {
    while (at < end && *at >= '0' && *at <= '9')
        at++;
    return at;
}

/* The end of the number that begins here, or NULL when it is none. */
static const char *number_end(const char *at, const char *end) {
    if (*at == '-')
        at++;
    const char *whole = at;
    at = skip_digits(at, end);
    if (at == whole || (*whole == '0' && at - whole > 1))
        return NULL;
    if (at < end && *at == '.') {
        const char *fraction = at + 1;
        at = skip_digits(fraction, end);
        if (at == fraction)
            return NULL;
    }
    if (at < end && (*at == 'e' || *at == 'E')) {
        const char *exponent = at + 1;
        if (exponent < end && (*exponent == '+' || *exponent == '-'))
            exponent++;
        at = skip_digits(exponent, end);
        if (at == exponent)
            return NULL;
    }
    return at;
}

static uint32_t read_number(stella_json_reader *r) {
    const char *stop = number_end(r->at, r->end);
    if (!stop)
        return fail(r, STELLA_E_FORMAT, "this is not a number");
    r->text = stella_sv_of(r->at, (size_t)(stop - r->at));
    r->at = stop;
    return end_value(r, STELLA_JSON_NUMBER);
}

/* Reads the string at the opening quote into text. Returns 0 when the reader failed. */
static int read_text(stella_json_reader *r) {
    const char *what = NULL;
    r->at++;
    const stella_status status = stella_json_unescape(&r->at, r->end, &r->scratch, &r->text, &what);
    if (status != STELLA_OK)
        (void)fail(r, status, what);
    return status == STELLA_OK;
}

static uint32_t read_value(stella_json_reader *r) {
    switch (peek(r)) {
    case '{':
        return begin(r, 1);
    case '[':
        return begin(r, 0);
    case '"':
        return read_text(r) ? end_value(r, STELLA_JSON_STRING) : STELLA_JSON_ERROR;
    case 't':
        return read_word(r, STELLA_SV("true"), STELLA_JSON_TRUE);
    case 'f':
        return read_word(r, STELLA_SV("false"), STELLA_JSON_FALSE);
    case 'n':
        return read_word(r, STELLA_SV("null"), STELLA_JSON_NULL);
    default:
        if (peek(r) == '-' || (peek(r) >= '0' && peek(r) <= '9'))
            return read_number(r);
        return fail_expected(r, "a value was expected");
    }
}

static uint32_t read_key(stella_json_reader *r) {
    if (peek(r) != '"')
        return fail_expected(r, "a key in quotes was expected");
    if (!read_text(r))
        return STELLA_JSON_ERROR;
    r->state = WANT_COLON;
    return STELLA_JSON_KEY;
}

static uint32_t read_separator(stella_json_reader *r) {
    const int is_object = in_object(r);
    if (peek(r) == (is_object ? '}' : ']'))
        return end(r);
    if (peek(r) != ',')
        return fail_expected(r, is_object ? "',' or '}' was expected" : "',' or ']' was expected");
    r->at++;
    skip_blanks(r);
    return is_object ? read_key(r) : read_value(r);
}

static uint32_t read_colon(stella_json_reader *r) {
    if (peek(r) != ':')
        return fail_expected(r, "':' was expected behind the key");
    r->at++;
    skip_blanks(r);
    return read_value(r);
}

static uint32_t advance(stella_json_reader *r) {
    if (r->state == FAILED)
        return STELLA_JSON_ERROR;
    skip_blanks(r);
    switch (r->state) {
    case WANT_ITEM_OR_END:
        return peek(r) == ']' ? end(r) : read_value(r);
    case WANT_KEY_OR_END:
        return peek(r) == '}' ? end(r) : read_key(r);
    case WANT_COLON:
        return read_colon(r);
    case WANT_COMMA_OR_END:
        return read_separator(r);
    case WANT_NOTHING:
        return r->at == r->end ? STELLA_JSON_NONE : fail(r, STELLA_E_FORMAT, "more bytes behind the document");
    default:
        return read_value(r);
    }
}

uint32_t stella_json_next(stella_json_reader *r) {
    const uint32_t token = advance(r);
    r->offset = (uint64_t)(r->at - r->start);
    return token;
}

int stella_json_skip(stella_json_reader *r) {
    /* Behind a key the value is still to begin; behind an opening bracket the depth already counts it. */
    const uint32_t outside = r->state == WANT_COLON ? r->depth : r->depth - 1;
    uint32_t token;
    do
        token = stella_json_next(r);
    while (token != STELLA_JSON_ERROR && token != STELLA_JSON_NONE && r->depth > outside);
    return token != STELLA_JSON_ERROR;
}

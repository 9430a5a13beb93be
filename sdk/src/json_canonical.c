#include <stella/json.h>

#include <stella/auto.h>

#include "json_writer.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define DIGITS_MAX 17 /* as many as tell any two doubles apart */

/* A positive double as decimal digits d1 d2 ... dn, meaning 0.d1d2...dn * 10^exponent. */
typedef struct decimal {
    char digits[DIGITS_MAX + 1];
    int count;
    int exponent;
} decimal;

typedef struct canonical {
    stella_json_writer w;
    locale_t locale; /* "C": the process's own may have a decimal comma */
    stella_error error;
} canonical;

static double value_of(const decimal *d, locale_t locale) {
    char text[DIGITS_MAX + 16];
    snprintf(text, sizeof text, "0.%se%d", d->digits, d->exponent);
    return strtod_l(text, NULL, locale);
}

static void round_to(double value, int count, decimal *out) {
    char text[40]; /* d.ddde+xxx */
    snprintf(text, sizeof text, "%.*e", count - 1, value);
    const char *exponent = strchr(text, 'e');
    out->count = 0;
    for (const char *at = text; at < exponent; at++)
        if (*at >= '0' && *at <= '9') /* not the decimal point, whatever the locale's is */
            out->digits[out->count++] = *at;
    out->digits[out->count] = '\0';
    out->exponent = (int)strtol(exponent + 1, NULL, 10) + 1;
}

/* The next larger decimal of as many digits. */
static void increment(decimal *d) {
    int i = d->count - 1;
    while (i >= 0 && d->digits[i] == '9')
        d->digits[i--] = '0';
    if (i >= 0) {
        d->digits[i]++;
    } else {
        d->digits[0] = '1';
        d->exponent++;
    }
}

/* The fewest digits that read back as the same double, as ECMAScript's Number::toString wants. Rounding to nearest is
 * not enough: above a power of two the doubles lie twice as far apart as below it, so there the digits that read back
 * may be the next larger ones (2^-44). */
static void shortest(double value, locale_t locale, decimal *out) {
    for (int count = 1; count <= DIGITS_MAX; count++) {
        round_to(value, count, out);
        if (value_of(out, locale) == value)
            return;
        increment(out);
        if (value_of(out, locale) == value)
            return;
    }
}

/* Lays digits out by the rules of Number::toString (ECMA-262, 6.1.6.1.20). Returns the length. */
static size_t lay_out(const decimal *d, char out[40]) {
    const int n = d->exponent, k = d->count;
    if (k <= n && n <= 21)
        return (size_t)snprintf(out, 40, "%s%.*s", d->digits, n - k, "00000000000000000000");
    if (n > 0 && n < k)
        return (size_t)snprintf(out, 40, "%.*s.%s", n, d->digits, d->digits + n);
    if (n > -6 && n <= 0)
        return (size_t)snprintf(out, 40, "0.%.*s%s", -n, "000000", d->digits);
    return (size_t)snprintf(out, 40, "%c%s%se%+d", d->digits[0], k > 1 ? "." : "", d->digits + 1, n - 1);
}

static void write_number(canonical *c, stella_sv text) {
    char copy[64];
    uint64_t whole;
    if (stella_sv_u64(text, (uint64_t)1 << 53, &whole)) { /* the usual case; exact as a double */
        stella_json_write_u64(&c->w, whole);
        return;
    }
    STELLA_AUTO(stella_freep) char *large = text.len < sizeof copy ? NULL : strndup(text.ptr, text.len);
    char *number = large ? large : copy;
    if (text.len < sizeof copy) {
        memcpy(copy, text.ptr, text.len);
        copy[text.len] = '\0';
    } else if (!large) {
        stella_error_set(&c->error, STELLA_E_NOMEM, NULL, "no memory for a number");
        return;
    }
    const double value = strtod_l(number, NULL, c->locale);
    if (!isfinite(value)) {
        stella_error_set(&c->error, STELLA_E_FORMAT, NULL, "the number %.40s exceeds a double", number);
        return;
    }
    char out[48] = "0"; /* also for -0 */
    size_t len = 1;
    if (value != 0) {
        decimal d;
        out[0] = '-';
        shortest(fabs(value), c->locale, &d);
        len = lay_out(&d, out + (value < 0)) + (value < 0);
    }
    stella_json_write_raw(&c->w, stella_sv_of(out, len));
}

/* UTF-8 sorts like code points. UTF-16 differs in one thing: characters above U+FFFF are surrogates there and come
 * before U+E000 to U+FFFF, whose lead bytes are 0xee and 0xef. */
static int unit_rank(unsigned char byte) {
    return byte == 0xee || byte == 0xef ? byte + 0x10 : byte;
}

static int by_utf16(const void *left, const void *right) {
    const stella_sv a = (*(const stella_json_member *const *)left)->key;
    const stella_sv b = (*(const stella_json_member *const *)right)->key;
    for (size_t i = 0; i < a.len && i < b.len; i++)
        if (a.ptr[i] != b.ptr[i])
            return unit_rank((unsigned char)a.ptr[i]) - unit_rank((unsigned char)b.ptr[i]);
    return (a.len > b.len) - (a.len < b.len);
}

static void write_value(canonical *c, const stella_json *value);

static void write_object(canonical *c, const stella_json *object) {
    STELLA_AUTO(stella_freep)
    const stella_json_member **sorted = malloc((object->count ? object->count : 1) * sizeof *sorted);
    if (!sorted) {
        stella_error_set(&c->error, STELLA_E_NOMEM, NULL, "no memory to sort %u members", object->count);
        return;
    }
    for (uint32_t i = 0; i < object->count; i++)
        sorted[i] = &object->members[i];
    qsort(sorted, object->count, sizeof *sorted, by_utf16);
    stella_json_begin_object(&c->w);
    for (uint32_t i = 0; i < object->count && !c->error.code && !c->w.error.code; i++) {
        stella_json_key(&c->w, sorted[i]->key);
        write_value(c, &sorted[i]->value);
    }
    if (!c->error.code)
        stella_json_end_object(&c->w);
}

static void write_array(canonical *c, const stella_json *array) {
    stella_json_begin_array(&c->w);
    for (uint32_t i = 0; i < array->count && !c->error.code && !c->w.error.code; i++)
        write_value(c, &array->items[i]);
    if (!c->error.code)
        stella_json_end_array(&c->w);
}

/* Recursion is bounded: the writer fails at STELLA_JSON_DEPTH_MAX. */
static void write_value(canonical *c, const stella_json *value) {
    switch (value->kind) {
    case STELLA_JSON_OBJECT:
        write_object(c, value);
        break;
    case STELLA_JSON_ARRAY:
        write_array(c, value);
        break;
    case STELLA_JSON_NUMBER:
        write_number(c, value->text);
        break;
    default:
        stella_json_write_value(&c->w, value);
        break;
    }
}

stella_status stella_json_canonical(const stella_json *value, const stella_sink *sink, stella_error *err) {
    canonical c = {.locale = newlocale(LC_ALL_MASK, "C", (locale_t)0)};
    if (!c.locale)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a locale");
    stella_json_writer_init(&c.w, sink, 0);
    write_value(&c, value);
    freelocale(c.locale);
    if (c.error.code == STELLA_OK)
        return stella_json_finish(&c.w, err);
    if (err)
        *err = c.error;
    return c.error.code;
}

#include "parse.h"

#define SCALAR_MAX 4096 /* bytes of a number or date */

static int is_digit(char c) {
    return c >= '0' && c <= '9';
}

static int is_digit_of(char c, char base) {
    const char lower = (char)(c | 0x20);
    switch (base) {
    case 'b':
        return c == '0' || c == '1';
    case 'o':
        return c >= '0' && c <= '7';
    case 'x':
        return is_digit(c) || (lower >= 'a' && lower <= 'f');
    default:
        return is_digit(c);
    }
}

/* Steps over digits, each '_' between two of them. Returns how many bytes, 0 when there are none or a '_' is misplaced.
 */
static size_t take_digits(stella_sv *text, char base) {
    size_t at = 0;
    while (at < text->len && (is_digit_of(text->ptr[at], base) || text->ptr[at] == '_')) {
        const int is_between = at && text->ptr[at - 1] != '_' && at + 1 < text->len;
        if (text->ptr[at] == '_' && !(is_between && is_digit_of(text->ptr[at + 1], base)))
            return 0;
        at++;
    }
    *text = stella_sv_skip(*text, at);
    return at;
}

static int take_byte(stella_sv *text, const char *any) {
    if (text->len == 0 || text->ptr[0] == '\0' || !strchr(any, text->ptr[0]))
        return 0;
    *text = stella_sv_skip(*text, 1);
    return 1;
}

static int is_number(stella_sv text) {
    if (text.len > 2 && text.ptr[0] == '0' && strchr("xob", text.ptr[1])) {
        const char base = text.ptr[1];
        text = stella_sv_skip(text, 2);
        return take_digits(&text, base) && text.len == 0;
    }
    take_byte(&text, "+-");
    if (stella_sv_eq(text, STELLA_SV("inf")) || stella_sv_eq(text, STELLA_SV("nan")))
        return 1;
    const int has_zero = text.len && text.ptr[0] == '0';
    const size_t whole = take_digits(&text, 'd');
    if (whole == 0 || (has_zero && whole > 1))
        return 0;
    if (take_byte(&text, ".") && !take_digits(&text, 'd'))
        return 0;
    if (take_byte(&text, "eE")) {
        take_byte(&text, "+-");
        if (!take_digits(&text, 'd'))
            return 0;
    }
    return text.len == 0;
}

/* ---- dates and times (RFC 3339) -------------------------------------------------------------------------------------
 */

/* A number of exactly so many digits. Returns -1 when there is none. */
static int take_number(stella_sv *text, size_t digits) {
    uint64_t value = 0;
    if (text->len < digits || !stella_sv_u64(stella_sv_first(*text, digits), 9999, &value))
        return -1;
    *text = stella_sv_skip(*text, digits);
    return (int)value;
}

static int days_of(int year, int month) {
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const int is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return month == 2 && is_leap ? 29 : days[month - 1];
}

static int take_date(stella_sv *text) {
    const int year = take_number(text, 4);
    if (year < 0 || !take_byte(text, "-"))
        return 0;
    const int month = take_number(text, 2);
    if (month < 1 || month > 12 || !take_byte(text, "-"))
        return 0;
    const int day = take_number(text, 2);
    return day >= 1 && day <= days_of(year, month);
}

static int take_hour_and_minute(stella_sv *text) {
    const int hour = take_number(text, 2);
    if (hour < 0 || hour > 23 || !take_byte(text, ":"))
        return 0;
    const int minute = take_number(text, 2);
    return minute >= 0 && minute <= 59;
}

static int take_time(stella_sv *text) {
    if (!take_hour_and_minute(text) || !take_byte(text, ":"))
        return 0;
    const int second = take_number(text, 2);
    if (second < 0 || second > 60) /* RFC 3339 has leap seconds */
        return 0;
    if (!take_byte(text, "."))
        return 1;
    size_t digits = 0;
    while (take_byte(text, "0123456789"))
        digits++;
    return digits > 0;
}

static int is_moment(stella_sv text) {
    if (text.len > 2 && text.ptr[2] == ':')
        return take_time(&text) && text.len == 0;
    if (!take_date(&text))
        return 0;
    if (text.len == 0)
        return 1;
    if (!take_byte(&text, "Tt ") || !take_time(&text))
        return 0;
    if (text.len == 0 || (take_byte(&text, "Zz") && text.len == 0))
        return 1;
    return take_byte(&text, "+-") && take_hour_and_minute(&text) && text.len == 0;
}

/* ---- the value ------------------------------------------------------------------------------------------------------
 */

static int is_part(char c) {
    const char lower = (char)(c | 0x20);
    return is_digit(c) || (lower >= 'a' && lower <= 'z') || (c != '\0' && strchr("+-_.:", c));
}

/* A date and a time may have a blank between them. */
static stella_sv take_word(toml_parser *p) {
    const char *start = p->at;
    while (p->at < p->end && is_part(*p->at))
        p->at++;
    if (p->at - start == 10 && start[4] == '-' && p->end - p->at > 3 && p->at[0] == ' ' && is_digit(p->at[1]) &&
        is_digit(p->at[2]) && p->at[3] == ':') {
        p->at++;
        while (p->at < p->end && is_part(*p->at))
            p->at++;
    }
    return stella_sv_of(start, (size_t)(p->at - start));
}

stella_status toml_scalar(toml_parser *p, toml_node *out) {
    const stella_sv word = take_word(p);
    if (word.len > SCALAR_MAX)
        return toml_fail(p, "a number that is too long");
    if (stella_sv_eq(word, STELLA_SV("true")) || stella_sv_eq(word, STELLA_SV("false"))) {
        out->kind = word.ptr[0] == 't' ? STELLA_JSON_TRUE : STELLA_JSON_FALSE;
        return STELLA_OK;
    }
    out->text = word;
    out->kind = is_number(word) ? STELLA_JSON_NUMBER : is_moment(word) ? STELLA_JSON_STRING : STELLA_JSON_NONE;
    return out->kind == STELLA_JSON_NONE ? toml_fail(p, "a value that is none of TOML's") : STELLA_OK;
}

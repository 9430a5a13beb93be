#include "oci.h"

/* A fixed number of digits at the front of *rest, within a range. Returns 0 and leaves *out alone when it is not there.
 */
static int take_number(stella_sv *rest, size_t digits, uint64_t min, uint64_t max, int64_t *out) {
    uint64_t value = 0;
    if (rest->len < digits || !stella_sv_u64(stella_sv_first(*rest, digits), max, &value) || value < min)
        return 0;
    *rest = stella_sv_skip(*rest, digits);
    *out = (int64_t)value;
    return 1;
}

static int take_byte(stella_sv *rest, char byte) {
    if (!rest->len || rest->ptr[0] != byte)
        return 0;
    *rest = stella_sv_skip(*rest, 1);
    return 1;
}

/* Days from 1970-01-01 in the Gregorian calendar; years are counted from March, so that the leap day ends one. */
static int64_t days_from_date(int64_t year, int64_t month, int64_t day) {
    const int64_t y = month > 2 ? year : year - 1;
    const int64_t march_month = (month + 9) % 12;
    const int64_t before_year = y * 365 + y / 4 - y / 100 + y / 400;
    return before_year + (153 * march_month + 2) / 5 + day - 1 - 719468;
}

/* The fraction's first three digits; the rest says nothing in milliseconds. */
static int64_t take_milliseconds(stella_sv *rest) {
    int64_t ms = 0, scale = 100;
    if (!take_byte(rest, '.'))
        return 0;
    for (int64_t digit = 0; take_number(rest, 1, 0, 9, &digit); scale /= 10)
        ms += digit * scale;
    return ms;
}

/* "Z" or "+hh:mm": the offset from UTC in minutes. */
static int take_zone(stella_sv *rest, int64_t *minutes) {
    if (take_byte(rest, 'Z') || take_byte(rest, 'z'))
        return 1;
    if (!rest->len || (rest->ptr[0] != '+' && rest->ptr[0] != '-'))
        return 0;
    const int64_t sign = rest->ptr[0] == '-' ? -1 : 1;
    int64_t hour = 0, minute = 0;
    *rest = stella_sv_skip(*rest, 1);
    if (!take_number(rest, 2, 0, 23, &hour) || !take_byte(rest, ':') || !take_number(rest, 2, 0, 59, &minute))
        return 0;
    *minutes = sign * (hour * 60 + minute);
    return 1;
}

int64_t oci_time_ms(stella_sv text) {
    int64_t year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, zone = 0;
    if (!take_number(&text, 4, 1970, 9999, &year) || !take_byte(&text, '-') || !take_number(&text, 2, 1, 12, &month) ||
        !take_byte(&text, '-') || !take_number(&text, 2, 1, 31, &day) ||
        !(take_byte(&text, 'T') || take_byte(&text, 't')))
        return -1;
    if (!take_number(&text, 2, 0, 23, &hour) || !take_byte(&text, ':') || !take_number(&text, 2, 0, 59, &minute) ||
        !take_byte(&text, ':') || !take_number(&text, 2, 0, 60, &second))
        return -1;
    const int64_t fraction = take_milliseconds(&text);
    if (!take_zone(&text, &zone) || text.len)
        return -1;
    const int64_t ms =
        ((days_from_date(year, month, day) * 24 + hour) * 60 + minute - zone) * 60000 + second * 1000 + fraction;
    return ms >= 0 ? ms : -1;
}

#include "plugin/trust.h"

#include <stella/encoding.h>
#include <stella/json.h>

#define DAY_MS ((int64_t)24 * 60 * 60 * 1000)

/* ---- time ---- */

static int64_t days_since_1970(int64_t year, int64_t month, int64_t day) {
    const int64_t shifted = month <= 2 ? year - 1 : year; /* years that begin in March put the leap day last */
    const int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + day_of_year - 719468;
}

static uint64_t month_days(uint64_t year, uint64_t month) {
    static const unsigned char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const int is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && is_leap);
}

/* Two or four digits at an offset, within limits. */
static int field(stella_sv text, size_t at, size_t len, uint64_t min, uint64_t max, uint64_t *out) {
    return stella_sv_u64(stella_sv_first(stella_sv_skip(text, at), len), max, out) && *out >= min;
}

int trust_time_parse(stella_sv text, int64_t *out_ms) {
    uint64_t year, month, day, hour = 23, minute = 59, second = 59;
    const int is_date = text.len == 10;
    const int is_instant =
        text.len == 20 && text.ptr[10] == 'T' && text.ptr[13] == ':' && text.ptr[16] == ':' && text.ptr[19] == 'Z';
    if ((!is_date && !is_instant) || text.ptr[4] != '-' || text.ptr[7] != '-' ||
        !field(text, 0, 4, 1970, 9999, &year) || !field(text, 5, 2, 1, 12, &month) ||
        !field(text, 8, 2, 1, month_days(year, month), &day))
        return 0;
    if (is_instant && (!field(text, 11, 2, 0, 23, &hour) || !field(text, 14, 2, 0, 59, &minute) ||
                       !field(text, 17, 2, 0, 59, &second)))
        return 0;
    const int64_t seconds = (int64_t)((hour * 60 + minute) * 60 + second);
    *out_ms = days_since_1970((int64_t)year, (int64_t)month, (int64_t)day) * DAY_MS + seconds * 1000 + 999;
    return 1;
}

/* ---- members ---- */

typedef struct reader {
    const stella_json *root;
    stella_arena *arena;
    stella_error *err;
} reader;

static stella_status refuse(const reader *r, const char *pointer, const char *expected) {
    return stella_error_set(r->err, STELLA_E_FORMAT, pointer, "%s", expected);
}

static stella_status read_name(const reader *r, trust_anchor *a) {
    const stella_sv schema = stella_json_str(stella_json_get(r->root, "schema"));
    if (!stella_sv_eq(schema, STELLA_SV(TRUST_ANCHOR_SCHEMA)))
        return refuse(r, "/schema", "must be " TRUST_ANCHOR_SCHEMA);
    const stella_sv name = stella_json_str(stella_json_get(r->root, "name"));
    if (name.len == 0)
        return refuse(r, "/name", "must say whose key it is");
    a->name = stella_arena_cstr(r->arena, name);
    return a->name ? STELLA_OK : stella_error_set(r->err, STELLA_E_NOMEM, "/name", "no room for it");
}

static stella_status read_key(const reader *r, trust_anchor *a) {
    stella_sv key;
    const stella_sv text = stella_json_str(stella_json_get(r->root, "publicKey"));
    if (stella_unbase64(text, r->arena, &key, NULL) != STELLA_OK || key.len != STELLA_ED25519_PUBLIC_SIZE)
        return refuse(r, "/publicKey", "must be an Ed25519 public key, 32 bytes in base64");
    memcpy(a->public_key, key.ptr, key.len);
    stella_ed25519_keyid(a->public_key, a->key_id);
    return STELLA_OK;
}

static int is_scope(stella_sv scope) {
    return stella_sv_eq(scope, STELLA_SV("*")) || plugin_id_is_valid(scope);
}

/* "org.example." is a common way to write the prefix org.example. */
static stella_sv without_final_dot(stella_sv text) {
    return stella_sv_ends(text, STELLA_SV(".")) ? stella_sv_first(text, text.len - 1) : text;
}

static stella_status read_scopes(const reader *r, const char *pointer, const char **list, uint32_t *count) {
    const stella_json *array = stella_json_get(r->root, pointer + 1);
    if (!stella_json_is(array, STELLA_JSON_ARRAY) || array->count == 0 || array->count > TRUST_SCOPES_MAX)
        return refuse(r, pointer, "must be a list of 1 to 64 names, or [\"*\"]");
    for (*count = 0; *count < array->count; ++*count) {
        const stella_sv scope = without_final_dot(stella_json_str(&array->items[*count]));
        if (!is_scope(scope))
            return refuse(r, pointer, "must hold names like \"stella.analyzer\" or \"org.example\", or \"*\"");
        list[*count] = stella_arena_cstr(r->arena, scope);
        if (!list[*count])
            return stella_error_set(r->err, STELLA_E_NOMEM, pointer, "no room for it");
    }
    return STELLA_OK;
}

static stella_status read_roles(const reader *r, trust_anchor *a) {
    const stella_json *array = stella_json_get(r->root, "roles");
    if (!array) {
        a->roles = 1u << PLUGIN_ROLE_SCAN | 1u << PLUGIN_ROLE_CONNECT | 1u << PLUGIN_ROLE_SIGN;
        return STELLA_OK;
    }
    if (!stella_json_is(array, STELLA_JSON_ARRAY) || array->count == 0)
        return refuse(r, "/roles", "must be a list of roles");
    for (uint32_t i = 0; i < array->count; i++) {
        const plugin_role role = plugin_role_of(stella_json_str(&array->items[i]));
        if (role == PLUGIN_ROLE_NONE)
            return refuse(r, "/roles", "knows scan, connect, sign, kernel and cli");
        a->roles |= 1u << role;
    }
    return STELLA_OK;
}

static stella_status read_end(const reader *r, trust_anchor *a) {
    const stella_json *end = stella_json_get(r->root, "notAfter");
    a->not_after_ms = TRUST_FOREVER;
    if (end && !trust_time_parse(stella_json_str(end), &a->not_after_ms))
        return refuse(r, "/notAfter", "must be a day or instant of UTC, \"2027-12-31\" or \"2027-12-31T12:00:00Z\"");
    return STELLA_OK;
}

stella_status trust_anchor_parse(stella_sv json, stella_arena *arena, trust_anchor *out, stella_error *err) {
    trust_anchor a = {0};
    reader r = {.arena = arena, .err = err};
    stella_status status = stella_json_parse(json, arena, &r.root, err);
    if (status == STELLA_OK)
        status = read_name(&r, &a);
    if (status == STELLA_OK)
        status = read_key(&r, &a);
    if (status == STELLA_OK)
        status = read_scopes(&r, "/interfaces", a.interfaces, &a.interface_count);
    if (status == STELLA_OK)
        status = read_scopes(&r, "/idPrefixes", a.prefixes, &a.prefix_count);
    if (status == STELLA_OK)
        status = read_roles(&r, &a);
    if (status == STELLA_OK)
        status = read_end(&r, &a);
    if (status == STELLA_OK)
        *out = a;
    return status;
}

#include <stella/json.h>

int stella_json_is(const stella_json *value, uint32_t kind) {
    return value && value->kind == kind;
}

const stella_json *stella_json_get(const stella_json *object, const char *key) {
    if (!stella_json_is(object, STELLA_JSON_OBJECT))
        return NULL;
    const stella_sv wanted = stella_sv_cstr(key);
    for (uint32_t i = 0; i < object->count; i++)
        if (stella_sv_eq(object->members[i].key, wanted))
            return &object->members[i].value;
    return NULL;
}

const stella_json *stella_json_at(const stella_json *array, uint32_t index) {
    return stella_json_is(array, STELLA_JSON_ARRAY) && index < array->count ? &array->items[index] : NULL;
}

stella_sv stella_json_str(const stella_json *value) {
    return stella_json_is(value, STELLA_JSON_STRING) ? value->text : stella_sv_of(NULL, 0);
}

int stella_json_u64(const stella_json *value, uint64_t *out) {
    return stella_json_is(value, STELLA_JSON_NUMBER) && stella_sv_u64(value->text, UINT64_MAX, out);
}

int stella_json_i64(const stella_json *value, int64_t *out) {
    uint64_t size;
    if (!stella_json_is(value, STELLA_JSON_NUMBER))
        return 0;
    const int is_negative = stella_sv_starts(value->text, STELLA_SV("-"));
    if (!stella_sv_u64(stella_sv_skip(value->text, (size_t)is_negative), (uint64_t)INT64_MAX + (uint64_t)is_negative,
                       &size))
        return 0;
    *out = is_negative ? (int64_t)(0 - size) : (int64_t)size;
    return 1;
}

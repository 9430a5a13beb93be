#include "purl_types.h"

static int is_type(stella_sv type) {
    if (type.len == 0 || (type.ptr[0] >= '0' && type.ptr[0] <= '9'))
        return 0;
    for (size_t i = 0; i < type.len; i++)
        if (!purl_is_alnum((unsigned char)type.ptr[i]) && type.ptr[i] != '.' && type.ptr[i] != '-')
            return 0;
    return purl_is_alnum((unsigned char)type.ptr[0]);
}

static int is_key(stella_sv key) {
    if (key.len == 0 || purl_lower((unsigned char)key.ptr[0]) < 'a' || purl_lower((unsigned char)key.ptr[0]) > 'z')
        return 0;
    for (size_t i = 0; i < key.len; i++)
        if (!purl_is_alnum((unsigned char)key.ptr[i]) && !memchr(".-_", key.ptr[i], 3))
            return 0;
    return 1;
}

static stella_status check_qualifiers(const stella_purl *purl, const purl_type *type, stella_error *err) {
    int has_required = type->qualifier.len == 0;
    if (purl->qualifier_count > STELLA_PURL_QUALIFIERS_MAX)
        return stella_error_set(err, STELLA_E_LIMIT, "qualifiers", "at most %d qualifiers", STELLA_PURL_QUALIFIERS_MAX);
    for (uint32_t i = 0; i < purl->qualifier_count; i++) {
        const stella_purl_qualifier *q = &purl->qualifiers[i];
        if (!is_key(q->key))
            return stella_error_set(err, STELLA_E_FORMAT, "qualifiers", "'%.*s' cannot be the key of a qualifier",
                                    STELLA_SV_FMT(q->key));
        for (uint32_t j = 0; j < i; j++)
            if (stella_sv_ieq(q->key, purl->qualifiers[j].key))
                return stella_error_set(err, STELLA_E_FORMAT, "qualifiers", "the key '%.*s' occurs twice",
                                        STELLA_SV_FMT(q->key));
        has_required |= q->value.len && stella_sv_ieq(q->key, type->qualifier);
    }
    if (!has_required)
        return stella_error_set(err, STELLA_E_FORMAT, "qualifiers", "type %.*s needs the qualifier '%.*s'",
                                STELLA_SV_FMT(type->type), STELLA_SV_FMT(type->qualifier));
    return STELLA_OK;
}

static int has_segment(stella_sv path) {
    for (size_t i = 0; i < path.len; i++)
        if (path.ptr[i] != '/')
            return 1;
    return 0;
}

stella_status stella_purl_check(const stella_purl *purl, const purl_type *type, stella_error *err) {
    if (!is_type(purl->type))
        return stella_error_set(err, STELLA_E_FORMAT, "type", "'%.*s' cannot be a type", STELLA_SV_FMT(purl->type));
    if (purl->name.len == 0)
        return stella_error_set(err, STELLA_E_FORMAT, "name", "a package URL needs a name");
    const int has_namespace = has_segment(purl->namespace_);
    if (type->ns == NS_REQUIRED && !has_namespace)
        return stella_error_set(err, STELLA_E_FORMAT, "namespace", "type %.*s needs a namespace",
                                STELLA_SV_FMT(purl->type));
    if (type->ns == NS_FORBIDDEN && has_namespace)
        return stella_error_set(err, STELLA_E_FORMAT, "namespace", "type %.*s has no namespace",
                                STELLA_SV_FMT(purl->type));
    const char *wrong = type->check ? type->check(purl) : NULL;
    if (wrong)
        return stella_error_set(err, STELLA_E_FORMAT, wrong, "this %s is not allowed for type %.*s", wrong,
                                STELLA_SV_FMT(purl->type));
    return check_qualifiers(purl, type, err);
}

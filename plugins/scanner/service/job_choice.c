/* Before job.h, whose type its arguments are called like. */
#include <stella/analyzer.h>

#include "job.h"

static const stella_sv declared_words[] = {[SCAN_DECLARED_AUTO] = STELLA_SV_INIT("auto"),
                                           [SCAN_DECLARED_ON] = STELLA_SV_INIT("on"),
                                           [SCAN_DECLARED_OFF] = STELLA_SV_INIT("off")};

int job_choice_is_member(stella_sv key) {
    static const stella_sv keys[] = {
        STELLA_SV_INIT("declared"), STELLA_SV_INIT("dev"),    STELLA_SV_INIT("managed"), STELLA_SV_INIT("heuristics"),
        STELLA_SV_INIT("licenses"), STELLA_SV_INIT("select"), STELLA_SV_INIT("exclude")};
    for (size_t i = 0; i < STELLA_COUNT(keys); i++)
        if (stella_sv_eq(key, keys[i]))
            return 1;
    return 0;
}

static stella_status read_flag(const stella_json *object, const char *pointer, int *out, stella_error *err) {
    const stella_json *value = stella_json_get(object, pointer + 1);
    if (value && !stella_json_is(value, STELLA_JSON_TRUE) && !stella_json_is(value, STELLA_JSON_FALSE))
        return stella_error_set(err, STELLA_E_INVALID, pointer, "expected true or false");
    if (value)
        *out = stella_json_is(value, STELLA_JSON_TRUE);
    return STELLA_OK;
}

static stella_status read_declared(const stella_json *object, scan_declared *out, stella_error *err) {
    const stella_json *value = stella_json_get(object, "declared");
    for (uint32_t i = 0; value && i < STELLA_COUNT(declared_words); i++)
        if (stella_sv_eq(stella_json_str(value), declared_words[i])) {
            *out = (scan_declared)i;
            return STELLA_OK;
        }
    return value ? stella_error_set(err, STELLA_E_INVALID, "/declared", "expected auto, on or off") : STELLA_OK;
}

static stella_status read_options(const stella_json *object, uint32_t *out, stella_error *err) {
    const stella_json *licenses = stella_json_get(object, "licenses");
    int is_heuristic = (*out & STELLA_OPTION_HEURISTICS) != 0;
    const stella_status status = read_flag(object, "/heuristics", &is_heuristic, err);
    if (status != STELLA_OK)
        return status;
    const int is_deep = stella_sv_eq(stella_json_str(licenses), STELLA_SV("deep"));
    if (licenses && !is_deep && !stella_sv_eq(stella_json_str(licenses), STELLA_SV("metadata")))
        return stella_error_set(err, STELLA_E_INVALID, "/licenses", "expected metadata or deep");
    *out = (is_heuristic ? STELLA_OPTION_HEURISTICS : 0) | (is_deep ? STELLA_OPTION_LICENSE_TEXTS : 0);
    return STELLA_OK;
}

static stella_status read_list(const stella_json *object, const char *pointer, char out[JOB_CHOICE_MAX + 1],
                               stella_error *err) {
    const stella_json *value = stella_json_get(object, pointer + 1);
    const stella_sv text = stella_json_str(value);
    if (!value)
        return STELLA_OK;
    if (!text.len || text.len > JOB_CHOICE_MAX || stella_sv_find(text, 0) != text.len)
        return stella_error_set(err, STELLA_E_INVALID, pointer, "expected names or tags of analyzers, at most %d bytes",
                                JOB_CHOICE_MAX);
    memcpy(out, text.ptr, text.len);
    out[text.len] = 0;
    return STELLA_OK;
}

stella_status job_choice_read(const stella_json *object, job_choice *out, stella_error *err) {
    stella_status status = read_declared(object, &out->declared, err);
    if (status == STELLA_OK)
        status = read_flag(object, "/dev", &out->with_dev, err);
    if (status == STELLA_OK)
        status = read_flag(object, "/managed", &out->with_managed, err);
    if (status == STELLA_OK)
        status = read_options(object, &out->analyzer_options, err);
    if (status == STELLA_OK)
        status = read_list(object, "/select", out->select, err);
    return status == STELLA_OK ? read_list(object, "/exclude", out->exclude, err) : status;
}

void job_choice_write(const job_choice *choice, stella_json_writer *w) {
    if (choice->declared != SCAN_DECLARED_AUTO)
        stella_json_member_str(w, "declared", declared_words[choice->declared]);
    if (choice->with_dev)
        stella_json_member_bool(w, "dev", 1);
    if (choice->with_managed)
        stella_json_member_bool(w, "managed", 1);
    if (choice->analyzer_options & STELLA_OPTION_HEURISTICS)
        stella_json_member_bool(w, "heuristics", 1);
    if (choice->analyzer_options & STELLA_OPTION_LICENSE_TEXTS)
        stella_json_member_str(w, "licenses", STELLA_SV("deep"));
    stella_json_member_opt(w, "select", stella_sv_cstr(choice->select));
    stella_json_member_opt(w, "exclude", stella_sv_cstr(choice->exclude));
}

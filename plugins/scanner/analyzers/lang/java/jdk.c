#include "jdk.h"

#include "words.h"

#include "common/fields.h"

#include <stella/auto.h>
#include <stella/lines.h>

#define VALUE_MAX 512

static const char *const names[JDK_TEXTS] = {
    [JDK_VERSION] = "JAVA_VERSION",
    [JDK_RUNTIME_VERSION] = "JAVA_RUNTIME_VERSION",
    [JDK_IMPLEMENTOR] = "IMPLEMENTOR",
    [JDK_IMAGE_TYPE] = "IMAGE_TYPE",
    [JDK_VARIANT] = "JVM_VARIANT",
    [JDK_GRAALVM_VERSION] = "GRAALVM_VERSION",
    [JDK_ARCH] = "OS_ARCH",
    [JDK_BUILD_TYPE] = "BUILD_TYPE",
};

static void lines_finip(stella_lines *lines) {
    stella_lines_fini(lines);
}

static stella_sv unquote(stella_sv value) {
    value = stella_sv_trim(value);
    if (value.len >= 2 && value.ptr[0] == '"' && value.ptr[value.len - 1] == '"')
        value = stella_sv_of(value.ptr + 1, value.len - 2);
    return stella_sv_utf8_prefix(value) == value.len ? stella_sv_first(value, VALUE_MAX) : (stella_sv){0};
}

/* Keeps the values that count. */
static stella_status read_lines(stella_probe *probe, stella_sv values[JDK_TEXTS], stella_error *err) {
    STELLA_AUTO(lines_finip) stella_lines lines;
    stella_lines_init(&lines, probe, JDK_BYTES_MAX);
    stella_sv line;
    stella_status status;
    while ((status = stella_lines_next(&lines, &line, err)) == STELLA_OK && line.ptr) {
        const size_t equals = stella_sv_find(line, '=');
        for (uint32_t i = 0; i < JDK_TEXTS; i++) {
            if (equals == line.len || !stella_sv_eq(stella_sv_first(line, equals), stella_sv_cstr(names[i])))
                continue;
            values[i] = stella_arena_dup(probe->arena, unquote(stella_sv_skip(line, equals + 1)));
            if (!values[i].ptr)
                return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a release file");
        }
    }
    return status;
}

stella_status jdk_probe(stella_probe *probe, stella_error *err) {
    STELLA_AUTO(stella_buf_fini) stella_buf bytes = stella_buf_of((size_t)JDK_TEXTS * 2 * VALUE_MAX);
    stella_sv values[JDK_TEXTS] = {{0}};
    stella_status status = read_lines(probe, values, err);
    if (status != STELLA_OK || values[JDK_VERSION].len == 0)
        return status;
    if (!java_is_word(values[JDK_VERSION])) {
        stella_probe_note(probe, STELLA_NOTE_ERROR, 0, STELLA_SV("a Java runtime whose JAVA_VERSION is no version"));
        return STELLA_OK;
    }
    status = fields_encode(0, values, JDK_TEXTS, &bytes);
    if (status != STELLA_OK)
        return stella_error_set(err, status, NULL, "no memory for a release file");
    stella_record record = STELLA_RECORD_INIT;
    record.kind = STELLA_SV(JDK_KIND);
    record.key = values[JDK_VERSION];
    record.bytes = stella_buf_sv(&bytes);
    return stella_probe_record(probe, &record, err);
}

static void add_properties(stella_component *c, const stella_sv *values) {
    static const struct {
        const char *name;
        jdk_text from;
    } properties[] = {{"java:runtime-version", JDK_RUNTIME_VERSION},
                      {"java:image-type", JDK_IMAGE_TYPE},
                      {"java:jvm", JDK_VARIANT},
                      {"java:graalvm-version", JDK_GRAALVM_VERSION}};
    for (uint32_t i = 0; i < STELLA_COUNT(properties); i++)
        if (values[properties[i].from].len)
            stella_component_property(c, stella_sv_cstr(properties[i].name), values[properties[i].from]);
}

/* Digits, letters, '.', '_' and '-' stand in a CPE as they are. */
static int is_cpe_version(stella_sv version) {
    for (size_t i = 0; i < version.len; i++) {
        const char c = version.ptr[i];
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '_' ||
              c == '-'))
            return 0;
    }
    return 1;
}

static stella_status add_runtime(stella_analysis *job, const stella_record *record, stella_error *err) {
    stella_sv values[JDK_TEXTS];
    const stella_status status = fields_decode(record->bytes, JDK_TEXTS, NULL, values, err);
    if (status != STELLA_OK)
        return status;
    const int is_oracle = stella_sv_eq(values[JDK_BUILD_TYPE], STELLA_SV("commercial"));
    stella_component *c = stella_component_add(
        job, STELLA_SV("generic"), is_oracle ? STELLA_SV("oracle-jdk") : STELLA_SV("openjdk"), values[JDK_VERSION], 0);
    const stella_sv cpe = stella_arena_printf(job->arena, "cpe:2.3:a:oracle:%s:%.*s:*:*:*:*:*:*:*",
                                              is_oracle ? "jdk" : "openjdk", STELLA_SV_FMT(values[JDK_VERSION]));
    const stella_file file = {
        .struct_size = sizeof file, .kind = STELLA_FILE_REGULAR, .layer = record->layer, .path = record->path};
    if (!cpe.ptr)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a Java runtime");
    stella_component_set(c, STELLA_FIELD_KIND, STELLA_SV("application"));
    stella_component_set(c, STELLA_FIELD_VENDOR, values[JDK_IMPLEMENTOR]);
    stella_component_set(c, STELLA_FIELD_ARCHITECTURE, values[JDK_ARCH]);
    if (is_cpe_version(values[JDK_VERSION]))
        stella_component_property(c, STELLA_SV(STELLA_PROPERTY_CPE), cpe);
    add_properties(c, values);
    stella_component_evidence(c, &file, 0, STELLA_SV("metadata"));
    stella_component_from_record(c, record);
    return STELLA_OK;
}

stella_status jdk_analyze(stella_analysis *job, stella_error *err) {
    stella_record record = STELLA_RECORD_INIT;
    stella_status status = STELLA_OK;
    for (stella_records it = stella_records_of(STELLA_SV(JDK_KIND));
         status == STELLA_OK && stella_records_next(job, &it, &record);)
        status = add_runtime(job, &record, err);
    return status;
}

#include "lock.h"

#include "words.h"

#include "common/fields.h"

#include <stella/auto.h>
#include <stella/json.h>
#include <stella/lines.h>

typedef enum lock_text { LOCK_GROUP, LOCK_NAME, LOCK_VERSION, LOCK_DEV, LOCK_TEXTS } lock_text;

/* A module; texts borrow. LOCK_DEV is "1" when only configurations for tests and for the build itself name it. */
typedef struct locked {
    uint32_t line;
    stella_sv texts[LOCK_TEXTS];
} locked;

typedef struct reading {
    stella_probe *probe;
    uint32_t modules, notes;
} reading;

static void note(reading *r, uint32_t line, const char *text) {
    if (r->notes++ < LOCK_NOTES_MAX)
        stella_probe_note(r->probe, STELLA_NOTE_ERROR, line, stella_sv_cstr(text));
}

static stella_status emit(reading *r, const locked *module, stella_error *err) {
    STELLA_AUTO(stella_buf_fini) stella_buf key = stella_buf_of(4096), bytes = stella_buf_of(4096);
    const stella_sv *t = module->texts;
    if (!java_is_word(t[LOCK_GROUP]) || !java_is_word(t[LOCK_NAME]) || !java_is_word(t[LOCK_VERSION])) {
        note(r, module->line, "a module without a valid group, name or version was left out");
        return STELLA_OK;
    }
    if (r->modules++ == LOCK_COUNT_MAX)
        return stella_error_set(err, STELLA_E_LIMIT, NULL, "more than %d modules", LOCK_COUNT_MAX);
    stella_status status = stella_buf_printf(&key, "%.*s:%.*s@%.*s", STELLA_SV_FMT(t[LOCK_GROUP]),
                                             STELLA_SV_FMT(t[LOCK_NAME]), STELLA_SV_FMT(t[LOCK_VERSION]));
    if (status == STELLA_OK)
        status = fields_encode(module->line, t, LOCK_TEXTS, &bytes);
    if (status != STELLA_OK)
        return stella_error_set(err, status, NULL, "no memory for a module");
    stella_record record = STELLA_RECORD_INIT;
    record.kind = STELLA_SV(LOCK_KIND);
    record.key = stella_buf_sv(&key);
    record.bytes = stella_buf_sv(&bytes);
    return stella_probe_record(r->probe, &record, err);
}

/* Whether a configuration is for tests, or for building: "testRuntimeClasspath", "annotationProcessor". */
static int is_dev(stella_sv configuration) {
    static const stella_sv ends[] = {STELLA_SV_INIT("annotationProcessor"), STELLA_SV_INIT("AnnotationProcessor"),
                                     STELLA_SV_INIT("classpath")};
    if (stella_sv_starts(configuration, STELLA_SV("test")) || stella_sv_starts(configuration, STELLA_SV("androidTest")))
        return 1;
    for (uint32_t i = 0; i < STELLA_COUNT(ends); i++)
        if (stella_sv_ends(configuration, ends[i]))
            return 1;
    return 0;
}

/* ---- Gradle -------------------------------------------------------------------------------------------------------- */

static int are_dev(stella_sv configurations) {
    stella_sv one;
    if (stella_sv_trim(configurations).len == 0)
        return 0;
    while (stella_sv_split(&configurations, ',', &one))
        if (!is_dev(stella_sv_trim(one)))
            return 0;
    return 1;
}

static stella_status read_line(reading *r, stella_sv line, uint32_t number, stella_error *err) {
    locked module = {.line = number};
    stella_sv parts[4] = {{0}}, rest = line;
    line = stella_sv_trim(line);
    if (line.len == 0 || line.ptr[0] == '#' || stella_sv_starts(line, STELLA_SV("empty=")))
        return STELLA_OK;
    const size_t equals = stella_sv_find(line, '=');
    rest = stella_sv_first(line, equals);
    for (uint32_t i = 0; i < STELLA_COUNT(parts) && stella_sv_split(&rest, ':', &parts[i]);)
        i++;
    module.texts[LOCK_GROUP] = stella_sv_trim(parts[0]);
    module.texts[LOCK_NAME] = stella_sv_trim(parts[1]);
    module.texts[LOCK_VERSION] = stella_sv_trim(parts[2]);
    if (are_dev(stella_sv_skip(line, equals + 1)))
        module.texts[LOCK_DEV] = STELLA_SV("1");
    return emit(r, &module, err);
}

static void lines_finip(stella_lines *lines) {
    stella_lines_fini(lines);
}

stella_status lock_probe_gradle(stella_probe *probe, stella_error *err) {
    reading r = {.probe = probe};
    STELLA_AUTO(lines_finip) stella_lines lines;
    stella_lines_init(&lines, probe, LOCK_LINE_MAX);
    stella_sv line;
    stella_status status;
    while ((status = stella_lines_next(&lines, &line, err)) == STELLA_OK && line.ptr)
        if ((status = read_line(&r, line, lines.number, err)) != STELLA_OK)
            return status;
    return status;
}

/* ---- sbt ----------------------------------------------------------------------------------------------------------- */

static stella_status read_whole(stella_probe *probe, stella_buf *text, stella_error *err) {
    stella_sv chunk;
    stella_status status;
    while ((status = stella_probe_read(probe, &chunk, err)) == STELLA_OK && chunk.len)
        if ((status = stella_buf_add(text, chunk)) != STELLA_OK)
            return stella_error_set(err, status, NULL, "a lock file larger than %u bytes", LOCK_JSON_MAX);
    return status;
}

static int is_test_only(const stella_json *dependency) {
    const stella_json *list = stella_json_get(dependency, "configurations");
    for (uint32_t i = 0; stella_json_is(list, STELLA_JSON_ARRAY) && i < list->count; i++)
        if (!is_dev(stella_json_str(&list->items[i])))
            return 0;
    return stella_json_at(list, 0) != NULL;
}

stella_status lock_probe_sbt(stella_probe *probe, stella_error *err) {
    STELLA_AUTO(stella_buf_fini) stella_buf text = stella_buf_of(LOCK_JSON_MAX);
    reading r = {.probe = probe};
    const stella_json *root;
    stella_status status = read_whole(probe, &text, err);
    if (status == STELLA_OK)
        status = stella_json_parse(stella_buf_sv(&text), probe->arena, &root, err);
    if (status != STELLA_OK)
        return status;
    const stella_json *list = stella_json_get(root, "dependencies");
    if (!stella_json_is(list, STELLA_JSON_ARRAY))
        return stella_error_set(err, STELLA_E_FORMAT, "/dependencies", "not a list");
    for (uint32_t i = 0; i < list->count && status == STELLA_OK; i++) {
        const stella_json *const d = &list->items[i];
        const locked module = {.line = d->line,
                               .texts = {[LOCK_GROUP] = stella_json_str(stella_json_get(d, "org")),
                                         [LOCK_NAME] = stella_json_str(stella_json_get(d, "name")),
                                         [LOCK_VERSION] = stella_json_str(stella_json_get(d, "version")),
                                         [LOCK_DEV] = is_test_only(d) ? STELLA_SV("1") : STELLA_SV("")}};
        status = emit(&r, &module, err);
    }
    return status;
}

/* ---- components ---------------------------------------------------------------------------------------------------- */

static stella_status add_module(stella_analysis *job, const stella_record *record, stella_error *err) {
    locked module;
    const stella_status status = fields_decode(record->bytes, LOCK_TEXTS, &module.line, module.texts, err);
    if (status != STELLA_OK)
        return status;
    const uint32_t flags = STELLA_COMPONENT_DECLARED | (module.texts[LOCK_DEV].len ? STELLA_COMPONENT_DEV : 0);
    stella_component *c =
        stella_component_add(job, STELLA_SV("maven"), module.texts[LOCK_NAME], module.texts[LOCK_VERSION], flags);
    const stella_file file = {
        .struct_size = sizeof file, .kind = STELLA_FILE_REGULAR, .layer = record->layer, .path = record->path};
    stella_component_set(c, STELLA_FIELD_NAMESPACE, module.texts[LOCK_GROUP]);
    stella_component_evidence(c, &file, module.line, STELLA_SV("lockfile"));
    stella_component_from_record(c, record);
    return STELLA_OK;
}

stella_status lock_analyze(stella_analysis *job, stella_error *err) {
    stella_record record = STELLA_RECORD_INIT;
    stella_status status = STELLA_OK;
    for (stella_records it = stella_records_of(STELLA_SV(LOCK_KIND));
         status == STELLA_OK && stella_records_next(job, &it, &record);)
        status = add_module(job, &record, err);
    return status;
}

#include "analyze_request.h"

#include "protocol.h"

#include <stella/analyzer.h>
#include <stella/json.h>

/* The array of that name, its elements counted and room for as many items made. */
static stella_status list_of(const stella_json *request, const char *name, uint32_t max, size_t size,
                             stella_arena *arena, const stella_json **array, void **items, stella_error *err) {
    const stella_json *found = stella_json_get(request, name);
    if (found && !stella_json_is(found, STELLA_JSON_ARRAY))
        return stella_error_set(err, STELLA_E_FORMAT, name, "not an array");
    if (found && found->count > max)
        return stella_error_set(err, STELLA_E_LIMIT, name, "%u elements, at most %u", found->count, max);
    void *made = stella_arena_alloc(arena, found ? found->count : 0, size);
    if (!made)
        return stella_error_set(err, STELLA_E_NOMEM, name, "no memory for %u elements", found ? found->count : 0);
    *array = found;
    *items = made;
    return STELLA_OK;
}

static stella_sv str(const stella_json *object, const char *name) {
    return stella_json_str(stella_json_get(object, name));
}

static uint64_t number(const stella_json *object, const char *name) {
    uint64_t value = 0;
    return stella_json_u64(stella_json_get(object, name), &value) ? value : 0;
}

static int is_true(const stella_json *object, const char *name) {
    return stella_json_is(stella_json_get(object, name), STELLA_JSON_TRUE);
}

/* A position of a descriptor; absent or -1 is ANALYZE_NO_FD. */
static stella_status position(const stella_json *object, const char *name, uint32_t fd_count, uint32_t *out,
                              stella_error *err) {
    int64_t value = -1;
    const stella_json *found = stella_json_get(object, name);
    if (found && !stella_json_i64(found, &value))
        return stella_error_set(err, STELLA_E_FORMAT, name, "not a whole number");
    if (value < -1 || value >= (int64_t)fd_count)
        return stella_error_set(err, STELLA_E_FORMAT, name, "descriptor %lld of %u", (long long)value, fd_count);
    *out = value < 0 ? ANALYZE_NO_FD : (uint32_t)value;
    return STELLA_OK;
}

static stella_status read_layers(const stella_json *request, uint32_t fd_count, stella_arena *arena,
                                 analyze_request *out, stella_error *err) {
    const stella_json *array;
    void *items;
    stella_status status =
        list_of(request, "layers", ANALYZE_LAYERS_MAX, sizeof *out->layers, arena, &array, &items, err);
    for (uint32_t i = 0; status == STELLA_OK && array && i < array->count; i++) {
        const stella_json *from = stella_json_at(array, i);
        analyze_layer *layer = (analyze_layer *)items + i;
        layer->facts = (stella_bom_layer){.digest = str(from, "digest"),
                                          .diff_id = str(from, "diffId"),
                                          .media_type = str(from, "mediaType"),
                                          .created_by = str(from, "createdBy"),
                                          .size = number(from, "size"),
                                          .entries = number(from, "entries")};
        status = position(from, "pack", fd_count, &layer->pack, err);
        if (status == STELLA_OK)
            status = position(from, "supplement", fd_count, &layer->supplement, err);
        layer->is_gone = is_true(from, "gone");
        if (is_true(from, "missing"))
            layer->pack = ANALYZE_NO_FD;
        else if (status == STELLA_OK && layer->pack == ANALYZE_NO_FD)
            status = stella_error_set(err, STELLA_E_FORMAT, "pack", "layer %u has none and is not missing", i);
    }
    if (status == STELLA_OK) {
        out->layers = items;
        out->layer_count = array ? array->count : 0;
    }
    return status;
}

static stella_status read_outputs(const stella_json *request, uint32_t fd_count, stella_arena *arena,
                                  analyze_request *out, stella_error *err) {
    const stella_json *array;
    void *items;
    stella_status status =
        list_of(request, "outputs", ANALYZE_OUTPUTS_MAX, sizeof *out->outputs, arena, &array, &items, err);
    for (uint32_t i = 0; status == STELLA_OK && array && i < array->count; i++) {
        const stella_json *from = stella_json_at(array, i);
        analyze_output *output = (analyze_output *)items + i;
        *output = (analyze_output){.format = str(from, "format"),
                                   .view = str(from, "view"),
                                   .width = (uint32_t)number(from, "width"),
                                   .is_color = is_true(from, "color"),
                                   .is_by_layer = is_true(from, "byLayer"),
                                   .is_optional = is_true(from, "optional")};
        status = position(from, "fd", fd_count, &output->fd, err);
        if (!output->view.len)
            output->view = STELLA_SV("inventory");
        if (!stella_sv_eq(output->view, STELLA_SV("inventory")) && !stella_sv_eq(output->view, STELLA_SV("usage")))
            status = stella_error_set(err, STELLA_E_FORMAT, "outputs", "view is neither inventory nor usage");
        if (status == STELLA_OK && (output->fd == ANALYZE_NO_FD || !output->format.len))
            status = stella_error_set(err, STELLA_E_FORMAT, "outputs", "output %u has no format or no descriptor", i);
    }
    if (status == STELLA_OK) {
        out->outputs = items;
        out->output_count = array ? array->count : 0;
    }
    return status;
}

static int32_t layer_of(const stella_json *object, uint32_t layer_count) {
    int64_t layer = -1;
    return stella_json_i64(stella_json_get(object, "layer"), &layer) && layer >= 0 && layer < (int64_t)layer_count
               ? (int32_t)layer
               : -1;
}

/* The layer that the result is restricted to. */
static stella_status read_only_layer(const stella_json *request, analyze_request *out, stella_error *err) {
    int64_t layer = -1;
    const stella_json *found = stella_json_get(request, "onlyLayer");
    if (found && (!stella_json_i64(found, &layer) || layer < -1 || layer >= (int64_t)out->layer_count))
        return stella_error_set(err, STELLA_E_FORMAT, "onlyLayer", "not one of %u layers", out->layer_count);
    out->only_layer = (int32_t)layer;
    return STELLA_OK;
}

static stella_status read_errors(const stella_json *request, stella_arena *arena, analyze_request *out,
                                 stella_error *err) {
    const stella_json *array;
    void *items;
    const stella_status status =
        list_of(request, "errors", ANALYZE_ERRORS_MAX, sizeof *out->errors, arena, &array, &items, err);
    for (uint32_t i = 0; status == STELLA_OK && array && i < array->count; i++) {
        const stella_json *from = stella_json_at(array, i);
        ((stella_bom_error *)items)[i] = (stella_bom_error){.plugin = str(from, "plugin"),
                                                            .code = str(from, "code"),
                                                            .message = str(from, "message"),
                                                            .path = str(from, "path"),
                                                            .severity = STELLA_NOTE_ERROR,
                                                            .layer = layer_of(from, out->layer_count),
                                                            .lost = (uint32_t)is_true(from, "lost")};
    }
    if (status == STELLA_OK) {
        out->errors = items;
        out->error_count = array ? array->count : 0;
    }
    return status;
}

static stella_status read_counters(const stella_json *request, stella_arena *arena, analyze_request *out,
                                   stella_error *err) {
    const stella_json *array;
    void *items;
    const stella_status status =
        list_of(request, "counters", ANALYZE_COUNTERS_MAX, sizeof *out->counters, arena, &array, &items, err);
    for (uint32_t i = 0; status == STELLA_OK && array && i < array->count; i++) {
        const stella_json *from = stella_json_at(array, i), *value = stella_json_get(from, "value");
        /* Decimal text or a number: both are taken as they are written. */
        ((stella_bom_pair *)items)[i] =
            (stella_bom_pair){.name = str(from, "name"), .value = value ? value->text : (stella_sv){0}};
    }
    if (status == STELLA_OK) {
        out->counters = items;
        out->counter_count = array ? array->count : 0;
    }
    return status;
}

static stella_status read_listing(const stella_json *request, analyze_request *out, stella_error *err) {
    static const stella_sv words[] = {[LISTING_AUTO] = STELLA_SV_INIT("auto"),
                                      [LISTING_ON] = STELLA_SV_INIT("on"),
                                      [LISTING_OFF] = STELLA_SV_INIT("off")};
    const stella_json *declared = stella_json_get(request, "declared");
    uint32_t word = LISTING_AUTO;
    while (declared && word < STELLA_COUNT(words) && !stella_sv_eq(words[word], stella_json_str(declared)))
        word++;
    if (word == STELLA_COUNT(words))
        return stella_error_set(err, STELLA_E_FORMAT, "declared", "neither auto nor on nor off");
    const uint64_t options = number(request, "options");
    if (options > UINT32_MAX)
        return stella_error_set(err, STELLA_E_FORMAT, "options", "no set of options");
    out->options = (uint32_t)options;
    out->listing = (listing_rules){.declared = (listing_declared)word,
                                   .with_dev = is_true(request, "dev"),
                                   .with_managed = is_true(request, "managed")};
    return STELLA_OK;
}

static void read_image(const stella_json *request, analyze_request *out) {
    const stella_json *image = stella_json_get(request, "image");
    int64_t epoch_ms = -1, created_ms = -1;
    (void)stella_json_i64(stella_json_get(request, "epochMs"), &epoch_ms);
    (void)stella_json_i64(stella_json_get(image, "createdMs"), &created_ms);
    out->kind = str(image, "kind");
    out->name = str(image, "name");
    out->digest = str(image, "digest");
    out->config_digest = str(image, "configDigest");
    out->config = str(image, "config");
    out->process = str(request, "process");
    out->os = str(image, "os");
    out->architecture = str(image, "architecture");
    out->variant = str(image, "variant");
    out->subject = str(request, "subject");
    out->created_ms = epoch_ms >= 0 ? epoch_ms : created_ms >= 0 ? created_ms : -1;
    out->memory_bytes = number(request, "memoryBytes");
    out->template_text = str(request, "template");
}

stella_status analyze_request_parse(stella_sv json, uint32_t fd_count, stella_arena *arena, analyze_request *out,
                                    stella_error *err) {
    const stella_json *request;
    analyze_request made = {0};
    stella_status status = stella_json_parse(json, arena, &request, err);
    if (status != STELLA_OK)
        return status;
    if (!stella_json_is(request, STELLA_JSON_OBJECT))
        return stella_error_set(err, STELLA_E_FORMAT, "", "the request is not an object");
    const uint64_t round = number(request, "round");
    if (round < 1 || round > ENGINE_ROUNDS_DEEP)
        return stella_error_set(err, STELLA_E_FORMAT, "round", "none from 1 to %u", ENGINE_ROUNDS_DEEP);
    made.round = (uint32_t)round;
    read_image(request, &made);
    status = read_layers(request, fd_count, arena, &made, err);
    if (status == STELLA_OK)
        status = read_only_layer(request, &made, err);
    if (status == STELLA_OK)
        status = read_listing(request, &made, err);
    if (status == STELLA_OK)
        status = read_outputs(request, fd_count, arena, &made, err);
    if (status == STELLA_OK)
        status = read_errors(request, arena, &made, err);
    if (status == STELLA_OK)
        status = read_counters(request, arena, &made, err);
    if (status == STELLA_OK)
        *out = made;
    return status;
}

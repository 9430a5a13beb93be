#include "plugin/manifest_analyzer.h"

const char *const plugin_analyzer_words[] = {
    "installed",   "declared",    "development", "optional",       "version",          "license", "relations",
    "direct-only", "owned-files", "digests",     "source-package", "introduced-layer", NULL};

/* One of the lists. */
typedef struct rule {
    const char *key, *pointer, *expected;
    int (*has_shape)(stella_sv text);
    uint32_t max;
} rule;

static int is_tag(stella_sv text) {
    for (size_t i = 0; i < text.len; i++)
        if (!(text.ptr[i] >= 'a' && text.ptr[i] <= 'z') && !(text.ptr[i] >= '0' && text.ptr[i] <= '9') &&
            !(strchr("-+", text.ptr[i]) && i > 0))
            return 0;
    return text.len > 0 && text.len <= PLUGIN_TAG_BYTES;
}

static int is_pattern(stella_sv text) {
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.ptr[i] < ' ' || text.ptr[i] == 0x7f)
            return 0;
    return text.len > 0 && text.len <= PLUGIN_READ_BYTES;
}

static int is_word(stella_sv text) {
    for (const char *const *word = plugin_analyzer_words; *word; word++)
        if (stella_sv_eq(text, stella_sv_cstr(*word)))
            return 1;
    return 0;
}

static int is_in(const char *const *list, uint32_t count, stella_sv text) {
    for (uint32_t i = 0; i < count; i++)
        if (stella_sv_eq(text, stella_sv_cstr(list[i])))
            return 1;
    return 0;
}

static stella_status read_list(const stella_json *value, const rule *r, stella_arena *arena, const char **list,
                               uint32_t *count, stella_error *err) {
    const stella_json *array = stella_json_get(value, r->key);
    if (array && (!stella_json_is(array, STELLA_JSON_ARRAY) || array->count > r->max))
        return stella_error_set(err, STELLA_E_FORMAT, r->pointer, "must be a list of at most %u texts", r->max);
    for (uint32_t i = 0; array && i < array->count; i++) {
        const stella_json *item = stella_json_at(array, i);
        const stella_sv text = stella_json_str(item);
        if (!stella_json_is(item, STELLA_JSON_STRING) || !r->has_shape(text))
            return stella_error_set(err, STELLA_E_FORMAT, r->pointer, "\"%.*s\": %s",
                                    STELLA_SV_FMT(stella_sv_first(text, 64)), r->expected);
        if (is_in(list, *count, text))
            return stella_error_set(err, STELLA_E_FORMAT, r->pointer, "\"%.*s\" is there twice",
                                    STELLA_SV_FMT(stella_sv_first(text, 64)));
        list[*count] = stella_arena_cstr(arena, text);
        if (!list[*count])
            return stella_error_set(err, STELLA_E_NOMEM, r->pointer, "no room for it");
        ++*count;
    }
    return STELLA_OK;
}

stella_status plugin_analyzer_read(const stella_json *value, stella_arena *arena, plugin_analyzer *out,
                                   stella_error *err) {
    static const rule tags = {"tags", "/analyzer/tags", "a tag has a-z, 0-9, - and +, at most 32", is_tag,
                              PLUGIN_TAGS_MAX};
    static const rule reads = {"reads", "/analyzer/reads", "must be one line of at most 256 bytes", is_pattern,
                               PLUGIN_READS_MAX};
    static const rule says = {"says", "/analyzer/says",
                              "must be installed, declared, development, optional, version, license, relations, "
                              "direct-only, owned-files, digests, source-package or introduced-layer",
                              is_word, PLUGIN_SAYS_MAX};
    plugin_analyzer made = {.tags_count = 0};
    if (value && !stella_json_is(value, STELLA_JSON_OBJECT))
        return stella_error_set(err, STELLA_E_FORMAT, "/analyzer", "must be an object with tags, reads and says");
    stella_status status = read_list(value, &tags, arena, made.tags, &made.tags_count, err);
    if (status == STELLA_OK)
        status = read_list(value, &reads, arena, made.reads, &made.reads_count, err);
    if (status == STELLA_OK)
        status = read_list(value, &says, arena, made.says, &made.says_count, err);
    if (status == STELLA_OK)
        *out = made;
    return status;
}

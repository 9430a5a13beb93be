#include "manifest.h"

#include <stella/auto.h>
#include <stella/cursor.h>
#include <stella/sink.h>

static const char *const names[MANIFEST_KEYS] = {
    [MANIFEST_IMPLEMENTATION_VENDOR_ID] = "Implementation-Vendor-Id",
    [MANIFEST_IMPLEMENTATION_TITLE] = "Implementation-Title",
    [MANIFEST_IMPLEMENTATION_VERSION] = "Implementation-Version",
    [MANIFEST_IMPLEMENTATION_VENDOR] = "Implementation-Vendor",
    [MANIFEST_SPECIFICATION_VERSION] = "Specification-Version",
    [MANIFEST_BUNDLE_SYMBOLIC_NAME] = "Bundle-SymbolicName",
    [MANIFEST_BUNDLE_VERSION] = "Bundle-Version",
    [MANIFEST_BUNDLE_VENDOR] = "Bundle-Vendor",
    [MANIFEST_BUNDLE_LICENSE] = "Bundle-License",
    [MANIFEST_BUNDLE_DESCRIPTION] = "Bundle-Description",
    [MANIFEST_GROUP_ID] = "Group-Id",
    [MANIFEST_SHORT_NAME] = "Short-Name",
    [MANIFEST_EXTENSION_NAME] = "Extension-Name",
    [MANIFEST_LONG_NAME] = "Long-Name",
    [MANIFEST_PLUGIN_VERSION] = "Plugin-Version",
    [MANIFEST_PLUGIN_DEPENDENCIES] = "Plugin-Dependencies",
    [MANIFEST_PLUGIN_LICENSE] = "Plugin-License-Name",
    [MANIFEST_BND_LAST_MODIFIED] = "Bnd-LastModified",
    [MANIFEST_CREATED_BY] = "Created-By",
    [MANIFEST_WEAVE_CLASSES] = "Weave-Classes",
};

/* A value while its lines are read. */
typedef struct folded {
    stella_buf bytes;
    int key; /* MANIFEST_KEYS: one that is not kept */
} folded;

static void folded_fini(folded *f) {
    stella_buf_fini(&f->bytes);
}

static int key_of(stella_sv name) {
    if (stella_sv_starts(name, STELLA_SV("Plugin-License-Name-"))) /* the second and further licenses */
        return MANIFEST_PLUGIN_LICENSE;
    for (int i = 0; i < MANIFEST_KEYS; i++)
        if (stella_sv_ieq(name, stella_sv_cstr(names[i])))
            return i;
    return MANIFEST_KEYS;
}

static stella_status append(folded *f, stella_sv text) {
    if (f->key == MANIFEST_KEYS)
        return STELLA_OK;
    return stella_buf_add(&f->bytes, stella_sv_first(text, MANIFEST_VALUE_MAX - f->bytes.len));
}

static stella_status begin(folded *f, stella_sv line) {
    const size_t colon = stella_sv_find(line, ':');
    f->key = colon < line.len ? key_of(stella_sv_first(line, colon)) : MANIFEST_KEYS;
    f->bytes.len = 0;
    return append(f, stella_sv_skip(line, colon + 1));
}

/* The value is whole. Of a key that is there twice the last one counts, as for java.util.jar. One that is cut may end
 * inside a character. */
static stella_status keep(folded *f, stella_arena *arena, manifest *out, stella_error *err) {
    const stella_sv whole = stella_buf_sv(&f->bytes);
    const size_t sound = stella_sv_utf8_prefix(whole);
    if (f->key == MANIFEST_KEYS || whole.len == 0)
        return STELLA_OK;
    if (sound != whole.len && whole.len < MANIFEST_VALUE_MAX)
        return stella_error_set(err, STELLA_E_FORMAT, names[f->key], "the value is not UTF-8");
    const stella_sv before = f->key == MANIFEST_PLUGIN_LICENSE ? out->values[f->key] : (stella_sv){0};
    const stella_sv value = stella_sv_trim(stella_sv_first(whole, sound));
    out->values[f->key] =
        stella_arena_printf(arena, "%.*s%s%.*s", STELLA_SV_FMT(before), before.len ? "\n" : "", STELLA_SV_FMT(value));
    return out->values[f->key].ptr ? STELLA_OK
                                   : stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a manifest");
}

stella_status manifest_parse(stella_sv text, stella_arena *arena, manifest *out, stella_error *err) {
    STELLA_AUTO(folded_fini) folded f = {.bytes = stella_buf_of(MANIFEST_VALUE_MAX), .key = MANIFEST_KEYS};
    manifest made = {0};
    stella_cursor c = stella_cursor_of(text.ptr, text.len);
    stella_sv line;
    stella_status status = STELLA_OK;
    while (status == STELLA_OK && stella_cursor_line(&c, &line) && line.len) {
        if (line.ptr[0] == ' ') {
            status = append(&f, stella_sv_skip(line, 1));
            continue;
        }
        status = keep(&f, arena, &made, err);
        if (status == STELLA_OK)
            status = begin(&f, line);
    }
    if (status == STELLA_OK)
        status = keep(&f, arena, &made, err);
    if (status == STELLA_OK)
        *out = made;
    return status;
}

stella_sv manifest_plain(const manifest *m, manifest_key key) {
    const stella_sv value = m->values[key];
    return stella_sv_trim(stella_sv_first(value, stella_sv_find(value, ';')));
}

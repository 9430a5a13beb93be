#include "package_json.h"

#include <stella/auto.h>
#include <stella/cursor.h>

static void encode_lists(const package_json *p, stella_buf *out, stella_buf *list) {
    for (uint32_t i = 0; i < p->license_count; i++) {
        stella_buf_varint(list, p->licenses[i].how);
        stella_buf_str(list, p->licenses[i].text);
    }
    stella_buf_varint(out, p->license_count);
    stella_buf_str(out, stella_buf_sv(list));
    list->len = 0;
    for (uint32_t i = 0; i < p->bin_count; i++)
        stella_buf_str(list, p->bins[i]);
    stella_buf_varint(out, p->bin_count);
    stella_buf_str(out, stella_buf_sv(list));
    list->len = 0;
    for (uint32_t i = 0; i < p->need_count; i++) {
        stella_buf_varint(list, p->needs[i].kind);
        stella_buf_str(list, p->needs[i].name);
        stella_buf_str(list, p->with_dev ? p->needs[i].range : STELLA_SV(""));
    }
    stella_buf_varint(out, p->need_count);
    stella_buf_str(out, stella_buf_sv(list));
}

stella_status package_encode(const package_json *p, stella_buf *out) {
    const stella_sv texts[] = {p->name, p->version, p->description, p->homepage, p->author, p->integrity, p->resolved};
    STELLA_AUTO(stella_buf_fini) stella_buf list = stella_buf_of(out->max);
    stella_buf_varint(out, p->line);
    stella_buf_u8(out, p->is_gyp ? 1 : 0);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        stella_buf_str(out, texts[i]);
    for (int i = 0; i < PACKAGE_SCRIPTS; i++)
        stella_buf_str(out, p->scripts[i]);
    encode_lists(p, out, &list);
    if (list.failed)
        out->failed = 1;
    return out->failed ? STELLA_E_NOMEM : STELLA_OK;
}

static stella_sv text_of(stella_cursor *c) {
    return stella_cursor_str(c, stella_cursor_varint(c));
}

stella_status package_decode(stella_sv bytes, package_view *out, stella_error *err) {
    stella_cursor c = stella_cursor_of(bytes.ptr, bytes.len);
    package_view v = {0};
    stella_sv *const texts[] = {&v.name, &v.version, &v.description, &v.homepage, &v.author, &v.integrity, &v.resolved};
    v.line = (uint32_t)stella_cursor_varint(&c);
    v.is_gyp = stella_cursor_u8(&c);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        *texts[i] = text_of(&c);
    for (int i = 0; i < PACKAGE_SCRIPTS; i++)
        v.scripts[i] = text_of(&c);
    v.license_count = (uint32_t)stella_cursor_varint(&c);
    v.licenses = text_of(&c);
    v.bin_count = (uint32_t)stella_cursor_varint(&c);
    v.bins = text_of(&c);
    v.need_count = (uint32_t)stella_cursor_varint(&c);
    v.needs = text_of(&c);
    if (!c.ok || stella_cursor_left(&c))
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "a record of a package that cannot be read");
    *out = v;
    return STELLA_OK;
}

/* What is left behind the cursor, if all was well. */
static int step(stella_sv *list, const stella_cursor *c) {
    const int is_good = c->ok;
    *list = is_good ? stella_sv_skip(*list, stella_cursor_offset(c)) : STELLA_SV("");
    return is_good;
}

int package_license_next(stella_sv *licenses, package_license *out) {
    stella_cursor c = stella_cursor_of(licenses->ptr, licenses->len);
    if (licenses->len == 0)
        return 0;
    out->how = (uint32_t)stella_cursor_varint(&c);
    out->text = text_of(&c);
    return step(licenses, &c);
}

int package_bin_next(stella_sv *bins, stella_sv *out) {
    stella_cursor c = stella_cursor_of(bins->ptr, bins->len);
    if (bins->len == 0)
        return 0;
    *out = text_of(&c);
    return step(bins, &c);
}

int package_need_next(stella_sv *needs, package_need *out) {
    stella_cursor c = stella_cursor_of(needs->ptr, needs->len);
    if (needs->len == 0)
        return 0;
    out->kind = (need_kind)stella_cursor_varint(&c);
    out->name = text_of(&c);
    out->range = text_of(&c);
    return step(needs, &c);
}

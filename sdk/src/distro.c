#include <stella/cursor.h>
#include <stella/distro.h>

stella_status stella_distro_encode(const stella_distro *distro, stella_buf *out) {
    const stella_sv members[] = {distro->id, distro->id_like, distro->version_id, distro->codename, distro->name};
    stella_status status = stella_buf_u8(out, STELLA_DISTRO_FORMAT);
    for (size_t i = 0; i < sizeof members / sizeof members[0] && status == STELLA_OK; i++)
        status = stella_buf_str(out, stella_sv_first(members[i], STELLA_DISTRO_TEXT_MAX));
    return status;
}

static stella_sv member(stella_cursor *c) {
    const uint64_t size = stella_cursor_varint(c);
    if (size > STELLA_DISTRO_TEXT_MAX)
        c->ok = 0;
    return stella_cursor_str(c, size);
}

stella_status stella_distro_decode(stella_sv bytes, stella_distro *out, stella_error *err) {
    stella_cursor c = stella_cursor_of(bytes.ptr, bytes.len);
    const uint8_t format = stella_cursor_u8(&c);
    stella_distro got = {0};
    got.id = member(&c);
    got.id_like = member(&c);
    got.version_id = member(&c);
    got.codename = member(&c);
    got.name = member(&c);
    if (!c.ok)
        return stella_error_set(err, STELLA_E_FORMAT, STELLA_DISTRO_KIND, "a member runs past the end");
    if (format != STELLA_DISTRO_FORMAT)
        return stella_error_set(err, STELLA_E_FORMAT, STELLA_DISTRO_KIND, "format %u is not known", format);
    *out = got;
    return STELLA_OK;
}

int stella_distro_is_like(const stella_distro *distro, stella_sv id) {
    if (stella_sv_eq(distro->id, id))
        return 1;
    stella_sv rest = distro->id_like, word;
    while (stella_sv_split(&rest, ' ', &word))
        if (word.len && stella_sv_eq(word, id))
            return 1;
    return 0;
}

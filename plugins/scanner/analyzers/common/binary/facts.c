#include "facts.h"

#include <stella/cursor.h>

stella_status binary_facts_encode(const binary_facts *f, stella_buf *out) {
    const uint32_t numbers[] = {f->format, f->type, f->machine, f->bits, f->hardening, f->is_nameless};
    const stella_sv texts[] = {f->soname,   f->interpreter, f->rpath,  f->runpath,  f->build_id,
                               f->compiler, f->package,     f->needed, f->mentions, f->sha256};
    stella_status status = stella_buf_u8(out, BINARY_FACTS_FORMAT);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0] && status == STELLA_OK; i++)
        status = stella_buf_varint(out, numbers[i]);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0] && status == STELLA_OK; i++)
        status = stella_buf_str(out, texts[i]);
    return status;
}

stella_status binary_facts_decode(stella_sv bytes, binary_facts *out, stella_error *err) {
    binary_facts f = {0};
    uint32_t *const numbers[] = {&f.format, &f.type, &f.machine, &f.bits, &f.hardening, &f.is_nameless};
    stella_sv *const texts[] = {&f.soname,   &f.interpreter, &f.rpath,  &f.runpath,  &f.build_id,
                                &f.compiler, &f.package,     &f.needed, &f.mentions, &f.sha256};
    stella_cursor c = stella_cursor_of(bytes.ptr, bytes.len);
    const uint8_t format = stella_cursor_u8(&c);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        *numbers[i] = (uint32_t)stella_cursor_varint(&c);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        *texts[i] = stella_cursor_str(&c, stella_cursor_varint(&c));
    if (!c.ok || format != BINARY_FACTS_FORMAT)
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "no facts of a binary, or of a format that is not known");
    *out = f;
    return STELLA_OK;
}

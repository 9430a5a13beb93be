#include "image.h"

#include "common/binary/elf.h"
#include "common/unpack/unpack.h"

#include <stella/auto.h>
#include <stella/cursor.h>
#include <stella/sink.h>

#include <stdlib.h>

#define FIRST_BYTES  0x400u /* tell what it is */
#define GATHERED_MAX (4u << 20)
#define WINDOW_SIZE  ((size_t)256 << 10)
#define KEEP_SIZE    ((size_t)IMAGE_BANNER_MAX + 64) /* of one window, in front of the next */

/* What the file is by its first bytes. */
typedef struct shape {
    const char *format, *architecture;
    uint64_t skip; /* bytes before what is scanned or unpacked */
    int is_packed;
    int is_certain; /* a kernel, even when no banner is found */
} shape;

int image_is_named(stella_sv name) {
    static const char *const beginnings[] = {"vmlin", "Image", "kernel", "bzImage", "zImage"};
    for (uint32_t i = 0; i < STELLA_COUNT(beginnings); i++)
        if (stella_sv_starts(name, stella_sv_cstr(beginnings[i])))
            return 1;
    return 0;
}

/* ---- the banner */

static int is_release_byte(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '-' ||
           c == '+' || c == '_' || c == '~';
}

/* Bytes of the banner that text begins with: printable up to a line's or text's end; 0 when it is none. */
static size_t banner_length(stella_sv text) {
    size_t release = 0, len;
    if (text.len == 0 || text.ptr[0] < '0' || text.ptr[0] > '9')
        return 0;
    while (release < text.len && is_release_byte(text.ptr[release]))
        release++;
    if (!stella_sv_starts(stella_sv_skip(text, release), STELLA_SV(" (")))
        return 0;
    for (len = release; len < text.len && text.ptr[len] >= ' ' && text.ptr[len] <= '~';)
        len++;
    return len;
}

stella_sv image_find_banner(stella_sv bytes, int *is_cut) {
    const stella_sv mark = STELLA_SV("Linux version ");
    *is_cut = 0;
    for (const char *at; bytes.len && (at = memmem(bytes.ptr, bytes.len, mark.ptr, mark.len)) != NULL;) {
        bytes = stella_sv_skip(bytes, (size_t)(at - bytes.ptr) + mark.len);
        const stella_sv text = stella_sv_first(bytes, IMAGE_BANNER_MAX);
        const size_t len = banner_length(text);
        *is_cut = text.len < IMAGE_BANNER_MAX && (len == text.len || len == 0);
        if (len)
            return stella_sv_first(text, len);
    }
    return (stella_sv){0};
}

/* ---- the bytes: those that were gathered, then what the probe has left, unpacked or as they are */

typedef struct pieces {
    stella_probe *probe;
    stella_sv first;
    unpack *packed; /* NULL: they are scanned as they are */
    uint64_t room;
} pieces;

static stella_status next_piece(pieces *p, stella_sv *out, stella_error *err) {
    if (p->packed)
        return unpack_next(p->packed, out, err);
    stella_sv next = p->first;
    const stella_status status = next.len ? STELLA_OK : stella_probe_read(p->probe, &next, err);
    if (status != STELLA_OK)
        return status;
    if (next.len > p->room)
        return stella_error_set(err, STELLA_E_LIMIT, NULL, "a kernel larger than its limit");
    p->first = (stella_sv){0};
    p->room -= next.len;
    *out = next;
    return STELLA_OK;
}

/* A window over the pieces: a banner that spans two is whole in the next window. */
typedef struct window {
    char bytes[WINDOW_SIZE];
    size_t len;
} window;

/* Adds as much of the piece as has room, and looks through the window once it is full. */
static stella_sv slide(window *w, stella_sv *piece, int is_last) {
    const stella_sv part = stella_sv_first(*piece, WINDOW_SIZE - w->len);
    int is_cut;
    if (part.len)
        memcpy(w->bytes + w->len, part.ptr, part.len);
    w->len += part.len;
    *piece = stella_sv_skip(*piece, part.len);
    if (w->len < WINDOW_SIZE && !is_last)
        return (stella_sv){0};
    const stella_sv found = image_find_banner(stella_sv_of(w->bytes, w->len), &is_cut);
    if (found.len && (!is_cut || is_last))
        return found;
    if (w->len == WINDOW_SIZE) {
        memmove(w->bytes, w->bytes + WINDOW_SIZE - KEEP_SIZE, KEEP_SIZE);
        w->len = KEEP_SIZE;
    }
    return (stella_sv){0};
}

/* found  borrows from the window */
static stella_status scan(pieces *p, window *w, stella_sv *found, stella_error *err) {
    stella_sv piece = {0};
    stella_status status;
    w->len = 0;
    while ((status = next_piece(p, &piece, err)) == STELLA_OK && piece.len)
        while (piece.len)
            if ((*found = slide(w, &piece, 0)).len)
                return STELLA_OK;
    if (status == STELLA_OK)
        *found = slide(w, &piece, 1);
    return status;
}

/* ---- what it is */

static uint64_t le_at(stella_sv bytes, uint64_t offset) {
    stella_cursor c = stella_cursor_of(bytes.ptr, bytes.len);
    stella_cursor_seek(&c, offset);
    return stella_cursor_u32le(&c);
}

static int has_at(stella_sv bytes, size_t offset, stella_sv text) {
    return stella_sv_starts(stella_sv_skip(bytes, offset), text);
}

static const char *machine_name(stella_sv first) {
    static const struct {
        uint32_t machine;
        const char *name;
    } names[] = {{3, "i686"}, {40, "arm"}, {62, "x86_64"}, {183, "aarch64"}, {243, "riscv64"}, {258, "loongarch64"}};
    elf_file elf;
    if (elf_open(first, &elf, NULL) == STELLA_OK)
        for (uint32_t i = 0; i < STELLA_COUNT(names); i++)
            if (names[i].machine == elf.machine)
                return names[i].name;
    return "";
}

/* Returns 0 for what is no kernel. */
static int shape_of(stella_sv first, int is_named, shape *out) {
    *out = (shape){.format = "Image", .architecture = "", .is_certain = 1};
    if (has_at(first, 0, STELLA_SV("MZ")) && has_at(first, 4, STELLA_SV("zimg"))) {
        out->is_packed = 1;
        out->skip = le_at(first, 8);
        return 1;
    }
    if (has_at(first, 56, STELLA_SV("ARM\x64"))) {
        out->architecture = "aarch64";
        return 1;
    }
    if (has_at(first, 56, STELLA_SV("RSC\x05"))) {
        out->architecture = "riscv64";
        return 1;
    }
    out->is_certain = 0;
    out->is_packed = unpack_format_of(first) != UNPACK_NONE;
    if (has_at(first, 0,
               STELLA_SV("\x7f"
                         "ELF"))) {
        out->format = "vmlinux";
        out->architecture = machine_name(first);
        return is_named;
    }
    return is_named && out->is_packed;
}

/* Reads until that many bytes are there, or the file ends. */
static stella_status gather(stella_probe *probe, size_t wanted, stella_buf *out, stella_error *err) {
    stella_sv piece = STELLA_SV("x");
    stella_status status = STELLA_OK;
    while (out->len < wanted && piece.len && (status = stella_probe_read(probe, &piece, err)) == STELLA_OK)
        if (stella_buf_add(out, piece) != STELLA_OK)
            return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory to read a kernel");
    return status;
}

static stella_status keep(stella_probe *probe, stella_sv banner, image *out, stella_error *err) {
    const stella_sv kept = stella_arena_dup(probe->arena, banner);
    if (banner.len && !kept.ptr)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory to read a kernel");
    out->banner = stella_sv_trim(kept);
    out->release = stella_sv_first(kept, stella_sv_find(kept, ' '));
    return STELLA_OK;
}

static stella_status scan_for_banner(stella_probe *probe, stella_sv gathered, const shape *s, stella_sv *banner,
                                     window *w, stella_error *err) {
    STELLA_AUTO(unpack_destroyp) unpack *packed = NULL;
    pieces p = {.probe = probe, .first = stella_sv_skip(gathered, s->skip), .room = IMAGE_SCAN_MAX};
    if (s->is_packed) {
        const unpack_source source = {.first = p.first, .probe = probe};
        const unpack_format format = unpack_format_of(p.first);
        if (format == UNPACK_NONE)
            return stella_error_set(err, STELLA_E_UNSUPPORTED, NULL,
                                    "a kernel that is compressed neither with gzip nor zstd nor xz");
        if (!(packed = unpack_create(format, &source, IMAGE_UNPACK_MAX, probe->arena)))
            return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory to unpack a kernel");
        p.packed = packed;
    }
    return scan(&p, w, banner, err);
}

static stella_status read_bz(stella_probe *probe, uint32_t wanted, stella_buf *gathered, image *out,
                             stella_error *err) {
    const stella_status status = gather(probe, wanted, gathered, err);
    if (status != STELLA_OK)
        return status;
    (void)image_bz_header(stella_buf_sv(gathered), out, &wanted);
    return keep(probe, out->banner, out, err);
}

static stella_status read_scanned(stella_probe *probe, const shape *s, stella_buf *gathered, image *out, int *is_found,
                                  stella_error *err) {
    STELLA_AUTO(stella_freep) window *w = malloc(sizeof *w);
    stella_sv banner = {0};
    if (!w)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory to read a kernel");
    if (s->skip > GATHERED_MAX - FIRST_BYTES)
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "a kernel whose compressed part is out of reach");
    stella_status status = gather(probe, s->skip + FIRST_BYTES, gathered, err);
    if (status == STELLA_OK)
        status = scan_for_banner(probe, stella_buf_sv(gathered), s, &banner, w, err);
    if (status != STELLA_OK)
        return status;
    *out = (image){.format = s->format, .architecture = s->architecture};
    *is_found = s->is_certain || banner.len;
    return keep(probe, banner, out, err);
}

stella_status image_read(stella_probe *probe, image *out, int *is_found, stella_error *err) {
    STELLA_AUTO(stella_buf_fini) stella_buf gathered = stella_buf_of(2 * (size_t)GATHERED_MAX);
    const size_t slash = stella_sv_rfind(probe->file->path, '/');
    const stella_sv path = probe->file->path;
    const stella_sv name = slash < path.len ? stella_sv_skip(path, slash + 1) : path;
    uint32_t wanted;
    shape s;
    *is_found = 0;
    const stella_status status = gather(probe, FIRST_BYTES, &gathered, err);
    if (status != STELLA_OK)
        return status;
    if (image_bz_header(stella_buf_sv(&gathered), out, &wanted)) {
        *is_found = 1;
        return read_bz(probe, wanted, &gathered, out, err);
    }
    return shape_of(stella_buf_sv(&gathered), image_is_named(name), &s)
               ? read_scanned(probe, &s, &gathered, out, is_found, err)
               : STELLA_OK;
}

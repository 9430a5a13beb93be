#include "image.h"

#include "common/binary/elf.h"

#include <stella/file.h>

static int is_text(stella_sv text) {
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] < ' ' || text.ptr[i] > '~')
            return 0;
    return 1;
}

static const char *architecture_of(uint32_t machine) {
    static const struct {
        uint32_t machine;
        const char *name;
    } names[] = {{3, "i686"}, {40, "armv7l"}, {62, "x86_64"}, {183, "aarch64"}, {243, "riscv64"}};
    for (uint32_t i = 0; i < STELLA_COUNT(names); i++)
        if (names[i].machine == machine)
            return names[i].name;
    return "";
}

/* A section of room that is filled up with NUL; empty when nothing was written into it. */
static stella_sv filled(const elf_file *elf, const char *name) {
    elf_section section;
    if (!elf_section_named(elf, stella_sv_cstr(name), &section))
        return (stella_sv){0};
    return stella_sv_first(section.bytes, stella_sv_find(section.bytes, '\0'));
}

int appimage_read(stella_sv bytes, appimage *out) {
    elf_file elf;
    if (bytes.len < 11 || bytes.ptr[8] != 'A' || bytes.ptr[9] != 'I' || (bytes.ptr[10] != 1 && bytes.ptr[10] != 2) ||
        elf_open(bytes, &elf, NULL) != STELLA_OK)
        return 0;
    const stella_sv update = stella_sv_trim(filled(&elf, ".upd_info"));
    *out = (appimage){.type = (uint32_t)bytes.ptr[10],
                      .update = is_text(update) ? update : (stella_sv){0},
                      .has_signature = filled(&elf, ".sha256_sig").len != 0,
                      .architecture = architecture_of(elf.machine),
                      .damage = elf.damage};
    return 1;
}

/* ---- the name of the file */

static int is_architecture(stella_sv text) {
    static const char *const names[] = {"x86_64", "x86-64", "amd64",  "i386", "i686",  "aarch64",
                                        "arm64",  "armhf",  "armv7l", "x64",  "linux", "riscv64"};
    for (uint32_t i = 0; i < STELLA_COUNT(names); i++)
        if (stella_sv_ieq(text, stella_sv_cstr(names[i])))
            return 1;
    return 0;
}

static int is_version(stella_sv text) {
    if (stella_sv_starts(text, STELLA_SV("v")))
        text = stella_sv_skip(text, 1);
    return text.len && text.ptr[0] >= '0' && text.ptr[0] <= '9' && stella_sv_find(text, '.') < text.len;
}

/* The last part behind '-' or '_', when it is of a kind, taken off the text. */
static int take_last(stella_sv *text, int (*is_it)(stella_sv), stella_sv *out) {
    for (size_t at = text->len; at-- > 1;) {
        if (text->ptr[at] != '-' && text->ptr[at] != '_')
            continue;
        const stella_sv last = stella_sv_skip(*text, at + 1);
        if (is_it(last)) {
            *out = last;
            *text = stella_sv_first(*text, at);
            return 1;
        }
        if (last.len > 7 && text->ptr[at] == '-') /* longer than what holds a separator: "x86_64" */
            return 0;
    }
    return 0;
}

appimage_name appimage_name_of(stella_sv path) {
    const stella_sv suffix = STELLA_SV(".AppImage");
    const size_t slash = stella_sv_rfind(path, '/');
    stella_sv name = slash < path.len ? stella_sv_skip(path, slash + 1) : path, version = {0}, ignored;
    if (name.len >= suffix.len && stella_sv_ieq(stella_sv_skip(name, name.len - suffix.len), suffix))
        name = stella_sv_first(name, name.len - suffix.len);
    while (take_last(&name, is_architecture, &ignored))
        continue;
    (void)take_last(&name, is_version, &version);
    while (take_last(&name, is_architecture, &ignored))
        continue;
    if (stella_sv_starts(version, STELLA_SV("v")))
        version = stella_sv_skip(version, 1);
    return (appimage_name){.name = name, .version = version};
}

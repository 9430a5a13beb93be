#include "assembly.h"

#include "common/binary/pe.h"
#include "common/entry.h"

#define PARTS 3

/* The text up to what follows a blank or a '+': "4.700.22.11601 @BuiltBy: ...", "13.0.3+0a2e291c". Empty unless a digit
 * is its first. */
static stella_sv version_of(stella_sv text) {
    size_t len = 0;
    while (len < text.len && text.ptr[len] > ' ' && text.ptr[len] != '+' && text.ptr[len] != ',')
        len++;
    return len && text.ptr[0] >= '0' && text.ptr[0] <= '9' ? stella_sv_first(text, len) : (stella_sv){0};
}

static uint64_t take_number(stella_sv *rest) {
    uint64_t value = 0;
    size_t i = 0;
    for (; i < rest->len && rest->ptr[i] >= '0' && rest->ptr[i] <= '9'; i++)
        value = value > UINT32_MAX ? value : value * 10 + (uint64_t)(rest->ptr[i] - '0');
    *rest = stella_sv_skip(*rest, i < rest->len && rest->ptr[i] == '.' ? i + 1 : rest->len);
    return value;
}

stella_sv assembly_greater(stella_sv product, stella_sv file) {
    stella_sv a = version_of(product), b = version_of(file);
    const stella_sv first = a, second = b;
    if (a.len == 0 || b.len == 0)
        return a.len ? a : b;
    for (int i = 0; i < PARTS; i++) {
        const uint64_t x = take_number(&a), y = take_number(&b);
        if (x != y)
            return x > y ? first : second;
    }
    return first;
}

static stella_sv without_suffix(stella_sv name) {
    static const stella_sv suffixes[] = {STELLA_SV_INIT(".dll"), STELLA_SV_INIT(".exe")};
    for (uint32_t i = 0; i < STELLA_COUNT(suffixes); i++)
        if (name.len > suffixes[i].len && stella_sv_ieq(stella_sv_skip(name, name.len - suffixes[i].len), suffixes[i]))
            return stella_sv_first(name, name.len - suffixes[i].len);
    return name;
}

/* Compilers write the assembly's name with ".dll"; what was renamed or is odd goes by the file's name, which the runtime
 * goes by too. */
static stella_sv name_of(const pe_version *version, stella_sv path) {
    static const stella_sv keys[] = {STELLA_SV_INIT("OriginalFilename"), STELLA_SV_INIT("InternalName")};
    for (uint32_t i = 0; i < STELLA_COUNT(keys); i++) {
        const stella_sv written = pe_version_get(version, keys[i]);
        const stella_sv name = without_suffix(written);
        if (name.len < written.len && entry_is_name(name))
            return name;
    }
    return without_suffix(entry_pop(&path));
}

static stella_sv numbers_of(const pe_version *version, stella_arena *arena) {
    const uint16_t *n = version->file;
    return version->is_fixed ? stella_arena_printf(arena, "%u.%u.%u.%u", n[0], n[1], n[2], n[3]) : (stella_sv){0};
}

static stella_status no_assembly(stella_error *err) {
    return stella_error_set(err, STELLA_E_NOTFOUND, NULL, "not an assembly with a version");
}

stella_status assembly_read(stella_sv bytes, stella_sv path, stella_arena *arena, assembly *out, stella_error *err) {
    pe_file file;
    pe_clr clr;
    stella_sv resource;
    pe_version version;
    if (pe_open(bytes, &file, NULL) != STELLA_OK || !pe_clr_header(&file, &clr))
        return no_assembly(err);
    stella_status status = pe_resource(&file, PE_RESOURCE_VERSION, &resource, err);
    if (status == STELLA_OK)
        status = pe_version_read(resource, arena, &version, err);
    if (status != STELLA_OK)
        return status;
    const stella_sv name = name_of(&version, path);
    if (stella_sv_ends(name, STELLA_SV(".resources")))
        return no_assembly(err);
    const stella_sv build = version_of(pe_version_get(&version, STELLA_SV("ProductVersion")));
    stella_sv stated = assembly_greater(build, pe_version_get(&version, STELLA_SV("FileVersion")));
    if (stated.len == 0)
        stated = numbers_of(&version, arena);
    *out = (assembly){.name = name,
                      .version = stated,
                      .build = build,
                      .product = pe_version_get(&version, STELLA_SV("ProductName")),
                      .publisher = pe_version_get(&version, STELLA_SV("CompanyName"))};
    return STELLA_OK;
}

#include "macho.h"

#include "wire.h"

#define UNIVERSAL         0xcafebabeu
#define UNIVERSAL_64      0xcafebabfu
#define SLICE_BYTES       20
#define SLICE_BYTES_64    32
#define SLICES_AT         8
#define MAGIC_32          0xfeedfaceu
#define MAGIC_64          0xfeedfacfu
#define COMMAND_BYTES_MIN 8
#define UUID_BYTES        16
#define PLATFORM_MACOS    1
#define PLATFORM_IOS      2

stella_status macho_slices_of(stella_sv bytes, macho_slices *out, stella_error *err) {
    wire w = wire_of(bytes, 1, 0);
    const uint32_t magic = wire_u32(&w);
    const uint32_t count = wire_u32(&w);
    if (magic != UNIVERSAL && magic != UNIVERSAL_64) {
        *out = (macho_slices){.bytes = bytes, .count = 1};
        return STELLA_OK;
    }
    if (!w.c.ok || count == 0 || count > MACHO_SLICES_MAX)
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "a universal file of %u architectures, at most %d", count,
                                MACHO_SLICES_MAX);
    *out = (macho_slices){.bytes = bytes, .is_universal = 1, .is_64 = magic == UNIVERSAL_64, .count = count};
    return STELLA_OK;
}

typedef struct slice_range {
    uint32_t cpu, cpu_subtype;
    uint64_t offset, size;
} slice_range;

/* Zero in all members when the table ends before it. */
static slice_range range_of(const macho_slices *slices, uint32_t index) {
    wire w = wire_of(slices->bytes, 1, slices->is_64);
    stella_cursor_seek(&w.c, SLICES_AT + (uint64_t)index * (slices->is_64 ? SLICE_BYTES_64 : SLICE_BYTES));
    slice_range range = {.cpu = wire_u32(&w)};
    range.cpu_subtype = wire_u32(&w);
    range.offset = wire_word(&w);
    range.size = wire_word(&w);
    return w.c.ok ? range : (slice_range){0};
}

static int overlaps_an_earlier_one(const macho_slices *slices, uint32_t index, slice_range range) {
    for (uint32_t i = 0; i < index; i++) {
        const slice_range other = range_of(slices, i);
        if (range.offset >= other.offset ? range.offset - other.offset < other.size
                                         : other.offset - range.offset < range.size)
            return 1;
    }
    return 0;
}

stella_status macho_slices_next(macho_slices *slices, macho_slice *out, stella_error *err) {
    macho_slice slice = {0};
    if (slices->index < slices->count) {
        const uint32_t index = slices->index++;
        if (!slices->is_universal) {
            slice.bytes = slices->bytes;
        } else {
            const slice_range range = range_of(slices, index);
            int is_cut;
            slice = (macho_slice){.cpu = range.cpu,
                                  .cpu_subtype = range.cpu_subtype,
                                  .bytes = wire_range(slices->bytes, range.offset, range.size, &is_cut)};
            if (is_cut || slice.bytes.len == 0)
                return stella_error_set(err, STELLA_E_FORMAT, NULL, "architecture %u is not inside the file", index);
            if (overlaps_an_earlier_one(slices, index, range))
                return stella_error_set(err, STELLA_E_FORMAT, NULL, "architecture %u overlaps an earlier one", index);
        }
    }
    *out = slice;
    return STELLA_OK;
}

stella_status macho_open(stella_sv bytes, macho_file *out, stella_error *err) {
    wire w = wire_of(bytes, 0, 0);
    const uint32_t little = wire_u32(&w);
    w = wire_of(bytes, 1, 0);
    const uint32_t big = wire_u32(&w);
    const int is_big = big == MAGIC_32 || big == MAGIC_64;
    const uint32_t magic = is_big ? big : little;
    if (magic != MAGIC_32 && magic != MAGIC_64)
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "not a Mach-O file");
    macho_file file = {.bytes = bytes, .is_64 = magic == MAGIC_64, .is_big = is_big};
    w.is_big = is_big;
    file.cpu = wire_u32(&w);
    file.cpu_subtype = wire_u32(&w);
    file.type = wire_u32(&w);
    file.command_count = wire_u32(&w);
    const uint32_t commands_bytes = wire_u32(&w);
    file.flags = wire_u32(&w);
    if (file.is_64)
        stella_cursor_skip(&w.c, 4);
    if (!w.c.ok)
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "the file ends inside its Mach-O header");
    int is_cut;
    file.commands = wire_range(bytes, stella_cursor_offset(&w.c), commands_bytes, &is_cut);
    if (is_cut || file.command_count > MACHO_COMMANDS_MAX)
        file.damage = "the load commands are not inside the file";
    *out = file;
    return STELLA_OK;
}

macho_commands macho_commands_of(const macho_file *file) {
    return (macho_commands){.file = file, .left = file->commands};
}

int macho_commands_next(macho_commands *commands, macho_command *out) {
    wire w = wire_of(commands->left, commands->file->is_big, 0);
    const uint32_t kind = wire_u32(&w);
    const uint32_t size = wire_u32(&w);
    if (!w.c.ok || commands->met >= commands->file->command_count || commands->met >= MACHO_COMMANDS_MAX ||
        size < COMMAND_BYTES_MIN || size > commands->left.len)
        return 0;
    commands->met++;
    *out = (macho_command){.kind = kind, .bytes = stella_sv_first(commands->left, size)};
    commands->left = stella_sv_skip(commands->left, size);
    return 1;
}

static wire body_of(const macho_file *file, const macho_command *command) {
    wire w = wire_of(command->bytes, file->is_big, file->is_64);
    stella_cursor_skip(&w.c, COMMAND_BYTES_MIN);
    return w;
}

stella_sv macho_path(const macho_file *file, const macho_command *command, uint32_t *version) {
    wire w = body_of(file, command);
    const uint32_t offset = wire_u32(&w);
    uint32_t current = 0;
    switch (command->kind) {
    case MACHO_COMMAND_LOAD_DYLIB:
    case MACHO_COMMAND_ID_DYLIB:
    case MACHO_COMMAND_WEAK_DYLIB:
    case MACHO_COMMAND_REEXPORT:
        stella_cursor_skip(&w.c, 4); /* time */
        current = wire_u32(&w);
        break;
    case MACHO_COMMAND_RPATH:
        break;
    default:
        return (stella_sv){0};
    }
    if (version)
        *version = current;
    /* the text fills the command up and may then lack its NUL */
    return w.c.ok && offset <= command->bytes.len ? wire_padded(stella_sv_skip(command->bytes, offset))
                                                  : (stella_sv){0};
}

int macho_uuid(const macho_file *file, stella_sv *out) {
    macho_command command;
    for (macho_commands it = macho_commands_of(file); macho_commands_next(&it, &command);)
        if (command.kind == MACHO_COMMAND_UUID && command.bytes.len >= COMMAND_BYTES_MIN + UUID_BYTES) {
            *out = stella_sv_first(stella_sv_skip(command.bytes, COMMAND_BYTES_MIN), UUID_BYTES);
            return 1;
        }
    return 0;
}

int macho_build_version(const macho_file *file, macho_build *out) {
    macho_command command;
    for (macho_commands it = macho_commands_of(file); macho_commands_next(&it, &command);) {
        if (command.kind != MACHO_COMMAND_BUILD_VERSION && command.kind != MACHO_COMMAND_MIN_MACOS &&
            command.kind != MACHO_COMMAND_MIN_IOS)
            continue;
        wire w = body_of(file, &command);
        macho_build build = {.platform = command.kind == MACHO_COMMAND_BUILD_VERSION ? wire_u32(&w)
                                         : command.kind == MACHO_COMMAND_MIN_IOS     ? PLATFORM_IOS
                                                                                     : PLATFORM_MACOS};
        build.minimum = wire_u32(&w);
        build.sdk = wire_u32(&w);
        if (!w.c.ok)
            continue;
        *out = build;
        return 1;
    }
    return 0;
}

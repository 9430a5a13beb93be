#include "ld_paths.h"

/* System V ABI's numbers of machines; glibc's names (dl-platform, dl-hwcap) and Debian's multiarch tuples. */
const ld_machine *ld_machine_of(const binary_facts *program) {
    static const ld_machine machines[] = {
        {62, 64, "x86_64-linux-gnu", "lib64", "x86_64", {"x86-64-v2", "x86-64-v3", "x86-64-v4", NULL}},
        {62, 32, "x86_64-linux-gnux32", "libx32", "x86_64", {NULL}},
        {3, 32, "i386-linux-gnu", "lib", "i686", {NULL}},
        {183, 64, "aarch64-linux-gnu", "lib64", "aarch64", {NULL}},
        {40, 32, "arm-linux-gnueabihf", "lib", "v7l", {NULL}},
        {21, 64, "powerpc64le-linux-gnu", "lib64", "power8", {"power9", "power10", NULL}},
        {22, 64, "s390x-linux-gnu", "lib64", "z13", {"z13", "z14", "z15", "z16"}},
        {243, 64, "riscv64-linux-gnu", "lib64", "", {NULL}},
        {258, 64, "loongarch64-linux-gnu", "lib64", "", {NULL}},
    };
    static const ld_machine unknown = {0, 0, "", "lib", "", {NULL}};
    for (size_t i = 0; i < STELLA_COUNT(machines); i++)
        if (machines[i].machine == program->machine && machines[i].bits == program->bits)
            return &machines[i];
    return &unknown;
}

static stella_sv base_name(stella_sv path) {
    const size_t slash = stella_sv_rfind(path, '/');
    return slash < path.len ? stella_sv_skip(path, slash + 1) : path;
}

int ld_is_musl(const binary_facts *program) {
    return stella_sv_starts(base_name(program->interpreter), STELLA_SV("ld-musl-"));
}

/* ---- etc/ld.so.conf */

static stella_status no_memory(stella_error *err) {
    return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the configuration of the dynamic loader");
}

static stella_status add_directory(ld_system *s, ld_view *view, stella_sv directory, stella_error *err) {
    if (s->count == LD_DIRS_MAX)
        return STELLA_OK;
    if (s->count == s->room) {
        const uint32_t room = s->room ? 2 * s->room : 16;
        stella_sv *directories = stella_arena_alloc(view->job->arena, room, sizeof *directories);
        if (!directories)
            return no_memory(err);
        if (s->count)
            memcpy(directories, s->directories, s->count * sizeof *directories);
        s->directories = directories;
        s->room = room;
    }
    s->directories[s->count++] = directory;
    return STELLA_OK;
}

/* The file's text. Returns 0 when there is none; also when it comes with the next call, to which all is left then. */
static int read_text(ld_view *view, stella_sv path, stella_sv *out) {
    stella_file file = STELLA_FILE_INIT;
    if (stella_view_read(view->job, path, &file, NULL) != STELLA_OK)
        return 0;
    *out = stella_sv_first(file.bytes, LD_CONF_BYTES_MAX);
    return 1;
}

static stella_status read_conf(ld_system *s, ld_view *view, stella_sv path, uint32_t depth, stella_error *err);

/* Patterns in the last name of a path alone are followed: ldconfig takes others too, nobody writes them. */
static stella_status include(ld_system *s, ld_view *view, stella_sv from, stella_sv pattern, uint32_t depth,
                             stella_error *err) {
    const int is_absolute = pattern.ptr[0] == '/';
    const size_t slash = stella_sv_rfind(from, '/');
    const stella_sv directory = stella_sv_first(from, !is_absolute && slash < from.len ? slash : 0);
    const stella_sv whole =
        stella_arena_printf(view->job->arena, "%.*s/%.*s", STELLA_SV_FMT(directory), STELLA_SV_FMT(pattern));
    if (!whole.ptr)
        return no_memory(err);
    if (s->patterns++ >= LD_CONF_FILES_MAX)
        return STELLA_OK;
    const size_t end = stella_sv_rfind(whole, '/');
    stella_entries it = STELLA_ENTRIES_INIT;
    stella_file file = STELLA_FILE_INIT;
    stella_status status = STELLA_OK;
    while (status == STELLA_OK && stella_view_next(view->job, stella_sv_first(whole, end), &it, &file))
        if (ld_conf_matches(stella_sv_skip(whole, end + 1), base_name(file.path)))
            status = read_conf(s, view, file.path, depth + 1, err);
    return status;
}

// NOLINTNEXTLINE(misc-no-recursion): LD_CONF_DEPTH_MAX bounds it
static stella_status read_conf(ld_system *s, ld_view *view, stella_sv path, uint32_t depth, stella_error *err) {
    stella_sv text, pattern;
    ld_conf_entry entry;
    stella_status status = STELLA_OK;
    if (depth == LD_CONF_DEPTH_MAX || s->files == LD_CONF_FILES_MAX || !read_text(view, path, &text))
        return STELLA_OK;
    s->files++;
    while (status == STELLA_OK && ld_conf_next(&text, &entry)) {
        if (entry.kind == LD_CONF_DIRECTORY)
            status = add_directory(s, view, entry.text, err);
        while (status == STELLA_OK && entry.kind == LD_CONF_INCLUDE && ld_conf_word(&entry.text, 0, &pattern))
            status = include(s, view, path, pattern, depth, err);
    }
    return status;
}

stella_status ld_system_of(ld_view *view, ld_system *out, stella_error *err) {
    ld_system s = {0};
    const stella_status status = read_conf(&s, view, STELLA_SV("etc/ld.so.conf"), 0, err);
    if (status == STELLA_OK)
        *out = s;
    return status;
}

/* ---- what is looked into */

static stella_status add_word(ld_dirs *out, ld_view *view, stella_error *err, const char *parent, const char *word) {
    const stella_sv path = stella_arena_printf(view->job->arena, "%s%s", parent, word);
    return path.ptr ? ld_dirs_add(out, view, path, err) : no_memory(err);
}

/* "/etc/ld-musl-ARCH.path" beside "/lib/ld-musl-ARCH.so.1"; without it "/lib:/usr/local/lib:/usr/lib". */
static stella_status add_musl(ld_view *view, const binary_facts *program, ld_dirs *out, stella_error *err) {
    const stella_sv loader = base_name(program->interpreter);
    const stella_sv arch = stella_sv_first(loader, stella_sv_find(loader, '.'));
    const stella_sv path = stella_arena_printf(view->job->arena, "etc/%.*s.path", STELLA_SV_FMT(arch));
    stella_sv text = STELLA_SV("/lib:/usr/local/lib:/usr/lib"), directory;
    stella_status status = STELLA_OK;
    if (!path.ptr)
        return no_memory(err);
    (void)read_text(view, path, &text);
    while (status == STELLA_OK && ld_conf_word(&text, 1, &directory))
        status = ld_dirs_add(out, view, directory, err);
    return status;
}

/* Each distribution builds its own into its loader; a library of another machine in one of them is stepped over, as the
 * loader does. */
static stella_status add_built_in(ld_view *view, const binary_facts *program, ld_dirs *out, stella_error *err) {
    const ld_machine *m = ld_machine_of(program);
    stella_status status = STELLA_OK;
    if (m->multiarch[0]) {
        status = add_word(out, view, err, "lib/", m->multiarch);
        if (status == STELLA_OK)
            status = add_word(out, view, err, "usr/lib/", m->multiarch);
    }
    const char *const words[] = {m->lib, "lib"};
    for (size_t i = 0; i < STELLA_COUNT(words) && status == STELLA_OK; i++) {
        status = add_word(out, view, err, "", words[i]);
        if (status == STELLA_OK)
            status = add_word(out, view, err, "usr/", words[i]);
    }
    return status;
}

stella_status ld_paths_add(const ld_system *system, ld_view *view, const binary_facts *program, ld_dirs *out,
                           stella_error *err) {
    if (ld_is_musl(program))
        return add_musl(view, program, out, err);
    stella_status status = STELLA_OK;
    for (uint32_t i = 0; i < system->count && status == STELLA_OK; i++)
        status = ld_dirs_add(out, view, system->directories[i], err);
    return status == STELLA_OK ? add_built_in(view, program, out, err) : status;
}

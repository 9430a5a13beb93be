#include <stella/entrytrace.h>

#include <stella/sv.h>

#define PATH_MAX_BYTES 4096u

const stella_word *stella_launch_variable(const stella_launch *launch, stella_sv name) {
    uint32_t low = 0, high = launch->env_count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        const int order = stella_sv_cmp(launch->env[middle].name, name);
        if (order == 0)
            return &launch->env[middle].value;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

/* Appends the components of a path, "." and ".." worked out. */
static size_t append_path(char *to, size_t len, stella_sv path) {
    stella_sv part;
    while (stella_sv_split(&path, '/', &part)) {
        if (!part.len || stella_sv_eq(part, STELLA_SV(".")))
            continue;
        if (stella_sv_eq(part, STELLA_SV(".."))) {
            while (len && to[--len] != '/')
                ;
            continue;
        }
        if (len)
            to[len++] = '/';
        memcpy(to + len, part.ptr, part.len);
        len += part.len;
    }
    return len;
}

stella_sv stella_launch_path(stella_arena *arena, stella_sv directory, stella_sv name) {
    char *to = stella_arena_alloc(arena, directory.len + name.len + 2, 1);
    if (!to)
        return (stella_sv){0};
    const int is_absolute = name.len && name.ptr[0] == '/';
    const size_t len = is_absolute ? 0 : append_path(to, 0, directory);
    return stella_sv_of(to, append_path(to, len, name));
}

static int has_slash(stella_sv text) {
    return text.len && memchr(text.ptr, '/', text.len) != NULL;
}

/* A file that can be run at this very path. */
static stella_status look(stella_analysis *view, stella_sv path, stella_file *out, stella_error *err) {
    stella_file file = STELLA_FILE_INIT;
    const stella_status status = stella_view_stat(view, path, &file, err);
    if (status != STELLA_OK)
        return status;
    if (file.kind != STELLA_FILE_REGULAR || !(file.mode & 0111))
        return stella_error_at(err, STELLA_E_DENIED, path, "is no file that may be run");
    file.bytes = (stella_sv){0};
    const uint32_t size = out->struct_size < sizeof file ? out->struct_size : (uint32_t)sizeof file;
    memcpy((char *)out + sizeof size, (const char *)&file + sizeof size, size - sizeof size);
    return STELLA_OK;
}

/* What the kernel would be handed for a program of that name in one directory of PATH; NULL when memory is short. */
static stella_sv join(stella_arena *arena, stella_sv directory, stella_sv name) {
    char *text = stella_arena_alloc(arena, directory.len + name.len + 1, 1);
    if (!text)
        return (stella_sv){0};
    if (directory.len)
        memcpy(text, directory.ptr, directory.len);
    size_t len = directory.len;
    if (len && text[len - 1] != '/')
        text[len++] = '/';
    memcpy(text + len, name.ptr, name.len);
    return stella_sv_of(text, len + name.len);
}

/* One place; a relative one is seen from the working directory. */
static stella_status look_in(stella_analysis *view, const stella_launch *launch, stella_sv place, stella_sv name,
                             stella_file *out, stella_sv *spelled, stella_error *err) {
    const stella_sv whole = join(view->arena, place, name);
    if (!whole.ptr)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a path");
    if (whole.ptr[0] != '/' && !launch->directory.len)
        return stella_error_at(err, STELLA_E_UNSUPPORTED, whole, "the working directory is not known");
    const stella_sv path = stella_launch_path(view->arena, launch->directory, whole);
    if (!path.ptr)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a path");
    const stella_status status = look(view, path, out, err);
    if (status == STELLA_OK && spelled)
        *spelled = whole;
    return status;
}

static stella_status search(stella_analysis *view, const stella_launch *launch, stella_sv name, stella_file *out,
                            stella_sv *spelled, stella_error *err) {
    const stella_word *variable = stella_launch_variable(launch, STELLA_SV("PATH"));
    if (variable && variable->flags & STELLA_WORD_UNKNOWN)
        return stella_error_at(err, STELLA_E_UNSUPPORTED, variable->text, "PATH is not known");
    stella_sv rest = variable ? variable->text : STELLA_SV(STELLA_DEFAULT_PATH), place;
    stella_status denied = STELLA_E_NOTFOUND;
    while (stella_sv_split(&rest, ':', &place)) {
        const stella_status status = look_in(view, launch, place.len ? place : STELLA_SV("."), name, out, spelled, err);
        if (status == STELLA_OK || status == STELLA_E_NOMEM)
            return status;
        if (status == STELLA_E_DENIED)
            denied = status;
    }
    return stella_error_at(err, denied, name, denied == STELLA_E_DENIED ? "may not be run" : "is nowhere in PATH");
}

stella_status stella_launch_find(stella_analysis *view, const stella_launch *launch, stella_file *out,
                                 stella_sv *spelled, stella_error *err) {
    const int is_named = launch->program.len > 0;
    if (!is_named && (!launch->arg_count || launch->args[0].flags & STELLA_WORD_UNKNOWN))
        return stella_error_at(err, STELLA_E_UNSUPPORTED, launch->arg_count ? launch->args[0].text : (stella_sv){0},
                               "what is run is not known");
    const stella_sv name = is_named ? launch->program : launch->args[0].text;
    if (!name.len || name.len > PATH_MAX_BYTES)
        return stella_error_at(err, STELLA_E_NOTFOUND, stella_sv_first(name, 80), "is no name of a program");
    return has_slash(name) ? look_in(view, launch, (stella_sv){0}, name, out, spelled, err)
                           : search(view, launch, name, out, spelled, err);
}

/* The merged tree as a script sees it. What the script itself made, changed or took away is not what the tree shows, and
 * what only a running system has (/proc, /sys, /dev, what the container engine mounts) is not known. */
#include "shell_eval.h"

#include "shell_pattern.h"

#include <stella/auto.h>

#define FILE_BYTES_MAX (1u << 20)

stella_sv shell_directory(const shell_eval *e) {
    const shell_value *value = shell_state_get(e->state, SLOT_DIRECTORY, STELLA_SV(""));
    return value && shell_is_known(&value->word) ? value->word.text : STELLA_SV("");
}

stella_sv shell_path(shell_eval *e, stella_sv path) {
    const stella_sv directory = shell_directory(e);
    if (path.len > 4096 || (!directory.len && !(path.len && path.ptr[0] == '/')))
        return (stella_sv){0};
    const stella_sv out = stella_launch_path(e->arena, directory, path);
    if (!out.ptr)
        shell_stop(e, stella_error_set(e->err, STELLA_E_NOMEM, NULL, "no memory to follow a script"));
    return out;
}

static int is_below(stella_sv path, stella_sv directory) {
    return stella_sv_starts(path, directory) &&
           (path.len == directory.len || !directory.len || path.ptr[directory.len] == '/');
}

static int is_live(stella_sv path) {
    static const char *const places[] = {"proc",
                                         "sys",
                                         "dev",
                                         "run/secrets",
                                         "etc/hostname",
                                         "etc/hosts",
                                         "etc/resolv.conf",
                                         ".dockerenv",
                                         "var/run/secrets",
                                         "etc/mtab"};
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
        if (is_below(path, stella_sv_cstr(places[i])))
            return 1;
    return 0;
}

int shell_is_touched(shell_eval *e, stella_sv path) {
    uint32_t at = 0;
    stella_sv name;
    const shell_value *value;
    while (shell_state_each(e->state, SLOT_TOUCHED, &at, &name, &value))
        if (is_below(path, name))
            return 1;
    return 0;
}

void shell_touch(shell_eval *e, stella_sv path) {
    static const shell_value touched = {.flags = 0};
    const stella_sv where = shell_path(e, path);
    if (where.len && !shell_state_set(e->state, SLOT_TOUCHED, where, &touched))
        shell_stop(e, STELLA_E_LIMIT);
}

/* NOTFOUND and its like are answers; what is left is an error. */
static int answer(shell_eval *e, stella_status status) {
    switch (status) {
    case STELLA_OK:
        return 1;
    case STELLA_E_NOTFOUND:
        return 0;
    case STELLA_E_LIMIT:
    case STELLA_E_IO:
    case STELLA_E_INVALID:
        return STATUS_UNKNOWN;
    default:
        shell_stop(e, status);
        return STATUS_UNKNOWN;
    }
}

int shell_stat(shell_eval *e, stella_sv path, stella_file *out) {
    const stella_sv where = shell_ok(e) && path.len ? shell_path(e, path) : (stella_sv){0};
    *out = (stella_file)STELLA_FILE_INIT;
    if (!path.len)
        return 0;
    if (!where.ptr || is_live(where) || shell_is_touched(e, where))
        return STATUS_UNKNOWN;
    if (!where.len) {
        out->kind = STELLA_FILE_DIRECTORY;
        out->mode = 0755;
        return 1;
    }
    stella_error quiet = {0};
    const stella_status status = stella_view_stat(e->hop->view, where, out, &quiet);
    if (status == STELLA_E_NOMEM && e->err)
        *e->err = quiet;
    return answer(e, status);
}

int shell_read_file(shell_eval *e, stella_sv path, stella_file *out) {
    const int found = shell_stat(e, path, out);
    if (found != 1 || out->kind != STELLA_FILE_REGULAR)
        return found == 1 ? 0 : found;
    if (out->size > FILE_BYTES_MAX)
        return STATUS_UNKNOWN;
    const stella_sv where = shell_copy(e, out->path);
    const stella_status status = shell_ok(e) ? stella_view_read(e->hop->view, where, out, e->err) : e->status;
    return answer(e, status);
}

/* ---- listing ------------------------------------------------------------------------------------------------------ */

static stella_sv unescaped(shell_eval *e, stella_sv pattern) {
    STELLA_AUTO(stella_buf_fini) stella_buf out = stella_buf_of(SHELL_TEXT_MAX);
    for (size_t i = 0; i < pattern.len; i++) {
        i += pattern.ptr[i] == '\\' && i + 1 < pattern.len ? 1 : 0;
        stella_buf_u8(&out, (uint8_t)pattern.ptr[i]);
    }
    return shell_copy(e, stella_buf_sv(&out));
}

static int has_pattern(stella_sv text) {
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '\\')
            i++;
        else if (strchr("*?[", text.ptr[i]))
            return 1;
    }
    return 0;
}

static int glob_below(shell_eval *e, stella_sv before, stella_sv pattern, shell_fields *out);

/* One directory against one component; deeper for what is left. */
static int glob_directory(shell_eval *e, stella_sv before, stella_sv component, stella_sv rest, shell_fields *out) {
    const stella_sv directory = shell_path(e, before.len ? before : STELLA_SV("."));
    if (!directory.ptr || is_live(directory) || shell_is_touched(e, directory))
        return 0;
    stella_entries it = STELLA_ENTRIES_INIT;
    stella_file file = STELLA_FILE_INIT;
    while (shell_ok(e) && stella_view_next(e->hop->view, directory, &it, &file)) {
        const stella_sv base = stella_sv_skip(
            file.path, stella_sv_rfind(file.path, '/') < file.path.len ? stella_sv_rfind(file.path, '/') + 1 : 0);
        if (base.ptr[0] == '.' && !(component.len && component.ptr[0] == '.'))
            continue;
        const int match = shell_match(component, base);
        if (match < 0)
            return 0;
        const stella_sv name = match ? shell_join(e, before, base) : (stella_sv){0};
        if (match && !rest.ptr)
            shell_add_field(e, out, shell_known(name));
        else if (match && !glob_below(e, shell_join(e, name, STELLA_SV("/")), rest, out))
            return 0;
    }
    return 1;
}

static int glob_below(shell_eval *e, stella_sv before, stella_sv pattern, shell_fields *out) {
    stella_sv rest = pattern, component = {0};
    while (shell_ok(e) && stella_sv_split(&rest, '/', &component)) {
        if (has_pattern(component))
            return glob_directory(e, before, component, rest, out);
        before = shell_join(e, before, unescaped(e, component));
        if (rest.ptr)
            before = shell_join(e, before, STELLA_SV("/"));
    }
    stella_file file;
    const int found = shell_stat(e, before, &file);
    if (found == 1)
        shell_add_field(e, out, shell_known(before));
    return found >= 0;
}

int shell_glob(shell_eval *e, stella_sv pattern, shell_fields *out) {
    return glob_below(e, STELLA_SV(""), pattern, out);
}

int shell_find_program(shell_eval *e, stella_sv name, stella_sv *where) {
    const stella_word word = shell_known(name);
    stella_file file = STELLA_FILE_INIT;
    stella_error quiet = {0};
    shell_export(e);
    const stella_launch launch = {.struct_size = sizeof launch,
                                  .args = &word,
                                  .arg_count = 1,
                                  .env = e->env,
                                  .env_count = e->env_count,
                                  .directory = shell_directory(e)};
    stella_sv spelled = {0};
    const stella_status status = stella_launch_find(e->hop->view, &launch, &file, &spelled, &quiet);
    *where = spelled.ptr ? spelled : name;
    if (status == STELLA_E_DENIED)
        return 0;
    return status == STELLA_E_UNSUPPORTED ? STATUS_UNKNOWN : answer(e, status);
}

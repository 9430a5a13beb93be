#include "hop.h"

#define SHEBANG_FILE_MAX (16u << 20)

stella_status hop_main(stella_hop *hop, const stella_launch *next, const char *relation, stella_error *err) {
    const stella_step how = {.kind = STELLA_STEP_MAIN, .relation = stella_sv_cstr(relation)};
    return stella_hop_step(hop, next, &how, err);
}

stella_status hop_unknown(stella_hop *hop, uint32_t reason, stella_sv detail, stella_error *err) {
    return stella_hop_unknown(hop, reason, NULL, detail, err);
}

stella_status hop_terminal(stella_hop *hop, const char *type, stella_sv main, uint32_t confidence, stella_error *err) {
    const stella_terminal what = {.type = stella_sv_cstr(type), .main = main, .confidence = confidence};
    return stella_hop_terminal(hop, &what, err);
}

stella_status hop_nomem(stella_error *err) {
    return stella_error_set(err, STELLA_E_NOMEM, NULL, "the memory for one hop is used up");
}

static int is_known_as(const char *pattern, stella_sv name) {
    stella_sv text = stella_sv_cstr(pattern);
    if (!stella_sv_ends(text, STELLA_SV("*")))
        return stella_sv_eq(text, name);
    text = stella_sv_first(text, text.len - 1);
    int matches = stella_sv_starts(name, text);
    for (size_t i = text.len; i < name.len && matches; i++)
        matches = name.ptr[i] == '.' || (name.ptr[i] >= '0' && name.ptr[i] <= '9');
    return matches;
}

stella_sv hop_name(const stella_hop *hop, const char *const *programs) {
    const stella_launch *l = hop->launch;
    const stella_sv name = text_base(l->program.len ? l->program : l->args[0].text);
    for (const char *const *one = programs; *one; one++)
        if (is_known_as(*one, name))
            return name;
    return text_base(hop->file->path);
}

static stella_status seen_from(stella_hop *hop, stella_sv path, stella_sv *out, stella_error *err) {
    const int is_absolute = path.len && path.ptr[0] == '/';
    if (!is_absolute && !hop->launch->directory.len)
        return stella_error_at(err, STELLA_E_NOTFOUND, path, "the working directory is not known");
    *out = launch_path(hop->view->arena, hop->launch->directory, path);
    return out->ptr ? STELLA_OK : hop_nomem(err);
}

stella_status hop_stat(stella_hop *hop, stella_sv path, stella_file *out, stella_error *err) {
    stella_sv full;
    const stella_status status = seen_from(hop, path, &full, err);
    if (status != STELLA_OK)
        return status;
    *out = (stella_file)STELLA_FILE_INIT;
    return stella_view_stat(hop->view, full, out, err);
}

int hop_is_file(stella_hop *hop, stella_sv path, stella_file *out) {
    return hop_stat(hop, path, out, NULL) == STELLA_OK && out->kind == STELLA_FILE_REGULAR;
}

int hop_is_directory(stella_hop *hop, stella_sv path, stella_file *out) {
    return hop_stat(hop, path, out, NULL) == STELLA_OK && out->kind == STELLA_FILE_DIRECTORY;
}

stella_status hop_read(stella_hop *hop, stella_sv path, uint64_t max, stella_file *out, stella_error *err) {
    stella_file file;
    const stella_status status = hop_stat(hop, path, &file, err);
    if (status != STELLA_OK)
        return status;
    if (file.size > max)
        return stella_error_at(err, STELLA_E_LIMIT, file.path, "larger than %llu bytes", (unsigned long long)max);
    *out = (stella_file)STELLA_FILE_INIT;
    return stella_view_read(hop->view, file.path, out, err);
}

int hop_survives(stella_status status) {
    return status == STELLA_E_NOTFOUND || status == STELLA_E_LIMIT || status == STELLA_E_IO ||
           status == STELLA_E_FORMAT || status == STELLA_E_DENIED || status == STELLA_E_UNSUPPORTED;
}

stella_status hop_unread(stella_hop *hop, stella_status status, stella_sv path, stella_error *err) {
    if (status == STELLA_OK || !hop_survives(status))
        return status;
    const uint32_t reason = status == STELLA_E_NOTFOUND ? STELLA_REASON_MISSING_FILE
                            : status == STELLA_E_FORMAT || status == STELLA_E_UNSUPPORTED
                                ? STELLA_REASON_UNSUPPORTED_SYNTAX
                                : STELLA_REASON_CONTENT_UNAVAILABLE;
    return hop_unknown(hop, reason, path, err);
}

/* The words of "#!INTERPRETER ARGUMENT", as execve(2) takes them: all behind the interpreter is one word. */
static uint32_t shebang_words(stella_sv text, stella_word *words) {
    const stella_sv line = stella_sv_first(text, stella_sv_find(text, '\n'));
    if (!stella_sv_starts(line, STELLA_SV("#!"))) {
        words[0] = word_of(STELLA_SV("/bin/sh"));
        return 1;
    }
    stella_sv rest = stella_sv_trim(stella_sv_skip(line, 2)), interpreter = {0};
    if (!text_word(&rest, &interpreter))
        return 0;
    words[0] = word_of(interpreter);
    words[1] = word_of(stella_sv_trim(rest));
    return words[1].text.len ? 2 : 1;
}

stella_status hop_shebang(stella_hop *hop, stella_error *err) {
    if (hop->file->type == STELLA_TYPE_ELF)
        return STELLA_OK;
    stella_arena *arena = hop->view->arena;
    stella_file file = STELLA_FILE_INIT;
    stella_status status = hop->file->size > SHEBANG_FILE_MAX
                               ? stella_error_at(err, STELLA_E_LIMIT, hop->file->path, "a script too large")
                               : stella_view_read(hop->view, hop->file->path, &file, err);
    if (status != STELLA_OK)
        return hop_unread(hop, status, hop->file->path, err);
    stella_word words[3];
    uint32_t count = shebang_words(file.bytes, words);
    if (!count)
        return hop_unknown(hop, STELLA_REASON_UNSUPPORTED_SYNTAX, STELLA_SV("#! without an interpreter"), err);
    const stella_sv path = stella_arena_printf(arena, "/%.*s", STELLA_SV_FMT(file.path));
    if (!path.ptr)
        return hop_nomem(err);
    words[count++] = word_of(path);
    stella_launch next = launch_from(hop->launch, 0);
    status = launch_replace(arena, &next, 0, 1, words, count, err);
    return status == STELLA_OK ? hop_main(hop, &next, "shebang", err) : status;
}

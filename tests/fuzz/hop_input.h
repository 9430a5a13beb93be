/* hop_input.h - asks an entry tracer about a launch and a tree that the fuzzer's bytes describe. Lines up to the first
 * empty one: ".word", "?word that is not known", "*any number of words", "=NAME=VALUE". Behind it files, each begun by a form
 * feed: "path\ncontent"; "!path" may be run. Directories are what is above the files. */
#ifndef FUZZ_HOP_INPUT_H
#define FUZZ_HOP_INPUT_H

#include <stella/auto.h>
#include <stella/cursor.h>
#include <stella/entrytrace.h>

#include <assert.h>
#include <stdlib.h>

#define WORDS_MAX       64
#define FILES_OF_ONE    32
#define STEPS_OF_ONE    1024
#define TRACER_BYTES    ((uint64_t)64 << 20)
#define CONFIDENCE_FULL 100

/* The content is a copy of exactly its size, so that a sanitizer sees one byte too far. */
typedef struct fuzz_file {
    stella_sv path;
    char *bytes;
    size_t size;
    uint32_t mode, reserved;
} fuzz_file;

typedef struct fuzz_world {
    stella_analysis view; /* first */
    stella_word args[WORDS_MAX];
    stella_variable env[WORDS_MAX];
    fuzz_file files[FILES_OF_ONE];
    uint32_t arg_count, env_count, file_count, reserved;
} fuzz_world;

typedef struct fuzz_hop {
    stella_hop hop; /* first */
    uint32_t steps, reserved;
} fuzz_hop;

/* ---- the tree -------------------------------------------------------------------------------------------------------
 */

static inline int is_in(stella_sv path, stella_sv directory) {
    return directory.len == 0 ||
           (path.len > directory.len && stella_sv_starts(path, directory) && path.ptr[directory.len] == '/');
}

static inline stella_status fuzz_stat(stella_analysis *job, stella_sv path, stella_file *out, stella_error *err) {
    const fuzz_world *w = (const fuzz_world *)job;
    while (path.len && path.ptr[0] == '/')
        path = stella_sv_skip(path, 1);
    for (uint32_t i = 0; i < w->file_count; i++) {
        const fuzz_file *file = &w->files[i];
        const int is_file = stella_sv_eq(file->path, path);
        if (!is_file && (path.len >= file->path.len || !is_in(file->path, path)))
            continue;
        *out = (stella_file){.struct_size = sizeof *out,
                             .kind = is_file ? STELLA_FILE_REGULAR : STELLA_FILE_DIRECTORY,
                             .mode = is_file ? file->mode : 0755,
                             .size = is_file ? file->size : 0,
                             .path = is_file ? file->path : stella_sv_first(file->path, path.len)};
        return STELLA_OK;
    }
    return stella_error_set(err, STELLA_E_NOTFOUND, NULL, "not there");
}

static inline stella_status fuzz_read(stella_analysis *job, stella_sv path, stella_file *out, stella_error *err) {
    const fuzz_world *w = (const fuzz_world *)job;
    const stella_status status = fuzz_stat(job, path, out, err);
    if (status != STELLA_OK)
        return status;
    for (uint32_t i = 0; i < w->file_count; i++)
        if (stella_sv_eq(w->files[i].path, out->path)) {
            out->bytes = stella_sv_of(w->files[i].bytes, w->files[i].size);
            return STELLA_OK;
        }
    return stella_error_set(err, STELLA_E_NOTFOUND, NULL, "a directory");
}

/* The files right in a directory; names need no order for what is asked here. */
static inline int32_t fuzz_next(stella_analysis *job, stella_sv directory, stella_entries *it, stella_file *out) {
    const fuzz_world *w = (const fuzz_world *)job;
    while (it->position < w->file_count) {
        const stella_sv path = w->files[it->position++].path;
        const size_t above = directory.len ? directory.len + 1 : 0;
        if (is_in(path, directory) && path.len > above &&
            stella_sv_find(stella_sv_skip(path, above), '/') == path.len - above)
            return fuzz_stat(job, path, out, NULL) == STELLA_OK;
    }
    return 0;
}

static inline int32_t fuzz_records_next(stella_analysis *job, stella_records *it, stella_record *out) {
    (void)job, (void)it, (void)out;
    return 0;
}

static inline int32_t fuzz_owner_of(stella_analysis *job, stella_sv path, stella_owner *out) {
    (void)job, (void)path, (void)out;
    return 0;
}

static inline int32_t fuzz_cancelled(stella_analysis *job) {
    (void)job;
    return 0;
}

static inline void fuzz_note(stella_analysis *job, uint32_t severity, stella_sv path, uint32_t line,
                             stella_sv message) {
    (void)job, (void)severity, (void)path, (void)line;
    assert(message.len);
}

/* ---- what it says ---------------------------------------------------------------------------------------------------
 */

static inline void check_path(stella_sv path) {
    assert(path.len && path.ptr[0] != '/');
}

static inline stella_status fuzz_step(stella_hop *hop, const stella_launch *next, const stella_step *how,
                                      stella_error *err) {
    assert(next->arg_count && how->relation.len);
    assert(how->kind >= STELLA_STEP_RUN && how->kind <= STELLA_STEP_BACKGROUND);
    for (uint32_t i = 1; i < next->env_count; i++)
        assert(stella_sv_cmp(next->env[i - 1].name, next->env[i].name) < 0);
    if (++((fuzz_hop *)hop)->steps > STEPS_OF_ONE)
        return stella_error_set(err, STELLA_E_LIMIT, NULL, "more than %d steps", STEPS_OF_ONE);
    return STELLA_OK;
}

static inline stella_status fuzz_include(stella_hop *hop, stella_sv path, const stella_step *how, stella_error *err) {
    (void)hop, (void)how, (void)err;
    check_path(path);
    return STELLA_OK;
}

static inline stella_status fuzz_terminal(stella_hop *hop, const stella_terminal *what, stella_error *err) {
    (void)hop, (void)err;
    assert(what->type.len && what->confidence && what->confidence <= CONFIDENCE_FULL);
    if (what->main.len)
        check_path(what->main);
    return STELLA_OK;
}

static inline stella_status fuzz_uses(stella_hop *hop, stella_sv path, stella_sv how, stella_sv via,
                                      stella_error *err) {
    (void)hop, (void)via, (void)err;
    check_path(path);
    assert(how.len);
    return STELLA_OK;
}

static inline stella_status fuzz_unknown(stella_hop *hop, uint32_t reason, const stella_span *where, stella_sv detail,
                                         stella_error *err) {
    (void)hop, (void)where, (void)detail, (void)err;
    assert(reason > 0 && reason < STELLA_REASON_COUNT);
    return STELLA_OK;
}

static inline stella_status fuzz_language(stella_hop *hop, stella_sv language, stella_error *err) {
    (void)hop, (void)err;
    assert(language.len);
    return STELLA_OK;
}

/* ---- from bytes -----------------------------------------------------------------------------------------------------
 */

static inline void take_variable(fuzz_world *w, stella_sv line) {
    const size_t equals = stella_sv_find(line, '=');
    const stella_sv name = stella_sv_first(line, equals);
    if (name.len == 0 || equals == line.len || w->env_count == WORDS_MAX ||
        (w->env_count && stella_sv_cmp(w->env[w->env_count - 1].name, name) >= 0))
        return;
    w->env[w->env_count++] = (stella_variable){.name = name, .value = {.text = stella_sv_skip(line, equals + 1)}};
}

static inline void take_line(fuzz_world *w, stella_sv line) {
    const char kind = line.ptr[0];
    const stella_sv text = stella_sv_skip(line, 1);
    if (kind == '=')
        take_variable(w, text);
    else if (w->arg_count < WORDS_MAX)
        w->args[w->arg_count++] = (stella_word){.text = text,
                                                .flags = (kind == '?' || kind == '*' ? STELLA_WORD_UNKNOWN : 0) |
                                                         (kind == '*' ? STELLA_WORD_MANY : 0)};
}

static inline void take_file(fuzz_world *w, stella_sv text) {
    const size_t end = stella_sv_find(text, '\n');
    const int is_program = text.len && text.ptr[0] == '!';
    const stella_sv path = stella_sv_skip(stella_sv_first(text, end), (size_t)is_program);
    const stella_sv bytes = stella_sv_skip(text, end + 1);
    char *copy =
        path.len && path.ptr[0] != '/' && w->file_count < FILES_OF_ONE ? malloc(bytes.len ? bytes.len : 1) : NULL;
    if (!copy)
        return;
    if (bytes.len)
        memcpy(copy, bytes.ptr, bytes.len);
    w->files[w->file_count++] =
        (fuzz_file){.path = path, .bytes = copy, .size = bytes.len, .mode = is_program ? 0755 : 0644};
}

static inline void take_input(fuzz_world *w, stella_sv input) {
    stella_sv line, file;
    while (stella_sv_split(&input, '\n', &line) && line.len)
        take_line(w, line);
    while (input.len && stella_sv_split(&input, '\f', &file))
        take_file(w, file);
}

static inline void fuzz_world_fini(fuzz_world *w) {
    for (uint32_t i = 0; i < w->file_count; i++)
        free(w->files[i].bytes);
}

static inline void ask(fuzz_world *w) {
    static const stella_hop_ops ops = {.head = STELLA_HEAD(stella_hop_ops),
                                       .step = fuzz_step,
                                       .include = fuzz_include,
                                       .terminal = fuzz_terminal,
                                       .uses = fuzz_uses,
                                       .unknown = fuzz_unknown,
                                       .language = fuzz_language};
    const stella_entrytrace *tracer = stella_plugin.get_interface(STELLA_ENTRYTRACE_INTERFACE);
    const stella_launch launch = {.struct_size = sizeof launch,
                                  .args = w->args,
                                  .arg_count = w->arg_count,
                                  .env = w->env,
                                  .env_count = w->env_count,
                                  .directory = STELLA_SV("/app")};
    stella_file file = STELLA_FILE_INIT;
    stella_error err = {0};
    if (stella_launch_find(&w->view, &launch, &file, NULL, NULL) != STELLA_OK) /* the host asks about what it found */
        file = (stella_file){
            .struct_size = sizeof file, .kind = STELLA_FILE_REGULAR, .mode = 0755, .path = STELLA_SV("bin/program")};
    fuzz_hop hop = {.hop = {.head = STELLA_HEAD(stella_hop),
                            .ops = &ops,
                            .launch = &launch,
                            .file = &file,
                            .view = &w->view,
                            .run_parts_max = 64}};
    const stella_status status = tracer->resolve(NULL, &hop.hop, &err);
    assert(status == STELLA_OK || err.code == status);
}

static inline int hop_input_run(const uint8_t *data, size_t size) {
    static const stella_analysis_ops view_ops = {.head = STELLA_HEAD(stella_analysis_ops),
                                                 .records_next = fuzz_records_next,
                                                 .view_stat = fuzz_stat,
                                                 .view_read = fuzz_read,
                                                 .view_next = fuzz_next,
                                                 .owner_of = fuzz_owner_of,
                                                 .cancelled = fuzz_cancelled,
                                                 .note = fuzz_note};
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(TRACER_BYTES);
    STELLA_AUTO(fuzz_world_fini)
    fuzz_world w = {.view = {.head = STELLA_HEAD(stella_analysis), .ops = &view_ops, .arena = arena, .layer_count = 1}};
    take_input(&w, stella_sv_of((const char *)data, size));
    if (arena && w.arg_count)
        ask(&w);
    return 0;
}

#endif

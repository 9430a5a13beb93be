#include "interests.h"
#include "lock.h"
#include "places.h"

#include "common/inside.h"
#include "common/toml/toml.h"

#define INCLUDES_MAX 256 /* requirements files that others name with -r */

typedef stella_status reader(stella_analysis *job, const stella_file *file, const stella_json *tree, stella_error *err);
typedef stella_status parser(stella_sv text, stella_arena *arena, const stella_json **out, stella_error *err);

typedef struct format {
    uint32_t interest;
    parser *parse;
    reader *read;
} format;

static const format formats[] = {
    {INTEREST_POETRY_LOCK, toml_parse, poetry_read},
    {INTEREST_UV_LOCK, toml_parse, uv_read},
    {INTEREST_PDM_LOCK, toml_parse, pdm_read},
    {INTEREST_PYLOCK, toml_parse, pylock_read},
    {INTEREST_PIPFILE_LOCK, stella_json_parse, pipfile_read},
};

static stella_status read_tree(stella_analysis *job, const format *f, const stella_file *file, stella_error *err) {
    const stella_json *tree;
    stella_error why = {0};
    const stella_status status = f->parse(file->bytes, job->arena, &tree, &why);
    if (status == STELLA_E_NOMEM)
        return stella_error_at(err, status, file->path, "no memory for a lock file");
    if (status == STELLA_OK)
        return f->read(job, file, tree, err);
    stella_note(job, STELLA_NOTE_ERROR, file->path, 0, stella_sv_cstr(why.message));
    return STELLA_OK;
}

static stella_status read_format(stella_analysis *job, const format *f, stella_error *err) {
    stella_file file = STELLA_FILE_INIT;
    for (stella_files it = stella_files_of(f->interest); stella_files_next(job, &it, &file);) {
        if (inside_package(file.path))
            continue;
        const stella_status status = read_tree(job, f, &file, err);
        if (status != STELLA_OK)
            return status;
    }
    return STELLA_OK;
}

static stella_status read_requirements(stella_analysis *job, stella_error *err) {
    stella_file file = STELLA_FILE_INIT;
    uint32_t includes = INCLUDES_MAX;
    for (uint32_t i = 0; i < INTEREST_REQUIREMENTS_COUNT; i++)
        for (stella_files it = stella_files_of(INTEREST_REQUIREMENTS_FIRST + i); stella_files_next(job, &it, &file);) {
            /* a file that meets several of these interests has the lowest */
            if (inside_package(file.path) || file.interest != INTEREST_REQUIREMENTS_FIRST + i)
                continue;
            const stella_status status = requirements_read(job, &file, NULL, &includes, err);
            if (status != STELLA_OK)
                return status;
        }
    return STELLA_OK;
}

stella_status locks_read(stella_analysis *job, stella_error *err) {
    stella_status status = read_requirements(job, err);
    for (size_t i = 0; status == STELLA_OK && i < sizeof formats / sizeof formats[0]; i++)
        status = read_format(job, &formats[i], err);
    return status;
}

#include "calls.h"
#include "imports.h"
#include "script.h"
#include "search.h"

#include "entrytrace/common/options.h"

#define PYTHON_OPTIONS                                                                                                 \
    "-m=MODULE -c=CODE -W=_ -X=_ -Q=_ --check-hash-based-pycs=_ -b -B -d -E -i -I -O -P -q -s -S -t -u -v -x -R "      \
    "-h,-?,--help:ENDS --help-env:ENDS --help-xoptions:ENDS --help-all:ENDS -V,--version:ENDS"

/* Programs that load a module which their words name: "gunicorn app.wsgi:application". */
#define LOADERS                                                                                                        \
    "gunicorn uvicorn hypercorn daphne celery flask waitress-serve waitress granian streamlit fastapi dramatiq rq "    \
    "huey_consumer huey_consumer.py"
/* Programs that run the command behind them in an environment of their own. */
#define RUNNERS "ddtrace-run opentelemetry-instrument"

typedef struct python {
    stella_hop *hop;
    search search;
    uint32_t at;      /* of the first word that the program itself gets */
    stella_sv loader; /* base name of the program */
    int32_t is_isolated;
} python;

/* The module of "module:attribute" or "package.module"; empty for another word. */
static stella_sv target_of(stella_sv word) {
    const size_t colon = stella_sv_find(word, ':');
    const stella_sv module = stella_sv_first(word, colon);
    const stella_sv name = stella_sv_skip(word, colon + 1);
    const stella_sv first = stella_sv_first(name, text_span(name, ".(["));
    return search_is_module(module) && (colon == word.len || text_is_name(first)) ? module : STELLA_SV("");
}

/* What is not at hand was wished for; meanwhile other files are met that will be wanted, too. */
static stella_status later(stella_status status) {
    return status == STELLA_E_PENDING ? STELLA_OK : status;
}

/* A file that the program consists of, and what it imports. */
static stella_status use_module(python *x, stella_sv path, stella_sv via, stella_error *err) {
    const stella_sv kept = stella_arena_dup(x->hop->view->arena, path);
    const stella_status status = stella_hop_uses(x->hop, path, STELLA_SV("python-module"), via, err);
    if (status != STELLA_OK || !kept.ptr)
        return status != STELLA_OK ? status : hop_nomem(err);
    return later(imports_use(&x->search, kept, err));
}

/* One word of a loader: the file that it names, or the module. One that must be a module and is not there is told. */
static stella_status use_target(python *x, stella_sv word, stella_error *err) {
    stella_file file;
    const stella_sv module = target_of(word);
    const int found = module.len ? search_find(&x->search, module, "__init__.py", &file)
                                 : stella_sv_ends(word, STELLA_SV(".py")) && hop_is_file(x->hop, word, &file);
    if (found)
        return use_module(x, file.path, x->hop->file->path, err);
    if (module.len && stella_sv_find(word, ':') < word.len)
        return hop_unknown(x->hop, STELLA_REASON_MODULE_NOT_FOUND, word, err);
    return STELLA_OK;
}

/* "--chdir DIR", "--app-dir=DIR", "--pythonpath A,B": where the loader looks beside. */
static stella_status add_loader_directories(python *x, stella_error *err) {
    const stella_launch *l = x->hop->launch;
    stella_status status = STELLA_OK;
    for (uint32_t i = x->at; i < l->arg_count && status == STELLA_OK; i++) {
        const stella_sv word = l->args[i].text;
        const size_t equals = stella_sv_find(word, '=');
        if (!text_list_has("--chdir --app-dir --pythonpath --workdir", stella_sv_first(word, equals)))
            continue;
        const stella_sv value = equals < word.len      ? stella_sv_skip(word, equals + 1)
                                : i + 1 < l->arg_count ? l->args[i + 1].text
                                                       : STELLA_SV("");
        status = value.len ? search_add(&x->search, value, err) : STELLA_OK;
    }
    return status;
}

static stella_status use_targets(python *x, stella_error *err) {
    const stella_launch *l = x->hop->launch;
    stella_status status = add_loader_directories(x, err);
    for (uint32_t i = x->at; i < l->arg_count && status == STELLA_OK; i++) {
        stella_sv word = l->args[i].text;
        if (stella_sv_starts(word, STELLA_SV("--app=")))
            word = stella_sv_skip(word, 6);
        if (!word_is_known(&l->args[i])) {
            if (stella_sv_find(word, ':') < word.len)
                status = hop_unknown(x->hop, STELLA_REASON_DYNAMIC_REFERENCE, word, err);
        } else if (word.len && word.ptr[0] != '-') {
            status = use_target(x, word, err);
        }
    }
    const stella_sv app = launch_text(l, "FLASK_APP");
    if (status == STELLA_OK && app.len && stella_sv_eq(x->loader, STELLA_SV("flask")))
        status = use_target(x, app, err);
    return status;
}

/* What programs of well-known names do with their words. */
static stella_status follow_words(python *x, stella_sv main, stella_error *err) {
    if (text_list_has(RUNNERS, x->loader)) {
        uint32_t at = x->at;
        while (at < x->hop->launch->arg_count && stella_sv_starts(x->hop->launch->args[at].text, STELLA_SV("-")))
            at++;
        const stella_launch next = launch_from(x->hop->launch, at);
        if (next.arg_count)
            return hop_main(x->hop, &next, "wrapper", err);
    }
    stella_status status = text_list_has(LOADERS, x->loader) ? use_targets(x, err) : STELLA_OK;
    const stella_sv settings = launch_text(x->hop->launch, "DJANGO_SETTINGS_MODULE");
    if (status == STELLA_OK && settings.len && stella_sv_eq(x->loader, STELLA_SV("manage.py")))
        status = use_target(x, settings, err);
    return status == STELLA_OK ? hop_terminal(x->hop, "python", main, 95, err) : status;
}

static stella_status run_module(python *x, const stella_word *name, stella_error *err) {
    stella_file file;
    if (!word_is_known(name))
        return hop_unknown(x->hop, STELLA_REASON_DYNAMIC_REFERENCE, name->text, err);
    stella_status status = x->is_isolated ? STELLA_OK : search_add(&x->search, STELLA_SV("."), err);
    if (status == STELLA_OK && !x->is_isolated)
        status = search_add_list(&x->search, launch_text(x->hop->launch, "PYTHONPATH"), err);
    if (status == STELLA_OK)
        status = search_add_interpreter(&x->search, err);
    if (status != STELLA_OK)
        return status;
    if (!search_is_module(name->text) || !search_find(&x->search, name->text, "__main__.py", &file))
        return hop_unknown(x->hop, STELLA_REASON_MODULE_NOT_FOUND, name->text, err);
    const stella_sv main = stella_arena_dup(x->hop->view->arena, file.path);
    status = main.ptr ? use_module(x, main, x->hop->file->path, err) : hop_nomem(err);
    x->loader = name->text;
    return status == STELLA_OK ? follow_words(x, main, err) : status;
}

/* What the distribution says of the entry point: its metadata is used, and the module. */
static stella_status use_entry_at(python *x, stella_sv directory, const script_entry *entry, stella_sv via,
                                  int *is_found, stella_error *err) {
    static const char *const forms[][2] = {{"egg-info", "PKG-INFO"}, {"dist-info", "METADATA"}};
    stella_arena *arena = x->hop->view->arena;
    stella_file file;
    for (size_t i = 0; i < STELLA_COUNT(forms); i++) {
        const stella_sv folder =
            stella_arena_printf(arena, "%.*s/%.*s-%.*s.%s", STELLA_SV_FMT(directory),
                                STELLA_SV_FMT(entry->distribution), STELLA_SV_FMT(entry->version), forms[i][0]);
        const stella_sv metadata = stella_arena_printf(arena, "%.*s/%s", STELLA_SV_FMT(folder), forms[i][1]);
        const stella_sv points = stella_arena_printf(arena, "%.*s/entry_points.txt", STELLA_SV_FMT(folder));
        if (!folder.ptr || !metadata.ptr || !points.ptr)
            return hop_nomem(err);
        if (!hop_is_file(x->hop, metadata, &file))
            continue;
        *is_found = 1;
        stella_status status = stella_hop_uses(x->hop, file.path, STELLA_SV("python-metadata"), via, err);
        if (status == STELLA_OK)
            status = hop_read(x->hop, points, SCRIPT_BYTES_MAX, &file, err);
        if (status != STELLA_OK)
            return hop_survives(status) ? STELLA_OK : later(status);
        const stella_sv module = script_entry_module(file.bytes, entry);
        return module.len && search_find(&x->search, module, "__init__.py", &file) ? use_module(x, file.path, via, err)
                                                                                   : STELLA_OK;
    }
    return STELLA_OK;
}

static stella_status use_entry(python *x, const script_entry *entry, stella_sv via, stella_error *err) {
    stella_status status = STELLA_OK;
    int is_found = 0;
    for (uint32_t i = 0; i < x->search.count && !is_found && status == STELLA_OK; i++)
        status = use_entry_at(x, x->search.directories[i], entry, via, &is_found, err);
    return status;
}

/* A console script names the module that it is made of, or the entry point. */
static stella_status use_script(python *x, const stella_file *script, stella_error *err) {
    stella_file file = STELLA_FILE_INIT, module_file;
    if (script->size > SCRIPT_BYTES_MAX || !stella_sv_eq(text_base(text_directory(script->path)), STELLA_SV("bin")) ||
        stella_view_read(x->hop->view, script->path, &file, NULL) != STELLA_OK)
        return STELLA_OK;
    script_entry entry;
    const stella_sv module = script_module(file.bytes), via = stella_arena_dup(x->hop->view->arena, script->path);
    if (!via.ptr)
        return hop_nomem(err);
    if (!module.len)
        return script_entry_of(file.bytes, &entry) ? use_entry(x, &entry, via, err) : STELLA_OK;
    if (!search_find(&x->search, module, "__init__.py", &module_file))
        return hop_unknown(x->hop, STELLA_REASON_MODULE_NOT_FOUND, module, err);
    return use_module(x, module_file.path, via, err);
}

/* What the script starts by itself; where it becomes another program, that is where the way goes on. */
static stella_status follow_calls(python *x, stella_sv path, int *became, stella_error *err) {
    stella_file file = STELLA_FILE_INIT;
    *became = 0;
    if (stella_view_stat(x->hop->view, path, &file, NULL) != STELLA_OK || file.size > CALLS_FILE_BYTES_MAX)
        return STELLA_OK;
    const stella_status status = stella_view_read(x->hop->view, path, &file, err);
    if (status != STELLA_OK)
        return hop_survives(status) ? STELLA_OK : status;
    file.path = path;
    return calls_follow(x->hop, &file, x->at, became, err);
}

/* A script, or a directory or archive with a __main__.py in it. */
static stella_status run_script(python *x, const stella_word *word, stella_error *err) {
    stella_file file;
    if (!word_is_known(word))
        return hop_unknown(x->hop, STELLA_REASON_DYNAMIC_REFERENCE, word->text, err);
    stella_status status = hop_stat(x->hop, word->text, &file, err);
    if (status == STELLA_OK && file.kind == STELLA_FILE_DIRECTORY) {
        const stella_sv main = files_join(x->hop->view->arena, word->text, STELLA_SV("__main__.py"));
        if (!main.ptr)
            return hop_nomem(err);
        status = hop_stat(x->hop, main, &file, err);
    }
    if (status != STELLA_OK)
        return hop_unread(x->hop, status, word->text, err);
    const stella_sv above = stella_arena_printf(x->hop->view->arena, "/%.*s", STELLA_SV_FMT(text_directory(file.path)));
    const stella_sv main = stella_arena_dup(x->hop->view->arena, file.path);
    if (!above.ptr || !main.ptr)
        return hop_nomem(err);
    x->loader = text_base(word->text);
    status = search_add(&x->search, above, err);
    if (status == STELLA_OK && text_list_has(LOADERS, x->loader))
        status = search_add(&x->search, STELLA_SV("."), err); /* such programs look there first */
    if (status == STELLA_OK && !x->is_isolated)
        status = search_add_list(&x->search, launch_text(x->hop->launch, "PYTHONPATH"), err);
    if (status == STELLA_OK)
        status = search_add_interpreter(&x->search, err);
    if (status == STELLA_OK)
        status = use_script(x, &file, err);
    if (status == STELLA_OK)
        status = later(imports_use(&x->search, main, err));
    int became = 0;
    if (status == STELLA_OK)
        status = later(follow_calls(x, main, &became, err));
    return status == STELLA_OK && !became ? follow_words(x, main, err) : status;
}

static stella_status resolve_options(python *x, stella_error *err) {
    const stella_launch *l = x->hop->launch;
    options o = options_of(PYTHON_OPTIONS, l);
    option found = {0};
    for (options_result result; (result = options_next(&o, &found)) != OPTIONS_END;) {
        x->at = o.at;
        if (result == OPTIONS_DYNAMIC) {
            const stella_status status =
                hop_unknown(x->hop, STELLA_REASON_DYNAMIC_REFERENCE, l->args[o.at++].text, err);
            if (status != STELLA_OK)
                return status;
        } else if (result == OPTIONS_STRANGE) {
            return hop_unknown(x->hop, STELLA_REASON_UNSUPPORTED_SYNTAX, found.name, err);
        } else if (stella_sv_eq(found.meaning, STELLA_SV("MODULE"))) {
            return run_module(x, &found.value, err);
        } else if (stella_sv_eq(found.meaning, STELLA_SV("CODE"))) {
            return hop_terminal(x->hop, "python", STELLA_SV(""), 70, err); /* what it imports is not followed */
        } else if (stella_sv_eq(found.meaning, STELLA_SV("ENDS"))) {
            return STELLA_OK;
        }
        x->is_isolated |= option_is(&found, "-I") || option_is(&found, "-E");
    }
    x->at = o.at + 1;
    if (o.at >= l->arg_count || stella_sv_eq(l->args[o.at].text, STELLA_SV("-")))
        return hop_terminal(x->hop, "python", STELLA_SV(""), 60, err); /* reads its program from the terminal */
    return run_script(x, &l->args[o.at], err);
}

static stella_status resolve(void *self, stella_hop *hop, stella_error *err) {
    (void)self;
    python *x = stella_arena_alloc(hop->view->arena, 1, sizeof *x);
    if (!x)
        return hop_nomem(err);
    if (hop->file->type == STELLA_TYPE_SCRIPT)
        return hop_shebang(hop, err);
    x->hop = x->search.hop = hop;
    stella_status status = stella_hop_language(hop, STELLA_SV("python"), err);
    if (status == STELLA_OK)
        status = search_use_startup(hop, err);
    return status == STELLA_OK ? resolve_options(x, err) : status;
}

static const char *const programs[] = {"python*", "pypy*", NULL};

STELLA_ENTRYTRACE("org.stella-ops.entrytrace.python", "0.1.0", programs, .resolve = resolve);

#include "modinfo.h"

static const stella_sv devel = STELLA_SV_INIT("(devel)");

/* The fields of a line behind its first word: path, version, sum. */
static go_module take_module(stella_sv fields) {
    go_module module = {0};
    (void)stella_sv_split(&fields, '\t', &module.path);
    (void)stella_sv_split(&fields, '\t', &module.version);
    (void)stella_sv_split(&fields, '\t', &module.sum);
    if (stella_sv_eq(module.version, devel)) {
        module.is_devel = 1;
        module.version = (stella_sv){0};
    }
    return module;
}

static int is_folder(stella_sv path) {
    return stella_sv_starts(path, STELLA_SV(".")) || stella_sv_starts(path, STELLA_SV("/")) ||
           (path.len > 2 && path.ptr[1] == ':');
}

static void replace(go_module *module, stella_sv fields) {
    const go_module by = take_module(fields);
    if (is_folder(by.path)) {
        module->folder = by.path;
        module->version = module->sum = (stella_sv){0};
        return;
    }
    module->replaced_path = module->path;
    module->replaced_version = module->version;
    module->path = by.path;
    module->version = by.version;
    module->sum = by.sum;
}

/* A Go string literal without its quotes; text that has none is as it is. ptr NULL when the budget is spent. */
static stella_sv unquote(stella_sv text, stella_arena *arena) {
    if (text.len < 2 || (text.ptr[0] != '"' && text.ptr[0] != '`') || text.ptr[text.len - 1] != text.ptr[0])
        return text;
    const stella_sv inner = stella_sv_of(text.ptr + 1, text.len - 2);
    if (text.ptr[0] == '`' || stella_sv_find(inner, '\\') == inner.len)
        return inner;
    char *out = stella_arena_alloc(arena, inner.len, 1);
    size_t len = 0;
    if (!out)
        return (stella_sv){0};
    for (size_t i = 0; i < inner.len; i++) { /* of escapes only those that a command line needs */
        const int is_escape = inner.ptr[i] == '\\' && i + 1 < inner.len;
        const char letter = is_escape ? inner.ptr[++i] : inner.ptr[i];
        out[len++] = is_escape && letter == 'n' ? '\n' : is_escape && letter == 't' ? '\t' : letter;
    }
    return stella_sv_of(out, len);
}

typedef struct parser {
    stella_arena *arena;
    go_module *modules;
    go_setting *settings;
    go_module *last; /* what the next "=>" replaces */
    modinfo info;
} parser;

static stella_status take_setting(parser *p, stella_sv text, stella_error *err) {
    stella_sv key;
    if (!stella_sv_split(&text, '=', &key))
        return STELLA_OK;
    const go_setting setting = {.key = unquote(key, p->arena), .value = unquote(text, p->arena)};
    if ((key.len && !setting.key.ptr) || (text.len && !setting.value.ptr))
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for build settings");
    p->settings[p->info.setting_count++] = setting;
    return STELLA_OK;
}

static stella_status take_line(parser *p, stella_sv line, stella_error *err) {
    stella_sv word;
    (void)stella_sv_split(&line, '\t', &word);
    if (stella_sv_eq(word, STELLA_SV("path"))) {
        p->info.package = line;
    } else if (stella_sv_eq(word, STELLA_SV("mod"))) {
        p->info.main = take_module(line);
        p->last = &p->info.main;
    } else if (stella_sv_eq(word, STELLA_SV("dep"))) {
        p->last = &p->modules[p->info.module_count++];
        *p->last = take_module(line);
    } else if (stella_sv_eq(word, STELLA_SV("=>")) && p->last) {
        replace(p->last, line);
        p->last = NULL;
    } else if (stella_sv_eq(word, STELLA_SV("build"))) {
        return take_setting(p, line, err);
    }
    return STELLA_OK;
}

static stella_status make_room(parser *p, stella_sv text, stella_error *err) {
    uint32_t modules = 0, settings = 0;
    stella_sv line;
    while (stella_sv_split(&text, '\n', &line)) {
        modules += stella_sv_starts(line, STELLA_SV("dep\t"));
        settings += stella_sv_starts(line, STELLA_SV("build\t"));
    }
    if (modules > MODINFO_MODULES_MAX || settings > MODINFO_SETTINGS_MAX)
        return stella_error_set(err, STELLA_E_LIMIT, NULL, "a Go program of %u modules and %u build settings", modules,
                                settings);
    p->modules = stella_arena_alloc(p->arena, modules + 1, sizeof *p->modules);
    p->settings = stella_arena_alloc(p->arena, settings + 1, sizeof *p->settings);
    return p->modules && p->settings ? STELLA_OK : stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for modules");
}

/* "go build x.go" does not know the module that the file is in as the main one, but lists it. */
static void settle_main(parser *p) {
    if (p->info.main.path.len || !stella_sv_eq(p->info.package, STELLA_SV("command-line-arguments")))
        return;
    for (uint32_t i = 0; i < p->info.module_count; i++)
        if (p->modules[i].is_devel && p->modules[i].replaced_path.len == 0) {
            p->info.main = p->modules[i];
            memmove(p->modules + i, p->modules + i + 1, (p->info.module_count - i - 1) * sizeof *p->modules);
            p->info.module_count--;
            return;
        }
}

stella_status modinfo_parse(stella_sv text, stella_arena *arena, modinfo *out, stella_error *err) {
    parser p = {.arena = arena};
    stella_sv line;
    stella_status status = make_room(&p, text, err);
    while (status == STELLA_OK && stella_sv_split(&text, '\n', &line))
        if (stella_sv_find(line, '\t') < line.len)
            status = take_line(&p, line, err);
    if (status != STELLA_OK)
        return status;
    settle_main(&p);
    p.info.modules = p.modules;
    p.info.settings = p.settings;
    *out = p.info;
    return STELLA_OK;
}

stella_sv modinfo_setting(const modinfo *info, stella_sv key) {
    for (uint32_t i = 0; i < info->setting_count; i++)
        if (stella_sv_eq(info->settings[i].key, key))
            return info->settings[i].value;
    return (stella_sv){0};
}

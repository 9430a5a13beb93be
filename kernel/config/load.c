/* load.c - files to checked values, by way of libconfig. */
#include "config/values.h"

#include <stella/auto.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libconfig.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_BYTES_MAX 256u
#define DEPTH_MAX      8u

typedef struct loading {
    conf *made;
    const conf_source *source;
    const char *file;
    uint32_t problems;
    stella_error first;
} loading;

static void complain(loading *l, int line, const char *format, ...) STELLA_PRINTF(3, 4);
static void complain(loading *l, int line, const char *format, ...) {
    char text[sizeof l->first.message], where[sizeof l->first.path];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (line > 0)
        snprintf(where, sizeof where, "%s:%d", l->file, line);
    else
        snprintf(where, sizeof where, "%s", l->file);
    stella_error error;
    stella_error_set(&error, STELLA_E_FORMAT, where, "%s", text);
    if (l->problems++ == 0)
        l->first = error;
    if (l->source->problem)
        l->source->problem(l->source->context, &error);
}

static void complain_value(loading *l, int line, conf_key key) {
    char expected[128];
    conf_key_expected(key, expected, sizeof expected);
    complain(l, line, "%s: expected %s", conf_table[key].path, expected);
}

static int set_choice(conf_value *value, conf_key key, const char *text) {
    for (int i = 0; i < CONF_CHOICES_MAX && conf_table[key].choices[i]; i++)
        if (strcmp(conf_table[key].choices[i], text) == 0) {
            value->number = i;
            value->text = conf_table[key].choices[i];
            return 1;
        }
    return 0;
}

static int set_text(loading *l, conf_value *value, conf_key key, const char *text) {
    const conf_type type = conf_table[key].type;
    if (type == CONF_CHOICE)
        return set_choice(value, key, text);
    if (type == CONF_PATH && text[0] != '/')
        return 0;
    value->text = stella_arena_cstr(l->made->arena, stella_sv_cstr(text));
    return value->text != NULL;
}

static int set_number(conf_value *value, conf_key key, int64_t number) {
    if (number < conf_table[key].min || number > conf_table[key].max)
        return 0;
    value->number = number;
    return 1;
}

static int set_list(loading *l, conf_value *value, const config_setting_t *setting) {
    const int count = config_setting_length(setting);
    if (count > (int)CONF_LIST_MAX)
        return 0;
    const char **items = stella_arena_alloc(l->made->arena, (uint64_t)count, sizeof *items);
    for (int i = 0; items && i < count; i++) {
        const char *text = config_setting_get_string_elem(setting, i);
        items[i] = text && text[0] == '/' ? stella_arena_cstr(l->made->arena, stella_sv_cstr(text)) : NULL;
        if (!items[i])
            return 0;
    }
    value->items = items;
    value->item_count = (uint32_t)count;
    return items != NULL;
}

static int is_number(const config_setting_t *setting) {
    const int type = config_setting_type(setting);
    return type == CONFIG_TYPE_INT || type == CONFIG_TYPE_INT64;
}

static int set_from(loading *l, conf_value *value, conf_key key, const config_setting_t *setting) {
    switch (conf_table[key].type) {
    case CONF_NUMBER:
        return is_number(setting) && set_number(value, key, config_setting_get_int64(setting));
    case CONF_SWITCH:
        value->number = config_setting_get_bool(setting);
        return config_setting_type(setting) == CONFIG_TYPE_BOOL;
    case CONF_TEXT:
    case CONF_PATH:
    case CONF_CHOICE:
        return config_setting_type(setting) == CONFIG_TYPE_STRING &&
               set_text(l, value, key, config_setting_get_string(setting));
    case CONF_LIST:
        return (config_setting_is_list(setting) || config_setting_is_array(setting)) && set_list(l, value, setting);
    }
    return 0;
}

static void take_value(loading *l, const char *path, const config_setting_t *setting) {
    const int line = (int)config_setting_source_line(setting);
    conf_key key;
    if (!conf_key_find(stella_sv_cstr(path), &key)) {
        const char *near = conf_key_nearest(stella_sv_cstr(path));
        complain(l, line, "%s: there is no such key%s%s%s", path, near ? "; did you mean " : "", near ? near : "",
                 near ? "?" : "");
        return;
    }
    conf_value value = l->made->values[key];
    if (!set_from(l, &value, key, setting)) {
        complain_value(l, line, key);
        return;
    }
    value.origin = stella_arena_printf(l->made->arena, "%s:%d", l->file, line).ptr;
    if (!value.origin)
        complain(l, line, "the configuration is larger than %u bytes", CONF_FILE_BYTES_MAX);
    else if (!value.is_final)
        l->made->values[key] = value;
}

static void take_group(loading *l, const char *prefix, const config_setting_t *group, uint32_t depth) {
    for (int i = 0; i < config_setting_length(group); i++) {
        const config_setting_t *setting = config_setting_get_elem(group, (unsigned)i);
        char path[PATH_BYTES_MAX];
        snprintf(path, sizeof path, "%s%s%s", prefix, prefix[0] ? "." : "", config_setting_name(setting));
        const int is_group = config_setting_is_group(setting);
        if (is_group && depth < DEPTH_MAX && conf_group_is_known(stella_sv_cstr(path)))
            take_group(l, path, setting, depth + 1);
        else
            take_value(l, path, setting);
    }
}

/* libconfig ends a text at its NUL and follows @include: neither is for us. */
static int has_include(stella_sv content) {
    for (stella_sv line; stella_sv_split(&content, '\n', &line);)
        if (stella_sv_starts(stella_sv_trim(line), STELLA_SV("@include")))
            return 1;
    return 0;
}

static void parse(loading *l, stella_sv content) {
    if (stella_sv_find(content, '\0') != content.len) {
        complain(l, 0, "the file holds a NUL byte");
        return;
    }
    if (has_include(content)) {
        complain(l, 0, "@include is not supported; put the file into conf.d");
        return;
    }
    char *text = stella_arena_cstr(l->made->arena, content);
    if (!text) {
        complain(l, 0, "the configuration is larger than %u bytes", CONF_FILE_BYTES_MAX);
        return;
    }
    config_t parsed;
    config_init(&parsed);
    if (config_read_string(&parsed, text) == CONFIG_TRUE)
        take_group(l, "", config_root_setting(&parsed), 0);
    else
        complain(l, config_error_line(&parsed), "%s", config_error_text(&parsed));
    config_destroy(&parsed);
}

static stella_status read_file(const char *path, stella_buf *content, stella_error *err) {
    STELLA_AUTO(stella_fd_closep) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0)
        return stella_error_set(err, errno == ENOENT ? STELLA_E_NOTFOUND : STELLA_E_IO, path, "open: %s",
                                strerror(errno));
    struct stat st;
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
        return stella_error_set(err, STELLA_E_IO, path, "it is not a regular file");
    char piece[4096];
    for (;;) {
        const ssize_t got = read(fd, piece, sizeof piece);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return stella_error_set(err, STELLA_E_IO, path, "read: %s", strerror(errno));
        if (got == 0)
            return STELLA_OK;
        if (stella_buf_add(content, stella_sv_of(piece, (size_t)got)) != STELLA_OK)
            return stella_error_set(err, STELLA_E_LIMIT, path, "a configuration file has at most %u bytes",
                                    CONF_FILE_BYTES_MAX);
    }
}

static stella_status load_file(loading *l, const char *path, int is_required, stella_error *err) {
    STELLA_AUTO(stella_buf_fini) stella_buf content = stella_buf_of(CONF_FILE_BYTES_MAX);
    const stella_status status = read_file(path, &content, err);
    if (status == STELLA_E_NOTFOUND && !is_required)
        return STELLA_OK;
    if (status != STELLA_OK)
        return status;
    l->file = path;
    parse(l, stella_buf_sv(&content));
    return STELLA_OK;
}

static int ends_in_conf(const struct dirent *entry) {
    return entry->d_name[0] != '.' && stella_sv_ends(stella_sv_cstr(entry->d_name), STELLA_SV(".conf"));
}

static int by_bytes(const struct dirent **a, const struct dirent **b) {
    return strcmp((*a)->d_name, (*b)->d_name);
}

static stella_status load_dir(loading *l, const char *dir, stella_error *err) {
    struct dirent **names = NULL;
    const int count = scandir(dir, &names, ends_in_conf, by_bytes);
    if (count < 0)
        return errno == ENOENT ? STELLA_OK : stella_error_set(err, STELLA_E_IO, dir, "read: %s", strerror(errno));
    stella_status status = STELLA_OK;
    for (int i = 0; i < count; i++) {
        const stella_sv path = stella_arena_printf(l->made->arena, "%s/%s", dir, names[i]->d_name);
        if (status == STELLA_OK)
            status =
                path.ptr ? load_file(l, path.ptr, 1, err) : stella_error_set(err, STELLA_E_NOMEM, dir, "no memory");
        free(names[i]);
    }
    free(names);
    return status;
}

static int set_written(loading *l, conf_value *value, conf_key key, const char *text) {
    switch (conf_table[key].type) {
    case CONF_NUMBER:
        return set_number(value, key, strtoll(text, NULL, 10));
    case CONF_SWITCH:
        value->number = strcmp(text, "true") == 0;
        return 1;
    case CONF_TEXT:
    case CONF_PATH:
    case CONF_CHOICE:
        return set_text(l, value, key, text);
    case CONF_LIST: {
        const char **items = stella_arena_alloc(l->made->arena, 1, sizeof *items);
        if (!items)
            return 0;
        items[0] = stella_arena_cstr(l->made->arena, stella_sv_cstr(text));
        value->items = items;
        value->item_count = 1;
        return items[0] != NULL;
    }
    }
    return 0;
}

static void set_presets(loading *l) {
    for (int key = 0; key < CONF_KEY_COUNT; key++) {
        conf_value *value = &l->made->values[key];
        *value = (conf_value){.text = "", .origin = "default"};
        const conf_type type = conf_table[key].type;
        if (type != CONF_PATH && type != CONF_LIST)
            set_written(l, value, (conf_key)key, conf_table[key].fallback);
    }
    l->file = "built-in defaults";
    for (uint32_t i = 0; i < l->source->preset_count; i++) {
        const conf_preset *preset = &l->source->presets[i];
        conf_value *value = &l->made->values[preset->key];
        l->file = preset->origin;
        if (!set_written(l, value, preset->key, preset->text))
            complain_value(l, 0, preset->key);
        value->origin = preset->origin;
        value->is_final = preset->is_final;
    }
}

static conf *conf_create(void) {
    conf *made = calloc(1, sizeof *made);
    if (!made)
        return NULL;
    made->arena = stella_arena_create(8u * CONF_FILE_BYTES_MAX);
    if (!made->arena) {
        free(made);
        return NULL;
    }
    return made;
}

static stella_status finish(loading *l, stella_error *err) {
    if (l->problems == 0)
        return STELLA_OK;
    if (err)
        *err = l->first;
    return STELLA_E_FORMAT;
}

stella_status conf_load(const conf_source *source, conf **out, stella_error *err) {
    STELLA_AUTO(conf_destroyp) conf *made = conf_create();
    if (!made)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory");
    loading l = {.made = made, .source = source};
    set_presets(&l);
    stella_status status = source->file ? load_file(&l, source->file, source->file_required, err) : STELLA_OK;
    if (status == STELLA_OK && source->dir)
        status = load_dir(&l, source->dir, err);
    if (status == STELLA_OK)
        status = finish(&l, err);
    if (status == STELLA_OK)
        *out = STELLA_TAKE(made);
    return status;
}

stella_status conf_parse(stella_sv content, const char *name, conf **out, stella_error *err) {
    STELLA_AUTO(conf_destroyp) conf *made = conf_create();
    if (!made)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory");
    const conf_source none = {.file = NULL};
    loading l = {.made = made, .source = &none};
    set_presets(&l);
    l.file = name;
    parse(&l, content);
    const stella_status status = finish(&l, err);
    if (status == STELLA_OK)
        *out = STELLA_TAKE(made);
    return status;
}

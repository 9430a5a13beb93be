/* plugin_new.c - `stella plugin new KIND NAME`: a copy of the SDK's template with the names filled in. */
#include "cli/verbs.h"

#include <stella/auto.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME_MAX_BYTES 40
#define ID_MAX_BYTES   127
#define FILE_MAX_BYTES (256u << 10)
#define DEPTH_MAX      8

/* What is put for @NAME@ and @ID@. */
typedef struct filling {
    const char *name, *id;
} filling;

/* Begins with a letter and has nothing but the allowed bytes. */
static int consists_of(const char *text, size_t max, const char *allowed) {
    const size_t len = strlen(text);
    return len <= max && text[0] >= 'a' && text[0] <= 'z' && strspn(text, allowed) == len;
}

static stella_status fill(stella_sv text, const filling *with, stella_buf *out) {
    while (text.len) {
        const size_t at = stella_sv_find(text, '@');
        stella_buf_add(out, stella_sv_first(text, at));
        text = stella_sv_skip(text, at);
        const char *value = stella_sv_starts(text, STELLA_SV("@NAME@")) ? with->name
                            : stella_sv_starts(text, STELLA_SV("@ID@")) ? with->id
                                                                        : NULL;
        stella_buf_add(out, value ? stella_sv_cstr(value) : stella_sv_first(text, 1));
        text = stella_sv_skip(text, !value ? 1 : value == with->name ? strlen("@NAME@") : strlen("@ID@"));
    }
    return out->failed ? STELLA_E_LIMIT : STELLA_OK;
}

static stella_status io_error(stella_error *err, const char *what, const char *path) {
    return stella_error_set(err, errno == EEXIST ? STELLA_E_EXISTS : STELLA_E_IO, path, "%s: %s", what,
                            strerror(errno));
}

static stella_status read_file(int dir_fd, const char *name, stella_buf *out, stella_error *err) {
    STELLA_AUTO(stella_fd_closep) int fd = openat(dir_fd, name, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return io_error(err, "open", name);
    char chunk[4096];
    ssize_t got;
    while ((got = read(fd, chunk, sizeof chunk)) > 0)
        if (stella_buf_add(out, stella_sv_of(chunk, (size_t)got)) != STELLA_OK)
            return stella_error_set(err, STELLA_E_LIMIT, name, "a template is at most %zu bytes", out->max);
    return got < 0 ? io_error(err, "read", name) : STELLA_OK;
}

static stella_status copy_file(int from_fd, const char *name, int to_fd, const char *new_name, const filling *with,
                               stella_error *err) {
    STELLA_AUTO(stella_buf_fini) stella_buf content = stella_buf_of(FILE_MAX_BYTES);
    STELLA_AUTO(stella_buf_fini) stella_buf filled = stella_buf_of(FILE_MAX_BYTES);
    const stella_status status = read_file(from_fd, name, &content, err);
    if (status != STELLA_OK)
        return status;
    if (fill(stella_buf_sv(&content), with, &filled) != STELLA_OK)
        return stella_error_set(err, STELLA_E_LIMIT, name, "too long with the names filled in");
    STELLA_AUTO(stella_fd_closep) int fd = openat(to_fd, new_name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (fd < 0)
        return io_error(err, "create", new_name);
    const stella_sink sink = stella_fd_sink(&fd);
    return stella_sink_write(&sink, stella_buf_sv(&filled), err);
}

static stella_status copy_folder(int from_fd, int to_fd, const filling *with, int depth, stella_error *err);

static stella_status copy_entry(int from_fd, const char *name, int to_fd, const filling *with, int depth,
                                stella_error *err) {
    STELLA_AUTO(stella_buf_fini) stella_buf new_name = stella_buf_of(255);
    const char *visible = strcmp(name, "gitignore") == 0 ? ".gitignore" : name;
    if (fill(stella_sv_cstr(visible), with, &new_name) != STELLA_OK)
        return stella_error_set(err, STELLA_E_LIMIT, name, "the name is too long");
    struct stat st;
    if (fstatat(from_fd, name, &st, 0) < 0)
        return io_error(err, "stat", name);
    if (!S_ISDIR(st.st_mode))
        return copy_file(from_fd, name, to_fd, new_name.ptr, with, err);
    if (mkdirat(to_fd, new_name.ptr, 0755) < 0)
        return io_error(err, "mkdir", new_name.ptr);
    STELLA_AUTO(stella_fd_closep) int from = openat(from_fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    STELLA_AUTO(stella_fd_closep) int to = openat(to_fd, new_name.ptr, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (from < 0 || to < 0)
        return io_error(err, "open", name);
    return copy_folder(from, to, with, depth + 1, err);
}

static stella_status copy_folder(int from_fd, int to_fd, const filling *with, int depth, stella_error *err) {
    if (depth > DEPTH_MAX)
        return stella_error_set(err, STELLA_E_LIMIT, NULL, "a template is at most %d folders deep", DEPTH_MAX);
    const int listed = openat(from_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    STELLA_AUTO(stella_dir_closep) DIR *dir = listed < 0 ? NULL : fdopendir(listed);
    if (!dir)
        return io_error(err, "open", "template");
    stella_status status = STELLA_OK;
    for (const struct dirent *entry; status == STELLA_OK && (entry = readdir(dir));)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            status = copy_entry(from_fd, entry->d_name, to_fd, with, depth, err);
    return status;
}

/* The template of a kind, in <prefix>/share/stella/template/. */
static stella_status open_template(const cli_context *cli, const char *kind, int *out, stella_error *err) {
    const stella_sv path = stella_arena_printf(cli->arena, "%s/share/stella/template/%s", cli->paths.prefix, kind);
    *out = path.ptr ? open(path.ptr, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    return *out >= 0 ? STELLA_OK
                     : stella_error_set(err, STELLA_E_NOTFOUND, path.ptr,
                                        "no template for '%s': the SDK is not installed, or knows other kinds", kind);
}

static stella_status create(const cli_context *cli, const char *kind, const char *dir, const filling *with,
                            stella_error *err) {
    STELLA_AUTO(stella_fd_closep) int from = -1;
    const stella_status status = open_template(cli, kind, &from, err);
    if (status != STELLA_OK)
        return status;
    if (mkdir(dir, 0755) < 0)
        return io_error(err, "mkdir", dir);
    STELLA_AUTO(stella_fd_closep) int to = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return to < 0 ? io_error(err, "open", dir) : copy_folder(from, to, with, 0, err);
}

static int run(cli_context *cli, const cli_args *args) {
    const char *kind = args->words[0], *name = args->words[1];
    const char *dir = cli_given(args, "dir") ? cli_value(args, "dir") : name;
    const char *id = cli_value(args, "id");
    if (!consists_of(name, NAME_MAX_BYTES, "abcdefghijklmnopqrstuvwxyz0123456789-"))
        return cli_usage(cli, &cli_verb_plugin_new, "NAME is a-z, 0-9 and -, begins with a letter, at most %d bytes",
                         NAME_MAX_BYTES);
    if (!id)
        id = stella_arena_printf(cli->arena, "org.example.%s.%s", kind, name).ptr;
    if (!id || !consists_of(id, ID_MAX_BYTES, "abcdefghijklmnopqrstuvwxyz0123456789-.") || !strchr(id, '.'))
        return cli_usage(cli, &cli_verb_plugin_new, "the id is your domain in reverse and a name: org.example.%s",
                         name);
    stella_error err = {0};
    const filling with = {.name = name, .id = id};
    if (create(cli, kind, dir, &with, &err) != STELLA_OK)
        return cli_fail(cli, err.code == STELLA_E_NOTFOUND || err.code == STELLA_E_EXISTS ? CLI_USAGE : CLI_FAILED,
                        &err);
    fprintf(cli->out, "%s: an %s, id %s. Next:  cd %s && make test\n", dir, kind, id, dir);
    return CLI_DONE;
}

static const cli_option options[] = {
    {.name = "id", .value = "ID", .help = "Reverse domain name of the plugin (org.example.KIND.NAME)"},
    {.name = "dir", .value = "DIR", .help = "Folder to create (NAME)"},
    {0},
};

static const cli_example examples[] = {
    {"stella plugin new analyzer acme", "A folder acme/ that builds, passes its test and can be signed."},
    {"stella plugin new analyzer acme --id com.acme.analyzer.pkg", "With an id of your own domain."},
    {0},
};

static const cli_exit exits[] = {
    {CLI_DONE, "done"},
    {CLI_USAGE, "a name is not allowed, the folder exists, or the SDK is not installed"},
    {CLI_FAILED, "the folder could not be written"},
    {0},
};

const cli_verb cli_verb_plugin_new = {
    .name = "plugin new",
    .summary = "begin a plugin of your own",
    .arguments = "KIND NAME",
    .words_min = 2,
    .words_max = 2,
    .description =
        "Writes a folder with a plugin that builds against the installed SDK alone, its manifest, Makefile and a "
        "test. KIND is the kind of plugin: analyzer.",
    .options = options,
    .examples = examples,
    .exits = exits,
    .run = run,
};

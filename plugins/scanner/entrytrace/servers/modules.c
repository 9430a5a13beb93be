#include "modules.h"

typedef struct kind {
    const char *type;
    modules_next next;
    const char *configs; /* where it looks when no word names one; words between blanks */
    const char *roots;   /* that distributions build in */
    const char *ahead;   /* directories, beside the configuration, whose files it will include: all are read at once */
} kind;

static const kind kinds[] = {
    {"nginx", modules_next_nginx,
     "/etc/nginx/nginx.conf /usr/local/nginx/conf/nginx.conf /usr/local/openresty/nginx/conf/nginx.conf "
     "/opt/bitnami/nginx/conf/nginx.conf",
     "/usr/share/nginx /etc/nginx /usr/lib/nginx /usr/lib64/nginx /usr/local/nginx /usr/local/openresty/nginx "
     "/opt/bitnami/nginx",
     "/etc/nginx/modules-enabled /etc/nginx/modules /usr/share/nginx/modules"},
    {"apache", modules_next_apache,
     "/etc/apache2/apache2.conf /usr/local/apache2/conf/httpd.conf /etc/httpd/conf/httpd.conf /etc/apache2/httpd.conf "
     "/opt/bitnami/apache2/conf/httpd.conf",
     "/etc/apache2 /usr/local/apache2 /etc/httpd /var/www /usr /opt/bitnami/apache2",
     "/etc/apache2/mods-enabled /etc/httpd/conf.modules.d /etc/apache2/conf.d"},
};

typedef struct modules {
    stella_hop *hop;
    const kind *kind;
    const modules_words *words;
    stella_sv above; /* the directory of the configuration, absolute */
    stella_sv root;  /* that it states */
    stella_sv todo[MODULES_FILES_MAX];
    uint32_t count; /* of todo: files of configuration, each once, absolute */
    int is_pending;
} modules;

static stella_sv absolute(const modules *m, stella_sv path) {
    return stella_arena_printf(m->hop->view->arena, "/%.*s", STELLA_SV_FMT(path));
}

static stella_status add_file(modules *m, stella_sv path, stella_error *err) {
    stella_file file;
    if (m->count == MODULES_FILES_MAX || !hop_is_file(m->hop, path, &file))
        return STELLA_OK;
    const stella_sv found = absolute(m, file.path);
    if (!found.ptr)
        return hop_nomem(err);
    for (uint32_t i = 0; i < m->count; i++)
        if (stella_sv_eq(m->todo[i], found))
            return STELLA_OK;
    m->todo[m->count++] = found;
    return STELLA_OK;
}

/* A pattern: '*' and its like in the last part, as configurations have it. nginx sees it from the configuration's folder,
 * Apache from its root. */
static stella_status include(modules *m, stella_sv pattern, stella_error *err) {
    stella_arena *arena = m->hop->view->arena;
    const int is_root = m->kind->next == modules_next_apache && m->root.len;
    const stella_sv path = stella_launch_path(arena, is_root ? m->root : m->above, pattern);
    files found;
    if (!path.ptr)
        return hop_nomem(err);
    if (text_span(text_base(path), "*?[") == text_base(path).len) {
        const stella_sv one = absolute(m, path);
        return one.ptr ? add_file(m, one, err) : hop_nomem(err);
    }
    stella_status status = files_matching(m->hop, text_directory(path), text_base(path), &found, err);
    for (uint32_t i = 0; status == STELLA_OK && i < found.count; i++) {
        const stella_sv one = absolute(m, found.paths[i]);
        status = one.ptr ? add_file(m, one, err) : hop_nomem(err);
    }
    return status;
}

/* A module's file; of a relative one, where it is: which root was built in is not known. */
static stella_status load(modules *m, stella_sv name, stella_sv via, stella_error *err) {
    stella_sv roots = stella_sv_cstr(m->kind->roots), root = m->words->root.len ? m->words->root : m->root;
    stella_file file;
    do {
        const stella_sv path = stella_launch_path(m->hop->view->arena, root.len ? root : STELLA_SV("/"), name);
        const stella_sv full = path.ptr ? absolute(m, path) : path;
        if (!full.ptr)
            return hop_nomem(err);
        if (hop_is_file(m->hop, full, &file))
            return stella_hop_uses(m->hop, file.path, STELLA_SV("module"), via, err);
    } while (!stella_sv_starts(name, STELLA_SV("/")) && text_word(&roots, &root));
    return STELLA_OK;
}

static stella_status follow(modules *m, stella_sv text, stella_sv via, stella_error *err) {
    modules_statement statement;
    stella_status status = STELLA_OK;
    for (uint32_t depth = 0; status == STELLA_OK && m->kind->next(&text, &depth, &statement);) {
        if (statement.kind == MODULES_LOAD)
            status = load(m, statement.text, via, err);
        else if (statement.kind == MODULES_INCLUDE)
            status = include(m, statement.text, err);
        else
            m->root = statement.text;
    }
    return status;
}

static stella_status read_file(modules *m, stella_sv path, stella_error *err) {
    stella_file file;
    const stella_sv via = stella_sv_skip(path, 1);
    const int is_stated = m->words->config.len && stella_sv_eq(path, m->todo[0]);
    stella_status status =
        is_stated ? STELLA_OK : stella_hop_uses(m->hop, via, STELLA_SV("configuration"), m->hop->file->path, err);
    if (status != STELLA_OK)
        return status;
    status = hop_read(m->hop, path, MODULES_FILE_MAX, &file, err);
    m->is_pending |= status == STELLA_E_PENDING;
    if (status == STELLA_OK)
        return follow(m, file.bytes, via, err);
    return status == STELLA_E_PENDING || hop_survives(status) ? STELLA_OK : status;
}

/* Reading a layer again is dear: what the configuration is bound to include is asked for together with it. */
static stella_status read_ahead(modules *m, stella_error *err) {
    stella_sv directories = stella_sv_cstr(m->kind->ahead), directory;
    stella_file file;
    files found;
    while (text_word(&directories, &directory)) {
        const stella_status status = files_matching(m->hop, stella_sv_skip(directory, 1), STELLA_SV("*"), &found, err);
        if (status != STELLA_OK)
            return status;
        for (uint32_t i = 0; i < found.count && i < MODULES_FILES_MAX; i++) {
            const stella_sv path = absolute(m, found.paths[i]);
            if (!path.ptr)
                return hop_nomem(err);
            if (stella_sv_ends(path, STELLA_SV(".conf")) || stella_sv_ends(path, STELLA_SV(".load")))
                (void)hop_read(m->hop, path, MODULES_FILE_MAX, &file, NULL);
        }
    }
    return STELLA_OK;
}

static stella_status find_config(modules *m, stella_error *err) {
    stella_sv places = stella_sv_cstr(m->kind->configs), place = m->words->config;
    stella_status status = STELLA_OK;
    if (place.len)
        return add_file(m, place, err);
    while (status == STELLA_OK && !m->count && text_word(&places, &place))
        status = add_file(m, place, err);
    return status;
}

static stella_status use_all(modules *m, stella_error *err) {
    stella_status status = follow(m, m->words->directives, STELLA_SV(""), err);
    if (status == STELLA_OK)
        status = find_config(m, err);
    if (status != STELLA_OK || !m->count)
        return status;
    m->above = text_directory(m->todo[0]);
    for (uint32_t i = 0; i < m->count && status == STELLA_OK; i++)
        status = read_file(m, m->todo[i], err);
    if (status == STELLA_OK && m->is_pending)
        status = read_ahead(m, err);
    return status == STELLA_OK && m->is_pending
               ? stella_error_set(err, STELLA_E_PENDING, NULL, "the configuration is not at hand")
               : status;
}

stella_status modules_use(stella_hop *hop, stella_sv type, const modules_words *words, stella_error *err) {
    for (size_t i = 0; i < STELLA_COUNT(kinds); i++) {
        if (!stella_sv_eq(type, stella_sv_cstr(kinds[i].type)))
            continue;
        modules *m = stella_arena_alloc(hop->view->arena, 1, sizeof *m);
        if (!m)
            return hop_nomem(err);
        *m = (modules){.hop = hop, .kind = &kinds[i], .words = words};
        return use_all(m, err);
    }
    return STELLA_OK;
}

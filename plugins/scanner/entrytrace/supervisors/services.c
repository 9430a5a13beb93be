#include "services.h"

#include "entrytrace/common/options.h"

/* DIRECTORY/NAME/run, started as ./run there. */
static stella_status add_service(stella_hop *hop, stella_sv directory, const char *relation, stella_error *err) {
    stella_arena *arena = hop->view->arena;
    const stella_sv run = stella_arena_printf(arena, "/%.*s/run", STELLA_SV_FMT(directory));
    const stella_sv down = stella_arena_printf(arena, "/%.*s/down", STELLA_SV_FMT(directory));
    stella_file file;
    if (!run.ptr || !down.ptr)
        return hop_nomem(err);
    if (!hop_is_file(hop, run, &file))
        return STELLA_OK;
    const stella_word words[] = {word_of(STELLA_SV("./run"))};
    stella_launch next = launch_from(hop->launch, 0);
    next.args = words;
    next.arg_count = 1;
    next.directory = stella_sv_first(run, run.len - 4);
    const stella_step how = {.kind = STELLA_STEP_SERVICE,
                             .relation = stella_sv_cstr(relation),
                             .is_possible = (uint32_t)hop_is_file(hop, down, &file)};
    return stella_hop_step(hop, &next, &how, err);
}

stella_status services_supervise(stella_hop *hop, stella_error *err) {
    const stella_launch *l = hop->launch;
    stella_file file;
    if (l->arg_count < 2)
        return hop_unknown(hop, STELLA_REASON_UNSUPPORTED_SYNTAX, STELLA_SV("no directory"), err);
    if (!word_is_known(&l->args[1]))
        return hop_unknown(hop, STELLA_REASON_DYNAMIC_REFERENCE, l->args[1].text, err);
    stella_status status = hop_terminal(hop, "supervisor", hop->file->path, 95, err);
    if (status != STELLA_OK)
        return status;
    if (!hop_is_directory(hop, l->args[1].text, &file))
        return hop_unknown(hop, STELLA_REASON_MISSING_FILE, l->args[1].text, err);
    const stella_sv directory = stella_arena_dup(hop->view->arena, file.path);
    const stella_sv log = files_join(hop->view->arena, directory, STELLA_SV("log"));
    if (!directory.ptr || !log.ptr)
        return hop_nomem(err);
    status = add_service(hop, directory, "service", err);
    return status == STELLA_OK ? add_service(hop, log, "service", err) : status;
}

static stella_status add_services(stella_hop *hop, stella_sv directory, const char *relation, stella_error *err) {
    files found;
    stella_status status = files_matching(hop, directory, STELLA_SV("[!.]*"), &found, err);
    for (uint32_t i = 0; i < found.count && status == STELLA_OK; i++)
        status = add_service(hop, found.paths[i], relation, err);
    return status;
}

stella_status services_scan(stella_hop *hop, stella_error *err) {
    const stella_launch *l = hop->launch;
    options o = options_of("-P -b -i -s -S -c=_ -C=_ -d=_ -L=_ -t=_ -X=_", l);
    option found;
    for (options_result result; (result = options_next(&o, &found)) == OPTIONS_FOUND || result == OPTIONS_STRANGE;) {
    }
    const stella_word place = o.at < l->arg_count ? l->args[o.at] : word_of(STELLA_SV("."));
    stella_file file;
    if (!word_is_known(&place))
        return hop_unknown(hop, STELLA_REASON_DYNAMIC_REFERENCE, place.text, err);
    const stella_status status = hop_terminal(hop, "supervisor", hop->file->path, 95, err);
    if (status != STELLA_OK)
        return status;
    if (!hop_is_directory(hop, place.text, &file))
        return hop_unknown(hop, STELLA_REASON_MISSING_FILE, place.text, err);
    const stella_sv directory = stella_arena_dup(hop->view->arena, file.path);
    return directory.ptr || !file.path.len ? add_services(hop, directory, "service", err) : hop_nomem(err);
}

/* A line that a shell runs. */
static stella_status add_line(stella_hop *hop, stella_sv line, const stella_step *how, stella_error *err) {
    stella_launch next = launch_from(hop->launch, 0);
    const stella_status status = launch_shell(hop->view->arena, &next, STELLA_SV("/bin/sh"), word_of(line), err);
    return status == STELLA_OK ? stella_hop_step(hop, &next, how, err) : status;
}

/* ---- Procfile
 */

/* Whether the words behind "start" name that program, or none at all. */
static int is_asked_for(const stella_launch *l, uint32_t at, stella_sv name) {
    int has_names = 0;
    for (uint32_t i = at; i < l->arg_count; i++) {
        if (stella_sv_eq(l->args[i].text, name))
            return 1;
        has_names |= l->args[i].text.len && l->args[i].text.ptr[0] != '-';
    }
    return !has_names;
}

static stella_status add_procfile(stella_hop *hop, const stella_file *file, uint32_t at, stella_error *err) {
    stella_sv rest = file->bytes, line;
    stella_status status = STELLA_OK;
    for (uint32_t number = 1; status == STELLA_OK && stella_sv_split(&rest, '\n', &line); number++) {
        const size_t colon = stella_sv_find(line, ':');
        const stella_sv name = stella_sv_trim(stella_sv_first(line, colon));
        const stella_sv command = stella_sv_trim(stella_sv_skip(line, colon + 1));
        if (!name.len || name.ptr[0] == '#' || colon == line.len || !command.len ||
            !is_asked_for(hop->launch, at, name))
            continue;
        const stella_step how = {.kind = STELLA_STEP_SERVICE,
                                 .relation = STELLA_SV("procfile"),
                                 .span = {.path = file->path, .first_line = number, .last_line = number}};
        status = add_line(hop, command, &how, err);
    }
    return status;
}

stella_status services_procfile(stella_hop *hop, stella_error *err) {
    const stella_launch *l = hop->launch;
    stella_word path = word_of(STELLA_SV("Procfile"));
    options o = options_of("-f,--procfile=FILE -d,--app-root=_ -e,--env=_ -p,--port=_ -c,--concurrency=_", l);
    option found;
    uint32_t commands = 0, at = l->arg_count;
    while (o.at < l->arg_count && commands < l->arg_count) {
        const options_result result = options_next(&o, &found);
        if (result == OPTIONS_FOUND && stella_sv_eq(found.meaning, STELLA_SV("FILE")))
            path = found.value;
        else if (result == OPTIONS_END || result == OPTIONS_DYNAMIC) {
            at = commands++ == 0 ? o.at + 1 : at; /* behind "start" */
            o.at++;
        }
    }
    stella_file file;
    if (!word_is_known(&path))
        return hop_unknown(hop, STELLA_REASON_DYNAMIC_REFERENCE, path.text, err);
    stella_status status = hop_terminal(hop, "supervisor", hop->file->path, 95, err);
    if (status == STELLA_OK)
        status = hop_read(hop, path.text, SERVICES_FILE_MAX, &file, err);
    return status == STELLA_OK ? add_procfile(hop, &file, at, err) : hop_unread(hop, status, path.text, err);
}

/* ---- init
 */

/* One line "ID:RUNLEVELS:ACTION:PROCESS" of inittab(5). */
static stella_status add_inittab_line(stella_hop *hop, const stella_file *file, stella_sv line, uint32_t number,
                                      stella_error *err) {
    stella_sv rest = line, fields[3] = {{0}};
    uint32_t count = 0;
    while (count < 3 && stella_sv_split(&rest, ':', &fields[count]))
        count++;
    stella_sv process = stella_sv_trim(rest);
    if (line.len == 0 || line.ptr[0] == '#' || count < 3 || !process.len)
        return STELLA_OK;
    if (process.ptr[0] == '-' || process.ptr[0] == '+')
        process = stella_sv_skip(process, 1);
    const stella_sv action = fields[2];
    const int is_kept = text_list_has("respawn askfirst", action);
    if (!is_kept && !text_list_has("sysinit boot bootwait wait once", action))
        return STELLA_OK;
    const stella_step how = {.kind = is_kept                                   ? STELLA_STEP_SERVICE
                                     : stella_sv_eq(action, STELLA_SV("once")) ? STELLA_STEP_BACKGROUND
                                                                               : STELLA_STEP_RUN,
                             .relation = STELLA_SV("inittab"),
                             .span = {.path = file->path, .first_line = number, .last_line = number}};
    return add_line(hop, process, &how, err);
}

static stella_status add_inittab(stella_hop *hop, stella_error *err) {
    stella_file file;
    stella_status status = hop_read(hop, STELLA_SV("/etc/inittab"), SERVICES_FILE_MAX, &file, err);
    if (status != STELLA_OK)
        return hop_unread(hop, status, STELLA_SV("/etc/inittab"), err);
    stella_sv rest = file.bytes, line;
    for (uint32_t number = 1; status == STELLA_OK && stella_sv_split(&rest, '\n', &line); number++)
        status = add_inittab_line(hop, &file, line, number, err);
    return status;
}

/* Scripts of a directory, run one after the other. */
static stella_status add_scripts(stella_hop *hop, stella_sv directory, stella_error *err) {
    files found;
    stella_status status = files_matching(hop, directory, STELLA_SV("*"), &found, err);
    for (uint32_t i = 0; i < found.count && status == STELLA_OK; i++) {
        const stella_sv path = stella_arena_printf(hop->view->arena, "/%.*s", STELLA_SV_FMT(found.paths[i]));
        stella_file file;
        if (!path.ptr)
            return hop_nomem(err);
        if (!hop_is_file(hop, path, &file) || !(file.mode & 0111))
            continue;
        const stella_word words[] = {word_of(path)};
        stella_launch next = launch_from(hop->launch, 0);
        next.args = words;
        next.arg_count = 1;
        const stella_step how = {
            .kind = STELLA_STEP_RUN, .relation = STELLA_SV("cont-init"), .node_kind = STELLA_NODE_RUN_PARTS_SCRIPT};
        status = stella_hop_step(hop, &next, &how, err);
    }
    return status;
}

/* s6-overlay (README of just-containers/s6-overlay): initialisation, services, then the command behind /init. */
static stella_status run_overlay(stella_hop *hop, stella_error *err) {
    stella_status status = hop_terminal(hop, "supervisor", hop->file->path, 95, err);
    if (status == STELLA_OK)
        status = add_scripts(hop, STELLA_SV("etc/cont-init.d"), err);
    if (status == STELLA_OK)
        status = add_services(hop, STELLA_SV("etc/services.d"), "s6-service", err);
    if (status == STELLA_OK)
        status = add_services(hop, STELLA_SV("etc/s6-overlay/s6-rc.d"), "s6-service", err);
    if (status != STELLA_OK || hop->launch->arg_count < 2)
        return status;
    const stella_launch next = launch_from(hop->launch, 1);
    return hop_main(hop, &next, "s6-command", err);
}

/* Its own files: of version 3, of version 2. Folders of services alone may be anybody's. */
static int has_overlay(stella_hop *hop) {
    stella_file file;
    return hop_is_directory(hop, STELLA_SV("/etc/s6-overlay"), &file) ||
           hop_is_directory(hop, STELLA_SV("/package/admin/s6-overlay"), &file) ||
           hop_is_directory(hop, STELLA_SV("/etc/s6/init"), &file);
}

stella_status services_init(stella_hop *hop, stella_error *err) {
    stella_file file;
    if (hop->file->type == STELLA_TYPE_SCRIPT)
        return has_overlay(hop) ? run_overlay(hop, err) : hop_shebang(hop, err);
    if (stella_sv_eq(text_base(hop->file->path), STELLA_SV("systemd"))) {
        const stella_status status = hop_terminal(hop, "supervisor", hop->file->path, 80, err);
        return status == STELLA_OK
                   ? hop_unknown(hop, STELLA_REASON_UNSUPPORTED_SYNTAX, STELLA_SV("units of systemd"), err)
                   : status;
    }
    if (!hop_is_file(hop, STELLA_SV("/etc/inittab"), &file))
        return STELLA_OK; /* a program that happens to have that name */
    const stella_status status = hop_terminal(hop, "supervisor", hop->file->path, 95, err);
    return status == STELLA_OK ? add_inittab(hop, err) : status;
}

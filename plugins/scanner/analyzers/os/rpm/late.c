#include "late.h"

#include "interests.h"

#include <stdlib.h>

#define FIRST_ROOM 256

/* One database that is read now. */
typedef struct reading {
    package_sink sink; /* first: its functions find the reading by it */
    late_records *out;
    stella_file main;
    uint32_t newest; /* the layer that says of a package what lower layers did not */
    stella_record *probed;
    uint32_t probed_count;
} reading;

static int compare_records(const void *x, const void *y) {
    return stella_sv_cmp(((const stella_record *)x)->key, ((const stella_record *)y)->key);
}

/* What the probe of the main file alone found, to know since when a package is there. */
static stella_status load_probed(reading *r, stella_error *err) {
    stella_record record = STELLA_RECORD_INIT;
    for (int fill = 0; fill < 2; fill++) {
        uint32_t count = 0;
        for (stella_records it = stella_records_of(STELLA_SV(PACKAGE_RECORD));
             stella_records_next(r->out->job, &it, &record);)
            if (stella_sv_eq(record.path, r->main.path)) {
                if (fill && count < r->probed_count)
                    r->probed[count] = record;
                count++;
            }
        if (!fill) {
            r->probed_count = count;
            r->probed = stella_arena_alloc(r->out->job->arena, count, sizeof *r->probed);
            if (!r->probed)
                return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for %u packages", count);
        }
    }
    if (r->probed_count)
        qsort(r->probed, r->probed_count, sizeof *r->probed, compare_records);
    return STELLA_OK;
}

/* The package of that key as the main file alone has it; NULL when only the log does. */
static const stella_record *find_probed(const reading *r, stella_sv key) {
    const stella_record wanted = {.key = key};
    return r->probed_count ? bsearch(&wanted, r->probed, r->probed_count, sizeof *r->probed, compare_records) : NULL;
}

static stella_status make_room(late_records *late) {
    const uint32_t room = late->room ? 2 * late->room : FIRST_ROOM;
    stella_record *bigger = stella_arena_alloc(late->job->arena, room, sizeof *bigger);
    if (!bigger)
        return STELLA_E_NOMEM;
    if (late->count)
        memcpy(bigger, late->at, late->count * sizeof *bigger);
    late->at = bigger;
    late->room = room;
    return STELLA_OK;
}

static stella_status take_record(void *self, stella_sv key, stella_sv bytes, stella_error *err) {
    const reading *r = self;
    late_records *late = r->out;
    const stella_record *since = find_probed(r, key);
    const stella_sv own_key = stella_arena_dup(late->job->arena, key),
                    own_bytes = stella_arena_dup(late->job->arena, bytes);
    if (!own_key.ptr || !own_bytes.ptr || (late->count == late->room && make_room(late) != STELLA_OK))
        return stella_error_at(err, STELLA_E_NOMEM, r->main.path, "no memory for its packages");
    late->at[late->count++] = (stella_record){.struct_size = sizeof *late->at,
                                              .layer = r->newest,
                                              .introduced = since ? since->introduced : r->newest,
                                              .key = own_key,
                                              .bytes = own_bytes,
                                              .path = r->main.path,
                                              .layers = since ? since->layers : NULL,
                                              .layer_count = since ? since->layer_count : 0};
    return STELLA_OK;
}

static void take_note(void *self, uint32_t severity, uint32_t line, stella_sv message) {
    const reading *r = self;
    stella_note(r->out->job, severity, r->main.path, line, message);
}

/* Content of a file of the view; asks for it when it is not at hand. Returns 0 when it is not to be had now. */
static int fetch(stella_analysis *job, stella_file *file) {
    if (file->bytes.ptr)
        return 1;
    const stella_status status = stella_view_read(job, file->path, file, NULL);
    if (status != STELLA_OK && status != STELLA_E_PENDING)
        stella_note(job, STELLA_NOTE_ERROR, file->path, 0, STELLA_SV("this part of a package database was not read"));
    return status == STELLA_OK;
}

/* Reads main and, when it is a file, wal as one; root is that of the path under which rpm knows the database. */
static stella_status read_both(late_records *late, stella_file main, stella_file wal, stella_sv known_as,
                               stella_error *err) {
    reading r = {.out = late, .main = main, .newest = main.layer};
    const int has_wal = wal.kind == STELLA_FILE_REGULAR, has_main = fetch(late->job, &r.main);
    if ((has_wal && !fetch(late->job, &wal)) || !has_main || r.main.bytes.len == 0)
        return STELLA_OK;
    if (has_wal && wal.layer > r.newest)
        r.newest = wal.layer;
    r.sink = (package_sink){.self = &r, .record = take_record, .note = take_note, .path = known_as};
    stella_status status = load_probed(&r, err);
    if (status != STELLA_OK)
        return status;
    stella_error damage = {0};
    status =
        package_read_database(&r.sink, r.main.bytes, has_wal ? wal.bytes : (stella_sv){0}, late->job->arena, &damage);
    if (status == STELLA_E_NOMEM)
        return stella_error_at(err, status, r.main.path, "%s", damage.message);
    if (status != STELLA_OK)
        stella_note(late->job, STELLA_NOTE_ERROR, r.main.path, 0, stella_sv_cstr(damage.message));
    else if (late->replaced_count < STELLA_COUNT(late->replaced))
        late->replaced[late->replaced_count++] = r.main.path;
    return STELLA_OK;
}

/* Logs that lie in another layer than their main file. */
static stella_status read_split(late_records *late, stella_error *err) {
    stella_file wal = STELLA_FILE_INIT;
    stella_status status = STELLA_OK;
    for (stella_files it = stella_files_of(INTEREST_WAL); status == STELLA_OK &&
                                                          late->replaced_count < STELLA_COUNT(late->replaced) &&
                                                          stella_files_next(late->job, &it, &wal);) {
        stella_file main = STELLA_FILE_INIT;
        const stella_sv path = stella_sv_first(wal.path, wal.path.len - strlen(SUFFIX_WAL));
        if (!package_find_root(path, NULL) || wal.size == 0 ||
            stella_view_stat(late->job, path, &main, NULL) != STELLA_OK || main.kind != STELLA_FILE_REGULAR ||
            main.layer == wal.layer || !stella_sv_eq(main.path, path))
            continue;
        status = read_both(late, main, wal, path, err);
    }
    return status;
}

static int is_probed(stella_sv path) {
    const size_t slash = stella_sv_rfind(path, '/');
    const stella_sv name = slash < path.len ? stella_sv_skip(path, slash + 1) : path;
    return package_find_root(path, NULL) &&
           (stella_sv_eq(name, STELLA_SV(NAME_SQLITE)) || stella_sv_eq(name, STELLA_SV(NAME_NDB)) ||
            (stella_sv_eq(name, STELLA_SV(NAME_BDB)) &&
             (stella_sv_starts(path, STELLA_SV(DIR_VAR "/")) || stella_sv_starts(path, STELLA_SV(DIR_SHARE "/")) ||
              stella_sv_starts(path, STELLA_SV(DIR_SYSIMAGE "/")))));
}

/* Databases at rpm's own paths that only links lead to. */
static stella_status read_linked(late_records *late, stella_error *err) {
    static const stella_sv paths[] = {
        STELLA_SV_INIT(DIR_SYSIMAGE "/" NAME_SQLITE), STELLA_SV_INIT(DIR_SYSIMAGE "/" NAME_NDB),
        STELLA_SV_INIT(DIR_SYSIMAGE "/" NAME_BDB),    STELLA_SV_INIT(DIR_SHARE "/" NAME_SQLITE),
        STELLA_SV_INIT(DIR_SHARE "/" NAME_NDB),       STELLA_SV_INIT(DIR_SHARE "/" NAME_BDB),
        STELLA_SV_INIT(DIR_VAR "/" NAME_SQLITE),      STELLA_SV_INIT(DIR_VAR "/" NAME_NDB),
        STELLA_SV_INIT(DIR_VAR "/" NAME_BDB)};
    stella_status status = STELLA_OK;
    for (uint32_t i = 0; status == STELLA_OK && i < STELLA_COUNT(paths); i++) {
        stella_file main = STELLA_FILE_INIT, wal = STELLA_FILE_INIT;
        if (stella_view_stat(late->job, paths[i], &main, NULL) != STELLA_OK || main.kind != STELLA_FILE_REGULAR ||
            is_probed(main.path) || late_replaces(late, main.path))
            continue;
        const stella_sv log = stella_arena_printf(late->job->arena, "%.*s" SUFFIX_WAL, STELLA_SV_FMT(main.path));
        if (!log.ptr)
            return stella_error_at(err, STELLA_E_NOMEM, main.path, "no memory for its packages");
        if (stella_view_stat(late->job, log, &wal, NULL) != STELLA_OK)
            wal = (stella_file)STELLA_FILE_INIT;
        status = read_both(late, main, wal, paths[i], err);
    }
    return status;
}

stella_status late_read(late_records *out, stella_error *err) {
    const stella_status status = read_split(out, err);
    return status == STELLA_OK ? read_linked(out, err) : status;
}

int late_replaces(const late_records *late, stella_sv path) {
    for (uint32_t i = 0; i < late->replaced_count; i++)
        if (stella_sv_eq(late->replaced[i], path))
            return 1;
    return 0;
}

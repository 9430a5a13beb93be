#include "linked.h"

#define FIRST_ROOM 1024

/* Stands in for the host in a probe: the content at hand goes in, records and notes come out. */
typedef struct reading {
    stella_probe probe; /* first: the ops find the reading by it */
    stella_analysis *job;
    const linked_database *database;
    stella_sv rest; /* of the content */
    stella_file found, posed;
    stella_record *records;
    uint32_t count, room;
} reading;

static stella_status op_read(stella_probe *probe, stella_sv *chunk, stella_error *err) {
    (void)err;
    reading *r = (reading *)probe;
    *chunk = r->rest;
    r->rest = (stella_sv){0};
    return STELLA_OK;
}

static stella_status make_room(reading *r) {
    const uint32_t room = r->room ? 2 * r->room : FIRST_ROOM;
    stella_record *bigger = stella_arena_alloc(r->job->arena, room, sizeof *bigger);
    if (!bigger)
        return STELLA_E_NOMEM;
    if (r->count)
        memcpy(bigger, r->records, r->count * sizeof *bigger);
    r->records = bigger;
    r->room = room;
    return STELLA_OK;
}

static stella_status op_record(stella_probe *probe, const stella_record *record, stella_error *err) {
    reading *r = (reading *)probe;
    const stella_sv bytes = stella_arena_dup(r->job->arena, record->bytes);
    if (!bytes.ptr || (r->count == r->room && make_room(r) != STELLA_OK))
        return stella_error_at(err, STELLA_E_NOMEM, r->found.path, "no memory for its packages");
    r->records[r->count++] = (stella_record){.struct_size = sizeof *record,
                                             .layer = r->found.layer,
                                             .introduced = r->found.layer,
                                             .kind = record->kind, /* a literal of the plugin's */
                                             .bytes = bytes,
                                             .path = r->found.path};
    return STELLA_OK;
}

static void op_note(stella_probe *probe, uint32_t severity, uint32_t line, stella_sv message) {
    const reading *r = (const reading *)probe;
    stella_note(r->job, severity, r->found.path, line, message);
}

static const stella_probe_ops reading_ops = {
    .head = STELLA_HEAD(stella_probe_ops), .read = op_read, .record = op_record, .note = op_note};

static int has_records(stella_analysis *job, const linked_database *database, stella_sv path) {
    stella_record record = STELLA_RECORD_INIT;
    for (stella_records it = stella_records_of(database->kind); stella_records_next(job, &it, &record);)
        if (stella_sv_eq(record.path, path))
            return 1;
    return 0;
}

void linked_note_unread(stella_analysis *job, stella_sv path) {
    stella_note(job, STELLA_NOTE_ERROR, path, 0,
                STELLA_SV("the package database at this path is behind a symbolic link and was not read"));
}

/* The file that the path leads to and no probe has seen. */
static int find_unseen(stella_analysis *job, const linked_database *database, stella_file *out) {
    const stella_status status = stella_view_stat(job, database->path, out, NULL);
    if (status == STELLA_E_LIMIT)
        linked_note_unread(job, database->path);
    return status == STELLA_OK && out->kind == STELLA_FILE_REGULAR && !stella_sv_eq(out->path, database->path) &&
           !has_records(job, database, out->path);
}

stella_status linked_read(stella_analysis *job, const linked_database *database, linked_records *out,
                          stella_error *err) {
    reading r = {.probe = {.head = STELLA_HEAD(stella_probe), .ops = &reading_ops, .arena = job->arena},
                 .job = job,
                 .database = database,
                 .found = STELLA_FILE_INIT};
    *out = (linked_records){0};
    if (!find_unseen(job, database, &r.found))
        return STELLA_OK;
    const stella_sv path = r.found.path;
    stella_status status = stella_view_read(job, path, &r.found, NULL);
    if (status != STELLA_OK) {
        if (status != STELLA_E_PENDING)
            linked_note_unread(job, path);
        return STELLA_OK;
    }
    r.rest = r.found.bytes;
    r.posed = r.found;
    r.posed.path = database->path; /* a probe may tell databases apart by their paths */
    r.probe.file = &r.posed;
    status = database->probe(&r.probe, err);
    if (status == STELLA_OK)
        *out = (linked_records){.items = r.records, .count = r.count};
    return status;
}

#include "linked.h"

#include "interests.h"
#include "status.h"

#define FIRST_ROOM 1024

/* Stands in for the host in a probe: the content at hand goes in, records and notes come out. */
typedef struct reading {
    stella_probe probe; /* first: the ops find the reading by it */
    stella_analysis *job;
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
                                             .kind = STELLA_SV(STATUS_RECORD),
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

static int has_records(stella_analysis *job, stella_sv path) {
    stella_record record = STELLA_RECORD_INIT;
    for (stella_records it = stella_records_of(STELLA_SV(STATUS_RECORD)); stella_records_next(job, &it, &record);)
        if (stella_sv_eq(record.path, path))
            return 1;
    return 0;
}

static void note_unread(stella_analysis *job, stella_sv path) {
    stella_note(job, STELLA_NOTE_ERROR, path, 0,
                STELLA_SV("the package database at this path is behind a symbolic link and was not read"));
}

/* A directory cannot be listed through a link: its stanzas are out of reach. */
static void note_linked_directory(stella_analysis *job) {
    stella_file dir = STELLA_FILE_INIT;
    if (stella_view_stat(job, STELLA_SV(STATUS_DIR), &dir, NULL) == STELLA_OK && dir.kind == STELLA_FILE_DIRECTORY &&
        !stella_sv_eq(dir.path, STELLA_SV(STATUS_DIR)))
        note_unread(job, dir.path);
}

/* The names of the lists are known only when the database was read, and then it is too late to wish for them. */
static void note_linked_lists(stella_analysis *job) {
    stella_file dir = STELLA_FILE_INIT;
    if (stella_view_stat(job, STELLA_SV(INFO_DIR), &dir, NULL) == STELLA_OK &&
        !stella_sv_eq(dir.path, STELLA_SV(INFO_DIR)))
        stella_note(job, STELLA_NOTE_ERROR, dir.path, 0,
                    STELLA_SV("behind a symbolic link: which files the packages own was not read"));
}

/* The file that the path leads to and no probe has seen. */
static int find_unseen(stella_analysis *job, stella_file *out) {
    const stella_status status = stella_view_stat(job, STELLA_SV(STATUS_PATH), out, NULL);
    if (status == STELLA_E_LIMIT)
        note_unread(job, STELLA_SV(STATUS_PATH));
    return status == STELLA_OK && out->kind == STELLA_FILE_REGULAR &&
           !stella_sv_eq(out->path, STELLA_SV(STATUS_PATH)) && !has_records(job, out->path);
}

stella_status linked_read(stella_analysis *job, stella_record **out, uint32_t *count, stella_error *err) {
    reading r = {.probe = {.head = STELLA_HEAD(stella_probe), .ops = &reading_ops, .arena = job->arena},
                 .job = job,
                 .found = STELLA_FILE_INIT};
    stella_status status = STELLA_OK;
    note_linked_directory(job);
    if (find_unseen(job, &r.found)) {
        const stella_sv path = r.found.path;
        status = stella_view_read(job, path, &r.found, NULL);
        if (status == STELLA_OK) {
            r.rest = r.found.bytes;
            r.posed = r.found;
            r.posed.path = STELLA_SV(STATUS_PATH); /* a probe tells the database from status.d by its path */
            r.probe.file = &r.posed;
            status = status_probe(&r.probe, err);
            note_linked_lists(job);
        } else {
            if (status != STELLA_E_PENDING)
                note_unread(job, path);
            status = STELLA_OK;
        }
    }
    if (status != STELLA_OK)
        return status;
    *out = r.records;
    *count = r.count;
    return STELLA_OK;
}

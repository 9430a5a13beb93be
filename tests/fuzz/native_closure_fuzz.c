/* Whatever the facts of ELF files and /etc/ld.so.conf say: the closure ends, each file is in it once, each is one that is
 * there, and so is the one that asks for it. Input: the configuration, then pairs of path and record, each text a LEB128
 * length and its bytes; the first path is the program. */
#include "plugins/scanner/usage/native/closure.h"

#include <stella/auto.h>
#include <stella/cursor.h>

#include <assert.h>

#define FILES_MAX 64

typedef struct world {
    stella_analysis base;
    stella_sv conf;
    stella_sv paths[FILES_MAX], records[FILES_MAX];
    uint32_t count;
} world;

static int position_of(const world *w, stella_sv path) {
    while (path.len && path.ptr[0] == '/')
        path = stella_sv_skip(path, 1);
    for (uint32_t i = 0; i < w->count; i++)
        if (stella_sv_eq(w->paths[i], path))
            return (int)i;
    return -1;
}

static int32_t records_next(stella_analysis *job, stella_records *it, stella_record *out) {
    const world *w = (const world *)job;
    if (it->position == w->count)
        return 0;
    out->key = w->paths[it->position];
    out->bytes = w->records[it->position++];
    return 1;
}

/* What ends in "lib" is a directory. */
static stella_status view_stat(stella_analysis *job, stella_sv path, stella_file *out, stella_error *err) {
    (void)err;
    const world *w = (const world *)job;
    const int i = position_of(w, path);
    *out = (stella_file){.struct_size = sizeof *out, .kind = STELLA_FILE_DIRECTORY, .path = path};
    if (i >= 0) {
        out->kind = STELLA_FILE_REGULAR;
        out->type = STELLA_TYPE_ELF;
        out->path = w->paths[i];
    }
    return i >= 0 || stella_sv_ends(path, STELLA_SV("lib")) ? STELLA_OK : STELLA_E_NOTFOUND;
}

static stella_status view_read(stella_analysis *job, stella_sv path, stella_file *out, stella_error *err) {
    (void)path, (void)err;
    out->bytes = ((const world *)job)->conf;
    return STELLA_OK;
}

/* Each directory holds the configuration itself. */
static int32_t view_next(stella_analysis *job, stella_sv directory, stella_entries *it, stella_file *out) {
    (void)job, (void)directory;
    out->path = STELLA_SV("etc/ld.so.conf");
    return it->position++ == 0;
}

static void note(stella_analysis *job, uint32_t severity, stella_sv path, uint32_t line, stella_sv message) {
    (void)job, (void)severity, (void)line, (void)message;
    assert(path.len);
}

static int32_t cancelled(stella_analysis *job) {
    (void)job;
    return 0;
}

static void read_input(world *w, stella_sv input) {
    stella_cursor c = stella_cursor_of(input.ptr, input.len);
    w->conf = stella_cursor_str(&c, stella_cursor_varint(&c));
    while (c.ok && stella_cursor_left(&c) && w->count < FILES_MAX) {
        const stella_sv path = stella_cursor_str(&c, stella_cursor_varint(&c));
        const stella_sv record = stella_cursor_str(&c, stella_cursor_varint(&c));
        if (!c.ok || path.len == 0 || path.ptr[0] == '/' || position_of(w, path) >= 0)
            continue;
        w->paths[w->count] = path;
        w->records[w->count++] = record;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const stella_analysis_ops ops = {.head = STELLA_HEAD(stella_analysis_ops),
                                            .records_next = records_next,
                                            .view_stat = view_stat,
                                            .view_read = view_read,
                                            .view_next = view_next,
                                            .note = note,
                                            .cancelled = cancelled};
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create((uint64_t)64 << 20);
    world w = {.base = {.head = STELLA_HEAD(stella_analysis), .ops = &ops, .arena = arena}};
    closure_world shared;
    closure found;
    read_input(&w, stella_sv_of((const char *)data, size));
    if (!arena || w.count == 0 || closure_world_of(&w.base, &shared, NULL) != STELLA_OK)
        return 0;
    shared.view.lookups_left = 5000; /* else an input could take a second */
    const closure_start start = {.program = w.paths[0], .library_path = w.conf, .preload = w.conf};
    if (closure_of(&shared, &start, &found, NULL) != STELLA_OK)
        return 0;
    assert(found.count < FILES_MAX);
    for (uint32_t i = 0; i < found.count; i++) {
        assert(position_of(&w, found.uses[i].path) > 0 && position_of(&w, found.uses[i].via) >= 0);
        for (uint32_t j = 0; j < i; j++)
            assert(!stella_sv_eq(found.uses[i].path, found.uses[j].path));
    }
    return 0;
}

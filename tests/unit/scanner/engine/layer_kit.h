/* layer_kit.h - for tests: tar archives made byte by byte, compression, and the job "layer" run in this process with
 * analyzers made on the spot. */
#ifndef TESTS_LAYER_KIT_H
#define TESTS_LAYER_KIT_H

#include "check.h"

#include "engine.h"
#include "pack.h"

#include <stella/analyzer.h>
#include <stella/auto.h>
#include <stella/digest.h>
#include <stella/json.h>

#include <isa-l/igzip_lib.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zstd.h>

#define TAR_FILE '0'
#define TAR_HARD '1'
#define TAR_LINK '2'
#define TAR_DIR  '5'

static inline void tar_sum(unsigned char *block) {
    unsigned sum = 0;
    memset(block + 148, ' ', 8);
    for (unsigned i = 0; i < 512; i++)
        sum += block[i];
    snprintf((char *)block + 148, 8, "%06o", sum);
}

/* Adds one header; size is what the header says. */
static inline void tar_head(stella_buf *tar, char type, const char *name, const char *link, uint64_t size,
                            unsigned mode) {
    unsigned char block[512] = {0};
    memcpy(block, name, strnlen(name, 100));
    snprintf((char *)block + 100, 8, "%07o", mode);
    snprintf((char *)block + 108, 8, "%07o", 1000u);
    snprintf((char *)block + 116, 8, "%07o", 100u);
    snprintf((char *)block + 124, 13, "%012llo", (unsigned long long)size);
    block[156] = (unsigned char)type;
    memcpy(block + 157, link, strnlen(link, 100));
    memcpy(block + 257, "ustar\00000", 8);
    tar_sum(block);
    assert_int_equal(stella_buf_add(tar, stella_sv_of((const char *)block, sizeof block)), STELLA_OK);
}

static inline void tar_bytes(stella_buf *tar, stella_sv bytes) {
    static const char zeros[512];
    stella_buf_add(tar, bytes);
    assert_int_equal(stella_buf_add(tar, stella_sv_of(zeros, (512 - bytes.len % 512) % 512)), STELLA_OK);
}

static inline void tar_file(stella_buf *tar, const char *name, stella_sv bytes) {
    tar_head(tar, TAR_FILE, name, "", bytes.len, 0644);
    tar_bytes(tar, bytes);
}

static inline void tar_add_link(stella_buf *tar, char type, const char *name, const char *target) {
    tar_head(tar, type, name, target, 0, 0777);
}

static inline void tar_dir(stella_buf *tar, const char *name) {
    tar_head(tar, TAR_DIR, name, "", 0, 0755);
}

/* A pax header with one record, or a GNU long name, for the entry that follows. */
static inline void tar_pax(stella_buf *tar, const char *key, stella_sv value) {
    STELLA_AUTO(stella_buf_fini) stella_buf record = stella_buf_of(1u << 21);
    size_t length = strlen(key) + value.len + 3, digits = 1;
    for (size_t most = 10; length + digits >= most; most *= 10)
        digits++;
    stella_buf_printf(&record, "%zu %s=", length + digits, key);
    stella_buf_add(&record, value);
    stella_buf_add(&record, STELLA_SV("\n"));
    tar_head(tar, 'x', "pax", "", record.len, 0644);
    tar_bytes(tar, stella_buf_sv(&record));
}

static inline void tar_end(stella_buf *tar) {
    static const char zeros[1024];
    assert_int_equal(stella_buf_add(tar, stella_sv_of(zeros, sizeof zeros)), STELLA_OK);
}

static inline void gzip_bytes(stella_sv bytes, stella_buf *out) {
    struct isal_zstream *z = calloc(1, sizeof *z);
    unsigned char piece[65536];
    isal_deflate_init(z);
    z->gzip_flag = IGZIP_GZIP;
    z->end_of_stream = 1;
    z->next_in = (uint8_t *)(uintptr_t)bytes.ptr;
    z->avail_in = (uint32_t)bytes.len;
    do {
        z->next_out = piece;
        z->avail_out = sizeof piece;
        assert_int_equal(isal_deflate(z), COMP_OK);
        stella_buf_add(out, stella_sv_of((const char *)piece, sizeof piece - z->avail_out));
    } while (z->internal_state.state != ZSTATE_END);
    free(z);
    assert_false(out->failed);
}

static inline void zstd_bytes(stella_sv bytes, stella_buf *out) {
    const size_t room = ZSTD_compressBound(bytes.len);
    char *piece = malloc(room);
    const size_t size = ZSTD_compress(piece, room, bytes.ptr, bytes.len, 3);
    assert_false(ZSTD_isError(size));
    stella_buf_add(out, stella_sv_of(piece, size));
    free(piece);
    assert_false(out->failed);
}

static inline int memory_file(stella_sv bytes) {
    const int fd = memfd_create("test", MFD_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes.ptr ? bytes.ptr : "", bytes.len), (ssize_t)bytes.len);
    assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
    return fd;
}

/* ---- the job ------------------------------------------------------------------------------------------------------
 */

#define KIT_ANALYZERS 4

typedef struct layer_kit {
    stella_job job; /* first member */
    const stella_analyzer *analyzers[KIT_ANALYZERS];
    void *instances[KIT_ANALYZERS];
    uint32_t analyzer_count;
    int32_t fds[4];
    stella_arena *arena;
    stella_buf reply;
    const stella_json *answer;
    pack *pack;
    /* Both or neither: names below fds[0] are served. */
    stella_status (*list_names)(stella_job *job, stella_sv dir, int32_t *fd, stella_error *err);
    stella_status (*open_name)(stella_job *job, stella_sv path, int32_t *fd, stella_error *err);
    int entered; /* crash page: how often entered less how often left */
    char entered_what[256];
    stella_error error;
} layer_kit;

static inline int32_t kit_peer(stella_job *job, const char *interface_id, uint32_t position, stella_peer *out) {
    static const char *const ids[] = {"org.example.a", "org.example.b", "org.example.c", "org.example.d"};
    const layer_kit *k = (const layer_kit *)job;
    if (strcmp(interface_id, STELLA_ANALYZER_INTERFACE) != 0 || position >= k->analyzer_count)
        return 0;
    out->index = position + 7;
    out->id = ids[position];
    out->version = "1.0.0";
    out->digest = "sha256:00";
    out->interface = k->analyzers[position];
    out->instance = k->instances[position];
    return 1;
}

static inline void kit_enter(stella_job *job, uint32_t slot, uint32_t plugin, stella_sv what) {
    layer_kit *k = (layer_kit *)job;
    assert_int_equal(slot, 0);
    assert_in_range(plugin, 7, 7 + KIT_ANALYZERS);
    k->entered++;
    snprintf(k->entered_what, sizeof k->entered_what, "%.*s", STELLA_SV_FMT(what));
}

static inline void kit_leave(stella_job *job, uint32_t slot) {
    (void)slot;
    ((layer_kit *)job)->entered--;
}

static inline void kit_progress(stella_job *job, uint64_t done, uint64_t items) {
    (void)job;
    (void)done;
    (void)items;
}

static inline stella_status kit_reply(stella_job *job, stella_sv bytes, stella_error *err) {
    (void)err;
    return stella_buf_add(&((layer_kit *)job)->reply, bytes);
}

static inline void kit_close(layer_kit *k) {
    pack_closep(&k->pack);
    stella_arena_destroyp(&k->arena);
    stella_buf_fini(&k->reply);
    for (int i = 0; i < 4; i++)
        if (k->fds[i] > 0)
            close(k->fds[i]);
}

/* Runs the job over what fds[0] is; afterwards pack and answer are set when it went well. */
static inline stella_status kit_run(layer_kit *k, const char *request) {
    const stella_job_ops ops = {.head = STELLA_HEAD(stella_job_ops),
                                .peer = kit_peer,
                                .enter = kit_enter,
                                .leave = kit_leave,
                                .progress = kit_progress,
                                .reply = kit_reply,
                                .list_names = k->list_names,
                                .open_name = k->open_name};
    k->arena = stella_arena_create(1u << 28);
    k->reply = stella_buf_of(1u << 20);
    k->fds[1] = memfd_create("pack", MFD_CLOEXEC);
    k->fds[2] = memfd_create("scratch", MFD_CLOEXEC);
    if (!k->fds[3])
        k->fds[3] = memfd_create("links", MFD_CLOEXEC);
    k->job = (stella_job){.head = STELLA_HEAD(stella_job),
                          .ops = &ops,
                          .arena = k->arena,
                          .kind = STELLA_SV(ENGINE_JOB_LAYER),
                          .request = stella_sv_cstr(request),
                          .fds = k->fds,
                          .fd_count = 4,
                          .dir_fd = k->list_names ? 0 : -1,
                          .names_served = k->list_names != NULL};
    const stella_status status = engine_layer_job(&k->job, &k->error);
    assert_int_equal(k->entered, 0);
    if (status != STELLA_OK)
        return status;
    assert_int_equal(stella_json_parse(stella_buf_sv(&k->reply), k->arena, &k->answer, &k->error), STELLA_OK);
    assert_int_equal(pack_open(k->fds[1], &k->pack, &k->error), STELLA_OK);
    return STELLA_OK;
}

static inline stella_status kit_run_bytes(layer_kit *k, stella_sv bytes, const char *request) {
    k->fds[0] = memory_file(bytes);
    return kit_run(k, request);
}

#define KIT_BLOB "{\"kind\":\"blob\",\"name\":\"layer\",\"diffId\":\"\"}"

static inline int kit_row(const layer_kit *k, const char *path, pack_row *out) {
    uint32_t row;
    if (!pack_find(k->pack, stella_sv_cstr(path), &row))
        return 0;
    pack_row_at(k->pack, row, out);
    return 1;
}

/* The first note of a plugin's segment whose message holds the text. */
static inline int kit_note(const layer_kit *k, const char *plugin, const char *text, pack_item *out) {
    uint32_t segment;
    assert_true(pack_segment_find(k->pack, stella_sv_cstr(plugin), &segment));
    pack_items it = pack_items_of(k->pack, segment);
    while (pack_items_next(&it, out))
        if (out->what == PACK_NOTE && memmem(out->message.ptr, out->message.len, text, strlen(text)))
            return 1;
    assert_true(it.cursor.ok);
    return 0;
}

static inline int kit_content(const layer_kit *k, const char *plugin, const char *path, stella_sv *out) {
    uint32_t segment, row;
    return pack_segment_find(k->pack, stella_sv_cstr(plugin), &segment) &&
           pack_find(k->pack, stella_sv_cstr(path), &row) && pack_content(k->pack, segment, row, out);
}

#endif

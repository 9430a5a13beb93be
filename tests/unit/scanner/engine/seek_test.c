/* Probes that ask for the whole file, and for others beside it. */
#include "layer_kit.h"

#include "aside.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#define KIT_AGAIN     "{\"kind\":\"blob\",\"name\":\"layer\",\"diffId\":\"\",\"links\":true}"
#define KIT_DIRECTORY "{\"kind\":\"directory\",\"name\":\"root\",\"diffId\":\"\"}"
#define LARGE         (SPOOL_MEMORY_BYTES + 12345u)

static const stella_interest databases[] = {
    {.mode = STELLA_PROBE | STELLA_SEEK, .name = "main.db", .max_bytes = 64u << 20, .companions = "-wal -journal"},
    {.mode = STELLA_PROBE | STELLA_SEEK | STELLA_KEEP, .suffix = ".kept", .max_bytes = 64u << 20},
    {.mode = STELLA_PROBE | STELLA_SEEK, .suffix = ".small", .max_bytes = 4},
    {.mode = STELLA_PROBE | STELLA_SEEK, .name = "few.db", .max_bytes = 4, .companions = "-wal"},
    {.mode = STELLA_PROBE, .suffix = ".stream"},
    {.mode = STELLA_PROBE | STELLA_SEEK | STELLA_KEEP, .name = "both.db", .max_bytes = 64u << 20, .companions = "-wal"},
};

static const stella_interest streams[] = {{.mode = STELLA_PROBE, .dir = "shared"}, {.mode = STELLA_KEEP, .dir = "x"}};

/* Its first and last eight bytes, and how many there are; or the refusal. */
static void describe(stella_buf *to, stella_status status, stella_sv bytes) {
    if (status != STELLA_OK)
        stella_buf_printf(to, "%s", stella_status_name(status));
    else
        stella_buf_printf(to, "%.*s..%.*s %zu", STELLA_SV_FMT(stella_sv_first(bytes, 8)),
                          STELLA_SV_FMT(stella_sv_skip(bytes, bytes.len < 8 ? 0 : bytes.len - 8)), bytes.len);
}

static stella_status seek(void *self, stella_probe *probe, stella_error *err) {
    STELLA_AUTO(stella_buf_fini) stella_buf text = stella_buf_of(4096);
    stella_sv bytes = {0};
    (void)self;
    describe(&text, stella_probe_content(probe, &bytes, err), bytes);
    for (uint32_t i = 0; i < 3; i++) {
        const stella_status status = stella_probe_companion(probe, i, &bytes, err);
        if (status == STELLA_E_UNSUPPORTED)
            break;
        stella_buf_add(&text, STELLA_SV("|"));
        describe(&text, status, bytes);
    }
    stella_record record = STELLA_RECORD_INIT;
    record.kind = STELLA_SV("seen");
    record.key = probe->file->path;
    record.bytes = stella_buf_sv(&text);
    return stella_probe_record(probe, &record, err);
}

/* Reads it all piece by piece, and says how much there was. */
static stella_status stream(void *self, stella_probe *probe, stella_error *err) {
    uint64_t size = 0;
    char text[32];
    (void)self;
    for (stella_sv chunk = {0}; size == 0 || chunk.len; size += chunk.len)
        if (stella_probe_read(probe, &chunk, err) != STELLA_OK)
            return STELLA_E_IO;
    stella_record record = STELLA_RECORD_INIT;
    record.kind = STELLA_SV("size");
    record.bytes = stella_sv_of(text, (size_t)snprintf(text, sizeof text, "%llu", (unsigned long long)size));
    return stella_probe_record(probe, &record, err);
}

static stella_status fail_after_a_record(void *self, stella_probe *probe, stella_error *err) {
    const stella_status status = seek(self, probe, err);
    return status == STELLA_OK ? stella_error_set(err, STELLA_E_FORMAT, NULL, "a torn page") : status;
}

static stella_status never_analyzed(void *self, stella_analysis *job, stella_error *err) {
    (void)self;
    (void)job;
    (void)err;
    fail();
    return STELLA_OK;
}

#define ANALYZER(of, with)                                                                                             \
    {                                                                                                                  \
        .head = STELLA_HEAD(stella_analyzer), .phase = STELLA_PHASE_PACKAGES, .interest_count = STELLA_COUNT(of),      \
        .interest_stride = sizeof(of)[0], .interests = (of), .probe = (with), .analyze = never_analyzed                \
    }
static const stella_analyzer seeking = ANALYZER(databases, seek), failing = ANALYZER(databases, fail_after_a_record),
                             streaming = ANALYZER(streams, stream);

/* The layer, read again when hard links were missed. */
static void read_layer(layer_kit *k, stella_sv tar) {
    STELLA_AUTO(kit_close) layer_kit first = {.analyzers = {&seeking, &streaming, &seeking}, .analyzer_count = 3};
    uint64_t missed = 0;
    if (kit_run_bytes(&first, tar, KIT_BLOB) != STELLA_OK)
        fail_msg("%s", first.error.message);
    assert_true(stella_json_u64(stella_json_get(first.answer, "links"), &missed));
    *k = (layer_kit){.analyzers = {&seeking, &streaming, &seeking}, .analyzer_count = 3};
    k->fds[3] = dup(first.fds[3]);
    if (kit_run_bytes(k, tar, missed ? KIT_AGAIN : KIT_BLOB) != STELLA_OK)
        fail_msg("%s", k->error.message);
}

/* What a plugin's only record of that path says; NULL when it has none. */
static const char *seen_by(const layer_kit *k, const char *plugin, const char *path) {
    static char text[256];
    const char *found = NULL;
    uint32_t segment, row;
    pack_item item;
    assert_true(pack_find(k->pack, stella_sv_cstr(path), &row));
    assert_true(pack_segment_find(k->pack, stella_sv_cstr(plugin), &segment));
    for (pack_items it = pack_items_of(k->pack, segment); pack_items_next(&it, &item);)
        if (item.what == PACK_RECORD && item.row == row) {
            assert_null(found);
            snprintf(text, sizeof text, "%.*s", STELLA_SV_FMT(item.bytes));
            found = text;
        }
    return found;
}

#define seen(k, path) seen_by(k, "org.example.a", path)

static stella_buf large_file(void) {
    stella_buf bytes = stella_buf_of(LARGE);
    for (uint32_t i = 0; bytes.len + 16 <= LARGE; i++)
        stella_buf_printf(&bytes, "%016u", i);
    while (bytes.len < LARGE)
        stella_buf_u8(&bytes, 'z');
    assert_false(bytes.failed);
    return bytes;
}

static void a_file_is_had_whole_from_memory_or_mapped(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf tar = stella_buf_of(64u << 20);
    STELLA_AUTO(stella_buf_fini) stella_buf large = large_file();
    STELLA_AUTO(kit_close) layer_kit k;
    tar_file(&tar, "a/main.db", STELLA_SV("abc"));
    tar_file(&tar, "b/main.db", stella_buf_sv(&large));
    tar_file(&tar, "c.kept", STELLA_SV("kept and sought"));
    tar_file(&tar, "d.kept", stella_buf_sv(&large));
    tar_file(&tar, "e/main.db", STELLA_SV(""));
    tar_end(&tar);
    read_layer(&k, stella_buf_sv(&tar));
    assert_string_equal(seen(&k, "a/main.db"), "abc..abc 3|not-found|not-found");
    assert_string_equal(seen(&k, "b/main.db"), "00000000..zzzzzzzz 8400953|not-found|not-found");
    assert_string_equal(seen(&k, "c.kept"), "kept and..d sought 15");
    assert_string_equal(seen(&k, "d.kept"), "00000000..zzzzzzzz 8400953");
    assert_string_equal(seen(&k, "e/main.db"), ".. 0|not-found|not-found");
    stella_sv kept;
    assert_true(kit_content(&k, "org.example.a", "d.kept", &kept));
    assert_true(stella_sv_eq(kept, stella_buf_sv(&large)));
}

static void many_plugins_share_one_reading(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf tar = stella_buf_of(64u << 20);
    STELLA_AUTO(stella_buf_fini) stella_buf large = large_file();
    STELLA_AUTO(kit_close) layer_kit k;
    tar_file(&tar, "shared/main.db", stella_buf_sv(&large));
    tar_file(&tar, "shared/both.db", STELLA_SV("kept, sought and beside others"));
    tar_file(&tar, "shared/both.db-wal", STELLA_SV("log"));
    tar_file(&tar, "shared/main.db-wal", stella_buf_sv(&large));
    tar_end(&tar);
    read_layer(&k, stella_buf_sv(&tar));
    for (int i = 0; i < 2; i++) {
        const char *plugin = i ? "org.example.c" : "org.example.a";
        assert_string_equal(seen_by(&k, plugin, "shared/main.db"),
                            "00000000..zzzzzzzz 8400953|00000000..zzzzzzzz 8400953|not-found");
        assert_string_equal(seen_by(&k, plugin, "shared/both.db"), "kept, so..e others 30|log..log 3");
    }
    assert_string_equal(seen_by(&k, "org.example.b", "shared/main.db"), "8400953");
    assert_string_equal(seen_by(&k, "org.example.b", "shared/main.db-wal"), "8400953");
    assert_string_equal(seen_by(&k, "org.example.b", "shared/both.db"), "30");
    stella_sv kept;
    assert_true(kit_content(&k, "org.example.c", "shared/both.db", &kept));
    assert_int_equal(kept.len, 30);
}

static void companions_are_found_before_and_behind_the_file(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf tar = stella_buf_of(1u << 20);
    STELLA_AUTO(kit_close) layer_kit k;
    tar_file(&tar, "a/main.db-journal", STELLA_SV("before"));
    tar_file(&tar, "a/main.db", STELLA_SV("file"));
    tar_file(&tar, "a/main.db-wal", STELLA_SV("behind"));
    tar_file(&tar, "b/main.db", STELLA_SV("alone"));
    tar_file(&tar, "other.db-wal", STELLA_SV("nobody's"));
    tar_file(&tar, "c/main.db-wal", STELLA_SV("without a file"));
    tar_end(&tar);
    read_layer(&k, stella_buf_sv(&tar));
    assert_string_equal(seen(&k, "a/main.db"), "file..file 4|behind..behind 6|before..before 6");
    assert_string_equal(seen(&k, "b/main.db"), "alone..alone 5|not-found|not-found");
    assert_null(seen(&k, "c/main.db-wal"));
}

static void of_several_entries_the_last_is_meant(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf tar = stella_buf_of(1u << 20);
    STELLA_AUTO(kit_close) layer_kit k;
    tar_file(&tar, "a/main.db", STELLA_SV("old"));
    tar_file(&tar, "a/main.db-wal", STELLA_SV("old log"));
    tar_file(&tar, "a/main.db", STELLA_SV("new"));
    tar_file(&tar, "a/main.db-wal", STELLA_SV("new log"));
    tar_file(&tar, "b/main.db", STELLA_SV("file"));
    tar_file(&tar, "b/main.db-wal", STELLA_SV("a file at first"));
    tar_add_link(&tar, TAR_LINK, "b/main.db-wal", "../a/main.db-wal");
    tar_file(&tar, "c/main.db", STELLA_SV("a file at first"));
    tar_add_link(&tar, TAR_LINK, "c/main.db", "../a/main.db");
    tar_end(&tar);
    read_layer(&k, stella_buf_sv(&tar));
    assert_string_equal(seen(&k, "a/main.db"), "new..new 3|new log..new log 7|not-found");
    assert_string_equal(seen(&k, "b/main.db"), "file..file 4|not-found|not-found");
    assert_null(seen(&k, "c/main.db"));
}

static void hard_links_are_companions_and_have_some(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf tar = stella_buf_of(1u << 20);
    STELLA_AUTO(kit_close) layer_kit k;
    tar_file(&tar, "store/file", STELLA_SV("file"));
    tar_file(&tar, "store/log", STELLA_SV("log"));
    tar_add_link(&tar, TAR_HARD, "a/main.db", "store/file");
    tar_add_link(&tar, TAR_HARD, "a/main.db-wal", "store/log");
    tar_file(&tar, "b/main.db", STELLA_SV("plain"));
    tar_add_link(&tar, TAR_HARD, "b/main.db-wal", "store/log");
    tar_end(&tar);
    read_layer(&k, stella_buf_sv(&tar));
    assert_string_equal(seen(&k, "a/main.db"), "file..file 4|log..log 3|not-found");
    assert_string_equal(seen(&k, "b/main.db"), "plain..plain 5|log..log 3|not-found");
}

static void what_is_too_large_is_refused_and_said(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf tar = stella_buf_of(1u << 20);
    STELLA_AUTO(kit_close) layer_kit k;
    pack_item note;
    tar_file(&tar, "a.small", STELLA_SV("12345"));
    tar_file(&tar, "b.stream", STELLA_SV("12345"));
    tar_file(&tar, "c/few.db", STELLA_SV("1234"));
    tar_file(&tar, "c/few.db-wal", STELLA_SV("123456"));
    tar_file(&tar, "d/few.db", STELLA_SV("1234567"));
    tar_file(&tar, "d/few.db-wal", STELLA_SV("1"));
    tar_end(&tar);
    read_layer(&k, stella_buf_sv(&tar));
    assert_string_equal(seen(&k, "a.small"), "limit");
    assert_string_equal(seen(&k, "b.stream"), "unsupported");
    assert_string_equal(seen(&k, "c/few.db"), "1234..1234 4|limit");
    assert_string_equal(seen(&k, "d/few.db"), "limit|limit");
    assert_true(kit_note(&k, "org.example.a", "a file of 5 bytes, at most 4", &note));
    assert_true(kit_note(&k, "org.example.a", "a companion of 6 bytes, at most 4", &note));
    assert_true(kit_note(&k, "org.example.a", "a file of 7 bytes, at most 4", &note));
}

static void a_probe_that_fails_loses_its_file_alone(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf tar = stella_buf_of(1u << 20);
    STELLA_AUTO(kit_close) layer_kit k = {.analyzers = {&failing, &streaming, &seeking}, .analyzer_count = 3};
    pack_item note;
    tar_file(&tar, "a/main.db", STELLA_SV("file"));
    tar_file(&tar, "a/main.db-wal", STELLA_SV("log"));
    tar_end(&tar);
    assert_int_equal(kit_run_bytes(&k, stella_buf_sv(&tar), KIT_BLOB), STELLA_OK);
    assert_null(seen(&k, "a/main.db"));
    assert_true(kit_note(&k, "org.example.a", "a torn page", &note));
    assert_int_equal(note.severity, PACK_NOTE_LOST);
    assert_string_equal(seen_by(&k, "org.example.c", "a/main.db"), "file..file 4|log..log 3|not-found");
}

static stella_status stops_at_the_limit(void *self, stella_probe *probe, stella_error *err) {
    (void)self;
    stella_record record = STELLA_RECORD_INIT;
    record.kind = STELLA_SV("begun");
    stella_sv bytes;
    assert_int_equal(stella_probe_record(probe, &record, err), STELLA_OK);
    return stella_probe_content(probe, &bytes, err);
}

static const stella_analyzer stopping = ANALYZER(databases, stops_at_the_limit);

static void a_probe_that_stops_at_the_limit_has_an_error_of_that_file(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf tar = stella_buf_of(1u << 20);
    STELLA_AUTO(kit_close) layer_kit k = {.analyzers = {&stopping}, .analyzer_count = 1};
    pack_item note;
    tar_file(&tar, "a.small", STELLA_SV("12345"));
    tar_file(&tar, "b.small", STELLA_SV("1234"));
    tar_end(&tar);
    assert_int_equal(kit_run_bytes(&k, stella_buf_sv(&tar), KIT_BLOB), STELLA_OK);
    assert_true(kit_note(&k, "org.example.a", "a file of 5 bytes, at most 4", &note));
    assert_int_equal(note.severity, STELLA_NOTE_ERROR);
    assert_int_equal(note.code, STELLA_E_LIMIT);
    assert_null(seen_by(&k, "org.example.a", "a.small"));
    assert_non_null(seen_by(&k, "org.example.a", "b.small"));
}

static void a_full_scratch_file_costs_what_would_not_fit(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf tar = stella_buf_of(64u << 20);
    STELLA_AUTO(stella_buf_fini) stella_buf large = large_file();
    STELLA_AUTO(kit_close) layer_kit k = {.analyzers = {&seeking}, .analyzer_count = 1};
    struct rlimit before, few = {.rlim_cur = 4u << 20};
    pack_item note;
    tar_file(&tar, "a/main.db", stella_buf_sv(&large));
    tar_file(&tar, "b/main.db", STELLA_SV("file"));
    tar_file(&tar, "b/main.db-wal", stella_buf_sv(&large));
    tar_file(&tar, "c.kept", STELLA_SV("kept"));
    tar_end(&tar);
    k.fds[0] = memory_file(stella_buf_sv(&tar));
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    few.rlim_max = before.rlim_max;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &few), 0);
    const stella_status status = kit_run(&k, KIT_BLOB);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(status, STELLA_OK);
    assert_null(seen(&k, "a/main.db"));
    assert_true(kit_note(&k, "org.example.a", "not read: the scratch file cannot be written", &note));
    assert_string_equal(seen(&k, "b/main.db"), "file..file 4|io|not-found");
    assert_string_equal(seen(&k, "c.kept"), "kept..kept 4");
}

static void a_layer_holds_so_much_aside(void **state) {
    (void)state;
    aside *a = aside_create();
    stella_error err = {0};
    assert_non_null(a);
    assert_int_equal(aside_reserve(a, HELD_BYTES_MAX - 1, &err), STELLA_OK);
    assert_int_equal(aside_reserve(a, 2, &err), STELLA_E_LIMIT);
    assert_non_null(strstr(err.message, "more than 4294967296 bytes of one layer"));
    assert_int_equal(aside_reserve(a, UINT64_MAX, &err), STELLA_E_LIMIT);
    for (uint32_t i = 1; i < HELD_FILES_MAX; i++)
        assert_int_equal(aside_reserve(a, 0, &err), STELLA_OK);
    assert_int_equal(aside_reserve(a, 0, &err), STELLA_E_LIMIT);
    assert_non_null(strstr(err.message, "more than 100000 files of one layer"));
    aside_destroy(a);
}

static void write_file(int dir, const char *name, const char *text, mode_t mode) {
    const int fd = openat(dir, name, O_CREAT | O_WRONLY | O_CLOEXEC, mode);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
}

static void a_directory_is_read_in_the_same_way(void **state) {
    (void)state;
    char path[] = "/tmp/stella-seek-XXXXXX";
    STELLA_AUTO(kit_close) layer_kit k = {.analyzers = {&seeking}, .analyzer_count = 1};
    assert_non_null(mkdtemp(path));
    k.fds[0] = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    write_file(k.fds[0], "main.db", "file", 0644);
    write_file(k.fds[0], "main.db-wal", "log", 0644);
    write_file(k.fds[0], "c.kept", "kept", 0644);
    assert_int_equal(kit_run(&k, KIT_DIRECTORY), STELLA_OK);
    assert_string_equal(seen(&k, "main.db"), "file..file 4|log..log 3|not-found");
    assert_string_equal(seen(&k, "c.kept"), "kept..kept 4");
    unlinkat(k.fds[0], "main.db", 0);
    unlinkat(k.fds[0], "main.db-wal", 0);
    unlinkat(k.fds[0], "c.kept", 0);
    rmdir(path);
}

/* ---- large files of a directory are read where they are */

static const stella_interest large_ones[] = {{.mode = STELLA_PROBE | STELLA_SEEK, .suffix = ".large"}};
static int shortened_fd = -1; /* of the file that is cut short while it is read */

static stella_status cut_and_read(void *self, stella_probe *probe, stella_error *err) {
    stella_sv bytes = {0};
    const stella_status status = stella_probe_content(probe, &bytes, err);
    if (status != STELLA_OK)
        return status;
    assert_int_equal(ftruncate(shortened_fd, 100), 0);
    assert_int_equal(bytes.ptr[bytes.len - 1], 0);
    return seek(self, probe, err);
}

static const stella_analyzer placed = ANALYZER(large_ones, seek), cutting = ANALYZER(large_ones, cut_and_read);

static void with_a_large_file(layer_kit *k, char *path) {
    assert_non_null(mkdtemp(path));
    k->fds[0] = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    shortened_fd = openat(k->fds[0], "a.large", O_CREAT | O_RDWR | O_CLOEXEC, 0644);
    assert_true(shortened_fd >= 0);
    assert_int_equal(ftruncate(shortened_fd, LARGE), 0);
    assert_int_equal(pwrite(shortened_fd, "first...", 8, 0), 8);
    assert_int_equal(pwrite(shortened_fd, "....last", 8, LARGE - 8), 8);
}

static void without_it(layer_kit *k, const char *path) {
    unlinkat(k->fds[0], "a.large", 0);
    rmdir(path);
    close(shortened_fd);
}

static void a_large_file_of_a_directory_is_not_copied(void **state) {
    (void)state;
    char path[] = "/tmp/stella-seek-XXXXXX";
    struct stat st;
    STELLA_AUTO(kit_close) layer_kit k = {.analyzers = {&placed}, .analyzer_count = 1};
    with_a_large_file(&k, path);
    assert_int_equal(kit_run(&k, KIT_DIRECTORY), STELLA_OK);
    assert_string_equal(seen(&k, "a.large"), "first.........last 8400953");
    assert_int_equal(fstat(k.fds[2], &st), 0);
    assert_int_equal(st.st_size, 0);
    without_it(&k, path);
}

static void a_large_file_that_is_all_there_is_is_not_copied(void **state) {
    (void)state;
    char request[128];
    struct stat st;
    STELLA_AUTO(kit_close) layer_kit k = {.analyzers = {&placed}, .analyzer_count = 1};
    k.fds[0] = memfd_create("large", MFD_CLOEXEC);
    assert_int_equal(ftruncate(k.fds[0], LARGE), 0);
    assert_int_equal(pwrite(k.fds[0], "first...", 8, 0), 8);
    assert_int_equal(pwrite(k.fds[0], "....last", 8, LARGE - 8), 8);
    snprintf(request, sizeof request, "{\"kind\":\"file\",\"name\":\"a.large\",\"diffId\":\"\",\"size\":%d}", LARGE);
    assert_int_equal(kit_run(&k, request), STELLA_OK);
    assert_string_equal(seen(&k, "a.large"), "first.........last 8400953");
    assert_int_equal(fstat(k.fds[2], &st), 0);
    assert_int_equal(st.st_size, 0);
}

static void a_file_that_is_cut_short_while_it_is_read_loses_itself_alone(void **state) {
    (void)state;
    char path[] = "/tmp/stella-seek-XXXXXX";
    STELLA_AUTO(kit_close) layer_kit k = {.analyzers = {&cutting}, .analyzer_count = 1};
    pack_item note;
    with_a_large_file(&k, path);
    assert_int_equal(kit_run(&k, KIT_DIRECTORY), STELLA_OK);
    assert_null(seen(&k, "a.large"));
    assert_true(kit_note(&k, "org.example.a", "the file was cut short while it was read", &note));
    without_it(&k, path);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_is_had_whole_from_memory_or_mapped),
        cmocka_unit_test(many_plugins_share_one_reading),
        cmocka_unit_test(companions_are_found_before_and_behind_the_file),
        cmocka_unit_test(of_several_entries_the_last_is_meant),
        cmocka_unit_test(hard_links_are_companions_and_have_some),
        cmocka_unit_test(what_is_too_large_is_refused_and_said),
        cmocka_unit_test(a_probe_that_fails_loses_its_file_alone),
        cmocka_unit_test(a_probe_that_stops_at_the_limit_has_an_error_of_that_file),
        cmocka_unit_test(a_full_scratch_file_costs_what_would_not_fit),
        cmocka_unit_test(a_layer_holds_so_much_aside),
        cmocka_unit_test(a_directory_is_read_in_the_same_way),
        cmocka_unit_test(a_large_file_of_a_directory_is_not_copied),
        cmocka_unit_test(a_large_file_that_is_all_there_is_is_not_copied),
        cmocka_unit_test(a_file_that_is_cut_short_while_it_is_read_loses_itself_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

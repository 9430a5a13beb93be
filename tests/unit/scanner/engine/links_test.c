/* Files that are interesting under a hard link's name: read twice, served under every name. */
#include "layer_kit.h"

#include "links.h"

#include <sys/stat.h>
#include <sys/wait.h>

#define KIT_AGAIN "{\"kind\":\"blob\",\"name\":\"layer\",\"diffId\":\"\",\"links\":true}"

static const stella_interest wanted[] = {{.mode = STELLA_KEEP, .name = "package.json", .max_bytes = 64},
                                         {.mode = STELLA_PROBE, .path = "var/lib/dpkg/status"},
                                         {.mode = STELLA_PROBE, .type = STELLA_TYPE_ELF}};

/* A record of all there is to read, its key the path under which it is read. */
static stella_status copy(void *self, stella_probe *probe, stella_error *err) {
    STELLA_AUTO(stella_buf_fini) stella_buf all = stella_buf_of(1u << 20);
    (void)self;
    for (stella_sv chunk;;) {
        const stella_status status = stella_probe_read(probe, &chunk, err);
        if (status != STELLA_OK)
            return status;
        if (chunk.len == 0)
            break;
        stella_buf_add(&all, chunk);
    }
    stella_record record = STELLA_RECORD_INIT;
    record.kind = STELLA_SV("copy");
    record.key = probe->file->path;
    record.bytes = stella_buf_sv(&all);
    return stella_probe_record(probe, &record, err);
}

static stella_status never_analyzed(void *self, stella_analysis *job, stella_error *err) {
    (void)self;
    (void)job;
    (void)err;
    fail();
    return STELLA_OK;
}

static const stella_analyzer analyzer = {.head = STELLA_HEAD(stella_analyzer),
                                         .phase = STELLA_PHASE_PACKAGES,
                                         .interest_count = STELLA_COUNT(wanted),
                                         .interest_stride = sizeof wanted[0],
                                         .interests = wanted,
                                         .probe = copy,
                                         .analyze = never_analyzed};

static uint64_t missed(const layer_kit *k) {
    uint64_t count = 99;
    assert_true(stella_json_u64(stella_json_get(k->answer, "links"), &count));
    return count;
}

/* The layer, as often as it asks for. Returns how many names the first reading missed. */
static uint64_t read_layer(layer_kit *k, stella_sv tar) {
    STELLA_AUTO(kit_close) layer_kit first = {.analyzers = {&analyzer}, .analyzer_count = 1};
    *k = (layer_kit){.analyzers = {&analyzer}, .analyzer_count = 1};
    if (kit_run_bytes(&first, tar, KIT_BLOB) != STELLA_OK)
        fail_msg("%s", first.error.message);
    k->fds[3] = dup(first.fds[3]);
    if (kit_run_bytes(k, tar, missed(&first) ? KIT_AGAIN : KIT_BLOB) != STELLA_OK)
        fail_msg("%s", k->error.message);
    if (missed(&first))
        assert_int_equal(missed(k), 0);
    return missed(&first);
}

/* The content or record that stands under exactly this path; empty when there is none. */
static stella_sv learnt(const layer_kit *k, uint32_t what, const char *path) {
    uint32_t segment, row;
    pack_item item;
    stella_sv found = {0};
    assert_true(pack_find(k->pack, stella_sv_cstr(path), &row));
    assert_true(pack_segment_find(k->pack, STELLA_SV("org.example.a"), &segment));
    for (pack_items it = pack_items_of(k->pack, segment); pack_items_next(&it, &item);)
        if (item.what == what && item.row == row) {
            assert_null(found.ptr); /* once only */
            found = item.bytes;
            if (what == PACK_RECORD)
                assert_true(stella_sv_eq(item.key, stella_sv_cstr(path)));
        }
    return found;
}

#define assert_learnt(k, what, path, text) assert_true(stella_sv_eq(learnt(k, what, path), STELLA_SV(text)))

static void a_store_of_hard_links_is_seen_under_each_name(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf tar = stella_buf_of(1u << 20);
    STELLA_AUTO(kit_close) layer_kit k;
    pack_row row;
    tar_file(&tar, "store/00/ab", STELLA_SV("{\"name\":\"one\"}"));
    tar_file(&tar, "store/01/cd", STELLA_SV("{\"name\":\"two\"}"));
    tar_file(&tar, "store/02/ef", STELLA_SV("nobody's"));
    tar_add_link(&tar, TAR_HARD, "a/node_modules/two/package.json", "store/01/cd");
    tar_add_link(&tar, TAR_HARD, "a/node_modules/one/package.json", "store/00/ab");
    tar_add_link(&tar, TAR_HARD, "b/node_modules/one/package.json", "a/node_modules/one/package.json");
    tar_add_link(&tar, TAR_HARD, "b/node_modules/one/readme", "store/02/ef");
    tar_end(&tar);
    assert_int_equal(read_layer(&k, stella_buf_sv(&tar)), 3);
    assert_learnt(&k, PACK_CONTENT, "a/node_modules/one/package.json", "{\"name\":\"one\"}");
    assert_learnt(&k, PACK_CONTENT, "b/node_modules/one/package.json", "{\"name\":\"one\"}");
    assert_learnt(&k, PACK_CONTENT, "a/node_modules/two/package.json", "{\"name\":\"two\"}");
    assert_null(learnt(&k, PACK_CONTENT, "store/00/ab").ptr);
    assert_null(learnt(&k, PACK_CONTENT, "store/02/ef").ptr);
    assert_true(kit_row(&k, "b/node_modules/one/package.json", &row));
    assert_int_equal(row.flags, PACK_HARDLINK); /* the index is what it was */
}

static void a_database_under_a_later_name_is_probed_there(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf tar = stella_buf_of(1u << 20);
    STELLA_AUTO(kit_close) layer_kit k;
    tar_file(&tar, "backup/status", STELLA_SV("Package: bash\n"));
    tar_add_link(&tar, TAR_HARD, "var/lib/dpkg/status", "backup/status");
    tar_end(&tar);
    assert_int_equal(read_layer(&k, stella_buf_sv(&tar)), 1);
    assert_learnt(&k, PACK_RECORD, "var/lib/dpkg/status", "Package: bash\n");
    assert_null(learnt(&k, PACK_RECORD, "backup/status").ptr);
}

static void a_layer_is_read_once_when_the_first_name_was_enough(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf tar = stella_buf_of(1u << 20);
    STELLA_AUTO(kit_close) layer_kit k;
    tar_file(&tar, "bin/busybox",
             STELLA_SV("\x7f"
                       "ELF....."));
    tar_add_link(&tar, TAR_HARD, "bin/ls", "bin/busybox");
    tar_file(&tar, "x/package.json", STELLA_SV("{}"));
    tar_add_link(&tar, TAR_HARD, "x/readme", "x/package.json");
    tar_add_link(&tar, TAR_HARD, "y/package.json", "not/there");
    tar_end(&tar);
    assert_int_equal(read_layer(&k, stella_buf_sv(&tar)), 0);
    assert_non_null(learnt(&k, PACK_RECORD, "bin/busybox").ptr);
}

static void both_names_are_served_when_both_are_asked_for(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf tar = stella_buf_of(1u << 20);
    STELLA_AUTO(kit_close) layer_kit k;
    tar_file(&tar, "x/package.json", STELLA_SV("{}"));
    tar_add_link(&tar, TAR_HARD, "y/package.json", "x/package.json");
    tar_end(&tar);
    assert_int_equal(read_layer(&k, stella_buf_sv(&tar)), 1);
    assert_learnt(&k, PACK_CONTENT, "x/package.json", "{}");
    assert_learnt(&k, PACK_CONTENT, "y/package.json", "{}");
}

/* The link keeps the bytes it was made of, whatever its first name becomes. */
static void a_first_name_that_is_replaced_does_not_take_the_bytes_along(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf tar = stella_buf_of(1u << 20);
    STELLA_AUTO(kit_close) layer_kit k;
    tar_file(&tar, "tool",
             STELLA_SV("\x7f"
                       "ELF-old"));
    tar_add_link(&tar, TAR_HARD, "old", "tool");
    tar_file(&tar, "tool",
             STELLA_SV("\x7f"
                       "ELF-new"));
    tar_end(&tar);
    assert_int_equal(read_layer(&k, stella_buf_sv(&tar)), 1);
    assert_learnt(&k, PACK_RECORD, "old",
                  "\x7f"
                  "ELF-old");
    assert_learnt(&k, PACK_RECORD, "tool",
                  "\x7f"
                  "ELF-new");
}

static void a_file_too_large_is_said_under_the_name_that_asked(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf tar = stella_buf_of(1u << 20);
    STELLA_AUTO(kit_close) layer_kit k;
    pack_item note;
    char path[PATH_BYTES_MAX];
    tar_file(&tar, "first", STELLA_SV("0123456789012345678901234567890123456789012345678901234567890123456789"));
    tar_add_link(&tar, TAR_HARD, "p/package.json", "first");
    tar_end(&tar);
    assert_int_equal(read_layer(&k, stella_buf_sv(&tar)), 1);
    assert_true(kit_note(&k, "org.example.a", "not kept: a file of 70 bytes, at most 64", &note));
    assert_true(stella_sv_eq(pack_path(k.pack, note.row, path), STELLA_SV("p/package.json")));
}

static void what_an_earlier_reading_wrote_is_taken_with_care(void **state) {
    (void)state;
    static const struct {
        const char *bytes;
        size_t size;
    } broken[] = {{"\1\0\0\0\2\0\0\0\0\5ab", 12},                      /* cut short */
                  {"\2\0\0\0\2\0\0\0\0\1a", 11},                       /* a link to itself */
                  {"\1\0\0\0\2\0\0\0\0\0", 10},                        /* no name */
                  {"\5\0\0\0\6\0\0\0\0\1a\1\0\0\0\2\0\0\0\0\1b", 22}}; /* not in order */
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        STELLA_AUTO(kit_close) layer_kit k = {.analyzers = {&analyzer}, .analyzer_count = 1};
        k.fds[3] = memory_file(stella_sv_of(broken[i].bytes, broken[i].size));
        assert_int_equal(kit_run_bytes(&k, STELLA_SV("x"), KIT_AGAIN), STELLA_E_FORMAT);
        assert_non_null(strstr(k.error.message, "hard links"));
    }
    /* Names of entries that there are not: evidence of nothing. */
    STELLA_AUTO(stella_buf_fini) stella_buf tar = stella_buf_of(1u << 20);
    STELLA_AUTO(kit_close) layer_kit k = {.analyzers = {&analyzer}, .analyzer_count = 1};
    tar_file(&tar, "first", STELLA_SV("{}"));
    tar_end(&tar);
    k.fds[3] =
        memory_file(stella_sv_of("\0\0\0\0\xff\xff\xff\x7f\0\xepackage.json.a\0\0\0\0\xff\0\0\0\0\xcpackage.json", 46));
    assert_int_equal(kit_run_bytes(&k, stella_buf_sv(&tar), KIT_AGAIN), STELLA_OK);
    assert_null(learnt(&k, PACK_CONTENT, "first").ptr);
}

/* GNU tar's own idea of hard links, in a tree as pnpm leaves it. */
static void a_tree_packed_by_tar_loses_nothing(void **state) {
    (void)state;
    char dir[] = "/tmp/stella-links-XXXXXX", command[512];
    STELLA_AUTO(kit_close) layer_kit k;
    STELLA_AUTO(stella_buf_fini) stella_buf tar = stella_buf_of(4u << 20);
    assert_non_null(mkdtemp(dir));
    snprintf(command, sizeof command,
             "cd %s && mkdir -p aaa/store var/lib/dpkg && echo 'Package: bash' >aaa/status &&"
             " ln aaa/status var/lib/dpkg/status && for i in 1 2 3 4 5 6 7 8; do echo \"{$i}\" >aaa/store/$i;"
             " for p in m n; do mkdir -p $p/$i && ln aaa/store/$i $p/$i/package.json; done; done &&"
             " tar --sort=name -cf all.tar aaa m n var",
             dir);
    assert_int_equal(system(command), 0);
    snprintf(command, sizeof command, "%s/all.tar", dir);
    char piece[65536];
    const int fd = open(command, O_RDONLY | O_CLOEXEC);
    for (ssize_t got; (got = read(fd, piece, sizeof piece)) > 0;)
        stella_buf_add(&tar, stella_sv_of(piece, (size_t)got));
    close(fd);
    snprintf(command, sizeof command, "rm -rf %s", dir);
    assert_int_equal(system(command), 0);
    assert_int_equal(read_layer(&k, stella_buf_sv(&tar)), 17);
    assert_learnt(&k, PACK_RECORD, "var/lib/dpkg/status", "Package: bash\n");
    assert_learnt(&k, PACK_CONTENT, "m/1/package.json", "{1}\n");
    assert_learnt(&k, PACK_CONTENT, "n/8/package.json", "{8}\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_store_of_hard_links_is_seen_under_each_name),
        cmocka_unit_test(a_database_under_a_later_name_is_probed_there),
        cmocka_unit_test(a_layer_is_read_once_when_the_first_name_was_enough),
        cmocka_unit_test(both_names_are_served_when_both_are_asked_for),
        cmocka_unit_test(a_first_name_that_is_replaced_does_not_take_the_bytes_along),
        cmocka_unit_test(a_file_too_large_is_said_under_the_name_that_asked),
        cmocka_unit_test(what_an_earlier_reading_wrote_is_taken_with_care),
        cmocka_unit_test(a_tree_packed_by_tar_loses_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

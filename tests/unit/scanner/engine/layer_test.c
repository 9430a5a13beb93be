/* The job "layer" from stored bytes to pack and reply. */
#include "layer_kit.h"

#include <stella/auto.h>

static const stella_interest keep_conf[] = {{.mode = STELLA_KEEP, .suffix = ".conf", .max_bytes = 100}};
static const stella_interest probe_list[] = {{.mode = STELLA_PROBE, .dir = "var/lib", .suffix = ".list"},
                                             {.mode = STELLA_PROBE, .type = STELLA_TYPE_ELF},
                                             {.mode = STELLA_PROBE | STELLA_KEEP, .name = "both"}};

/* Records how many bytes and pieces it saw, and the last byte. */
static stella_status count_bytes(void *self, stella_probe *probe, stella_error *err) {
    stella_sv chunk;
    uint64_t bytes = 0;
    char last = '-';
    (void)self;
    for (;;) {
        const stella_status status = stella_probe_read(probe, &chunk, err);
        if (status != STELLA_OK)
            return status;
        if (chunk.len == 0)
            break;
        assert_true(chunk.len <= 1u << 20);
        bytes += chunk.len;
        last = chunk.ptr[chunk.len - 1];
    }
    char text[64];
    const int len = snprintf(text, sizeof text, "%llu%c", (unsigned long long)bytes, last);
    stella_record record = STELLA_RECORD_INIT;
    record.kind = STELLA_SV("count");
    record.key = probe->file->path;
    record.bytes = stella_sv_of(text, (size_t)len);
    return stella_probe_record(probe, &record, err);
}

static stella_status never_analyzed(void *self, stella_analysis *job, stella_error *err) {
    (void)self;
    (void)job;
    (void)err;
    fail();
    return STELLA_OK;
}

#define ANALYZER(interests_, ...)                                                                                      \
    {                                                                                                                  \
        .head = STELLA_HEAD(stella_analyzer), .phase = STELLA_PHASE_PACKAGES,                                          \
        .interest_count = STELLA_COUNT(interests_), .interest_stride = sizeof((interests_)[0]),                        \
        .interests = (interests_), .analyze = never_analyzed, __VA_ARGS__                                              \
    }

static const stella_analyzer keeper = ANALYZER(keep_conf, .probe = NULL);
static const stella_analyzer counter = ANALYZER(probe_list, .probe = count_bytes);

static int record_text(const layer_kit *k, const char *plugin, const char *key, char *out, size_t room) {
    uint32_t segment;
    pack_item item;
    if (!pack_segment_find(k->pack, stella_sv_cstr(plugin), &segment))
        return 0;
    pack_items it = pack_items_of(k->pack, segment);
    while (pack_items_next(&it, &item)) {
        if (item.what == PACK_RECORD && stella_sv_eq(item.key, stella_sv_cstr(key))) {
            snprintf(out, room, "%.*s", STELLA_SV_FMT(item.bytes));
            return 1;
        }
    }
    return 0;
}

/* A small tree with everything in it. */
static void make_tree(stella_buf *tar) {
    tar_dir(tar, "./");
    tar_dir(tar, "./etc/");
    tar_file(tar, "./etc/a.conf", STELLA_SV("alpha=1\n"));
    tar_file(tar, "./var/lib/x.list", STELLA_SV("one\ntwo\n"));
    tar_file(tar, "./usr/bin/tool",
             STELLA_SV("\x7f"
                       "ELF....."));
    tar_add_link(tar, TAR_LINK, "./lib", "usr/lib");
    tar_add_link(tar, TAR_HARD, "./etc/b.link", "./etc/a.conf");
    tar_file(tar, "./opt/.wh.gone", STELLA_SV(""));
    tar_file(tar, "./srv/.wh..wh..opq", STELLA_SV(""));
    tar_head(tar, TAR_FILE, "./entry", "", 12, 0755);
    tar_bytes(tar, STELLA_SV("#!/bin/sh\nls"));
    tar_end(tar);
}

static void check_tree(layer_kit *k) {
    pack_row row;
    stella_sv bytes;
    char text[64];
    assert_true(kit_row(k, "etc/a.conf", &row));
    assert_int_equal(row.kind, STELLA_FILE_REGULAR);
    assert_int_equal(row.type, STELLA_TYPE_TEXT);
    assert_int_equal(row.mode, 0644);
    assert_int_equal(row.uid, 1000);
    assert_int_equal(row.gid, 100);
    assert_int_equal(row.size, 8);
    assert_true(kit_row(k, "lib", &row));
    assert_true(stella_sv_eq(row.target, STELLA_SV("usr/lib")));
    assert_true(kit_row(k, "etc/b.link", &row));
    assert_int_equal(row.flags, PACK_HARDLINK);
    assert_int_equal(row.size, 8);
    assert_true(kit_row(k, "opt/gone", &row));
    assert_int_equal(row.flags, PACK_WHITEOUT);
    assert_int_equal(row.kind, 0);
    assert_true(kit_row(k, "srv", &row));
    assert_int_equal(row.flags, PACK_OPAQUE);
    assert_false(kit_row(k, "srv/.wh..wh..opq", &row));
    assert_true(kit_content(k, "org.example.a", "etc/a.conf", &bytes));
    assert_true(stella_sv_eq(bytes, STELLA_SV("alpha=1\n")));
    assert_true(kit_content(k, "org.example.a", "etc/b.link", &bytes));
    assert_true(kit_content(k, ENGINE_ID, "entry", &bytes));
    assert_true(record_text(k, "org.example.b", "var/lib/x.list", text, sizeof text));
    assert_string_equal(text, "8\n");
    assert_true(record_text(k, "org.example.b", "usr/bin/tool", text, sizeof text));
    assert_string_equal(text, "9.");
}

static void with_analyzers(layer_kit *k) {
    k->analyzers[0] = &keeper;
    k->analyzers[1] = &counter;
    k->analyzer_count = 2;
}

static void reads_a_layer_however_it_is_compressed(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf tar = stella_buf_of(1u << 20);
    STELLA_AUTO(stella_buf_fini) stella_buf gzip = stella_buf_of(1u << 20);
    STELLA_AUTO(stella_buf_fini) stella_buf zstd = stella_buf_of(1u << 20);
    make_tree(&tar);
    gzip_bytes(stella_buf_sv(&tar), &gzip);
    zstd_bytes(stella_buf_sv(&tar), &zstd);
    const stella_sv forms[] = {stella_buf_sv(&tar), stella_buf_sv(&gzip), stella_buf_sv(&zstd)};
    for (int i = 0; i < 3; i++) {
        STELLA_AUTO(kit_close) layer_kit k = {0};
        with_analyzers(&k);
        if (kit_run_bytes(&k, forms[i], KIT_BLOB) != STELLA_OK)
            fail_msg("%s", k.error.message);
        check_tree(&k);
        uint64_t bytes;
        assert_true(stella_json_u64(stella_json_get(k.answer, "bytes"), &bytes));
        assert_int_equal(bytes, tar.len);
        assert_int_equal(stella_json_get(k.answer, "lost")->count, 0);
        assert_int_equal(stella_json_get(k.answer, "segments")->count, 4);
    }
}

static void the_same_layer_gives_the_same_pack(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf tar = stella_buf_of(1u << 20);
    make_tree(&tar);
    char digests[2][STELLA_DIGEST_TEXT_SIZE];
    for (int i = 0; i < 2; i++) {
        STELLA_AUTO(kit_close) layer_kit k = {0};
        with_analyzers(&k);
        assert_int_equal(kit_run_bytes(&k, stella_buf_sv(&tar), KIT_BLOB), STELLA_OK);
        assert_int_equal(stella_digest_of_fd(k.fds[1], digests[i], NULL), STELLA_OK);
    }
    assert_string_equal(digests[0], digests[1]);
}

static void verifies_a_diff_id_that_is_given(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf tar = stella_buf_of(1u << 21);
    STELLA_AUTO(stella_buf_fini) stella_buf gzip = stella_buf_of(1u << 21);
    STELLA_AUTO(stella_freep) char *body = calloc(1, 900000);
    tar_file(&tar, "big", stella_sv_of(body, 900000));
    make_tree(&tar);
    gzip_bytes(stella_buf_sv(&tar), &gzip);
    char digest[STELLA_DIGEST_TEXT_SIZE], request[256];
    stella_digest_of(stella_buf_sv(&tar), digest);
    snprintf(request, sizeof request, "{\"kind\":\"blob\",\"diffId\":\"%s\"}", digest);
    STELLA_AUTO(kit_close) layer_kit good = {0};
    assert_int_equal(kit_run_bytes(&good, stella_buf_sv(&gzip), request), STELLA_OK);
    assert_true(stella_sv_eq(stella_json_str(stella_json_get(good.answer, "diffId")), stella_sv_cstr(digest)));
    STELLA_AUTO(kit_close) layer_kit bad = {0};
    request[30] = request[30] == '0' ? '1' : '0';
    assert_int_equal(kit_run_bytes(&bad, stella_buf_sv(&gzip), request), STELLA_E_FORMAT);
    assert_non_null(strstr(bad.error.message, "diff id"));
}

static void one_file_serves_all_who_want_it(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf tar = stella_buf_of(64u << 20);
    STELLA_AUTO(stella_freep) char *body = malloc(12u << 20);
    memset(body, 'x', 12u << 20);
    tar_file(&tar, "var/lib/large.list", stella_sv_of(body, 12u << 20));
    tar_file(&tar, "dir/both", stella_sv_of(body, 700000));
    tar_end(&tar);
    STELLA_AUTO(kit_close) layer_kit k = {0};
    k.analyzers[0] = k.analyzers[1] = k.analyzers[2] = &counter;
    k.analyzer_count = 3;
    assert_int_equal(kit_run_bytes(&k, stella_buf_sv(&tar), KIT_BLOB), STELLA_OK);
    const char *const ids[] = {"org.example.a", "org.example.b", "org.example.c"};
    for (int i = 0; i < 3; i++) {
        char text[64];
        stella_sv bytes;
        assert_true(record_text(&k, ids[i], "var/lib/large.list", text, sizeof text));
        assert_string_equal(text, "12582912x");
        assert_true(record_text(&k, ids[i], "dir/both", text, sizeof text));
        assert_string_equal(text, "700000x");
        assert_true(kit_content(&k, ids[i], "dir/both", &bytes));
        assert_int_equal(bytes.len, 700000);
    }
}

static void a_file_above_its_limit_is_said(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf tar = stella_buf_of(1u << 20);
    char body[200] = {0};
    pack_item note;
    stella_sv bytes;
    tar_file(&tar, "large.conf", stella_sv_of(body, sizeof body));
    tar_end(&tar);
    STELLA_AUTO(kit_close) layer_kit k = {.analyzers = {&keeper}, .analyzer_count = 1};
    assert_int_equal(kit_run_bytes(&k, stella_buf_sv(&tar), KIT_BLOB), STELLA_OK);
    assert_true(kit_note(&k, "org.example.a", "200 bytes, at most 100", &note));
    assert_int_equal(note.code, STELLA_E_LIMIT);
    assert_false(kit_content(&k, "org.example.a", "large.conf", &bytes));
}

/* ---- plugins that misbehave ----------------------------------------------------------------------------------------
 */

static stella_status fails_midway(void *self, stella_probe *probe, stella_error *err) {
    (void)self;
    stella_record record = STELLA_RECORD_INIT;
    record.kind = STELLA_SV("half");
    assert_int_equal(stella_probe_record(probe, &record, err), STELLA_OK);
    return stella_error_set(err, STELLA_E_FORMAT, NULL, "line 3 is no line");
}

static stella_status sends_garbage(void *self, stella_probe *probe, stella_error *err) {
    stella_record record = STELLA_RECORD_INIT;
    record.kind = STELLA_SV("k");
    switch ((intptr_t)self) {
    case 1:
        record.struct_size = 3;
        break;
    case 2:
        record.bytes = stella_sv_of("x", (size_t)1 << 60);
        break;
    case 3:
        record.key = stella_sv_of(NULL, 10);
        break;
    default:
        record.kind = stella_sv_of("", 0);
    }
    (void)stella_probe_record(probe, &record, err);
    return STELLA_OK; /* and does not even look at the answer */
}

static const stella_analyzer failing = ANALYZER(probe_list, .probe = fails_midway);
static const stella_analyzer garbling = ANALYZER(probe_list, .probe = sends_garbage);
static const stella_analyzer no_probe = ANALYZER(probe_list, .probe = NULL);

static void an_analyzer_that_fails_loses_that_file_only(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf tar = stella_buf_of(1u << 20);
    pack_item note;
    char text[64];
    make_tree(&tar);
    STELLA_AUTO(kit_close) layer_kit k = {.analyzers = {&failing, &counter}, .analyzer_count = 2};
    assert_int_equal(kit_run_bytes(&k, stella_buf_sv(&tar), KIT_BLOB), STELLA_OK);
    assert_true(kit_note(&k, "org.example.a", "line 3 is no line", &note));
    assert_int_equal(note.code, STELLA_E_FORMAT);
    assert_int_equal(note.severity, PACK_NOTE_LOST);
    assert_false(record_text(&k, "org.example.a", "", text, sizeof text));
    assert_true(record_text(&k, "org.example.b", "var/lib/x.list", text, sizeof text));
}

static void garbage_from_a_plugin_loses_the_plugin_and_nothing_else(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf tar = stella_buf_of(1u << 20);
    make_tree(&tar);
    stella_analyzer many = keeper, strange = keeper, small = keeper;
    many.interest_count = 4000000000u;
    strange.interest_stride = 5;
    small.head.struct_size = 16;
    const stella_analyzer *const tables[] = {&garbling, &garbling, &garbling, &garbling,
                                             &many,     &strange,  &small,    &no_probe};
    for (intptr_t i = 0; i < 8; i++) {
        char text[64];
        uint32_t segment;
        STELLA_AUTO(kit_close)
        layer_kit k = {.analyzers = {tables[i], &counter}, .instances = {(void *)(i + 1)}, .analyzer_count = 2};
        assert_int_equal(kit_run_bytes(&k, stella_buf_sv(&tar), KIT_BLOB), STELLA_OK);
        const stella_json *lost = stella_json_get(k.answer, "lost");
        assert_int_equal(lost->count, 1);
        assert_true(stella_sv_eq(stella_json_str(stella_json_get(stella_json_at(lost, 0), "plugin")),
                                 STELLA_SV("org.example.a")));
        assert_true(stella_json_str(stella_json_get(stella_json_at(lost, 0), "message")).len > 10);
        assert_false(pack_segment_find(k.pack, STELLA_SV("org.example.a"), &segment));
        assert_true(record_text(&k, "org.example.b", "var/lib/x.list", text, sizeof text));
    }
}

/* ---- supplements ---------------------------------------------------------------------------------------------------
 */

static void a_supplement_holds_the_files_asked_for_and_no_others(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf tar = stella_buf_of(1u << 20);
    stella_sv bytes;
    make_tree(&tar);
    STELLA_AUTO(kit_close) layer_kit k = {.analyzers = {&counter}, .analyzer_count = 1};
    assert_int_equal(kit_run_bytes(&k, stella_buf_sv(&tar),
                                   "{\"kind\":\"blob\",\"paths\":[\"usr/bin/tool\",\"etc/a.conf\",\"not/there\"]}"),
                     STELLA_OK);
    assert_int_equal(pack_count(k.pack), 2);
    assert_true(kit_content(&k, ENGINE_ID, "etc/a.conf", &bytes));
    assert_true(stella_sv_eq(bytes, STELLA_SV("alpha=1\n")));
    assert_true(kit_content(&k, ENGINE_ID, "usr/bin/tool", &bytes));
    assert_int_equal(stella_json_get(k.answer, "segments")->count, 2);
}

/* ---- requests ------------------------------------------------------------------------------------------------------
 */

static void refuses_a_request_that_makes_no_sense(void **state) {
    (void)state;
    static const char *const requests[] = {"", "[]", "{\"kind\":\"cake\"}",
                                           "{\"kind\":\"blob\",\"limits\":{\"entries\":0}}",
                                           "{\"kind\":\"blob\",\"paths\":7}"};
    for (size_t i = 0; i < sizeof requests / sizeof requests[0]; i++) {
        STELLA_AUTO(kit_close) layer_kit k = {0};
        assert_int_not_equal(kit_run_bytes(&k, STELLA_SV("x"), requests[i]), STELLA_OK);
        assert_string_not_equal(k.error.message, "");
        assert_int_equal(k.reply.len, 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_layer_however_it_is_compressed),
        cmocka_unit_test(the_same_layer_gives_the_same_pack),
        cmocka_unit_test(verifies_a_diff_id_that_is_given),
        cmocka_unit_test(one_file_serves_all_who_want_it),
        cmocka_unit_test(a_file_above_its_limit_is_said),
        cmocka_unit_test(an_analyzer_that_fails_loses_that_file_only),
        cmocka_unit_test(garbage_from_a_plugin_loses_the_plugin_and_nothing_else),
        cmocka_unit_test(a_supplement_holds_the_files_asked_for_and_no_others),
        cmocka_unit_test(refuses_a_request_that_makes_no_sense),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

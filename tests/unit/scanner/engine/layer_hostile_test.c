/* Layers that are cut short, damaged, or made to harm. */
#include "layer_kit.h"

static void make_tar(stella_buf *tar) {
    tar_dir(tar, "etc/");
    tar_file(tar, "etc/passwd", STELLA_SV("root:x:0:0::/root:/bin/sh\n"));
    tar_pax(tar, "path", STELLA_SV("usr/share/a-name-from-pax"));
    tar_file(tar, "short", STELLA_SV("1234567890"));
    tar_file(tar, "last", STELLA_SV("end"));
    tar_end(tar);
}

/* Where an archive may end without a promise broken: before a header. Everywhere else it must be noticed. */
static void a_tar_cut_anywhere_is_refused_with_its_offset(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf tar = stella_buf_of(1u << 20);
    make_tar(&tar);
    const size_t proper[] = {512, 1536, 3584, 4608, 5120, 5632};
    for (size_t size = 1; size < tar.len - 1024; size += 37) {
        STELLA_AUTO(kit_close) layer_kit k = {0};
        int is_proper = 0;
        for (size_t i = 0; i < sizeof proper / sizeof proper[0]; i++)
            is_proper |= size == proper[i];
        const stella_status status = kit_run_bytes(&k, stella_sv_of(tar.ptr, size), KIT_BLOB);
        if (is_proper || status == STELLA_OK) {
            /* only the padding of a body may be missing */
            assert_true(size % 512 != 0 || is_proper);
            continue;
        }
        assert_int_equal(status, STELLA_E_FORMAT);
        assert_non_null(strstr(k.error.message, "offset"));
        assert_int_equal(k.reply.len, 0);
    }
}

static void a_cut_body_is_refused(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf tar = stella_buf_of(1u << 20);
    tar_head(&tar, TAR_FILE, "file", "", 1u << 20, 0644);
    tar_bytes(&tar, STELLA_SV("only this much"));
    STELLA_AUTO(kit_close) layer_kit k = {0};
    assert_int_equal(kit_run_bytes(&k, stella_buf_sv(&tar), KIT_BLOB), STELLA_E_FORMAT);
    assert_string_equal(k.error.message, "the archive is cut short at offset 1024, in the body of an entry");
}

static void a_flipped_bit_in_a_header_is_refused(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf tar = stella_buf_of(1u << 20);
    make_tar(&tar);
    for (size_t bit = 0; bit < 512 * 8; bit += 61) {
        STELLA_AUTO(kit_close) layer_kit k = {0};
        tar.ptr[512 + bit / 8] ^= (char)(1 << bit % 8);
        assert_int_equal(kit_run_bytes(&k, stella_buf_sv(&tar), KIT_BLOB), STELLA_E_FORMAT);
        assert_non_null(strstr(k.error.message, "offset 512"));
        tar.ptr[512 + bit / 8] ^= (char)(1 << bit % 8);
    }
}

/* Compressed data cut or changed at any place: never a pack. */
static void damage_everywhere(stella_sv good) {
    STELLA_AUTO(stella_freep) char *copy = malloc(good.len);
    for (size_t at = 1; at < good.len; at += 1 + good.len / 97) {
        STELLA_AUTO(kit_close) layer_kit cut = {0};
        assert_int_not_equal(kit_run_bytes(&cut, stella_sv_first(good, at), KIT_BLOB), STELLA_OK);
        assert_int_equal(cut.reply.len, 0);
    }
    for (size_t at = 10; at < good.len; at += 1 + good.len / 97) {
        STELLA_AUTO(kit_close) layer_kit changed = {0};
        memcpy(copy, good.ptr, good.len);
        copy[at] ^= 0x41;
        assert_int_not_equal(kit_run_bytes(&changed, stella_sv_of(copy, good.len), KIT_BLOB), STELLA_OK);
    }
}

static void noise(char *bytes, size_t size) {
    uint64_t seed = 88172645463325252ull;
    for (size_t i = 0; i < size; i++) {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        bytes[i] = (char)seed;
    }
}

static void gzip_that_is_cut_or_changed_is_refused(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf tar = stella_buf_of(1u << 20);
    STELLA_AUTO(stella_buf_fini) stella_buf gzip = stella_buf_of(1u << 20);
    char body[3000];
    noise(body, sizeof body);
    tar_file(&tar, "noise", stella_sv_of(body, sizeof body));
    make_tar(&tar);
    gzip_bytes(stella_buf_sv(&tar), &gzip);
    damage_everywhere(stella_buf_sv(&gzip));
}

static void zstd_that_is_cut_or_changed_is_refused(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf tar = stella_buf_of(1u << 20);
    char body[3000], out[16384];
    noise(body, sizeof body);
    tar_file(&tar, "noise", stella_sv_of(body, sizeof body));
    make_tar(&tar);
    ZSTD_CCtx *z = ZSTD_createCCtx();
    ZSTD_CCtx_setParameter(z, ZSTD_c_checksumFlag, 1);
    const size_t size = ZSTD_compress2(z, out, sizeof out, tar.ptr, tar.len);
    ZSTD_freeCCtx(z);
    assert_false(ZSTD_isError(size));
    damage_everywhere(stella_sv_of(out, size));
}

static void several_members_and_frames_are_one_stream(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf tar = stella_buf_of(1u << 20);
    make_tar(&tar);
    for (int is_zstd = 0; is_zstd < 2; is_zstd++) {
        STELLA_AUTO(stella_buf_fini) stella_buf packed = stella_buf_of(1u << 20);
        for (size_t at = 0; at < tar.len; at += 700) {
            const stella_sv part = stella_sv_first(stella_sv_skip(stella_buf_sv(&tar), at), 700);
            if (is_zstd)
                zstd_bytes(part, &packed);
            else
                gzip_bytes(part, &packed);
        }
        STELLA_AUTO(kit_close) layer_kit k = {0};
        pack_row row;
        if (kit_run_bytes(&k, stella_buf_sv(&packed), KIT_BLOB) != STELLA_OK)
            fail_msg("%s", k.error.message);
        assert_true(kit_row(&k, "last", &row));
        STELLA_AUTO(kit_close) layer_kit padded = {0};
        stella_buf_add(&packed, STELLA_SV("garbage"));
        assert_int_equal(kit_run_bytes(&padded, stella_buf_sv(&packed), KIT_BLOB), STELLA_E_FORMAT);
    }
}

static void an_entry_behind_a_lone_block_of_zeroes_is_not_passed_over(void **state) {
    (void)state;
    static const char zeros[512];
    STELLA_AUTO(stella_buf_fini) stella_buf tar = stella_buf_of(64u << 10);
    tar_file(&tar, "etc/os-release", STELLA_SV("ID=debian\n"));
    stella_buf_add(&tar, stella_sv_of(zeros, sizeof zeros));
    STELLA_AUTO(kit_close) layer_kit ended = {0};
    assert_int_equal(kit_run_bytes(&ended, stella_buf_sv(&tar), KIT_BLOB), STELLA_OK);
    tar_file(&tar, "var/lib/dpkg/status", STELLA_SV("Package: hidden\n"));
    tar_end(&tar);
    STELLA_AUTO(kit_close) layer_kit hidden = {0};
    assert_int_equal(kit_run_bytes(&hidden, stella_buf_sv(&tar), KIT_BLOB), STELLA_E_FORMAT);
    assert_non_null(strstr(hidden.error.message, "a lone block of zeroes at offset 1024"));
}

static void what_is_not_a_layer_is_refused(void **state) {
    (void)state;
    static const struct {
        stella_sv bytes;
        stella_status status;
    } cases[] = {{STELLA_SV_INIT(""), STELLA_E_FORMAT},
                 {STELLA_SV_INIT("hello, I am a text"), STELLA_E_FORMAT},
                 {STELLA_SV_INIT("BZh91AY&SY"), STELLA_E_UNSUPPORTED},
                 {STELLA_SV_INIT("\xfd"
                                 "7zXZ\0"),
                  STELLA_E_UNSUPPORTED},
                 {STELLA_SV_INIT("\x1f\x8b"), STELLA_E_FORMAT},
                 {STELLA_SV_INIT("\x28\xb5\x2f\xfd"), STELLA_E_FORMAT}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        STELLA_AUTO(kit_close) layer_kit k = {0};
        assert_int_equal(kit_run_bytes(&k, cases[i].bytes, KIT_BLOB), cases[i].status);
        assert_string_not_equal(k.error.message, "");
    }
}

static void bombs_stop_at_the_limit_they_name(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf tar = stella_buf_of(64u << 20);
    STELLA_AUTO(stella_buf_fini) stella_buf gzip = stella_buf_of(1u << 20);
    STELLA_AUTO(stella_freep) char *zeros = calloc(1, 20u << 20);
    tar_file(&tar, "zeros", stella_sv_of(zeros, 20u << 20));
    tar_end(&tar);
    gzip_bytes(stella_buf_sv(&tar), &gzip);
    static const struct {
        const char *limits, *option;
    } cases[] = {{"\"layerBytes\":1000000", "--max-layer-bytes"},
                 {"\"ratio\":10,\"ratioBytes\":1000000", "--max-ratio"}};
    for (size_t i = 0; i < 2; i++) {
        STELLA_AUTO(kit_close) layer_kit k = {0};
        char request[128];
        snprintf(request, sizeof request, "{\"kind\":\"blob\",\"limits\":{%s}}", cases[i].limits);
        assert_int_equal(kit_run_bytes(&k, stella_buf_sv(&gzip), request), STELLA_E_LIMIT);
        assert_non_null(strstr(k.error.message, cases[i].option));
    }
    STELLA_AUTO(kit_close) layer_kit k = {0};
    assert_int_equal(kit_run_bytes(&k, stella_buf_sv(&gzip), KIT_BLOB), STELLA_OK);
}

static void too_many_entries_are_refused_by_name(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf tar = stella_buf_of(1u << 20);
    for (int i = 0; i < 12; i++) {
        char name[32];
        snprintf(name, sizeof name, "f%d", i);
        tar_file(&tar, name, STELLA_SV(""));
    }
    tar_end(&tar);
    STELLA_AUTO(kit_close) layer_kit at = {0};
    assert_int_equal(kit_run_bytes(&at, stella_buf_sv(&tar), "{\"kind\":\"blob\",\"limits\":{\"entries\":12}}"),
                     STELLA_OK);
    STELLA_AUTO(kit_close) layer_kit above = {0};
    assert_int_equal(kit_run_bytes(&above, stella_buf_sv(&tar), "{\"kind\":\"blob\",\"limits\":{\"entries\":11}}"),
                     STELLA_E_LIMIT);
    assert_non_null(strstr(above.error.message, "--max-entries"));
}

static void paths_never_leave_the_root(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf tar = stella_buf_of(1u << 20);
    pack_item note;
    pack_row row;
    tar_file(&tar, "../outside", STELLA_SV("x"));
    tar_file(&tar, "a/../../outside", STELLA_SV("x"));
    tar_file(&tar, "/absolute", STELLA_SV("x"));
    tar_add_link(&tar, TAR_LINK, "escape", "../../../etc");
    tar_file(&tar, "escape/passwd", STELLA_SV("x"));
    tar_add_link(&tar, TAR_HARD, "hard", "../../etc/shadow");
    tar_add_link(&tar, TAR_HARD, "nowhere", "no/such/file");
    tar_pax(&tar, "path", STELLA_SV("with\0nul"));
    tar_file(&tar, "x", STELLA_SV("x"));
    tar_end(&tar);
    STELLA_AUTO(kit_close) layer_kit k = {0};
    assert_int_equal(kit_run_bytes(&k, stella_buf_sv(&tar), KIT_BLOB), STELLA_OK);
    assert_true(kit_note(&k, ENGINE_ID, "its path has a '..'", &note));
    assert_true(stella_sv_eq(note.path, STELLA_SV("../outside")));
    assert_int_equal(note.severity, STELLA_NOTE_ERROR);
    assert_true(kit_note(&k, ENGINE_ID, "an absolute path", &note));
    assert_true(kit_note(&k, ENGINE_ID, "beneath this path", &note));
    assert_true(stella_sv_eq(note.path, STELLA_SV("escape")));
    assert_true(kit_note(&k, ENGINE_ID, "hard link's target has a '..'", &note));
    assert_true(stella_sv_eq(note.path, STELLA_SV("hard")));
    assert_true(kit_note(&k, ENGINE_ID, "a hard link to what is not", &note));
    assert_true(stella_sv_eq(note.path, STELLA_SV("nowhere")));
    assert_true(kit_note(&k, ENGINE_ID, "NUL byte", &note));
    assert_true(kit_row(&k, "absolute", &row));
    assert_true(kit_row(&k, "escape", &row));
    assert_true(kit_row(&k, "nowhere", &row));
    assert_int_equal(row.flags, PACK_HARDLINK | PACK_DANGLING);
    assert_true(stella_sv_eq(row.target, STELLA_SV("no/such/file")));
    assert_int_equal(pack_count(k.pack), 3);
}

static void a_path_of_10000_bytes_is_left_out_by_name_or_taken(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf tar = stella_buf_of(1u << 20);
    char path[10001], buf[PATH_BYTES_MAX];
    pack_item note;
    for (size_t i = 0; i < 10000; i++)
        path[i] = i % 100 == 99 ? '/' : 'p';
    path[9999] = 'e';
    tar_pax(&tar, "path", stella_sv_of(path, 10000));
    tar_file(&tar, "short", STELLA_SV("x"));
    tar_file(&tar, "other", STELLA_SV("x"));
    tar_end(&tar);
    STELLA_AUTO(kit_close) layer_kit k = {0};
    assert_int_equal(kit_run_bytes(&k, stella_buf_sv(&tar), KIT_BLOB), STELLA_OK);
    assert_int_equal(pack_count(k.pack), 1);
    assert_true(kit_note(&k, ENGINE_ID, "10000 bytes, at most 4096; --max-path-bytes", &note));
    STELLA_AUTO(kit_close) layer_kit raised = {0};
    assert_int_equal(
        kit_run_bytes(&raised, stella_buf_sv(&tar), "{\"kind\":\"blob\",\"limits\":{\"pathBytes\":20000}}"), STELLA_OK);
    assert_int_equal(pack_count(raised.pack), 2);
    assert_true(stella_sv_eq(pack_path(raised.pack, 1, buf), stella_sv_of(path, 10000)));
}

static void only_exact_markers_hide_and_none_becomes_a_file(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf tar = stella_buf_of(1u << 20);
    pack_row row;
    tar_file(&tar, "a/.wh..wh..opqX", STELLA_SV(""));
    tar_file(&tar, "a/.wh.", STELLA_SV(""));
    tar_file(&tar, "a/.wh..wh.plnk", STELLA_SV(""));
    tar_file(&tar, "a/.wh.b", STELLA_SV(""));
    tar_file(&tar, "a/b", STELLA_SV("new"));
    tar_file(&tar, ".wh..wh..opq", STELLA_SV(""));
    tar_end(&tar);
    STELLA_AUTO(kit_close) layer_kit k = {0};
    assert_int_equal(kit_run_bytes(&k, stella_buf_sv(&tar), KIT_BLOB), STELLA_OK);
    assert_int_equal(pack_count(k.pack), 2);
    assert_true(kit_row(&k, "a/b", &row));
    assert_int_equal(row.flags, PACK_WHITEOUT);
    assert_int_equal(row.kind, STELLA_FILE_REGULAR);
    assert_true(kit_row(&k, "", &row));
    assert_int_equal(row.flags, PACK_OPAQUE);
}

static void of_entries_with_one_path_the_last_stands_and_so_does_its_content(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf tar = stella_buf_of(1u << 20);
    pack_row row;
    stella_sv bytes;
    tar_file(&tar, "etc/passwd", STELLA_SV("first"));
    tar_add_link(&tar, TAR_HARD, "old", "etc/passwd");
    tar_file(&tar, "./etc//passwd", STELLA_SV("second!"));
    tar_add_link(&tar, TAR_HARD, "new", "/etc/passwd");
    tar_end(&tar);
    STELLA_AUTO(kit_close) layer_kit k = {0};
    assert_int_equal(kit_run_bytes(&k, stella_buf_sv(&tar), KIT_BLOB), STELLA_OK);
    assert_true(kit_row(&k, "etc/passwd", &row));
    assert_int_equal(row.size, 7);
    assert_true(kit_content(&k, ENGINE_ID, "etc/passwd", &bytes));
    assert_true(stella_sv_eq(bytes, STELLA_SV("second!")));
    assert_true(kit_content(&k, ENGINE_ID, "new", &bytes));
    assert_true(kit_row(&k, "old", &row));
    assert_int_equal(row.size, 5);
    assert_int_equal(row.link, PACK_NO_ROW);
    assert_false(kit_content(&k, ENGINE_ID, "old", &bytes));
}

static void tars_of_the_systems_own_tools_are_read(void **state) {
    (void)state;
    static const char *const formats[] = {"v7", "oldgnu", "gnu", "ustar", "pax"};
    if (system("command -v tar >/dev/null") != 0)
        skip();
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        char command[1024];
        STELLA_AUTO(kit_close) layer_kit k = {0};
        pack_row row;
        snprintf(command, sizeof command,
                 "d=$(mktemp -d) && cd $d && n=deep/$(printf 'n%%.0s' $(seq 70)) && mkdir -p $n && "
                 "echo hi > $n/file && ln $n/file hard && ln -s $n soft && "
                 "tar -c --format=%s --sort=name -f - . ; rm -rf $d",
                 formats[i]);
        FILE *pipe = popen(command, "r");
        assert_non_null(pipe);
        k.fds[0] = dup(fileno(pipe));
        const stella_status status = kit_run(&k, KIT_BLOB);
        pclose(pipe);
        if (status != STELLA_OK)
            fail_msg("%s: %s", formats[i], k.error.message);
        assert_int_equal(pack_count(k.pack), 5);
        assert_true(kit_row(&k, "soft", &row));
        assert_int_equal(row.kind, STELLA_FILE_SYMLINK);
        assert_true(kit_row(&k, "hard", &row));
        assert_int_equal(row.size, 3);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tar_cut_anywhere_is_refused_with_its_offset),
        cmocka_unit_test(a_cut_body_is_refused),
        cmocka_unit_test(a_flipped_bit_in_a_header_is_refused),
        cmocka_unit_test(gzip_that_is_cut_or_changed_is_refused),
        cmocka_unit_test(zstd_that_is_cut_or_changed_is_refused),
        cmocka_unit_test(several_members_and_frames_are_one_stream),
        cmocka_unit_test(an_entry_behind_a_lone_block_of_zeroes_is_not_passed_over),
        cmocka_unit_test(what_is_not_a_layer_is_refused),
        cmocka_unit_test(bombs_stop_at_the_limit_they_name),
        cmocka_unit_test(too_many_entries_are_refused_by_name),
        cmocka_unit_test(paths_never_leave_the_root),
        cmocka_unit_test(a_path_of_10000_bytes_is_left_out_by_name_or_taken),
        cmocka_unit_test(only_exact_markers_hide_and_none_becomes_a_file),
        cmocka_unit_test(of_entries_with_one_path_the_last_stands_and_so_does_its_content),
        cmocka_unit_test(tars_of_the_systems_own_tools_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

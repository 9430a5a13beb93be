/* Published test data below STELLA_TEST_DATA: counts of owned files, status files and copyright files of other
 * scanners. */
#include "analyzer_run.h"
#include "data.h"

#include "dpkg/copyright.h"

#include <stella/json.h>

#define ARENA_BYTES ((uint64_t)1 << 30)

static const char *data_or_skip(void) {
    if (!data_root()) {
        print_message("STELLA_TEST_DATA is not set: this part is skipped\n");
        skip();
    }
    return data_root();
}

static stella_sv read_data(stella_arena *arena, const char *path) {
    const stella_sv full = stella_arena_printf(arena, "%s/scanner/%s", data_root(), path);
    const stella_sv text = data_read(full.ptr, arena);
    if (!text.ptr) {
        print_message("%s is not there: this part is skipped\n", full.ptr);
        skip();
    }
    return text;
}

static const stella_json *components_of(const stella_buf *text, stella_arena *arena) {
    const stella_json *root;
    assert_int_equal(stella_json_parse(stella_buf_sv(text), arena, &root, NULL), STELLA_OK);
    return stella_json_get(root, "components");
}

static const stella_json *find_component(const stella_json *components, stella_sv name) {
    for (uint32_t i = 0; i < components->count; i++)
        if (stella_sv_eq(stella_json_str(stella_json_get(stella_json_at(components, i), "name")), name))
            return stella_json_at(components, i);
    return NULL;
}

/* ---- owned files ---------------------------------------------------------------------------------------------------
 */

typedef struct owned_counts {
    uint64_t files, digests, configs;
} owned_counts;

static owned_counts count_owned(const stella_json *component) {
    owned_counts counts = {0};
    const stella_json *files = stella_json_get(component, "files");
    for (uint32_t i = 0; files && i < files->count; i++) {
        const stella_json *file = stella_json_at(files, i);
        counts.files++;
        counts.digests += stella_json_get(file, "md5") ? 1 : 0;
        counts.configs += stella_json_get(file, "flags") ? 1 : 0;
    }
    return counts;
}

/* package, paths of the list with directories, lines of md5sums, lines of conffiles */
static void check_row(const stella_json *components, stella_sv row) {
    stella_sv fields[4];
    uint64_t listed = 0, sums = 0, conffiles = 0;
    for (int i = 0; i < 4; i++)
        assert_true(stella_sv_split(&row, '\t', &fields[i]));
    fields[0] = stella_sv_first(fields[0], stella_sv_find(fields[0], ':'));
    assert_true(stella_sv_u64(fields[1], UINT64_MAX, &listed) && stella_sv_u64(fields[2], UINT64_MAX, &sums) &&
                stella_sv_u64(fields[3], UINT64_MAX, &conffiles));
    const stella_json *component = find_component(components, fields[0]);
    assert_non_null(component);
    const owned_counts owned = count_owned(component);
    assert_int_equal(owned.configs, conffiles);
    assert_in_range(owned.digests, sums, sums + conffiles);
    assert_in_range(owned.files, owned.digests, listed);
    if (listed > 1) /* more than "/." */
        assert_true(owned.files > 0);
}

static void owned_files_are_as_many_as_dpkg_s_lists_say(void **state) {
    (void)state;
    (void)data_or_skip();
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(ARENA_BYTES);
    stella_sv rows = read_data(arena, "dpkg/debian-bookworm-a/expected-file-counts.tsv"), row;
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    char command[512];
    snprintf(command, sizeof command, "tar --zstd -xf '%s/scanner/dpkg/debian-bookworm-a/rootfs-dpkg.tar.zst' -C %s",
             data_root(), root.path);
    assert_int_equal(system(command), 0);
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(root.path);
    const stella_json *components = components_of(&text, arena);
    uint32_t checked = 0;
    assert_true(stella_sv_split(&rows, '\n', &row)); /* the heading */
    while (stella_sv_split(&rows, '\n', &row) && row.len) {
        check_row(components, row);
        checked++;
    }
    assert_int_equal(checked, components->count);
}

/* ---- status files --------------------------------------------------------------------------------------------------
 */

static void status_files_of_other_scanners_list_what_is_installed(void **state) {
    (void)state;
    (void)data_or_skip();
    static const struct {
        const char *path;
        uint32_t installed;
        const char *holds;
    } cases[] = {
        {"os-other/dpkg-status-syft/coreutils-relationships", 9, "\"depends-on\""},
        {"os-other/dpkg-status-syft/deinstall", 1, "\"linux-image-6.14.0-1012-aws\""},
        {"os-other/dpkg-status-syft/doc-examples", 0, "\"components\": []"},
        {"os-other/dpkg-status-syft/installed-size-4KB", 1, "\"installedSize\": \"4096\""},
        {"os-other/dpkg-status-syft/multiple", 2, "\"util-linux\""},
    };
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(ARENA_BYTES);
    for (uint32_t i = 0; i < STELLA_COUNT(cases); i++) {
        const stella_sv status = read_data(arena, cases[i].path);
        STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
        scratch_write(&root, STATUS, status);
        STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(root.path);
        assert_int_equal(components_of(&text, arena)->count, cases[i].installed);
        assert_true(has(&text, cases[i].holds));
    }
}

static void a_distroless_root_has_its_one_package(void **state) {
    (void)state;
    (void)data_or_skip();
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(ARENA_BYTES);
    (void)read_data(arena, "os-other/distroless-status.d-syft/expected.tsv");
    const stella_sv root = stella_arena_printf(arena, "%s/scanner/os-other/distroless-status.d-syft/root", data_root());
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(root.ptr);
    const stella_json *components = components_of(&text, arena);
    assert_int_equal(components->count, 1);
    assert_true(has(&text, "\"name\": \"libsqlite3-0\",\n   \"version\": \"3.34.1-3\""));
    assert_true(has(&text, "\"sourceName\": \"sqlite3\""));
    assert_true(count_owned(stella_json_at(components, 0)).digests > 0);
}

/* ---- copyright files -----------------------------------------------------------------------------------------------
 */

static void copyright_files_of_other_scanners_say_these_licenses(void **state) {
    (void)state;
    (void)data_or_skip();
    static const struct {
        const char *path;
        stella_sv licenses[4];
        uint32_t count;
    } cases[] = {
        {"os-other/debian-copyright/libaudit-common",
         {STELLA_SV_INIT("GPL-2.0-only"), STELLA_SV_INIT("LGPL-2.1-only")},
         2},
        /* prose that refers to two texts without saying "or later" of each: names, not a guess */
        {"os-other/debian-copyright/libc6", {STELLA_SV_INIT("LGPL-2.1"), STELLA_SV_INIT("GPL-2")}, 2},
        {"os-other/debian-copyright/trilicense", {STELLA_SV_INIT("MPL-1.1 OR GPL-2.0-only OR LGPL-2.1-only")}, 1},
    };
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(ARENA_BYTES);
    for (uint32_t i = 0; i < STELLA_COUNT(cases); i++) {
        copyright c;
        assert_int_equal(copyright_parse(read_data(arena, cases[i].path), arena, &c), STELLA_OK);
        for (uint32_t l = 0; l < c.count; l++)
            if (l >= cases[i].count || !stella_sv_eq(c.licenses[l].text, cases[i].licenses[l]))
                fail_msg("%s: license %u is %.*s", cases[i].path, l, STELLA_SV_FMT(c.licenses[l].text));
        assert_int_equal(c.count, cases[i].count);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(owned_files_are_as_many_as_dpkg_s_lists_say),
        cmocka_unit_test(status_files_of_other_scanners_list_what_is_installed),
        cmocka_unit_test(a_distroless_root_has_its_one_package),
        cmocka_unit_test(copyright_files_of_other_scanners_say_these_licenses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Jars and a lock file of other scanners' tests, with what those say of them. */
#include "data.h"
#include "os_run.h"

#define ARENA_BYTES ((uint64_t)64 << 20)

/* Where we say something else, and why. */
static const struct {
    const char *theirs, *ours;
} differences[] = {
    /* the group is in no file: theirs came from a look-up on the internet */
    {"com.example:heuristic@1.0.0-SNAPSHOT", "maven:heuristic@1.0.0-SNAPSHOT"},
    /* a title with a blank is no artifact's name, and a symbolic name no group */
    {"org.springframework:Spring Framework@2.5.6.SEC03", "maven:org.springframework.core@2.5.6.SEC03"},
};

static stella_buf run_folder(const char *folder) {
    char path[512];
    const char *root = path;
    snprintf(path, sizeof path, "%s/scanner/%s", data_root(), folder);
    return run_as(NULL, &root, 1, 0);
}

static stella_sv rows_of(const char *folder, stella_arena *arena) {
    const stella_sv rows =
        data_read(stella_arena_printf(arena, "%s/scanner/%s/expected.tsv", data_root(), folder).ptr, arena);
    assert_true(rows.len);
    return rows;
}

/* "group:name" and version as the start of a ref. */
static stella_sv ref_of(stella_sv name, stella_sv version, stella_arena *arena) {
    const stella_sv theirs = stella_arena_printf(arena, "%.*s@%.*s", STELLA_SV_FMT(name), STELLA_SV_FMT(version));
    for (uint32_t i = 0; i < STELLA_COUNT(differences); i++)
        if (stella_sv_eq(theirs, stella_sv_cstr(differences[i].theirs)))
            return stella_sv_cstr(differences[i].ours);
    const size_t colon = stella_sv_find(name, ':');
    return stella_arena_printf(arena, "pkg:maven/%.*s/%.*s@%.*s", STELLA_SV_FMT(stella_sv_first(name, colon)),
                               STELLA_SV_FMT(stella_sv_skip(name, colon + 1)), STELLA_SV_FMT(version));
}

static void check_folder(const char *folder, uint32_t name_column) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(ARENA_BYTES);
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_folder(folder);
    stella_sv rows = rows_of(folder, arena), row;
    uint32_t expected = 0;
    assert_true(stella_sv_split(&rows, '\n', &row)); /* the heading */
    while (stella_sv_split(&rows, '\n', &row) && row.len) {
        stella_sv fields[3] = {{0}};
        for (uint32_t i = 0; i < STELLA_COUNT(fields); i++)
            (void)stella_sv_split(&row, '\t', &fields[i]);
        const stella_sv ref = ref_of(fields[name_column], fields[name_column + 1], arena);
        if (!has(&text, stella_arena_printf(arena, "\"ref\": \"%.*s", STELLA_SV_FMT(ref)).ptr))
            fail_msg("%s: no %.*s", folder, STELLA_SV_FMT(ref));
        expected++;
    }
    assert_int_equal(count_of(&text, "\"ref\": \""), expected);
    assert_true(has(&text, "\"notes\": []"));
}

static void jars_are_what_trivy_says_they_are(void **state) {
    (void)state;
    if (!data_root())
        skip();
    check_folder("jars/hadoop-shaded-guava-1.1.0-SNAPSHOT", 0);
    check_folder("jars/heuristic-1.0.0-SNAPSHOT", 0);
    check_folder("jars/io.quarkus.gizmo.gizmo-1.1", 0);
    check_folder("jars/license-from-jenkins-plugin", 0);
    check_folder("jars/maven", 0);
    check_folder("jars/multi-license-1.0.0", 0);
    check_folder("jars/nested", 0);
    check_folder("jars/test", 0);
}

static void a_lock_file_of_gradle_holds_what_trivy_says(void **state) {
    (void)state;
    if (!data_root())
        skip();
    check_folder("lang/gradle/happy", 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(jars_are_what_trivy_says_they_are),
        cmocka_unit_test(a_lock_file_of_gradle_holds_what_trivy_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "check.h"

#include "target.h"

#include <stella/auto.h>

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct fixture {
    stella_arena *arena;
    char dir[64];
} fixture;

static int set_up(void **state) {
    fixture *f = calloc(1, sizeof *f);
    f->arena = stella_arena_create(1 << 20);
    snprintf(f->dir, sizeof f->dir, "/tmp/stella-target-test-XXXXXX");
    assert_non_null(mkdtemp(f->dir));
    *state = f;
    return 0;
}

static int tear_down(void **state) {
    fixture *f = *state;
    rmdir(f->dir);
    stella_arena_destroy(f->arena);
    free(f);
    return 0;
}

static void takes_scheme_path_and_reference_apart(void **state) {
    fixture *f = *state;
    char text[128];
    target t = {.fd = -1};
    snprintf(text, sizeof text, "oci-layout:%s:registry.example:5000/app:1.2", f->dir);
    assert_int_equal(target_open(text, NULL, f->arena, &t, NULL), STELLA_OK);
    STELLA_AUTO(stella_fd_closep) int fd = t.fd;
    assert_true(fd >= 0 && t.is_directory);
    assert_true(stella_sv_eq(t.scheme, STELLA_SV("oci-layout")));
    assert_string_equal(t.path, f->dir);
    assert_true(stella_sv_eq(t.select, STELLA_SV("registry.example:5000/app:1.2")));
    assert_true(stella_sv_eq(t.name, stella_sv_cstr(f->dir + 5)));
}

static void takes_a_colon_behind_a_slash_for_a_part_of_the_path(void **state) {
    fixture *f = *state;
    char path[128];
    target t = {.fd = -1};
    snprintf(path, sizeof path, "%s/a:b", f->dir);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_int_equal(target_open(path, NULL, f->arena, &t, NULL), STELLA_OK);
    STELLA_AUTO(stella_fd_closep) int fd = t.fd;
    assert_int_equal(t.scheme.len, 0);
    assert_int_equal(t.select.len, 0);
    assert_true(fd >= 0 && stella_sv_eq(t.name, STELLA_SV("a:b")));
    rmdir(path);
}

static void does_not_wait_for_the_writer_of_a_pipe(void **state) {
    fixture *f = *state;
    char path[128];
    target t = {.fd = 77};
    stella_error err = {0};
    snprintf(path, sizeof path, "%s/fifo", f->dir);
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_int_equal(target_open(path, NULL, f->arena, &t, &err), STELLA_E_FORMAT);
    assert_string_equal(err.path, path);
    assert_int_equal(t.fd, 77);
    unlink(path);
}

static void opens_nothing_outside_the_directory(void **state) {
    fixture *f = *state;
    char link[128];
    target t = {.fd = -1};
    int out = 77;
    assert_int_equal(target_open(f->dir, NULL, f->arena, &t, NULL), STELLA_OK);
    STELLA_AUTO(stella_fd_closep) int fd = t.fd;
    snprintf(link, sizeof link, "%s/passwd", f->dir);
    assert_int_equal(symlink("/etc/passwd", link), 0);
    assert_int_not_equal(target_open_below(&t, STELLA_SV("passwd"), &out, NULL), STELLA_OK);
    assert_int_not_equal(target_open_below(&t, STELLA_SV("../../etc/passwd"), &out, NULL), STELLA_OK);
    assert_int_not_equal(target_open_below(&t, STELLA_SV("/etc/passwd"), &out, NULL), STELLA_OK);
    assert_true(fd >= 0 && out == 77);
    unlink(link);
}

static void names_no_absolute_path(void **state) {
    fixture *f = *state;
    target t = {.fd = -1};
    assert_int_equal(target_open("dir:/", NULL, f->arena, &t, NULL), STELLA_OK);
    close(t.fd);
    assert_true(stella_sv_eq(t.name, STELLA_SV("rootfs")));
}

static void takes_what_containerd_holds_from_where_it_is(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
    stella_error err = {0};
    target t = {.fd = -1};
    const stella_status status = target_open("containerd:k8s.io/registry.example:5000/a:1", NULL, arena, &t, &err);
    if (status == STELLA_OK) { /* there is a containerd on this machine */
        assert_string_equal(t.path, "/var/lib/containerd");
        assert_true(stella_sv_eq(t.select, STELLA_SV("k8s.io/registry.example:5000/a:1")));
        assert_true(t.is_directory);
        close(t.fd);
    } else {
        assert_string_equal(err.path, "/var/lib/containerd");
        if (status == STELLA_E_NOTFOUND)
            assert_non_null(strstr(err.message, "containerd:DIR:REF"));
    }
}

static void refuses_a_target_without_a_path(void **state) {
    fixture *f = *state;
    target t = {.fd = 77};
    assert_int_equal(target_open("dir:", NULL, f->arena, &t, NULL), STELLA_E_INVALID);
    assert_int_equal(t.fd, 77);
}

#define WITH_FIXTURE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(takes_scheme_path_and_reference_apart),
        WITH_FIXTURE(takes_a_colon_behind_a_slash_for_a_part_of_the_path),
        WITH_FIXTURE(does_not_wait_for_the_writer_of_a_pipe),
        WITH_FIXTURE(opens_nothing_outside_the_directory),
        WITH_FIXTURE(names_no_absolute_path),
        WITH_FIXTURE(takes_what_containerd_holds_from_where_it_is),
        WITH_FIXTURE(refuses_a_target_without_a_path),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

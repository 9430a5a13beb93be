/* A directory as a job sees it: under Landlock by itself, without Landlock through the supervisor. */
#include "unit/worker/fixture.h"

#include "worker/names.h"

#include <stella/file.h>
#include <stella/names.h>

#include <sys/stat.h>

typedef struct tree {
    char path[64];
    int fd;
} tree;

static int set_up(void **state) {
    static tree t = {.path = "/tmp/stella-names-XXXXXX"};
    memcpy(t.path, "/tmp/stella-names-XXXXXX", sizeof "/tmp/stella-names-XXXXXX");
    if (!mkdtemp(t.path) || (t.fd = open(t.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0)
        return -1;
    const int file = openat(t.fd, "file", O_CREAT | O_WRONLY | O_CLOEXEC, 0640);
    if (file < 0 || write(file, "content", 7) != 7 || close(file) || mkdirat(t.fd, "dir", 0755) ||
        symlinkat("/etc/passwd", t.fd, "link") || symlinkat("..", t.fd, "up") || mkfifoat(t.fd, "pipe", 0600))
        return -1;
    *state = &t;
    return 0;
}

static int tear_down(void **state) {
    const tree *t = *state;
    static const char *const files[] = {"file", "link", "up", "pipe"};
    for (size_t i = 0; i < 4; i++)
        unlinkat(t->fd, files[i], 0);
    unlinkat(t->fd, "dir", AT_REMOVEDIR);
    close(t->fd);
    return rmdir(t->path);
}

static void a_listing_tells_kind_and_target(void **state) {
    const tree *t = *state;
    STELLA_AUTO(stella_fd_closep) int fd = -1;
    assert_int_equal(names_list(t->fd, STELLA_SV(""), &fd, NULL), STELLA_OK);
    char bytes[4096];
    const ssize_t size = read(fd, bytes, sizeof bytes);
    assert_true(size > 0);
    stella_cursor listing = stella_cursor_of(bytes, (size_t)size);
    int seen = 0;
    stella_names_dir dir = {0};
    struct stat st;
    assert_true(stella_names_begin(&listing, &dir));
    assert_int_equal(fstat(t->fd, &st), 0);
    assert_int_equal(dir.device, st.st_dev);
    assert_int_not_equal(dir.file_system, 0);
    for (stella_name_entry e; stella_names_next(&listing, &e); seen++) {
        if (stella_sv_eq(e.name, STELLA_SV("file"))) {
            assert_int_equal(e.kind, STELLA_FILE_REGULAR);
            assert_int_equal(e.size, 7);
            assert_int_equal(e.mode, 0640);
            assert_int_equal(e.uid, geteuid());
            assert_int_equal(e.device, dir.device);
        } else if (stella_sv_eq(e.name, STELLA_SV("link"))) {
            assert_int_equal(e.kind, STELLA_FILE_SYMLINK);
            assert_true(stella_sv_eq(e.target, STELLA_SV("/etc/passwd")));
        } else if (stella_sv_eq(e.name, STELLA_SV("pipe")))
            assert_int_equal(e.kind, STELLA_FILE_OTHER);
    }
    assert_true(listing.ok);
    assert_int_equal(seen, 5);
}

static void nothing_outside_is_opened(void **state) {
    const tree *t = *state;
    static const char *const paths[] = {"link", "../etc/passwd", "/etc/passwd", "up/x", "dir/../../etc", "dir", "pipe"};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        int fd = 77;
        assert_int_not_equal(names_open(t->fd, stella_sv_cstr(paths[i]), &fd, NULL), STELLA_OK);
        assert_int_equal(fd, 77);
    }
    int fd = -1;
    stella_error err;
    assert_int_equal(names_open(t->fd, STELLA_SV("gone"), &fd, &err), STELLA_E_NOTFOUND);
    assert_string_equal(err.path, "gone");
    assert_int_equal(names_list(t->fd, STELLA_SV("up"), &fd, NULL), STELLA_E_DENIED);
}

static stella_job_result do_in(const tree *t, supervisor *s, const char *text, char *reply, size_t size) {
    stella_job_request request = deed(text);
    request.fds = &t->fd;
    request.fd_count = 1;
    request.dir_fd = 0;
    return do_job(s, &request, reply, size);
}

static const char *const plugins[] = {"deeds", NULL};

static void without_landlock_the_supervisor_opens_the_names(void **state) {
    char reply[512];
    STELLA_AUTO(supervisor_destroyp)
    supervisor *s = supervise(plugins, (supervisor_options){.pretend_no_landlock = 1});
    assert_int_equal(do_in(*state, s, "read file", reply, sizeof reply).end, STELLA_END_DONE);
    assert_string_equal(reply, "content");
    assert_int_equal(do_in(*state, s, "list ", reply, sizeof reply).end, STELLA_END_DONE);
    assert_non_null(strstr(reply, "3:link>/etc/passwd\n"));
    const stella_job_result refused = do_in(*state, s, "read link", NULL, 0);
    assert_int_equal(refused.end, STELLA_END_FAILED);
    assert_int_equal(refused.error.code, STELLA_E_DENIED);
    supervisor_status status;
    supervisor_status_get(s, &status);
#ifndef STELLA_SANITIZED
    assert_int_equal(status.level, SANDBOX_SECCOMP);
#else
    assert_int_equal(status.level, SANDBOX_NONE);
#endif
}

static void a_job_without_a_directory_gets_no_names(void **state) {
    (void)state;
    STELLA_AUTO(supervisor_destroyp)
    supervisor *s = supervise(plugins, (supervisor_options){.pretend_no_landlock = 1});
    const stella_job_request request = deed("list ");
    assert_int_equal(do_job(s, &request, NULL, 0).error.code, STELLA_E_UNSUPPORTED);
}

static void under_landlock_only_the_directory_can_be_read(void **state) {
#ifdef STELLA_SANITIZED
    skip();
#endif
    char reply[512];
    STELLA_AUTO(supervisor_destroyp) supervisor *s = supervise(plugins, (supervisor_options){0});
    assert_int_equal(do_in(*state, s, "read file", reply, sizeof reply).end, STELLA_END_DONE);
    supervisor_status status;
    supervisor_status_get(s, &status);
    if (status.level < SANDBOX_FULL) { /* this kernel has no Landlock */
        supervisor_destroyp(&s);       /* skip() jumps over what is cleaned up at the end of a function */
        skip();
    }
    assert_string_equal(reply, "content");
    static const char *const outside[] = {"read link", "read ../../etc/passwd", "read /etc/passwd"};
    for (size_t i = 0; i < 3; i++) {
        const stella_job_result refused = do_in(*state, s, outside[i], NULL, 0);
        assert_int_equal(refused.end, STELLA_END_FAILED);
        assert_string_equal(refused.error.message, "openat: Permission denied");
    }
}

static void a_level_below_the_minimum_is_refused(void **state) {
    (void)state;
    STELLA_AUTO(supervisor_destroyp)
    supervisor *s = supervise(plugins, (supervisor_options){.minimum = SANDBOX_FULL, .pretend_no_landlock = 1});
    const stella_worker *w = supervisor_worker(s);
    const stella_job_request request = deed("echo");
    stella_job_handle *job = NULL;
    stella_error err = {0};
    assert_int_equal(w->start(w->self, &request, &job, &err), STELLA_E_DENIED);
    assert_non_null(strstr(err.message, "the configured minimum is \"full\""));
    assert_null(job);
}

int main(int argc, char **argv) {
    supervisor_host_main(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_listing_tells_kind_and_target),
        cmocka_unit_test(nothing_outside_is_opened),
        cmocka_unit_test(without_landlock_the_supervisor_opens_the_names),
        cmocka_unit_test(a_job_without_a_directory_gets_no_names),
        cmocka_unit_test(under_landlock_only_the_directory_can_be_read),
        cmocka_unit_test(a_level_below_the_minimum_is_refused),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}

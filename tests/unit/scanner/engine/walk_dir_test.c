/* Directories as layers. */
#include "layer_kit.h"

#include "worker/names.h"

#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>

typedef struct tree {
    char path[64];
    int fd;
} tree;

static int setup(void **state) {
    tree *t = calloc(1, sizeof *t);
    snprintf(t->path, sizeof t->path, "/tmp/stella-walk-XXXXXX");
    assert_non_null(mkdtemp(t->path));
    t->fd = open(t->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_true(t->fd >= 0);
    *state = t;
    return 0;
}

static int teardown(void **state) {
    tree *t = *state;
    char command[192];
    snprintf(command, sizeof command, "chmod u+rwx %s; rm -rf --one-file-system %s", t->path, t->path);
    close(t->fd);
    free(t);
    return system(command);
}

static void put(const tree *t, const char *path, const char *text, mode_t mode) {
    const int fd = openat(t->fd, path, O_WRONLY | O_CREAT | O_CLOEXEC, mode);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
}

#define KIT_DIR "{\"kind\":\"directory\",\"name\":\"root\",\"otherFileSystems\":false}"

static void a_directory_gives_what_its_tar_would(void **state) {
    const tree *t = *state;
    pack_row row;
    stella_sv bytes;
    assert_int_equal(mkdirat(t->fd, "etc", 0755), 0);
    assert_int_equal(mkdirat(t->fd, "a-b", 0755), 0);
    put(t, "etc/passwd", "root:x", 0644);
    put(t, "run", "#!/bin/sh\n", 0755);
    put(t, "a-b/plain", "#!/bin/sh\n", 0644);
    assert_int_equal(symlinkat("/etc/shadow", t->fd, "etc/link"), 0);
    assert_int_equal(mkfifoat(t->fd, "pipe", 0600), 0);
    STELLA_AUTO(kit_close) layer_kit k = {.fds = {dup(t->fd)}};
    if (kit_run(&k, KIT_DIR) != STELLA_OK)
        fail_msg("%s", k.error.message);
    assert_int_equal(pack_count(k.pack), 7);
    assert_true(kit_content(&k, ENGINE_ID, "etc/passwd", &bytes));
    assert_true(stella_sv_eq(bytes, STELLA_SV("root:x")));
    assert_true(kit_content(&k, ENGINE_ID, "run", &bytes));
    assert_false(kit_content(&k, ENGINE_ID, "a-b/plain", &bytes));
    assert_true(kit_row(&k, "etc/link", &row));
    assert_int_equal(row.kind, STELLA_FILE_SYMLINK);
    assert_true(stella_sv_eq(row.target, STELLA_SV("/etc/shadow")));
    assert_true(kit_row(&k, "pipe", &row));
    assert_int_equal(row.kind, STELLA_FILE_OTHER);
}

/* In a process of its own, which root leaves to be anybody. */
static void what_cannot_be_read_is_counted_and_said(void **state) {
    const tree *t = *state;
    assert_int_equal(fchmod(t->fd, 0755), 0);
    put(t, "secret.sh", "#!/bin/sh\n", 0);
    put(t, "open.sh", "#!/bin/sh\n", 0644);
    assert_int_equal(mkdirat(t->fd, "closed", 0), 0);
    const pid_t child = fork();
    if (child == 0) {
        layer_kit k = {.fds = {dup(t->fd)}};
        uint64_t unreadable = 0;
        pack_item note;
        stella_sv bytes;
        const int ok = (geteuid() != 0 || setuid(65534) == 0) && kit_run(&k, KIT_DIR) == STELLA_OK &&
                       stella_json_u64(stella_json_get(k.answer, "unreadable"), &unreadable) && unreadable == 2 &&
                       kit_note(&k, ENGINE_ID, "cannot be read: Permission denied", &note) &&
                       kit_content(&k, ENGINE_ID, "open.sh", &bytes) && pack_count(k.pack) == 3;
        _exit(ok ? 0 : 1);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

static void other_and_pseudo_file_systems_are_left_out(void **state) {
    (void)state;
    struct stat dev, pts;
    if (stat("/dev", &dev) < 0 || stat("/dev/pts", &pts) < 0 || dev.st_dev == pts.st_dev)
        skip();
    /* /dev/pts lies in the tree of /dev: a supplement of one path walks it all and reads but that path. */
    STELLA_AUTO(kit_close) layer_kit k = {.fds = {open("/dev", O_RDONLY | O_DIRECTORY | O_CLOEXEC)}};
    pack_item note;
    uint32_t segment;
    int seen = 0;
    assert_int_equal(kit_run(&k, "{\"kind\":\"directory\",\"paths\":[\"pts/ptmx\"]}"), STELLA_OK);
    assert_int_equal(pack_count(k.pack), 0);
    assert_true(pack_segment_find(k.pack, STELLA_SV(ENGINE_ID), &segment));
    pack_items it = pack_items_of(k.pack, segment);
    while (pack_items_next(&it, &note))
        seen |= stella_sv_eq(note.path, STELLA_SV("pts")) && stella_sv_starts(note.message, STELLA_SV("another file"));
    assert_true(seen);
}

/* As the supervisor serves them where the kernel has no Landlock. */
static stella_status serve_list(stella_job *job, stella_sv dir, int32_t *fd, stella_error *err) {
    int opened = -1;
    const stella_status status = names_list(job->fds[0], dir, &opened, err);
    *fd = status == STELLA_OK ? opened : *fd;
    return status;
}

static stella_status serve_open(stella_job *job, stella_sv path, int32_t *fd, stella_error *err) {
    int opened = -1;
    const stella_status status = names_open(job->fds[0], path, &opened, err);
    *fd = status == STELLA_OK ? opened : *fd;
    return status;
}

static int run_both(const tree *t, const char *request, layer_kit *direct, layer_kit *served) {
    *direct = (layer_kit){.fds = {dup(t->fd)}};
    *served = (layer_kit){.fds = {dup(t->fd)}, .list_names = serve_list, .open_name = serve_open};
    return kit_run(direct, request) == STELLA_OK && kit_run(served, request) == STELLA_OK;
}

static int is_same_pack(const layer_kit *direct, const layer_kit *served) {
    char digests[2][STELLA_DIGEST_TEXT_SIZE];
    return stella_digest_of_fd(direct->fds[1], digests[0], NULL) == STELLA_OK &&
           stella_digest_of_fd(served->fds[1], digests[1], NULL) == STELLA_OK && strcmp(digests[0], digests[1]) == 0;
}

static void names_that_are_served_give_the_same_pack(void **state) {
    const tree *t = *state;
    STELLA_AUTO(kit_close) layer_kit direct, served;
    stella_sv bytes;
    pack_row row;
    for (int i = 0; i < 300; i++) { /* more than one buffer of names */
        char path[64];
        snprintf(path, sizeof path, "d%03d-%s", i, "with-quite-a-long-name-to-fill-the-buffer");
        assert_int_equal(mkdirat(t->fd, path, 0711), 0);
    }
    assert_int_equal(mkdirat(t->fd, "etc", 0755), 0);
    put(t, "etc/passwd", "root:x", 0640);
    put(t, "start.sh", "#!/bin/sh\n", 0755);
    if (geteuid() == 0)
        assert_int_equal(fchownat(t->fd, "start.sh", 12, 34, 0), 0);
    assert_int_equal(symlinkat("/etc/shadow", t->fd, "etc/link"), 0);
    assert_int_equal(mkfifoat(t->fd, "pipe", 0600), 0);
    assert_int_equal(linkat(t->fd, "start.sh", t->fd, "again.sh", 0), 0);
    assert_true(run_both(t, KIT_DIR, &direct, &served));
    assert_int_equal(pack_count(served.pack), 306);
    assert_true(kit_content(&served, ENGINE_ID, "again.sh", &bytes)); /* each name of a file is opened */
    assert_true(kit_row(&served, "start.sh", &row));
    assert_int_equal(row.uid, geteuid() == 0 ? 12 : geteuid());
    assert_true(is_same_pack(&direct, &served));
}

/* Mounts in the tree, seen by this process alone. */
static int mount_inside(tree *t) {
    char path[96];
    int ok = unshare(CLONE_NEWNS) == 0 && mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
    snprintf(path, sizeof path, "%s/proc", t->path);
    ok = ok && mount("none", path, "proc", 0, NULL) == 0;
    snprintf(path, sizeof path, "%s/mnt", t->path);
    ok = ok && mount("none", path, "tmpfs", 0, NULL) == 0;
    t->fd = open(t->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC); /* the one from before does not see them */
    return ok && t->fd >= 0;
}

static int left_out_alike(const tree *t, int with_others) {
    STELLA_AUTO(kit_close) layer_kit direct, served;
    pack_row row;
    pack_item note;
    return run_both(t, with_others ? "{\"kind\":\"directory\",\"otherFileSystems\":true}" : KIT_DIR, &direct,
                    &served) &&
           is_same_pack(&direct, &served) && kit_row(&served, "mnt/inner.sh", &row) == with_others &&
           !kit_row(&served, "proc/version", &row) &&
           kit_note(&served, ENGINE_ID, with_others ? "a pseudo file" : "another file", &note);
}

static void mounts_are_left_out_alike(void **state) {
    const tree *t = *state;
    int status;
    assert_int_equal(mkdirat(t->fd, "proc", 0755), 0);
    assert_int_equal(mkdirat(t->fd, "mnt", 0755), 0);
    fflush(NULL);
    const pid_t child = fork();
    if (child == 0) { /* nothing here may fail as a test does: the tree must not be torn down with /proc in it */
        tree inside = *t;
        if (!mount_inside(&inside) || mkdirat(inside.fd, "mnt/dir", 0755) != 0)
            _exit(77);
        close(openat(inside.fd, "mnt/inner.sh", O_WRONLY | O_CREAT | O_CLOEXEC, 0755));
        _exit(!left_out_alike(&inside, 0) || !left_out_alike(&inside, 1));
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) == 77)
        skip();
    assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_directory_gives_what_its_tar_would, setup, teardown),
        cmocka_unit_test_setup_teardown(what_cannot_be_read_is_counted_and_said, setup, teardown),
        cmocka_unit_test_setup_teardown(names_that_are_served_give_the_same_pack, setup, teardown),
        cmocka_unit_test_setup_teardown(mounts_are_left_out_alike, setup, teardown),
        cmocka_unit_test(other_and_pseudo_file_systems_are_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

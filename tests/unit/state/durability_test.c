/* What a store survives: other processes, sudden death, full disks and maps, damage. */
#include "store.h"

#include <lmdb.h>
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

static void refuses_a_second_owner_and_names_the_first(void **s) {
    (void)s;
    state *second = (state *)1;
    stella_error err;
    const state_options options = {.dir = dir, .size_max_bytes = 64u << 20};
    assert_int_equal(state_open(&options, &second, &err), STELLA_E_BUSY);
    assert_ptr_equal(second, (state *)1);
    char expected[64];
    snprintf(expected, sizeof expected, "process %d uses this state directory", (int)getpid());
    assert_non_null(strstr(err.message, expected));
}

/* Changes the closed store behind its back. */
static void meddle(const char *database, const void *key, size_t key_size, const void *value, size_t size) {
    char path[128];
    snprintf(path, sizeof path, "%s/%s", dir, STATE_FILE_NAME);
    MDB_env *env;
    MDB_txn *txn;
    MDB_dbi dbi;
    assert_int_equal(mdb_env_create(&env), 0);
    mdb_env_set_maxdbs(env, 3);
    assert_int_equal(mdb_env_open(env, path, MDB_NOSUBDIR, 0600), 0);
    assert_int_equal(mdb_txn_begin(env, NULL, 0, &txn), 0);
    assert_int_equal(mdb_dbi_open(txn, database, 0, &dbi), 0);
    MDB_val k = {.mv_data = (void *)(uintptr_t)key, .mv_size = key_size},
            v = {.mv_data = (void *)(uintptr_t)value, .mv_size = size};
    assert_int_equal(mdb_put(txn, dbi, &k, &v, 0), 0);
    assert_int_equal(mdb_txn_commit(txn), 0);
    mdb_env_close(env);
}

static void refuses_a_store_of_a_newer_schema_and_leaves_it_alone(void **s) {
    (void)s;
    assert_int_equal(put("kept", "1"), STELLA_OK);
    state_closep(&store);
    meddle("meta", "schema", 6, "\0\0\0\x07", 4);
    stella_error err;
    assert_int_equal(open_store(64u << 20, &err), STELLA_E_UNSUPPORTED);
    assert_string_equal(err.message, "the state store has schema 7, this program knows up to 1: run the newer program, "
                                     "or restore an older backup");
    assert_null(store);
    meddle("meta", "schema", 6, "\0\0\0\x01", 4);
    assert_int_equal(open_store(64u << 20, &err), STELLA_OK);
    assert_string_equal(value_of("kept"), "1");
}

static void refuses_a_file_that_is_no_store(void **s) {
    (void)s;
    state_closep(&store);
    char path[128];
    snprintf(path, sizeof path, "%s/%s", dir, STATE_FILE_NAME);
    FILE *file = fopen(path, "w");
    for (int i = 0; i < 3000; i++)
        fputs("garbage.", file);
    fclose(file);
    stella_error err;
    assert_int_equal(open_store(64u << 20, &err), STELLA_E_FORMAT);
    assert_non_null(strstr(err.message, "damaged"));
}

static void finds_what_breaks_an_invariant(void **s) {
    (void)s;
    assert_int_equal(put("good", "1"), STELLA_OK);
    state_closep(&store);
    meddle("data", "jobs\0bad", 8, "cut", 3);
    assert_int_equal(open_store(64u << 20, NULL), STELLA_OK);
    state_report report = {.items = 77};
    stella_error err;
    assert_int_equal(state_check(store, &report, &err), STELLA_E_FORMAT);
    assert_string_equal(err.path, "bad");
    assert_int_equal(report.items, 77);
}

static void finds_an_expiry_without_a_value(void **s) {
    (void)s;
    state_closep(&store);
    meddle("expiry", "\0\0\0\0\0\0\0\x09jobs\0x", 14, "", 0);
    assert_int_equal(open_store(64u << 20, NULL), STELLA_OK);
    state_report report;
    stella_error err;
    assert_int_equal(state_check(store, &report, &err), STELLA_E_FORMAT);
    assert_string_equal(err.path, "expiry");
}

static char big[1u << 20];

static stella_status put_big(int number, stella_error *err) {
    char key[16];
    snprintf(key, sizeof key, "big%03d", number);
    stella_state_op op = op_of(STELLA_STATE_PUT, key, "");
    op.value = stella_sv_of(big, sizeof big);
    return commit(&op, 1, err);
}

static void grows_the_map_until_the_configured_size_and_then_says_so(void **s) {
    (void)s;
    stella_error err;
    int stored = 0;
    while (stored < 100 && put_big(stored, &err) == STELLA_OK)
        stored++;
    assert_true(stored >= 50 && stored < 64); /* of 64 MiB, from a first map of 16 */
    assert_int_equal(err.code, STELLA_E_LIMIT);
    assert_non_null(strstr(err.message, "state.size_max_mb (64 MiB)"));
    assert_int_equal(put_big(stored, NULL), STELLA_E_LIMIT);
    const stella_state_op drop = op_of(STELLA_STATE_DELETE, "big000", "");
    assert_int_equal(commit(&drop, 1, NULL), STELLA_OK);
    state_report report;
    assert_int_equal(state_check(store, &report, NULL), STELLA_OK);
    assert_int_equal(report.items, stored - 1);
}

static void loses_nothing_on_a_full_disk(void **s) {
    (void)s;
    signal(SIGXFSZ, SIG_IGN);
    struct rlimit before;
    getrlimit(RLIMIT_FSIZE, &before);
    const struct rlimit small = {.rlim_cur = 6u << 20, .rlim_max = before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    stella_error err = {0};
    int stored = 0;
    while (stored < 20 && put_big(stored, &err) == STELLA_OK)
        stored++;
    setrlimit(RLIMIT_FSIZE, &before);
    assert_true(stored >= 2 && stored < 8);
    assert_int_equal(err.code, STELLA_E_IO);
    assert_non_null(strstr(err.message, "no space left on the disk"));
    state_report report;
    assert_int_equal(state_check(store, &report, NULL), STELLA_OK);
    assert_int_equal(report.items, stored);
    assert_int_equal(put_big(stored, NULL), STELLA_OK); /* and goes on when there is room again */
    state_closep(&store);
    assert_int_equal(open_store(64u << 20, NULL), STELLA_OK);
    assert_int_equal(state_check(store, &report, NULL), STELLA_OK);
    assert_int_equal(report.items, stored + 1);
}

static void *count_up(void *name) {
    for (int i = 0; i < 100; i++) {
        char key[32];
        snprintf(key, sizeof key, "%s%03d", (const char *)name, i);
        if (put(key, "x") != STELLA_OK)
            return NULL;
    }
    return name;
}

static void writes_for_several_threads_at_once(void **s) {
    (void)s;
    static char names[8][16];
    pthread_t threads[8];
    for (int i = 0; i < 8; i++) {
        snprintf(names[i], sizeof names[i], "t%d-", i);
        assert_int_equal(pthread_create(&threads[i], NULL, count_up, names[i]), 0);
    }
    for (int i = 0; i < 8; i++) {
        void *done = NULL;
        pthread_join(threads[i], &done);
        assert_non_null(done);
    }
    state_report report;
    assert_int_equal(state_check(store, &report, NULL), STELLA_OK);
    assert_int_equal(report.items, 800);
}

static void copies_itself_whole_and_never_over_a_file(void **s) {
    (void)s;
    assert_int_equal(put("a", "one"), STELLA_OK);
    char path[128], restored[160], command[512];
    snprintf(path, sizeof path, "%s/backup.mdb", dir);
    assert_int_equal(state_backup(store, path, NULL), STELLA_OK);
    assert_int_equal(state_backup(store, path, NULL), STELLA_E_EXISTS);
    snprintf(restored, sizeof restored, "%s.partial", path);
    assert_int_not_equal(access(restored, F_OK), 0);
    assert_int_equal(put("a", "two"), STELLA_OK);
    state_closep(&store);
    snprintf(command, sizeof command, "mv %s %s/%s", path, dir, STATE_FILE_NAME);
    assert_int_equal(system(command), 0);
    assert_int_equal(open_store(64u << 20, NULL), STELLA_OK);
    assert_string_equal(value_of("a"), "one");
}

/* Writes numbered pairs and tells each through the pipe once it is accepted, until it is killed. */
static void write_until_killed(int fd) {
    if (open_store(64u << 20, NULL) != STELLA_OK)
        _exit(1);
    for (uint32_t i = 0;; i++) {
        char a[16], b[16];
        snprintf(a, sizeof a, "a%08u", i);
        snprintf(b, sizeof b, "b%08u", i);
        const stella_state_op ops[] = {op_of(STELLA_STATE_PUT, a, "job"), op_of(STELLA_STATE_PUT, b, "event")};
        if (commit(ops, 2, NULL) != STELLA_OK || write(fd, &i, sizeof i) != (ssize_t)sizeof i)
            _exit(1);
    }
}

static uint32_t kill_at_random(unsigned round) {
    int fds[2];
    assert_int_equal(pipe(fds), 0);
    const pid_t child = fork();
    if (child == 0)
        write_until_killed(fds[1]);
    close(fds[1]);
    usleep(3000 + round * 977 % 20000);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    uint32_t last = 0, accepted = 0;
    while (read(fds[0], &last, sizeof last) == (ssize_t)sizeof last)
        accepted = last + 1;
    close(fds[0]);
    return accepted;
}

static void keeps_all_it_accepted_through_kill_9(void **s) {
    (void)s;
    uint32_t in_all = 0;
    for (unsigned round = 0; round < 24; round++) {
        state_closep(&store);
        const uint32_t accepted = kill_at_random(round);
        assert_int_equal(open_store(64u << 20, NULL), STELLA_OK);
        state_report report;
        assert_int_equal(state_check(store, &report, NULL), STELLA_OK);
        assert_int_equal(report.items % 2, 0); /* never half a batch */
        for (uint32_t i = 0; i < accepted; i++) {
            char a[16], b[16];
            snprintf(a, sizeof a, "a%08u", i);
            snprintf(b, sizeof b, "b%08u", i);
            assert_string_equal(value_of(a), "job");
            assert_string_equal(value_of(b), "event");
        }
        in_all += accepted;
    }
    assert_true(in_all > 0);
}

int main(void) {
    const struct CMUnitTest all[] = {
        STATE_TEST(refuses_a_second_owner_and_names_the_first),
        STATE_TEST(refuses_a_store_of_a_newer_schema_and_leaves_it_alone),
        STATE_TEST(refuses_a_file_that_is_no_store),
        STATE_TEST(finds_what_breaks_an_invariant),
        STATE_TEST(finds_an_expiry_without_a_value),
        STATE_TEST(grows_the_map_until_the_configured_size_and_then_says_so),
        STATE_TEST(loses_nothing_on_a_full_disk),
        STATE_TEST(writes_for_several_threads_at_once),
        STATE_TEST(copies_itself_whole_and_never_over_a_file),
        STATE_TEST(keeps_all_it_accepted_through_kill_9),
    };
    return cmocka_run_group_tests(all, NULL, NULL);
}

#include "check.h"

#include "fake_worker.h"

#include <sys/mman.h>

#define BASE "the base layer's bytes"
#define TOP  "the top layer's bytes, a few more"

/* An image of two layers in one file, a fake worker that "packs" a layer as its own bytes, and what children do amiss.
 */
typedef struct world {
    fake_worker worker;
    cache *packs;
    char path[64], cache_dir[80];
    char base_digest[STELLA_DIGEST_TEXT_SIZE], top_digest[STELLA_DIGEST_TEXT_SIZE];
    const char *claimed_base; /* what image.open says of the base layer; NULL: the truth */
    uint64_t top_size;
    int culprit;     /* of a child that reads the top layer and still has it, -1: none */
    uint32_t end;    /* how such a child ends */
    int is_stubborn; /* it ends so, excluded or not */
    int wants_file;  /* the first analysis asks for a file */
    int vanishes;    /* and then the archive is empty */
    int fails;       /* an analyzer returns an error */
    int hangs;       /* layers are never done */
    int has_links;   /* the top layer always says that names were missed */
    int output;
    atomic_int layers, supplements, rounds, again;
    char analyzed[4096]; /* request of the last image.analyze */
    char layered[4096];  /* and of the last layer */
    stella_error err;
} world;

static void open_image(fake_job *job, const world *w) {
    stella_buf_printf(
        &job->reply,
        "{\"scheme\":\"x\",\"spooled\":false,\"image\":{\"kind\":\"image\",\"name\":\"a:1\",\"digest\":\"\","
        "\"os\":\"linux\",\"architecture\":\"amd64\",\"variant\":\"\",\"createdMs\":5,\"config\":\"\"},\"layers\":["
        "{\"kind\":\"blob\",\"path\":\"\",\"offset\":0,\"size\":%zu,\"digest\":\"%s\",\"diffId\":\"\"},"
        "{\"kind\":\"blob\",\"path\":\"\",\"offset\":%zu,\"size\":%llu,\"digest\":\"%s\",\"diffId\":\"\"}]}",
        sizeof BASE - 1, w->claimed_base ? w->claimed_base : w->base_digest, sizeof BASE - 1,
        (unsigned long long)w->top_size, w->top_digest);
}

static pthread_mutex_t layered_lock = PTHREAD_MUTEX_INITIALIZER; /* two layers are read at once */

static void read_layer(fake_job *job, world *w) {
    char bytes[256];
    size_t len = 0;
    pthread_mutex_lock(&layered_lock);
    snprintf(w->layered, sizeof w->layered, "%s", job->request);
    pthread_mutex_unlock(&layered_lock);
    for (ssize_t n; (n = read(job->fds[0], bytes + len, sizeof bytes - len)) > 0;)
        len += (size_t)n;
    while (w->hangs && !atomic_load(&job->is_killed))
        usleep(1000);
    if (w->hangs) {
        job->result.end = STELLA_END_KILLED;
        return;
    }
    const int is_top = len == sizeof TOP - 1;
    if (w->end && is_top && (w->is_stubborn || w->culprit < 0 || !fake_excludes(job, (uint32_t)w->culprit))) {
        job->result.end = w->end;
        job->result.signal = 11;
        job->result.culprit = w->culprit;
        snprintf(job->result.culprit_id, sizeof job->result.culprit_id, "org.example.analyzer");
        snprintf(job->result.culprit_what, sizeof job->result.culprit_what, "usr/bin/bad");
        return;
    }
    atomic_fetch_add(strstr(job->request, "\"paths\"") ? &w->supplements : &w->layers, 1);
    const int is_again = strstr(job->request, "\"links\":true") != NULL;
    char missed[8] = {0};
    if (is_again) { /* what the earlier reading wrote, read-only */
        atomic_fetch_add(&w->again, 1);
        assert_int_equal(pread(job->fds[3], missed, sizeof missed, 0), 6);
        assert_string_equal(missed, "missed");
        assert_int_equal(write(job->fds[3], "x", 1), -1);
        memcpy(bytes, "TOP", 3);
    } else {
        assert_int_equal(write(job->fds[3], "missed", 6), 6);
    }
    assert_int_equal(write(job->fds[1], bytes, len), (ssize_t)len);
    stella_buf_printf(&job->reply,
                      "{\"diffId\":\"\",\"entries\":3,\"bytes\":30,\"unreadable\":0,\"links\":%d,"
                      "\"segments\":[],\"lost\":[]}",
                      w->has_links && is_top);
}

/* Writes the packs, one after the other, as the output: the last descriptor. */
static void analyze(fake_job *job, world *w) {
    const int round = atomic_fetch_add(&w->rounds, 1);
    snprintf(w->analyzed, sizeof w->analyzed, "%s", job->request);
    if (w->wants_file && round == 0) {
        stella_buf_printf(&job->reply, "{\"pending\":[{\"layer\":1,\"path\":\"etc/x\"}]}");
        assert_int_equal(w->vanishes ? truncate(w->path, 0) : 0, 0);
        return;
    }
    for (uint32_t i = 0; i + 1 < job->fd_count; i++) {
        char bytes[256];
        const ssize_t n = pread(job->fds[i], bytes, sizeof bytes, 0);
        assert_int_equal(write(job->fds[job->fd_count - 1], bytes, (size_t)n), n);
        assert_int_equal(write(job->fds[i], "forged", 6), -1); /* packs are read-only for who analyzes */
    }
    stella_buf_printf(
        &job->reply,
        "{\"components\":1,\"lost\":[%s],\"counts\":[{\"name\":\"node_scripts\",\"value\":\"7\"},"
        "{\"name\":\"Not A "
        "Name\",\"value\":\"1\"},{\"name\":\"not_a_number\",\"value\":\"-1\"}],\"outputs\":[{\"format\":\"json\","
        "\"error\":\"\"}]}",
        w->fails ? "{\"plugin\":\"org.example.analyzer\",\"code\":\"format\",\"message\":\"cannot go on\"}" : "");
}

static void act(fake_job *job) {
    world *w = job->owner->test;
    if (strcmp(job->kind, "image.open") == 0)
        open_image(job, w);
    else if (strcmp(job->kind, "layer") == 0)
        read_layer(job, w);
    else
        analyze(job, w);
}

static int set_up(void **state) {
    world *w = calloc(1, sizeof *w);
    snprintf(w->path, sizeof w->path, "/tmp/stella-scan-test-XXXXXX");
    const int fd = mkstemp(w->path);
    assert_true(fd >= 0 && write(fd, BASE TOP, sizeof BASE TOP - 1) == (ssize_t)sizeof BASE TOP - 1);
    close(fd);
    stella_digest_of(STELLA_SV(BASE), w->base_digest);
    stella_digest_of(STELLA_SV(TOP), w->top_digest);
    w->top_size = sizeof TOP - 1;
    w->culprit = -1;
    w->output = memfd_create("output", MFD_CLOEXEC);
    snprintf(w->cache_dir, sizeof w->cache_dir, "%s.cache", w->path);
    w->packs = fake_cache(w->cache_dir);
    fake_init(&w->worker, act, w);
    *state = w;
    return 0;
}

static int tear_down(void **state) {
    world *w = *state;
    unlink(w->path);
    close(w->output);
    char command[128];
    cache_close(w->packs);
    snprintf(command, sizeof command, "rm -rf %s", w->cache_dir);
    assert_int_equal(system(command), 0);
    free(w);
    return 0;
}

static scan *make(world *w, uint64_t timeout_ms) {
    scan *s = NULL;
    const scan_options options = {.worker = &w->worker.table,
                                  .cache = w->packs,
                                  .target = w->path,
                                  .platform = "linux/amd64",
                                  .epoch_ms = -1,
                                  .timeout_ms = timeout_ms};
    assert_int_equal(scan_create(&options, &s, NULL), STELLA_OK);
    return s;
}

static scan_outcome run(world *w, scan *s) {
    const scan_output output = {.format = "json", .fd = w->output};
    const scan_outcome outcome = scan_run(s, &output, 1, &w->err);
    assert_int_equal(atomic_load(&w->worker.jobs_started), atomic_load(&w->worker.jobs_released));
    return outcome;
}

static scan_outcome scan_once(world *w) {
    scan *s = make(w, 0);
    const scan_outcome outcome = run(w, s);
    scan_destroy(s);
    return outcome;
}

static void hands_every_layers_pack_to_the_analysis(void **state) {
    world *w = *state;
    char got[256] = {0};
    assert_int_equal(scan_once(w), SCAN_DONE);
    assert_int_equal(pread(w->output, got, sizeof got - 1, 0), sizeof BASE TOP - 1);
    assert_string_equal(got, BASE TOP);
    assert_non_null(strstr(w->analyzed, w->top_digest));
}

static void reads_a_layer_that_it_knows_only_to_hash_it(void **state) {
    world *w = *state;
    assert_int_equal(scan_once(w), SCAN_DONE);
    assert_int_equal(scan_once(w), SCAN_DONE);
    assert_int_equal(w->layers, 2);
}

static void refuses_a_layer_with_another_digest_and_tells_both(void **state) {
    world *w = *state;
    w->claimed_base = "sha256:0000000000000000000000000000000000000000000000000000000000000000";
    assert_int_equal(scan_once(w), SCAN_TARGET);
    assert_int_equal(w->err.code, STELLA_E_FORMAT);
    assert_non_null(strstr(w->err.message, "layer 0: wrong digest"));
    assert_non_null(strstr(w->err.message, w->claimed_base));
    assert_non_null(strstr(w->err.message, w->base_digest));
}

/* An image that claims the digest of somebody else's layer for its own bytes. */
static void remembers_nothing_under_a_digest_that_was_only_claimed(void **state) {
    world *w = *state;
    w->claimed_base = w->top_digest;
    assert_int_equal(scan_once(w), SCAN_TARGET);
    w->claimed_base = NULL;
    assert_int_equal(scan_once(w), SCAN_DONE);
    char got[256] = {0};
    assert_int_equal(pread(w->output, got, sizeof got - 1, 0), sizeof BASE TOP - 1);
    assert_string_equal(got, BASE TOP);
}

static void goes_on_without_a_plugin_that_crashes(void **state) {
    world *w = *state;
    w->culprit = 0;
    w->end = STELLA_END_CRASHED;
    scan *s = make(w, 0);
    assert_int_equal(run(w, s), SCAN_PARTIAL);
    assert_int_equal(scan_loss_count(s), 1);
    const scan_loss *loss = scan_loss_at(s, 0);
    assert_string_equal(loss->plugin, "org.example.analyzer");
    assert_string_equal(loss->code, "crashed");
    assert_string_equal(loss->path, "usr/bin/bad");
    assert_int_equal(loss->layer, 1);
    assert_non_null(strstr(w->analyzed, "\"lost\":true"));
    scan_destroy(s);
}

static void remembers_no_pack_that_a_plugin_is_missing_from(void **state) {
    world *w = *state;
    w->culprit = 0;
    w->end = STELLA_END_CRASHED;
    assert_int_equal(scan_once(w), SCAN_PARTIAL);
    w->end = 0;
    w->layers = 0;
    assert_int_equal(scan_once(w), SCAN_DONE);
    assert_int_equal(w->layers, 1); /* the top layer; the base layer was whole */
}

static void fails_when_a_child_dies_and_no_plugin_is_to_blame(void **state) {
    world *w = *state;
    w->end = STELLA_END_CRASHED;
    assert_int_equal(scan_once(w), SCAN_FAILED);
    assert_int_equal(w->err.code, STELLA_E_CRASHED);
}

static void tells_which_analyzer_failed_by_itself(void **state) {
    world *w = *state;
    w->fails = 1;
    scan *s = make(w, 0);
    assert_int_equal(run(w, s), SCAN_PARTIAL);
    assert_int_equal(scan_loss_count(s), 1);
    assert_string_equal(scan_loss_at(s, 0)->plugin, "org.example.analyzer");
    assert_string_equal(scan_loss_at(s, 0)->code, "format");
    assert_string_equal(scan_loss_at(s, 0)->message, "cannot go on");
    scan_destroy(s);
}

static void retries_no_plugin_twice(void **state) {
    world *w = *state;
    w->culprit = 0;
    w->end = STELLA_END_OVERRAN;
    w->is_stubborn = 1;
    assert_int_equal(scan_once(w), SCAN_FAILED);
    assert_int_equal(w->worker.jobs_started, 4); /* open, base, top, top again */
}

static void reads_a_layer_again_for_a_file_that_an_analyzer_asks_for(void **state) {
    world *w = *state;
    w->wants_file = 1;
    assert_int_equal(scan_once(w), SCAN_DONE);
    assert_int_equal(w->supplements, 1);
    assert_int_equal(w->rounds, 2);
    assert_non_null(strstr(w->analyzed, "\"round\":2"));
}

static void tells_the_analyzers_of_a_layer_that_is_gone_when_it_is_to_be_read_again(void **state) {
    world *w = *state;
    w->wants_file = w->vanishes = 1;
    assert_int_equal(scan_once(w), SCAN_DONE);
    assert_int_equal(w->supplements, 0);
    assert_int_equal(w->rounds, 2);
    const char *base = strstr(w->analyzed, "\"gone\":false");
    assert_non_null(base);
    assert_non_null(strstr(base, "\"gone\":true"));
}

static void reads_a_layer_once_more_for_the_names_it_missed(void **state) {
    world *w = *state;
    char bytes[sizeof BASE TOP] = {0};
    w->has_links = 1;
    assert_int_equal(scan_once(w), SCAN_DONE);
    assert_int_equal(w->again, 1);
    assert_int_equal(w->layers, 3);
    assert_true(pread(w->output, bytes, sizeof bytes - 1, 0) > 0);
    assert_non_null(strstr(bytes, "TOP")); /* the second reading's pack is the one that counts */
}

static void refuses_a_layer_that_lies_outside_the_file(void **state) {
    world *w = *state;
    w->top_size = 1 << 20;
    assert_int_equal(scan_once(w), SCAN_TARGET);
    assert_non_null(strstr(w->err.message, "layer 1: cut short"));
}

static void ends_at_the_deadline_and_names_the_option(void **state) {
    world *w = *state;
    w->hangs = 1;
    scan *s = make(w, 1);
    usleep(5000); /* the deadline counts from creation */
    assert_int_equal(run(w, s), SCAN_FAILED);
    assert_int_equal(w->err.code, STELLA_E_TIMEOUT);
    assert_non_null(strstr(w->err.message, "--timeout"));
    scan_destroy(s);
}

static void *cancel_soon(void *s) {
    usleep(20000);
    scan_cancel(s);
    return NULL;
}

static void ends_children_that_hang_when_it_is_cancelled(void **state) {
    world *w = *state;
    pthread_t thread;
    w->hangs = 1;
    scan *s = make(w, 0);
    assert_int_equal(pthread_create(&thread, NULL, cancel_soon, s), 0);
    assert_int_equal(run(w, s), SCAN_FAILED);
    assert_int_equal(w->err.code, STELLA_E_CANCELLED);
    pthread_join(thread, NULL);
    scan_destroy(s);
}

static void says_which_target_is_missing(void **state) {
    world *w = *state;
    unlink(w->path);
    assert_int_equal(scan_once(w), SCAN_TARGET);
    assert_int_equal(w->err.code, STELLA_E_NOTFOUND);
    assert_string_equal(w->err.path, w->path);
    assert_int_equal(w->worker.jobs_started, 0);
}

static scan_outcome scan_with(world *w, scan_options options) {
    scan *s = NULL;
    options.worker = &w->worker.table;
    options.cache = w->packs;
    options.target = w->path;
    options.platform = "linux/amd64";
    options.epoch_ms = -1;
    assert_int_equal(scan_create(&options, &s, NULL), STELLA_OK);
    const scan_outcome outcome = run(w, s);
    scan_destroy(s);
    return outcome;
}

static void hands_the_analyzers_options_to_layers_and_analysis(void **state) {
    world *w = *state;
    assert_int_equal(scan_with(w, (scan_options){.analyzer_options = 3}), SCAN_DONE);
    assert_non_null(strstr(w->layered, "\"options\":3"));
    assert_non_null(strstr(w->analyzed, "\"options\":3"));
    assert_int_equal(scan_with(w, (scan_options){0}), SCAN_DONE);
    assert_null(strstr(w->layered, "\"options\""));
}

static void keeps_layers_apart_that_were_read_with_other_options(void **state) {
    world *w = *state;
    assert_int_equal(scan_with(w, (scan_options){0}), SCAN_DONE);
    assert_int_equal(scan_with(w, (scan_options){.analyzer_options = 2}), SCAN_DONE);
    assert_int_equal(w->layers, 4);
    assert_int_equal(scan_with(w, (scan_options){0}), SCAN_DONE);
    assert_int_equal(scan_with(w, (scan_options){.analyzer_options = 2}), SCAN_DONE);
    assert_int_equal(w->layers, 4);
}

static void analyzes_again_for_another_choice_of_components_without_reading_layers_again(void **state) {
    world *w = *state;
    assert_int_equal(scan_with(w, (scan_options){0}), SCAN_DONE);
    assert_non_null(strstr(w->analyzed, "\"declared\":\"auto\",\"dev\":false,\"managed\":false"));
    assert_int_equal(scan_with(w, (scan_options){.declared = SCAN_DECLARED_OFF}), SCAN_DONE);
    assert_non_null(strstr(w->analyzed, "\"declared\":\"off\""));
    assert_int_equal(scan_with(w, (scan_options){.with_dev = 1}), SCAN_DONE);
    assert_non_null(strstr(w->analyzed, "\"dev\":true"));
    assert_int_equal(scan_with(w, (scan_options){.with_managed = 1}), SCAN_DONE);
    assert_non_null(strstr(w->analyzed, "\"managed\":true"));
    assert_int_equal(w->rounds, 4);
    assert_int_equal(w->layers, 2);
}

static void takes_of_what_is_counted_only_names_and_numbers(void **state) {
    world *w = *state;
    scan *s = make(w, 0);
    assert_int_equal(run(w, s), SCAN_DONE);
    assert_int_equal(scan_count_count(s), 1);
    assert_string_equal(scan_count_at(s, 0)->name, "node_scripts");
    assert_int_equal(scan_count_at(s, 0)->value, 7);
    scan_destroy(s);
}

#define WITH_WORLD(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_WORLD(hands_every_layers_pack_to_the_analysis),
        WITH_WORLD(reads_a_layer_that_it_knows_only_to_hash_it),
        WITH_WORLD(refuses_a_layer_with_another_digest_and_tells_both),
        WITH_WORLD(remembers_nothing_under_a_digest_that_was_only_claimed),
        WITH_WORLD(goes_on_without_a_plugin_that_crashes),
        WITH_WORLD(remembers_no_pack_that_a_plugin_is_missing_from),
        WITH_WORLD(fails_when_a_child_dies_and_no_plugin_is_to_blame),
        WITH_WORLD(tells_which_analyzer_failed_by_itself),
        WITH_WORLD(retries_no_plugin_twice),
        WITH_WORLD(reads_a_layer_again_for_a_file_that_an_analyzer_asks_for),
        WITH_WORLD(tells_the_analyzers_of_a_layer_that_is_gone_when_it_is_to_be_read_again),
        WITH_WORLD(reads_a_layer_once_more_for_the_names_it_missed),
        WITH_WORLD(refuses_a_layer_that_lies_outside_the_file),
        WITH_WORLD(ends_at_the_deadline_and_names_the_option),
        WITH_WORLD(ends_children_that_hang_when_it_is_cancelled),
        WITH_WORLD(says_which_target_is_missing),
        WITH_WORLD(hands_the_analyzers_options_to_layers_and_analysis),
        WITH_WORLD(keeps_layers_apart_that_were_read_with_other_options),
        WITH_WORLD(analyzes_again_for_another_choice_of_components_without_reading_layers_again),
        WITH_WORLD(takes_of_what_is_counted_only_names_and_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* An image whose top layer takes a plugin over tries to forge what is remembered of the base layer; then another image
 * with the same base is scanned by the same process. Everything is real: hosts, sandbox, plugins, packs. */
#include "check.h"

#include "plugin/catalogue.h"
#include "scan.h"
#include "worker/supervisor.h"

#include <stella/auto.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef STELLA_SANITIZED
#define CONFINED 0
#else
#define CONFINED 1
#endif

#define PACKAGE(name) "Package: " name "\nStatus: install ok installed\nVersion: 1\nArchitecture: amd64\n\n"

typedef struct world {
    supervisor *hosts;
    cache *packs, *fresh;
    char dir[64];
} world;

static void put(const world *w, const char *path, const char *text) {
    char full[256];
    snprintf(full, sizeof full, "%s/%s", w->dir, path);
    for (char *slash = full + strlen(w->dir) + 1; (slash = strchr(slash, '/')); slash++) {
        *slash = 0;
        mkdir(full, 0755);
        *slash = '/';
    }
    FILE *file = fopen(full, "we");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

/* name: of the image and of its top layer's tree; the base layer is the same in all */
static void make_image(const world *w, const char *name) {
    char command[1024];
    snprintf(command, sizeof command,
             "cd %s && python3 %s/tests/tools/make_image.py oci-layout %s.image gzip:base plain:%s", w->dir,
             STELLA_SOURCE_DIR, name, name);
    assert_int_equal(system(command), 0);
}

static supervisor *start_hosts(void) {
    static const char *const plugin_dirs[] = {STELLA_BUILD_DIR "/lib/stella/plugins",
                                              STELLA_BUILD_DIR "/tests/bad-plugins"};
    static const char *const trust_dirs[] = {STELLA_BUILD_DIR "/etc/stella/trust.d"};
    const catalogue_options from = {
        .plugin_dirs = plugin_dirs, .plugin_dir_count = 2, .trust_dirs = trust_dirs, .trust_dir_count = 1};
    const supervisor_options options = {.memory_bytes = 1u << 30, .plugin_ms = 20000};
    catalogue *plugins = NULL;
    supervisor *hosts = NULL;
    stella_error err = {0};
    if (catalogue_load(&from, &plugins, &err) || catalogue_refusal_count(plugins) ||
        supervisor_create(&options, plugins, &hosts, &err))
        fail_msg("%s: %s", err.path, err.message);
    return hosts;
}

static cache *cache_below(const world *w, const char *name) {
    cache_options options = CACHE_OPTIONS_DEFAULT;
    cache *made = NULL;
    char root[128];
    snprintf(root, sizeof root, "%s/%s", w->dir, name);
    options.root = root;
    assert_int_equal(cache_open(&options, &made, NULL), STELLA_OK);
    return made;
}

static int set_up(void **state) {
    world *w = calloc(1, sizeof *w);
    assert_non_null(w);
    snprintf(w->dir, sizeof w->dir, "/tmp/stella-forge-test-XXXXXX");
    assert_non_null(mkdtemp(w->dir));
    put(w, "base/etc/os-release", "ID=debian\nVERSION_ID=12\n");
    put(w, "base/var/lib/dpkg/status", PACKAGE("alpha") PACKAGE("beta"));
    put(w, "good/var/lib/dpkg/status", PACKAGE("alpha") PACKAGE("beta") PACKAGE("gamma"));
    put(w, "evil-probe/etc/deed", "probe forge");
    put(w, "evil-analyze/etc/deed", "analyze forge");
    make_image(w, "good");
    make_image(w, "evil-probe");
    make_image(w, "evil-analyze");
    w->hosts = start_hosts();
    w->packs = cache_below(w, "cache");
    w->fresh = cache_below(w, "fresh");
    *state = w;
    return 0;
}

static int tear_down(void **state) {
    world *w = *state;
    char command[128];
    cache_close(w->packs);
    cache_close(w->fresh);
    supervisor_destroy(w->hosts);
    snprintf(command, sizeof command, "rm -rf %s", w->dir);
    assert_int_equal(system(command), 0);
    free(w);
    return 0;
}

typedef struct outcome {
    scan_outcome how;
    int was_remembered; /* the base layer */
    char said[192];     /* the error, or the first loss */
    char result[65536];
} outcome;

static void scan_image(const world *w, cache *packs, const char *name, outcome *out) {
    char target[128];
    STELLA_AUTO(scan_destroyp) scan *s = NULL;
    STELLA_AUTO(stella_fd_closep) int fd = memfd_create("output", MFD_CLOEXEC);
    stella_error err = {0};
    snprintf(target, sizeof target, "%s/%s.image", w->dir, name);
    const scan_options options = {.worker = supervisor_worker(w->hosts),
                                  .cache = packs,
                                  .target = target,
                                  .platform = "linux/amd64",
                                  .epoch_ms = -1};
    const scan_output output = {.format = "json", .fd = fd};
    assert_int_equal(scan_create(&options, &s, NULL), STELLA_OK);
    *out = (outcome){.how = scan_run(s, &output, 1, &err)};
    snprintf(out->said, sizeof out->said, "%s", scan_loss_count(s) ? scan_loss_at(s, 0)->message : err.message);
    out->was_remembered = scan_layer_count(s) && scan_layer_at(s, 0)->was_remembered;
    const ssize_t size = pread(fd, out->result, sizeof out->result - 1, 0);
    assert_in_range(size, 0, sizeof out->result - 2);
}

/* The next image, with what this process remembers by now, against one that remembers nothing. */
static void assert_next_is_unharmed(const world *w) {
    static outcome clean, next;
    scan_image(w, w->fresh, "good", &clean);
    scan_image(w, w->packs, "good", &next);
    assert_int_equal(clean.how, SCAN_DONE);
    assert_int_equal(next.how, SCAN_DONE);
    assert_non_null(strstr(clean.result, "pkg:deb/debian/gamma@1"));
    assert_false(clean.was_remembered);
    assert_true(next.was_remembered); /* or there was nothing to forge */
    assert_string_equal(next.result, clean.result);
}

static void the_next_image_is_unharmed_by_one_that_takes_over_the_reading_of_a_layer(void **state) {
    static outcome evil;
    scan_image(*state, ((world *)*state)->packs, "evil-probe", &evil);
    assert_int_not_equal(evil.how, SCAN_DONE); /* its own layer's pack is what the attacker made of it */
    assert_next_is_unharmed(*state);
}

static void the_next_image_is_unharmed_by_one_that_takes_over_the_analysis(void **state) {
    static outcome evil;
    scan_image(*state, ((world *)*state)->packs, "evil-analyze", &evil);
    assert_int_equal(evil.how, SCAN_PARTIAL);
    assert_string_equal(evil.said, "1 descriptors took it"); /* the output, and neither pack */
    assert_int_equal(evil.result[0], '{');
    assert_non_null(strstr(evil.result, "pkg:deb/debian/beta@1"));
    assert_next_is_unharmed(*state);
}

int main(int argc, char **argv) {
    supervisor_host_main(argc, argv);
    if (!CONFINED || system("python3 -c pass") != 0) {
        puts(CONFINED ? "SKIPPED: python3 is needed to make the images"
                      : "SKIPPED: a sanitizer build has no sandbox that could hold a plugin which was taken over");
        return 0;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_next_image_is_unharmed_by_one_that_takes_over_the_reading_of_a_layer,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_next_image_is_unharmed_by_one_that_takes_over_the_analysis, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

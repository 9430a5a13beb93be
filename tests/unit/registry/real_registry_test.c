/* Debian's docker-registry, filled by skopeo: what the source states and fetches is what the layout holds that was pushed. */
#include "image.h"

#include "check.h"
#include "common/oci_image.h"
#include "registry_server.h"

static struct {
    registry_server process;
    unsigned port, tls_port;
    char layout[256];
    char login[8192]; /* stella_target.access */
} registry;

static int start_registry(void **state) {
    char line[1024], ca_file[256], ca[4096];
    (void)state;
    if (server_start(&registry.process, "real_registry.py", line, sizeof line) < 0 ||
        sscanf(line, "%u %u %255s %255s", &registry.port, &registry.tls_port, ca_file, registry.layout) != 4 ||
        server_read_file(ca_file, ca, sizeof ca) < 0)
        return -1;
    server_access(ca, registry.login, sizeof registry.login, "\"username\":\"reader\",\"password\":\"secret\",");
    return 0;
}

static int stop_registry(void **state) {
    (void)state;
    return server_stop(&registry.process);
}

static stella_status directory_read(stella_target *base, stella_sv path, uint64_t offset, void *buf, uint64_t size,
                                    uint64_t *got, stella_error *err) {
    char name[600];
    (void)base;
    snprintf(name, sizeof name, "%s/%.*s", registry.layout, STELLA_SV_FMT(path));
    STELLA_AUTO(stella_fd_closep) int fd = open(name, O_RDONLY | O_CLOEXEC);
    const ssize_t bytes = fd < 0 ? -1 : pread(fd, buf, size, (off_t)offset);
    if (bytes < 0)
        return stella_error_set(err, STELLA_E_NOTFOUND, name, "cannot be read");
    *got = (uint64_t)bytes;
    return STELLA_OK;
}

static stella_status directory_size(stella_target *base, stella_sv path, uint64_t *size, stella_error *err) {
    char name[600];
    (void)base;
    snprintf(name, sizeof name, "%s/%.*s", registry.layout, STELLA_SV_FMT(path));
    STELLA_AUTO(stella_fd_closep) int fd = open(name, O_RDONLY | O_CLOEXEC);
    const off_t end = fd < 0 ? -1 : lseek(fd, 0, SEEK_END);
    if (end < 0)
        return stella_error_set(err, STELLA_E_NOTFOUND, name, "not there");
    *size = (uint64_t)end;
    return STELLA_OK;
}

/* The layout as the source oci-layout states it. */
static fake_target *open_layout(void) {
    static const stella_target_ops ops = {.head = STELLA_HEAD(stella_target_ops),
                                          .read_at = directory_read,
                                          .size_of = directory_size,
                                          .image = fake_image,
                                          .layer = fake_layer};
    fake_target *t = fake_create(STELLA_TARGET_DIRECTORY);
    stella_error err = {0};
    t->base.ops = &ops;
    if (oci_layout_open(&t->base, &err) != STELLA_OK)
        fail_msg("%s: %s", err.path, err.message);
    return t;
}

static fake_target *target_on(unsigned port, const char *repository, const char *access) {
    fake_target *t = fake_create(STELLA_TARGET_REMOTE);
    t->base.name = stella_arena_printf(t->base.arena, "127.0.0.1:%u/test/%s", port, repository);
    t->base.access = stella_sv_cstr(access);
    return t;
}

static void open_image(fake_target *t) {
    stella_error err = {0};
    if (registry_open(&t->base, &session_limits_default, NULL, &err) != STELLA_OK)
        fail_msg("%.*s: %s: %s", STELLA_SV_FMT(t->base.name), err.path, err.message);
}

#define assert_same(a, b) assert_true(stella_sv_eq(a, b))

static void assert_same_image(const fake_target *got, const fake_target *expected) {
    assert_same(got->image.digest, expected->image.digest);
    assert_same(got->image.config, expected->image.config);
    assert_same(got->image.config_digest, expected->image.config_digest);
    assert_same(got->image.architecture, expected->image.architecture);
    assert_true(got->image.created_ms == expected->image.created_ms);
    assert_int_equal(got->layer_count, expected->layer_count);
    for (uint32_t i = 0; i < got->layer_count; i++) {
        assert_int_equal(got->layers[i].kind, expected->layers[i].kind);
        assert_int_equal(got->layers[i].size, expected->layers[i].size);
        assert_same(got->layers[i].digest, expected->layers[i].digest);
        assert_same(got->layers[i].diff_id, expected->layers[i].diff_id);
        assert_same(got->layers[i].media_type, expected->layers[i].media_type);
        assert_same(got->layers[i].created_by, expected->layers[i].created_by);
    }
}

static void assert_layers_arrive(fake_target *t) {
    for (uint32_t i = 0; i < t->layer_count; i++) {
        STELLA_AUTO(stella_buf_fini) stella_buf blob = stella_buf_of(8u << 20);
        const stella_sink sink = stella_buf_sink(&blob);
        stella_error err = {0};
        char digest[STELLA_DIGEST_TEXT_SIZE];
        if (registry_fetch(&t->base, &t->layers[i], 0, t->layers[i].size, &session_limits_default, NULL, &sink, &err) !=
            STELLA_OK)
            fail_msg("%s: %s", err.path, err.message);
        stella_digest_of(stella_buf_sv(&blob), digest);
        assert_same(t->layers[i].digest, stella_sv_cstr(digest));
    }
}

static void an_image_is_stated_as_its_layout_is(void **state) {
    (void)state;
    TARGET layout = open_layout();
    TARGET t = target_on(registry.port, "image:1", "");
    open_image(t);
    assert_int_equal(t->layer_count, 3);
    assert_same_image(t, layout);
    assert_layers_arrive(t);
}

static void the_image_of_our_platform_is_picked_from_an_index(void **state) {
    (void)state;
    TARGET layout = open_layout();
    TARGET t = target_on(registry.port, "many:1", "");
    open_image(t);
    assert_same_image(t, layout);
    TARGET other = target_on(registry.port, "many:1", "");
    other->base.platform = STELLA_SV("linux/arm64");
    open_image(other);
    assert_int_equal(other->layer_count, 1);
    TARGET none = target_on(registry.port, "many:1", "");
    stella_error err = {0};
    none->base.platform = STELLA_SV("windows/amd64");
    assert_int_equal(registry_open(&none->base, &session_limits_default, NULL, &err), STELLA_E_NOTFOUND);
    assert_non_null(strstr(err.message, "linux/arm64, linux/amd64"));
}

static void dockers_manifests_are_read_as_well(void **state) {
    (void)state;
    TARGET t = target_on(registry.port, "docker:1", "");
    open_image(t);
    assert_int_equal(t->layer_count, 2);
    assert_same(t->layers[0].media_type, STELLA_SV("application/vnd.docker.image.rootfs.diff.tar.gzip"));
    assert_layers_arrive(t);
}

static void with_tls_and_a_login_it_is_the_same_image(void **state) {
    (void)state;
    TARGET layout = open_layout();
    TARGET t = target_on(registry.tls_port, "image:1", registry.login);
    open_image(t);
    assert_same_image(t, layout);
    assert_layers_arrive(t);
}

static void without_the_login_the_way_to_it_is_named(void **state) {
    (void)state;
    char json[4096];
    const char *ca = strstr(registry.login, "\"ca\"");
    stella_error err = {0};
    snprintf(json, sizeof json, "{%s", ca);
    TARGET t = target_on(registry.tls_port, "image:1", json);
    assert_int_equal(registry_open(&t->base, &session_limits_default, NULL, &err), STELLA_E_DENIED);
    assert_non_null(strstr(err.message, "docker login 127.0.0.1:"));
}

static void what_is_not_there_is_named(void **state) {
    (void)state;
    TARGET t = target_on(registry.port, "image:2", "");
    stella_error err = {0};
    assert_int_equal(registry_open(&t->base, &session_limits_default, NULL, &err), STELLA_E_NOTFOUND);
    assert_non_null(strstr(err.path, "test/image"));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(an_image_is_stated_as_its_layout_is),
                                       cmocka_unit_test(the_image_of_our_platform_is_picked_from_an_index),
                                       cmocka_unit_test(dockers_manifests_are_read_as_well),
                                       cmocka_unit_test(with_tls_and_a_login_it_is_the_same_image),
                                       cmocka_unit_test(without_the_login_the_way_to_it_is_named),
                                       cmocka_unit_test(what_is_not_there_is_named)};
    return cmocka_run_group_tests(tests, start_registry, stop_registry);
}

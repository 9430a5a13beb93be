#include "check.h"

#include "docker_image.h"
#include "docker_manifest.h"
#include "fake_target.h"

#define DIFF_ID "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define CONFIG  "{\"os\":\"linux\",\"architecture\":\"amd64\",\"rootfs\":{\"diff_ids\":[\"" DIFF_ID "\"]}}"

static int set_up(void **state) {
    *state = fake_create(STELLA_TARGET_FILE);
    return 0;
}

static int tear_down(void **state) {
    fake_destroy(*state);
    return 0;
}

static void add_manifest(fake_target *t, const char *layer) {
    char digest[STELLA_DIGEST_TEXT_SIZE], name[96], text[512];
    stella_digest_of(STELLA_SV(CONFIG), digest);
    snprintf(name, sizeof name, "%s.json", digest + 7);
    fake_tar_add(t, name, '0', "", STELLA_SV(CONFIG));
    snprintf(text, sizeof text, "[{\"Config\":\"%s\",\"RepoTags\":[\"app:1\"],\"Layers\":[\"%s\"]}]", name, layer);
    fake_tar_add(t, "manifest.json", '0', "", stella_sv_cstr(text));
}

static void follows_the_link_to_a_layer_that_two_images_share(void **state) {
    fake_target *t = *state;
    fake_tar_add(t, "5e/layer.tar", '2', "../ab.tar", (stella_sv){0});
    fake_tar_add(t, "ab.tar", '0', "", STELLA_SV("the layer"));
    add_manifest(t, "5e/layer.tar");
    fake_tar_end(t);
    assert_int_equal(docker_archive_detect(&t->base), 90);
    assert_int_equal(docker_archive_open(&t->base, NULL), STELLA_OK);
    assert_int_equal(t->layer_count, 1);
    assert_int_equal(t->layers[0].size, 9);
    assert_memory_equal(t->tar + t->layers[0].offset, "the layer", 9);
    assert_int_equal(t->layers[0].digest.len, 0); /* nothing claims one: the diff id is the only digest */
    assert_true(stella_sv_eq(t->layers[0].diff_id, STELLA_SV(DIFF_ID)));
    assert_true(stella_sv_eq(t->image.name, STELLA_SV("app:1")));
}

static void states_the_configuration_s_digest_but_no_manifest_s(void **state) {
    fake_target *t = *state;
    char digest[STELLA_DIGEST_TEXT_SIZE];
    stella_digest_of(STELLA_SV(CONFIG), digest);
    fake_tar_add(t, "5e/layer.tar", '0', "", STELLA_SV("the layer"));
    add_manifest(t, "5e/layer.tar");
    fake_tar_end(t);
    assert_int_equal(docker_archive_open(&t->base, NULL), STELLA_OK);
    assert_int_equal(t->image.digest.len, 0);
    assert_true(stella_sv_eq(t->image.config_digest, stella_sv_cstr(digest)));
}

static void takes_the_name_of_a_blob_for_a_claim(void **state) {
    fake_target *t = *state;
    char digest[STELLA_DIGEST_TEXT_SIZE], name[96];
    stella_digest_of(STELLA_SV("the layer"), digest);
    snprintf(name, sizeof name, "blobs/sha256/%s", digest + 7);
    fake_tar_add(t, name, '0', "", STELLA_SV("the layer"));
    add_manifest(t, name);
    fake_tar_end(t);
    assert_int_equal(docker_archive_open(&t->base, NULL), STELLA_OK);
    assert_true(stella_sv_eq(t->layers[0].digest, stella_sv_cstr(digest)));
}

static void refuses_links_that_lead_out_of_the_archive_or_in_circles(void **state) {
    fake_target *t = *state;
    stella_error err = {0};
    fake_tar_add(t, "a/layer.tar", '2', "../../../etc/passwd", (stella_sv){0});
    add_manifest(t, "a/layer.tar");
    fake_tar_end(t);
    assert_int_equal(docker_archive_open(&t->base, &err), STELLA_E_FORMAT);
    assert_string_equal(err.path, "a/layer.tar");
    t->tar_len = 0;
    memset(t->tar, 0, FAKE_TAR);
    fake_tar_add(t, "a", '2', "b", (stella_sv){0});
    fake_tar_add(t, "b", '2', "a", (stella_sv){0});
    add_manifest(t, "a");
    fake_tar_end(t);
    assert_int_equal(docker_archive_open(&t->base, &err), STELLA_E_FORMAT);
    assert_string_equal(err.path, "a");
}

static void refuses_a_configuration_that_is_not_what_its_name_says(void **state) {
    fake_target *t = *state;
    stella_error err = {0};
    fake_tar_add(t, "layer.tar", '0', "", STELLA_SV("x"));
    add_manifest(t, "layer.tar");
    fake_tar_end(t);
    char *config = strstr(t->tar + 1536, "amd64"); /* behind the layer's and the configuration's header */
    assert_non_null(config);
    config[0] = 'A';
    assert_int_equal(docker_archive_open(&t->base, &err), STELLA_E_FORMAT);
    assert_non_null(strstr(err.message, "wrong digest"));
}

static void refuses_an_archive_that_ends_inside_a_layer(void **state) {
    fake_target *t = *state;
    add_manifest(t, "layer.tar");
    fake_tar_add(t, "layer.tar", '0', "", STELLA_SV("a layer of some length"));
    t->tar_len -= 512;
    assert_int_equal(docker_archive_open(&t->base, NULL), STELLA_E_FORMAT);
    assert_int_equal(t->image_count, 0);
}

static void selects_by_tag_latest_and_configuration(void **state) {
    (void)state;
    stella_arena *arena = stella_arena_create(1u << 20);
    docker_manifest manifest;
    const docker_image *image = NULL;
    stella_error err = {0};
    const stella_sv json = STELLA_SV(
        "[{\"Config\":\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855.json\","
        "\"RepoTags\":[\"app:latest\"],\"Layers\":[]},{\"Config\":\"b.json\",\"RepoTags\":null,\"Layers\":[]}]");
    assert_int_equal(docker_manifest_parse(json, arena, &manifest, NULL), STELLA_OK);
    assert_int_equal(docker_manifest_select(&manifest, STELLA_SV("app"), &image, NULL), STELLA_OK);
    assert_ptr_equal(image, &manifest.images[0]);
    image = NULL;
    assert_int_equal(docker_manifest_select(&manifest, STELLA_SV(DIFF_ID), &image, NULL), STELLA_OK);
    assert_ptr_equal(image, &manifest.images[0]);
    image = NULL;
    assert_int_equal(docker_manifest_select(&manifest, (stella_sv){0}, &image, &err), STELLA_E_INVALID);
    assert_non_null(strstr(err.message, "app:latest, b.json"));
    assert_null(image);
    stella_arena_destroy(arena);
}

#define WITH_ARCHIVE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_ARCHIVE(follows_the_link_to_a_layer_that_two_images_share),
        WITH_ARCHIVE(states_the_configuration_s_digest_but_no_manifest_s),
        WITH_ARCHIVE(takes_the_name_of_a_blob_for_a_claim),
        WITH_ARCHIVE(refuses_links_that_lead_out_of_the_archive_or_in_circles),
        WITH_ARCHIVE(refuses_a_configuration_that_is_not_what_its_name_says),
        WITH_ARCHIVE(refuses_an_archive_that_ends_inside_a_layer),
        WITH_ARCHIVE(selects_by_tag_latest_and_configuration),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

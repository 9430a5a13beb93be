#include "check.h"

#include "fake_target.h"
#include "oci_image.h"
#include "select.h"

#include <stella/auto.h>
#include <stella/sink.h>

#define MANIFEST_TYPE "application/vnd.oci.image.manifest.v1+json"
#define INDEX_TYPE    "application/vnd.oci.image.index.v1+json"
#define CONFIG_TYPE   "application/vnd.oci.image.config.v1+json"
#define LAYER_TYPE    "application/vnd.oci.image.layer.v1.tar+gzip"

static int set_up(void **state) {
    fake_target *t = fake_create(STELLA_TARGET_DIRECTORY);
    fake_add(t, "oci-layout", STELLA_SV("{\"imageLayoutVersion\":\"1.0.0\"}"));
    *state = t;
    return 0;
}

static int tear_down(void **state) {
    fake_destroy(*state);
    return 0;
}

/* Adds an image of one layer; descriptor: of its manifest, with the members that follow. */
static void add_image(fake_target *t, const char *layer, const char *layer_type, const char *more,
                      char descriptor[512]) {
    char layer_digest[STELLA_DIGEST_TEXT_SIZE], digest[STELLA_DIGEST_TEXT_SIZE], text[1024], config[512];
    fake_add_blob(t, layer, layer_digest);
    snprintf(config, sizeof config,
             "{\"os\":\"linux\",\"architecture\":\"amd64\",\"rootfs\":{\"diff_ids\":[\"%s\"]},\"x\":\"%s\"}",
             layer_digest, layer);
    fake_add_blob(t, config, digest);
    snprintf(text, sizeof text,
             "{\"config\":{\"mediaType\":\"" CONFIG_TYPE "\",\"digest\":\"%s\",\"size\":%zu},"
             "\"layers\":[{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%zu}]}",
             digest, strlen(config), layer_type, layer_digest, strlen(layer));
    fake_add_blob(t, text, digest);
    snprintf(descriptor, 512, "{\"mediaType\":\"" MANIFEST_TYPE "\",\"digest\":\"%s\",\"size\":%zu%s}", digest,
             strlen(text), more);
}

static void add_index(fake_target *t, const char *first, const char *second) {
    char text[2048];
    snprintf(text, sizeof text, "{\"manifests\":[%s%s%s]}", first, second ? "," : "", second ? second : "");
    fake_add(t, "index.json", stella_sv_cstr(text));
}

static void describes_the_only_image(void **state) {
    fake_target *t = *state;
    char image[512];
    add_image(t, "layer one", LAYER_TYPE, ",\"annotations\":{\"org.opencontainers.image.ref.name\":\"1.0\"}", image);
    add_index(t, image, NULL);
    assert_int_equal(oci_layout_open(&t->base, NULL), STELLA_OK);
    assert_true(stella_sv_eq(t->image.name, STELLA_SV("1.0")));
    assert_true(stella_sv_eq(t->image.architecture, STELLA_SV("amd64")));
    assert_int_equal(t->layer_count, 1);
    assert_int_equal(t->layers[0].kind, STELLA_LAYER_BLOB);
    assert_int_equal(t->layers[0].size, 9);
    assert_true(stella_sv_starts(t->layers[0].path, STELLA_SV("blobs/sha256/")));
    assert_true(stella_sv_eq(t->layers[0].digest, t->layers[0].diff_id));
}

static void picks_the_image_of_the_wanted_platform(void **state) {
    fake_target *t = *state;
    char arm[512], amd[512];
    add_image(t, "arm", LAYER_TYPE, ",\"platform\":{\"os\":\"linux\",\"architecture\":\"arm64\"}", arm);
    add_image(t, "amd, longer", LAYER_TYPE, ",\"platform\":{\"os\":\"linux\",\"architecture\":\"amd64\"}", amd);
    add_index(t, arm, amd);
    assert_int_equal(oci_layout_open(&t->base, NULL), STELLA_OK);
    assert_int_equal(t->layers[0].size, 11);
}

static void lists_the_choices_when_an_image_must_be_named(void **state) {
    fake_target *t = *state;
    char one[512], two[512];
    stella_error err = {0};
    add_image(t, "one", LAYER_TYPE, ",\"annotations\":{\"org.opencontainers.image.ref.name\":\"stable\"}", one);
    add_image(t, "two", LAYER_TYPE, ",\"annotations\":{\"org.opencontainers.image.ref.name\":\"testing\"}", two);
    add_index(t, one, two);
    assert_int_equal(oci_layout_open(&t->base, &err), STELLA_E_INVALID);
    assert_non_null(strstr(err.message, "stable, testing"));
    assert_int_equal(t->image_count, 0);
    t->base.select = STELLA_SV("testing");
    assert_int_equal(oci_layout_open(&t->base, &err), STELLA_OK);
    assert_true(stella_sv_eq(t->image.name, STELLA_SV("testing")));
    t->base.select = STELLA_SV("oldest");
    assert_int_equal(oci_layout_open(&t->base, &err), STELLA_E_NOTFOUND);
    assert_non_null(strstr(err.message, "stable, testing"));
}

static void passes_over_attestations_in_a_nested_index(void **state) {
    fake_target *t = *state;
    char image[512], attestation[512], text[2048], digest[STELLA_DIGEST_TEXT_SIZE];
    add_image(t, "image", LAYER_TYPE, ",\"platform\":{\"os\":\"linux\",\"architecture\":\"s390x\"}", image);
    add_image(t, "proof", LAYER_TYPE, ",\"platform\":{\"os\":\"unknown\",\"architecture\":\"unknown\"}", attestation);
    snprintf(text, sizeof text, "{\"manifests\":[%s,%s]}", attestation, image);
    fake_add_blob(t, text, digest);
    char outer[512];
    snprintf(outer, sizeof outer, "{\"mediaType\":\"" INDEX_TYPE "\",\"digest\":\"%s\",\"size\":%zu}", digest,
             strlen(text));
    add_index(t, outer, NULL);
    assert_int_equal(oci_layout_open(&t->base, NULL), STELLA_OK); /* the only one, though of another platform */
    assert_int_equal(t->layers[0].size, 5);
}

static void refuses_a_manifest_that_was_changed(void **state) {
    fake_target *t = *state;
    char image[512];
    stella_error err = {0};
    add_image(t, "layer", LAYER_TYPE, "", image);
    add_index(t, image, NULL);
    char *manifest = (char *)t->files[3].bytes.ptr; /* oci-layout, layer, configuration, manifest */
    manifest[t->files[3].bytes.len - 2] = ' ';
    assert_int_equal(oci_layout_open(&t->base, &err), STELLA_E_FORMAT);
    assert_non_null(strstr(err.message, "wrong digest"));
    assert_string_equal(err.path, t->files[3].name);
    assert_int_equal(t->image_count, 0);
}

static void states_a_foreign_layer_that_is_not_there(void **state) {
    fake_target *t = *state;
    char image[512];
    add_image(t, "windows", "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip", "", image);
    add_index(t, image, NULL);
    snprintf(t->files[1].name, sizeof t->files[1].name, "gone");
    assert_int_equal(oci_layout_open(&t->base, NULL), STELLA_OK);
    assert_int_equal(t->layers[0].kind, STELLA_LAYER_FOREIGN);
}

static void names_a_layer_that_is_missing(void **state) {
    fake_target *t = *state;
    char image[512], name[160];
    stella_error err = {0};
    add_image(t, "layer", LAYER_TYPE, "", image);
    add_index(t, image, NULL);
    snprintf(name, sizeof name, "%s", t->files[1].name);
    snprintf(t->files[1].name, sizeof t->files[1].name, "gone");
    assert_int_equal(oci_layout_open(&t->base, &err), STELLA_E_NOTFOUND);
    assert_string_equal(err.path, name);
}

static void follows_no_index_that_is_nested_without_end(void **state) {
    fake_target *t = *state;
    char text[512] = "{\"manifests\":[]}", digest[STELLA_DIGEST_TEXT_SIZE];
    for (int i = 0; i < 6; i++) {
        fake_add_blob(t, text, digest);
        const size_t size = strlen(text);
        snprintf(text, sizeof text,
                 "{\"manifests\":[{\"mediaType\":\"" INDEX_TYPE "\",\"digest\":\"%s\",\"size\":%zu}]}", digest, size);
    }
    fake_add(t, "index.json", stella_sv_cstr(text));
    assert_int_equal(oci_layout_open(&t->base, NULL), STELLA_E_LIMIT);
}

static void add_index_entry(stella_buf *index, const char *digest, uint64_t size) {
    stella_buf_printf(index, "%s{\"mediaType\":\"" INDEX_TYPE "\",\"digest\":\"%s\",\"size\":%llu}",
                      index->len ? "," : "{\"manifests\":[", digest, (unsigned long long)size);
}

/* Makes an index that names the one given that many times; digest and size become its own. */
static void wrap_index(fake_target *t, uint32_t times, char digest[STELLA_DIGEST_TEXT_SIZE], uint64_t *size) {
    STELLA_AUTO(stella_buf_fini) stella_buf index = stella_buf_of(1u << 20);
    for (uint32_t i = 0; i < times; i++)
        add_index_entry(&index, digest, *size);
    assert_int_equal(stella_buf_add(&index, stella_sv_of("]}", 3)), STELLA_OK);
    fake_add_blob(t, index.ptr, digest);
    *size = index.len - 1;
}

static void reads_an_index_once_that_is_named_a_thousand_times(void **state) {
    fake_target *t = *state;
    char image[512], text[1024], digest[STELLA_DIGEST_TEXT_SIZE];
    add_image(t, "layer", LAYER_TYPE, "", image);
    snprintf(text, sizeof text, "{\"manifests\":[%s]}", image);
    uint64_t size = strlen(text);
    fake_add_blob(t, text, digest);
    wrap_index(t, 1000, digest, &size);
    wrap_index(t, 1000, digest, &size);
    wrap_index(t, 1000, digest, &size);
    snprintf(text, sizeof text, "{\"mediaType\":\"" INDEX_TYPE "\",\"digest\":\"%s\",\"size\":%llu}", digest,
             (unsigned long long)size);
    add_index(t, text, NULL);
    assert_int_equal(oci_layout_open(&t->base, NULL), STELLA_OK);
    assert_int_equal(t->layer_count, 1);
}

static stella_status open_with_indexes(fake_target *t, uint32_t count, stella_error *err) {
    STELLA_AUTO(stella_buf_fini) stella_buf index = stella_buf_of(1u << 20);
    char image[512], text[1024], digest[STELLA_DIGEST_TEXT_SIZE];
    add_image(t, "layer", LAYER_TYPE, "", image);
    for (uint32_t i = 0; i < count; i++) {
        snprintf(text, sizeof text, "{\"i\":%u,\"manifests\":[%s]}", i, image);
        fake_add_blob(t, text, digest);
        add_index_entry(&index, digest, strlen(text));
    }
    assert_int_equal(stella_buf_add(&index, STELLA_SV("]}")), STELLA_OK);
    fake_add(t, "index.json", stella_buf_sv(&index));
    return oci_layout_open(&t->base, err);
}

static void reads_as_many_indexes_as_the_limit_says(void **state) {
    assert_int_equal(open_with_indexes(*state, SELECT_INDEXES_MAX, NULL), STELLA_OK);
}

static void names_the_limit_of_indexes(void **state) {
    stella_error err = {0};
    assert_int_equal(open_with_indexes(*state, SELECT_INDEXES_MAX + 1, &err), STELLA_E_LIMIT);
    assert_string_equal(err.message, "more than 100 nested indexes");
}

static void names_the_limit_of_the_indexes_bytes(void **state) {
    fake_target *t = *state;
    stella_error err = {0};
    STELLA_AUTO(stella_buf_fini) stella_buf index = stella_buf_of(1u << 20);
    add_index_entry(&index, "sha256:0000000000000000000000000000000000000000000000000000000000000000",
                    SELECT_INDEX_BYTES_MAX + 1);
    assert_int_equal(stella_buf_add(&index, STELLA_SV("]}")), STELLA_OK);
    fake_add(t, "index.json", stella_buf_sv(&index));
    assert_int_equal(oci_layout_open(&t->base, &err), STELLA_E_LIMIT);
    assert_string_equal(err.message, "nested indexes of more than 4 MiB");
}

#define WITH_LAYOUT(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_LAYOUT(describes_the_only_image),
        WITH_LAYOUT(picks_the_image_of_the_wanted_platform),
        WITH_LAYOUT(lists_the_choices_when_an_image_must_be_named),
        WITH_LAYOUT(passes_over_attestations_in_a_nested_index),
        WITH_LAYOUT(refuses_a_manifest_that_was_changed),
        WITH_LAYOUT(states_a_foreign_layer_that_is_not_there),
        WITH_LAYOUT(names_a_layer_that_is_missing),
        WITH_LAYOUT(follows_no_index_that_is_nested_without_end),
        WITH_LAYOUT(reads_an_index_once_that_is_named_a_thousand_times),
        WITH_LAYOUT(reads_as_many_indexes_as_the_limit_says),
        WITH_LAYOUT(names_the_limit_of_indexes),
        WITH_LAYOUT(names_the_limit_of_the_indexes_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

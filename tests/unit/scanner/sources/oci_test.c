#include "check.h"

#include "oci.h"

#include <stella/source.h>

#define DIGEST "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

static int set_up(void **state) {
    *state = stella_arena_create(16u << 20);
    return 0;
}

static int tear_down(void **state) {
    stella_arena_destroy(*state);
    return 0;
}

static void tells_indexes_images_and_attachments_apart(void **state) {
    oci_index index = {0};
    const stella_sv json = STELLA_SV(
        "{\"manifests\":["
        "{\"mediaType\":\"application/vnd.oci.image.index.v1+json\",\"digest\":\"" DIGEST "\",\"size\":1},"
        "{\"mediaType\":\"application/vnd.docker.distribution.manifest.v2+json\",\"digest\":\"" DIGEST "\",\"size\":2,"
        "\"platform\":{\"os\":\"linux\",\"architecture\":\"arm\",\"variant\":\"v7\"},"
        "\"annotations\":{\"org.opencontainers.image.ref.name\":\"1.2\"}},"
        "{\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"digest\":\"" DIGEST "\",\"size\":3,"
        "\"annotations\":{\"vnd.docker.reference.type\":\"attestation-manifest\"}}]}");
    assert_int_equal(oci_index_parse(json, *state, &index, NULL), STELLA_OK);
    assert_int_equal(index.count, 3);
    assert_true(index.manifests[0].is_index && !index.manifests[0].is_manifest);
    assert_true(index.manifests[1].is_manifest && !index.manifests[1].is_attachment);
    assert_true(stella_sv_eq(index.manifests[1].ref_name, STELLA_SV("1.2")));
    assert_true(stella_sv_eq(index.manifests[1].variant, STELLA_SV("v7")));
    assert_true(index.manifests[2].is_attachment);
}

static void a_size_that_no_file_has_is_refused(void **state) {
    oci_index index = {.count = 77};
    stella_error err = {0};
    const stella_sv json = STELLA_SV("{\"manifests\":[{\"digest\":\"" DIGEST "\",\"size\":9223372036854775808}]}");
    assert_int_equal(oci_index_parse(json, *state, &index, &err), STELLA_E_FORMAT);
    assert_non_null(strstr(err.message, "beyond that of any file"));
    assert_int_equal(index.count, 77);
}

static void names_the_descriptor_whose_digest_is_none(void **state) {
    oci_index index = {.count = 77};
    stella_error err = {0};
    assert_int_equal(oci_index_parse(STELLA_SV("{\"manifests\":[{\"digest\":\"sha256:../../etc\",\"size\":1}]}"),
                                     *state, &index, &err),
                     STELLA_E_FORMAT);
    assert_string_equal(err.path, "/manifests/0");
    assert_int_equal(index.count, 77);
}

static void refuses_a_digest_that_it_cannot_verify(void **state) {
    oci_index index;
    assert_int_equal(
        oci_index_parse(STELLA_SV("{\"manifests\":[{\"digest\":\"sha512:00\",\"size\":1}]}"), *state, &index, NULL),
        STELLA_E_UNSUPPORTED);
}

static void refuses_a_manifest_without_configuration(void **state) {
    oci_manifest manifest;
    stella_error err = {0};
    assert_int_equal(oci_manifest_parse(STELLA_SV("{\"schemaVersion\":1,\"layers\":[]}"), *state, &manifest, &err),
                     STELLA_E_FORMAT);
    assert_string_equal(err.path, "/config");
}

/* The first layer of a manifest with these annotations; it has 100 bytes. */
static oci_descriptor layer_with(stella_arena *arena, const char *annotations) {
    oci_manifest manifest = {0};
    const stella_sv json =
        stella_arena_printf(arena,
                            "{\"config\":{\"digest\":\"" DIGEST "\",\"size\":1},\"layers\":[{\"digest\":\"" DIGEST
                            "\",\"size\":100,\"annotations\":{%s}}]}",
                            annotations);
    assert_int_equal(oci_manifest_parse(json, arena, &manifest, NULL), STELLA_OK);
    return manifest.layers[0];
}

#define CHUNKED "\"io.github.containers.zstd-chunked.manifest-checksum\":\"" DIGEST "\","
#define PLACE   "\"io.github.containers.zstd-chunked.manifest-position\":"

static void knows_a_table_of_contents_by_its_annotations(void **state) {
    const oci_descriptor estargz = layer_with(*state, "\"containerd.io/snapshot/stargz/toc.digest\":\"" DIGEST "\"");
    const oci_descriptor chunked = layer_with(*state, CHUNKED PLACE "\"40:60:900:1\"");
    assert_int_equal(estargz.toc_kind, STELLA_TOC_ESTARGZ);
    assert_true(stella_sv_eq(estargz.toc_digest, STELLA_SV(DIGEST)));
    assert_int_equal(chunked.toc_kind, STELLA_TOC_ZSTD_CHUNKED);
    assert_int_equal(chunked.toc_offset, 40);
    assert_int_equal(chunked.toc_size, 60);
}

static void passes_over_annotations_that_name_no_table(void **state) {
    static const char *const none[] = {"",
                                       "\"containerd.io/snapshot/stargz/toc.digest\":\"sha256:12\"",
                                       CHUNKED PLACE "\"40:61:900:1\"",
                                       CHUNKED PLACE "\"100:1:900:1\"",
                                       CHUNKED PLACE "\"40:0:900:1\"",
                                       CHUNKED PLACE "\"40:60:900:2\"",
                                       CHUNKED PLACE "\"40:60:900\"",
                                       CHUNKED PLACE "\"18446744073709551615:60:900:1\"",
                                       CHUNKED PLACE "7"};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        const oci_descriptor d = layer_with(*state, none[i]);
        assert_int_equal(d.toc_kind, STELLA_TOC_NONE);
        assert_int_equal(d.toc_offset + d.toc_size + d.toc_digest.len, 0);
    }
}

static void gives_each_layer_the_command_that_made_it(void **state) {
    oci_config config = {0};
    const stella_sv json =
        STELLA_SV("{\"os\":\"linux\",\"architecture\":\"amd64\",\"created\":\"2024-02-29T12:00:00.5Z\","
                  "\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"" DIGEST "\",\"" DIGEST "\"]},"
                  "\"history\":[{\"created_by\":\"ADD\"},{\"created_by\":\"ENV\",\"empty_layer\":true},{\"created_by\":"
                  "\"RUN\"}]}");
    assert_int_equal(oci_config_parse(json, *state, &config, NULL), STELLA_OK);
    assert_int_equal(config.layer_count, 2);
    assert_true(stella_sv_eq(config.created_by[0], STELLA_SV("ADD")));
    assert_true(stella_sv_eq(config.created_by[1], STELLA_SV("RUN")));
    assert_true(config.created_ms == 1709208000500);
}

static void believes_no_history_that_does_not_fit_the_layers(void **state) {
    oci_config config = {0};
    const stella_sv json = STELLA_SV("{\"rootfs\":{\"diff_ids\":[\"" DIGEST "\"]},"
                                     "\"history\":[{\"created_by\":\"ADD\"},{\"created_by\":\"RUN\"}]}");
    assert_int_equal(oci_config_parse(json, *state, &config, NULL), STELLA_OK);
    assert_int_equal(config.created_by[0].len, 0);
    assert_true(config.created_ms == -1);
}

static void refuses_a_configuration_that_lists_no_layers(void **state) {
    oci_config config;
    stella_error err = {0};
    assert_int_equal(oci_config_parse(STELLA_SV("{\"os\":\"linux\"}"), *state, &config, &err), STELLA_E_FORMAT);
    assert_string_equal(err.path, "/rootfs/diff_ids");
}

static void reads_dates_of_every_zone_and_no_others(void **state) {
    (void)state;
    assert_true(oci_time_ms(STELLA_SV("1970-01-01T00:00:00Z")) == 0);
    assert_true(oci_time_ms(STELLA_SV("2000-03-01T00:00:00+01:30")) == 951863400000);
    assert_true(oci_time_ms(STELLA_SV("2023-11-14T22:13:20.123456789Z")) == 1700000000123);
    assert_true(oci_time_ms(STELLA_SV("0001-01-01T00:00:00Z")) == -1); /* what Docker writes for "not known" */
    assert_true(oci_time_ms(STELLA_SV("2023-13-01T00:00:00Z")) == -1);
    assert_true(oci_time_ms(STELLA_SV("2023-11-14T22:13:20")) == -1);
    assert_true(oci_time_ms(STELLA_SV("2023-11-14T22:13:20Zx")) == -1);
    assert_true(oci_time_ms(STELLA_SV("")) == -1);
}

#define WITH_ARENA(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_ARENA(tells_indexes_images_and_attachments_apart),
        WITH_ARENA(a_size_that_no_file_has_is_refused),
        WITH_ARENA(names_the_descriptor_whose_digest_is_none),
        WITH_ARENA(refuses_a_digest_that_it_cannot_verify),
        WITH_ARENA(refuses_a_manifest_without_configuration),
        WITH_ARENA(knows_a_table_of_contents_by_its_annotations),
        WITH_ARENA(passes_over_annotations_that_name_no_table),
        WITH_ARENA(gives_each_layer_the_command_that_made_it),
        WITH_ARENA(believes_no_history_that_does_not_fit_the_layers),
        WITH_ARENA(refuses_a_configuration_that_lists_no_layers),
        WITH_ARENA(reads_dates_of_every_zone_and_no_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "check.h"
#include "job_kit.h"

#include <stella/distro.h>

/* ---- a package database: one component a record, as dpkg's analyzer does it ---------------------------------------
 */

static stella_status packages(void *self, stella_analysis *job, stella_error *err) {
    (void)self, (void)err;
    stella_record record = STELLA_RECORD_INIT;
    for (stella_records it = stella_records_of(STELLA_SV("package")); stella_records_next(job, &it, &record);) {
        stella_sv rest = record.key, name, version = {0};
        (void)stella_sv_split(&rest, '=', &name);
        (void)stella_sv_split(&rest, '=', &version);
        stella_component *c = stella_component_add(job, STELLA_SV("deb"), name, version, 0);
        const stella_file file = {.struct_size = sizeof file, .path = record.path, .layer = record.layer};
        stella_component_set(c, STELLA_FIELD_NAMESPACE, STELLA_SV("debian"));
        stella_component_evidence(c, &file, 1, STELLA_SV("package-database"));
        stella_component_from_record(c, &record);
        const stella_owned owned = {.struct_size = sizeof owned, .path = record.bytes};
        if (record.bytes.len)
            stella_component_owns(c, &owned);
    }
    return STELLA_OK;
}

#define PACKAGES "org.test.packages"

/* A layer whose database lists these packages, "name=version" each. */
static void database_layer(job_kit *k, const char *const *keys) {
    kit *layer = kit_create();
    const uint32_t status = kit_file(layer, "var/lib/dpkg/status");
    for (; *keys; keys++)
        kit_record(layer, PACKAGES, status, "package", *keys, "");
    job_layer(k, layer);
}

static void a_package_belongs_to_the_layer_that_brought_it_not_to_the_last_that_rewrote_the_database(void **state) {
    job_kit *k = *state;
    job_analyzer(k, PACKAGES, STELLA_PHASE_PACKAGES, packages);
    database_layer(k, (const char *const[]){"base=1", "curl=7", NULL});
    database_layer(k, (const char *const[]){"base=1", "curl=7", "vim=9", NULL});
    database_layer(k, (const char *const[]){"base=1", "curl=8", "vim=9", NULL});
    assert_int_equal(job_run(k, 1), STELLA_OK);
    assert_dumps(k, "component pkg:deb/debian/base@1 introduced=0 layers=0,1,2 ");
    assert_dumps(k, "component pkg:deb/debian/vim@9 introduced=1 layers=1,2 ");
    assert_dumps(k, "component pkg:deb/debian/curl@8 introduced=2 layers=2 ");
    assert_does_not_dump(k, "curl@7");
    assert_int_equal(k->depth, 0);
    assert_int_equal(k->entered, 2);
}

static void a_package_removed_and_added_again_belongs_to_the_later_layer(void **state) {
    job_kit *k = *state;
    job_analyzer(k, PACKAGES, STELLA_PHASE_PACKAGES, packages);
    database_layer(k, (const char *const[]){"base=1", "tool=1", NULL});
    database_layer(k, (const char *const[]){"base=1", NULL});
    database_layer(k, (const char *const[]){"base=1", "tool=1", NULL});
    database_layer(k, (const char *const[]){"base=1", "tool=1", NULL});
    assert_int_equal(job_run(k, 1), STELLA_OK);
    assert_dumps(k, "component pkg:deb/debian/tool@1 introduced=2 ");
    assert_dumps(k, "component pkg:deb/debian/base@1 introduced=0 ");
}

static void the_layers_that_keep_a_package_are_those_of_its_last_run_whose_own_database_lists_it(void **state) {
    job_kit *k = *state;
    job_analyzer(k, PACKAGES, STELLA_PHASE_PACKAGES, packages);
    database_layer(k, (const char *const[]){"back=1", "base=1", NULL});
    database_layer(k, (const char *const[]){"base=1", "kept=1", NULL});
    database_layer(k, (const char *const[]){"back=1", "base=1", "kept=1", NULL});
    job_layer(k, kit_create()); /* says nothing of packages: it neither ends a run nor keeps one */
    database_layer(k, (const char *const[]){"back=1", "base=1", "kept=1", "new=1", NULL});
    assert_int_equal(job_run(k, 1), STELLA_OK);
    assert_dumps(k, "component pkg:deb/debian/base@1 introduced=0 layers=0,1,2,4 ");
    assert_dumps(k, "component pkg:deb/debian/kept@1 introduced=1 layers=1,2,4 ");
    assert_dumps(k, "component pkg:deb/debian/back@1 introduced=2 layers=2,4 ");
    assert_dumps(k, "component pkg:deb/debian/new@1 introduced=4 layers=4 ");
}

static void a_record_that_two_files_of_a_layer_hold_names_the_layer_once(void **state) {
    job_kit *k = *state;
    job_analyzer(k, PACKAGES, STELLA_PHASE_PACKAGES, packages);
    for (int i = 0; i < 2; i++) {
        kit *layer = kit_create();
        kit_record(layer, PACKAGES, kit_file(layer, "a/status"), "package", "base=1", "");
        kit_record(layer, PACKAGES, kit_file(layer, "b/status"), "package", "base=1", "");
        job_layer(k, layer);
    }
    assert_int_equal(job_run(k, 1), STELLA_OK);
    assert_dumps(k, "component pkg:deb/debian/base@1 introduced=0 layers=0,1 ");
}

/* Evidence in layer 1; two statements of layers that overlap. */
static stella_status states_layers_twice(void *self, stella_analysis *job, stella_error *err) {
    (void)self, (void)err;
    static const uint32_t first[] = {2, 3}, second[] = {0, 2};
    stella_component *c = stella_component_add(job, STELLA_SV("nix"), STELLA_SV("x"), STELLA_SV("1"), 0);
    const stella_file file = {.struct_size = sizeof file, .path = STELLA_SV("f"), .layer = 1};
    stella_component_evidence(c, &file, 0, STELLA_SV("metadata"));
    stella_component_layers(c, first, 2);
    stella_component_layers(c, second, 2);
    return STELLA_OK;
}

static void layers_that_are_stated_twice_are_joined_with_each_other_and_those_of_the_evidence(void **state) {
    job_kit *k = *state;
    job_analyzer(k, "org.test.a", STELLA_PHASE_PACKAGES, states_layers_twice);
    for (int i = 0; i < 4; i++)
        job_layer(k, kit_create());
    assert_int_equal(job_run(k, 1), STELLA_OK);
    assert_dumps(k, "component pkg:nix/x@1 introduced=0 layers=0,1,2,3 ");
}

static void a_removed_database_ends_the_run_of_all_its_packages(void **state) {
    job_kit *k = *state;
    job_analyzer(k, PACKAGES, STELLA_PHASE_PACKAGES, packages);
    database_layer(k, (const char *const[]){"base=1", NULL});
    kit *gone = kit_create();
    kit_whiteout(gone, "var/lib/dpkg");
    job_layer(k, gone);
    database_layer(k, (const char *const[]){"base=1", NULL});
    assert_int_equal(job_run(k, 1), STELLA_OK);
    assert_dumps(k, "component pkg:deb/debian/base@1 introduced=2 layers=2 ");
}

static void a_file_that_later_layers_leave_alone_is_present_in_all_of_them(void **state) {
    job_kit *k = *state;
    job_analyzer(k, PACKAGES, STELLA_PHASE_PACKAGES, packages);
    job_layer(k, kit_create());
    kit *layer = kit_create();
    kit_record(layer, PACKAGES, kit_file(layer, "var/lib/dpkg/status.d/base"), "package", "base=1", "");
    job_layer(k, layer);
    kit *moved = kit_create(); /* the same package from another file: the run is not broken */
    kit_record(moved, PACKAGES, kit_file(moved, "var/lib/dpkg/status.d/base-files"), "package", "base=1", "");
    kit_whiteout(moved, "var/lib/dpkg/status.d/base");
    job_layer(k, moved);
    job_layer(k, kit_create());
    assert_int_equal(job_run(k, 1), STELLA_OK);
    assert_dumps(k, "component pkg:deb/debian/base@1 introduced=1 layers=1,2 ");
    assert_dumps(k, " evidence var/lib/dpkg/status.d/base-files:1 package-database by org.test.packages\n");
}

static void evidence_of_another_build_of_the_plugin_is_not_used(void **state) {
    job_kit *k = *state;
    job_analyzer(k, PACKAGES, STELLA_PHASE_PACKAGES, packages);
    kit *layer = kit_create();
    layer->digest = "sha256:other";
    kit_record(layer, PACKAGES, kit_file(layer, "status"), "package", "base=1", "");
    job_layer(k, layer);
    assert_int_equal(job_run(k, 1), STELLA_OK);
    assert_does_not_dump(k, "component");
    assert_dumps(k, "error org.test.packages other-build lost=0 layer=0");
}

/* ---- identity -----------------------------------------------------------------------------------------------------
 */

static stella_component *add(stella_analysis *job, const char *name, const char *version, const char *path) {
    stella_component *c = stella_component_add(job, STELLA_SV("npm"), stella_sv_cstr(name), stella_sv_cstr(version), 0);
    const stella_file file = {.struct_size = sizeof file, .path = stella_sv_cstr(path)};
    stella_component_evidence(c, &file, 0, STELLA_SV("metadata"));
    return c;
}

static stella_status first_witness(void *self, stella_analysis *job, stella_error *err) {
    (void)self, (void)err;
    stella_component *c = add(job, "left", "1", "b/package.json");
    stella_component_license(c, STELLA_LICENSE_EXPRESSION, STELLA_SV("MIT"));
    stella_component_set(c, STELLA_FIELD_MAINTAINER, STELLA_SV("first"));
    stella_component_property(c, STELLA_SV("npm:x"), STELLA_SV("1"));
    add(job, "loose", "", "b/package.json");
    return STELLA_OK;
}

static stella_status second_witness(void *self, stella_analysis *job, stella_error *err) {
    (void)self, (void)err;
    stella_component *c = add(job, "left", "1", "a/package.json");
    stella_component_license(c, STELLA_LICENSE_EXPRESSION, STELLA_SV("ISC"));
    stella_component_license(c, STELLA_LICENSE_EXPRESSION, STELLA_SV("MIT"));
    stella_component_set(c, STELLA_FIELD_MAINTAINER, STELLA_SV("second"));
    add(job, "loose", "", "a/package.json");
    add(job, "loose", "", "b/package.json");
    return STELLA_OK;
}

static void equal_purls_are_one_component_with_all_its_evidence(void **state) {
    job_kit *k = *state;
    job_layer(k, kit_create());
    job_analyzer(k, "org.test.a", STELLA_PHASE_APPLICATIONS, first_witness);
    job_analyzer(k, "org.test.b", STELLA_PHASE_APPLICATIONS, second_witness);
    assert_int_equal(job_run(k, 1), STELLA_OK);
    assert_dumps(k, "component pkg:npm/left@1 introduced=0 layers=0 flags=0 kind=library\n"
                    " maintainer first\n license ISC\n license MIT\n"
                    " evidence a/package.json:0 metadata by org.test.b\n"
                    " evidence b/package.json:0 metadata by org.test.a\n"
                    " property npm:x=1\n");
}

static void components_without_version_are_one_only_if_one_file_proves_them(void **state) {
    job_kit *k = *state;
    job_layer(k, kit_create());
    job_analyzer(k, "org.test.a", STELLA_PHASE_APPLICATIONS, first_witness);
    job_analyzer(k, "org.test.b", STELLA_PHASE_APPLICATIONS, second_witness);
    assert_int_equal(job_run(k, 1), STELLA_OK);
    assert_dumps(k, "component pkg:npm/loose|a/package.json ");
    assert_dumps(k, "component pkg:npm/loose|b/package.json ");
    assert_non_null(strstr(k->reply.ptr, "\"components\":3"));
}

static stella_status awkward_names(void *self, stella_analysis *job, stella_error *err) {
    (void)self, (void)err;
    const stella_file file = {.struct_size = sizeof file, .path = STELLA_SV("f")};
    const uint32_t flags = STELLA_COMPONENT_NO_PURL;
    stella_component_evidence(stella_component_add(job, STELLA_SV("os"), STELLA_SV("a@b"), STELLA_SV("c"), flags),
                              &file, 0, STELLA_SV("m"));
    stella_component_evidence(stella_component_add(job, STELLA_SV("os"), STELLA_SV("a"), STELLA_SV("b@c"), flags),
                              &file, 0, STELLA_SV("m"));
    stella_component_evidence(stella_component_add(job, STELLA_SV("no type"), STELLA_SV("n"), STELLA_SV("1"), 0), &file,
                              0, STELLA_SV("m"));
    return STELLA_OK;
}

/* What a format cannot write: each would get the same stand-in. */
static stella_status unwritable_names(void *self, stella_analysis *job, stella_error *err) {
    (void)self, (void)err;
    static const char *const names[] = {"x\xff", "x\xfe", "x\x01", "x\xef\xbf\xbf", "h\xc3\xa9llo"};
    const stella_file file = {.struct_size = sizeof file, .path = STELLA_SV("f\n%")};
    for (uint32_t i = 0; i < STELLA_COUNT(names); i++)
        stella_component_evidence(stella_component_add(job, STELLA_SV("bin"), stella_sv_cstr(names[i]), STELLA_SV(""),
                                                       STELLA_COMPONENT_NO_PURL),
                                  &file, 0, STELLA_SV("m"));
    return STELLA_OK;
}

static stella_status known_by_bytes(void *self, stella_analysis *job, stella_error *err) {
    (void)self, (void)err;
    static const char *const paths[] = {"opt/a", "opt/b"};
    for (uint32_t i = 0; i < STELLA_COUNT(paths); i++) {
        const stella_file file = {.struct_size = sizeof file, .path = stella_sv_cstr(paths[i])};
        stella_component_evidence(stella_component_add(job, STELLA_SV("bin"), STELLA_SV("sha256"), STELLA_SV("00ff"),
                                                       STELLA_COMPONENT_NO_PURL),
                                  &file, 0, STELLA_SV("binary"));
    }
    return STELLA_OK;
}

static void what_is_known_by_its_bytes_is_one_wherever_it_is(void **state) {
    job_kit *k = *state;
    job_layer(k, kit_create());
    job_analyzer(k, "org.test.a", STELLA_PHASE_BINARIES, known_by_bytes);
    assert_int_equal(job_run(k, 1), STELLA_OK);
    assert_dumps(k, "component bin:sha256:00ff ");
    assert_non_null(strstr(k->reply.ptr, "\"components\":1"));
}

static void names_that_no_format_can_write_have_refs_that_every_format_can(void **state) {
    job_kit *k = *state;
    job_layer(k, kit_create());
    job_analyzer(k, "org.test.a", STELLA_PHASE_APPLICATIONS, unwritable_names);
    assert_int_equal(job_run(k, 1), STELLA_OK);
    assert_dumps(k, "component bin:x%FF|f%0A%25 ");
    assert_dumps(k, "component bin:x%FE|f%0A%25 ");
    assert_dumps(k, "component bin:x%01|f%0A%25 ");
    assert_dumps(k, "component bin:x%EF%BF%BF|f%0A%25 ");
    assert_dumps(k, "component bin:h\xc3\xa9llo|f%0A%25 ");
}

static void names_that_look_alike_stay_apart_and_a_purl_that_cannot_be_built_is_said(void **state) {
    job_kit *k = *state;
    job_layer(k, kit_create());
    job_analyzer(k, "org.test.a", STELLA_PHASE_APPLICATIONS, awkward_names);
    assert_int_equal(job_run(k, 1), STELLA_OK);
    assert_dumps(k, "component os:a%40b@c ");
    assert_dumps(k, "component os:a@b%40c ");
    assert_dumps(k, "component no type:n@1 ");
    assert_dumps(k, "error org.test.a purl lost=0 layer=-1 f: no package URL for no type:n");
}

static void the_order_in_which_plugins_are_listed_changes_no_byte(void **state) {
    job_kit *k = *state;
    job_layer(k, kit_create());
    job_analyzer(k, "org.test.a", STELLA_PHASE_APPLICATIONS, first_witness);
    job_analyzer(k, "org.test.b", STELLA_PHASE_APPLICATIONS, second_witness);
    job_analyzer(k, "org.test.c", STELLA_PHASE_PACKAGES, awkward_names);
    assert_int_equal(job_run(k, 1), STELLA_OK);
    char *before = strdup(k->dump.ptr);
    const stella_peer first = k->analyzers[0];
    k->analyzers[0] = k->analyzers[2];
    k->analyzers[2] = first;
    assert_int_equal(job_run(k, 1), STELLA_OK);
    assert_string_equal(before, k->dump.ptr);
    free(before);
}

/* ---- phases, publications, owners ---------------------------------------------------------------------------------
 */

static stella_status says_debian(void *self, stella_analysis *job, stella_error *err) {
    (void)self;
    stella_buf buf = stella_buf_of(4096);
    const stella_distro distro = {.id = STELLA_SV("debian"), .version_id = STELLA_SV("12")};
    assert_int_equal(stella_distro_encode(&distro, &buf), STELLA_OK);
    const stella_record record = {.struct_size = sizeof record,
                                  .kind = STELLA_SV(STELLA_DISTRO_KIND),
                                  .key = distro.id,
                                  .bytes = stella_buf_sv(&buf)};
    const stella_status status = stella_publish(job, &record, err);
    stella_buf_fini(&buf);
    return status;
}

static stella_status counts_distros(void *self, stella_analysis *job, stella_error *err) {
    (void)self, (void)err;
    char version[16];
    int count = 0;
    stella_record record = STELLA_RECORD_INIT;
    for (stella_records it = stella_published(STELLA_SV(STELLA_DISTRO_KIND)); stella_records_next(job, &it, &record);)
        count++;
    snprintf(version, sizeof version, "%d", count);
    add(job, "seen", version, "f");
    return STELLA_OK;
}

static void later_phases_see_what_earlier_ones_published_and_the_same_phase_does_not(void **state) {
    job_kit *k = *state;
    job_layer(k, kit_create());
    job_analyzer(k, "org.test.a", STELLA_PHASE_IDENTITY, says_debian);
    job_analyzer(k, "org.test.b", STELLA_PHASE_IDENTITY, counts_distros);
    job_analyzer(k, "org.test.c", STELLA_PHASE_PACKAGES, says_debian);
    job_analyzer(k, "org.test.d", STELLA_PHASE_APPLICATIONS, counts_distros);
    assert_int_equal(job_run(k, 1), STELLA_OK);
    assert_dumps(k, "distro=debian\n");
    assert_dumps(k, "component pkg:npm/seen@0 ");
    assert_dumps(k, "component pkg:npm/seen@2 ");
}

static stella_status asks_for_owners(void *self, stella_analysis *job, stella_error *err) {
    (void)self, (void)err;
    static const char *const paths[] = {"usr/lib/libc.so", "lib/libc.so", "/lib/libc.so", "usr/lib/other.so"};
    for (size_t i = 0; i < 4; i++) {
        stella_owner owner = STELLA_OWNER_INIT;
        const int is_owned = stella_owner_of(job, stella_sv_cstr(paths[i]), &owner);
        assert_int_equal(is_owned, i < 3);
        if (is_owned)
            assert_true(stella_sv_eq(owner.purl, STELLA_SV("pkg:deb/debian/libc@2")));
        if (is_owned)
            assert_true(stella_sv_eq(owner.path, STELLA_SV("lib/libc.so")));
    }
    add(job, "asked", "1", "f");
    return STELLA_OK;
}

static void a_path_has_its_owner_in_both_spellings(void **state) {
    job_kit *k = *state;
    kit *layer = kit_create();
    const uint32_t status = kit_file(layer, "status");
    kit_file(layer, "usr/lib/libc.so");
    kit_file(layer, "usr/lib/other.so");
    kit_link(layer, "lib", "usr/lib");
    kit_record(layer, PACKAGES, status, "package", "libc=2", "/lib/libc.so");
    kit_record(layer, PACKAGES, status, "package", "gone=1", "usr/lib/gone.so");
    job_layer(k, layer);
    job_analyzer(k, PACKAGES, STELLA_PHASE_PACKAGES, packages);
    job_analyzer(k, "org.test.z", STELLA_PHASE_APPLICATIONS, asks_for_owners);
    assert_int_equal(job_run(k, 1), STELLA_OK);
    assert_dumps(k, "component pkg:npm/asked@1 ");
    assert_dumps(k, " file lib/libc.so present=1\n");
    assert_dumps(k, " file usr/lib/gone.so present=0\n");
}

/* ---- failing ------------------------------------------------------------------------------------------------------
 */

static stella_status fails_after_a_component(void *self, stella_analysis *job, stella_error *err) {
    (void)self;
    add(job, "half", "1", "f");
    (void)says_debian(NULL, job, NULL);
    return stella_error_set(err, STELLA_E_FORMAT, "some/file", "cannot go on");
}

static void an_analyzer_that_fails_contributes_nothing_and_the_others_stand(void **state) {
    job_kit *k = *state;
    job_layer(k, kit_create());
    job_analyzer(k, "org.test.a", STELLA_PHASE_IDENTITY, fails_after_a_component);
    job_analyzer(k, "org.test.b", STELLA_PHASE_APPLICATIONS, counts_distros);
    assert_int_equal(job_run(k, 1), STELLA_OK);
    assert_does_not_dump(k, "half");
    assert_dumps(k, "distro=\n");
    assert_dumps(k, "component pkg:npm/seen@0 ");
    assert_dumps(k, "error org.test.a format lost=1 layer=-1 some/file: cannot go on\n");
    assert_does_not_dump(k, "plugin org.test.a");
    assert_non_null(
        strstr(k->reply.ptr, "\"lost\":[{\"plugin\":\"org.test.a\",\"code\":\"format\",\"message\":\"cannot go on\""));
}

typedef void misuse(stella_analysis *job, stella_component *c);

static void a_text_at_no_address(stella_analysis *job, stella_component *c) {
    (void)job;
    stella_component_property(c, STELLA_SV("x"), stella_sv_of(NULL, 5));
}
static void a_text_of_absurd_size(stella_analysis *job, stella_component *c) {
    (void)job;
    stella_component_license(c, STELLA_LICENSE_NAME, stella_sv_of("x", SIZE_MAX));
}
static void no_name(stella_analysis *job, stella_component *c) {
    (void)c;
    (void)stella_component_add(job, STELLA_SV("npm"), STELLA_SV(""), STELLA_SV("1"), 0);
}
static void unknown_flags(stella_analysis *job, stella_component *c) {
    (void)c;
    (void)stella_component_add(job, STELLA_SV("npm"), STELLA_SV("x"), STELLA_SV("1"), 1u << 30);
}
static void no_evidence(stella_analysis *job, stella_component *c) {
    (void)c;
    (void)stella_component_add(job, STELLA_SV("npm"), STELLA_SV("x"), STELLA_SV("1"), 0);
}
static void an_unknown_field(stella_analysis *job, stella_component *c) {
    (void)job;
    stella_component_set(c, 99, STELLA_SV("x"));
}
static void a_layer_that_is_not_there(stella_analysis *job, stella_component *c) {
    (void)job;
    stella_component_introduced(c, 1);
}
static void layers_that_are_not_there(stella_analysis *job, stella_component *c) {
    static const uint32_t layers[] = {0, 1};
    (void)job;
    stella_component_layers(c, layers, 2);
}
static void layers_that_do_not_ascend(stella_analysis *job, stella_component *c) {
    static const uint32_t layers[] = {0, 0};
    (void)job;
    stella_component_layers(c, layers, 2);
}
static void no_layers(stella_analysis *job, stella_component *c) {
    (void)job;
    stella_component_layers(c, NULL, 1);
}
static void an_unknown_relation(stella_analysis *job, stella_component *c) {
    stella_relate(job, c, c, 9, 0);
}
static void a_foreign_component(stella_analysis *job, stella_component *c) {
    stella_component foreign = {0};
    stella_relate(job, c, &foreign, STELLA_RELATION_CONTAINS, 0);
}
static void an_unknown_severity(stella_analysis *job, stella_component *c) {
    (void)c;
    stella_note(job, 7, STELLA_SV("f"), 0, STELLA_SV("x"));
}
static void a_record_without_kind(stella_analysis *job, stella_component *c) {
    (void)c;
    const stella_record record = STELLA_RECORD_INIT;
    assert_int_equal(stella_publish(job, &record, NULL), STELLA_E_INVALID);
}

static const struct {
    misuse *misuse;
    const char *message;
} misuses[] = {
    {a_text_at_no_address, "component_property: a text of 5 bytes at no valid address"},
    {a_text_of_absurd_size, "component_license text: a text of 18446744073709551615 bytes at no valid address"},
    {no_name, "component_add: a component without name"},
    {unknown_flags, "component_add: flags 0x40000000 are not known"},
    {no_evidence, "component_add: component x has no evidence"},
    {an_unknown_field, "component_set: field 99 is not known"},
    {a_layer_that_is_not_there, "component_introduced: layer 1 of 1"},
    {layers_that_are_not_there, "component_layers: layer 1 of 1, or not in ascending order"},
    {layers_that_do_not_ascend, "component_layers: layer 0 of 1, or not in ascending order"},
    {no_layers, "component_layers: no layers"},
    {an_unknown_relation, "relate: kind 9 is not known"},
    {a_foreign_component, "relate to: a component that this call did not add"},
    {an_unknown_severity, "note: severity 7 is not known"},
    {a_record_without_kind, "publish: a record without kind, or larger than a record may be"},
};

static size_t misuse_at;

static stella_status misuses_the_host(void *self, stella_analysis *job, stella_error *err) {
    (void)self, (void)err;
    misuses[misuse_at].misuse(job, add(job, "mine", "1", "f"));
    return STELLA_OK; /* the host has seen it all the same */
}

static void arguments_that_make_no_sense_fail_the_analyzer_by_name(void **state) {
    job_kit *k = *state;
    job_layer(k, kit_create());
    job_analyzer(k, "org.test.a", STELLA_PHASE_APPLICATIONS, misuses_the_host);
    job_analyzer(k, "org.test.b", STELLA_PHASE_APPLICATIONS, counts_distros);
    for (misuse_at = 0; misuse_at < sizeof misuses / sizeof misuses[0]; misuse_at++) {
        char line[256];
        snprintf(line, sizeof line, "error org.test.a invalid lost=1 layer=-1 %s\n", misuses[misuse_at].message);
        assert_int_equal(job_run(k, 1), STELLA_OK);
        assert_dumps(k, line);
        assert_does_not_dump(k, "mine");
        assert_dumps(k, "component pkg:npm/seen@0 ");
    }
}

static stella_status states_without_end(void *self, stella_analysis *job, stella_error *err) {
    (void)self, (void)err;
    static char text[60000];
    memset(text, 'x', sizeof text);
    stella_component *c = add(job, "big", "1", "f");
    while (!stella_cancelled(job))
        stella_component_property(c, STELLA_SV("x"), stella_sv_of(text, sizeof text));
    return STELLA_OK;
}

static void an_analyzer_that_states_more_than_its_budget_contributes_nothing(void **state) {
    job_kit *k = *state;
    k->more = ",\"memoryBytes\":2000000";
    job_layer(k, kit_create());
    job_analyzer(k, "org.test.a", STELLA_PHASE_APPLICATIONS, states_without_end);
    job_analyzer(k, "org.test.b", STELLA_PHASE_APPLICATIONS, counts_distros);
    assert_int_equal(job_run(k, 1), STELLA_OK);
    assert_dumps(k, "error org.test.a memory lost=1 layer=-1 : what it states exceeds the memory it may take\n");
    assert_dumps(k, "component pkg:npm/seen@0 ");
}

static stella_status states_long_texts(void *self, stella_analysis *job, stella_error *err) {
    (void)self, (void)err;
    static char text[70000];
    memset(text, 'x', sizeof text);
    stella_component *c = add(job, "long", "1", "f");
    stella_component_set(c, STELLA_FIELD_MAINTAINER, stella_sv_of(text, sizeof text));
    stella_component *refused =
        stella_component_add(job, STELLA_SV("npm"), stella_sv_of(text, 5000), STELLA_SV("1"), 0);
    stella_component_property(refused, STELLA_SV("goes"), STELLA_SV("nowhere"));
    stella_relate(job, c, refused, STELLA_RELATION_DEPENDS_ON, 0);
    return STELLA_OK;
}

static void texts_that_are_too_long_are_cut_and_names_refused_and_both_said(void **state) {
    job_kit *k = *state;
    job_layer(k, kit_create());
    job_analyzer(k, "org.test.a", STELLA_PHASE_APPLICATIONS, states_long_texts);
    assert_int_equal(job_run(k, 1), STELLA_OK);
    assert_non_null(strstr(k->reply.ptr, "\"components\":1,\"lost\":[]"));
    assert_dumps(k, "limit lost=0 layer=-1 : a field of 70000 bytes, cut at 65536\n");
    assert_dumps(k, "a component with a name or version of more than 4096 bytes was left out\n");
    assert_does_not_dump(k, "nowhere");
}

static stella_status relates_without_end(void *self, stella_analysis *job, stella_error *err) {
    (void)self, (void)err;
    stella_component *a = add(job, "related", "1", "f"), *b = add(job, "other", "1", "f");
    for (uint32_t i = 0; i < 2000001; i++)
        stella_relate(job, a, b, STELLA_RELATION_DEPENDS_ON, 0);
    return STELLA_OK;
}

static void too_many_relations_do_not_cost_the_components(void **state) {
    job_kit *k = *state;
    job_layer(k, kit_create());
    job_analyzer(k, "org.test.a", STELLA_PHASE_APPLICATIONS, relates_without_end);
    assert_int_equal(job_run(k, 1), STELLA_OK);
    assert_non_null(strstr(k->reply.ptr, "\"components\":2,\"lost\":[]"));
    assert_dumps(k, "limit lost=0 layer=-1 : more than 2000000 relations: the rest was left out\n");
    assert_dumps(k, "component pkg:npm/related@1 ");
}

/* ---- reading what nobody asked for --------------------------------------------------------------------------------
 */

static stella_status reads_script(void *self, stella_analysis *job, stella_error *err) {
    (void)self;
    stella_file file = STELLA_FILE_INIT;
    const stella_status status = stella_view_read(job, STELLA_SV("entry"), &file, err);
    if (status != STELLA_OK && status != STELLA_E_PENDING)
        stella_note(job, STELLA_NOTE_INFO, STELLA_SV("entry"), 0, stella_sv_cstr(stella_status_name(status)));
    char version[16] = {0};
    if (status == STELLA_OK)
        memcpy(version, file.bytes.ptr, file.bytes.len < 15 ? file.bytes.len : 15);
    add(job, "script", version, "entry");
    return STELLA_OK;
}

static void script_layer(job_kit *k, uint64_t size) {
    kit *layer = kit_create();
    kit_sized(layer, "opt/run.sh", size);
    kit_link(layer, "entry", "/opt/run.sh");
    job_layer(k, layer);
    job_layer(k, kit_create());
}

static void a_file_nobody_kept_is_wished_for_once_and_read_in_the_second_round(void **state) {
    job_kit *k = *state;
    script_layer(k, 5);
    job_analyzer(k, "org.test.a", STELLA_PHASE_ENTRYTRACE, reads_script);
    job_analyzer(k, "org.test.b", STELLA_PHASE_ENTRYTRACE, reads_script);
    assert_int_equal(job_run(k, 1), STELLA_OK);
    assert_string_equal(k->reply.ptr, "{\"pending\":[{\"layer\":0,\"path\":\"opt/run.sh\"}]}");
    assert_int_equal(k->dump.len, 0);
    kit *supplement = kit_create();
    kit_keep(supplement, ENGINE_ID, kit_sized(supplement, "opt/run.sh", 5), "5.4.3");
    k->supplements[0] = kit_fd(supplement);
    assert_int_equal(job_run(k, 2), STELLA_OK);
    assert_dumps(k, "component pkg:npm/script@5.4.3 ");
}

static void a_layer_that_cannot_be_read_again_is_said(void **state) {
    job_kit *k = *state;
    script_layer(k, 5);
    k->is_gone[0] = 1;
    job_analyzer(k, "org.test.a", STELLA_PHASE_ENTRYTRACE, reads_script);
    assert_int_equal(job_run(k, 2), STELLA_OK);
    assert_dumps(k, "error org.test.a content-unavailable lost=0 layer=-1 opt/run.sh: its layer could not be read "
                    "again\n");
    assert_dumps(k, "error org.test.a note lost=0 layer=-1 entry: io\n");
}

static void a_wish_in_the_last_round_is_refused(void **state) {
    job_kit *k = *state;
    script_layer(k, 5);
    k->supplements[0] = kit_fd(kit_create());
    job_analyzer(k, "org.test.a", STELLA_PHASE_ENTRYTRACE, reads_script);
    assert_int_equal(job_run(k, 3), STELLA_OK);
    assert_dumps(k, "error org.test.a note lost=0 layer=-1 entry: limit\n");
}

static void a_layer_that_nobody_asked_for_before_is_not_said_to_be_gone(void **state) {
    job_kit *k = *state;
    script_layer(k, 5);
    job_analyzer(k, "org.test.a", STELLA_PHASE_ENTRYTRACE, reads_script);
    assert_int_equal(job_run(k, 3), STELLA_OK);
    assert_dumps(k, "error org.test.a note lost=0 layer=-1 entry: limit\n");
    assert_null(strstr(k->dump.ptr, "content-unavailable"));
}

static void what_was_read_again_once_is_asked_for_with_what_is_new(void **state) {
    job_kit *k = *state;
    script_layer(k, 5);
    k->supplements[0] = kit_fd(kit_create());
    job_analyzer(k, "org.test.a", STELLA_PHASE_ENTRYTRACE, reads_script);
    assert_int_equal(job_run(k, 2), STELLA_OK);
    assert_non_null(strstr(k->reply.ptr, "\"pending\":[{\"layer\":0,\"path\":\"opt/run.sh\"}]"));
}

static void a_file_that_is_too_large_is_not_wished_for(void **state) {
    job_kit *k = *state;
    script_layer(k, (256u << 20) + 1);
    job_analyzer(k, "org.test.a", STELLA_PHASE_ENTRYTRACE, reads_script);
    assert_int_equal(job_run(k, 1), STELLA_OK);
    assert_dumps(k, "error org.test.a note lost=0 layer=-1 entry: limit\n");
}

static void what_another_plugin_kept_need_not_be_read_again(void **state) {
    job_kit *k = *state;
    kit *layer = kit_create();
    kit_keep(layer, "org.test.other", kit_sized(layer, "opt/run.sh", 1), "7");
    kit_hardlink(layer, "entry", "opt/run.sh");
    job_layer(k, layer);
    job_analyzer(k, "org.test.a", STELLA_PHASE_ENTRYTRACE, reads_script);
    assert_int_equal(job_run(k, 1), STELLA_OK);
    assert_dumps(k, "component pkg:npm/script@7 ");
}

static void a_hard_link_to_a_file_of_a_lower_layer_stands_for_that_file(void **state) {
    job_kit *k = *state;
    kit *base = kit_create();
    kit_keep(base, "org.test.other", kit_sized(base, "opt/run.sh", 1), "7");
    job_layer(k, base);
    kit *top = kit_create();
    kit_hardlink(top, "entry", "opt/run.sh");
    job_layer(k, top);
    job_analyzer(k, "org.test.a", STELLA_PHASE_ENTRYTRACE, reads_script);
    assert_int_equal(job_run(k, 1), STELLA_OK);
    assert_dumps(k, "component pkg:npm/script@7 ");
}

/* ---- requests -----------------------------------------------------------------------------------------------------
 */

static void the_image_s_own_time_holds_unless_an_epoch_is_given(void **state) {
    job_kit *k = *state;
    job_layer(k, kit_create());
    assert_int_equal(job_run(k, 1), STELLA_OK);
    assert_dumps(k, "created=5000 ");
    k->more = ",\"epochMs\":0";
    assert_int_equal(job_run(k, 1), STELLA_OK);
    assert_dumps(k, "created=0 ");
}

static void a_format_that_no_plugin_writes_is_an_error_of_that_output_alone(void **state) {
    job_kit *k = *state;
    job_layer(k, kit_create());
    assert_int_equal(job_run(k, 1), STELLA_OK);
    assert_string_equal(
        k->reply.ptr,
        "{\"components\":0,\"lost\":[],\"notes\":0,\"counts\":[],\"outputs\":[{\"format\":\"dump\",\"error\":"
        "\"\"},{\"format\":\"none\",\"error\":\"unknown format \\\"none\\\"; known are dump\",\"code\":"
        "\"invalid\"}]}");
}

static void a_result_can_be_restricted_to_what_one_layer_introduces(void **state) {
    job_kit *k = *state;
    job_analyzer(k, PACKAGES, STELLA_PHASE_PACKAGES, packages);
    database_layer(k, (const char *const[]){"base=1", NULL});
    database_layer(k, (const char *const[]){"base=1", "vim=9", NULL});
    k->more = ",\"onlyLayer\":1";
    assert_int_equal(job_run(k, 1), STELLA_OK);
    assert_dumps(k, "component pkg:deb/debian/vim@9 introduced=0 layers=0 ");
    assert_does_not_dump(k, "base@1");
    k->more = ",\"onlyLayer\":2";
    assert_int_equal(job_run(k, 1), STELLA_E_FORMAT);
    assert_string_equal(k->error.path, "onlyLayer");
}

static void what_reading_a_layer_left_out_is_said_as_long_as_the_path_is_there(void **state) {
    job_kit *k = *state;
    kit *base = kit_create();
    const uint32_t sparse = kit_file(base, "var/lib/dpkg/status");
    evidence *engine = kit_evidence(base, ENGINE_ID);
    evidence_note(engine, EVIDENCE_NO_FILE, STELLA_E_FORMAT, STELLA_NOTE_ERROR, 0, STELLA_SV("left out: a '..'"),
                  STELLA_SV("../etc/passwd"));
    evidence_note(engine, sparse, STELLA_E_UNSUPPORTED, STELLA_NOTE_ERROR, 0, STELLA_SV("a sparse file"),
                  (stella_sv){0});
    job_layer(k, base);
    kit *top = kit_create();
    kit_whiteout(top, "var/lib/dpkg/status");
    job_layer(k, top);
    assert_int_equal(job_run(k, 1), STELLA_OK);
    assert_dumps(k, "error " ENGINE_ID " format lost=0 layer=0 ../etc/passwd: left out: a '..'");
    assert_does_not_dump(k, "a sparse file");
    assert_does_not_dump(k, "other-build");
}

static void a_missing_layer_is_said(void **state) {
    job_kit *k = *state;
    job_layer(k, kit_create());
    job_layer(k, kit_create());
    k->is_missing[1] = 1;
    assert_int_equal(job_run(k, 1), STELLA_OK);
    assert_dumps(k, "error  layer-missing lost=0 layer=1 :");
    k->more = ",\"errors\":[{\"plugin\":\"\",\"code\":\"foreign\",\"message\":\"m\",\"path\":\"\",\"layer\":1}]";
    assert_int_equal(job_run(k, 1), STELLA_OK);
    assert_does_not_dump(k, "layer-missing");
    assert_dumps(k, "error  foreign lost=0 layer=1 : m\n");
}

static void packs_that_are_damaged_are_named_to_be_dropped(void **state) {
    job_kit *k = *state;
    job_layer(k, kit_create());
    job_layer(k, kit_create());
    job_layer(k, kit_create());
    k->supplements[0] = kit_fd(kit_create());
    assert_int_equal(pwrite(k->fds[1], "garbage!", 8, 0), 8);
    assert_int_equal(pwrite(k->supplements[0], "garbage!", 8, 0), 8);
    assert_int_equal(job_run(k, 1), STELLA_OK);
    assert_int_equal(k->dump.len, 0);
    assert_true(stella_sv_eq(stella_buf_sv(&k->reply), STELLA_SV("{\"damaged\":[3,1]}")));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        JOB_TEST(a_package_belongs_to_the_layer_that_brought_it_not_to_the_last_that_rewrote_the_database),
        JOB_TEST(a_package_removed_and_added_again_belongs_to_the_later_layer),
        JOB_TEST(the_layers_that_keep_a_package_are_those_of_its_last_run_whose_own_database_lists_it),
        JOB_TEST(a_record_that_two_files_of_a_layer_hold_names_the_layer_once),
        JOB_TEST(layers_that_are_stated_twice_are_joined_with_each_other_and_those_of_the_evidence),
        JOB_TEST(a_removed_database_ends_the_run_of_all_its_packages),
        JOB_TEST(a_file_that_later_layers_leave_alone_is_present_in_all_of_them),
        JOB_TEST(evidence_of_another_build_of_the_plugin_is_not_used),
        JOB_TEST(equal_purls_are_one_component_with_all_its_evidence),
        JOB_TEST(components_without_version_are_one_only_if_one_file_proves_them),
        JOB_TEST(what_is_known_by_its_bytes_is_one_wherever_it_is),
        JOB_TEST(names_that_no_format_can_write_have_refs_that_every_format_can),
        JOB_TEST(names_that_look_alike_stay_apart_and_a_purl_that_cannot_be_built_is_said),
        JOB_TEST(the_order_in_which_plugins_are_listed_changes_no_byte),
        JOB_TEST(later_phases_see_what_earlier_ones_published_and_the_same_phase_does_not),
        JOB_TEST(a_path_has_its_owner_in_both_spellings),
        JOB_TEST(an_analyzer_that_fails_contributes_nothing_and_the_others_stand),
        JOB_TEST(arguments_that_make_no_sense_fail_the_analyzer_by_name),
        JOB_TEST(an_analyzer_that_states_more_than_its_budget_contributes_nothing),
        JOB_TEST(texts_that_are_too_long_are_cut_and_names_refused_and_both_said),
        JOB_TEST(too_many_relations_do_not_cost_the_components),
        JOB_TEST(a_file_nobody_kept_is_wished_for_once_and_read_in_the_second_round),
        JOB_TEST(a_layer_that_cannot_be_read_again_is_said),
        JOB_TEST(a_layer_that_nobody_asked_for_before_is_not_said_to_be_gone),
        JOB_TEST(a_wish_in_the_last_round_is_refused),
        JOB_TEST(what_was_read_again_once_is_asked_for_with_what_is_new),
        JOB_TEST(a_file_that_is_too_large_is_not_wished_for),
        JOB_TEST(what_another_plugin_kept_need_not_be_read_again),
        JOB_TEST(a_hard_link_to_a_file_of_a_lower_layer_stands_for_that_file),
        JOB_TEST(the_image_s_own_time_holds_unless_an_epoch_is_given),
        JOB_TEST(a_format_that_no_plugin_writes_is_an_error_of_that_output_alone),
        JOB_TEST(a_result_can_be_restricted_to_what_one_layer_introduces),
        JOB_TEST(what_reading_a_layer_left_out_is_said_as_long_as_the_path_is_there),
        JOB_TEST(a_missing_layer_is_said),
        JOB_TEST(packs_that_are_damaged_are_named_to_be_dropped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

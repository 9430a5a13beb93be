#include "workshop.h"

static void loads_what_is_signed_in_the_order_of_ids(void **state) {
    const workshop *w = *state;
    trust_key(w, w->trust, EVERYTHING);
    make(w, ORDER(.folder = "a", .id = "org.example.z", .provides = "\"org.example.z/0\""));
    make(w, ORDER(.folder = "b", .id = "org.example.a"));
    STELLA_AUTO(catalogue_destroyp) catalogue *c = load(w);
    assert_int_equal(catalogue_refusal_count(c), 0);
    assert_int_equal(catalogue_count(c), 2);
    assert_string_equal(catalogue_at(c, 0)->manifest->id, "org.example.a");
    assert_string_equal(catalogue_at(c, 1)->manifest->id, "org.example.z");
    assert_string_equal(catalogue_at(c, 0)->key_id, w->key_id);
    STELLA_AUTO(catalogue_destroyp) catalogue *again = load(w);
    assert_string_equal(catalogue_digest(c), catalogue_digest(again));
}

static void refuses_an_unsigned_plugin(void **state) {
    const workshop *w = *state;
    trust_key(w, w->trust, EVERYTHING);
    unlink(in(w, make(w, ORDER(.folder = "a")), FOLDER_SIGNATURE));
    expect_refusal(w, "/a/plugin.sig", "not signed; run: stella plugin sign");
}

static void refuses_a_key_that_nobody_trusts(void **state) {
    const workshop *w = *state;
    make(w, ORDER(.folder = "a"));
    expect_refusal(w, "/a/plugin.sig", "unknown key sha256:");
}

static void refuses_a_key_whose_anchor_has_expired(void **state) {
    const workshop *w = *state;
    trust_key(w, w->trust, EVERYTHING ", \"notAfter\": \"2027-01-14\"");
    make(w, ORDER(.folder = "a"));
    expect_refusal(w, "/a/plugin.sig", "has expired");
}

static void refuses_a_revoked_key(void **state) {
    const workshop *w = *state;
    trust_key(w, w->trust, EVERYTHING);
    put(in(w, w->trust, TRUST_REVOCATION_FILE),
        stella_arena_printf(w->arena, "{\"schema\": \"" TRUST_REVOCATION_SCHEMA "\", \"keys\": [\"%s\"]}", w->key_id));
    make(w, ORDER(.folder = "a"));
    expect_refusal(w, "/a/plugin.sig", "revoked key");
}

static void refuses_a_revoked_binary(void **state) {
    const workshop *w = *state;
    char digest[STELLA_DIGEST_TEXT_SIZE];
    stella_digest_of(fixture_binary(w, "good"), digest);
    trust_key(w, w->trust, EVERYTHING);
    put(in(w, w->trust, TRUST_REVOCATION_FILE),
        stella_arena_printf(w->arena, "{\"schema\": \"" TRUST_REVOCATION_SCHEMA "\", \"plugins\": [\"%s\"]}", digest));
    make(w, ORDER(.folder = "a"));
    expect_refusal(w, "/a/fixture.so", "was revoked");
}

static int needs_nothing(const void *self, const plugin_manifest *m) {
    (void)self, (void)m;
    return 0;
}

static void does_not_read_the_binary_of_what_is_not_needed_but_verifies_the_rest(void **state) {
    const workshop *w = *state;
    STELLA_AUTO(catalogue_destroyp) catalogue *c = NULL;
    char digest[STELLA_DIGEST_TEXT_SIZE];
    stella_digest_of(fixture_binary(w, "good"), digest);
    const char *dirs[] = {w->plugins}, *trusts[] = {w->trust};
    const catalogue_options options = {.plugin_dirs = dirs,
                                       .plugin_dir_count = 1,
                                       .trust_dirs = trusts,
                                       .trust_dir_count = 1,
                                       .now_ms = NOW_MS,
                                       .is_needed = needs_nothing};
    trust_key(w, w->trust, EVERYTHING);
    make(w, ORDER(.folder = "a"));
    assert_int_equal(unlink(in(w, w->plugins, "a/fixture.so")), 0);
    assert_int_equal(catalogue_load(&options, &c, NULL), STELLA_OK);
    assert_int_equal(catalogue_count(c), 1);
    assert_int_equal(catalogue_at(c, 0)->fd, -1);
    assert_string_equal(catalogue_at(c, 0)->digest, digest);
    catalogue_destroyp(&c);
    put(in(w, w->trust, TRUST_REVOCATION_FILE),
        stella_arena_printf(w->arena, "{\"schema\": \"" TRUST_REVOCATION_SCHEMA "\", \"plugins\": [\"%s\"]}", digest));
    assert_int_equal(catalogue_load(&options, &c, NULL), STELLA_OK);
    assert_int_equal(catalogue_count(c), 0);
    assert_non_null(strstr(catalogue_refusal_at(c, 0)->error.message, "was revoked"));
    catalogue_destroyp(&c);
    unlink(in(w, w->trust, TRUST_REVOCATION_FILE));
    put(in(w, w->plugins, "a/plugin.sig"), STELLA_SV("{}"));
    assert_int_equal(catalogue_load(&options, &c, NULL), STELLA_OK);
    assert_int_equal(catalogue_count(c), 0);
    assert_non_null(strstr(catalogue_refusal_at(c, 0)->error.message, "is not a signature envelope"));
}

static void refuses_ids_interfaces_and_roles_outside_the_keys_scope(void **state) {
    const workshop *w = *state;
    make(w, ORDER(.folder = "a"));
    trust_key(w, w->trust, "\"interfaces\": [\"*\"], \"idPrefixes\": [\"org.example.fix\"]");
    expect_refusal(w, "/a/plugin.sig", "may not sign for ids like org.example.fixture");
    trust_key(w, w->trust, "\"interfaces\": [\"stella.analyzer\"], \"idPrefixes\": [\"*\"]");
    expect_refusal(w, "/a/plugin.sig", "provides org.example.answer/0, for which");
    trust_key(w, w->trust, EVERYTHING ", \"roles\": [\"connect\"]");
    expect_refusal(w, "/a/plugin.sig", "has the role scan, for which the anchor \"test\" may not sign");
}

static void lets_only_a_named_system_anchor_sign_for_the_kernel(void **state) {
    const workshop *w = *state;
    make(w, ORDER(.folder = "a", .role = "kernel"));
    trust_key(w, w->trust, EVERYTHING);
    expect_refusal(w, "/a/plugin.sig", "has the role kernel");
    unlink(in(w, w->trust, "test.json"));
    trust_key(w, w->user_trust, EVERYTHING ", \"roles\": [\"kernel\"]");
    expect_refusal(w, "/a/plugin.sig", "anchors of the user (test) do not count");
    trust_key(w, w->trust, EVERYTHING ", \"roles\": [\"kernel\"]");
    STELLA_AUTO(catalogue_destroyp) catalogue *c = load(w);
    assert_int_equal(catalogue_count(c), 1);
}

static void refuses_a_binary_that_was_changed_after_signing(void **state) {
    const workshop *w = *state;
    trust_key(w, w->trust, EVERYTHING);
    put(in(w, make(w, ORDER(.folder = "a")), "fixture.so"), fixture_binary(w, "changed"));
    expect_refusal(w, "/a/fixture.so", "is not the binary that was signed");
}

static void refuses_a_manifest_that_was_changed_after_signing(void **state) {
    const workshop *w = *state;
    trust_key(w, w->trust, EVERYTHING);
    const char *path = in(w, make(w, ORDER(.folder = "a")), FOLDER_MANIFEST);
    put(path, stella_arena_printf(w->arena, "%.*s ", STELLA_SV_FMT(bytes_of(w, path))));
    expect_refusal(w, "/a/plugin.sig", "changed after signing");
}

static void refuses_binaries_that_reach_for_libraries_or_export_too_much_or_nothing(void **state) {
    const workshop *w = *state;
    trust_key(w, w->trust, EVERYTHING);
    make(w, ORDER(.folder = "a", .binary = "runpath"));
    expect_refusal(w, "/a/fixture.so", "RUNPATH");
    make(w, ORDER(.folder = "a", .binary = "extra"));
    expect_refusal(w, "/a/fixture.so", "exports the symbol \"fixture_extra\"");
    make(w, ORDER(.folder = "a", .binary = "nameless"));
    expect_refusal(w, "/a/fixture.so", "exports the symbol \"some_other_name\"");
}

static void refuses_folders_and_files_that_others_can_write(void **state) {
    const workshop *w = *state;
    trust_key(w, w->trust, EVERYTHING);
    const char *dir = make(w, ORDER(.folder = "a"));
    chmod(dir, 0777);
    expect_refusal(w, "/a", "is writable by others (mode 0777); run: chmod go-w");
    chmod(dir, 0755);
    chmod(in(w, dir, "fixture.so"), 0775);
    expect_refusal(w, "/a/fixture.so", "is writable by others");
    chmod(in(w, dir, "fixture.so"), 0755);
    chmod(w->plugins, 01777);
    expect_refusal(w, "/plugins", "is writable by others (mode 1777)");
}

/* More than are verified at once, good and bad in turns: whichever thread was first, order and reasons are those of the
 * names. */
static void tells_of_many_plugins_in_the_order_of_their_names(void **state) {
    const workshop *w = *state;
    char name[32], id[64], provides[80], expected[64];
    trust_key(w, w->trust, EVERYTHING);
    for (int i = 0; i < 150; i++) {
        snprintf(name, sizeof name, "f%03d", i);
        snprintf(id, sizeof id, "org.example.p%03d", 149 - i);
        snprintf(provides, sizeof provides, "\"%s/0\"", id);
        const char *dir = make(w, ORDER(.folder = name, .id = id, .provides = provides));
        if (i % 3 == 1)
            unlink(in(w, dir, FOLDER_SIGNATURE));
        if (i % 3 == 2)
            put(in(w, dir, "fixture.so"), STELLA_SV("another binary"));
    }
    STELLA_AUTO(catalogue_destroyp) catalogue *c = load(w);
    assert_int_equal(catalogue_count(c), 50);
    assert_int_equal(catalogue_refusal_count(c), 100);
    for (uint32_t i = 0; i < 50; i++) {
        const catalogue_plugin *p = catalogue_at(c, i);
        snprintf(expected, sizeof expected, "org.example.p%03u", 3 * i + 2);
        assert_string_equal(p->manifest->id, expected);
        assert_string_equal(p->digest, p->manifest->file_digest);
    }
    for (uint32_t i = 0; i < 100; i++) {
        const catalogue_refusal *r = catalogue_refusal_at(c, i);
        snprintf(expected, sizeof expected, "/f%03u", i / 2 * 3 + 1 + i % 2);
        assert_true(stella_sv_ends(stella_sv_cstr(r->dir), stella_sv_cstr(expected)));
        assert_non_null(strstr(r->error.message, i % 2 ? "is not the binary that was signed" : "is not signed"));
    }
}

static void refuses_both_of_two_plugins_with_one_id(void **state) {
    const workshop *w = *state;
    trust_key(w, w->trust, EVERYTHING);
    make(w, ORDER(.folder = "a"));
    make(w, ORDER(.folder = "b"));
    STELLA_AUTO(catalogue_destroyp) catalogue *c = load(w);
    assert_int_equal(catalogue_count(c), 0);
    assert_int_equal(catalogue_refusal_count(c), 2);
    assert_non_null(strstr(catalogue_refusal_at(c, 0)->error.message, "is also in"));
    assert_non_null(strstr(catalogue_refusal_at(c, 0)->error.message, "/b; keep one"));
    assert_non_null(strstr(catalogue_refusal_at(c, 1)->error.message, "/a; keep one"));
}

static void refuses_what_requires_something_nobody_provides(void **state) {
    const workshop *w = *state;
    trust_key(w, w->trust, EVERYTHING);
    make(w, ORDER(.folder = "a", .requires = "\"stella.log/1\", \"org.example.absent/0\""));
    expect_refusal(w, "/a/plugin.json", "requires org.example.absent/0, which nothing in the role scan provides");
}

static void keeps_the_bytes_that_were_checked_whatever_happens_to_the_file(void **state) {
    const workshop *w = *state;
    trust_key(w, w->trust, EVERYTHING);
    const char *path = in(w, make(w, ORDER(.folder = "a")), "fixture.so");
    STELLA_AUTO(catalogue_destroyp) catalogue *c = load(w);
    const catalogue_plugin *p = catalogue_at(c, 0);
    const stella_sv changed = fixture_binary(w, "changed");
    FILE *file = fopen(path, "r+b"); /* the same inode, in place */
    assert_int_equal(fwrite(changed.ptr, 1, changed.len, file), changed.len);
    fclose(file);
    char digest[STELLA_DIGEST_TEXT_SIZE];
    assert_int_equal(stella_digest_of_fd(p->fd, digest, NULL), STELLA_OK);
    assert_string_equal(digest, p->manifest->file_digest);
    assert_int_equal(write(p->fd, "x", 1), -1);
    assert_int_equal(ftruncate(p->fd, 0), -1);
}

static void leaves_out_an_anchor_that_is_no_anchor_and_says_so(void **state) {
    const workshop *w = *state;
    trust_key(w, w->trust, "\"interfaces\": [], \"idPrefixes\": [\"*\"]");
    expect_refusal(w, "/trust.d/test.json", "/interfaces: must be a list");
}

static void refuses_to_go_on_without_a_readable_revocation_list(void **state) {
    const workshop *w = *state;
    const char *trusted[] = {w->trust};
    const catalogue_options options = {.trust_dirs = trusted, .trust_dir_count = 1, .now_ms = NOW_MS};
    catalogue *c = NULL;
    stella_error err = {0};
    put(in(w, w->trust, TRUST_REVOCATION_FILE), STELLA_SV("{\"keys\": ["));
    assert_int_equal(catalogue_load(&options, &c, &err), STELLA_E_FORMAT);
    assert_true(stella_sv_ends(stella_sv_cstr(err.path), STELLA_SV("revoked.json")));
    assert_null(c);
    chmod(w->trust, 0777);
    assert_int_equal(catalogue_load(&options, &c, &err), STELLA_E_DENIED);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_workshop, close_workshop)

int main(void) {
    const struct CMUnitTest loader[] = {
        TEST(loads_what_is_signed_in_the_order_of_ids),
        TEST(refuses_an_unsigned_plugin),
        TEST(refuses_a_key_that_nobody_trusts),
        TEST(refuses_a_key_whose_anchor_has_expired),
        TEST(refuses_a_revoked_key),
        TEST(refuses_a_revoked_binary),
        TEST(does_not_read_the_binary_of_what_is_not_needed_but_verifies_the_rest),
        TEST(refuses_ids_interfaces_and_roles_outside_the_keys_scope),
        TEST(lets_only_a_named_system_anchor_sign_for_the_kernel),
        TEST(refuses_a_binary_that_was_changed_after_signing),
        TEST(refuses_a_manifest_that_was_changed_after_signing),
        TEST(refuses_binaries_that_reach_for_libraries_or_export_too_much_or_nothing),
        TEST(refuses_folders_and_files_that_others_can_write),
        TEST(tells_of_many_plugins_in_the_order_of_their_names),
        TEST(refuses_both_of_two_plugins_with_one_id),
        TEST(refuses_what_requires_something_nobody_provides),
        TEST(keeps_the_bytes_that_were_checked_whatever_happens_to_the_file),
        TEST(leaves_out_an_anchor_that_is_no_anchor_and_says_so),
        TEST(refuses_to_go_on_without_a_readable_revocation_list),
    };
    return cmocka_run_group_tests(loader, NULL, NULL);
}

#include "workshop.h"

#include "plugin/load.h"

#include <fcntl.h>

typedef struct answer {
    stella_abi_head head;
    uint64_t value;
} answer;

static catalogue *kept[8]; /* what was loaded must stay open */
static uint32_t kept_count;

static stella_status load_plugin(const workshop *w, const char *binary, stella_plugin_entry *entry, stella_error *err) {
    trust_key(w, w->trust, EVERYTHING);
    make(w, ORDER(.binary = binary));
    catalogue *c = kept[kept_count++] = load(w);
    assert_int_equal(catalogue_count(c), 1);
    return plugin_load(catalogue_at(c, 0)->fd, catalogue_at(c, 0)->manifest, entry, err);
}

static void runs_the_code_that_was_verified_not_what_the_file_became(void **state) {
    const workshop *w = *state;
    trust_key(w, w->trust, EVERYTHING);
    const char *path = in(w, make(w, ORDER(.folder = "a")), "fixture.so");
    catalogue *c = kept[kept_count++] = load(w);
    put(path, fixture_binary(w, "changed"));
    stella_plugin_entry entry;
    stella_error err = {0};
    if (plugin_load(catalogue_at(c, 0)->fd, catalogue_at(c, 0)->manifest, &entry, &err) != STELLA_OK)
        fail_msg("%s: %s", err.path, err.message);
    answer ours;
    assert_int_equal(plugin_adopt_interface(&entry, "org.example.answer/0", sizeof ours, sizeof ours, &ours, NULL),
                     STELLA_OK);
    assert_int_equal(ours.value, 1);
    assert_int_equal(plugin_adopt_interface(&entry, "org.example.answer/01", sizeof ours, sizeof ours, &ours, NULL),
                     STELLA_E_NOTFOUND);
}

static void refuses_a_descriptor_with_another_id_than_the_manifest(void **state) {
    stella_plugin_entry entry;
    stella_error err = {0};
    assert_int_equal(load_plugin(*state, "other-id", &entry, &err), STELLA_E_FORMAT);
    assert_non_null(strstr(err.message, "\"org.example.somebody-else\" in the binary"));
}

static void refuses_a_binary_of_an_unknown_major(void **state) {
    stella_plugin_entry entry;
    stella_error err = {0};
    assert_int_equal(load_plugin(*state, "other-major", &entry, &err), STELLA_E_ABI);
    assert_non_null(strstr(err.message, "built for ABI 9."));
}

static void refuses_a_descriptor_number_that_was_used_before(void **state) {
    stella_plugin_entry entry;
    stella_error err = {0};
    assert_int_equal(load_plugin(*state, "good", &entry, &err), STELLA_OK);
    const catalogue_plugin *first = catalogue_at(kept[kept_count - 1], 0);
    assert_int_equal(plugin_load(first->fd, first->manifest, &entry, &err), STELLA_E_CONFLICT);
}

static void refuses_a_file_that_is_not_sealed(void **state) {
    const workshop *w = *state;
    const plugin_manifest m = {.id = "org.example.fixture", .version = "1.0.0"};
    const char *path = in(w, w->root, "plain.so");
    put(path, fixture_binary(w, "good"));
    STELLA_AUTO(stella_fd_closep) int fd = open(path, O_RDONLY | O_CLOEXEC);
    stella_plugin_entry entry;
    assert_int_equal(plugin_load(fd, &m, &entry, NULL), STELLA_E_DENIED);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_workshop, close_workshop)

int main(void) {
    const struct CMUnitTest loading[] = {
        TEST(runs_the_code_that_was_verified_not_what_the_file_became),
        TEST(refuses_a_descriptor_with_another_id_than_the_manifest),
        TEST(refuses_a_binary_of_an_unknown_major),
        TEST(refuses_a_descriptor_number_that_was_used_before),
        TEST(refuses_a_file_that_is_not_sealed),
    };
    return cmocka_run_group_tests(loading, NULL, NULL);
}

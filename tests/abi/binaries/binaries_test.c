/* Binaries of other ages, loaded for real: built against a smaller and a larger interface, and for an unknown ABI
 * major. */
#include "check.h"

#include "growing.h"
#include "plugin/load.h"
#include "plugin/sealed.h"

#include <stella/auto.h>

#include <fcntl.h>
#include <stdio.h>

static const plugin_manifest manifest = {
    .id = "org.example.test.growing",
    .version = "1.0.0",
    .role = PLUGIN_ROLE_SCAN,
    .provides_count = 1,
    .provides = {GROWING_INTERFACE},
};

/* The sealed copy's descriptor stays open, as a process that has loaded it demands. */
static stella_status load(const char *age, stella_plugin_entry *entry, stella_error *err) {
    char path[512];
    snprintf(path, sizeof path, "%s/tests/abi.%s.so", STELLA_BUILD_DIR, age);
    STELLA_AUTO(stella_fd_closep) int file = open(path, O_RDONLY | O_CLOEXEC);
    sealed copy = SEALED_NONE;
    const stella_status status = sealed_copy(file, path, 16u << 20, path, &copy, err);
    return status == STELLA_OK ? plugin_load(stella_take_fd(&copy.fd), &manifest, entry, err) : status;
}

static stella_status adopt(const stella_plugin_entry *entry, growing *out, stella_error *err) {
    return plugin_adopt_interface(entry, GROWING_INTERFACE, sizeof *out, PLUGIN_UPTO(growing, first), out, err);
}

static void works_with_a_binary_that_lacks_the_newest_member(void **state) {
    (void)state;
    stella_plugin_entry entry;
    stella_error err = {0};
    growing table;
    assert_int_equal(load("older", &entry, &err), STELLA_OK);
    assert_int_equal(adopt(&entry, &table, &err), STELLA_OK);
    assert_int_equal(table.first(), 1);
    assert_null(table.second);
}

static void works_with_a_binary_that_knows_more(void **state) {
    (void)state;
    stella_plugin_entry entry;
    stella_error err = {0};
    struct {
        growing table;
        unsigned char beyond[16];
    } guarded;
    memset(&guarded, 0x5a, sizeof guarded);
    assert_int_equal(load("newer", &entry, &err), STELLA_OK);
    assert_int_equal(adopt(&entry, &guarded.table, &err), STELLA_OK);
    assert_int_equal(guarded.table.second(), 2);
    for (size_t i = 0; i < sizeof guarded.beyond; i++)
        assert_int_equal(guarded.beyond[i], 0x5a);
}

static void refuses_a_binary_of_an_unknown_major(void **state) {
    (void)state;
    stella_plugin_entry entry = {.id = "untouched"};
    stella_error err = {0};
    assert_int_equal(load("foreign", &entry, &err), STELLA_E_ABI);
    assert_string_equal(entry.id, "untouched");
    assert_non_null(strstr(err.message, "7"));
}

int main(void) {
    const struct CMUnitTest binaries[] = {
        cmocka_unit_test(works_with_a_binary_that_lacks_the_newest_member),
        cmocka_unit_test(works_with_a_binary_that_knows_more),
        cmocka_unit_test(refuses_a_binary_of_an_unknown_major),
    };
    return cmocka_run_group_tests(binaries, NULL, NULL);
}

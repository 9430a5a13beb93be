/* Plugins in archives, and the library that reads them, which starts do without. */
#include "workshop.h"

#include "plugin/archive_library.h"
#include "plugin/package.h"

#include <dlfcn.h>

static int has_libarchive(void) {
    void *handle = dlopen("libarchive.so.13", RTLD_NOW | RTLD_NOLOAD);
    if (handle)
        dlclose(handle);
    return handle != NULL;
}

/* First of all tests: what is loaded stays. */
static void libarchive_is_loaded_by_the_first_archive_and_not_by_the_start(void **state) {
    const workshop *w = *state;
    package given, read;
    stella_error err = {0};
    const char *archive = in(w, w->root, "plugin.tar");
    assert_int_equal(has_libarchive(), 0);
    trust_key(w, w->trust, EVERYTHING);
    const char *made = make(w, ORDER(.folder = "a"));
    assert_int_equal(package_read_folder(made, w->arena, &given, &err), STELLA_OK);
    catalogue *plugins = load(w);
    assert_int_equal(catalogue_count(plugins), 1);
    catalogue_destroy(plugins);
    assert_int_equal(has_libarchive(), 0);
    assert_int_equal(package_write_archive(&given, archive, &err), STELLA_OK);
    assert_int_equal(has_libarchive(), 1);
    assert_int_equal(package_read_archive(archive, w->arena, &read, &err), STELLA_OK);
    assert_string_equal(read.manifest.id, given.manifest.id);
    assert_true(stella_sv_eq(read.manifest.json, given.manifest.json));
    assert_true(stella_sv_eq(read.signature, given.signature));
    assert_true(stella_sv_eq(read.binary, given.binary));
}

static void an_archive_that_is_none_is_refused_by_name(void **state) {
    const workshop *w = *state;
    package read;
    stella_error err = {0};
    const char *archive = in(w, w->root, "text.tar");
    put(archive, STELLA_SV("no tar at all\n"));
    assert_int_equal(package_read_archive(archive, w->arena, &read, &err), STELLA_E_FORMAT);
    assert_string_equal(err.path, archive);
}

static void every_function_of_the_library_is_found(void **state) {
    (void)state;
    const archive_library *lib = NULL, *again = NULL;
    assert_int_equal(archive_library_open(&lib, NULL), STELLA_OK);
    assert_int_equal(archive_library_open(&again, NULL), STELLA_OK);
    assert_ptr_equal(lib, again);
#define FOUND(name) assert_non_null(lib->name);
    ARCHIVE_FUNCTIONS(FOUND)
#undef FOUND
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_workshop, close_workshop)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(libarchive_is_loaded_by_the_first_archive_and_not_by_the_start),
        TEST(an_archive_that_is_none_is_refused_by_name),
        TEST(every_function_of_the_library_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

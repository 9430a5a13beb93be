/* Which files lie inside installed packages. */
#include "check.h"

#include "common/inside.h"

static void a_lock_file_inside_an_installed_package_is_no_project_s(void **state) {
    (void)state;
    static const char *const paths[] = {
        "app/node_modules/a/yarn.lock",
        "usr/share/nodejs/a/package-lock.json",
        "usr/lib/python3/dist-packages/a/Cargo.lock",
        "opt/venv/lib/python3.11/site-packages/notebook/yarn.lock",
        "srv/vendor/acme/lib/composer.lock",
        "app/vendor/bundle/ruby/3.1.0/gems/a-1/Gemfile.lock",
        "usr/local/bundle/bundler/gems/a-0123abc/Gemfile.lock",
        "root/go/pkg/mod/example.org/a@v1.0.0/go.mod",
        "root/.cargo/registry/src/index.crates.io-1/a-1.0.0/Cargo.lock",
        "root/.cargo/git/checkouts/a-1/0123/Cargo.lock",
        "app/.build/checkouts/a/Package.resolved",
        "app/Pods/A/Podfile.lock",
        "root/.pub-cache/hosted/pub.dev/a-1.0.0/pubspec.lock",
        "root/.julia/packages/A/x1y2z/Manifest.toml",
        "root/.nuget/packages/a/1.0.0/packages.lock.json",
        "srv/.terraform/modules/a/.terraform.lock.hcl",
    };
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
        if (!inside_package(stella_sv_cstr(paths[i])))
            fail_msg("%s is taken for a project's", paths[i]);
}

static void a_project_s_own_lock_file_is_read_wherever_the_project_lies(void **state) {
    (void)state;
    static const char *const paths[] = {
        "yarn.lock",
        "vendor", /* a file of that name */
        "app/Gemfile.lock",
        "gems/app/Gemfile.lock",         /* only what bundler fetched lies in "bundler/gems" */
        "usr/src/app/package-lock.json", /* "src" alone is no registry */
        "git/app/checkouts/Cargo.lock",  /* "checkouts", but not right below "git" */
        "root/.julia/environments/v1.10/Manifest.toml",
        "app/my_node_modules/yarn.lock",
        "srv/packages/api/packages.lock.json",
        "mod/go.mod",
    };
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
        if (inside_package(stella_sv_cstr(paths[i])))
            fail_msg("%s is taken for a package's", paths[i]);
}

static void folders_are_above_the_file_and_whole_names(void **state) {
    (void)state;
    assert_true(inside_folder(STELLA_SV("a/testdata/go.mod"), STELLA_SV("testdata")));
    assert_false(inside_folder(STELLA_SV("a/testdata"), STELLA_SV("testdata")));
    assert_false(inside_folder(STELLA_SV("a/testdata2/go.mod"), STELLA_SV("testdata")));
    assert_false(inside_folder(STELLA_SV(""), STELLA_SV("testdata")));
    assert_false(inside_package(STELLA_SV("")));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lock_file_inside_an_installed_package_is_no_project_s),
        cmocka_unit_test(a_project_s_own_lock_file_is_read_wherever_the_project_lies),
        cmocka_unit_test(folders_are_above_the_file_and_whole_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

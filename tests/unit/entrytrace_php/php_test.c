#include "hop_run.h"

static const hop_file tree[] = {
    {"!bin/php", "\x7f"
                 "ELF"},
    {"!bin/php-fpm8.2", "\x7f"
                        "ELF"},
    {"app/artisan", "x"},
    {"app/index.php", "x"},
    {"etc/fpm.conf", "x"},
    {"etc/php/8.2/fpm/php.ini", "; extension=off\n[PHP]\nmemory_limit = 1\nextension = gd ; comment\nextension=none\n"},
    {"etc/php/8.2/fpm/conf.d/10-opcache.ini", "zend_extension=opcache.so\n"},
    {"etc/php/8.2/fpm/conf.d/20-own.ini", "extension_dir = \"/opt/ext\"\nextension=own\nextension=/opt/abs.so"},
    {"etc/php/8.2/fpm/conf.d/readme", "extension=off\n"},
    {"etc/php/8.2/cli/conf.d/10.ini", "extension=off\n"},
    {"usr/local/etc/php/conf.d/official.ini", "extension=intl\n"},
    {"usr/lib/php/20220829/gd.so", "x"},
    {"usr/lib/php/20220829/off.so", "x"},
    {"usr/lib/php/20220829/opcache.so", "x"},
    {"usr/local/lib/php/extensions/no-debug-non-zts-20220829/intl.so", "x"},
    {"opt/ext/own.so", "x"},
    {"opt/abs.so", "x"},
};

HOP_SETUP(tree)

static void a_script_is_where_the_way_ends(void **state) {
    const char *root = path_of(state);
    EXPECT_SAYS(root, "php|-d|memory_limit=1|artisan|serve", NULL, "\"language\": \"php\"",
                "\"type\": \"php\",\"main\": \"app/artisan\"");
    EXPECT_SAYS(root, "php|-f|index.php|x", NULL, "\"type\": \"php\",\"main\": \"app/index.php\"");
}

static void the_process_manager_is_a_server(void **state) {
    const char *root = path_of(state);
    EXPECT_SAYS(root, "php-fpm8.2|-F|-y|/etc/fpm.conf|-R", NULL,
                "\"path\": \"etc/fpm.conf\",\"how\": \"configuration\"",
                "\"type\": \"php-fpm\",\"main\": \"bin/php-fpm8.2\"");
    EXPECT_SAYS(root, "php-fpm8.2|-t", NULL, "[{\"says\": \"language\",\"language\": \"php\"}]");
}

#define EXTENSION(path) "\"says\": \"uses\",\"path\": \"" path "\",\"how\": \"extension\""

static void extensions_that_the_configuration_names_are_loaded(void **state) {
    const char *root = path_of(state);
    stella_status status;
    EXPECT_SAYS(root, "php-fpm8.2|-F", NULL, "\"path\": \"etc/php/8.2/fpm/conf.d/10-opcache.ini\"",
                EXTENSION("usr/lib/php/20220829/gd.so"), EXTENSION("usr/lib/php/20220829/opcache.so"),
                EXTENSION("opt/ext/own.so"), EXTENSION("opt/abs.so"));
    STELLA_AUTO(stella_buf_fini) stella_buf said = hop_says(root, "php-fpm8.2|-F", NULL, 0, &status);
    assert_null(strstr(said.ptr, "off.so"));
    assert_null(strstr(said.ptr, "none.so"));
    EXPECT_SAYS(root, "php|index.php", NULL,
                EXTENSION("usr/local/lib/php/extensions/no-debug-non-zts-20220829/intl.so"));
}

static void what_is_missing_or_not_known_is_told(void **state) {
    const char *root = path_of(state);
    EXPECT_SAYS(root, "php|no.php", NULL, "\"reason\": \"missing-file\"");
    EXPECT_SAYS(root, "php|$X", NULL, "\"reason\": \"dynamic-reference\"");
}

static void a_program_among_the_words_has_no_file(void **state) {
    const char *root = path_of(state);
    EXPECT_SAYS(root, "php|-r|x", NULL, "\"confidence\": 70");
}

static void short_memory_is_told(void **state) {
    const char *root = path_of(state);
    hop_fails_each_allocation(root, "php-fpm8.2|-y|/etc/fpm.conf", NULL, 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_script_is_where_the_way_ends),
        cmocka_unit_test(the_process_manager_is_a_server),
        cmocka_unit_test(extensions_that_the_configuration_names_are_loaded),
        cmocka_unit_test(what_is_missing_or_not_known_is_told),
        cmocka_unit_test(a_program_among_the_words_has_no_file),
        cmocka_unit_test(short_memory_is_told),
    };
    return cmocka_run_group_tests(tests, make_root, drop_root);
}

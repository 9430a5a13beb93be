#include "hop_run.h"

static const hop_file tree[] = {
    {"!bin/ruby", "\x7f"
                  "ELF"},
    {"!bin/bundle", "#!/bin/ruby\n"},
    {"!gems/bin/puma", "#!/bin/ruby\n"},
    {"!bin/sidekiq", "#!/usr/bin/env ruby\n"},
    {"!bin/server", "\x7f"
                    "ELF"},
    {"app/config.ru", "x"},
    {"app/config/puma.rb", "x"},
    {"app/run.rb", "x"},
};

HOP_SETUP(tree)

static void a_script_is_where_the_way_ends(void **state) {
    const char *root = path_of(state);
    EXPECT_SAYS(root, "ruby|-W0|-I|lib|-Ilib|run.rb|-x", NULL, "\"language\": \"ruby\"",
                "\"type\": \"ruby\",\"main\": \"app/run.rb\"");
}

static void bundler_becomes_the_command_behind_it(void **state) {
    const char *root = path_of(state);
    EXPECT_SAYS(root, "bundle|exec|x", NULL,
                "\"relation\": \"shebang\",\"args\": [\"/bin/ruby\",\"/bin/bundle\",\"exec\",\"x\"]");
    EXPECT_SAYS(root, "ruby|/bin/bundle|exec|--keep-file-descriptors|/bin/server|-p|80", NULL,
                "\"relation\": \"bundler\",\"args\": [\"/bin/server\",\"-p\",\"80\"]");
    EXPECT_SAYS(root, "ruby|/bin/bundle|exec|rails|s", NULL, "\"args\": [\"rails\",\"s\"]");
    EXPECT_SAYS(root, "ruby|/bin/bundle|exec", NULL, "\"reason\": \"unsupported-syntax\"");
    EXPECT_SAYS(root, "ruby|/bin/bundle|install", NULL, "\"type\": \"ruby\",\"main\": \"bin/bundle\"");
}

static void bundler_loads_a_script_for_ruby_into_itself(void **state) {
    const char *root = path_of(state);
    EXPECT_SAYS(root, "ruby|/bin/bundle|exec|/gems/bin/puma|-C|config/puma.rb", NULL,
                "\"path\": \"app/config/puma.rb\"", "\"type\": \"ruby\",\"main\": \"gems/bin/puma\"");
    EXPECT_SAYS(root, "ruby|/bin/bundle|exec|/bin/sidekiq", NULL, "\"type\": \"ruby\",\"main\": \"bin/sidekiq\"");
}

static void a_server_uses_what_its_words_name(void **state) {
    const char *root = path_of(state);
    EXPECT_SAYS(root, "ruby|/gems/bin/puma|-C|config/puma.rb", NULL, "\"path\": \"app/config.ru\"",
                "\"path\": \"app/config/puma.rb\"", "\"type\": \"ruby\",\"main\": \"gems/bin/puma\"");
}

static void what_is_missing_or_not_known_is_told(void **state) {
    const char *root = path_of(state);
    EXPECT_SAYS(root, "ruby|no.rb", NULL, "\"reason\": \"missing-file\"");
    EXPECT_SAYS(root, "ruby|$X", NULL, "\"reason\": \"dynamic-reference\"");
}

static void short_memory_is_told(void **state) {
    const char *root = path_of(state);
    hop_fails_each_allocation(root, "ruby|/gems/bin/puma|-C|config/puma.rb", NULL, 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_script_is_where_the_way_ends),
        cmocka_unit_test(bundler_becomes_the_command_behind_it),
        cmocka_unit_test(bundler_loads_a_script_for_ruby_into_itself),
        cmocka_unit_test(a_server_uses_what_its_words_name),
        cmocka_unit_test(what_is_missing_or_not_known_is_told),
        cmocka_unit_test(short_memory_is_told),
    };
    return cmocka_run_group_tests(tests, make_root, drop_root);
}

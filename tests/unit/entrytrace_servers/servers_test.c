#include "hop_run.h"

static const hop_file tree[] = {
    {"!bin/nginx", "\x7f"
                   "ELF"},
    {"!bin/redis-server", "\x7f"
                          "ELF"},
    {"!bin/mysqld", "#!/bin/bash -e\nexec mysqld.real\n"},
    {"!bin/prometheus", "\x7f"
                        "ELF"},
    {"etc/nginx/my.conf", "events {}\n"},
};

static int make_root(void **state) {
    static scratch_root root;
    root = hop_root(tree, STELLA_COUNT(tree));
    *state = &root;
    return 0;
}

static int drop_root(void **state) {
    scratch_root_destroy(*state);
    return 0;
}

static void a_server_is_where_the_way_ends(void **state) {
    const char *root = ((scratch_root *)*state)->path;
    EXPECT_SAYS(root, "nginx|-g|daemon off;", NULL,
                "[{\"says\": \"terminal\",\"type\": \"nginx\",\"main\": \"bin/nginx\",\"confidence\": 95}]");
    EXPECT_SAYS(root, "redis-server|/etc/redis.conf|--port|1", NULL, "\"type\": \"redis\"");
}

static void the_configuration_it_is_started_with_is_used(void **state) {
    const char *root = ((scratch_root *)*state)->path;
    EXPECT_SAYS(root, "nginx|-c|/etc/nginx/my.conf", NULL, "\"says\": \"uses\",\"path\": \"etc/nginx/my.conf\"");
    EXPECT_SAYS(root, "nginx|-c|/etc/none", NULL, "[{\"says\": \"terminal\"");
    EXPECT_SAYS(root, "prometheus|$*OPTS|--config.file=$X", NULL, "[{\"says\": \"terminal\",\"type\": \"go\"");
}

static void what_only_tells_something_is_no_server(void **state) {
    const char *root = ((scratch_root *)*state)->path;
    EXPECT_SAYS(root, "nginx|-t", NULL, "\"says\": []");
}

static void a_script_of_that_name_is_run(void **state) {
    const char *root = ((scratch_root *)*state)->path;
    EXPECT_SAYS(root, "mysqld|--x", NULL,
                "\"relation\": \"shebang\",\"args\": [\"/bin/bash\",\"-e\",\"/bin/mysqld\",\"--x\"]");
}

static void short_memory_is_told(void **state) {
    const char *root = ((scratch_root *)*state)->path;
    hop_fails_each_allocation(root, "nginx|-c|/etc/nginx/my.conf", NULL, 1);
    hop_fails_each_allocation(root, "mysqld|--x", NULL, 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_server_is_where_the_way_ends),
        cmocka_unit_test(the_configuration_it_is_started_with_is_used),
        cmocka_unit_test(what_only_tells_something_is_no_server),
        cmocka_unit_test(a_script_of_that_name_is_run),
        cmocka_unit_test(short_memory_is_told),
    };
    return cmocka_run_group_tests(tests, make_root, drop_root);
}

#include "hop_run.h"

static const hop_file tree[] = {
    {"etc/apache2/apache2.conf",
     "ServerRoot \"/opt/httpd\"\nIncludeOptional mods-enabled/*.load\ninclude \"extra/a.conf\"\n"},
    {"opt/httpd/mods-enabled/php.load",
     "<IfModule !x>\n  LoadModule php_module /usr/lib/apache2/modules/libphp.so\n</IfModule>\n"},
    {"opt/httpd/mods-enabled/off.conf", "LoadModule no_module modules/off.so\n"},
    {"opt/httpd/extra/a.conf",
     "# LoadModule no_module modules/off.so\nloadmodule a_module 'modules/a.so'\nLoadModule only_a_name\n"},
    {"opt/httpd/modules/a.so", "x"},
    {"opt/httpd/modules/off.so", "x"},
    {"usr/lib/apache2/modules/libphp.so", "x"},
    {"!bin/apache2", "\x7f"
                     "ELF"},
    {"etc/nginx/nginx.conf",
     "user x; # load_module modules/off.so;\nload_module modules/one.so;include modules-enabled/*.conf;\ninclude "
     "/etc/nginx/nginx.conf;\nevents { }\nhttp { include mime.types; log_format a '} load_module \"x\";'; set $x "
     "${y}z; "
     "load_module modules/off.so; } load_module \"modules/none.so\"; load_module /opt/abs.so;\n"},
    {"etc/nginx/mime.types", "load_module modules/off.so;"},
    {"etc/nginx/modules-enabled/50-two.conf", "load_module modules/two.so"},
    {"etc/nginx/modules-enabled/60-three.conf", "load_module 'modules/three.so';"},
    {"usr/share/nginx/modules/one.so", "x"},
    {"usr/share/nginx/modules/off.so", "x"},
    {"usr/lib/nginx/modules/three.so", "x"},
    {"srv/nginx/modules/one.so", "x"},
    {"opt/abs.so", "x"},
    {"!bin/nginx", "\x7f"
                   "ELF"},
    {"!bin/redis-server", "\x7f"
                          "ELF"},
    {"!bin/mysqld", "#!/bin/bash -e\nexec mysqld.real\n"},
    {"!bin/prometheus", "\x7f"
                        "ELF"},
    {"etc/nginx/my.conf", "events {}\n"},
};

HOP_SETUP(tree)

static void a_server_is_where_the_way_ends(void **state) {
    const char *root = path_of(state);
    EXPECT_SAYS(root, "nginx|-g|daemon off;", NULL,
                "{\"says\": \"terminal\",\"type\": \"nginx\",\"main\": \"bin/nginx\",\"confidence\": 95}");
    EXPECT_SAYS(root, "redis-server|/etc/redis.conf|--port|1", NULL, "\"type\": \"redis\"");
}

static void the_configuration_it_is_started_with_is_used(void **state) {
    const char *root = path_of(state);
    EXPECT_SAYS(root, "nginx|-c|/etc/nginx/my.conf", NULL, "\"says\": \"uses\",\"path\": \"etc/nginx/my.conf\"");
    EXPECT_SAYS(root, "nginx|-c|/etc/none", NULL, "[{\"says\": \"terminal\"");
    EXPECT_SAYS(root, "prometheus|$*OPTS|--config.file=$X", NULL, "[{\"says\": \"terminal\",\"type\": \"go\"");
}

#define MODULE(path) "\"says\": \"uses\",\"path\": \"" path "\",\"how\": \"module\""

static void refuses(const char *root, const char *line, const char *text) {
    stella_status status;
    STELLA_AUTO(stella_buf_fini) stella_buf said = hop_says(root, line, NULL, 0, &status);
    assert_int_equal(status, STELLA_OK);
    if (strstr(said.ptr, text))
        fail_msg("%s is in %s", text, said.ptr);
}

static void nginx_loads_what_the_outermost_level_names(void **state) {
    const char *root = path_of(state);
    EXPECT_SAYS(root, "nginx|-g|daemon off;load_module /opt/abs.so;", NULL,
                "\"path\": \"etc/nginx/nginx.conf\",\"how\": \"configuration\"",
                MODULE("usr/share/nginx/modules/one.so"), MODULE("usr/lib/nginx/modules/three.so"),
                MODULE("opt/abs.so"));
    EXPECT_SAYS(root, "nginx|-p|/srv/nginx", NULL, MODULE("srv/nginx/modules/one.so"));
    refuses(root, "nginx", "off.so");
    refuses(root, "nginx", "two.so");     /* the statement never ends */
    refuses(root, "nginx", "\"reason\""); /* what is not there is nginx's trouble */
    refuses(root, "nginx|-c|/etc/nginx/my.conf", "nginx.conf");
}

static void apache_loads_what_its_files_name(void **state) {
    const char *root = path_of(state);
    EXPECT_SAYS(root, "apache2|-DFOREGROUND", NULL, "\"path\": \"opt/httpd/mods-enabled/php.load\"",
                MODULE("usr/lib/apache2/modules/libphp.so"), MODULE("opt/httpd/modules/a.so"));
    refuses(root, "apache2", "off.so");
    EXPECT_SAYS(root, "apache2|-d|/opt/httpd|-f|/opt/httpd/mods-enabled/off.conf", NULL,
                MODULE("opt/httpd/modules/off.so"));
}

static void what_only_tells_something_is_no_server(void **state) {
    const char *root = path_of(state);
    EXPECT_SAYS(root, "nginx|-t", NULL, "\"says\": []");
}

static void a_script_of_that_name_is_run(void **state) {
    const char *root = path_of(state);
    EXPECT_SAYS(root, "mysqld|--x", NULL,
                "\"relation\": \"shebang\",\"args\": [\"/bin/bash\",\"-e\",\"/bin/mysqld\",\"--x\"]");
}

static void short_memory_is_told(void **state) {
    const char *root = path_of(state);
    hop_fails_each_allocation(root, "nginx|-c|/etc/nginx/my.conf", NULL, 1);
    hop_fails_each_allocation(root, "mysqld|--x", NULL, 2);
    hop_fails_each_allocation(root, "apache2", NULL, 20);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_server_is_where_the_way_ends),
        cmocka_unit_test(the_configuration_it_is_started_with_is_used),
        cmocka_unit_test(nginx_loads_what_the_outermost_level_names),
        cmocka_unit_test(apache_loads_what_its_files_name),
        cmocka_unit_test(what_only_tells_something_is_no_server),
        cmocka_unit_test(a_script_of_that_name_is_run),
        cmocka_unit_test(short_memory_is_told),
    };
    return cmocka_run_group_tests(tests, make_root, drop_root);
}

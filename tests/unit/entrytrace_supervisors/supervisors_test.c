#include "hop_run.h"

#include "supervisors/ini.h"
#include "supervisors/words.h"

static const hop_file tree[] = {
    {"!bin/supervisord", "#!/usr/bin/python3\n"},
    {"!bin/honcho", "#!/usr/bin/python3\n"},
    {"!bin/s6-svscan", "\x7f"
                       "ELF"},
    {"!bin/runsvdir", "\x7f"
                      "ELF"},
    {"!init", "#!/bin/sh -e\n"},
    {"!bin/runsv", "\x7f"
                   "ELF"},
    {"!sbin/openrc", "\x7f"
                     "ELF"},
    {"!sbin/openrc-run", "\x7f"
                         "ELF"},
    {"!etc/init.d/web", "#!/sbin/openrc-run\ncommand=/usr/bin/web\ncommand_args=-x\n"},
    {"!etc/init.d/clock", "#!/sbin/openrc-run\n"},
    {"etc/runlevels/default/web", "->/etc/init.d/web"},
    {"etc/runlevels/boot/clock", "->/etc/init.d/clock"},
    {"!etc/services.d/app/log/run", "#!/bin/sh\n"},
    {"!sbin/init", "\x7f"
                   "ELF"},
    {"etc/supervisor/supervisord.conf",
     "; main\n[supervisord]\nnodaemon=true\nenvironment=ALL=\"1\"\n[program:web]\ncommand=nginx -g \"daemon off;\" ; "
     "stay\n"
     "user=www\n[program:api]\ncommand=/app/%(program_name)s -p %(ENV_PORT)s \"%(ENV_NO)s\"\ndirectory=%(here)s/sub\n"
     "environment=A=\"b,c\",D='e',F=%(ENV_PORT)s\nautostart=false\n[include]\nfiles=conf.d/*.conf\n"},
    {"etc/supervisor/conf.d/a.conf", "[program:a]\ncommand = a\n   --more\n"},
    {"etc/supervisor/conf.d/b.conf", "[program:b]\ncommand=\"b\n"},
    {"etc/supervisor/conf.d/c.txt", "[program:c]\ncommand=c\n"},
    {"app/Procfile", "# two\nweb: rails s -p $PORT\nworker: sidekiq\n"},
    {"!etc/services.d/app/run", "#!/bin/sh\n"},
    {"!etc/services.d/idle/run", "#!/bin/sh\n"},
    {"etc/services.d/idle/down", ""},
    {"etc/s6/init/init-stage1", "#!/bin/execlineb\n"},
    {"!etc/cont-init.d/10-users", "#!/bin/sh\n"},
    {"etc/cont-init.d/README", "no script"},
    {"sv/web", "->/etc/services.d/app"},
    {"etc/inittab",
     "# busybox\n::sysinit:/etc/init.d/rcS\n::respawn:-/app/serve --x\n::once:/bin/y\n::shutdown:/bin/z\n"},
};

HOP_SETUP(tree)

#define ENV     "PATH=/bin|PORT=80"
#define SERVICE "\"kind\": \"service\",\"relation\": "

static void supervisord_keeps_its_programs_running(void **state) {
    EXPECT_SAYS(path_of(state), "supervisord|-n", ENV,
                "\"relation\": \"shebang\",\"args\": [\"/usr/bin/python3\",\"/bin/supervisord\",\"-n\"]");
    EXPECT_SAYS(path_of(state), "supervisord|-n", ENV, "\"type\": \"supervisor\",\"main\": \"bin/supervisord\"",
                "\"path\": \"etc/supervisor/supervisord.conf\",\"how\": \"configuration\"",
                SERVICE "\"supervisord\",\"args\": [\"nginx\",\"-g\",\"daemon off;\"],\"env\": {\"ALL\": \"1\"}",
                "\"user\": \"www\"", "\"line\": 6");
}

static void what_stands_in_brackets_is_expanded(void **state) {
    EXPECT_SAYS(path_of(state), "supervisord|-c|/etc/supervisor/supervisord.conf", ENV,
                "\"possible\": true,\"args\": [\"/app/api\",\"-p\",\"80\",{\"unknown\": \"%(ENV_NO)s\"}]",
                "\"A\": \"b,c\"", "\"D\": \"e\"", "\"F\": \"80\"", "\"directory\": \"/etc/supervisor/sub\"");
}

static void files_that_are_included_are_read(void **state) {
    EXPECT_SAYS(path_of(state), "supervisord", ENV, "\"args\": [\"a\",\"--more\"]",
                "\"path\": \"etc/supervisor/conf.d/a.conf\",\"line\": 2",
                "\"reason\": \"unsupported-syntax\",\"detail\": \"\\\"b\"");
    stella_status status;
    STELLA_AUTO(stella_buf_fini) stella_buf text = hop_says(path_of(state), "supervisord", ENV, 0, &status);
    assert_false(has(&text, "c.txt"));
    EXPECT_SAYS(path_of(state), "supervisord|-c|/none", ENV, "\"reason\": \"missing-file\",\"detail\": \"/none\"");
    EXPECT_SAYS(path_of(state), "supervisord|-c|$CONF", ENV, "\"reason\": \"dynamic-reference\"");
}

static void directories_of_services_are_run(void **state) {
    EXPECT_SAYS(path_of(state), "s6-svscan|-t0|/etc/services.d", NULL,
                SERVICE "\"service\",\"args\": [\"./run\"],\"env\": {},\"directory\": \"/etc/services.d/app\"",
                SERVICE "\"service\",\"possible\": true");
    EXPECT_SAYS(path_of(state), "runsvdir|-P|/sv", NULL, "\"directory\": \"/sv/web\"");
    EXPECT_SAYS(path_of(state), "runsvdir|/none", NULL, "\"reason\": \"missing-file\"");
}

static void an_overlay_runs_scripts_services_and_the_command(void **state) {
    EXPECT_SAYS(path_of(state), "/init|app|-x", NULL,
                "\"kind\": \"run\",\"relation\": \"cont-init\",\"args\": [\"/etc/cont-init.d/10-users\"]",
                SERVICE "\"s6-service\"", "\"kind\": \"main\",\"relation\": \"s6-command\",\"args\": [\"app\",\"-x\"]");
    stella_status status;
    STELLA_AUTO(stella_buf_fini) stella_buf text = hop_says(path_of(state), "/init", NULL, 0, &status);
    assert_false(has(&text, "README"));
    assert_false(has(&text, "s6-command"));
}

static void one_service_is_kept_running_with_its_log(void **state) {
    EXPECT_SAYS(path_of(state), "runsv|/etc/services.d/app", NULL, "\"type\": \"supervisor\"",
                "\"directory\": \"/etc/services.d/app\"", "\"directory\": \"/etc/services.d/app/log\"");
    EXPECT_SAYS(path_of(state), "runsv|/none", NULL, "\"reason\": \"missing-file\"");
    EXPECT_SAYS(path_of(state), "runsv|$DIR", NULL, "\"reason\": \"dynamic-reference\"");
    EXPECT_SAYS(path_of(state), "runsv", NULL, "\"reason\": \"unsupported-syntax\"");
}

static void openrc_starts_the_services_of_its_runlevels(void **state) {
    EXPECT_SAYS(path_of(state), "/sbin/openrc|default", NULL,
                SERVICE "\"runlevel\",\"args\": [\"/etc/init.d/clock\",\"start\"]",
                SERVICE "\"runlevel\",\"args\": [\"/etc/init.d/web\",\"start\"]");
    stella_status status;
    STELLA_AUTO(stella_buf_fini) stella_buf text = hop_says(path_of(state), "/sbin/openrc|boot", NULL, 0, &status);
    assert_false(has(&text, "web"));
    EXPECT_SAYS(path_of(state), "/sbin/openrc|$LEVEL", NULL, "\"reason\": \"dynamic-reference\"");
}

static void a_script_of_openrc_is_read_by_a_shell(void **state) {
    EXPECT_SAYS(path_of(state), "/sbin/openrc-run|/etc/init.d/web|start", NULL,
                "\"relation\": \"openrc-run\",\"args\": [\"/bin/sh\",\"-c\"",
                "[ -f /etc/conf.d/web ] && . /etc/conf.d/web; . /etc/init.d/web; start\"", "\"RC_SVCNAME\": \"web\"");
    EXPECT_SAYS(path_of(state), "/sbin/openrc-run|/etc/init.d/none|start", NULL, "\"reason\": \"missing-file\"");
    stella_status status;
    STELLA_AUTO(stella_buf_fini)
    stella_buf text = hop_says(path_of(state), "/sbin/openrc-run|/etc/init.d/web|stop", NULL, 0, &status);
    assert_false(has(&text, "openrc-run\""));
}

static void inittab_and_procfile_are_lines_for_a_shell(void **state) {
    EXPECT_SAYS(path_of(state), "/sbin/init", NULL,
                SERVICE "\"inittab\",\"args\": [\"/bin/sh\",\"-c\",\"/app/serve --x\"]",
                "\"kind\": \"run\",\"relation\": \"inittab\"", "\"kind\": \"background\"");
    EXPECT_SAYS(path_of(state), "honcho|start", NULL,
                SERVICE "\"procfile\",\"args\": [\"/bin/sh\",\"-c\",\"rails s -p $PORT\"]", "\"sidekiq\"");
    stella_status status;
    STELLA_AUTO(stella_buf_fini)
    stella_buf text = hop_says(path_of(state), "honcho|-f|Procfile|start|worker", NULL, 0, &status);
    assert_true(has(&text, "sidekiq"));
    assert_false(has(&text, "rails"));
}

static void a_command_is_split_as_shlex_does(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
    stella_word *words = NULL;
    uint32_t count = 0;
    assert_int_equal(words_split(STELLA_SV("a 'b \\c'\"d \\\" \\e\" f\\ g ''"), arena, &words, &count, NULL),
                     STELLA_OK);
    assert_int_equal(count, 4);
    assert_true(stella_sv_eq(words[1].text, STELLA_SV("b \\cd \" \\e")));
    assert_true(stella_sv_eq(words[2].text, STELLA_SV("f g")));
    assert_int_equal(words[3].text.len, 0);
    assert_int_equal(words_split(STELLA_SV("a 'b"), arena, &words, &count, NULL), STELLA_E_FORMAT);
    assert_int_equal(words_split(STELLA_SV("a \\"), arena, &words, &count, NULL), STELLA_E_FORMAT);
    assert_int_equal(count, 4);
}

static void short_memory_is_told(void **state) {
    hop_fails_each_allocation(path_of(state), "supervisord", ENV, 10);
    hop_fails_each_allocation(path_of(state), "/init|x", NULL, 5);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(supervisord_keeps_its_programs_running),
        cmocka_unit_test(what_stands_in_brackets_is_expanded),
        cmocka_unit_test(files_that_are_included_are_read),
        cmocka_unit_test(directories_of_services_are_run),
        cmocka_unit_test(an_overlay_runs_scripts_services_and_the_command),
        cmocka_unit_test(one_service_is_kept_running_with_its_log),
        cmocka_unit_test(openrc_starts_the_services_of_its_runlevels),
        cmocka_unit_test(a_script_of_openrc_is_read_by_a_shell),
        cmocka_unit_test(inittab_and_procfile_are_lines_for_a_shell),
        cmocka_unit_test(a_command_is_split_as_shlex_does),
        cmocka_unit_test(short_memory_is_told),
    };
    return cmocka_run_group_tests(tests, make_root, drop_root);
}

#include "hop_run.h"

#include "wrappers/table.h"

static const hop_file tree[] = {
    {"etc/passwd", "root:x:0:0:root:/root:/bin/bash\npostgres:x:999:999::/var/lib/postgresql:/bin/sh\n"},
    {"etc/sudoers", "# who may\nDefaults env_reset\nDefaults\tsecure_path=\"/usr/sbin:/bin\"\nroot ALL=(ALL) ALL\n"},
    {"!bin/busybox", "\x7f"
                     "ELF"},
    {"bin/ls", "->busybox"},
    {"!sbin/start-stop-daemon", "\x7f"
                                "ELF"},
    {"!sbin/supervise-daemon", "\x7f"
                               "ELF"},
};

HOP_SETUP(tree)

static void a_user_changer_says_who_and_where_home_is(void **state) {
    EXPECT_SAYS(path_of(state), "gosu|postgres|postgres|-D", NULL, "\"kind\": \"main\"", "\"relation\": \"wrapper\"",
                "\"args\": [\"postgres\",\"-D\"]", "\"HOME\": \"/var/lib/postgresql\"", "\"user\": \"postgres\"");
    EXPECT_SAYS(path_of(state), "su-exec|4242:7|x", NULL, "\"HOME\": \"/\"", "\"user\": \"4242:7\"");
    EXPECT_SAYS(path_of(state), "setpriv|--reuid=postgres|--regid|9|--init-groups|--|x|-u", NULL,
                "\"args\": [\"x\",\"-u\"]", "\"user\": \"postgres\"");
    EXPECT_SAYS(path_of(state), "chpst|-u|postgres|-e|/env|-o10|-P|x", NULL, "\"args\": [\"x\"]");
}

static void options_with_arguments_are_stepped_over(void **state) {
    EXPECT_SAYS(path_of(state), "tini|-g|-p|SIGTERM|-e143|--|x|-s", NULL, "\"args\": [\"x\",\"-s\"]");
    EXPECT_SAYS(path_of(state), "timeout|-k|5|--signal|INT|10|x|-k", NULL, "\"args\": [\"x\",\"-k\"]");
    EXPECT_SAYS(path_of(state), "timeout|--kill=5|10|x", NULL, "\"args\": [\"x\"]");
    EXPECT_SAYS(path_of(state), "nice|-10|x", NULL, "\"args\": [\"x\"]");
    EXPECT_SAYS(path_of(state), "nice|-vn5|x", NULL, "\"reason\": \"unsupported-syntax\"", "\"possible\": true");
    EXPECT_SAYS(path_of(state), "stdbuf|-oL|-e|0|x", NULL, "\"args\": [\"x\"]");
    EXPECT_SAYS(path_of(state), "flock|-n|/run/lock|x|y", NULL, "\"args\": [\"x\",\"y\"]");
    EXPECT_SAYS(path_of(state), "flock|/run/lock|-c|x y", NULL, "\"args\": [\"-c\",\"x y\"]");
    EXPECT_SAYS(path_of(state), "prlimit|-n1024:2048|--core=0|x", NULL, "\"args\": [\"x\"]");
}

static void env_changes_variables_and_directory(void **state) {
    EXPECT_SAYS(path_of(state), "env|-i|A=1|-|x", NULL, "\"args\": [\"-\",\"x\"]", "\"A\": \"1\"", "\"PATH\": null");
    EXPECT_SAYS(path_of(state), "env|-u|PATH|-C|sub|A=$B|x|C=2", NULL, "\"args\": [\"x\",\"C=2\"]", "\"A\": \"?\"",
                "\"PATH\": null", "\"directory\": \"/app/sub\"");
    EXPECT_SAYS(path_of(state), "env|-S python3 -u 'a b' ${PATH}|script", NULL,
                "\"args\": [\"python3\",\"-u\",\"a b\",\"/bin\",\"script\"]");
    EXPECT_SAYS(path_of(state), "env|-vS-i A=\"x\\_y\" p # c|s", NULL, "\"args\": [\"p\",\"s\"]", "\"A\": \"x y\"",
                "\"PATH\": null");
    EXPECT_SAYS(path_of(state), "env|-S|'never ends", NULL, "\"reason\": \"unsupported-syntax\"");
}

static void words_that_are_not_known_are_carried_and_told(void **state) {
    EXPECT_SAYS(path_of(state), "tini|$*OPTS|x|$Y", NULL, "\"reason\": \"dynamic-reference\"", "\"possible\": true",
                "\"args\": [\"x\",{\"unknown\": \"$Y\"}]");
    EXPECT_SAYS(path_of(state), "timeout|$*T|x", NULL, "\"reason\": \"dynamic-reference\"", "\"args\": [\"x\"]");
    EXPECT_SAYS(path_of(state), "gosu|$U|x", NULL, "\"says\": [{\"says\": \"step\"", "\"user\": \"$U\"");
    EXPECT_SAYS(path_of(state), "env|--chdir=$D|x", NULL, "\"args\": [\"x\"],\"env\": {}}");
}

static void another_root_is_not_followed(void **state) {
    EXPECT_SAYS(path_of(state), "chroot|/mnt|x", NULL, "\"says\": [{\"says\": \"unknown\"", "\"detail\": \"/mnt\"");
    EXPECT_SAYS(path_of(state), "chroot|--userspec=1:2|/|x", NULL, "\"args\": [\"x\"]", "\"user\": \"1:2\"");
    EXPECT_SAYS(path_of(state), "chroot|/..", NULL, "\"args\": [\"/bin/sh\"]");
}

static void su_runs_the_accounts_shell(void **state) {
    EXPECT_SAYS(path_of(state), "su|-|postgres|-c|run it", NULL, "\"program\": \"/bin/sh\"",
                "\"args\": [\"-sh\",\"-c\",\"run it\"]", "\"LOGNAME\": \"postgres\"",
                "\"directory\": \"/var/lib/postgresql\"", "\"user\": \"postgres\"");
    EXPECT_SAYS(path_of(state), "su|-s|/bin/bash|postgres|-c|x|a|-b", NULL, "\"args\": [\"bash\",\"-c\",\"x\",\"a\"]");
    EXPECT_SAYS(path_of(state), "runuser|-u|postgres|--|x|-c", NULL, "\"args\": [\"x\",\"-c\"]");
    EXPECT_SAYS(path_of(state), "runuser|-u|postgres|x|-c", NULL, "\"args\": [\"x\",\"-c\"]");
    EXPECT_SAYS(path_of(state), "su", NULL, "\"args\": [\"bash\"]", "\"program\": \"/bin/bash\"");
}

static void sudo_resets_what_is_not_kept(void **state) {
    EXPECT_SAYS(path_of(state), "sudo|-u|postgres|V=1|x", "A=1|PATH=/app", "\"A\": null", "\"V\": \"1\"",
                "\"PATH\": \"/usr/sbin:/bin\"", "\"user\": \"postgres\"", "\"args\": [\"x\"]");
    EXPECT_SAYS(path_of(state), "sudo|-EH|x", "A=1|PATH=/bin", "\"env\": {\"PATH\": \"/usr/sbin:/bin\"}");
    EXPECT_SAYS(path_of(state), "sudo|-iu|postgres|x|a b", NULL, "\"args\": [\"-sh\",\"-c\",\"x 'a b'\"]");
}

static void an_applet_is_its_link_or_the_binary(void **state) {
    EXPECT_SAYS(path_of(state), "busybox|ls|-l", NULL, "\"relation\": \"applet\",\"args\": [\"ls\",\"-l\"]");
    EXPECT_SAYS(path_of(state), "busybox|cat|x", NULL, "\"program\": \"/bin/busybox\",\"args\": [\"cat\",\"x\"]");
    EXPECT_SAYS(path_of(state), "busybox", NULL, "\"says\": []");
    EXPECT_SAYS(path_of(state), "ls|cat|x", NULL, "\"says\": []");
}

static void a_command_that_is_missing_is_told(void **state) {
    EXPECT_SAYS(path_of(state), "gosu|postgres", NULL, "\"reason\": \"unsupported-syntax\"");
    EXPECT_SAYS(path_of(state), "env", NULL, "\"says\": []");
    EXPECT_SAYS(path_of(state), "tini|-h|x", NULL, "\"says\": []");
}

static void every_wrapper_is_asked_for(void **state) {
    (void)state;
    const stella_entrytrace *tracer = stella_plugin.get_interface(STELLA_ENTRYTRACE_INTERFACE);
    for (uint32_t i = 0; i < wrapper_count; i++) {
        stella_sv rest = stella_sv_cstr(wrappers[i].names), name;
        while (stella_sv_split(&rest, ' ', &name)) {
            const char *const *at = tracer->programs;
            while (*at && !stella_sv_eq(stella_sv_cstr(*at), name))
                at++;
            if (!*at)
                fail_msg("%.*s", STELLA_SV_FMT(name));
        }
    }
}

static void short_memory_is_told(void **state) {
    hop_fails_each_allocation(path_of(state), "env|-i|-C|sub|A=1|B=2|-S x y|z", NULL, 3);
    hop_fails_each_allocation(path_of(state), "su|-|postgres|-c|x", NULL, 3);
}

static void a_daemon_is_what_it_is_told_to_start(void **state) {
    const char *root = path_of(state);
    EXPECT_SAYS(root, "/sbin/start-stop-daemon|--start|--chuid|web|--exec|/bin/web|--|-x|y", NULL,
                "\"kind\": \"main\",\"relation\": \"wrapper\",\"args\": [\"/bin/web\",\"-x\",\"y\"]",
                "\"user\": \"web\"");
    EXPECT_SAYS(root, "/sbin/start-stop-daemon|-S|-b|-x|/bin/web|-a|/bin/as|-d|/srv", NULL,
                "\"kind\": \"service\",\"relation\": \"wrapper\",\"args\": [\"/bin/as\"]", "\"directory\": \"/srv\"");
    EXPECT_SAYS(root, "/sbin/supervise-daemon|web|--start|--env|A=1|/bin/web", NULL, "--start without --exec");
    EXPECT_SAYS(root, "/sbin/supervise-daemon|web|--start|--env|A=1|--exec|/bin/web", NULL, "\"A\": \"1\"",
                "\"args\": [\"/bin/web\"]");
    EXPECT_SAYS(root, "/sbin/start-stop-daemon|-S|-r|/jail|-x|/bin/web", NULL, "\"detail\": \"another root\"");
    EXPECT_SAYS(root, "/sbin/start-stop-daemon|--stop|--exec|/bin/web", NULL, "\"says\": []");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_user_changer_says_who_and_where_home_is),
        cmocka_unit_test(options_with_arguments_are_stepped_over),
        cmocka_unit_test(env_changes_variables_and_directory),
        cmocka_unit_test(words_that_are_not_known_are_carried_and_told),
        cmocka_unit_test(another_root_is_not_followed),
        cmocka_unit_test(su_runs_the_accounts_shell),
        cmocka_unit_test(sudo_resets_what_is_not_kept),
        cmocka_unit_test(an_applet_is_its_link_or_the_binary),
        cmocka_unit_test(a_command_that_is_missing_is_told),
        cmocka_unit_test(every_wrapper_is_asked_for),
        cmocka_unit_test(short_memory_is_told),
        cmocka_unit_test(a_daemon_is_what_it_is_told_to_start),
    };
    return cmocka_run_group_tests(tests, make_root, drop_root);
}

#include "hop_run.h"

static const hop_file tree[] = {
    {"!bin/python3", "\x7f"
                     "ELF"},
    {"app/becomes.py", "import os, sys\n'''os.execv('no', [])'''\n# os.execv('no', [])\nos.execvp(\"jupyter\", "
                       "[\"jupyter\", 'l', # here\n  *sys.argv[1:]] + ['-x'])\n"},
    {"app/may.py", "import os\ndef run(args):\n    os.execv('/bin/one', ['one', f'{x}', args])\n"},
    {"app/main.py", "import os\nif __name__ == '__main__':\n    os.execl('/bin/two', 'two', r'a\\b')\n"},
    {"app/lost.py", "import os\nos.execv(path, argv)\n"},
    {"app/init.py", "import os\nos.environ['A'] = 'b'\nos.spawnvp(os.P_WAIT, 'setup', ['setup'])\n"
                    "pid = os.spawnvp(os.P_NOWAIT, 'svd', ['svd', '-P', '/etc'])\nos.waitpid(pid, 0)\n"},
    {"app/sub.py", "import subprocess as s, subprocess, sys\nsubprocess.run('a b', shell=True)\n"
                   "subprocess.Popen([sys.executable, '-m', 'side'], cwd='/srv')\nsubprocess.run(cmd)\n"
                   "sys.exit(subprocess.call(['serve'] + words))\n"},
    {"app/odd.py", "os.execv(\nsubprocess.run([\nos.spawnv(a)\nos.execv()\n'\n\"\"\"os.system('x')"},
    {"app/other.py", "myos.execv('/bin/x', ['x'])\n"},
};

HOP_SETUP(tree)

#define CALL(kind) "\"kind\": \"" kind "\",\"relation\": \"python-call\""

static void expect_no(const char *root, const char *line, const char *part) {
    stella_status status;
    STELLA_AUTO(stella_buf_fini) stella_buf text = hop_says(root, line, NULL, 0, &status);
    assert_int_equal(status, STELLA_OK);
    if (has(&text, part))
        fail_msg("%s says %s: %s", line, part, text.ptr);
}

static void a_script_that_executes_another_program_is_that_program(void **state) {
    EXPECT_SAYS(path_of(state), "python3|becomes.py|--port|1", NULL, CALL("main"),
                "\"args\": [\"jupyter\",\"l\",\"--port\",\"1\",\"-x\"]", "\"line\": 4");
    expect_no(path_of(state), "python3|becomes.py", "\"terminal\"");
    EXPECT_SAYS(path_of(state), "python3|main.py", NULL, "\"program\": \"/bin/two\",\"args\": [\"two\",\"a\\\\b\"]");
    expect_no(path_of(state), "python3|main.py", "\"terminal\"");
}

static void what_stands_in_a_function_may_happen(void **state) {
    EXPECT_SAYS(path_of(state), "python3|may.py", NULL, CALL("main") ",\"possible\": true",
                "{\"unknown\": \"f'{x}'\"},{\"unknown\": \"args\"}", "\"type\": \"python\"");
}

static void what_a_script_waits_for_is_kept_running(void **state) {
    EXPECT_SAYS(path_of(state), "python3|init.py", NULL, CALL("run"), CALL("service"),
                "\"args\": [\"svd\",\"-P\",\"/etc\"]", "\"type\": \"python\"");
    EXPECT_SAYS(path_of(state), "python3|sub.py", NULL, "\"args\": [\"/bin/sh\",\"-c\",\"a b\"]", CALL("background"),
                "\"args\": [\"/bin/python3\",\"-m\",\"side\"]", "\"directory\": \"/srv\"", CALL("service"),
                "\"args\": [\"serve\",{\"words\": \"words\"}]");
}

static void what_is_computed_is_not_known(void **state) {
    EXPECT_SAYS(path_of(state), "python3|lost.py", NULL, "\"reason\": \"dynamic-reference\",\"detail\": \"os.execv\"",
                "\"type\": \"python\"");
    expect_no(path_of(state), "python3|sub.py", "cmd");
}

static void broken_text_and_other_names_say_nothing(void **state) {
    expect_no(path_of(state), "python3|odd.py", "python-call");
    expect_no(path_of(state), "python3|other.py", "python-call");
}

static void short_memory_is_told(void **state) {
    hop_fails_each_allocation(path_of(state), "python3|becomes.py|--port|1", NULL, 10);
    hop_fails_each_allocation(path_of(state), "python3|sub.py", NULL, 10);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_script_that_executes_another_program_is_that_program),
        cmocka_unit_test(what_stands_in_a_function_may_happen),
        cmocka_unit_test(what_a_script_waits_for_is_kept_running),
        cmocka_unit_test(what_is_computed_is_not_known),
        cmocka_unit_test(broken_text_and_other_names_say_nothing),
        cmocka_unit_test(short_memory_is_told),
    };
    return cmocka_run_group_tests(tests, make_root, drop_root);
}

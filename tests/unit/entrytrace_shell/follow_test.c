/* What scripts start, as the constructions of well-known entrypoints have it. */
#include "shell_run.h"

#define CALL(...)                                                                                                      \
    (shell_call_of) {                                                                                                  \
        .words = {"bash", "/entrypoint", __VA_ARGS__}, .env = { "PATH", "/usr/bin:/bin" }                              \
    }

static scratch_root root;

static int set_up(void **state) {
    (void)state;
    root = scratch_root_create();
    scratch_write(&root, "etc/passwd",
                  STELLA_SV("root:x:0:0::/root:/bin/sh\npostgres:x:70:70::/var/lib/postgresql:/bin/sh\n"));
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    scratch_root_destroy(&root);
    return 0;
}

static void expect(const char *script, const shell_call_of *call, const char *expected) {
    expect_call(&root, script, call, expected);
}

static void exec_of_the_words_is_what_runs(void **state) {
    (void)state;
    expect("#!/bin/bash\nset -e\nexec \"$@\"\n", &CALL("redis-server", "--port", "1 2"),
           "main exec: redis-server --port 1 2\n");
    expect("exec \"$@\"\n", &CALL("*$ARGS"), "main exec: *$ARGS\n");
}

static void an_array_that_may_have_grown_is_any_number_of_words(void **state) {
    (void)state;
    expect("a=(-x)\nif [ \"$(date)\" = 1 ]; then a+=(-y \"$2\"); fi\nexec prog \"${a[@]}\" \"${a[0]}\"\n", &CALL("z"),
           "run command: date\nmain exec: prog -x *${a[@]} -x\n");
}

static void a_first_word_that_is_an_option_gets_its_program(void **state) {
    (void)state;
    const char *script =
        "if [ \"${1:0:1}\" = '-' ] || [ \"${1#-}\" != \"$1\" ]; then set -- mysqld \"$@\"; fi\nexec \"$@\"\n";
    expect(script, &CALL("--verbose"), "main exec: mysqld --verbose\n");
    expect(script, &CALL("bash"), "main exec: bash\n");
}

static void the_script_runs_itself_as_another_user(void **state) {
    (void)state;
    const char *script = "_is_sourced() {\n"
                         "\t[ \"${#FUNCNAME[@]}\" -ge 2 ] \\\n\t\t&& [ \"${FUNCNAME[0]}\" = '_is_sourced' ] \\\n"
                         "\t\t&& [ \"${FUNCNAME[1]}\" = 'source' ]\n}\n"
                         "_main() {\n\tif [ \"$1\" = 'postgres' ]; then\n"
                         "\t\tif [ \"$(id -u)\" = '0' ]; then exec gosu postgres \"$BASH_SOURCE\" \"$@\"; fi\n\tfi\n"
                         "\texec \"$@\"\n}\nif ! _is_sourced; then _main \"$@\"; fi\n";
    expect(script, &CALL("postgres"), "run command: id -u\nmain exec: gosu postgres /entrypoint postgres\n");
    shell_call_of call = CALL("postgres");
    call.user = "postgres";
    expect(script, &call, "run command: id -u\nmain exec: postgres\n");
}

static void values_come_from_the_images_environment(void **state) {
    (void)state;
    shell_call_of call = {.words = {"sh", "-c", "exec java $JAVA_OPTS -jar ${JAR:-/app.jar} \"$NONE\""},
                          .env = {"JAVA_OPTS", "-Xmx1g -Da=b", "PATH", "/bin"}};
    expect("", &call, "main exec: java -Xmx1g -Da=b -jar /app.jar \n");
}

static void both_ways_are_followed_when_it_cannot_be_known(void **state) {
    (void)state;
    expect("if [ -t 0 ]; then exec a; else exec b; fi\n", &CALL(NULL), "main? exec: a\nmain? exec: b\n");
    expect("case \"$(hostname)\" in x) p=1;; *) p=2;; esac\nexec d $p\n", &CALL(NULL),
           "run command: hostname\nmain? exec: d 1\nmain? exec: d 2\n");
    expect("if numactl true; then set -- numactl \"$@\"; fi\nexec \"$@\"\n", &CALL("mongod"),
           "run command: numactl true\nmain? exec: numactl mongod\nmain? exec: mongod\n");
}

static void a_way_that_fails_does_not_make_the_rest_doubtful(void **state) {
    (void)state;
    expect("if [ -t 0 ]; then echo no >&2; exit 1; fi\nexec a\n", &CALL(NULL), "main exec: a\n");
}

static void the_last_command_is_what_runs(void **state) {
    (void)state;
    expect("mkdir -p /run/x\nserver --fg\necho done\n", &CALL(NULL),
           "run command: mkdir -p /run/x\nmain command: server --fg\n");
    expect("a &\nb &\nwait -n\n", &CALL(NULL), "service background: a\nservice background: b\n");
    expect("server &\nwait $!\n", &CALL(NULL), "main background: server\n");
    expect("a & b\n", &CALL(NULL), "background background: a\nmain command: b\n");
}

static void scripts_of_a_folder_are_found_by_a_pattern(void **state) {
    (void)state;
    put_program(&root, "docker-entrypoint.d/10-a.sh", "#!/bin/sh\n");
    put_program(&root, "docker-entrypoint.d/9-b.sh", "#!/bin/sh\n");
    scratch_write(&root, "docker-entrypoint.d/note.txt", STELLA_SV("x"));
    expect("for f in /docker-entrypoint.d/*; do\n case \"$f\" in *.sh) \"$f\";; esac\ndone\nexec \"$@\"\n",
           &CALL("nginx"),
           "run command: /docker-entrypoint.d/10-a.sh\nrun command: /docker-entrypoint.d/9-b.sh\nmain exec: nginx\n");
    expect("find /docker-entrypoint.d/ -follow -type f -print | sort -V | while read -r f; do\n"
           "case \"$f\" in *.sh) if [ -x \"$f\" ]; then \"$f\"; fi;; esac\ndone\nexec \"$@\"\n",
           &CALL("nginx"),
           "run command: find /docker-entrypoint.d/ -follow -type f -print\nrun command: sort -V\n"
           "run command: /docker-entrypoint.d/9-b.sh\nrun command: /docker-entrypoint.d/10-a.sh\nmain exec: nginx\n");
    expect("run-parts /docker-entrypoint.d\nexec a\n", &CALL(NULL),
           "unknown: run-parts-empty /docker-entrypoint.d\nmain exec: a\n");
}

static void sourced_files_are_part_of_the_script(void **state) {
    (void)state;
    scratch_write(&root, "lib/env.sh", STELLA_SV("export HOME_DIR=/opt\nrun() { exec \"$HOME_DIR/bin/x\" \"$@\"; }\n"));
    expect(". /lib/env.sh\nrun a\n", &CALL(NULL), "include: lib/env.sh\nmain exec: /opt/bin/x a\n");
    expect(". /lib/none.sh\nexec a\n", &CALL(NULL), "unknown: missing-file /lib/none.sh\nmain exec: a\n");
    expect("[ -f /lib/none.sh ] && . /lib/none.sh\nexec a\n", &CALL(NULL), "main exec: a\n");
}

static void arrays_and_eval_are_worked_out(void **state) {
    (void)state;
    expect("declare -a a=(x \"y z\"); a+=(-p 1); declare -A m=([k]=v)\nexec \"${a[0]}\" \"${a[@]:1}\" \"${m[k]}\" "
           "${#a[@]}\n",
           &CALL(NULL), "main exec: x y z -p 1 v 4\n");
    expect("cmd='exec prog'; eval \"$cmd --a\" \\\"\\$1\\\"\n", &CALL("b c"), "main exec: prog --a b c\n");
    expect("name=VALUE; VALUE=/x/y.tar.gz; v=\"${!name}\"\nexec a \"${v##*/}\" \"${v%%.*}\" \"${v//\\//_}\" ${v^^} "
           "$((2 * (3 + 1)))\n",
           &CALL(NULL), "main exec: a y.tar.gz /x/y _x_y.tar.gz /X/Y.TAR.GZ 8\n");
}

static void the_tree_answers_what_is_there(void **state) {
    (void)state;
    put_program(&root, "usr/bin/gosu", "\177ELF");
    expect("if command -v gosu >/dev/null; then exec gosu a; else exec su a; fi\n", &CALL(NULL), "main exec: gosu a\n");
    expect("touch /x\nif [ -e /x ]; then exec a; else exec b; fi\n", &CALL(NULL),
           "run command: touch /x\nmain? exec: a\nmain? exec: b\n");
}

static void scripts_that_never_end_are_followed_to_an_end(void **state) {
    (void)state;
    expect("f() { f; }\nf\nexec a\n", &CALL(NULL), "unknown: recursion-limit f\nmain exec: a\n");
    expect(". /entrypoint\n", &CALL(NULL), "unknown: recursion-limit /entrypoint\ninclude: entrypoint\n");
}

static void a_loop_that_waits_may_end(void **state) {
    (void)state;
    expect("while ! pg_isready; do sleep 1; done\nexec a\n", &CALL(NULL),
           "run command: pg_isready\nrun? command: sleep 1\nmain exec: a\n");
    expect("while true; do if ping x; then break; fi; done\nexec a\n", &CALL(NULL),
           "run command: ping x\nmain exec: a\n");
}

static void what_cannot_be_read_is_said(void **state) {
    (void)state;
    expect("echo a\necho 'b\n", &CALL(NULL),
           "unknown: unsupported-syntax line 2: the quote ' that begins here never ends\n");
    shell_call_of call = {.words = {"bash", "/nowhere"}};
    expect("", &call, "unknown: missing-file /nowhere\n");
}

static void options_are_read_by_getopts(void **state) {
    (void)state;
    const char *script =
        "m=web\nwhile getopts ':m:vx' o; do\n case $o in m) m=$OPTARG;; v) v=1;; ?) bad=$o$OPTARG;; esac\n"
        "done\nshift $((OPTIND - 1))\nexec svc-$m \"$v\" \"$bad\" \"$@\"\n";
    expect(script, &CALL("-m", "worker", "a"), "main exec: svc-worker   a\n");
    expect(script, &CALL("-vmjob", "--", "-b"), "main exec: svc-job 1  -b\n");
    expect(script, &CALL("-vz"), "main exec: svc-web 1 ?z\n");
    expect(script, &CALL("-m"), "main exec: svc-web  :m\n");
}

static void a_name_may_name_an_array(void **state) {
    (void)state;
    expect("web=(webd --port 80)\nr=web; all=${r}'[@]' one=web[1]\nexec \"${!all}\" \"${!one}\"\n", &CALL(NULL),
           "main exec: webd --port 80 --port\n");
    expect("exec a \"${none[@]}\" b\n", &CALL(NULL), "main exec: a b\n");
}

static void words_are_joined_by_the_separator(void **state) {
    (void)state;
    expect("join() { local IFS=\"$1\"; shift; echo \"$*\"; }\na=(x y); IFS=,\n"
           "exec \"$(join : 1 2 3)\" \"${a[*]}\"\n",
           &CALL(NULL), "main exec: 1:2:3 x,y\n");
}

static void commands_may_be_the_input(void **state) {
    (void)state;
    expect("while read -r x; do a+=(\"$x\"); done < <(printf '10-b\\n9-c\\n9-a\\n' | sort -n)\nexec p \"${a[@]}\"\n",
           &CALL(NULL), "run command: sort -n\nmain exec: p 9-a 9-c 10-b\n");
    expect("while IFS= read -r -d '' x; do a+=(\"$x\"); done < <([[ $NONE ]] && xargs printf '%s\\0' <<<\"$NONE\")\n"
           "exec p \"${a[@]}\"\n",
           &CALL(NULL), "main exec: p\n");
}

static void every_allocation_may_fail(void **state) {
    (void)state;
    put_program(&root, "entrypoint",
                "a=(1 2); f() { local x=$1; case \"$x\" in b*) exec $x \"${a[@]}\";; esac; }\nif [ -t 0 ]; then x & "
                "fi\nf \"$@\"\n");
    const stella_word words[] = {
        {.text = STELLA_SV("bash")}, {.text = STELLA_SV("/entrypoint")}, {.text = STELLA_SV("bb")}};
    const stella_launch launch = {
        .struct_size = sizeof launch, .args = words, .arg_count = 3, .directory = STELLA_SV("/")};
    const char *const layers[] = {root.path};
    uint32_t failed = 0;
    for (uint64_t n = 1;; n++) {
        const stella_testing_options options = {
            .struct_size = sizeof options, .layers = layers, .layer_count = 1, .fail_alloc = n};
        STELLA_AUTO(stella_buf_fini) stella_buf text = stella_buf_of((size_t)1 << 20);
        stella_error err = {0};
        const stella_status status = stella_testing_hop(&stella_plugin, &options, &launch, &text, &err);
        assert_true(status == STELLA_OK || status == STELLA_E_NOMEM || status == STELLA_E_LIMIT);
        if (status == STELLA_OK && n > 400)
            break;
        failed += status != STELLA_OK ? 1 : 0;
    }
    assert_true(failed >= 20);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(exec_of_the_words_is_what_runs),
        TEST(an_array_that_may_have_grown_is_any_number_of_words),
        TEST(a_first_word_that_is_an_option_gets_its_program),
        TEST(the_script_runs_itself_as_another_user),
        TEST(values_come_from_the_images_environment),
        TEST(both_ways_are_followed_when_it_cannot_be_known),
        TEST(a_way_that_fails_does_not_make_the_rest_doubtful),
        TEST(the_last_command_is_what_runs),
        TEST(scripts_of_a_folder_are_found_by_a_pattern),
        TEST(sourced_files_are_part_of_the_script),
        TEST(arrays_and_eval_are_worked_out),
        TEST(the_tree_answers_what_is_there),
        TEST(scripts_that_never_end_are_followed_to_an_end),
        TEST(a_loop_that_waits_may_end),
        TEST(what_cannot_be_read_is_said),
        TEST(options_are_read_by_getopts),
        TEST(a_name_may_name_an_array),
        TEST(words_are_joined_by_the_separator),
        TEST(commands_may_be_the_input),
        TEST(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "hop_run.h"

#define CONSOLE(module)                                                                                                \
    "#!/usr/local/bin/python3\n# -*- coding: utf-8 -*-\nimport sys\nfrom " module " import run\nsys.exit(run())\n"

static const hop_file tree[] = {
    {"!usr/local/bin/python3.11", "\x7f"
                                  "ELF"},
    {"usr/local/bin/python3", "->python3.11"},
    {"venv/bin/python", "->/usr/local/bin/python3"},
    {"venv/pyvenv.cfg", "home = /usr/local/bin\n"},
    {"!usr/local/bin/gunicorn", CONSOLE("gunicorn.app.wsgiapp")},
    {"!usr/local/bin/lost", CONSOLE("lost.cli")},
    {"!usr/local/bin/ddtrace-run", CONSOLE("ddtrace.commands.ddtrace_run")},
    {"usr/local/lib/python3.11/http/server.py", "x"},
    {"usr/local/lib/python3.11/site-packages/gunicorn/app/wsgiapp.py", "x"},
    {"usr/local/lib/python3.11/site-packages/gunicorn/__main__.py", "x"},
    {"usr/local/lib/python3.11/site-packages/ddtrace/commands/ddtrace_run.py", "x"},
    {"venv/lib/python3.11/site-packages/uvicorn/__main__.py", "x"},
    {"app/main.py", "import gunicorn.app.wsgiapp, json\nfrom site import wsgi\n"},
    {"app/manage.py", "x"},
    {"app/native.py", "import fast, _ssl, stable, plain, wrong\n"},
    {"usr/local/lib/python3.11/encodings/__init__.py", "x"},
    {"usr/local/lib/python3.11/os.py", "x"},
    {"usr/local/lib/python3.11/lib-dynload/_ssl.cpython-311-x86_64-linux-gnu.so", "x"},
    {"usr/local/lib/python3.11/site-packages/fast.cpython-311-x86_64-linux-gnu.so", "x"},
    {"usr/local/lib/python3.11/site-packages/stable.abi3.so", "x"},
    {"usr/local/lib/python3.11/site-packages/plain.so", "x"},
    {"usr/local/lib/python3.11/site-packages/wrong.cpython-39-x86_64-linux-gnu.so", "x"},
    {"!usr/local/bin/easy",
     "#!/usr/local/bin/python3\n# EASY-INSTALL-ENTRY-SCRIPT: 'easy==1.0','console_scripts','easy'\nimport sys\n"},
    {"usr/local/lib/python3.11/site-packages/easy-1.0.egg-info/PKG-INFO", "x"},
    {"usr/local/lib/python3.11/site-packages/easy-1.0.egg-info/entry_points.txt",
     "[gui_scripts]\neasy = wrong:main\n\n[console_scripts]\nother = wrong:main\neasy = easy.cli:main [extra]\n"},
    {"usr/local/lib/python3.11/site-packages/easy/cli.py", "import json\n"},
    {"app/site/settings.py", "x"},
    {"app/site/wsgi.py", "x"},
    {"app/tool/__main__.py", "x"},
    {"src/other/__init__.py", "x"},
};
#define ENV "PATH=/usr/local/bin"

HOP_SETUP(tree)

#define USES(path)    "\"says\": \"uses\",\"path\": \"" path "\",\"how\": \"python-module\""
#define ENDS_IN(main) "\"type\": \"python\",\"main\": \"" main "\""

static void a_script_is_the_main_file(void **state) {
    EXPECT_SAYS(path_of(state), "python3|-u|-W|ignore|-Xdev|main.py|-m", ENV, "\"language\": \"python\"",
                ENDS_IN("app/main.py"));
    EXPECT_SAYS(path_of(state), "python3|tool", ENV, ENDS_IN("app/tool/__main__.py"));
    EXPECT_SAYS(path_of(state), "python3|no.py", ENV, "\"reason\": \"missing-file\",\"detail\": \"no.py\"");
    EXPECT_SAYS(path_of(state), "python3|-c|import x", ENV, "\"type\": \"python\",\"confidence\": 70");
    EXPECT_SAYS(path_of(state), "python3|--version", ENV, "{\"says\": \"language\",\"language\": \"python\"}");
}

static void what_the_main_file_imports_is_used(void **state) {
    EXPECT_SAYS(path_of(state), "python3|main.py", ENV,
                USES("usr/local/lib/python3.11/site-packages/gunicorn/app/wsgiapp.py"), USES("app/site/wsgi.py"));
}

static void a_module_is_found_where_the_interpreter_looks(void **state) {
    EXPECT_SAYS(path_of(state), "python3|-m|http.server|8000", ENV, USES("usr/local/lib/python3.11/http/server.py"),
                ENDS_IN("usr/local/lib/python3.11/http/server.py"));
    EXPECT_SAYS(path_of(state), "python3|-um|tool", ENV, ENDS_IN("app/tool/__main__.py"));
    EXPECT_SAYS(path_of(state), "/venv/bin/python|-m|uvicorn|main:app", ENV,
                ENDS_IN("venv/lib/python3.11/site-packages/uvicorn/__main__.py"), USES("app/main.py"));
    EXPECT_SAYS(path_of(state), "python3|-m|no.such", ENV, "\"reason\": \"module-not-found\",\"detail\": \"no.such\"");
    EXPECT_SAYS(path_of(state), "python3|-I|-m|tool", ENV, "\"reason\": \"module-not-found\"");
    EXPECT_SAYS(path_of(state), "python3|-m|$MODULE", ENV, "\"reason\": \"dynamic-reference\"");
}

static void a_console_script_is_made_of_a_module(void **state) {
    EXPECT_SAYS(path_of(state), "python3|/usr/local/bin/gunicorn|-b|0.0.0.0:80|-w|4|site.wsgi:application", ENV,
                USES("usr/local/lib/python3.11/site-packages/gunicorn/app/wsgiapp.py"), USES("app/site/wsgi.py"),
                ENDS_IN("usr/local/bin/gunicorn"));
    EXPECT_SAYS(path_of(state), "python3|/usr/local/bin/lost", ENV,
                "\"reason\": \"module-not-found\",\"detail\": \"lost.cli\"");
}

static void a_script_of_an_entry_point_uses_the_distribution_and_its_module(void **state) {
    EXPECT_SAYS(
        path_of(state), "python3|/usr/local/bin/easy", ENV,
        "\"path\": \"usr/local/lib/python3.11/site-packages/easy-1.0.egg-info/PKG-INFO\",\"how\": \"python-metadata\"",
        USES("usr/local/lib/python3.11/site-packages/easy/cli.py"), ENDS_IN("usr/local/bin/easy"));
}

static void extension_modules_are_found_by_the_endings_of_the_interpreter(void **state) {
    stella_status status;
    EXPECT_SAYS(path_of(state), "python3|native.py", ENV,
                USES("usr/local/lib/python3.11/lib-dynload/_ssl.cpython-311-x86_64-linux-gnu.so"),
                USES("usr/local/lib/python3.11/site-packages/fast.cpython-311-x86_64-linux-gnu.so"),
                USES("usr/local/lib/python3.11/site-packages/stable.abi3.so"),
                USES("usr/local/lib/python3.11/site-packages/plain.so"));
    STELLA_AUTO(stella_buf_fini) stella_buf said = hop_says(path_of(state), "python3|native.py", ENV, 0, &status);
    assert_null(strstr(said.ptr, "wrong"));
}

static void an_interpreter_loads_modules_before_any_program(void **state) {
    EXPECT_SAYS(path_of(state), "python3|-c|x", ENV, USES("usr/local/lib/python3.11/encodings/__init__.py"),
                USES("usr/local/lib/python3.11/os.py"));
}

static void what_a_server_loads_is_used_or_missing(void **state) {
    EXPECT_SAYS(path_of(state), "python3|/usr/local/bin/gunicorn|--chdir|/src|other:app", ENV,
                USES("src/other/__init__.py"));
    EXPECT_SAYS(path_of(state), "python3|/usr/local/bin/gunicorn|nowhere:app", ENV,
                "\"reason\": \"module-not-found\",\"detail\": \"nowhere:app\"", ENDS_IN("usr/local/bin/gunicorn"));
    EXPECT_SAYS(path_of(state), "python3|/usr/local/bin/gunicorn|$MODULE:app", ENV,
                "\"reason\": \"dynamic-reference\"");
    EXPECT_SAYS(path_of(state), "python3|manage.py|runserver", "DJANGO_SETTINGS_MODULE=site.settings|" ENV,
                USES("app/site/settings.py"), ENDS_IN("app/manage.py"));
}

static void a_tracer_runs_the_command_behind_it(void **state) {
    EXPECT_SAYS(path_of(state), "python3|/usr/local/bin/ddtrace-run|gunicorn|main:app", ENV,
                "\"relation\": \"wrapper\",\"args\": [\"gunicorn\",\"main:app\"]");
}

static void short_memory_is_told(void **state) {
    hop_fails_each_allocation(path_of(state), "python3|-m|http.server", ENV, 5);
    hop_fails_each_allocation(path_of(state), "python3|/usr/local/bin/gunicorn|site.wsgi:application", ENV, 5);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_script_is_the_main_file),
        cmocka_unit_test(what_the_main_file_imports_is_used),
        cmocka_unit_test(a_module_is_found_where_the_interpreter_looks),
        cmocka_unit_test(a_console_script_is_made_of_a_module),
        cmocka_unit_test(a_script_of_an_entry_point_uses_the_distribution_and_its_module),
        cmocka_unit_test(extension_modules_are_found_by_the_endings_of_the_interpreter),
        cmocka_unit_test(an_interpreter_loads_modules_before_any_program),
        cmocka_unit_test(what_a_server_loads_is_used_or_missing),
        cmocka_unit_test(a_tracer_runs_the_command_behind_it),
        cmocka_unit_test(short_memory_is_told),
    };
    return cmocka_run_group_tests(tests, make_root, drop_root);
}

#include "check.h"

#include "cli/option.h"

#include <stdio.h>
#include <string.h>

static const cli_option table[] = {
    {.name = "output", .letter = 'o', .value = "FORMAT", .help = "x"},
    {.name = "progress", .value = "HOW", .choices = "auto plain none", .help = "x"},
    {.name = "color", .value = "WHEN", .is_optional = 1, .help = "x"},
    {.name = "quiet", .letter = 'q', .help = "x"},
    {0},
};

static char line[512]; /* what args borrow from */
static char *words[32];

/* Parses a command line given as one text. */
static stella_status parse(const char *text, cli_args *out, stella_error *err) {
    int count = 0;
    snprintf(line, sizeof line, "stella %s", text);
    for (char *word = strtok(line, " "); word; word = strtok(NULL, " "))
        words[count++] = word;
    words[count] = NULL;
    return cli_args_parse(count, words, table, out, err);
}

static void reads_options_and_words_in_any_order(void **state) {
    (void)state;
    cli_args args;
    assert_int_equal(parse("one -o a two --output=b -q -- -x", &args, NULL), STELLA_OK);
    assert_int_equal(args.word_count, 3);
    assert_string_equal(args.words[2], "-x");
    const char *outputs[2];
    assert_int_equal(cli_values(&args, "output", outputs, 2), 2);
    assert_string_equal(outputs[0], "a");
    assert_string_equal(outputs[1], "b");
    assert_string_equal(cli_value(&args, "output"), "b");
    assert_int_equal(cli_given(&args, "quiet"), 1);
    assert_null(cli_value(&args, "progress"));
}

static void tells_which_options_the_table_has(void **state) {
    (void)state;
    cli_args args;
    assert_int_equal(parse("one", &args, NULL), STELLA_OK);
    assert_true(cli_takes(&args, "output"));
    assert_false(cli_takes(&args, "out"));
    assert_false(cli_takes(&args, "layer"));
}

static void knows_help_without_being_told(void **state) {
    (void)state;
    cli_args args;
    assert_int_equal(parse("-h", &args, NULL), STELLA_OK);
    assert_int_equal(cli_given(&args, "help"), 1);
}

static void takes_an_optional_value_only_behind_the_equals_sign(void **state) {
    (void)state;
    cli_args args;
    assert_int_equal(parse("--color word", &args, NULL), STELLA_OK);
    assert_int_equal(cli_given(&args, "color"), 1);
    assert_null(cli_value(&args, "color"));
    assert_int_equal(args.word_count, 1);
    assert_int_equal(parse("--color=never", &args, NULL), STELLA_OK);
    assert_string_equal(cli_value(&args, "color"), "never");
}

static void leaves_the_output_alone_and_names_what_is_wrong(void **state) {
    (void)state;
    cli_args args = {.word_count = 77};
    stella_error err = {0};
    assert_int_equal(parse("--nonsense", &args, &err), STELLA_E_INVALID);
    assert_string_equal(err.message, "unknown option --nonsense");
    assert_int_equal(parse("--outptu x", &args, &err), STELLA_E_INVALID);
    assert_string_equal(err.message, "unknown option --outptu; did you mean --output?");
    assert_int_equal(parse("-qz", &args, &err), STELLA_E_INVALID);
    assert_string_equal(err.message, "unknown option -z");
    assert_int_equal(parse("-o", &args, &err), STELLA_E_INVALID);
    assert_string_equal(err.message, "--output needs FORMAT");
    assert_int_equal(parse("--progress", &args, &err), STELLA_E_INVALID);
    assert_string_equal(err.message, "--progress needs HOW");
    assert_int_equal(parse("--quiet=1", &args, &err), STELLA_E_INVALID);
    assert_string_equal(err.message, "--quiet takes no value");
    assert_int_equal(parse("--progress fast", &args, &err), STELLA_E_INVALID);
    assert_string_equal(err.message, "--progress is one of: auto plain none; not fast");
    assert_int_equal(args.word_count, 77);
}

static void refuses_more_words_than_it_has_room_for(void **state) {
    (void)state;
    char *argv[CLI_WORDS_MAX + 3];
    for (int i = 0; i < CLI_WORDS_MAX + 2; i++)
        argv[i] = (char *)"w";
    argv[CLI_WORDS_MAX + 2] = NULL;
    cli_args args;
    assert_int_equal(cli_args_parse(CLI_WORDS_MAX + 2, argv, table, &args, NULL), STELLA_E_LIMIT);
    assert_int_equal(cli_args_parse(CLI_WORDS_MAX + 1, argv, table, &args, NULL), STELLA_OK);
}

int main(void) {
    const struct CMUnitTest option[] = {
        cmocka_unit_test(reads_options_and_words_in_any_order),
        cmocka_unit_test(tells_which_options_the_table_has),
        cmocka_unit_test(knows_help_without_being_told),
        cmocka_unit_test(takes_an_optional_value_only_behind_the_equals_sign),
        cmocka_unit_test(leaves_the_output_alone_and_names_what_is_wrong),
        cmocka_unit_test(refuses_more_words_than_it_has_room_for),
    };
    return cmocka_run_group_tests(option, NULL, NULL);
}

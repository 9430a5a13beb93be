/* With the argument "crash" this program crashes inside a test: scripts/sanitizer-is-seen checks that the sanitizer's
 * report is seen. */
#include "check.h"

#include <string.h>

static const char *wanted = "";
static volatile uintptr_t address = 8; /* volatile: the compiler must not see that it is none */

static void crashes_when_asked_to(void **state) {
    (void)state;
    if (strcmp(wanted, "crash") == 0)
        *(volatile char *)address = 1;
    assert_string_equal(wanted, "");
}

int main(int argc, char **argv) {
    if (argc > 1)
        wanted = argv[1];
    const struct CMUnitTest selfcheck[] = {cmocka_unit_test(crashes_when_asked_to)};
    return cmocka_run_group_tests(selfcheck, NULL, NULL);
}

/* fixture.c - the smallest plugin, and by macros what can be wrong with one. For the loader's tests. */
#include <stella/plugin.h>

#ifndef FIXTURE_ID
#define FIXTURE_ID "org.example.fixture"
#endif
#ifndef FIXTURE_MAJOR
#define FIXTURE_MAJOR STELLA_ABI_MAJOR
#endif
#ifndef FIXTURE_ANSWER
#define FIXTURE_ANSWER 1
#endif

typedef struct fixture {
    stella_abi_head head;
    uint64_t answer;
} fixture;

static const fixture table = {.head = STELLA_HEAD(fixture), .answer = FIXTURE_ANSWER};

static const void *get_interface(const char *id) {
    return strcmp(id, "org.example.answer/0") == 0 ? &table : NULL;
}

#ifdef FIXTURE_HELPER
extern int fixture_helper(void); /* in a library of its own, unsigned, found by RUNPATH */
#endif

#ifdef FIXTURE_EXTRA
STELLA_EXPORT int fixture_extra(void);
int fixture_extra(void) {
    return 1;
}
#endif

#ifdef FIXTURE_NAMELESS
#define stella_plugin some_other_name
extern STELLA_EXPORT const stella_plugin_entry some_other_name;
#endif

STELLA_EXPORT const stella_plugin_entry stella_plugin = {
    .head = {.struct_size = sizeof(stella_plugin_entry), .major = FIXTURE_MAJOR, .minor = STELLA_ABI_MINOR},
    .id = FIXTURE_ID,
    .version = "1.0.0",
    .get_interface = get_interface,
};

#ifdef FIXTURE_INIT
static volatile int was_run; /* or the compiler drops a function that does nothing */

static __attribute__((constructor)) void run_at_load(void) {
    was_run = 1;
}
#endif

#ifdef FIXTURE_HELPER
static __attribute__((constructor)) void call_helper(void) {
    fixture_helper();
}
#endif

/* growing.h - an interface made for one test: it has grown a member since the "older" binary was built (GROWING_SIZE
 * 1). */
#ifndef TESTS_ABI_BINARIES_GROWING_H
#define TESTS_ABI_BINARIES_GROWING_H

#include <stella/plugin.h>

#define GROWING_INTERFACE "test.growing/0"

#ifndef GROWING_SIZE
#define GROWING_SIZE 2
#endif

typedef struct growing {
    stella_abi_head head;
    int32_t (*first)(void);
#if GROWING_SIZE >= 2
    int32_t (*second)(void);
#endif
#if GROWING_SIZE >= 3
    int32_t (*third)(void);
#endif
} growing;

#endif

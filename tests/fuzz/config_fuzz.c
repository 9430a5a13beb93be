/* Property: a configuration is refused with a place and a message, or its values are within their ranges and show. */
#include "config/conf.h"

#include <stella/auto.h>

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
STELLA_EXPORT const char *__lsan_default_suppressions(void);

/* libconfig 1.5 forgets the text it was reading when a syntax error follows: some bytes a refused file, not ours. */
const char *__lsan_default_suppressions(void) {
    return "leak:libconfig";
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    STELLA_AUTO(conf_destroyp) conf *c = NULL;
    stella_error err = {0};
    if (conf_parse(stella_sv_of((const char *)data, size), "f", &c, &err) != STELLA_OK) {
        if (!err.path[0] || !err.message[0])
            abort();
        return 0;
    }
    STELLA_AUTO(stella_buf_fini) stella_buf shown = stella_buf_of(1u << 24);
    const stella_sink sink = stella_buf_sink(&shown);
    for (int key = 0; key < CONF_KEY_COUNT; key++) {
        const conf_entry *entry = &conf_table[key];
        if (entry->type == CONF_NUMBER &&
            (conf_number(c, (conf_key)key) < entry->min || conf_number(c, (conf_key)key) > entry->max))
            abort();
        conf_show_value(c, (conf_key)key, &sink, NULL);
    }
    return 0;
}

#include "lifecycle/offline.h"

#include "state/state.h"

#include <stella/auto.h>

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

/* A check must not make the store that it is to check. */
static stella_status open_existing(const conf *c, state **out, stella_error *err) {
    char path[4096];
    const char *dir = conf_text(c, CONF_STATE_DIR);
    snprintf(path, sizeof path, "%s/%s", dir, STATE_FILE_NAME);
    if (access(path, F_OK) != 0)
        return stella_error_set(err, STELLA_E_NOTFOUND, path, "there is no state store");
    const state_options options = {.dir = dir,
                                   .size_max_bytes = (uint64_t)conf_number(c, CONF_STATE_SIZE_MAX_MB) << 20};
    return state_open(&options, out, err);
}

stella_status offline_check(const conf *c, stella_error *err) {
    STELLA_AUTO(state_closep) state *s = NULL;
    state_report report;
    stella_status status = open_existing(c, &s, err);
    if (status == STELLA_OK)
        status = state_check(s, &report, err);
    if (status == STELLA_OK)
        printf("{\"schema\":%u,\"items\":%" PRIu64 ",\"expiring\":%" PRIu64 ",\"bytes\":%" PRIu64 "}\n", report.schema,
               report.items, report.expiring, report.bytes);
    return status;
}

stella_status offline_backup(const conf *c, const char *path, stella_error *err) {
    STELLA_AUTO(state_closep) state *s = NULL;
    const stella_status status = open_existing(c, &s, err);
    return status == STELLA_OK ? state_backup(s, path, err) : status;
}

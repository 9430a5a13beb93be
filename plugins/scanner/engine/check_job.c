/* The job "pack.check": reads all of a pack, as the analysis would in part. */
#include "engine.h"
#include "pack.h"

#include <stella/auto.h>

static stella_status damaged(const char *what, stella_error *err) {
    return stella_error_set(err, STELLA_E_FORMAT, NULL, "the evidence pack is damaged: %s", what);
}

static int check_index(const pack *p) {
    pack_walk w;
    uint32_t rows = 0;
    pack_walk_init(&w, p, 0);
    while (pack_walk_next(&w))
        rows++;
    return rows == pack_count(p);
}

static int check_items(const pack *p, uint32_t segment) {
    pack_items it = pack_items_of(p, segment);
    pack_item item;
    while (pack_items_next(&it, &item))
        ;
    return it.cursor.ok;
}

stella_status engine_check_job(stella_job *job, stella_error *err) {
    STELLA_AUTO(pack_closep) pack *p = NULL;
    if (job->fd_count != 1)
        return stella_error_set(err, STELLA_E_INVALID, NULL, "one pack is checked, not %u", job->fd_count);
    const stella_status status = pack_open(job->fds[0], &p, err);
    if (status != STELLA_OK)
        return status;
    if (!check_index(p))
        return damaged("its index", err);
    for (uint32_t i = 0; i < pack_segment_count(p); i++)
        if (!check_items(p, i))
            return damaged("the items of a plugin", err);
    return STELLA_OK;
}

/* The job remote.open: lets the source say what the image consists of. */
#include "connector.h"
#include "open_reply.h"
#include "remote.h"

#include <stella/auto.h>

/* An archive is spooled and opened as a file: what else a source might state beside it would be lost. */
static stella_status check_stated(const remote *r, stella_error *err) {
    if (!r->target.has_image)
        return stella_error_set(err, STELLA_E_INTERNAL, NULL, "the source %s stated no image", r->peer.id);
    for (uint32_t i = 0; i < r->target.layer_count; i++)
        if (r->target.layers[i].kind == STELLA_LAYER_ARCHIVE && r->target.layer_count > 1)
            return stella_error_set(err, STELLA_E_INTERNAL, NULL, "the source %s stated more than its archive",
                                    r->peer.id);
    return STELLA_OK;
}

stella_status connector_open_job(stella_job *job, stella_error *err) {
    STELLA_AUTO(remote_fini) remote r;
    stella_status status = remote_init(&r, job, err);
    if (status != STELLA_OK)
        return status;
    stella_job_enter(job, 0, r.peer.index, r.target.base.name);
    status = r.source.open(r.peer.instance, &r.target.base, err);
    stella_job_leave(job, 0);
    if (status == STELLA_OK)
        status = check_stated(&r, err);
    return status == STELLA_OK ? open_reply_send(job, r.source.scheme, 0, &r.target, err) : status;
}

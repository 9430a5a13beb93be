/* open_reply.h - the reply of the job image.open, see protocol.h. */
#ifndef SCANNER_ENGINE_OPEN_REPLY_H
#define SCANNER_ENGINE_OPEN_REPLY_H

#include "open_target.h"

/* Writes what the source stated. STELLA_E_LIMIT when it is more than a reply may hold. */
stella_status open_reply_send(stella_job *job, const char *scheme, int is_spooled, const open_target *target,
                              stella_error *err);

#endif

/* stella/log.h - host interface "stella.log/1": one structured line per event. Offered in every role. */
#ifndef STELLA_LOG_H
#define STELLA_LOG_H

#include <stella/plugin.h>

STELLA_BEGIN_DECLS

#define STELLA_LOG_INTERFACE "stella.log/1"

#define STELLA_LOG_ERROR 1 /* the work failed; somebody must act */
#define STELLA_LOG_WARN  2
#define STELLA_LOG_INFO  3
#define STELLA_LOG_DEBUG 4

typedef struct stella_log_field {
    stella_sv key;   /* a-z, 0-9, _ */
    stella_sv value; /* UTF-8; control characters are escaped by the host */
} stella_log_field;

typedef struct stella_log {
    stella_abi_head head;
    void *self;
    /* Writes one event. Borrows everything until it returns; never fails, never logs secrets on its own account.
     * fields  field_count of them, each field_stride bytes apart
     * [any thread] May block on the log's descriptor. */
    void (*write)(void *self, int32_t level, stella_sv message, const stella_log_field *fields, uint32_t field_count,
                  uint32_t field_stride);
} stella_log;

STELLA_END_DECLS

#endif

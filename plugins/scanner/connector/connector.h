/* connector.h - the two jobs of the connector, as plugin.c dispatches them. plugins/scanner/engine/protocol.h says what
 * each reads and answers. */
#ifndef SCANNER_CONNECTOR_CONNECTOR_H
#define SCANNER_CONNECTOR_CONNECTOR_H

#include "protocol.h"

#include <stella/job.h>

/* Each runs once in a throw-away process, on its main thread; an error is carried to whoever started the job. */
stella_status connector_open_job(stella_job *job, stella_error *err);
stella_status connector_fetch_job(stella_job *job, stella_error *err);

#endif

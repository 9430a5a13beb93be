/* supervisord.h - the programs that supervisord keeps running. */
#ifndef ENTRYTRACE_SUPERVISORS_SUPERVISORD_H
#define ENTRYTRACE_SUPERVISORS_SUPERVISORD_H

#include "entrytrace/common/files.h"

#define SUPERVISORD_FILE_MAX (4u << 20)

stella_status supervisord_resolve(stella_hop *hop, stella_error *err);

#endif

/* start_stop.h - start-stop-daemon(8), of dpkg, busybox and openrc. */
#ifndef ENTRYTRACE_WRAPPERS_START_STOP_H
#define ENTRYTRACE_WRAPPERS_START_STOP_H

#include "entrytrace/common/hop.h"

/* Says what "start-stop-daemon --start ..." or "supervise-daemon NAME --start ..." leads to: the program of --startas, else
 * that of --exec, with the words behind. [worker] */
stella_status start_stop_resolve(stella_hop *hop, stella_error *err);

#endif

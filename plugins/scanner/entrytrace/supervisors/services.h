/* services.h - directories of services (s6, runit), lines of services (Procfile, inittab). */
#ifndef ENTRYTRACE_SUPERVISORS_SERVICES_H
#define ENTRYTRACE_SUPERVISORS_SERVICES_H

#include "entrytrace/common/files.h"

#define SERVICES_FILE_MAX (1u << 20)

/* "s6-svscan DIRECTORY", "runsvdir [-P] DIRECTORY": each NAME/run is kept running in its own directory. */
stella_status services_scan(stella_hop *hop, stella_error *err);

/* "runsv DIRECTORY", "s6-supervise DIRECTORY": its run, and that of its log, are kept running. */
stella_status services_supervise(stella_hop *hop, stella_error *err);

/* "honcho start", "foreman start": each line "NAME: COMMAND" of a Procfile. */
stella_status services_procfile(stella_hop *hop, stella_error *err);

/* init: of s6-overlay (a script /init beside its folders), or by /etc/inittab (sysvinit, busybox). */
stella_status services_init(stella_hop *hop, stella_error *err);

#endif

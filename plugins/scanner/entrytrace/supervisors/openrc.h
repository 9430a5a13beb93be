/* openrc.h - openrc(8): the services of runlevels, and their scripts, openrc-run(8). */
#ifndef ENTRYTRACE_SUPERVISORS_OPENRC_H
#define ENTRYTRACE_SUPERVISORS_OPENRC_H

#include "entrytrace/common/files.h"

/* "openrc [RUNLEVEL]", "openrc-init [RUNLEVEL]": each link in /etc/runlevels/RUNLEVEL is a service that is started; those
 * of sysinit and boot come before. */
stella_status openrc_resolve(stella_hop *hop, stella_error *err);

/* "openrc-run SCRIPT start": what a shell does that reads /etc/conf.d/NAME and the script, then calls its start(). */
stella_status openrc_run(stella_hop *hop, stella_error *err);

#endif

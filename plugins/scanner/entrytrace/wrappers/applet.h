/* applet.h - one program that is many: busybox, toybox, coreutils as a single binary. */
#ifndef ENTRYTRACE_WRAPPERS_APPLET_H
#define ENTRYTRACE_WRAPPERS_APPLET_H

#include "entrytrace/common/hop.h"

#define APPLET_PROGRAMS "busybox busybox.static toybox coreutils"

/* Says which of its applets is run when it was called by its own name: the one its first word names. [worker] */
stella_status applet_resolve(stella_hop *hop, stella_error *err);

#endif

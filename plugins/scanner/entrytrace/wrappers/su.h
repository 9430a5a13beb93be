/* su.h - su, runuser, sudo and doas: programs that run a command as another user, by that user's account. */
#ifndef ENTRYTRACE_WRAPPERS_SU_H
#define ENTRYTRACE_WRAPPERS_SU_H

#include "entrytrace/common/hop.h"

/* su(1), runuser(1). [worker] */
stella_status su_resolve(stella_hop *hop, stella_error *err);

/* sudo(8), doas(1): variables are those of env_reset, unless they are asked to be kept. [worker] */
stella_status sudo_resolve(stella_hop *hop, stella_error *err);

#endif

/* manager.h - npm, npx, yarn, pnpm and corepack: which script of package.json, or which program of node_modules/.bin, they
 * run. */
#ifndef ENTRYTRACE_NODE_MANAGER_H
#define ENTRYTRACE_NODE_MANAGER_H

#include "entrytrace/common/hop.h"

/* Says what the launch leads to. call's first word is the manager's name; main is the file it is itself, for what runs
 * nothing of the package. [worker] */
stella_status manager_resolve(stella_hop *hop, const stella_launch *call, stella_sv main, stella_error *err);

#endif

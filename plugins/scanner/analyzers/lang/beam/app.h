/* app.h - ebin/NAME.app: the resource file of an application that is installed. Source: Erlang/OTP, app(4). */
#ifndef BEAM_APP_H
#define BEAM_APP_H

#include "lock.h"

/* A walk_read, of a beam whose lock files have been read. */
stella_status app_read(graph *g, const stella_file *file, stella_arena *scratch, stella_error *err);

#endif

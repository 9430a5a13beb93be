/* network.h - what plugins of role connect are for, and what they may not do with a network. */
#ifndef TESTS_PLUGINS_NETWORK_H
#define TESTS_PLUGINS_NETWORK_H

#include <stella/job.h>

/* Connects to "HOST PORT" by name, from a thread of its own, and answers with what is said there. */
stella_status network_listen(stella_job *job, stella_sv where, stella_error *err);

/* Tries what the name says ("unix", "netlink", "bind", "datagram-pair", "pair", "map-code", "open PATH", "write PATH");
 * answers "done", or with the name of the errno that refused it. */
stella_status network_try(stella_job *job, stella_sv what, stella_error *err);

#endif

/* daemon_image.h - an image that a container daemon holds: found by name or id, and handed out as one archive. */
#ifndef SCANNER_SOURCES_DOCKER_DAEMON_IMAGE_H
#define SCANNER_SOURCES_DOCKER_DAEMON_IMAGE_H

#include <stella/source.h>

/* daemon: "docker" or "podman", for messages. See stella_source for the rest. */
stella_status daemon_image_open(const char *daemon, stella_target *target, stella_error *err);
stella_status daemon_image_fetch(const char *daemon, stella_target *target, const stella_layer *layer,
                                 const stella_sink *out, stella_error *err);

/* What the archive is asked for by: the id when the name is the beginning of it, else the name with a tag, for of a
 * name without one the daemon would hand out all tags. ptr NULL when memory is short. */
stella_sv daemon_image_selector(stella_sv name, stella_sv id, stella_arena *arena);

#endif

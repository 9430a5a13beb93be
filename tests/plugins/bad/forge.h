/* forge.h - what somebody does who has taken a job's process over, to change what is remembered of other layers. */
#ifndef TESTS_PLUGINS_BAD_FORGE_H
#define TESTS_PLUGINS_BAD_FORGE_H

#include <stella/analyzer.h>

/* Scribbles over every descriptor that can be written, in every way. Returns how many took it. */
int forge_descriptors(void);

/* In a layer's child: that, then a reply in the engine's name and an end as of a job well done. Does not return. */
_Noreturn void forge_layer(void);

#endif

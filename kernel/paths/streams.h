/* streams.h - the three standard descriptors, which a caller may have closed. */
#ifndef KERNEL_PATHS_STREAMS_H
#define KERNEL_PATHS_STREAMS_H

/* Occupies what is closed of descriptors 0 to 2, so that no file of ours gets such a number and is taken for a stream
 * (an output copied to itself grows for ever). What stands in for an output cannot be written to: whoever writes is
 * told. The first thing a program does. [before any thread] */
void streams_hold(void);

#endif

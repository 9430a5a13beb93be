/* ahead.h - a thread that makes windows of bytes ahead of the one who reads them. Windows lie in slots, which are used
 * in turn, 0 first. [one thread takes] */
#ifndef SCANNER_ENGINE_AHEAD_H
#define SCANNER_ENGINE_AHEAD_H

#include <stella/error.h>

#define AHEAD_SLOTS 4u

typedef struct ahead ahead;

typedef struct ahead_window {
    size_t size;          /* bytes made; 0: the end, nothing follows */
    uint64_t stored;      /* stored bytes read so far */
    stella_error failure; /* code STELLA_OK, or why nothing follows */
} ahead_window;

/* Makes the window of a slot. [the thread] */
typedef void (*ahead_make)(void *self, unsigned slot, ahead_window *out);

/* Starts the thread. NULL when there is none to be had. */
ahead *ahead_start(ahead_make make, void *self);

/* Ends the thread, which finishes the window at hand first; NULL is allowed. */
void ahead_stop(ahead *a);

/* Waits for the next window. Its slot, and the one before it, are the caller's until they are given back. Behind the end
 * or a failure there is none: not to be called again. */
void ahead_take(ahead *a, ahead_window *out);
void ahead_give_back(ahead *a, unsigned slot);

#endif

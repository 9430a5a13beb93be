/* misbehave.h - everything that a plugin should not do, by name. */
#ifndef TESTS_PLUGINS_MISBEHAVE_H
#define TESTS_PLUGINS_MISBEHAVE_H

/* Does it. Returns 0 when the process is still there and the deed was done, else the errno that refused it; -1 for a
 * name that is not known. fd: where "write" writes. */
int misbehave(const char *deed, int fd);

#endif

#include "plugin/archive_library.h"

#include <dlfcn.h>
#include <pthread.h>
#include <string.h>

#define SONAME "libarchive.so.13" /* of the headers that this was compiled with */

_Static_assert(ARCHIVE_VERSION_NUMBER / 1000000 == 3, "the name above is that of libarchive 3");

static archive_library library;
static const char *missing = SONAME; /* what is not there; NULL: all is */

/* A function's address comes from dlsym as that of an object; POSIX has them of one size. */
static void resolve(void *handle, const char *name, void *member, size_t size) {
    void *address = dlsym(handle, name);
    memcpy(member, &address, size);
    if (!address)
        missing = name;
}

static void load(void) {
    void *handle = dlopen(SONAME, RTLD_NOW | RTLD_LOCAL);
    if (!handle)
        return;
    missing = NULL;
#define ARCHIVE_RESOLVE(name) resolve(handle, "archive_" #name, &library.name, sizeof library.name);
    ARCHIVE_FUNCTIONS(ARCHIVE_RESOLVE)
#undef ARCHIVE_RESOLVE
}

stella_status archive_library_open(const archive_library **out, stella_error *err) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, load);
    if (missing)
        return stella_error_set(err, STELLA_E_UNSUPPORTED, NULL,
                                "plugin archives need libarchive, which is not installed or too old: %s", missing);
    *out = &library;
    return STELLA_OK;
}

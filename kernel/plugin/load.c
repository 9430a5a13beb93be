#include "plugin/load.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>

#define SEALS_NEEDED (F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL)

static stella_status check_interfaces(const stella_plugin_entry *entry, const plugin_manifest *manifest,
                                      stella_error *err) {
    for (uint32_t i = 0; i < manifest->provides_count; i++)
        if (!entry->get_interface(manifest->provides[i]))
            return stella_error_set(err, STELLA_E_FORMAT, manifest->id,
                                    "plugin.json says it provides %s, but the binary does not have it",
                                    manifest->provides[i]);
    return STELLA_OK;
}

stella_status plugin_load(int fd, const plugin_manifest *manifest, stella_plugin_entry *out, stella_error *err) {
    const int seals = fcntl(fd, F_GET_SEALS);
    if (seals < 0 || (seals & SEALS_NEEDED) != SEALS_NEEDED)
        return stella_error_set(err, STELLA_E_DENIED, manifest->id, "its binary is not in a sealed memory file");
    char name[32];
    snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    if (dlopen(name, RTLD_NOW | RTLD_LOCAL | RTLD_NOLOAD)) /* the loader would hand back what had the number before */
        return stella_error_set(err, STELLA_E_CONFLICT, manifest->id,
                                "descriptor %d was used to load a plugin before; it must stay open", fd);
    void *library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    if (!library)
        return stella_error_set(err, STELLA_E_FORMAT, manifest->id, "cannot be loaded: %s", dlerror());
    const stella_plugin_entry *theirs = dlsym(library, STELLA_PLUGIN_SYMBOL);
    if (!theirs)
        return stella_error_set(err, STELLA_E_FORMAT, manifest->id, "does not export " STELLA_PLUGIN_SYMBOL);
    stella_plugin_entry entry;
    stella_status status = plugin_adopt_entry(theirs, manifest, &entry, err);
    if (status == STELLA_OK)
        status = check_interfaces(&entry, manifest, err);
    if (status == STELLA_OK)
        *out = entry;
    return status;
}

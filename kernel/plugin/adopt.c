#include "plugin/adopt.h"

int plugin_abi_accepts(uint32_t host_major, uint32_t host_minor, uint32_t major, uint32_t minor) {
    return major == host_major && minor <= host_minor;
}

stella_status plugin_adopt(const void *theirs, uint32_t size, uint32_t minimum, const char *what, void *ours,
                           stella_error *err) {
    stella_abi_head head;
    memcpy(&head, theirs, sizeof head);
    if (!plugin_abi_accepts(STELLA_ABI_MAJOR, STELLA_ABI_MINOR, head.major, head.minor))
        return stella_error_set(err, STELLA_E_ABI, what, "built for ABI %u.%u, this host has %u.%u; rebuild the plugin",
                                head.major, head.minor, STELLA_ABI_MAJOR, STELLA_ABI_MINOR);
    if (head.struct_size < minimum)
        return stella_error_set(err, STELLA_E_ABI, what, "has %u bytes, at least %u are needed; rebuild the plugin",
                                head.struct_size, minimum);
    const uint32_t common = head.struct_size < size ? head.struct_size : size;
    memcpy(ours, theirs, common);
    memset((char *)ours + common, 0, size - common);
    return STELLA_OK;
}

static stella_status agree(const char *member, const char *entry, const char *manifest, stella_error *err) {
    if (entry && strcmp(entry, manifest) == 0)
        return STELLA_OK;
    return stella_error_set(
        err, STELLA_E_FORMAT, STELLA_PLUGIN_SYMBOL,
        "%s is \"%.60s\" in the binary but \"%.60s\" in plugin.json; make them equal and sign again", member,
        entry ? entry : "", manifest);
}

stella_status plugin_adopt_entry(const stella_plugin_entry *theirs, const plugin_manifest *manifest,
                                 stella_plugin_entry *ours, stella_error *err) {
    stella_plugin_entry entry = {0};
    stella_status status = plugin_adopt(theirs, sizeof entry, PLUGIN_UPTO(stella_plugin_entry, get_interface),
                                        STELLA_PLUGIN_SYMBOL, &entry, err);
    if (status == STELLA_OK)
        status = agree("id", entry.id, manifest->id, err);
    if (status == STELLA_OK)
        status = agree("version", entry.version, manifest->version, err);
    if (status == STELLA_OK && !entry.get_interface)
        status = stella_error_set(err, STELLA_E_ABI, STELLA_PLUGIN_SYMBOL, "get_interface is NULL; it must be set");
    if (status == STELLA_OK)
        *ours = entry;
    return status;
}

stella_status plugin_adopt_interface(const stella_plugin_entry *entry, const char *id, uint32_t size, uint32_t minimum,
                                     void *ours, stella_error *err) {
    const void *theirs = entry->get_interface(id);
    if (!theirs)
        return stella_error_set(err, STELLA_E_NOTFOUND, id, "%.100s does not have this interface", entry->id);
    return plugin_adopt(theirs, size, minimum, id, ours, err);
}

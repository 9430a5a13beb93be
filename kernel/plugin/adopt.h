/* adopt.h - takes over structures of a plugin that may be older or newer than this host.
 *
 * What a plugin hands over begins with a stella_abi_head. The host never uses it in place: it copies as much as both
 * sides know into a structure of its own, whose rest is zero, so that "the plugin lacks it" and NULL are the same. */
#ifndef KERNEL_PLUGIN_ADOPT_H
#define KERNEL_PLUGIN_ADOPT_H

#include "plugin/manifest.h"

#include <stella/plugin.h>

/* Bytes of a structure up to and with a member: the least that a plugin must bring. */
#define PLUGIN_UPTO(type, member) (offsetof(type, member) + sizeof(((type *)0)->member))

/* Whether a host of the first ABI version can use what was built for the second: below 1.0 the same major.minor, from
 * then on the same major and a minor that is not newer. [any thread] */
int plugin_abi_accepts(uint32_t host_major, uint32_t host_minor, uint32_t major, uint32_t minor);

/* Copies a structure that begins with a stella_abi_head.
 * theirs   what the plugin handed over; must not be NULL
 * size     of *ours in this build
 * minimum  bytes that theirs must have at least: PLUGIN_UPTO(type, last member that is needed)
 * what     how an error calls it: "stella_plugin", "stella.analyzer/1"
 * ours     set on success: the part that both know, the rest zero; its head is the plugin's own
 * Returns STELLA_E_ABI, err->path is what. [any thread] */
stella_status plugin_adopt(const void *theirs, uint32_t size, uint32_t minimum, const char *what, void *ours,
                           stella_error *err);

/* Takes over the exported entry: ABI, and id and version equal to the manifest's.
 * Returns STELLA_E_ABI, or STELLA_E_FORMAT when entry and manifest disagree. */
stella_status plugin_adopt_entry(const stella_plugin_entry *theirs, const plugin_manifest *manifest,
                                 stella_plugin_entry *ours, stella_error *err);

/* Asks an adopted entry for an interface and takes it over.
 * Returns STELLA_E_NOTFOUND when the plugin does not have it; otherwise as plugin_adopt. */
stella_status plugin_adopt_interface(const stella_plugin_entry *entry, const char *id, uint32_t size, uint32_t minimum,
                                     void *ours, stella_error *err);

#endif

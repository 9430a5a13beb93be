/* elf_check.h - what a plugin's binary must be before the dynamic loader may see it.
 *
 * dlopen runs constructors and pulls in other libraries; both must be decided before. The check reads the tables that
 * the dynamic loader will read (program headers, dynamic section, hash tables), at the addresses where the loader will
 * find them; section headers, which it ignores, are ignored. */
#ifndef KERNEL_PLUGIN_ELF_CHECK_H
#define KERNEL_PLUGIN_ELF_CHECK_H

#include <stella/error.h>

typedef struct elf_report {
    uint32_t needed_count; /* libraries it links with; all are on the list of allowed ones */
    uint32_t init_count;   /* functions that run at load; the compiler itself brings one */
} elf_report;

/* Checks that the bytes are a shared object of this machine that exports one object, stella_plugin, and nothing else;
 * needs allowed system libraries only, with no search path, filter or audit library of its own; has no executable
 * stack, no segment that is writable and executable, no text relocations.
 * out  set on success; may be NULL
 * Returns STELLA_E_FORMAT for what is no such file or is damaged, STELLA_E_DENIED for one that breaks a rule; the
 * message names the rule and what to do. err->path is not set: the caller knows the file. [any thread] */
stella_status elf_check(stella_sv binary, elf_report *out, stella_error *err);

#endif

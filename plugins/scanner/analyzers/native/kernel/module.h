/* module.h - what a kernel module says of itself: section .modinfo (include/linux/moduleinfo.h), "key=value" texts. */
#ifndef KERNEL_MODULE_H
#define KERNEL_MODULE_H

#include <stella/arena.h>
#include <stella/error.h>
#include <stella/file.h>
#include <stella/sink.h>

#define MODULE_INFO_MAX    (1u << 20) /* bytes of .modinfo that are read */
#define MODULE_AUTHORS_MAX 2048u      /* bytes of all authors, joined */

typedef struct module {
    stella_sv name; /* empty before Linux 4.13 */
    stella_sv version;
    stella_sv source_version;
    stella_sv magic; /* release and what must be like in kernel and module: "6.1.0 SMP preempt mod_unload " */
    stella_sv license;
    stella_sv description;
    stella_sv depends; /* names joined by ',' */
    stella_sv authors; /* joined by ", " */
    uint32_t aliases;
    uint32_t is_of_device; /* some alias names devices of a bus: "pci:v00008086d*" */
    uint32_t is_in_tree;
    uint32_t has_signature; /* is appended; it is not checked */
    const char *damage;     /* why it may not be whole, static text; NULL: it is */
} module;

/* file  an ELF file
 * out   set when 1 is returned; authors live in the buffer, other texts borrow from file
 * Returns 0 for what is no module: no relocatable file, no .modinfo, and nothing damaged that might have held it. */
int module_read(stella_sv file, stella_buf *authors, module *out);

/* The release that vermagic begins with. */
stella_sv module_release(const module *m);

#endif

/* image.h - which Linux kernel an image file is: bzImage, Image of arm64 and RISC-V, EFI's compressed Image, vmlinux.
 *
 * Sources: the kernel's Documentation/arch/x86/boot.rst, arch/arm64/booting.rst, arch/riscv/boot-image-header.rst,
 * drivers/firmware/efi/libstub/zboot-header.S; the banner is what init/version.c makes. */
#ifndef KERNEL_IMAGE_H
#define KERNEL_IMAGE_H

#include <stella/analyzer.h>

#define IMAGE_SCAN_MAX   ((uint64_t)1 << 30)   /* bytes that are looked through for the banner */
#define IMAGE_UNPACK_MAX ((uint64_t)256 << 20) /* ...of a compressed image, once unpacked */
#define IMAGE_BANNER_MAX 512u                  /* a longer one is cut */

typedef struct image {
    stella_sv release;        /* "6.1.0-50-cloud-amd64"; empty: the image does not say */
    stella_sv banner;         /* all that it says, beginning with the release; may be empty */
    const char *format;       /* "bzImage", "Image", "vmlinux" */
    const char *architecture; /* as uname -m has it, "x86_64"; empty: unknown */
} image;

/* Whether a file of that name may be an ELF or compressed kernel; those with a header of their own need no name. */
int image_is_named(stella_sv name);

/* Reads as much of the probe's file as it needs: a few hundred bytes of what is none.
 * out  set when *is_found is; its texts live in the probe's arena
 * Returns STELLA_E_FORMAT, STELLA_E_LIMIT or STELLA_E_NOMEM for a kernel that cannot be read. */
stella_status image_read(stella_probe *probe, image *out, int *is_found, stella_error *err);

/* The banner that begins behind "Linux version ", of a piece of a kernel: a release, then " (". Empty when there is none.
 * is_cut  set when one begins so near to the end that more must be had */
stella_sv image_find_banner(stella_sv bytes, int *is_cut);

/* The same for the header of a bzImage; returns 0 for what is none. The banner is empty when the header has none.
 * bytes  of the beginning of the file; wanted is set to how many of them are needed when there are fewer */
int image_bz_header(stella_sv bytes, image *out, uint32_t *wanted);

#endif

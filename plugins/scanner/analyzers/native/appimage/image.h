/* image.h - AppImages: what the ELF file in front of the file system says, and what the name of the file does.
 *
 * Source: the AppImage specification (types 1 and 2, update information, signatures), and its naming convention
 * NAME-VERSION-ARCH.AppImage. */
#ifndef APPIMAGE_IMAGE_H
#define APPIMAGE_IMAGE_H

#include <stella/error.h>

typedef struct appimage {
    uint32_t type;            /* 1: an ISO 9660 file system follows; 2: a squashfs */
    stella_sv update;         /* "gh-releases-zsync|owner|repo|latest|X-*x86_64.AppImage.zsync"; may be empty */
    uint32_t has_signature;   /* is embedded; it is not checked */
    const char *architecture; /* as uname -m has it; empty: unknown */
    const char *damage;       /* why the rest may be missing, static text; NULL: it is not */
} appimage;

/* Returns 0, leaving *out alone, for what is no AppImage. Texts borrow from bytes. */
int appimage_read(stella_sv bytes, appimage *out);

typedef struct appimage_name {
    stella_sv name;
    stella_sv version; /* empty: the file's name does not tell it */
} appimage_name;

/* "Krita" and "5.2.2" of ".../Krita-5.2.2-x86_64.AppImage". The name may be empty. */
appimage_name appimage_name_of(stella_sv path);

#endif

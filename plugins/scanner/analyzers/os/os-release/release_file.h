/* release_file.h - the files that named a system before os-release(5) did, and those of images that lack it. */
#ifndef OS_RELEASE_RELEASE_FILE_H
#define OS_RELEASE_RELEASE_FILE_H

#include "os_release.h"

/* Reads one file.
 * out  set on success; texts borrow from the text, live in the arena or are static
 * Returns STELLA_E_NOTFOUND when the file names no system that is known, STELLA_E_NOMEM. */
typedef stella_status (*release_parser)(stella_sv text, stella_arena *arena, os_release *out);

/* os-release(5) itself: names a system always. */
stella_status release_os_release(stella_sv text, stella_arena *arena, os_release *out);

/* etc/lsb-release: DISTRIB_ID, DISTRIB_RELEASE, DISTRIB_CODENAME, DISTRIB_DESCRIPTION. */
stella_status release_lsb(stella_sv text, stella_arena *arena, os_release *out);

/* etc/alpine-release: the version alone. */
stella_status release_alpine(stella_sv text, stella_arena *arena, os_release *out);

/* etc/redhat-release and its kin: "CentOS Linux release 7.9.2009 (Core)". */
stella_status release_redhat(stella_sv text, stella_arena *arena, os_release *out);

/* etc/SuSE-release: a name, VERSION, PATCHLEVEL, CODENAME. */
stella_status release_suse(stella_sv text, stella_arena *arena, os_release *out);

/* etc/debian_version: "12.5", whose VERSION_ID is 12, or "trixie/sid". */
stella_status release_debian(stella_sv text, stella_arena *arena, os_release *out);

/* etc/arch-release: may be empty. */
stella_status release_arch(stella_sv text, stella_arena *arena, os_release *out);

/* etc/gentoo-release: "Gentoo Base System release 2.14". */
stella_status release_gentoo(stella_sv text, stella_arena *arena, os_release *out);

/* etc/apk/repositories: the release is part of the addresses ".../alpine/v3.20/main". */
stella_status release_apk_repositories(stella_sv text, stella_arena *arena, os_release *out);

#endif

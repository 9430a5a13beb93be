/* vendor.h - which packages are the distribution's own: those that its security notices speak of
 * (STELLA_COMPONENT_VENDOR). The rules err on the side of "not its own": what a package of the distribution holds is left
 * out of SBOMs, and what is left out by mistake nobody sees.
 *
 * Each returns STELLA_COMPONENT_VENDOR or 0. id: the distribution's ID of os-release, empty when it is not known.
 * docs/analyzers/README.md has the rules. [any thread] */
#ifndef ANALYZER_VENDOR_H
#define ANALYZER_VENDOR_H

#include <stella/analyzer.h>

/* dpkg. maintainer: "Santiago Vila <sanvila@debian.org>"; version: as installed. Whose address is the distribution's,
 * but for builds that repositories of others mark in the version. */
uint32_t vendor_of_deb(stella_sv id, stella_sv maintainer, stella_sv version);

/* rpm, by the tag Vendor. Amazon Linux 2 has packages without. */
uint32_t vendor_of_rpm(stella_sv id, stella_sv vendor);

/* apk: all packages of a distribution that uses it, but those whose maintainer is known to have a repository of his own.
 */
uint32_t vendor_of_apk(stella_sv id, stella_sv maintainer);

/* pacman: what a packager of the distribution built, not its user. */
uint32_t vendor_of_alpm(stella_sv id, stella_sv packager);

/* opkg, which distributions build their own products with too: OpenWrt alone. */
uint32_t vendor_of_opkg(stella_sv id);

/* portage, by the repository of the ebuild. */
uint32_t vendor_of_ebuild(stella_sv repository);

#endif

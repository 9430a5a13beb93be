/* interests.h - the files that the analyzer asks for. */
#ifndef RPM_INTERESTS_H
#define RPM_INTERESTS_H

/* Where rpm keeps its database: the newest place, that of image-based systems, the old one; Mariner's list. */
#define DIR_SYSIMAGE "usr/lib/sysimage/rpm"
#define DIR_SHARE    "usr/share/rpm"
#define DIR_VAR      "var/lib/rpm"
#define DIR_MANIFEST "var/lib/rpmmanifest"

#define NAME_SQLITE   "rpmdb.sqlite"
#define NAME_NDB      "Packages.db"
#define NAME_BDB      "Packages"
#define NAME_MANIFEST "container-manifest-2"
#define SUFFIX_WAL    "-wal"

/* "Packages" is also the name of a list of Debian packages: below rpm's folders only. */
enum rpm_interest {
    INTEREST_WAL,
    INTEREST_SQLITE,
    INTEREST_NDB,
    INTEREST_BDB_VAR,
    INTEREST_BDB_SYSIMAGE,
    INTEREST_BDB_SHARE,
    INTEREST_MANIFEST,
    INTERESTS
};

#endif

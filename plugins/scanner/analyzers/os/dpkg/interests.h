/* interests.h - the files that the analyzer asks for, by their position in its interests. */
#ifndef DPKG_INTERESTS_H
#define DPKG_INTERESTS_H

#define INFO_DIR "var/lib/dpkg/info"

enum dpkg_interest {
    INTEREST_STATUS,
    INTEREST_STATUS_SUMS, /* before STATUS_DIR: a file that meets both is reported as this one */
    INTEREST_STATUS_DIR,
    INTEREST_LISTS,
    INTEREST_SUMS,
    INTEREST_CONFFILES,
    INTEREST_DIVERSIONS,
    INTEREST_COPYRIGHT,
    INTEREST_CHANGELOG_DEBIAN,
    INTEREST_CHANGELOG_NATIVE,
    INTERESTS
};

#endif

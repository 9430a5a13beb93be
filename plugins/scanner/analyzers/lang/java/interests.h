/* interests.h - which files are read; positions in the table of plugin.c. */
#ifndef JAVA_INTERESTS_H
#define JAVA_INTERESTS_H

typedef enum interest {
    INTEREST_POM, /* pom.xml, kept */
    INTEREST_PROPERTIES,
    INTEREST_RELEASE,
    INTEREST_SBT,
    INTEREST_GRADLE, /* the first of three */
    INTEREST_GRADLE_CONFIGURATION = INTEREST_GRADLE + 2,
    INTEREST_ARCHIVE /* and all behind it */
} interest;

#endif

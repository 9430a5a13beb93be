/* lock.h - Gemfile.lock and gems.locked, as Bundler writes them.
 *
 *     GEM
 *       remote: https://rubygems.org/
 *       specs:
 *         i18n (1.14.1)
 *           concurrent-ruby (~> 1.0)
 *
 *     DEPENDENCIES
 *       i18n
 *
 * Sources of gems are GEM, GIT, PATH and PLUGIN SOURCE; a gem's line begins with four blanks, those of what it needs
 * with six. Source: Bundler's LockfileParser. */
#ifndef RUBY_LOCK_H
#define RUBY_LOCK_H

#include <stella/sv.h>

typedef enum lock_source { LOCK_GEM, LOCK_GIT, LOCK_PATH, LOCK_PLUGIN } lock_source;

typedef enum lock_kind {
    LOCK_SPEC,   /* a gem: name, version, platform, and where it comes from */
    LOCK_NEEDS,  /* what the gem before needs: name */
    LOCK_DIRECT, /* what the Gemfile itself names: name */
    LOCK_BAD     /* a line that is none of these, and a conflict that a merge left */
} lock_kind;

/* Views borrow from the file. */
typedef struct lock_item {
    lock_kind kind;
    uint32_t line;
    stella_sv name, version, platform;
    lock_source source;
    stella_sv remote, revision; /* of the source */
} lock_item;

typedef struct lock_reader {
    stella_sv rest;
    uint32_t line;
    uint32_t section;
    lock_source source;
    stella_sv remote, revision;
} lock_reader;

lock_reader lock_open(stella_sv text);

/* The next item. Returns 0, leaving *out alone, at the end. */
int lock_next(lock_reader *reader, lock_item *out);

#endif

/* gemspec.h - the specification of an installed gem, as RubyGems writes it below specifications/.
 *
 * It is Ruby, but written by one function (Gem::Specification#to_ruby): an assignment or a call a line, with texts in
 * quotes. That much is read: "s.name = ...", "s.add_dependency(...)"; whatever else stands there is stepped over.
 * Source: the RubyGems specification reference; lib/rubygems/specification.rb says what is written. */
#ifndef RUBY_GEMSPEC_H
#define RUBY_GEMSPEC_H

#include <stella/arena.h>
#include <stella/error.h>

#define GEMSPEC_LICENSES_MAX     32
#define GEMSPEC_DEPENDENCIES_MAX 512

typedef struct gemspec {
    stella_sv name, version, platform, homepage, summary, author;
    stella_sv licenses[GEMSPEC_LICENSES_MAX];
    stella_sv dependencies[GEMSPEC_DEPENDENCIES_MAX]; /* names, of those that are needed to run */
    uint32_t license_count, dependency_count;
    uint32_t line;     /* of the name; 0: there is none */
    uint32_t bad_line; /* the first line that could not be read; 0: none */
} gemspec;

/* out  set on success; texts borrow from text or live in the arena
 * Returns STELLA_E_NOMEM, STELLA_E_LIMIT for more licenses or dependencies than there is room for. */
stella_status gemspec_read(stella_sv text, stella_arena *arena, gemspec *out, stella_error *err);

#endif

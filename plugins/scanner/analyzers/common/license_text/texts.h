/* texts.h - files with license texts beside packages, when the user asked for them (STELLA_OPTION_LICENSE_TEXTS):
 * classified while the layer streams by, stated when the package is.
 *
 * A component gets, of each license found, the property LICENSE_TEXT_PROPERTY, "MIT 100% PATH" or "GPL-2.0-or-later 98%
 * notice PATH", and the file as evidence. It gets the license itself only when its metadata states none. */
#ifndef LICENSE_TEXT_TEXTS_H
#define LICENSE_TEXT_TEXTS_H

#include "match.h"

#include <stella/analyzer.h>

#define LICENSE_TEXT_PROPERTY "license:text"
#define LICENSE_TEXT_METHOD   "license-text"

/* One interest of a file of that name; rest: further members, or nothing. */
#define LICENSE_TEXT_NAMED(name_, ...)                                                                                 \
    { .mode = STELLA_PROBE, .name = name_, __VA_ARGS__ }

/* Interests in the names that nearly all such files have, LICENSE_TEXT_NAMES of them.
 * ...  .below or .parent */
#define LICENSE_TEXT_INTERESTS(...)                                                                                    \
    LICENSE_TEXT_NAMED("LICENSE", __VA_ARGS__), LICENSE_TEXT_NAMED("LICENSE.txt", __VA_ARGS__),                        \
        LICENSE_TEXT_NAMED("LICENSE.md", __VA_ARGS__), LICENSE_TEXT_NAMED("LICENSE.rst", __VA_ARGS__),                 \
        LICENSE_TEXT_NAMED("LICENCE", __VA_ARGS__), LICENSE_TEXT_NAMED("LICENCE.txt", __VA_ARGS__),                    \
        LICENSE_TEXT_NAMED("LICENCE.md", __VA_ARGS__), LICENSE_TEXT_NAMED("license", __VA_ARGS__),                     \
        LICENSE_TEXT_NAMED("license.txt", __VA_ARGS__), LICENSE_TEXT_NAMED("license.md", __VA_ARGS__),                 \
        LICENSE_TEXT_NAMED("COPYING", __VA_ARGS__), LICENSE_TEXT_NAMED("COPYING.txt", __VA_ARGS__),                    \
        LICENSE_TEXT_NAMED("COPYING.LESSER", __VA_ARGS__), LICENSE_TEXT_NAMED("UNLICENSE", __VA_ARGS__),               \
        LICENSE_TEXT_NAMED("MIT-LICENSE", __VA_ARGS__), LICENSE_TEXT_NAMED("MIT-LICENSE.txt", __VA_ARGS__),            \
        LICENSE_TEXT_NAMED("LICENSE-MIT", __VA_ARGS__), LICENSE_TEXT_NAMED("LICENSE-MIT.txt", __VA_ARGS__),            \
        LICENSE_TEXT_NAMED("LICENSE-APACHE", __VA_ARGS__), LICENSE_TEXT_NAMED("LICENSE.MIT", __VA_ARGS__),             \
        LICENSE_TEXT_NAMED("LICENSE.APACHE", __VA_ARGS__), LICENSE_TEXT_NAMED("LICENSE.BSD", __VA_ARGS__)
#define LICENSE_TEXT_NAMES 22

/* The probe of such a file: records what was found. Does nothing when the option is off.
 * Returns STELLA_E_NOMEM, or why the file could not be read. */
stella_status license_text_probe(stella_probe *probe, stella_error *err);

typedef struct license_text_file {
    stella_sv path;
    uint32_t layer;
    license_text_matches matches;
} license_text_file;

/* The files of a tree in which something was found, by path. */
typedef struct license_texts {
    license_text_file *items; /* in the arena of the job */
    uint32_t count;
} license_texts;

/* Reads the records of the probes; nothing when the option is off. Returns STELLA_E_NOMEM. */
stella_status license_texts_load(stella_analysis *job, license_texts *out, stella_error *err);

#define LICENSE_TEXTS_BELOW   1u /* files in folders of the folder count too */
#define LICENSE_TEXTS_LICENSE 2u /* the metadata states no license: what the texts are is the license */

/* States what the files in the folder say of the component. flags  LICENSE_TEXTS_* */
void license_texts_state(const license_texts *texts, stella_sv folder, uint32_t flags, stella_component *c);

/* The same of one file. */
void license_text_state(const license_text_file *file, uint32_t flags, stella_component *c);

#endif

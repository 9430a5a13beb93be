#include "license.h"

#include <stella/spdx.h>

#define EXPRESSION_BYTES_MAX (LICENSE_SCRATCH_BYTES / 8)
#define NAME_BYTES_MAX       200 /* a longer License is a text, not a name */

/* Trove classifiers that mean one license; those that leave the version open ("BSD License", "Apache Software License",
 * "GNU General Public License (GPL)") are names. Source: https://pypi.org/classifiers */
static const stella_sv classifiers[][2] = {
    {STELLA_SV_INIT("Blue Oak Model License (BlueOak-1.0.0)"), STELLA_SV_INIT("BlueOak-1.0.0")},
    {STELLA_SV_INIT("Boost Software License 1.0 (BSL-1.0)"), STELLA_SV_INIT("BSL-1.0")},
    {STELLA_SV_INIT("CC0 1.0 Universal (CC0 1.0) Public Domain Dedication"), STELLA_SV_INIT("CC0-1.0")},
    {STELLA_SV_INIT("CEA CNRS Inria Logiciel Libre License, version 2.1 (CeCILL-2.1)"), STELLA_SV_INIT("CECILL-2.1")},
    {STELLA_SV_INIT("CMU License (MIT-CMU)"), STELLA_SV_INIT("MIT-CMU")},
    {STELLA_SV_INIT("Common Development and Distribution License 1.0 (CDDL-1.0)"), STELLA_SV_INIT("CDDL-1.0")},
    {STELLA_SV_INIT("Eclipse Public License 1.0 (EPL-1.0)"), STELLA_SV_INIT("EPL-1.0")},
    {STELLA_SV_INIT("Eclipse Public License 2.0 (EPL-2.0)"), STELLA_SV_INIT("EPL-2.0")},
    {STELLA_SV_INIT("European Union Public Licence 1.0 (EUPL 1.0)"), STELLA_SV_INIT("EUPL-1.0")},
    {STELLA_SV_INIT("European Union Public Licence 1.1 (EUPL 1.1)"), STELLA_SV_INIT("EUPL-1.1")},
    {STELLA_SV_INIT("European Union Public Licence 1.2 (EUPL 1.2)"), STELLA_SV_INIT("EUPL-1.2")},
    {STELLA_SV_INIT("GNU Affero General Public License v3"), STELLA_SV_INIT("AGPL-3.0-only")},
    {STELLA_SV_INIT("GNU Affero General Public License v3 or later (AGPLv3+)"), STELLA_SV_INIT("AGPL-3.0-or-later")},
    {STELLA_SV_INIT("GNU General Public License v2 (GPLv2)"), STELLA_SV_INIT("GPL-2.0-only")},
    {STELLA_SV_INIT("GNU General Public License v2 or later (GPLv2+)"), STELLA_SV_INIT("GPL-2.0-or-later")},
    {STELLA_SV_INIT("GNU General Public License v3 (GPLv3)"), STELLA_SV_INIT("GPL-3.0-only")},
    {STELLA_SV_INIT("GNU General Public License v3 or later (GPLv3+)"), STELLA_SV_INIT("GPL-3.0-or-later")},
    {STELLA_SV_INIT("GNU Lesser General Public License v2 (LGPLv2)"), STELLA_SV_INIT("LGPL-2.0-only")},
    {STELLA_SV_INIT("GNU Lesser General Public License v2 or later (LGPLv2+)"), STELLA_SV_INIT("LGPL-2.0-or-later")},
    {STELLA_SV_INIT("GNU Lesser General Public License v3 (LGPLv3)"), STELLA_SV_INIT("LGPL-3.0-only")},
    {STELLA_SV_INIT("GNU Lesser General Public License v3 or later (LGPLv3+)"), STELLA_SV_INIT("LGPL-3.0-or-later")},
    {STELLA_SV_INIT("Historical Permission Notice and Disclaimer (HPND)"), STELLA_SV_INIT("HPND")},
    {STELLA_SV_INIT("ISC License (ISCL)"), STELLA_SV_INIT("ISC")},
    {STELLA_SV_INIT("MIT License"), STELLA_SV_INIT("MIT")},
    {STELLA_SV_INIT("MIT No Attribution License (MIT-0)"), STELLA_SV_INIT("MIT-0")},
    {STELLA_SV_INIT("Mozilla Public License 1.0 (MPL)"), STELLA_SV_INIT("MPL-1.0")},
    {STELLA_SV_INIT("Mozilla Public License 1.1 (MPL 1.1)"), STELLA_SV_INIT("MPL-1.1")},
    {STELLA_SV_INIT("Mozilla Public License 2.0 (MPL 2.0)"), STELLA_SV_INIT("MPL-2.0")},
    {STELLA_SV_INIT("Mulan Permissive Software License v2 (MulanPSL-2.0)"), STELLA_SV_INIT("MulanPSL-2.0")},
    {STELLA_SV_INIT("NASA Open Source Agreement v1.3 (NASA-1.3)"), STELLA_SV_INIT("NASA-1.3")},
    {STELLA_SV_INIT("Open Software License 3.0 (OSL-3.0)"), STELLA_SV_INIT("OSL-3.0")},
    {STELLA_SV_INIT("PostgreSQL License"), STELLA_SV_INIT("PostgreSQL")},
    {STELLA_SV_INIT("Python Software Foundation License"), STELLA_SV_INIT("PSF-2.0")},
    {STELLA_SV_INIT("SIL Open Font License 1.1 (OFL-1.1)"), STELLA_SV_INIT("OFL-1.1")},
    {STELLA_SV_INIT("The Unlicense (Unlicense)"), STELLA_SV_INIT("Unlicense")},
    {STELLA_SV_INIT("Universal Permissive License (UPL)"), STELLA_SV_INIT("UPL-1.0")},
    {STELLA_SV_INIT("University of Illinois/NCSA Open Source License"), STELLA_SV_INIT("NCSA")},
    {STELLA_SV_INIT("W3C License"), STELLA_SV_INIT("W3C")},
    {STELLA_SV_INIT("Zero-Clause BSD (0BSD)"), STELLA_SV_INIT("0BSD")},
    {STELLA_SV_INIT("zlib/libpng License"), STELLA_SV_INIT("Zlib")},
};

/* "License :: OSI Approved :: MIT License" -> "MIT License" */
static stella_sv last_part(stella_sv classifier) {
    const size_t colon = stella_sv_rfind(classifier, ':');
    return stella_sv_trim(stella_sv_skip(classifier, colon < classifier.len ? colon + 1 : 0));
}

stella_sv license_of_classifier(stella_sv classifier) {
    const stella_sv name = last_part(classifier);
    for (size_t i = 0; i < sizeof classifiers / sizeof classifiers[0]; i++)
        if (stella_sv_eq(name, classifiers[i][0]))
            return classifiers[i][1];
    return stella_sv_of("", 0);
}

static int add_expression(stella_component *c, stella_sv text, stella_arena *scratch) {
    if (text.len == 0 || text.len > EXPRESSION_BYTES_MAX)
        return 0;
    stella_arena_reset(scratch);
    const stella_sv expression = stella_spdx_expression(text, scratch);
    if (expression.ptr)
        stella_component_license(c, STELLA_LICENSE_EXPRESSION, expression);
    return expression.ptr != NULL;
}

/* Returns whether there was an exact one. */
static int add_exact_classifiers(stella_component *c, stella_sv list) {
    int found = 0;
    for (stella_sv line; list.len && stella_sv_split(&list, '\n', &line);) {
        const stella_sv id = license_of_classifier(line);
        if (id.len)
            stella_component_license(c, STELLA_LICENSE_EXPRESSION, id);
        found |= id.len > 0;
    }
    return found;
}

static int add_name(stella_component *c, stella_sv text) {
    const stella_sv line = stella_sv_trim(stella_sv_first(text, stella_sv_find(text, '\n')));
    if (line.len == 0 || line.len > NAME_BYTES_MAX || stella_sv_ieq(line, STELLA_SV("UNKNOWN")))
        return 0;
    stella_component_license(c, STELLA_LICENSE_NAME, line);
    return 1;
}

static int add_classifier_names(stella_component *c, stella_sv list) {
    int found = 0;
    for (stella_sv line; list.len && stella_sv_split(&list, '\n', &line);) {
        const stella_sv name = last_part(line);
        if (name.len && name.len <= NAME_BYTES_MAX && !stella_sv_eq(name, STELLA_SV("OSI Approved")))
            stella_component_license(c, STELLA_LICENSE_NAME, name);
        found |= name.len > 0;
    }
    return found;
}

/* A name in License says less than a classifier that means one license. */
int license_add(stella_component *c, const metadata_view *metadata, stella_arena *scratch) {
    const stella_sv *values = metadata->values;
    if (add_expression(c, values[METADATA_EXPRESSION], scratch) ||
        add_expression(c, values[METADATA_LICENSE], scratch) ||
        add_exact_classifiers(c, values[METADATA_CLASSIFIERS]) || add_name(c, values[METADATA_EXPRESSION]) ||
        add_name(c, values[METADATA_LICENSE]) || add_classifier_names(c, values[METADATA_CLASSIFIERS]))
        return 1;
    stella_sv files = values[METADATA_LICENSE_FILES];
    for (stella_sv file; files.len && stella_sv_split(&files, '\n', &file);)
        stella_component_property(c, STELLA_SV("python:license-file"), file);
    return 0;
}

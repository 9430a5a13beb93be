/* places.h - where distributions lie: which Python finds them, and which others it finds with them. */
#ifndef PYTHON_PLACES_H
#define PYTHON_PLACES_H

#include <stella/analyzer.h>

#define PLACE_PATH_MAX 4200 /* bytes of a path that is looked up */

typedef struct place {
    stella_sv folder;   /* that holds the modules: ".../site-packages" */
    stella_sv prefix;   /* of the Python: "usr", "opt/venv"; the folder itself when it is no site-packages */
    stella_sv fallback; /* a prefix whose distributions are visible too; ptr NULL: none */
    stella_sv python;   /* "3.11"; empty: not known */
    int32_t is_pypy;
    int32_t is_site;   /* a site-packages or dist-packages */
    int32_t is_nested; /* somewhere below such a folder: carried along by another distribution */
} place;

/* The folder of a path; empty at the root. */
stella_sv place_folder_of(stella_sv path);
stella_sv place_name_of(stella_sv path);

/* What is to be known of a folder. last is the place found before, asked first: folders come in order; it may be zeroed.
 * out  set on success
 * Returns STELLA_E_NOMEM. */
stella_status place_find(stella_analysis *job, stella_sv folder, const place *last, place *out, stella_error *err);

#endif

/* select.h - which analyzers a scan does without: --select and --exclude. Private to the driver. */
#ifndef SCANNER_DRIVER_SELECT_H
#define SCANNER_DRIVER_SELECT_H

#include "roster.h"
#include "scan.h"

/* Sets is_deselected of the analyzers that are not chosen. A word is an analyzer's id, the last part of it ("node"), or
 * one of its tags ("language"). Who says what system it is (tag "identity") is chosen always, unless excluded.
 * Returns STELLA_E_INVALID for a word that no analyzer goes by; the message names those that look like it. */
stella_status select_analyzers(const scan_options *options, roster *r, stella_error *err);

#endif

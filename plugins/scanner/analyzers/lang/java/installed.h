/* installed.h - components of the artifacts that lie in the tree: in archives, or unpacked. */
#ifndef JAVA_INSTALLED_H
#define JAVA_INSTALLED_H

#include <stella/analyzer.h>

/* A pom.properties that was unpacked from its archive: one artifact record. Returns what stella_probe_read and
 * stella_probe_record return. */
stella_status installed_probe_properties(stella_probe *probe, stella_error *err);

/* Adds a component for each artifact record, and relates them: what an archive contains, and what the pom.xml within it
 * depends on, as far as that was found. Returns STELLA_E_FORMAT for a damaged record, STELLA_E_NOMEM. */
stella_status installed_analyze(stella_analysis *job, stella_error *err);

#endif

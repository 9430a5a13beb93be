/* lock.h - lock files of Gradle and sbt: what a build was resolved to. */
#ifndef JAVA_LOCK_H
#define JAVA_LOCK_H

#include <stella/analyzer.h>

#define LOCK_KIND      "java.locked"
#define LOCK_LINE_MAX  (64u << 10)
#define LOCK_COUNT_MAX 200000 /* modules of one file */
#define LOCK_NOTES_MAX 20
#define LOCK_JSON_MAX  (32u << 20)

/* gradle.lockfile and its kin: "GROUP:NAME:VERSION=configuration,..." lines. Emits a record per module; a line that is
 * none is noted. Returns what stella_lines_next and stella_probe_record return, STELLA_E_LIMIT. */
stella_status lock_probe_gradle(stella_probe *probe, stella_error *err);

/* build.sbt.lock of sbt-dependency-lock: JSON with "dependencies". In the same way; STELLA_E_FORMAT for what is no such
 * document. */
stella_status lock_probe_sbt(stella_probe *probe, stella_error *err);

/* Adds a declared component for each record. Returns STELLA_E_FORMAT for a damaged record. */
stella_status lock_analyze(stella_analysis *job, stella_error *err);

#endif

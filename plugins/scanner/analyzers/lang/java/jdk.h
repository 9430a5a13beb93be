/* jdk.h - the release file in the folder of a Java runtime: KEY="value" lines (JEP 223, "release-info"). */
#ifndef JAVA_JDK_H
#define JAVA_JDK_H

#include <stella/analyzer.h>

#define JDK_KIND      "java.runtime"
#define JDK_BYTES_MAX (256u << 10)

typedef enum jdk_text {
    JDK_VERSION,         /* "17.0.15" */
    JDK_RUNTIME_VERSION, /* "17.0.15+6-Debian-1deb12u1" */
    JDK_IMPLEMENTOR,
    JDK_IMAGE_TYPE, /* "JDK", "JRE" */
    JDK_VARIANT,    /* "Hotspot", "Openj9" */
    JDK_GRAALVM_VERSION,
    JDK_ARCH,
    JDK_BUILD_TYPE, /* "commercial" when it is Oracle's own */
    JDK_TEXTS
} jdk_text;

/* Emits one record when the file has a JAVA_VERSION; other files of that name are none of its business. Returns what
 * stella_lines_next and stella_probe_record return. */
stella_status jdk_probe(stella_probe *probe, stella_error *err);

/* Adds the component of each record. Returns STELLA_E_FORMAT for a damaged record, STELLA_E_NOMEM. */
stella_status jdk_analyze(stella_analysis *job, stella_error *err);

#endif

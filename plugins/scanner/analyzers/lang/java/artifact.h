/* artifact.h - what a probe learnt of one artifact in a file, as it lies in a record. */
#ifndef JAVA_ARTIFACT_H
#define JAVA_ARTIFACT_H

#include <stella/analyzer.h>

#define ARTIFACT_KIND "java.artifact"

/* Texts; empty when absent. */
typedef enum artifact_text {
    ARTIFACT_GROUP,
    ARTIFACT_GROUP_FROM, /* the key of the manifest that the group was taken from */
    ARTIFACT_NAME,
    ARTIFACT_VERSION,
    ARTIFACT_TYPE,         /* "war"; empty for a jar */
    ARTIFACT_CLASSIFIER,   /* "linux-x86_64" */
    ARTIFACT_NESTED,       /* where in the file: "BOOT-INF/lib/a.jar!/b.jar"; empty: the file itself */
    ARTIFACT_SHA1,         /* of the archive, when the artifact is all of it */
    ARTIFACT_METHOD,       /* "metadata", "manifest", "file-name" */
    ARTIFACT_SHADED,       /* "1": its classes were put into the archive of another */
    ARTIFACT_LICENSES,     /* a line each */
    ARTIFACT_DEPENDENCIES, /* a line each: "r GROUP:NAME", "o ..." when it is optional */
    ARTIFACT_VENDOR,
    ARTIFACT_DESCRIPTION,
    ARTIFACT_HOMEPAGE,
    ARTIFACT_TEXTS
} artifact_text;

typedef struct artifact {
    uint32_t parent; /* the how-many-eth artifact of the same file it lies in, from 1; 0: none */
    stella_sv texts[ARTIFACT_TEXTS];
} artifact;

/* Emits the record. Returns STELLA_E_NOMEM, or what stella_probe_record returns. */
stella_status artifact_emit(stella_probe *probe, const artifact *a, stella_error *err);

/* out  set on success; borrows from the record
 * Returns STELLA_E_FORMAT. */
stella_status artifact_decode(const stella_record *record, artifact *out, stella_error *err);

#endif

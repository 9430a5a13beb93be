/* identity.h - what an archive is, from its name, its manifest and the projects (pom.properties, pom.xml) in it. */
#ifndef JAVA_IDENTITY_H
#define JAVA_IDENTITY_H

#include "artifact.h"
#include "file_name.h"
#include "manifest.h"

/* A project whose files lie in the archive. */
typedef struct inner_project {
    stella_sv folder; /* of its pom.properties or pom.xml */
    stella_sv group, name, version;
    stella_sv licenses, dependencies; /* as in artifact */
    stella_sv vendor, description, homepage;
    int32_t is_sound; /* group, name and version are known */
} inner_project;

/* Which of the projects the archive itself is: the only one; else the one that the file is named after, the more exactly
 * the better. -1: none. */
int32_t identity_main(const java_file_name *file, const inner_project *projects, uint32_t count);

/* The archive as the project says it. */
artifact identity_of_project(const java_file_name *file, const inner_project *project);

/* The archive by its manifest, and by its file's name where that says nothing. The group stays empty unless a key states
 * it; so does the version. */
artifact identity_of_manifest(const java_file_name *file, const manifest *m);

/* Adds what the manifest alone knows to an archive that a project identified: vendor, description and licenses that
 * the project does not state. */
void identity_complete(artifact *a, const manifest *m);

/* The plugins that a Jenkins plugin needs ("git:4.0;resolution:=optional,..."), as dependencies of an artifact.
 * out  set on success; lives in the arena
 * Returns STELLA_E_NOMEM. */
stella_status identity_jenkins_dependencies(const manifest *m, stella_arena *arena, stella_sv *out);

/* The group under which a Jenkins plugin is looked up by its name alone: no group can be written so. */
#define IDENTITY_JENKINS "/hpi"

#endif

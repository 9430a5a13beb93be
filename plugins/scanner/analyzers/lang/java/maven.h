/* maven.h - projects that are built from a pom.xml in the tree: what they declare. */
#ifndef JAVA_MAVEN_H
#define JAVA_MAVEN_H

#include <stella/analyzer.h>

#define MAVEN_PROJECTS_MAX     10000  /* pom.xml files of a tree */
#define MAVEN_DEPENDENCIES_MAX 20000  /* of one project, with those of its parents */
#define MAVEN_MANAGED_MAX      100000 /* versions that one project's parents and BOMs set */

/* Adds declared components for the projects and for the dependencies whose version can be told from the tree: stated, or
 * managed by the project, its parents or the BOMs it imports. Those that cannot are counted in a note. A pom.xml that was
 * unpacked from an archive, or lies inside another ecosystem's package, is not one's own project.
 * Returns STELLA_E_NOMEM, STELLA_E_CANCELLED. */
stella_status maven_analyze(stella_analysis *job, stella_error *err);

#endif

/* projects.h - the Maven projects whose pom.properties or pom.xml lie in an archive. */
#ifndef JAVA_PROJECTS_H
#define JAVA_PROJECTS_H

#include "identity.h"

#include "common/zip/zip.h"

#define PROJECTS_MAX             4096         /* of one archive */
#define PROJECT_DEPENDENCIES_MAX 10000        /* of one pom.xml in an archive */
#define PROJECT_TEXT_MAX         (256u << 10) /* bytes of one project's dependencies, and of its licenses */

/* Where the files of a project are. */
typedef struct project_files {
    stella_sv folder;
    zip_entry properties, pom; /* the name is empty: there is none */
} project_files;

typedef struct project_list {
    project_files *items; /* by folder */
    uint32_t count, room;
    int32_t is_cut; /* there are more than PROJECTS_MAX */
} project_list;

/* Takes note of the entry when it is a pom.properties, or the pom.xml of a META-INF/maven folder. Returns STELLA_E_NOMEM.
 */
stella_status project_list_add(project_list *list, const zip_entry *entry, stella_arena *arena);

/* Once, after the last addition: the files of one folder become one item. */
void project_list_join(project_list *list);

/* Reads the files of a project.
 * arena    what the project says lives there
 * scratch  emptied before and after
 * out      set on success; is_sound only when all of group, name and version are known
 * Returns STELLA_E_NOMEM, or why a file of it could not be read: *out then holds what the other one says. */
stella_status project_read(const zip *archive, const project_files *files, stella_arena *arena, stella_arena *scratch,
                           inner_project *out, stella_error *err);

#endif

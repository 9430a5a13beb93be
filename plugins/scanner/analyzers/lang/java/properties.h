/* properties.h - META-INF/maven/GROUP/ARTIFACT/pom.properties: a file of java.util.Properties with three keys. */
#ifndef JAVA_PROPERTIES_H
#define JAVA_PROPERTIES_H

#include <stella/sv.h>

#define PROPERTIES_BYTES_MAX (1u << 20)

typedef struct pom_properties {
    stella_sv group, name, version; /* empty when absent */
} pom_properties;

/* Keys and values without escapes, as Maven writes them; of a key that is there twice the last one counts. Borrows from
 * text. [any thread] */
pom_properties pom_properties_parse(stella_sv text);

#endif

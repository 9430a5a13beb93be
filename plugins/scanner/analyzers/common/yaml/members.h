/* members.h - members of a mapping, some of which have the same key. */
#ifndef ANALYZERS_YAML_MEMBERS_H
#define ANALYZERS_YAML_MEMBERS_H

#include <stella/json.h>

/* Takes out those whose key comes again further on; the others keep their order. No order of keys makes it slow.
 * count  is made smaller
 * Returns 0 when memory is short; nothing is changed then. */
int members_drop_repeated(stella_json_member *members, uint32_t *count);

#endif

/* probe.h - makes records of the files that npm, yarn, pnpm, bun and deno leave. */
#ifndef NODE_PROBE_H
#define NODE_PROBE_H

#include <stella/analyzer.h>

#define NODE_PACKAGE "node.package" /* record: see package_json.h */
#define NODE_ZIPPED  "node.zipped"  /* the same of a package in a zip of yarn's cache */
#define NODE_LOCK    "node.lock"    /* record: see lock.h */

#define NODE_PACKAGE_MAX      (8u << 20)   /* bytes of a package.json */
#define NODE_LOCK_MAX         (64u << 20)  /* bytes of a lock file */
#define NODE_ZIP_MAX          (256u << 20) /* bytes of a zip of yarn's cache */
#define NODE_ZIP_INFLATED_MAX (64u << 20)  /* bytes that come out of one */

#define NODE_INTEREST_LICENSES 10 /* the first interest in texts of licenses; there are none behind those */

/* A file that cannot be read as what it should be is a note. */
stella_status node_probe(void *self, stella_probe *probe, stella_error *err);

#endif

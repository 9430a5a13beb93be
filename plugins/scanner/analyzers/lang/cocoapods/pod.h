/* pod.h - texts that name a pod: "Firebase/Core (8.0.0)", "AFNetworking (~> 4.0)", "Local (from `../Local`)". */
#ifndef COCOAPODS_POD_H
#define COCOAPODS_POD_H

#include <stella/sv.h>

/* Views borrow from the text. */
typedef struct pod {
    stella_sv full;    /* "Firebase/Core" */
    stella_sv name;    /* "Firebase" */
    stella_sv subspec; /* "Core"; may be empty, and hold slashes */
    stella_sv version; /* what stands in brackets; may be empty */
} pod;

pod pod_read(stella_sv text);

#endif

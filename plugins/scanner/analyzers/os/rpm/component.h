/* component.h - a package as a component: its purl, fields, licenses and properties. */
#ifndef RPM_COMPONENT_H
#define RPM_COMPONENT_H

#include "inventory.h"

#include "common/origin.h"

/* Adds the component and sets p->component. Returns STELLA_E_NOMEM. */
stella_status component_make(stella_analysis *job, package *p, const origin *from, stella_error *err);

#endif

/* consume.h - gives a file's content to those who want it, reading it once. */
#ifndef SCANNER_ENGINE_CONSUME_H
#define SCANNER_ENGINE_CONSUME_H

#include "collect.h"

/* hits  ordered by plugin; all conditions met */
stella_status consume(collector *c, const index_entry *entry, uint32_t id, body *content, const matcher_hit *hits,
                      uint32_t count, stella_error *err);

/* A file that a supplement was asked for: kept for the engine. */
stella_status consume_supplement(collector *c, const index_entry *entry, uint32_t id, body *content, stella_error *err);

#endif

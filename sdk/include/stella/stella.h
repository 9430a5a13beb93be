/* stella/stella.h - the whole SDK at once. Plugins usually include the header of their interface alone. */
#ifndef STELLA_STELLA_H
#define STELLA_STELLA_H

#include <stella/abi.h>
#include <stella/analyzer.h>
#include <stella/arena.h>
#include <stella/auto.h>
#include <stella/bom.h>
#include <stella/bus.h>
#include <stella/clock.h>
#include <stella/component.h>
#include <stella/config.h>
#include <stella/cursor.h>
#include <stella/digest.h>
#include <stella/distro.h>
#include <stella/dsse.h>
#include <stella/emitter.h>
#include <stella/encoding.h>
#include <stella/entrytrace.h>
#include <stella/error.h>
#include <stella/file.h>
#include <stella/http.h>
#include <stella/job.h>
#include <stella/json.h>
#include <stella/lines.h>
#include <stella/list.h>
#include <stella/log.h>
#include <stella/metrics.h>
#include <stella/names.h>
#include <stella/plugin.h>
#include <stella/purl.h>
#include <stella/reader.h>
#include <stella/service.h>
#include <stella/sink.h>
#include <stella/source.h>
#include <stella/spdx.h>
#include <stella/state.h>
#include <stella/sv.h>
#include <stella/terminal.h>
#include <stella/trace.h>
#include <stella/worker.h>

#endif

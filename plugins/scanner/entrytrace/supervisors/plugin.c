#include "openrc.h"
#include "services.h"
#include "supervisord.h"

static const char *const programs[] = {"supervisord",  "s6-svscan", "runsvdir",    "svscan",     "runsv",
                                       "s6-supervise", "supervise", "honcho",      "foreman",    "init",
                                       "systemd",      "openrc",    "openrc-init", "openrc-run", NULL};

static stella_status resolve(void *self, stella_hop *hop, stella_error *err) {
    (void)self;
    const stella_sv name = hop_name(hop, programs);
    /* Some are scripts themselves: their interpreter runs, too. */
    if (hop->file->type == STELLA_TYPE_SCRIPT && text_list_has("supervisord honcho foreman", name)) {
        const stella_status status = hop_shebang(hop, err);
        if (status != STELLA_OK && status != STELLA_E_PENDING) /* the rest is wished for together with it */
            return status;
    }
    if (stella_sv_eq(name, STELLA_SV("supervisord")))
        return supervisord_resolve(hop, err);
    if (text_list_has("honcho foreman", name))
        return services_procfile(hop, err);
    if (text_list_has("runsv s6-supervise supervise", name))
        return services_supervise(hop, err);
    if (stella_sv_eq(name, STELLA_SV("openrc-run")))
        return openrc_run(hop, err);
    if (text_list_has("openrc openrc-init", name))
        return openrc_resolve(hop, err);
    return text_list_has("init systemd", name) ? services_init(hop, err) : services_scan(hop, err);
}

STELLA_ENTRYTRACE("org.stella-ops.entrytrace.supervisors", "0.1.0", programs, .resolve = resolve);

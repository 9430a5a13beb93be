#include "entrytrace/common/hop.h"
#include "entrytrace/common/options.h"
#include "modules.h"

/* A server: a program at which the way ends.
 * options  those that name its configuration (CONFIG, ROOT, DIRECTIVES: modules.h) or make it end at once (ENDS), as its manual page has them; the
 *          others may be missing: they are stepped over as flags */
typedef struct server {
    const char *names; /* separated by blanks */
    const char *type;  /* of the terminal */
    const char *options;
} server;

static const server servers[] = {
    {"nginx openresty angie nginx-debug", "nginx",
     "-c=CONFIG -p=ROOT -g=DIRECTIVES -s=ENDS -e=_ -t:ENDS -T:ENDS -v:ENDS -V:ENDS -q -h,-?:ENDS"},
    {"httpd apache2", "apache",
     "-f=CONFIG -d=ROOT -D=_ -C=_ -c=_ -k=_ -e=_ -E=_ -X -t:ENDS -S:ENDS -M:ENDS -v:ENDS -V:ENDS -l:ENDS -L:ENDS "
     "-h:ENDS"},
    {"lighttpd", "lighttpd", "-f=CONFIG -m=_ -i=_ -D -p:ENDS -t:ENDS -v:ENDS -V:ENDS -h:ENDS"},
    {"caddy", "go", "--config,-c=CONFIG --adapter,-a=_ --envfile=_ --environ --watch,-w --resume,-r --pidfile=_"},
    {"traefik", "go", "--configFile,--configfile,--configFile=CONFIG"},
    {"haproxy", "haproxy",
     "-f=CONFIG -C=_ -p=_ -L=_ -S=_ -n=_ -N=_ -m=_ -x=_ -W -Ws -db -d -D -q -V -c:ENDS -v:ENDS -vv:ENDS"},
    {"envoy", "c/c++",
     "-c,--config-path=CONFIG --config-yaml=_ -l,--log-level=_ --mode=_ --service-cluster=_ "
     "--service-node=_ --concurrency=_ --base-id=_ --version:ENDS"},
    {"varnishd", "varnish", "-f=CONFIG -a=_ -b=_ -s=_ -p=_ -T=_ -S=_ -n=_ -j=_ -l=_ -F -d -V:ENDS"},
    {"squid", "squid", "-f=CONFIG -N -Y -C -d=_ -k=ENDS -z:ENDS -v:ENDS"},
    {"postgres postmaster", "postgres",
     "-D=_ -c=_ --config-file=CONFIG --config_file=CONFIG -p=_ -h=_ -k=_ -B=_ -N=_ -F -i -l -s -d=_ -S=_ "
     "-V,--version:ENDS "
     "-?,--help:ENDS --describe-config:ENDS"},
    {"mysqld mariadbd mysqld-debug", "mysql",
     "--defaults-file=CONFIG --defaults-extra-file=_ --user,-u=_ --version,-V:ENDS"},
    {"redis-server valkey-server keydb-server redis-sentinel valkey-sentinel", "redis",
     "--version,-v:ENDS --help,-h:ENDS"},
    {"mongod mongos", "mongodb",
     "--config,-f=CONFIG --dbpath=_ --port=_ --bind_ip=_ --replSet=_ --logpath=_ --keyFile=_ "
     "--version:ENDS --help,-h:ENDS"},
    {"memcached", "memcached",
     "-m=_ -p=_ -U=_ -s=_ -u=_ -c=_ -t=_ -l=_ -I=_ -o=_ -P=_ -f=_ -n=_ -L -d -v -V:ENDS -h:ENDS"},
    {"clickhouse-server", "clickhouse",
     "--config-file,--config,-C=CONFIG --log-file,-L=_ --errorlog-file,-E=_ --pid-file,-P=_"},
    {"influxd", "go", "--config,-config=CONFIG"},
    {"etcd", "go", "--config-file=CONFIG --version:ENDS"},
    {"consul", "go", "-config-file=CONFIG -config-dir=_"},
    {"vault bao", "go", "-config=CONFIG"},
    {"nomad", "go", "-config=CONFIG"},
    {"prometheus", "go", "--config.file=CONFIG --version:ENDS"},
    {"alertmanager", "go", "--config.file=CONFIG --version:ENDS"},
    {"grafana grafana-server", "go", "--config,-config=CONFIG --homepath,-homepath=_ --packaging=_"},
    {"loki tempo mimir promtail", "go", "-config.file,--config.file=CONFIG -version:ENDS"},
    {"telegraf", "go", "--config,-config=CONFIG --config-directory=_"},
    {"minio", "go", "--address=_ --console-address=_ --certs-dir,-S=_"},
    {"nats-server", "go", "-c,--config=CONFIG -p,--port=_ -a,--addr=_ -v,--version:ENDS"},
    {"coredns", "go", "-conf=CONFIG -dns.port=_ -p=_ -version:ENDS"},
    {"cockroach", "go", "--store,-s=_"},
    {"registry", "go", ""},
    {"gitea forgejo", "go", "--config,-c=CONFIG"},
    {"mosquitto", "mosquitto", "-c,--config-file=CONFIG -p,--port=_ -d -v -h:ENDS"},
    {"beam.smp", "erlang", ""},
    {"slapd", "openldap", "-f=CONFIG -F=_ -h=_ -u=_ -g=_ -d=_ -s=_ -n=_ -l=_ -r=_ -o=_ -T=_ -V:ENDS"},
    {"named", "bind", "-c=CONFIG -u=_ -p=_ -d=_ -n=_ -t=_ -f -g -4 -6 -v:ENDS -V:ENDS"},
    {"unbound", "unbound", "-c=CONFIG -d -p -v -V:ENDS -h:ENDS"},
    {"dnsmasq", "dnsmasq",
     "-C,--conf-file=CONFIG -k,--keep-in-foreground -d,--no-daemon -v,--version:ENDS --test:ENDS"},
    {"sshd", "sshd", "-f=CONFIG -D -e -d -o=_ -p=_ -h=_ -E=_ -u=_ -t:ENDS -T:ENDS -V:ENDS"},
    {"vsftpd", "vsftpd", ""},
    {"crond cron", "cron", "-f -n -l=_ -L=_ -c=_ -d=_ -b -S -P -h:ENDS"},
    {"rsyslogd", "rsyslog", "-f=CONFIG -n -i=_ -d -v:ENDS"},
    {"fluent-bit", "fluent-bit", "-c,--config=CONFIG -R,--parser=_ -e,--plugin=_ -V,--version:ENDS -h,--help:ENDS"},
    {"dockerd containerd", "go", "--config-file=CONFIG --config,-c=CONFIG --version,-v:ENDS"},
};

static const server *server_find(stella_sv name) {
    for (uint32_t i = 0; i < STELLA_COUNT(servers); i++)
        if (text_list_has(servers[i].names, name))
            return &servers[i];
    return NULL;
}

static void take_word(modules_words *words, stella_sv meaning, const stella_word *value) {
    stella_sv *const to = stella_sv_eq(meaning, STELLA_SV("CONFIG"))       ? &words->config
                          : stella_sv_eq(meaning, STELLA_SV("ROOT"))       ? &words->root
                          : stella_sv_eq(meaning, STELLA_SV("DIRECTIVES")) ? &words->directives
                                                                           : NULL;
    if (to && word_is_known(value))
        *to = value->text;
}

/* The configuration it was started with, and whether it ends at once. */
static int read_options(stella_hop *hop, const server *s, modules_words *words) {
    options o = options_of(s->options, hop->launch);
    option found;
    for (options_result result; (result = options_next(&o, &found)) != OPTIONS_END;) {
        if (result == OPTIONS_DYNAMIC) {
            o.at++;
        } else if (result == OPTIONS_FOUND && stella_sv_eq(found.meaning, STELLA_SV("ENDS"))) {
            return 0;
        } else if (result == OPTIONS_FOUND) {
            take_word(words, found.meaning, &found.value);
        }
    }
    return 1;
}

static const char *const programs[] = {"nginx",
                                       "openresty",
                                       "angie",
                                       "nginx-debug",
                                       "httpd",
                                       "apache2",
                                       "lighttpd",
                                       "caddy",
                                       "traefik",
                                       "haproxy",
                                       "envoy",
                                       "varnishd",
                                       "squid",
                                       "postgres",
                                       "postmaster",
                                       "mysqld",
                                       "mariadbd",
                                       "mysqld-debug",
                                       "redis-server",
                                       "valkey-server",
                                       "keydb-server",
                                       "redis-sentinel",
                                       "valkey-sentinel",
                                       "mongod",
                                       "mongos",
                                       "memcached",
                                       "clickhouse-server",
                                       "influxd",
                                       "etcd",
                                       "consul",
                                       "vault",
                                       "bao",
                                       "nomad",
                                       "prometheus",
                                       "alertmanager",
                                       "grafana",
                                       "grafana-server",
                                       "loki",
                                       "tempo",
                                       "mimir",
                                       "promtail",
                                       "telegraf",
                                       "minio",
                                       "nats-server",
                                       "coredns",
                                       "cockroach",
                                       "registry",
                                       "gitea",
                                       "forgejo",
                                       "mosquitto",
                                       "beam.smp",
                                       "slapd",
                                       "named",
                                       "unbound",
                                       "dnsmasq",
                                       "sshd",
                                       "vsftpd",
                                       "crond",
                                       "cron",
                                       "rsyslogd",
                                       "fluent-bit",
                                       "dockerd",
                                       "containerd",
                                       NULL};

static stella_status resolve(void *self, stella_hop *hop, stella_error *err) {
    (void)self;
    const server *s = server_find(hop_name(hop, programs));
    modules_words words = {0};
    /* A script of that name starts the server in its turn: "consul" and "mysqld" often are such. */
    if (!s || hop->file->type == STELLA_TYPE_SCRIPT)
        return hop_shebang(hop, err);
    if (!read_options(hop, s, &words))
        return STELLA_OK;
    stella_file file;
    if (words.config.len && !hop_is_file(hop, words.config, &file))
        return hop_terminal(hop, s->type, STELLA_SV(""), 90, err);
    stella_status status = hop_terminal(hop, s->type, hop->file->path, 95, err);
    if (status == STELLA_OK && words.config.len)
        status = stella_hop_uses(hop, file.path, STELLA_SV("configuration"), hop->file->path, err);
    return status == STELLA_OK ? modules_use(hop, stella_sv_cstr(s->type), &words, err) : status;
}

STELLA_ENTRYTRACE("org.stella-ops.entrytrace.servers", "0.1.0", programs, .resolve = resolve);

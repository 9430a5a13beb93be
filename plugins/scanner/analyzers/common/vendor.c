#include "vendor.h"

static uint32_t flag(int is_vendor) {
    return is_vendor ? STELLA_COMPONENT_VENDOR : 0;
}

/* The distribution of a table's row: its id, or with "*" at the end every id that begins so. */
static int is_distribution(stella_sv id, stella_sv pattern) {
    const size_t star = stella_sv_find(pattern, '*');
    return star < pattern.len ? stella_sv_starts(id, stella_sv_first(pattern, star)) : stella_sv_eq(id, pattern);
}

/* "x@lists.debian.org" of "Names <x@lists.debian.org>": what is behind the last '@', without what follows it. */
static stella_sv domain_of(stella_sv person) {
    const size_t at = stella_sv_rfind(person, '@');
    const stella_sv rest = at < person.len ? stella_sv_skip(person, at + 1) : STELLA_SV("");
    return stella_sv_trim(stella_sv_first(rest, stella_sv_find(rest, '>')));
}

/* The domain itself or one below it; letters count as they are written, as they do in every list of packages seen. */
static int is_in_domain(stella_sv host, stella_sv domain) {
    if (!stella_sv_ends(host, domain))
        return 0;
    return host.len == domain.len || host.ptr[host.len - domain.len - 1] == '.';
}

static int is_in_any(stella_sv host, const stella_sv *domains, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (domains[i].len && is_in_domain(host, domains[i]))
            return 1;
    return 0;
}

static int holds(stella_sv text, stella_sv part) {
    return text.len && memmem(text.ptr, text.len, part.ptr, part.len) != NULL;
}

/* ---- dpkg ---------------------------------------------------------------------------------------------------------
 */

#define DOMAINS_MAX 5

static const struct {
    stella_sv id, domains[DOMAINS_MAX];
} deb_families[] = {
    {STELLA_SV_INIT("debian"), {STELLA_SV_INIT("debian.org"), STELLA_SV_INIT("debian.net")}},
    {STELLA_SV_INIT("ubuntu"), {STELLA_SV_INIT("ubuntu.com"), STELLA_SV_INIT("canonical.com")}},
    {STELLA_SV_INIT("raspbian"),
     {STELLA_SV_INIT("debian.org"), STELLA_SV_INIT("debian.net"), STELLA_SV_INIT("raspbian.org"),
      STELLA_SV_INIT("raspberrypi.com"), STELLA_SV_INIT("raspberrypi.org")}},
    {STELLA_SV_INIT("devuan"),
     {STELLA_SV_INIT("debian.org"), STELLA_SV_INIT("debian.net"), STELLA_SV_INIT("devuan.org"),
      STELLA_SV_INIT("dyne.org")}},
    {STELLA_SV_INIT("kali"),
     {STELLA_SV_INIT("debian.org"), STELLA_SV_INIT("debian.net"), STELLA_SV_INIT("kali.org"),
      STELLA_SV_INIT("offensive-security.com"), STELLA_SV_INIT("offsec.com")}},
    {STELLA_SV_INIT("linuxmint"),
     {STELLA_SV_INIT("debian.org"), STELLA_SV_INIT("ubuntu.com"), STELLA_SV_INIT("canonical.com"),
      STELLA_SV_INIT("linuxmint.com")}},
    {STELLA_SV_INIT("pop"),
     {STELLA_SV_INIT("ubuntu.com"), STELLA_SV_INIT("canonical.com"), STELLA_SV_INIT("system76.com")}},
};

/* Repositories that rebuild packages of the distribution's own maintainers: PostgreSQL's, deb.sury.org, personal ones. */
static const stella_sv rebuilt[] = {STELLA_SV_INIT(".pgdg"), STELLA_SV_INIT("~pgdg"), STELLA_SV_INIT(".gbp"),
                                    STELLA_SV_INIT("sury"),  STELLA_SV_INIT("ppa"),   STELLA_SV_INIT("nodesource")};

uint32_t vendor_of_deb(stella_sv id, stella_sv maintainer, stella_sv version) {
    const stella_sv host = domain_of(maintainer);
    for (size_t i = 0; i < STELLA_COUNT(rebuilt); i++)
        if (holds(version, rebuilt[i]))
            return 0;
    for (size_t i = 0; i < STELLA_COUNT(deb_families); i++)
        if (stella_sv_eq(deb_families[i].id, id.len ? id : STELLA_SV("debian")))
            return flag(is_in_any(host, deb_families[i].domains, DOMAINS_MAX));
    return 0;
}

/* ---- rpm ----------------------------------------------------------------------------------------------------------
 */

/* How the tag Vendor begins. EPEL's is Fedora's: on others it is a third party. */
static const struct {
    stella_sv id, begins;
} rpm_vendors[] = {
    {STELLA_SV_INIT("almalinux"), STELLA_SV_INIT("AlmaLinux")},
    {STELLA_SV_INIT("amzn"), STELLA_SV_INIT("Amazon")},
    {STELLA_SV_INIT("azurelinux"), STELLA_SV_INIT("Microsoft")},
    {STELLA_SV_INIT("centos"), STELLA_SV_INIT("CentOS")},
    {STELLA_SV_INIT("centos"), STELLA_SV_INIT("Red Hat")},
    {STELLA_SV_INIT("fedora"), STELLA_SV_INIT("Fedora Project")},
    {STELLA_SV_INIT("mageia"), STELLA_SV_INIT("Mageia")},
    {STELLA_SV_INIT("mariner"), STELLA_SV_INIT("Microsoft")},
    {STELLA_SV_INIT("ol"), STELLA_SV_INIT("Oracle America")},
    {STELLA_SV_INIT("opensuse*"), STELLA_SV_INIT("openSUSE")},
    {STELLA_SV_INIT("opensuse*"), STELLA_SV_INIT("SUSE")},
    {STELLA_SV_INIT("photon"), STELLA_SV_INIT("VMware")},
    {STELLA_SV_INIT("rhel"), STELLA_SV_INIT("Red Hat")},
    {STELLA_SV_INIT("rocky"), STELLA_SV_INIT("Rocky")},
    {STELLA_SV_INIT("sled*"), STELLA_SV_INIT("SUSE")},
    {STELLA_SV_INIT("sles*"), STELLA_SV_INIT("SUSE")},
    {STELLA_SV_INIT("sle-*"), STELLA_SV_INIT("SUSE")},
};

uint32_t vendor_of_rpm(stella_sv id, stella_sv vendor) {
    if (!vendor.len || stella_sv_eq(vendor, STELLA_SV("(none)")))
        return flag(stella_sv_eq(id, STELLA_SV("amzn")));
    for (size_t i = 0; i < STELLA_COUNT(rpm_vendors); i++)
        if ((!id.len || is_distribution(id, rpm_vendors[i].id)) && stella_sv_starts(vendor, rpm_vendors[i].begins))
            return STELLA_COMPONENT_VENDOR;
    return 0;
}

/* ---- the others ---------------------------------------------------------------------------------------------------
 */

/* Who has repositories of his own for apk. Alpine's maintainers have addresses of every kind. */
static const stella_sv apk_others[] = {
    STELLA_SV_INIT("f5.com"),        STELLA_SV_INIT("nginx.com"),        STELLA_SV_INIT("openresty.com"),
    STELLA_SV_INIT("adoptium.net"),  STELLA_SV_INIT("adoptopenjdk.net"), STELLA_SV_INIT("eclipse.org"),
    STELLA_SV_INIT("azul.com"),      STELLA_SV_INIT("amazon.com"),       STELLA_SV_INIT("bell-sw.com"),
    STELLA_SV_INIT("docker.com"),    STELLA_SV_INIT("hashicorp.com"),    STELLA_SV_INIT("microsoft.com"),
    STELLA_SV_INIT("newrelic.com"),  STELLA_SV_INIT("datadoghq.com"),    STELLA_SV_INIT("oracle.com"),
    STELLA_SV_INIT("cloudsmith.io"), STELLA_SV_INIT("nodesource.com"),
};

uint32_t vendor_of_apk(stella_sv id, stella_sv maintainer) {
    static const stella_sv ids[] = {STELLA_SV_INIT("alpine"), STELLA_SV_INIT("wolfi"), STELLA_SV_INIT("chainguard"),
                                    STELLA_SV_INIT("postmarketos"), STELLA_SV_INIT("openwrt")};
    const stella_sv host = domain_of(maintainer);
    for (size_t i = 0; i < STELLA_COUNT(ids); i++)
        if (stella_sv_eq(ids[i], id.len ? id : STELLA_SV("alpine")))
            return flag(!is_in_any(host, apk_others, STELLA_COUNT(apk_others)));
    return 0;
}

uint32_t vendor_of_alpm(stella_sv id, stella_sv packager) {
    static const struct {
        stella_sv id, domain;
    } packagers[] = {{STELLA_SV_INIT("arch"), STELLA_SV_INIT("archlinux.org")},
                     {STELLA_SV_INIT("archarm"), STELLA_SV_INIT("archlinuxarm.org")},
                     {STELLA_SV_INIT("manjaro"), STELLA_SV_INIT("archlinux.org")},
                     {STELLA_SV_INIT("manjaro"), STELLA_SV_INIT("manjaro.org")},
                     {STELLA_SV_INIT("msys2"), STELLA_SV_INIT("msys2.org")}};
    const stella_sv host = domain_of(packager);
    for (size_t i = 0; i < STELLA_COUNT(packagers); i++)
        if (stella_sv_eq(packagers[i].id, id.len ? id : STELLA_SV("arch")) && is_in_domain(host, packagers[i].domain))
            return STELLA_COMPONENT_VENDOR;
    return 0;
}

uint32_t vendor_of_opkg(stella_sv id) {
    return flag(stella_sv_eq(id, STELLA_SV("openwrt")));
}

uint32_t vendor_of_ebuild(stella_sv repository) {
    return flag(stella_sv_eq(stella_sv_trim(repository), STELLA_SV("gentoo")));
}

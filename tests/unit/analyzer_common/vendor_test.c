#include "check.h"

#include "common/vendor.h"

#define OWN STELLA_COMPONENT_VENDOR

typedef struct expectation {
    const char *id, *who, *version;
    uint32_t is;
} expectation;

typedef uint32_t rule(stella_sv id, stella_sv who, stella_sv version);

static void hold(const expectation *list, rule *of) {
    for (; list->who; list++)
        if (of(stella_sv_cstr(list->id), stella_sv_cstr(list->who), stella_sv_cstr(list->version)) != list->is)
            fail_msg("%s, \"%s\" %s: expected %u", list->id, list->who, list->version, list->is);
}

static uint32_t rpm(stella_sv id, stella_sv who, stella_sv version) {
    (void)version;
    return vendor_of_rpm(id, who);
}

static uint32_t apk(stella_sv id, stella_sv who, stella_sv version) {
    (void)version;
    return vendor_of_apk(id, who);
}

static uint32_t alpm(stella_sv id, stella_sv who, stella_sv version) {
    (void)version;
    return vendor_of_alpm(id, who);
}

static void debian_packages_are_debians_by_their_maintainers_address(void **state) {
    static const expectation list[] = {
        {"debian", "Santiago Vila <sanvila@debian.org>", "12.4+deb12u15", OWN},
        {"debian", "GNU Libc Maintainers <debian-glibc@lists.debian.org>", "2.36-9+deb12u10", OWN},
        {"debian", "Debian Perl Group <x@alioth-lists.debian.net>", "1", OWN},
        {"debian", "bare@debian.org", "1", OWN},
        {"", "Santiago Vila <sanvila@debian.org>", "1", OWN},
        {"debian", "Someone <x@notdebian.org>", "1", 0},
        {"debian", "Someone <x@debian.org.example.com>", "1", 0},
        {"debian", "debian.org <x@example.com>", "1", 0},
        {"debian", "debian.org", "1", 0},
        {"debian", "", "1", 0},
        {"debian", "Ivan Iguaran <ivan@nodesource.com>", "20.11.0-1nodesource1", 0},
        {"debian", "Docker <support@docker.com>", "5:26.0.0-1~debian.12~bookworm", 0},
        {"debian", "NGINX Packaging <nginx-packaging@f5.com>", "1.25.4-1~bookworm", 0},
        {"debian", "HashiCorp <hello@hashicorp.com>", "1.7.5-1", 0},
        {"debian", "Chrome Linux Team <chromium-dev@chromium.org>", "123.0.6312.58-1", 0},
        {"debian", "Debian PostgreSQL Maintainers <team+postgresql@tracker.debian.org>", "16.2-1.pgdg120+2", 0},
        {"debian", "Debian PHP Maintainers <team+pkg-php@tracker.debian.org>",
         "8.3.4-1+0~20240314.39+debian12~1.gbpf3e10b", 0},
        {"unheard-of", "Santiago Vila <sanvila@debian.org>", "1", 0},
        {0}};
    (void)state;
    hold(list, vendor_of_deb);
}

static void of_ubuntu_and_others_the_familys_domains_count(void **state) {
    static const expectation list[] = {
        {"ubuntu", "Ubuntu Developers <ubuntu-devel-discuss@lists.ubuntu.com>", "1", OWN},
        {"ubuntu", "Matthias Klose <matthias.klose@canonical.com>", "1", OWN},
        {"ubuntu", "Santiago Vila <sanvila@debian.org>", "1", 0}, /* Ubuntu's builders name Ubuntu */
        {"ubuntu", "Ubuntu Developers <x@lists.ubuntu.com>", "3.12.1-1~ppa1~jammy", 0},
        {"raspbian", "Serge <serge@raspberrypi.com>", "1", OWN},
        {"kali", "Kali Developers <devel@kali.org>", "1", OWN},
        {"pop", "Jeremy <jeremy@system76.com>", "1", OWN},
        {0}};
    (void)state;
    hold(list, vendor_of_deb);
}

static void rpm_packages_are_the_distributions_by_their_vendor(void **state) {
    static const expectation list[] = {{"rhel", "Red Hat, Inc.", "", OWN},
                                       {"rhel", "Fedora Project", "", 0}, /* EPEL */
                                       {"rhel", "NodeSource", "", 0},
                                       {"rhel", "", "", 0},
                                       {"fedora", "Fedora Project", "", OWN},
                                       {"fedora", "Fedora Copr - user group_x", "", 0},
                                       {"centos", "CentOS", "", OWN},
                                       {"centos", "Red Hat, Inc.", "", OWN},
                                       {"rocky", "Rocky Enterprise Software Foundation", "", OWN},
                                       {"rocky", "Red Hat, Inc.", "", 0},
                                       {"almalinux", "AlmaLinux", "", OWN},
                                       {"ol", "Oracle America", "", OWN},
                                       {"ol", "Oracle and/or its affiliates", "", 0}, /* MySQL's repository */
                                       {"sles", "SUSE LLC <https://www.suse.com/>", "", OWN},
                                       {"opensuse-leap", "openSUSE", "", OWN},
                                       {"opensuse-leap", "SUSE LLC <https://www.suse.com/>", "", OWN},
                                       {"opensuse-leap", "obs://build.opensuse.org/home:user", "", 0},
                                       {"amzn", "Amazon Linux", "", OWN},
                                       {"amzn", "Amazon.com", "", OWN},
                                       {"amzn", "", "", OWN},
                                       {"amzn", "(none)", "", OWN},
                                       {"amzn", "Docker", "", 0},
                                       {"azurelinux", "Microsoft Corporation", "", OWN},
                                       {"mariner", "Microsoft Corporation", "", OWN},
                                       {"photon", "VMware, Inc.", "", OWN},
                                       {"", "Red Hat, Inc.", "", OWN},
                                       {"", "Somebody", "", 0},
                                       {"", "", "", 0},
                                       {0}};
    (void)state;
    hold(list, rpm);
}

static void apk_packages_are_the_distributions_unless_their_maintainer_has_a_repository_of_his_own(void **state) {
    static const expectation list[] = {{"alpine", "Natanael Copa <ncopa@alpinelinux.org>", "", OWN},
                                       {"alpine", "TBK <alpine@jjtc.eu>", "", OWN},
                                       {"alpine", "", "", OWN},
                                       {"wolfi", "", "", OWN},
                                       {"chainguard", "", "", OWN},
                                       {"", "", "", OWN},
                                       {"alpine", "NGINX Packaging <nginx-packaging@f5.com>", "", 0},
                                       {"alpine", "OpenResty <admin@openresty.com>", "", 0},
                                       {"own-linux", "Me <me@example.com>", "", 0},
                                       {0}};
    (void)state;
    hold(list, apk);
}

static void pacmans_packages_are_the_distributions_when_its_packagers_built_them(void **state) {
    static const expectation list[] = {{"arch", "Felix Yan <felixonmars@archlinux.org>", "", OWN},
                                       {"", "Felix Yan <felixonmars@archlinux.org>", "", OWN},
                                       {"arch", "Unknown Packager", "", 0},
                                       {"arch", "Me <me@example.com>", "", 0},
                                       {"manjaro", "Philip <philm@manjaro.org>", "", OWN},
                                       {"manjaro", "Felix Yan <felixonmars@archlinux.org>", "", OWN},
                                       {"archarm", "Felix Yan <felixonmars@archlinux.org>", "", 0},
                                       {0}};
    (void)state;
    hold(list, alpm);
}

static void of_opkg_openwrt_and_of_portage_gentoos_own_tree_count(void **state) {
    (void)state;
    assert_int_equal(vendor_of_opkg(STELLA_SV("openwrt")), OWN);
    assert_int_equal(vendor_of_opkg(STELLA_SV("poky")), 0);
    assert_int_equal(vendor_of_opkg(STELLA_SV("")), 0);
    assert_int_equal(vendor_of_ebuild(STELLA_SV("gentoo\n")), OWN);
    assert_int_equal(vendor_of_ebuild(STELLA_SV("guru\n")), 0);
    assert_int_equal(vendor_of_ebuild(STELLA_SV("")), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(debian_packages_are_debians_by_their_maintainers_address),
        cmocka_unit_test(of_ubuntu_and_others_the_familys_domains_count),
        cmocka_unit_test(rpm_packages_are_the_distributions_by_their_vendor),
        cmocka_unit_test(apk_packages_are_the_distributions_unless_their_maintainer_has_a_repository_of_his_own),
        cmocka_unit_test(pacmans_packages_are_the_distributions_when_its_packagers_built_them),
        cmocka_unit_test(of_opkg_openwrt_and_of_portage_gentoos_own_tree_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

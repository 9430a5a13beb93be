/* Kernels and modules: excerpts of Debian's, made ones for what those do not have, and broken ones. */
#include "lang_run.h"

#include "common/binary/elf.h"
#include "gzip.h"
#include "kernel/describe.h"

#define TREE    STELLA_SOURCE_DIR "/tests/data/kernel/tree"
#define MODULE  "lib/modules/6.1.0-50-cloud-amd64/kernel/drivers/net/virtio_net.ko"
#define VMLINUZ "boot/vmlinuz-6.1.0-50-cloud-amd64"
#define BANNER  "Linux version 6.6.8 (me@here) (gcc 12) #1 SMP\n"

static stella_sv read_tree(const char *path, stella_arena *arena) {
    char full[512];
    snprintf(full, sizeof full, "%s/%s", TREE, path);
    FILE *file = fopen(full, "rb");
    assert_non_null(file);
    char *bytes = stella_arena_alloc(arena, 1, 1u << 17);
    const size_t len = fread(bytes, 1, 1u << 17, file);
    fclose(file);
    return stella_sv_of(bytes, len);
}

static void states_a_kernel_and_its_modules(void **state) {
    (void)state;
    matches_golden("kernel", "tree", 5, 6);
}

static void says_the_same_whatever_the_pieces(void **state) {
    (void)state;
    const char *const root = TREE;
    STELLA_AUTO(stella_buf_fini) stella_buf whole = run_as(NULL, &root, 1, 0);
    STELLA_AUTO(stella_buf_fini) stella_buf bytes = run_as(NULL, &root, 1, 1);
    STELLA_AUTO(stella_buf_fini) stella_buf sevens = run_as(NULL, &root, 1, 7);
    assert_true(stella_sv_eq(stella_buf_sv(&whole), stella_buf_sv(&bytes)));
    assert_true(stella_sv_eq(stella_buf_sv(&whole), stella_buf_sv(&sevens)));
}

/* An image with that text at 56 and a banner, far from the beginning. */
static stella_sv image_of(stella_sv magic, stella_arena *arena) {
    const size_t size = (512u << 10) + 300;
    char *bytes = stella_arena_alloc(arena, 1, size);
    memcpy(bytes + 56, magic.ptr, magic.len);
    memcpy(bytes + (256u << 10) - 20, BANNER, sizeof BANNER); /* spans the end of a window */
    return stella_sv_of(bytes, size);
}

static void finds_the_banner_of_images_without_a_header_for_it(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(64u << 20);
    STELLA_AUTO(stella_buf_fini) stella_buf arm = run_file("boot/vmlinuz-6", image_of(STELLA_SV("ARM\x64"), arena));
    assert_true(has(&arm, "pkg:generic/linux-kernel@6.6.8\""));
    assert_true(has(&arm, "cpe:2.3:o:linux:linux_kernel:6.6.8:"));
    STELLA_AUTO(stella_buf_fini) stella_buf risc = run_file("usr/x/Image", image_of(STELLA_SV("RSC\x05"), arena));
    assert_true(has(&risc, "riscv64"));
    const stella_sv packed = gzip_of(image_of(STELLA_SV("ARM\x64"), arena));
    STELLA_AUTO(stella_buf_fini) stella_buf gz = run_file("boot/vmlinuz", packed);
    assert_true(has(&gz, "pkg:generic/linux-kernel@6.6.8\""));
    STELLA_AUTO(stella_buf_fini) stella_buf other = run_file("boot/initrd.img", packed);
    assert_false(has(&other, "\"ref\""));
    STELLA_AUTO(stella_buf_fini) stella_buf cut = run_file("boot/vmlinuz", stella_sv_first(packed, packed.len / 2));
    assert_true(has(&cut, "\"severity\": 2") || has(&cut, "gzip"));
    free((void *)(uintptr_t)packed.ptr);
}

static void unpacks_the_kernel_that_efi_starts(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(64u << 20);
    const stella_sv packed = gzip_of(image_of(STELLA_SV("ARM\x64"), arena));
    char *bytes = stella_arena_alloc(arena, 1, 0x2000 + packed.len);
    memcpy(bytes, "MZ\0\0zimg\0\x20\0\0", 12);
    memcpy(bytes + 0x2000, packed.ptr, packed.len);
    STELLA_AUTO(stella_buf_fini)
    stella_buf text = run_file("usr/lib/modules/6.6.8/vmlinuz", stella_sv_of(bytes, 0x2000 + packed.len));
    assert_true(has(&text, "pkg:generic/linux-kernel@6.6.8\""));
    memset(bytes + 8, 0xff, 4);
    STELLA_AUTO(stella_buf_fini) stella_buf far = run_file("boot/vmlinuz", stella_sv_of(bytes, 0x2000));
    assert_true(has(&far, "out of reach"));
    memcpy(bytes + 8, "\0\x04\0\0", 4);
    STELLA_AUTO(stella_buf_fini) stella_buf strange = run_file("boot/vmlinuz", stella_sv_of(bytes, 0x2000));
    assert_true(has(&strange, "neither with gzip nor zstd nor xz"));
    free((void *)(uintptr_t)packed.ptr);
}

static void tells_the_version_of_the_sources(void **state) {
    (void)state;
    const struct {
        stella_sv release, banner, upstream;
    } cases[] = {
        {STELLA_SV("6.1.0-50-cloud-amd64"), STELLA_SV("#1 SMP Debian 6.1.176-1 (2026-07-02)"), STELLA_SV("6.1.176")},
        {STELLA_SV("6.6.8-200.fc39.x86_64"), STELLA_SV("#1 SMP"), STELLA_SV("6.6.8")},
        {STELLA_SV("5.15.0-91-generic"), STELLA_SV("#101-Ubuntu SMP"), STELLA_SV("")},
        {STELLA_SV("6.6.0"), STELLA_SV(""), STELLA_SV("6.6.0")},
        {STELLA_SV(""), STELLA_SV(""), STELLA_SV("")},
    };
    for (size_t i = 0; i < STELLA_COUNT(cases); i++)
        assert_true(stella_sv_eq(describe_upstream(cases[i].release, cases[i].banner), cases[i].upstream));
}

static void takes_only_banners(void **state) {
    (void)state;
    static const char *const others[] = {"Linux version %s (%s)", "Linux version 6.1", "Linux version is 6 (", ""};
    int is_cut;
    for (size_t i = 0; i < STELLA_COUNT(others); i++)
        assert_int_equal(image_find_banner(stella_sv_cstr(others[i]), &is_cut).len, 0);
    const stella_sv text = STELLA_SV("Linux version x Linux version 6.6.8+ (a) b\nLinux version 1.0 (x)\n");
    assert_true(stella_sv_eq(image_find_banner(text, &is_cut), STELLA_SV("6.6.8+ (a) b")));
}

static void a_kernel_without_a_version_is_a_kernel(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
    const stella_sv good = read_tree(VMLINUZ, arena);
    char *bytes = stella_arena_alloc(arena, 1, good.len);
    memcpy(bytes, good.ptr, good.len);
    memset(bytes + 0x20e, 0, 2);
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_file("boot/vmlinuz", stella_sv_of(bytes, good.len));
    assert_true(has(&text, "pkg:generic/linux-kernel\""));
    memset(bytes + 0x20e, 0xff, 2); /* beyond the end */
    STELLA_AUTO(stella_buf_fini) stella_buf far = run_file("boot/vmlinuz", stella_sv_of(bytes, good.len));
    assert_true(has(&far, "pkg:generic/linux-kernel\""));
    STELLA_AUTO(stella_buf_fini) stella_buf cut = run_file("boot/vmlinuz", stella_sv_first(good, 0x205));
    assert_false(has(&cut, "\"ref\""));
}

/* ---- modules */

static void a_broken_file_leaves_the_others_alone(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
    const stella_sv virtio = read_tree(MODULE, arena);
    const lang_good good = {"lib/good.ko", virtio, "pkg:generic/linux-kernel/virtio_net@"};
    survives_beside(&good, "lib/bad.ko", virtio);
    survives_beside(&good, "boot/vmlinuz", read_tree(VMLINUZ, arena));
    survives_beside(&good, "lib/bad.ko.xz",
                    read_tree("lib/modules/6.1.0-50-cloud-amd64/kernel/drivers/net/net_failover.ko.xz", arena));
    survives_beside(&good, "lib/bad.ko.zst",
                    read_tree("lib/modules/6.1.0-50-cloud-amd64/kernel/net/core/failover.ko.zst", arena));
}

static void a_section_table_beyond_the_end_is_noted(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
    const stella_sv good = read_tree(MODULE, arena);
    char *bytes = stella_arena_alloc(arena, 1, good.len);
    memcpy(bytes, good.ptr, good.len);
    memset(bytes + 0x28, 0x7f, 8); /* e_shoff */
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_file("lib/x.ko", stella_sv_of(bytes, good.len));
    assert_false(has(&text, "\"ref\""));
    assert_true(has(&text, "lib/x.ko"));
    memcpy(bytes, good.ptr, good.len);
    memset(bytes + 0x3c, 0xff, 2); /* e_shnum */
    STELLA_AUTO(stella_buf_fini) stella_buf many = run_file("lib/x.ko", stella_sv_of(bytes, good.len));
    assert_true(has(&many, "lib/x.ko"));
}

/* The module with its .modinfo replaced, as far as there is room. */
static stella_sv with_info(stella_sv from, const char *info, size_t len, stella_arena *arena) {
    elf_file elf;
    elf_section section;
    char *bytes = stella_arena_alloc(arena, 1, from.len);
    memcpy(bytes, from.ptr, from.len);
    assert_int_equal(elf_open(stella_sv_of(bytes, from.len), &elf, NULL), STELLA_OK);
    assert_true(elf_section_named(&elf, STELLA_SV(".modinfo"), &section));
    assert_true(len <= section.bytes.len);
    char *at = bytes + (section.bytes.ptr - bytes);
    memset(at, 0, section.bytes.len);
    memcpy(at, info, len);
    return stella_sv_of(bytes, from.len);
}

#define INFO(literal) literal, sizeof(literal)

static void reads_what_modules_say(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
    const stella_sv virtio = read_tree(MODULE, arena);
    STELLA_AUTO(stella_buf_fini)
    stella_buf old =
        run_file("lib/snd-pcm.ko", with_info(virtio, INFO("version=1.2\0license=GPL\0author=A\0author=B"), arena));
    assert_true(has(&old, "pkg:generic/linux-kernel/snd_pcm@1.2\""));
    assert_true(has(&old, "A, B"));
    assert_true(has(&old, "\"no\""));
    STELLA_AUTO(stella_buf_fini)
    stella_buf blank =
        run_file("lib/x.ko", with_info(virtio, INFO("version=1 beta\0license=MIT\0name=x\0vermagic=6.6.8 SMP"), arena));
    assert_true(has(&blank, "pkg:generic/linux-kernel/x\""));
    STELLA_AUTO(stella_buf_fini)
    stella_buf evil = run_file("lib/x.ko", with_info(virtio, INFO("name=../x\0license=GPL\0vermagic=6 SMP"), arena));
    assert_false(has(&evil, "\"ref\""));
    assert_true(has(&evil, "without a valid name"));
    STELLA_AUTO(stella_buf_fini)
    stella_buf control = run_file(
        "lib/x.ko", with_info(virtio, INFO("name=x\0license=G\x1b[PL\0description=\xff\0vermagic=6 SMP"), arena));
    assert_true(has(&control, "pkg:generic/linux-kernel/x\""));
    assert_false(has(&control, "\"licenses\""));
    STELLA_AUTO(stella_buf_fini) stella_buf none = run_file("lib/x.ko", with_info(virtio, INFO("=\0==\0x"), arena));
    assert_false(has(&none, "\"ref\""));
}

static void dependencies_are_found_under_either_spelling(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    const stella_sv virtio = read_tree(MODULE, arena);
    scratch_write(&root, "lib/md-mod.ko", with_info(virtio, INFO("name=md_mod\0vermagic=6.6.8 SMP"), arena));
    scratch_write(&root, "lib/raid0.ko",
                  with_info(virtio, INFO("name=raid0\0depends=md-mod\0vermagic=6.6.8 SMP"), arena));
    scratch_write(&root, "lib/raid1.ko",
                  with_info(virtio, INFO("name=raid1\0depends=md-mod\0vermagic=6.6.9 SMP"), arena));
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(root.path);
    assert_int_equal(count_of(&text, "\"from\""), 1); /* the other one is of another release */
    assert_int_equal(count_of(&text, "\"from\": \"pkg:generic/linux-kernel/raid0\""), 1);
}

static void a_module_that_unpacks_without_end_is_refused(void **state) {
    (void)state;
    const size_t size = 257u << 20;
    char *zeros = calloc(1, size);
    assert_non_null(zeros);
    const stella_sv bomb = gzip_of(stella_sv_of(zeros, size));
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_file("lib/x.ko.gz", bomb);
    assert_true(has(&text, "inflates to more than its limit"));
    free(zeros);
    free((void *)(uintptr_t)bomb.ptr);
}

static void any_allocation_may_fail(void **state) {
    (void)state;
    fail_each_allocation(TREE, 20);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(states_a_kernel_and_its_modules),
        cmocka_unit_test(says_the_same_whatever_the_pieces),
        cmocka_unit_test(finds_the_banner_of_images_without_a_header_for_it),
        cmocka_unit_test(unpacks_the_kernel_that_efi_starts),
        cmocka_unit_test(tells_the_version_of_the_sources),
        cmocka_unit_test(takes_only_banners),
        cmocka_unit_test(a_kernel_without_a_version_is_a_kernel),
        cmocka_unit_test(a_broken_file_leaves_the_others_alone),
        cmocka_unit_test(a_section_table_beyond_the_end_is_noted),
        cmocka_unit_test(reads_what_modules_say),
        cmocka_unit_test(dependencies_are_found_under_either_spelling),
        cmocka_unit_test(a_module_that_unpacks_without_end_is_refused),
        cmocka_unit_test(any_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

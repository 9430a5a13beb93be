#include "check.h"
#include "common/xml/xml.h"

#include <stella/auto.h>
#include <stella/sink.h>

#define BUDGET (64u << 20)

static const xml_node *parse(stella_sv text, stella_arena *arena) {
    const xml_node *root = NULL;
    stella_error err = {0};
    if (xml_parse(text, arena, &root, &err) != STELLA_OK)
        fail_msg("%s: %s", err.path, err.message);
    return root;
}

static void refuses(stella_sv text, stella_status code, const char *path, const char *message) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(BUDGET);
    const xml_node mark = {0}, *root = &mark;
    stella_error err = {0};
    assert_int_equal(xml_parse(text, arena, &root, &err), code);
    assert_ptr_equal(root, &mark);
    assert_int_equal(err.code, code);
    assert_string_equal(err.path, path);
    assert_non_null(strstr(err.message, message));
}

static void is(stella_sv got, const char *expected) {
    if (!stella_sv_eq(got, stella_sv_cstr(expected)))
        fail_msg("\"%.*s\" is not \"%s\"", STELLA_SV_FMT(got), expected);
}

static void reads_elements_texts_attributes_and_lines(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(BUDGET);
    const xml_node *root =
        parse(STELLA_SV("<?xml version=\"1.0\"?>\n<project>\n  <a x='1' y=\"&lt;two&gt;\"> one <b/>two"
                        "<![CDATA[<&>]]> </a>\n  <c> \n </c><a>again</a>\n</project>\n"),
              arena);
    const xml_node *a = xml_child(root, "a");
    is(root->name, "project");
    is(a->text, " one two<&> ");
    is(xml_text(a), "one two<&>");
    is(xml_value(a, "x"), "1");
    is(xml_value(a, "y"), "<two>");
    assert_null(xml_value(a, "z").ptr);
    assert_int_equal(root->line, 2);
    assert_int_equal(a->line, 3);
    is(xml_child_text(root, "c"), "");
    is(xml_text(xml_again(a)), "again");
    assert_int_equal(xml_again(a)->line, 5);
    assert_null(xml_again(xml_again(a)));
}

static void what_is_absent_is_empty(void **state) {
    (void)state;
    assert_null(xml_child(NULL, "a"));
    assert_null(xml_again(NULL));
    assert_int_equal(xml_text(NULL).len, 0);
    assert_int_equal(xml_child_text(NULL, "a").len, 0);
    assert_null(xml_value(NULL, "a").ptr);
}

static void knows_namespaces_where_they_are_in_force(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(BUDGET);
    const xml_node *root = parse(STELLA_SV("<r xmlns='urn:one' xmlns:p='urn:two' p:v='1' v='2' xml:lang='en'>"
                                           "<p:a/><b xmlns='urn:three'><c/></b><b/><d xmlns=''/></r>"),
                                 arena);
    const xml_node *b = xml_child(root, "b");
    is(root->namespace_, "urn:one");
    is(xml_child(root, "a")->namespace_, "urn:two");
    is(b->namespace_, "urn:three");
    is(b->children->namespace_, "urn:three");
    is(xml_again(b)->namespace_, "urn:one");
    is(xml_child(root, "d")->namespace_, "");
    assert_int_equal(root->attribute_count, 3);
    is(root->attributes[0].namespace_, "urn:two");
    is(root->attributes[2].namespace_, "http://www.w3.org/XML/1998/namespace");
    is(xml_value(root, "v"), "2");
}

static void a_prefix_that_nothing_binds_is_tolerated(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(BUDGET);
    const xml_node *root = parse(STELLA_SV("<p:r xsi:schemaLocation='x'/>"), arena);
    is(root->name, "r");
    is(root->namespace_, "");
}

static void reads_other_encodings(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(BUDGET);
    static const char wide[] = "\xff\xfe<\0a\0>\0\xe9\0<\0/\0a\0>\0";
    is(parse(STELLA_SV("<?xml version='1.0' encoding='ISO-8859-1'?><a>\xe9</a>"), arena)->text, "\xc3\xa9");
    is(parse(stella_sv_of(wide, sizeof wide - 1), arena)->text, "\xc3\xa9");
    is(parse(STELLA_SV("\xef\xbb\xbf<a>b</a>"), arena)->text, "b");
}

static void refuses_what_is_not_well_formed_and_says_the_line(void **state) {
    (void)state;
    refuses(STELLA_SV(""), STELLA_E_FORMAT, "line 1", "no element");
    refuses(STELLA_SV("<a>\n<b>\n</a>"), STELLA_E_FORMAT, "line 3", "mismatched tag");
    refuses(STELLA_SV("<a>\n<b>"), STELLA_E_FORMAT, "line 2", "no element");
    refuses(STELLA_SV("<a>\n\xff</a>"), STELLA_E_FORMAT, "line 2", "invalid token");
    refuses(STELLA_SV("<a>\x01</a>"), STELLA_E_FORMAT, "line 1", "invalid token");
    refuses(STELLA_SV("<a/><a/>"), STELLA_E_FORMAT, "line 1", "junk after");
    refuses(STELLA_SV("<a b='1' b='2'/>"), STELLA_E_FORMAT, "line 1", "duplicate attribute");
    refuses(STELLA_SV("<a>&oslash;</a>"), STELLA_E_FORMAT, "line 1", "undefined entity");
    refuses(STELLA_SV("<?xml version='1.0' encoding='EBCDIC'?><a/>"), STELLA_E_FORMAT, "line 1", "unknown encoding");
}

static void refuses_entities_before_they_are_used(void **state) {
    (void)state;
    static const char *const why = "declares entities";
    refuses(STELLA_SV("<!DOCTYPE a [\n<!ENTITY b \"cc\">\n]><a>&b;</a>"), STELLA_E_FORMAT, "line 2", why);
    refuses(STELLA_SV("<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><a/>"), STELLA_E_FORMAT, "line 1", why);
    refuses(STELLA_SV("<!DOCTYPE a [<!ENTITY % b \"<!ELEMENT a ANY>\"> %b;]><a/>"), STELLA_E_FORMAT, "line 1", why);
}

static void a_document_type_without_entities_is_passed_over(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(BUDGET);
    is(parse(
           STELLA_SV("<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \"http://www.apple.com/x.dtd\"><plist/>"),
           arena)
           ->name,
       "plist");
}

static void the_lenient_reader_shows_where_a_named_character_stood(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(BUDGET);
    const xml_node *root = NULL;
    stella_error err = {0};
    assert_int_equal(xml_parse_lenient(STELLA_SV("<a>Laugst&oslash;l</a>"), arena, &root, &err), STELLA_OK);
    is(root->text, "Laugst\xef\xbf\xbdl");
    assert_int_equal(xml_parse_lenient(STELLA_SV("<!DOCTYPE a SYSTEM 'x.dtd'><a>b&c;</a>"), arena, &root, &err),
                     STELLA_OK);
    is(root->text, "b\xef\xbf\xbd");
    assert_int_equal(xml_parse_lenient(STELLA_SV("<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>"), arena, &root, &err),
                     STELLA_E_FORMAT);
    assert_int_equal(xml_parse_lenient(STELLA_SV("<a>"), arena, &root, &err), STELLA_E_FORMAT);
}

static void repeat(stella_buf *text, const char *piece, uint32_t count) {
    for (uint32_t i = 0; i < count; i++)
        stella_buf_add(text, stella_sv_cstr(piece));
}

static void nests_to_the_limit_and_no_deeper(void **state) {
    (void)state;
    for (uint32_t depth = XML_DEPTH_MAX; depth <= XML_DEPTH_MAX + 1; depth++) {
        STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(BUDGET);
        STELLA_AUTO(stella_buf_fini) stella_buf text = stella_buf_of(4096);
        const xml_node *root = NULL;
        repeat(&text, "<a>", depth);
        repeat(&text, "</a>", depth);
        assert_int_equal(xml_parse(stella_buf_sv(&text), arena, &root, NULL),
                         depth > XML_DEPTH_MAX ? STELLA_E_LIMIT : STELLA_OK);
    }
}

static void attributes_and_namespaces_have_limits(void **state) {
    (void)state;
    for (uint32_t is_binding = 0; is_binding < 2; is_binding++) {
        STELLA_AUTO(stella_buf_fini) stella_buf text = stella_buf_of(1u << 20);
        repeat(&text, "<a", 1);
        for (uint32_t i = 0; i <= XML_ATTRIBUTES_MAX; i++)
            stella_buf_printf(&text, is_binding ? " xmlns:n%u='u%u'" : " n%u='%u'", i, i);
        repeat(&text, "/>", 1);
        refuses(stella_buf_sv(&text), STELLA_E_LIMIT, "line 1", is_binding ? "namespaces" : "attributes");
    }
}

static void a_tree_stays_within_the_arena(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
    STELLA_AUTO(stella_buf_fini) stella_buf text = stella_buf_of(1u << 20);
    const xml_node *root = NULL;
    stella_error err = {0};
    repeat(&text, "<a>", 1);
    repeat(&text, "<b/>", 20000);
    repeat(&text, "</a>", 1);
    assert_int_equal(xml_parse(stella_buf_sv(&text), arena, &root, &err), STELLA_E_NOMEM);
    assert_null(root);
}

static void a_text_that_expat_hands_out_in_pieces_is_one(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(BUDGET);
    STELLA_AUTO(stella_buf_fini) stella_buf text = stella_buf_of(8u << 20);
    repeat(&text, "<a>", 1);
    repeat(&text, "0123456789\xc3\xa9\n", 200000);
    repeat(&text, "</a>", 1);
    assert_int_equal(parse(stella_buf_sv(&text), arena)->text.len, 200000 * 13);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_elements_texts_attributes_and_lines),
        cmocka_unit_test(what_is_absent_is_empty),
        cmocka_unit_test(knows_namespaces_where_they_are_in_force),
        cmocka_unit_test(a_prefix_that_nothing_binds_is_tolerated),
        cmocka_unit_test(reads_other_encodings),
        cmocka_unit_test(refuses_what_is_not_well_formed_and_says_the_line),
        cmocka_unit_test(refuses_entities_before_they_are_used),
        cmocka_unit_test(a_document_type_without_entities_is_passed_over),
        cmocka_unit_test(the_lenient_reader_shows_where_a_named_character_stood),
        cmocka_unit_test(nests_to_the_limit_and_no_deeper),
        cmocka_unit_test(attributes_and_namespaces_have_limits),
        cmocka_unit_test(a_tree_stays_within_the_arena),
        cmocka_unit_test(a_text_that_expat_hands_out_in_pieces_is_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

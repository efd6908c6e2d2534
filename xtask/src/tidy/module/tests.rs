//! Planted violations of the two rules, and code that looks like one and is none.

use rstest::rstest;

use super::{Krate, findings};
use crate::tidy::source::SourceFile;

const TABLE: &str = "# Architecture\n\n## Layers\n\n### `planted`\n\n| module | may import |\n|---|---|\n| `low`, `other` | nothing |\n| `middle` | `low` |\n| `high` | everything above |\n\n## Decisions\n";

/// What is found in a crate of these files; those of the table that are not among them are empty.
fn found(files: &[(&str, &str)]) -> Vec<String> {
    let mut all = vec![
        ("lib.rs", "//! A.\nmod high; mod low; mod middle; mod other;\n"),
        ("low.rs", ""),
        ("middle.rs", ""),
        ("high.rs", ""),
        ("other.rs", ""),
    ];
    all.retain(|(path, _)| !files.iter().any(|(other, _)| other == path));
    all.extend_from_slice(files);
    let files: Vec<_> =
        all.iter().map(|(path, text)| SourceFile::new(&format!("planted/src/{path}"), text)).collect();
    findings(Krate { name: "planted", sources: "planted/src" }, &files, TABLE)
}

#[test]
fn a_planted_circle_is_found_by_the_names_of_its_files() {
    let found = found(&[
        ("low.rs", "use crate::other::A;\npub struct B;\n"),
        ("other.rs", "pub struct A;\n\nfn f() { crate::low::B; }\n"),
    ]);
    assert_eq!(
        found,
        [
            "planted/src/low.rs: circle of modules: low.rs, other.rs (low.rs:1 names crate::other::A of other.rs; other.rs:3 names crate::low::B of low.rs)"
        ]
    );
}

#[test]
fn a_planted_import_against_the_layers_is_found_by_its_line() {
    let found = found(&[("low.rs", "\nuse crate::middle::A;\n"), ("middle.rs", "pub struct A;\n")]);
    assert_eq!(
        found,
        [
            "planted/src/low.rs:2: layers: `low` may not import `middle`, and this names crate::middle::A of middle.rs"
        ]
    );
}

#[rstest]
#[case::item_of_the_parent("mod child; use child::A; pub struct B;", "use super::B; pub struct A;")]
#[case::call_of_a_re_export(
    "mod child; pub use child::f; fn g() { f() } pub struct B;",
    "use super::B; pub fn f() {}"
)]
#[case::type_in_a_signature("mod child; pub struct B(child::A);", "pub struct A; fn f(b: super::B) {}")]
#[case::absolute_path(
    "mod child; fn f() { child::g(crate::low::B) } pub struct B;",
    "pub fn g(_: crate::low::B) {}"
)]
#[case::tokens_of_a_macro(
    "mod child; fn f() { view! { <child::Part/> } } pub struct B;",
    "use super::B; pub fn Part() {}"
)]
#[case::name_of_a_glob("mod child; use child::*; pub struct B; struct C(A);", "pub struct A; use super::B;")]
#[case::function_in_a_string(
    "mod child; pub fn f() {} use child::A;",
    "pub struct A { #[serde(default = \"super::f\")] a: u8 }"
)]
#[case::import_inside_a_function(
    "mod child; pub struct B; fn f() { use child::A; }",
    "use super::B; pub struct A;"
)]
#[case::renamed("mod child; pub struct B; use child::A as C;", "use super::B as D; pub struct A;")]
#[case::group_with_self("mod child; pub struct B; use child::{self, A};", "use super::{B}; pub struct A;")]
#[case::macro_by_its_path(
    "mod child; use child::A; macro_rules! m { () => {} } pub(crate) use m;",
    "pub struct A; fn f() { super::m!() }"
)]
fn parent_and_child_that_need_each_other_are_a_circle(#[case] parent: &str, #[case] child: &str) {
    let found = found(&[("low.rs", parent), ("low/child.rs", child)]);
    assert!(
        found.iter().any(|finding| finding.contains("circle of modules: low.rs, low/child.rs")),
        "{found:?}"
    );
}

#[rstest]
#[case::re_export("mod child; pub(crate) use child::A; pub struct B;", "use super::B; pub struct A;")]
#[case::declaration("pub mod child; pub struct B;", "use super::B;")]
#[case::unit_tests(
    "mod child; pub struct B; #[cfg(test)] mod tests { use super::child::A; }",
    "use super::B; pub struct A;"
)]
#[case::test_only_import(
    "mod child; pub struct B; #[cfg(test)] use child::A;",
    "use super::B; pub struct A;"
)]
#[case::other_crate("mod child; pub struct B; use http::A;", "use super::B; pub struct A;")]
#[case::comment("mod child; pub struct B; /// [`child::A`]\nfn f() {}", "use super::B; pub struct A;")]
fn what_needs_only_one_way_is_no_circle(#[case] parent: &str, #[case] child: &str) {
    assert_eq!(found(&[("low.rs", parent), ("low/child.rs", child)]), Vec::<String>::new());
}

#[test]
fn a_circle_of_three_siblings_is_found_through_their_parents_re_exports() {
    let found = found(&[
        ("low.rs", "mod a; mod b; mod c; pub use a::A; pub use b::B; pub use c::C;"),
        ("low/a.rs", "use super::B; pub struct A;"),
        ("low/b.rs", "use super::C; pub struct B;"),
        ("low/c.rs", "use crate::low::A; pub struct C;"),
    ]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("low/a.rs, low/b.rs, low/c.rs"), "{found:?}");
}

#[test]
fn the_root_may_import_everything_and_is_a_layer_itself() {
    let root = "mod high; mod low; mod middle; mod other; pub use low::A; pub fn f() {}";
    let found =
        found(&[("lib.rs", root), ("low.rs", "pub struct A;"), ("middle.rs", "fn g() { crate::f() }")]);
    assert_eq!(
        found,
        ["planted/src/middle.rs:1: layers: `middle` may not import `lib`, and this names crate::f of lib.rs"]
    );
}

#[test]
fn the_modules_of_a_binary_are_in_the_layers_by_their_own_names() {
    let found = found(&[
        ("bin/tool/main.rs", "mod low; mod middle; mod new;"),
        ("bin/tool/low.rs", "use crate::middle::A;"),
        ("bin/tool/middle.rs", "pub struct A;"),
        ("bin/tool/new.rs", ""),
    ]);
    assert_eq!(
        found,
        [
            "planted/src/bin/tool/low.rs:1: layers: `low` may not import `middle`, and this names crate::middle::A of bin/tool/middle.rs",
            "planted/src/bin/tool/new.rs: its module is in no row of the layer table in ARCHITECTURE.md"
        ]
    );
}

#[test]
fn the_layers_go_by_where_an_item_is_defined_not_by_what_re_exports_it() {
    let root = "mod high; mod low; mod middle; mod other; pub use high::A;";
    let found = found(&[("lib.rs", root), ("high.rs", "pub struct A;"), ("middle.rs", "use crate::A;")]);
    assert!(found[0].contains("`middle` may not import `high`"), "{found:?}");
}

#[test]
fn a_module_without_a_row_a_row_without_a_module_and_a_file_without_a_declaration_are_found() {
    let all =
        found(&[("lib.rs", "mod low; mod middle; mod new; mod other;"), ("new.rs", ""), ("dead.rs", "")]);
    assert!(all.contains(&"planted/src/high.rs: no module declares this file".to_owned()), "{all:?}");
    assert!(all.iter().any(|finding| finding.starts_with("planted/src/new.rs: its module is in no row")));
    let files =
        [SourceFile::new("planted/src/lib.rs", "mod low;"), SourceFile::new("planted/src/low.rs", "")];
    let rows = findings(Krate { name: "planted", sources: "planted/src" }, &files, TABLE);
    assert!(rows.iter().any(|finding| finding.starts_with("planted/src/high: the layer table")), "{rows:?}");
}

#[test]
fn a_crate_without_a_table_and_a_file_that_cannot_be_parsed_are_findings() {
    let files = [SourceFile::new("a/src/lib.rs", "fn {")];
    let found = findings(Krate { name: "a", sources: "a/src" }, &files, TABLE);
    assert!(found[0].starts_with("a/src/lib.rs:1: cannot be parsed"), "{found:?}");
    assert!(found.iter().any(|finding| finding.contains("no table below \"### `a`\"")), "{found:?}");
}

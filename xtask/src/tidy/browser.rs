//! The rules for code that runs in a browser: who may use its interfaces and the document, which calls can panic, and what storage never
//! holds.

use syn::UseTree;
use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};

use super::source::{SourceFile, named};

/// The browser's interfaces, which only the client's edge may name.
const BROWSER_CRATES: &[&str] = &["gloo_net", "js_sys", "web_sys"];

/// Methods of gloo-net that panic or throw on what a page can meet: an answer that is no text, a rejection that is no `Error`, a header
/// that is illegal. Those of its type of header fields, whose names the browser's own type has too, are found by the type.
const PANICKING: &[&str] = &["binary", "form_data", "header", "json", "send", "text"];

/// The most lines of JavaScript that are written by hand in the client.
const SCRIPT_LIMIT: usize = 250;

/// Where a browser keeps things beyond a page.
const STORAGE: &[&str] =
    &["local_storage", "localStorage", "session_storage", "sessionStorage", "indexedDB", "document.cookie"];

/// What must never be kept there.
const SECRETS: &[&str] = &["access_token", "credential", "password", "refresh_token", "secret"];

/// Everything that is wrong with a file, each as `path:line: what`.
pub(super) fn findings(file: &SourceFile) -> Vec<String> {
    let rules = [browser_crates, document, panicking_calls, storage];
    rules.into_iter().flat_map(|rule| rule(file)).collect()
}

/// A finding if the client holds more JavaScript than [`SCRIPT_LIMIT`] lines.
pub(super) fn hand_written(files: &[SourceFile]) -> Option<String> {
    let is_script = |file: &&SourceFile| {
        file.path.starts_with("client-wasm/")
            && [".js", ".mjs"].iter().any(|ending| file.path.ends_with(ending))
    };
    let lines: usize = files.iter().filter(is_script).map(|file| file.text.lines().count()).sum();
    (lines > SCRIPT_LIMIT)
        .then(|| format!("client-wasm: {lines} lines of JavaScript, more than {SCRIPT_LIMIT}"))
}

fn browser_crates(file: &SourceFile) -> Vec<String> {
    let edge = ["client-wasm/src/browser", "client-wasm/src/js"];
    if !file.path.starts_with("client-wasm/src/") || edge.iter().any(|module| file.is_in(module)) {
        return Vec::new();
    }
    named(file, BROWSER_CRATES, "only browser and js may name")
}

/// In the dashboard, a call of `document` outside the modules that know whether the document is the dashboard's own or that of a host
/// page. Tests make their own places in it.
fn document(file: &SourceFile) -> Vec<String> {
    let dashboard = file.is_rust() && file.path.starts_with("dashboard/src/");
    let owners = ["dashboard/src/surface", "dashboard/src/component/browser_tests"];
    if !dashboard || owners.iter().any(|module| file.is_in(module)) {
        return Vec::new();
    }
    let Ok(syntax) = syn::parse_file(&file.text) else { return Vec::new() };
    let mut reader = Documents { path: &file.path, found: Vec::new() };
    reader.visit_file(&syntax);
    reader.found
}

struct Documents<'a> {
    path: &'a str,
    found: Vec<String>,
}

impl Documents<'_> {
    fn add(&mut self, name: &syn::Ident) {
        let line = name.span().start().line;
        self.found.push(format!("{}:{line}: only surface may reach the document", self.path));
    }
}

impl<'ast> Visit<'ast> for Documents<'_> {
    fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
        if let syn::Expr::Path(path) = &*call.func
            && let Some(last) = path.path.segments.last().filter(|last| last.ident == "document")
            && call.args.is_empty()
        {
            self.add(&last.ident);
        }
        visit::visit_expr_call(self, call);
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        if call.method == "document" && call.args.is_empty() {
            self.add(&call.method);
        }
        visit::visit_expr_method_call(self, call);
    }
}

/// In a file that names gloo-net, a call of one of the methods that can panic.
fn panicking_calls(file: &SourceFile) -> Vec<String> {
    if !file.is_rust() || named(file, &["gloo_net"], "").is_empty() {
        return Vec::new();
    }
    let Ok(syntax) = syn::parse_file(&file.text) else { return Vec::new() };
    let mut reader = Calls { path: &file.path, found: Vec::new() };
    reader.visit_file(&syntax);
    reader.found
}

struct Calls<'a> {
    path: &'a str,
    found: Vec<String>,
}

impl<'ast> Visit<'ast> for Calls<'_> {
    /// gloo-net's own header fields panic on an illegal name or value. The browser's return an error, and `from_raw` takes those.
    fn visit_path(&mut self, path: &'ast syn::Path) {
        let of = |name: &str| path.segments.iter().any(|segment| segment.ident == name);
        if of("gloo_net") && of("Headers") && !of("from_raw") {
            let line = path.span().start().line;
            self.found.push(format!("{}:{line}: gloo-net's Headers panic on an illegal header", self.path));
        }
        visit::visit_path(self, path);
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        if uses_headers(&item.tree, false) {
            let line = item.span().start().line;
            self.found.push(format!("{}:{line}: gloo-net's Headers panic on an illegal header", self.path));
        }
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        if PANICKING.iter().any(|name| call.method == name) {
            let line = call.method.span().start().line;
            let what = format!("gloo-net's {} can panic, and this file names gloo-net", call.method);
            self.found.push(format!("{}:{line}: {what}", self.path));
        }
        visit::visit_expr_method_call(self, call);
    }
}

/// Whether a `use` names the header fields of gloo-net, `inside` of whose path the tree may be.
fn uses_headers(tree: &UseTree, inside: bool) -> bool {
    match tree {
        UseTree::Path(path) => uses_headers(&path.tree, inside || path.ident == "gloo_net"),
        UseTree::Group(group) => group.items.iter().any(|tree| uses_headers(tree, inside)),
        UseTree::Name(name) => inside && name.ident == "Headers",
        UseTree::Rename(rename) => inside && rename.ident == "Headers",
        UseTree::Glob(_) => false,
    }
}

/// A file that reaches the browser's storage holds no word for a secret.
fn storage(file: &SourceFile) -> Vec<String> {
    let shipped =
        ["dashboard/src/", "client-wasm/src/", "static/"].iter().any(|folder| file.path.starts_with(folder));
    if !shipped || named(file, STORAGE, "").is_empty() {
        return Vec::new();
    }
    let lower = SourceFile { path: file.path.clone(), text: file.text.to_lowercase() };
    named(&lower, SECRETS, "a file that reaches the browser's storage names")
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(
        "client-wasm/src/model/tag.rs",
        "//! A.\nuse web_sys::Headers;\n",
        "client-wasm/src/model/tag.rs:2: only browser and js"
    )]
    #[case(
        "dashboard/src/p.rs",
        "//! A.\nlocal_storage();\nlet password = 1;\n",
        "dashboard/src/p.rs:3: a file that reaches"
    )]
    #[case(
        "dashboard/src/config.rs",
        "//! A.\nuse gloo_net::http::Request;\nfn f() { Request::get(\"x\").send(); }\n",
        "dashboard/src/config.rs:3: gloo-net's send can panic"
    )]
    #[case(
        "client-wasm/src/browser/fetch.rs",
        "//! A.\nfn f() { gloo_net::http::Headers::new(); }\n",
        "client-wasm/src/browser/fetch.rs:2: gloo-net's Headers panic"
    )]
    #[case(
        "client-wasm/src/browser/fetch.rs",
        "//! A.\nuse gloo_net::http::{Headers as Fields, Method};\n",
        "client-wasm/src/browser/fetch.rs:2: gloo-net's Headers panic"
    )]
    #[case(
        "dashboard/src/palette.rs",
        "//! A.\nfn f() { leptos::prelude::document().body(); }\n",
        "dashboard/src/palette.rs:2: only surface may reach the document"
    )]
    #[case(
        "dashboard/src/page/tabs.rs",
        "//! A.\nfn f() { window().document(); }\n",
        "dashboard/src/page/tabs.rs:2: only surface may reach the document"
    )]
    fn what_breaks_a_rule_is_found_with_its_line(
        #[case] path: &str,
        #[case] text: &str,
        #[case] finding: &str,
    ) {
        let found = findings(&SourceFile::new(path, text));
        assert!(found.iter().any(|line| line.starts_with(finding)), "{found:?}");
    }

    #[rstest]
    #[case("client-wasm/src/browser/fetch.rs", "//! A.\nuse web_sys::Headers;\n")]
    #[case(
        "client-wasm/src/browser/fetch.rs",
        "//! A.\nfn f(h: web_sys::Headers) { h.append(\"a\", \"b\"); gloo_net::http::Headers::from_raw(h); }\n"
    )]
    #[case("client-wasm/src/model/tag.rs", "//! A.\n// not web_sys\nfn web_system() {}\n")]
    #[case("dashboard/src/preferences.rs", "//! A.\nfn f() { local_storage(); }\n")]
    #[case("dashboard/src/a.rs", "//! A.\nfn f() { channel.send(); }\n")]
    #[case("dashboard/src/surface/download.rs", "//! A.\nfn f() { document().body(); }\n")]
    #[case("dashboard/src/list/rows.rs", "//! A.\nfn f() { row.document(digest); }\n")]
    fn what_keeps_the_rules_passes(#[case] path: &str, #[case] text: &str) {
        assert_eq!(findings(&SourceFile::new(path, text)), Vec::<String>::new());
    }

    #[test]
    fn too_much_javascript_in_the_client_is_found() {
        let script = "f();\n".repeat(SCRIPT_LIMIT);
        let one = SourceFile::new("client-wasm/npm/index.js", &script);
        assert_eq!(hand_written(&[one]), None);
        let files = [
            SourceFile::new("client-wasm/npm/index.js", &script),
            SourceFile::new("client-wasm/src/a.mjs", "f();"),
        ];
        assert_eq!(hand_written(&files).unwrap(), "client-wasm: 251 lines of JavaScript, more than 250");
    }
}

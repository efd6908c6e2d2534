//! The imports between the files of a crate: `use` declarations, and paths in code, in the tokens of macro calls and in the strings of
//! `#[serde(…)]`.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};
use syn::visit::{self, Visit};

use super::tree::{self, Target, Tree};

/// An import between two files of a crate: code in `from` names an item that is defined in `to`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Import {
    /// The importing file, below the crate's sources.
    pub(super) from: String,
    /// The file that defines what is imported.
    pub(super) to: String,
    /// The line in `from`, counted from 1.
    pub(super) line: usize,
    /// The path as it is written there.
    pub(super) path: String,
}

/// Every import of the tree, with repetitions.
pub(super) fn of(tree: &Tree) -> Vec<Import> {
    let mut all = Vec::new();
    for (id, scope) in tree.scopes.iter().enumerate() {
        let mut reader = Reader { tree, scope: id, file: &scope.file, found: Vec::new() };
        for item in &scope.syntax {
            reader.visit_item(item);
        }
        all.append(&mut reader.found);
    }
    all
}

struct Reader<'a> {
    tree: &'a Tree,
    scope: usize,
    file: &'a str,
    found: Vec<Import>,
}

impl Reader<'_> {
    fn add(&mut self, path: &[String], line: usize) {
        let Some(Target::Item(files)) = self.tree.resolve(self.scope, path) else { return };
        let others = files.into_iter().filter(|to| to != self.file);
        let from = self.file.to_owned();
        self.found.extend(others.map(|to| Import { from: from.clone(), to, line, path: path.join("::") }));
    }

    /// Paths in tokens that no parser here understands, such as those of `view!`.
    fn read_tokens(&mut self, tokens: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let mut line = 0;
        let mut colons = 0;
        for token in tokens {
            match &token {
                TokenTree::Ident(name) if colons == 2 && !path.is_empty() => path.push(name.to_string()),
                TokenTree::Punct(mark) if mark.as_char() == ':' && !path.is_empty() && colons < 2 => {
                    let continues = colons == 1 || mark.spacing() == Spacing::Joint;
                    colons = if continues { colons + 1 } else { 0 };
                    if continues {
                        continue;
                    }
                    self.add(&std::mem::take(&mut path), line);
                }
                other => {
                    self.add(&std::mem::take(&mut path), line);
                    match other {
                        TokenTree::Ident(name) => {
                            line = name.span().start().line;
                            path.push(name.to_string());
                        }
                        TokenTree::Group(group)
                            if group.delimiter() != Delimiter::None || path.is_empty() =>
                        {
                            self.read_tokens(group.stream());
                        }
                        _ => {}
                    }
                }
            }
            colons = 0;
        }
        self.add(&path, line);
    }

    /// A function that `#[serde(default = "…")]` and its like name in a string.
    fn read_strings(&mut self, tokens: TokenStream) {
        for token in tokens {
            match token {
                TokenTree::Group(group) => self.read_strings(group.stream()),
                TokenTree::Literal(literal) => {
                    let line = literal.span().start().line;
                    let text = literal.to_string();
                    let path: Vec<String> = text.trim_matches('"').split("::").map(str::to_owned).collect();
                    let names = path.iter().all(|name| syn::parse_str::<syn::Path>(name).is_ok());
                    if names && text.starts_with('"') {
                        self.add(&path, line);
                    }
                }
                _ => {}
            }
        }
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item_use(&mut self, import: &'ast syn::ItemUse) {
        if import.leading_colon.is_some() || tree::is_test(&import.attrs) {
            return;
        }
        for leaf in tree::leaves(&import.tree) {
            let Some(name) = &leaf.name else { continue };
            let own_child = tree::is_re_export(&import.vis) && self.tree.is_below(self.scope, &leaf.path);
            if !own_child && name != "_" {
                self.add(&leaf.path, leaf.line);
            }
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if path.leading_colon.is_none() {
            let names: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
            let line = path.segments.first().map_or(1, |segment| segment.ident.span().start().line);
            self.add(&names, line);
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        self.visit_path(&call.path);
        self.read_tokens(call.tokens.clone());
    }

    fn visit_attribute(&mut self, attribute: &'ast syn::Attribute) {
        let path = attribute.path();
        if path.is_ident("serde") {
            if let syn::Meta::List(list) = &attribute.meta {
                self.read_strings(list.tokens.clone());
            }
        } else if !path.is_ident("doc") {
            visit::visit_attribute(self, attribute);
        }
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        if !tree::is_test(&function.attrs) {
            visit::visit_impl_item_fn(self, function);
        }
    }
}

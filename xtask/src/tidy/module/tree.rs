//! The tree of a crate's modules: which items each defines, which names it imports or re-exports, and what a path leads to.

use std::collections::{BTreeMap, BTreeSet};

use quote::ToTokens as _;
use syn::{Attribute, Item, ItemMod, UseTree, Visibility};

/// How many re-exports are followed: more than any crate has, and an end for those that lead to themselves.
const DEEPEST: usize = 16;

/// Whether a crate begins with this file: a library, a binary of the package's name, or one of several in `bin/`.
pub(super) fn is_root(file: &str) -> bool {
    let parts: Vec<&str> = file.split('/').collect();
    matches!(parts.as_slice(), ["lib.rs" | "main.rs"] | ["bin", _] | ["bin", _, "main.rs"])
}

/// A module, in a file of its own or inside another module's file.
#[derive(Default)]
pub(super) struct Scope {
    /// The module around it; none for the root.
    pub(super) parent: Option<usize>,
    /// The file that it is written in.
    pub(super) file: String,
    /// Its items, as far as they are compiled outside tests.
    pub(super) syntax: Vec<Item>,
    children: BTreeMap<String, usize>,
    /// Names of items with the files that define them.
    items: BTreeMap<String, BTreeSet<String>>,
    /// Names that a `use` binds, with the paths that they stand for.
    uses: BTreeMap<String, Vec<Vec<String>>>,
    /// Paths of modules of which every name is imported.
    globs: Vec<Vec<String>>,
}

/// The modules of a crate from one root file on.
#[derive(Default)]
pub(super) struct Tree {
    /// The modules; the first is the root.
    pub(super) scopes: Vec<Scope>,
    /// Files that only tests compile.
    tests: BTreeSet<String>,
}

/// What a path leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// A module of the crate.
    Module(usize),
    /// An item, by the files that define it: more than one where they are compiled under different conditions.
    Item(BTreeSet<String>),
}

/// The trees of a package's library and of its binaries, with a finding for each file that cannot be parsed.
pub(super) fn read(sources: &BTreeMap<&str, &str>) -> (Vec<Tree>, Vec<String>) {
    let mut findings = Vec::new();
    let mut trees = Vec::new();
    for root in sources.keys().filter(|file| is_root(file)) {
        let mut tree = Tree::default();
        let folder = root.strip_suffix("main.rs").unwrap_or_default();
        tree.add_file(sources, root, None, folder, &mut findings);
        trees.push(tree);
    }
    (trees, findings)
}

impl Tree {
    /// Whether a module of this tree lies in the file.
    pub(super) fn declares(&self, file: &str) -> bool {
        self.tests.iter().any(|test| file == test || file.starts_with(test.trim_end_matches(".rs")))
            || self.scopes.iter().any(|scope| scope.file == file)
    }

    /// What `path`, written in the module `scope`, leads to; nothing for paths into other crates and for local names.
    pub(super) fn resolve(&self, scope: usize, path: &[String]) -> Option<Target> {
        self.follow(scope, path, DEEPEST)
    }

    /// Whether the first module of a path, written in the module `scope`, is a child of it: what the parent re-exports.
    pub(super) fn is_below(&self, scope: usize, path: &[String]) -> bool {
        let mut names = path.iter().skip_while(|name| *name == "self");
        let children = self.scopes.get(scope).map(|scope| &scope.children);
        names.next().is_some_and(|name| children.is_some_and(|children| children.contains_key(name)))
    }

    fn follow(&self, scope: usize, path: &[String], depth: usize) -> Option<Target> {
        let (first, mut rest) = path.split_first()?;
        let depth = depth.checked_sub(1)?;
        let mut here = match first.as_str() {
            "crate" => Target::Module(0),
            "self" => Target::Module(scope),
            "super" => Target::Module(self.scopes.get(scope)?.parent?),
            name => self.lookup(scope, name, rest.is_empty(), depth)?,
        };
        while let (Target::Module(module), Some((name, others))) = (&here, rest.split_first()) {
            rest = others;
            here = match name.as_str() {
                "self" => Target::Module(*module),
                "super" => Target::Module(self.scopes.get(*module)?.parent?),
                // A name that no item, module or import has is made by a macro in that file.
                name => self
                    .lookup(*module, name, rest.is_empty(), depth)
                    .or_else(|| Some(Target::Item([self.scopes.get(*module)?.file.clone()].into())))?,
            };
        }
        Some(here)
    }

    /// What a name stands for in a module. Only the last name of a path prefers an item to a module of the same name.
    fn lookup(&self, scope: usize, name: &str, last: bool, depth: usize) -> Option<Target> {
        let module = self.scopes.get(scope)?;
        let child = module.children.get(name).map(|child| Target::Module(*child));
        if let Some(child) = child.clone().filter(|_| !last) {
            return Some(child);
        }
        if let Some(files) = module.items.get(name) {
            return Some(Target::Item(files.clone()));
        }
        let bound = module.uses.get(name).into_iter().flatten();
        let mut bound = bound.filter(|path| path.first().is_none_or(|first| first != name || last));
        if let Some(target) = bound.find_map(|path| self.follow(scope, path, depth)) {
            return Some(target);
        }
        if child.is_some() {
            return child;
        }
        module.globs.iter().find_map(|path| match self.follow(scope, path, depth)? {
            Target::Module(other) if other != scope => self.lookup(other, name, last, depth.checked_sub(1)?),
            _ => None,
        })
    }

    /// Adds the module of a file and, below it, those that it declares. `folder` is where its children lie, with a `/` at its end.
    fn add_file(
        &mut self,
        sources: &BTreeMap<&str, &str>,
        file: &str,
        parent: Option<usize>,
        folder: &str,
        findings: &mut Vec<String>,
    ) -> Option<usize> {
        match syn::parse_file(sources.get(file)?) {
            Ok(syntax) => Some(self.add(sources, file, parent, folder, syntax.items, findings)),
            Err(error) => {
                let line = error.span().start().line;
                findings.push(format!("{file}:{line}: cannot be parsed: {error}"));
                None
            }
        }
    }

    fn add(
        &mut self,
        sources: &BTreeMap<&str, &str>,
        file: &str,
        parent: Option<usize>,
        folder: &str,
        syntax: Vec<Item>,
        findings: &mut Vec<String>,
    ) -> usize {
        let id = self.scopes.len();
        self.scopes.push(Scope { parent, file: file.to_owned(), ..Scope::default() });
        let mut kept = Vec::new();
        for item in syntax {
            let test = is_test(attributes(&item));
            if let Item::Mod(module) = item {
                self.add_child(sources, id, folder, module, test, findings);
            } else if !test {
                self.define(id, &item);
                kept.push(item);
            }
        }
        if let Some(scope) = self.scopes.get_mut(id) {
            scope.syntax = kept;
        }
        id
    }

    fn add_child(
        &mut self,
        sources: &BTreeMap<&str, &str>,
        parent: usize,
        folder: &str,
        module: ItemMod,
        test: bool,
        findings: &mut Vec<String>,
    ) {
        let name = module.ident.to_string();
        let below = format!("{folder}{name}/");
        let own = self.scopes.get(parent).map(|scope| scope.file.clone()).unwrap_or_default();
        let given = path_attribute(&module.attrs).map(|path| match own.rsplit_once('/') {
            Some((folder, _)) => format!("{folder}/{path}"),
            None => path,
        });
        let usual = [format!("{folder}{name}.rs"), format!("{below}mod.rs")];
        let file = given.into_iter().chain(usual).find(|file| sources.contains_key(file.as_str()));
        if test {
            self.tests.extend(file.filter(|_| module.content.is_none()));
            return;
        }
        let child = match (module.content, file) {
            (Some((_, items)), _) => Some(self.add(sources, &own, Some(parent), &below, items, findings)),
            (None, Some(file)) => self.add_file(sources, &file, Some(parent), &below, findings),
            (None, None) => {
                findings.push(format!("{own}: declares the module {name}, which has no file"));
                None
            }
        };
        if let (Some(child), Some(scope)) = (child, self.scopes.get_mut(parent)) {
            scope.children.insert(name, child);
        }
    }

    /// Enters the names that an item adds to a module.
    fn define(&mut self, id: usize, item: &Item) {
        if let (Item::Macro(made), Some(root)) = (item, (id != 0).then_some(0)) {
            let exported = made.attrs.iter().any(|attribute| attribute.path().is_ident("macro_export"));
            if let Some(name) = made.ident.as_ref().filter(|_| exported) {
                let file = self.scopes.get(id).map(|scope| scope.file.clone()).unwrap_or_default();
                if let Some(scope) = self.scopes.get_mut(root) {
                    scope.items.entry(name.to_string()).or_default().insert(file);
                }
            }
        }
        let Some(scope) = self.scopes.get_mut(id) else { return };
        if let Item::Use(import) = item {
            for leaf in leaves(&import.tree) {
                match leaf.name {
                    Some(name) if import.leading_colon.is_none() => {
                        scope.uses.entry(name).or_default().push(leaf.path);
                    }
                    None if import.leading_colon.is_none() => scope.globs.push(leaf.path),
                    _ => {}
                }
            }
        }
        if let Some(name) = name(item) {
            scope.items.entry(name).or_default().insert(scope.file.clone());
        }
    }
}

/// One import of a `use`.
pub(super) struct Leaf {
    /// The path as it is written, without a `self` at its end.
    pub(super) path: Vec<String>,
    /// The name that it binds; none for `*`.
    pub(super) name: Option<String>,
    /// The line, counted from 1.
    pub(super) line: usize,
}

/// The imports of a `use` tree, one by one.
pub(super) fn leaves(tree: &UseTree) -> Vec<Leaf> {
    let mut found = Vec::new();
    collect(tree, &mut Vec::new(), &mut found);
    found
}

fn collect(tree: &UseTree, path: &mut Vec<String>, found: &mut Vec<Leaf>) {
    let mut leaf = |path: &[String], own: &syn::Ident, name: &syn::Ident| {
        let mut whole = path.to_vec();
        if own != "self" || path.is_empty() {
            whole.push(own.to_string());
        }
        let name = if name == "self" { whole.last().cloned() } else { Some(name.to_string()) };
        found.push(Leaf { path: whole, name, line: own.span().start().line });
    };
    match tree {
        UseTree::Path(segment) => {
            path.push(segment.ident.to_string());
            collect(&segment.tree, path, found);
            path.pop();
        }
        UseTree::Name(name) => leaf(path, &name.ident, &name.ident),
        UseTree::Rename(rename) => leaf(path, &rename.ident, &rename.rename),
        UseTree::Glob(glob) => {
            let line = glob.star_token.spans.first().map_or(1, |span| span.start().line);
            found.push(Leaf { path: path.clone(), name: None, line });
        }
        UseTree::Group(group) => group.items.iter().for_each(|tree| collect(tree, path, found)),
    }
}

/// Whether a `use` makes its names known outside its module.
pub(super) fn is_re_export(visibility: &Visibility) -> bool {
    !matches!(visibility, Visibility::Inherited)
}

/// Whether an item is compiled in tests only.
pub(super) fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let text = attribute.to_token_stream().to_string().replace(' ', "");
        text.starts_with("#[cfg(test)") || text.starts_with("#[cfg(all(test,") || text == "#[test]"
    })
}

/// The file that `#[path = "…"]` names.
fn path_attribute(attributes: &[Attribute]) -> Option<String> {
    let attribute = attributes.iter().find(|attribute| attribute.path().is_ident("path"))?;
    let syn::Meta::NameValue(pair) = &attribute.meta else { return None };
    match &pair.value {
        syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(path), .. }) => Some(path.value()),
        _ => None,
    }
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

fn name(item: &Item) -> Option<String> {
    let name = match item {
        Item::Const(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Fn(item) => &item.sig.ident,
        Item::Macro(item) => item.ident.as_ref()?,
        Item::Static(item) => &item.ident,
        Item::Struct(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::TraitAlias(item) => &item.ident,
        Item::Type(item) => &item.ident,
        Item::Union(item) => &item.ident,
        _ => return None,
    };
    Some(name.to_string())
}

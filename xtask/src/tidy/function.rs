//! How long functions are, from the line of `fn` to that of the closing brace.

use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};
use syn::{Block, Signature};

use super::source::SourceFile;

/// The most lines that a function may have.
const LIMIT: usize = 60;

/// A finding for each function that is longer.
pub(super) fn findings(file: &SourceFile) -> Vec<String> {
    if !file.is_rust() {
        return Vec::new();
    }
    // What cannot be parsed is no function, and the compiler reports it.
    let Ok(syntax) = syn::parse_file(&file.text) else { return Vec::new() };
    let mut reader = Reader { path: &file.path, found: Vec::new() };
    reader.visit_file(&syntax);
    reader.found
}

struct Reader<'a> {
    path: &'a str,
    found: Vec<String>,
}

impl Reader<'_> {
    fn measure(&mut self, signature: &Signature, body: &Block) {
        let first = signature.span().start().line;
        let lines = body.span().end().line.saturating_sub(first) + 1;
        if lines > LIMIT {
            let name = &signature.ident;
            self.found.push(format!(
                "{}:{first}: the function {name} has {lines} lines, more than {LIMIT}",
                self.path
            ));
        }
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        self.measure(&function.sig, &function.block);
        visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        self.measure(&function.sig, &function.block);
        visit::visit_impl_item_fn(self, function);
    }

    fn visit_trait_item_fn(&mut self, function: &'ast syn::TraitItemFn) {
        if let Some(body) = &function.default {
            self.measure(&function.sig, body);
        }
        visit::visit_trait_item_fn(self, function);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_of_more_than_sixty_lines_is_found_wherever_it_is() {
        let body = "    f();\n".repeat(59);
        let long = format!("//! A.\nimpl A {{\n    fn long() {{\n{body}    }}\n}}\n");
        let found = findings(&SourceFile::new("a.rs", &long));
        assert_eq!(found, ["a.rs:3: the function long has 61 lines, more than 60"]);
        let short = long.replacen("    f();\n", "", 1);
        assert_eq!(findings(&SourceFile::new("a.rs", &short)), Vec::<String>::new());
    }
}

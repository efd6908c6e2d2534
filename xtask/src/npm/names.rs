//! Short names at the border between a module and its JavaScript. wasm-bindgen's carry a hash each, which no compression takes out, and
//! they stand in both files. What is in the module for those who look into it goes too.

use std::convert::Infallible;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow, ensure};
use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{ExportSection, ImportSection, Module};
use wasmparser::{CustomSectionReader, Export, Import, ImportSectionReader, Parser};

/// Callers of the package read it themselves.
const KEPT: &str = "memory";

/// Renames what the wasm imports and exports, in it and in the JavaScript that wasm-bindgen made for it. Exports that this does not
/// mention go.
pub(super) fn shorten(package: &Path, module: &str) -> Result<()> {
    let (wasm, script) = (package.join(format!("{module}_bg.wasm")), package.join(format!("{module}.js")));
    let bytes = fs::read(&wasm).with_context(|| format!("cannot read {}", wasm.display()))?;
    let text = fs::read_to_string(&script).with_context(|| format!("cannot read {}", script.display()))?;
    let (bytes, text) = renamed(&bytes, &text, &format!("./{module}_bg.js"))?;
    fs::write(&wasm, bytes).with_context(|| format!("cannot write {}", wasm.display()))?;
    fs::write(&script, text).with_context(|| format!("cannot write {}", script.display()))
}

fn renamed(wasm: &[u8], script: &str, from: &str) -> Result<(Vec<u8>, String)> {
    let mut renaming = Renaming { script: script.to_owned(), from, short: 0, strange: None };
    let mut module = Module::new();
    renaming
        .parse_core_module(&mut module, Parser::new(0), wasm)
        .map_err(|error| anyhow!("the module cannot be read: {error}"))?;
    let Renaming { script, strange, .. } = renaming;
    ensure!(strange.is_none(), "wasm-bindgen's JavaScript does not provide {strange:?} as it used to");
    let whole = format!("\"{from}\": import0");
    ensure!(script.contains(&whole), "wasm-bindgen's JavaScript no longer names {from}");
    Ok((module.finish(), script.replacen(&whole, "\"a\": import0", 1)))
}

/// The JavaScript as far as it is renamed while the module is written anew.
struct Renaming<'a> {
    script: String,
    /// What the module imports from.
    from: &'a str,
    /// How many names are taken.
    short: usize,
    /// An import that the JavaScript does not have in the form known here.
    strange: Option<String>,
}

impl Renaming<'_> {
    /// `a` to `z`, `aa`, `ba` and so on.
    fn next(&mut self) -> String {
        let mut rest = self.short;
        self.short += 1;
        let mut name = String::new();
        loop {
            name.extend(char::from_u32(u32::from(b'a') + (rest % 26) as u32));
            if rest < 26 {
                return name;
            }
            rest = rest / 26 - 1;
        }
    }
}

impl Reencode for Renaming<'_> {
    type Error = Infallible;

    fn parse_import_section(
        &mut self,
        imports: &mut ImportSection,
        section: ImportSectionReader<'_>,
    ) -> Result<(), Error> {
        for import in section.into_imports() {
            self.parse_import(imports, import?)?;
        }
        Ok(())
    }

    /// Names and producers are for those who look into the module.
    fn parse_custom_section(&mut self, _: &mut Module, _: CustomSectionReader<'_>) -> Result<(), Error> {
        Ok(())
    }

    fn parse_import(&mut self, imports: &mut ImportSection, import: Import<'_>) -> Result<(), Error> {
        if import.module != self.from {
            return utils::parse_import(self, imports, import);
        }
        let name = self.next();
        let (long, new) = (format!("  {}: function(", import.name), format!("  {name}: function("));
        if self.script.matches(&long).count() != 1 {
            self.strange = Some(import.name.to_owned());
        }
        self.script = self.script.replacen(&long, &new, 1);
        utils::parse_import(self, imports, Import { module: "a", name: &name, ..import })
    }

    fn parse_export(&mut self, exports: &mut ExportSection, export: Export<'_>) -> Result<(), Error> {
        if export.name == KEPT {
            return utils::parse_export(self, exports, export);
        }
        let name = self.next();
        let script = replace_word(&self.script, &format!("wasm.{}", export.name), &format!("wasm.{name}"));
        if script == self.script {
            return Ok(());
        }
        self.script = script;
        utils::parse_export(self, exports, Export { name: &name, ..export })
    }
}

/// Replaces a word, which goes on neither before nor behind itself.
fn replace_word(text: &str, word: &str, by: &str) -> String {
    let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '$' | '.');
    let mut replaced = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once(word) {
        let whole = !before.ends_with(part) && !behind.starts_with(|c| part(c) && c != '.');
        replaced.push_str(before);
        replaced.push_str(if whole { by } else { word });
        rest = behind;
    }
    replaced + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Imports `x.long` and `./m_bg.js.__wbg_log_0123`, exports `memory`, `start`, `start_all` and `unused`.
    fn module() -> Vec<u8> {
        use wasm_encoder::{EntityType, ExportKind, MemorySection, MemoryType, TypeSection};
        let mut types = TypeSection::new();
        types.ty().function([], []);
        let mut imports = ImportSection::new();
        imports.import("x", "long", EntityType::Function(0));
        imports.import("./m_bg.js", "__wbg_log_0123", EntityType::Function(0));
        let mut memories = MemorySection::new();
        let limits =
            MemoryType { minimum: 1, maximum: None, memory64: false, shared: false, page_size_log2: None };
        memories.memory(limits);
        let mut exports = ExportSection::new();
        exports.export(KEPT, ExportKind::Memory, 0);
        for name in ["start", "start_all", "unused"] {
            exports.export(name, ExportKind::Func, 0);
        }
        let mut module = Module::new();
        module.section(&types).section(&imports).section(&memories).section(&exports);
        module.finish()
    }

    const SCRIPT: &str = "const import0 = {\n  __wbg_log_0123: function() {},\n};\nreturn { \"./m_bg.js\": import0 };\nwasm.start(wasm.memory.buffer);\nwasm.start_all();\nf(wasm.start, mywasm.start);";

    #[test]
    fn both_sides_of_the_border_get_the_same_short_names() {
        let (wasm, script) = renamed(&module(), SCRIPT, "./m_bg.js").unwrap();
        let expected = "const import0 = {\n  a: function() {},\n};\nreturn { \"a\": import0 };\nwasm.b(wasm.memory.buffer);\nwasm.c();\nf(wasm.b, mywasm.start);";
        assert_eq!(script, expected);
        let (mut imports, mut exports) = (Vec::new(), Vec::new());
        for payload in Parser::new(0).parse_all(&wasm) {
            match payload.unwrap() {
                wasmparser::Payload::ImportSection(section) => {
                    for import in section.into_imports() {
                        let import = import.unwrap();
                        imports.push(format!("{}.{}", import.module, import.name));
                    }
                }
                wasmparser::Payload::ExportSection(section) => {
                    exports.extend(section.into_iter().map(|export| export.unwrap().name.to_owned()));
                }
                _ => {}
            }
        }
        assert_eq!(
            (imports, exports),
            (
                vec!["x.long".to_owned(), "a.a".to_owned()],
                vec![KEPT.to_owned(), "b".to_owned(), "c".to_owned()]
            )
        );
    }

    #[test]
    fn javascript_of_another_form_is_an_error() {
        assert!(renamed(&module(), &SCRIPT.replace(": function", "() "), "./m_bg.js").is_err());
        assert!(renamed(&module(), &SCRIPT.replace("import0", "imports"), "./m_bg.js").is_err());
        assert!(renamed(b"no module", SCRIPT, "./m_bg.js").is_err());
    }

    #[test]
    fn names_do_not_repeat() {
        let mut renaming = Renaming { script: String::new(), from: "", short: 0, strange: None };
        let names: std::collections::HashSet<_> = (0..1000).map(|_| renaming.next()).collect();
        assert_eq!(names.len(), 1000);
    }
}

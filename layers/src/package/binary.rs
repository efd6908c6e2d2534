//! What binaries say they were built from: Go's build information and the dependency list of cargo auditable.

use super::list::{Ecosystem, Package, Parsed};
use crate::cursor::Cursor;

const GO_MAGIC: &[u8] = b"\xff Go buildinf:";
/// Go aligns the build information.
const GO_ALIGNMENT: u64 = 16;
/// Most bytes of build information that are kept.
const GO_LIMIT: usize = 1 << 20;

/// Finds Go's build information in a binary of any size, as it streams.
#[derive(Debug, Default)]
pub(super) struct GoScanner {
    position: u64,
    /// The last bytes, in which the magic may have started.
    carry: Vec<u8>,
    found: Option<Vec<u8>>,
}

impl GoScanner {
    pub(super) fn push(&mut self, bytes: &[u8]) {
        if let Some(found) = &mut self.found {
            let room = GO_LIMIT.saturating_sub(found.len());
            found.extend_from_slice(bytes.get(..room).unwrap_or(bytes));
            return;
        }
        let keep = GO_MAGIC.len() - 1;
        // Across the boundary first, then within.
        let mut boundary = std::mem::take(&mut self.carry);
        let start = self.position - boundary.len() as u64;
        boundary.extend_from_slice(bytes.get(..keep).unwrap_or(bytes));
        let across = Self::search(&boundary, start).map(|at| start + at as u64);
        let found = across.or_else(|| Self::search(bytes, self.position).map(|at| self.position + at as u64));
        if let Some(at) = found {
            // The part before this chunk, if the magic starts there, and the rest of the chunk.
            let before =
                at.checked_sub(start).and_then(|skip| boundary.get(skip as usize..)).unwrap_or_default();
            let before = before.get(..self.position.saturating_sub(at) as usize).unwrap_or_default();
            let within = bytes.get(at.saturating_sub(self.position) as usize..).unwrap_or_default();
            self.found = Some([before, within.get(..GO_LIMIT).unwrap_or(within)].concat());
            return;
        }
        self.position += bytes.len() as u64;
        let tail = if bytes.len() >= keep { bytes } else { &boundary };
        self.carry = tail.get(tail.len().saturating_sub(keep)..).unwrap_or_default().to_vec();
    }

    /// The first aligned place of the magic in bytes that start at a position of the file.
    fn search(bytes: &[u8], start: u64) -> Option<usize> {
        memchr::memmem::find_iter(bytes, GO_MAGIC)
            .find(|at| (start + *at as u64).is_multiple_of(GO_ALIGNMENT))
    }

    /// Adds the modules of the binary.
    pub(super) fn finish(self, parsed: &mut Parsed) {
        let packages = self.found.and_then(|found| go_packages(&found)).unwrap_or_default();
        packages.into_iter().for_each(|package| parsed.add(package));
    }
}

/// The modules of build information. Go versions before 1.18 store pointers in its place, which are not followed.
fn go_packages(info: &[u8]) -> Option<Vec<Package>> {
    let flags = *info.get(15)?;
    if flags & 2 == 0 {
        return None;
    }
    let mut cursor = Cursor::at(info, 32)?;
    let version = std::str::from_utf8(cursor.prefixed()?).ok()?;
    let modules = String::from_utf8_lossy(cursor.prefixed().unwrap_or_default());
    let package = |name: &str, version: &str| Package {
        ecosystem: Ecosystem::Go,
        name: name.to_owned(),
        version: version.to_owned(),
        architecture: None,
    };
    let version = version.split_ascii_whitespace().next().unwrap_or_default();
    let mut packages = vec![package("stdlib", version.trim_start_matches("go"))];
    for line in modules.lines() {
        // The text is enclosed in 16 bytes that are not text: the first line starts with them.
        let line = line.trim_start_matches(|c: char| !c.is_ascii_alphabetic() && c != '=');
        let mut fields = line.split('\t');
        match (fields.next(), fields.next(), fields.next()) {
            (Some("mod" | "dep"), Some(name), Some(version)) => packages.push(package(name, version)),
            (Some("=>"), Some(name), Some(version)) => {
                packages.pop();
                packages.push(package(name, version));
            }
            _ => {}
        }
    }
    Some(packages)
}

/// The section that cargo auditable writes.
const CARGO_SECTION: &[u8] = b".dep-v0";
/// Most bytes of its uncompressed JSON.
const CARGO_LIMIT: usize = 8 << 20;

/// Adds the crates of an ELF file built by cargo auditable. Crates that only its build used are left out.
pub(super) fn cargo_packages(elf: &[u8], parsed: &mut Parsed) {
    let Some(section) = elf_section(elf, CARGO_SECTION) else { return };
    match crates(section) {
        Some(crates) => crates.into_iter().for_each(|package| parsed.add(package)),
        None => parsed.complete = false,
    }
}

/// The crates of a section: JSON, compressed by zlib.
fn crates(section: &[u8]) -> Option<Vec<Package>> {
    #[derive(serde::Deserialize)]
    struct Audit {
        packages: Vec<Crate>,
    }
    #[derive(serde::Deserialize)]
    struct Crate {
        name: String,
        version: String,
        kind: Option<String>,
    }
    let json = miniz_oxide::inflate::decompress_to_vec_zlib_with_limit(section, CARGO_LIMIT).ok()?;
    let audit: Audit = serde_json::from_slice(&json).ok()?;
    let is_runtime = |package: &Crate| package.kind.as_deref() != Some("build");
    let package = |Crate { name, version, .. }| Package {
        ecosystem: Ecosystem::Cargo,
        name,
        version,
        architecture: None,
    };
    Some(audit.packages.into_iter().filter(is_runtime).map(package).collect())
}

/// Notices the name of cargo auditable's section in a binary that is too large to be kept, as it streams.
#[derive(Debug, Default)]
pub(super) struct CargoScanner {
    /// The last bytes, in which the name may have started.
    carry: Vec<u8>,
    found: bool,
}

impl CargoScanner {
    /// The name as a table of names has it.
    const NAME: &[u8] = b"\0.dep-v0\0";

    pub(super) fn push(&mut self, bytes: &[u8]) {
        if self.found {
            return;
        }
        let keep = Self::NAME.len() - 1;
        self.carry.extend_from_slice(bytes.get(..keep).unwrap_or(bytes));
        let has_name = |bytes: &[u8]| memchr::memmem::find(bytes, Self::NAME).is_some();
        self.found = has_name(&self.carry) || has_name(bytes);
        if bytes.len() >= keep {
            self.carry.clear();
            self.carry.extend_from_slice(bytes.get(bytes.len() - keep..).unwrap_or_default());
        } else {
            self.carry.drain(..self.carry.len().saturating_sub(keep));
        }
    }

    /// Whether the name was there.
    pub(super) fn found(&self) -> bool {
        self.found
    }
}

/// The content of a section of a little-endian ELF file of 32 or 64 bits.
fn elf_section<'a>(elf: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let is_64 = *elf.get(4)? == 2;
    if *elf.get(5)? != 1 {
        return None;
    }
    let word = |cursor: &mut Cursor<'_>| -> Option<usize> {
        if is_64 {
            usize::try_from(cursor.u64_le()?).ok()
        } else {
            cursor.u32_le().map(|value| value as usize)
        }
    };
    let table = word(&mut Cursor::at(elf, if is_64 { 40 } else { 32 })?)?;
    let mut sizes = Cursor::at(elf, if is_64 { 58 } else { 46 })?;
    let (size, count, names) = (sizes.u16_le()?, sizes.u16_le()?, sizes.u16_le()?);
    let section = |index: u16| -> Option<(u32, &'a [u8])> {
        let at = table.checked_add(usize::from(index) * usize::from(size))?;
        let mut header = Cursor::at(elf, at)?;
        let (name, _kind) = (header.u32_le()?, header.u32_le()?);
        let (_flags, _address) = (word(&mut header)?, word(&mut header)?);
        let (offset, length) = (word(&mut header)?, word(&mut header)?);
        Some((name, elf.get(offset..offset.checked_add(length)?).unwrap_or_default()))
    };
    let (_, names) = section(names)?;
    (0..count).find_map(|index| {
        let (at, content) = section(index)?;
        let found = names.get(at as usize..)?.split(|byte| *byte == 0).next()?;
        (found == name).then_some(content)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn go_binary(offset: usize) -> Vec<u8> {
        let mut binary = vec![0_u8; offset];
        binary.extend_from_slice(GO_MAGIC);
        binary.extend_from_slice(&[8, 2]);
        binary.extend_from_slice(&[0; 16]);
        binary.push(6);
        binary.extend_from_slice(b"go1.22");
        let modules = [
            &[0xff; 16][..],
            b"path\ta\nmod\ta\tv1.0.0\th1:\ndep\tb\tv2\th1:\n=>\tc\tv3\th1:\n",
            &[0xff; 16],
        ]
        .concat();
        binary.push(modules.len() as u8);
        binary.extend_from_slice(&modules);
        binary.extend_from_slice(&[0; 100]);
        binary
    }

    #[test]
    fn go_modules_are_found_at_any_chunk_boundary() {
        let binary = go_binary(160);
        for chunk in [1, 7, 16, 165, 170, 1000] {
            let mut scanner = GoScanner::default();
            binary.chunks(chunk).for_each(|chunk| scanner.push(chunk));
            let mut parsed = Parsed::new(1 << 20);
            scanner.finish(&mut parsed);
            let names: Vec<String> = parsed
                .packages
                .iter()
                .map(|package| format!("{} {}", package.name, package.version))
                .collect();
            assert_eq!(names, ["stdlib 1.22", "a v1.0.0", "c v3"], "chunks of {chunk}");
        }
        let mut unaligned = GoScanner::default();
        unaligned.push(&go_binary(161));
        let mut parsed = Parsed::new(1 << 20);
        unaligned.finish(&mut parsed);
        assert!(parsed.packages.is_empty());
    }

    #[test]
    fn the_name_of_the_section_is_found_at_any_chunk_boundary() {
        for (text, expected) in [(&b"abcd\0.dep-v0\0xyz"[..], true), (b"abcd\0.dep-v1\0xyz", false)] {
            for chunk in 1..=text.len() {
                let mut scanner = CargoScanner::default();
                text.chunks(chunk).for_each(|chunk| scanner.push(chunk));
                assert_eq!(scanner.found(), expected, "chunks of {chunk}");
            }
        }
    }
}

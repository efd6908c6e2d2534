//! The page around the wasm, from `static/index.html`: what its `data-trunk` links name is copied, and the links become those of a page
//! that ships. `trunk serve` does the same while one develops; here it needs no Trunk.

use anyhow::{Context as _, Result, ensure};

use super::file::File;

/// The style sheet that all of the page's become.
const STYLES: &str = "styles.css";

/// The page and what it links to, at the root of what ships. `read` returns a file by its path next to `index.html`. The style sheets ship
/// as one, in their order, since one compresses to less than many.
pub(crate) fn assemble(html: &str, read: impl Fn(&str) -> Result<Vec<u8>>) -> Result<Vec<File>> {
    let mut files: Vec<File> = Vec::new();
    let mut styles: Vec<u8> = Vec::new();
    let mut page = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, after)) = rest.split_once(START) {
        let (link, after) = after.split_once('>').context("a data-trunk link does not end")?;
        let kind = attribute(link, "rel").context("a data-trunk link has no rel")?;
        let address = attribute(link, "href").context("a data-trunk link has no href")?;
        let name = address.rsplit('/').next().unwrap_or(address);
        let shipped = match kind {
            "css" if styles.is_empty() => Some(("stylesheet", STYLES)),
            "icon" => Some(("icon", name)),
            "css" | "copy-file" | "rust" => None,
            other => anyhow::bail!("data-trunk links of rel=\"{other}\" are not known here"),
        };
        page.push_str(shipped.map_or_else(|| before.trim_end(), |_| before));
        if let Some((relation, name)) = shipped {
            page.push_str(&format!("<link rel=\"{relation}\" href=\"./{name}\">"));
        }
        if kind == "css" {
            styles.extend(read(address)?);
            styles.push(b'\n');
        } else if kind != "rust" {
            ensure!(!files.iter().any(|(known, _)| known == name), "two files of the page are called {name}");
            files.push((name.to_owned(), read(address)?));
        }
        rest = after;
    }
    page.push_str(rest);
    if !styles.is_empty() {
        files.push((STYLES.to_owned(), styles));
    }
    files.push(("index.html".to_owned(), page.into_bytes()));
    Ok(files)
}

/// How a link for Trunk begins.
const START: &str = "<link data-trunk ";

fn attribute<'a>(link: &'a str, name: &str) -> Option<&'a str> {
    let start = format!("{name}=\"");
    // Not at the end of a longer name, such as `data-rel`.
    let value = link.split(char::is_whitespace).find_map(|word| word.strip_prefix(start.as_str()))?;
    value.split('"').next()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace;

    #[test]
    fn links_for_trunk_become_links_of_the_page_and_their_files_are_copied() {
        let html = "<head>\n  <link data-trunk rel=\"css\" href=\"styles/a.css\">\n  <link data-trunk rel=\"css\" href=\"styles/c.css\">\n  <link data-trunk rel=\"copy-file\" href=\"b.js\">\n  <link data-trunk rel=\"rust\" href=\"x\"\n data-type=\"main\">\n  <script src=\"b.js\"></script>";
        let files = assemble(html, |path| Ok(path.as_bytes().to_vec())).unwrap();
        assert_eq!(files[0], ("b.js".to_owned(), b"b.js".to_vec()));
        assert_eq!(files[1], ("styles.css".to_owned(), b"styles/a.css\nstyles/c.css\n".to_vec()));
        let page = String::from_utf8(files[2].1.clone()).unwrap();
        assert_eq!(
            page,
            "<head>\n  <link rel=\"stylesheet\" href=\"./styles.css\">\n  <script src=\"b.js\"></script>"
        );
    }

    #[test]
    fn the_projects_page_keeps_no_link_for_trunk() {
        let folder = workspace::root().join("static");
        let html = std::fs::read_to_string(folder.join("index.html")).unwrap();
        let files = assemble(&html, |path| Ok(std::fs::read(folder.join(path))?)).unwrap();
        let page = String::from_utf8(files.last().unwrap().1.clone()).unwrap();
        assert!(!page.contains("data-trunk") && page.contains("favicon.svg"), "{page}");
        assert!(files.iter().any(|(name, _)| name == "boot.js"));
    }

    #[test]
    fn a_link_of_an_unknown_kind_is_refused() {
        let error = assemble("<link data-trunk rel=\"sass\" href=\"a\">", |_| Ok(Vec::new())).unwrap_err();
        assert!(error.to_string().contains("sass"), "{error}");
    }
}

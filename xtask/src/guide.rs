//! The pages of the guide, read for what can be checked of them: links, and the commands in their code blocks.

use std::path::Path;

use anyhow::{Context, Result};

use crate::{folder, workspace};

/// Links to files that do not exist, and pages that the summary does not list, each with its page.
pub(crate) fn broken_links(guide: &Path) -> Result<Vec<String>> {
    let mut broken = Vec::new();
    let pages = folder::read(guide)?;
    let summary = std::fs::read_to_string(guide.join("SUMMARY.md")).context("the guide has no SUMMARY.md")?;
    for (page, bytes) in pages.iter().filter(|(name, _)| name.ends_with(".md")) {
        let text = String::from_utf8_lossy(bytes);
        for target in links(&text) {
            let file = target.split('#').next().unwrap_or_default();
            let folder = guide.join(page);
            let path = folder.parent().unwrap_or(guide).join(file);
            if !file.is_empty() && !target.contains("://") && !path.exists() {
                broken.push(format!("{page}: {target}"));
            }
        }
        if page != "SUMMARY.md" && !summary.contains(&format!("({page})")) {
            broken.push(format!("{page}: SUMMARY.md does not list it"));
        }
    }
    Ok(broken)
}

/// The targets of Markdown links and images.
fn links(text: &str) -> Vec<&str> {
    text.split("](").skip(1).filter_map(|rest| rest.split(')').next()).collect()
}

/// The pages of the guide, and the README.
///
/// # Errors
/// A page that cannot be read.
fn pages() -> Result<Vec<(String, String)>> {
    let guide = folder::read(&workspace::root().join("docs/guide"))?;
    let text = |(name, bytes): (String, Vec<u8>)| (name, String::from_utf8_lossy(&bytes).into_owned());
    let readme =
        std::fs::read_to_string(workspace::root().join("README.md")).context("cannot read README.md")?;
    let pages = guide.into_iter().filter(|(name, _)| name.ends_with(".md")).map(text);
    Ok(pages.chain([("README.md".to_owned(), readme)]).collect())
}

/// The commands of the guide and of the README, one a line: the page, a tab, and the command.
///
/// # Errors
/// A page that cannot be read.
pub(crate) fn all_commands() -> Result<String> {
    let pages = pages()?;
    let lines = pages.iter().flat_map(|(page, text)| {
        commands(text).into_iter().map(move |command| format!("{page}\t{command}\n"))
    });
    Ok(lines.collect())
}

/// The commands of code blocks marked `sh`, with lines that end in a backslash joined to the next, and without comments.
fn commands(text: &str) -> Vec<String> {
    let mut commands = Vec::new();
    for block in text.split("```sh\n").skip(1) {
        let code = block.split("```").next().unwrap_or_default().replace("\\\n", " ");
        let lines = code.lines().map(|line| line.split(" #").next().unwrap_or_default().trim().to_owned());
        commands.extend(lines.filter(|line| !line.is_empty() && !line.starts_with('#')));
    }
    commands
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;
    use crate::arguments::Arguments;

    #[test]
    fn every_link_of_the_guide_leads_to_a_file_and_every_page_is_listed() {
        assert_eq!(broken_links(&workspace::root().join("docs/guide")).unwrap(), Vec::<String>::new());
    }

    #[test]
    fn every_xtask_command_of_the_guide_is_one_that_xtask_takes() {
        let mut seen = 0;
        for (page, text) in pages().unwrap() {
            for command in commands(&text) {
                let Some(arguments) = command.strip_prefix("cargo xtask ") else { continue };
                let words = std::iter::once("xtask").chain(arguments.split_whitespace());
                assert!(Arguments::try_parse_from(words).is_ok(), "{page}: {command}");
                seen += 1;
            }
        }
        assert!(seen >= 5, "{seen}");
    }

    #[test]
    fn commands_are_read_line_by_line_with_continuations_joined() {
        let text = "Text.\n```sh\n# first\na b \\\n  c\nd # why\n```\n```toml\nx = 1\n```\n";
        assert_eq!(commands(text), ["a b    c", "d"]);
    }

    #[test]
    fn a_link_to_nothing_and_an_unlisted_page_are_found() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("SUMMARY.md"), "[A](a.md)").unwrap();
        std::fs::write(folder.path().join("a.md"), "[b](b.md) [c](https://example.org)").unwrap();
        std::fs::write(folder.path().join("d.md"), "").unwrap();
        assert_eq!(broken_links(folder.path()).unwrap(), ["a.md: b.md", "d.md: SUMMARY.md does not list it"]);
    }
}

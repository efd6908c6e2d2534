//! What else goes, what breaks and what stays when manifests are deleted or tags removed, from what has been read. Pure:
//! `survey.rs` asks the registry.

use std::collections::{BTreeMap, BTreeSet};

use crate::artifact::{Kind, cosign_tag};
use crate::format;
use crate::list::rows::ManifestRow;
use crate::text::impact as text;

/// How a line is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    /// Something that stays breaks.
    Breaks,
    /// Something goes that was not chosen.
    Goes,
    /// Something stays.
    Stays,
    /// Something was not looked at.
    Unchecked,
}

/// One line of the dialog: a sentence and the things it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) tone: Tone,
    pub(crate) text: String,
    pub(crate) names: Vec<String>,
}

/// A manifest that an index refers to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Child {
    pub(crate) digest: String,
    /// `os/architecture`; empty where it has none.
    pub(crate) platform: String,
}

/// What has been read so far of the repository around the manifests to be deleted.
#[derive(Clone, Debug, Default)]
pub(crate) struct Evidence {
    /// The digests to be deleted.
    pub(crate) gone: BTreeSet<String>,
    /// The tags that were chosen; the others on the same digests are worth naming.
    pub(crate) chosen: BTreeSet<String>,
    /// Tags by digest, as asked for digest by digest.
    pub(crate) tags: BTreeMap<String, Vec<String>>,
    /// What each index refers to, as far as indexes were read.
    pub(crate) children: BTreeMap<String, Vec<Child>>,
    /// Digest and kind of what refers to each digest to be deleted, as far as it was asked for.
    pub(crate) referrers: BTreeMap<String, Vec<(String, Kind)>>,
    /// Whether the list of manifests is complete.
    pub(crate) complete: bool,
    /// Whether the repository forbids every change in it.
    pub(crate) frozen: bool,
    /// Why reading ended early.
    pub(crate) failure: Option<String>,
}

impl Evidence {
    /// The indexes that no request has been spent on yet, those to be deleted first, then the tagged ones.
    pub(crate) fn unread(&self, rows: &[ManifestRow]) -> Vec<String> {
        let mut unread: Vec<_> = rows
            .iter()
            .filter(|row| row.kind == Kind::Index && !self.children.contains_key(&*row.digest))
            .map(|row| (!self.gone.contains(&*row.digest), row.tags.is_empty(), row.digest.to_string()))
            .collect();
        // Stable: within a rank the newest stay first.
        unread.sort_by_key(|(stays, untagged, _)| (*stays, *untagged));
        unread.into_iter().map(|(_, _, digest)| digest).collect()
    }

    /// The digests whose referrers have not been asked for.
    pub(crate) fn unasked(&self) -> Vec<String> {
        self.gone.iter().filter(|digest| !self.referrers.contains_key(*digest)).cloned().collect()
    }

    /// What the dialog says of a deletion.
    pub(crate) fn of_delete(&self, rows: &[ManifestRow]) -> Vec<Line> {
        let mut lines = Vec::new();
        if self.frozen {
            lines.push(line(Tone::Breaks, text::FROZEN.to_owned(), Vec::new()));
        }
        self.broken(rows, &mut lines);
        self.orphaned(rows, &mut lines);
        self.tags_too(rows, &mut lines);
        if self.complete && !rows.is_empty() && rows.iter().all(|row| self.gone.contains(&*row.digest)) {
            lines.push(line(Tone::Goes, text::WHOLE_REPOSITORY.to_owned(), Vec::new()));
        }
        self.offspring(rows, &mut lines);
        let unread = self.unread(rows).len();
        let unasked = self.unasked().len();
        if lines.is_empty() && unread == 0 && unasked == 0 && self.complete {
            lines.push(line(Tone::Stays, text::NOTHING_ELSE.to_owned(), Vec::new()));
        }
        self.gaps(rows.len(), unread, unasked, &mut lines);
        lines
    }

    /// What the dialog says of an untag: which manifests have no tag left.
    pub(crate) fn of_untag(&self, rows: &[ManifestRow]) -> Vec<Line> {
        let tags = self.tags_of(rows);
        let bare = |digest: &&String| {
            tags.get(digest.as_str()).is_some_and(|tags| tags.iter().all(|tag| self.chosen.contains(*tag)))
        };
        let names: Vec<_> =
            self.gone.iter().filter(bare).map(|digest| format::short_digest(digest)).collect();
        let mut lines = Vec::new();
        if !names.is_empty() {
            lines.push(line(Tone::Stays, text::become_untagged(names.len()), names));
        }
        if let Some(failure) = &self.failure {
            lines.push(line(Tone::Unchecked, failure.clone(), Vec::new()));
        }
        lines
    }

    /// The tags on each digest to be deleted: what was asked for, else what the list says.
    fn tags_of<'a>(&'a self, rows: &'a [ManifestRow]) -> BTreeMap<&'a str, Vec<&'a String>> {
        let mut all: BTreeMap<&str, Vec<&String>> = BTreeMap::new();
        for row in rows.iter().filter(|row| self.gone.contains(&*row.digest)) {
            all.insert(&row.digest, row.tags.iter().collect());
        }
        all.extend(self.tags.iter().map(|(digest, tags)| (digest.as_str(), tags.iter().collect())));
        all
    }

    fn tags_too(&self, rows: &[ManifestRow], lines: &mut Vec<Line>) {
        let tags = self.tags_of(rows).into_values().flatten();
        let names: BTreeSet<_> = tags.filter(|tag| !self.chosen.contains(*tag)).cloned().collect();
        if !names.is_empty() {
            lines.push(line(Tone::Goes, text::tags_go(names.len()), names.into_iter().collect()));
        }
    }

    /// Indexes that stay and refer to something that goes.
    fn broken(&self, rows: &[ManifestRow], lines: &mut Vec<Line>) {
        let names: Vec<_> = rows
            .iter()
            .filter(|row| !self.gone.contains(&*row.digest))
            .filter_map(|row| Some((row, self.children.get(&*row.digest)?)))
            .flat_map(|(row, children)| {
                let hit = children.iter().filter(|child| self.gone.contains(&child.digest));
                hit.map(move |child| text::refers_to(&name_of(row), &child_name(child)))
            })
            .collect();
        if !names.is_empty() {
            lines.push(line(Tone::Breaks, text::breaks(names.len()), names));
        }
    }

    /// Signatures, SBOMs and attestations whose subject goes and which are not chosen themselves.
    fn orphaned(&self, rows: &[ManifestRow], lines: &mut Vec<Line>) {
        let mut names: Vec<_> = self
            .referrers
            .iter()
            .flat_map(|(subject, all)| all.iter().map(move |(digest, kind)| (subject, digest, kind)))
            .filter(|(_, digest, _)| !self.gone.contains(*digest))
            .map(|(subject, _, kind)| text::refers_to(kind.name(), &format::short_digest(subject)))
            .collect();
        for row in rows.iter().filter(|row| !self.gone.contains(&*row.digest)) {
            let signs = row.tags.iter().filter_map(|tag| cosign_tag(tag));
            for (kind, about) in signs.filter(|(_, about)| self.gone.contains(about)) {
                names.push(text::refers_to(kind.name(), &format::short_digest(&about)));
            }
        }
        names.sort();
        if !names.is_empty() {
            lines.push(line(Tone::Breaks, text::orphans(names.len()), names));
        }
    }

    /// What the indexes to be deleted refer to: it stays, tagged or in another index or with nothing that refers to it.
    fn offspring(&self, rows: &[ManifestRow], lines: &mut Vec<Line>) {
        let of_gone = self.children.iter().filter(|(digest, _)| self.gone.contains(*digest));
        let mut left: BTreeMap<&str, &Child> =
            of_gone.flat_map(|(_, children)| children).map(|child| (child.digest.as_str(), child)).collect();
        left.retain(|digest, _| !self.gone.contains(*digest));
        let elsewhere = self.children.iter().filter(|(digest, _)| !self.gone.contains(*digest));
        let held: BTreeSet<&str> =
            elsewhere.flat_map(|(_, children)| children).map(|child| child.digest.as_str()).collect();
        let tagged: BTreeSet<&str> = rows
            .iter()
            .filter(|row| !row.tags.is_empty() && left.contains_key(&*row.digest))
            .map(|row| &*row.digest)
            .collect();
        let (kept, bare): (Vec<_>, Vec<_>) = left
            .into_values()
            .partition(|child| held.contains(&*child.digest) || tagged.contains(&*child.digest));
        let names = |all: Vec<&Child>| all.into_iter().map(child_name).collect::<Vec<_>>();
        if !bare.is_empty() {
            lines.push(line(Tone::Stays, text::children_bare(bare.len()), names(bare)));
        }
        if !kept.is_empty() {
            lines.push(line(Tone::Stays, text::children_kept(kept.len()), names(kept)));
        }
    }

    fn gaps(&self, listed: usize, unread: usize, unasked: usize, lines: &mut Vec<Line>) {
        let said = [
            (!self.complete).then(|| text::not_listed(listed)),
            (unread > 0).then(|| text::not_read(unread)),
            (unasked > 0).then(|| text::not_asked(unasked)),
            self.failure.clone(),
        ];
        lines.extend(said.into_iter().flatten().map(|text| line(Tone::Unchecked, text, Vec::new())));
    }
}

fn line(tone: Tone, text: String, names: Vec<String>) -> Line {
    Line { tone, text, names }
}

/// A manifest by its first tag, else by its kind and digest.
fn name_of(row: &ManifestRow) -> String {
    let short = format::short_digest(&row.digest);
    row.tags.first().map_or_else(|| format!("{} {short}", row.kind.name()), Clone::clone)
}

fn child_name(child: &Child) -> String {
    let short = format::short_digest(&child.digest);
    if child.platform.is_empty() { short } else { format!("{} {short}", child.platform) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protection::Switches;

    fn digest(letter: char) -> String {
        format!("sha256:{}", letter.to_string().repeat(64))
    }

    fn row(letter: char, kind: Kind, tags: &[&str]) -> ManifestRow {
        ManifestRow {
            digest: digest(letter).into(),
            size: None,
            created: None,
            updated: None,
            platform: "".into(),
            kind,
            tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
            switches: Switches::OPEN,
            quarantine: None,
        }
    }

    fn child(letter: char, platform: &str) -> Child {
        Child { digest: digest(letter), platform: platform.to_owned() }
    }

    /// An index `a` tagged `latest` of `b` and `c`, an index `d` tagged `old` of `c`, and a signature of `b`.
    fn rows() -> Vec<ManifestRow> {
        let signature = format!("sha256-{}.sig", "b".repeat(64));
        vec![
            row('a', Kind::Index, &["latest", "1.2"]),
            row('b', Kind::Image, &[]),
            row('c', Kind::Image, &[]),
            row('d', Kind::Index, &["old"]),
            row('e', Kind::Signature, &[&signature]),
        ]
    }

    fn evidence(gone: &str, chosen: &[&str]) -> Evidence {
        let gone: BTreeSet<_> = gone.chars().map(digest).collect();
        Evidence {
            referrers: gone.iter().map(|digest| (digest.clone(), Vec::new())).collect(),
            gone,
            chosen: chosen.iter().map(|tag| (*tag).to_owned()).collect(),
            children: BTreeMap::from([
                (digest('a'), vec![child('b', "linux/amd64"), child('c', "linux/arm64")]),
                (digest('d'), vec![child('c', "linux/arm64")]),
            ]),
            complete: true,
            ..Evidence::default()
        }
    }

    fn names(lines: &[Line], text: &str) -> Vec<String> {
        lines.iter().find(|line| line.text == text).map(|line| line.names.clone()).unwrap_or_default()
    }

    #[test]
    fn a_child_of_a_live_index_breaks_it_and_its_signature_loses_its_subject() {
        let mut evidence = evidence("b", &[]);
        let referrers = vec![(digest('9'), Kind::Sbom), (digest('b'), Kind::Sbom)];
        evidence.referrers.insert(digest('b'), referrers);
        let lines = evidence.of_delete(&rows());
        assert_eq!(
            names(&lines, &text::breaks(1)),
            [format!("latest → linux/amd64 sha256:{}", "b".repeat(12))]
        );
        assert_eq!(names(&lines, &text::orphans(2)).len(), 2, "cosign's by its tag, the other by referrers");
        assert!(lines.iter().all(|line| line.tone == Tone::Breaks), "{lines:?}");
    }

    #[test]
    fn the_children_of_an_index_stay_in_another_index_or_untagged() {
        let lines = evidence("a", &["latest"]).of_delete(&rows());
        assert_eq!(names(&lines, &text::tags_go(1)), ["1.2"], "the chosen tag is not named again");
        assert_eq!(
            names(&lines, &text::children_bare(1)),
            [format!("linux/amd64 sha256:{}", "b".repeat(12))]
        );
        assert_eq!(names(&lines, &text::children_kept(1)).len(), 1);
    }

    #[test]
    fn an_index_deleted_with_its_children_breaks_nothing_of_its_own() {
        let lines = evidence("abcde", &[]).of_delete(&rows());
        assert!(lines.iter().all(|line| line.tone == Tone::Goes), "{lines:?}");
        assert!(lines.iter().any(|line| line.text == text::WHOLE_REPOSITORY));
    }

    #[test]
    fn what_was_not_read_is_said() {
        let mut evidence = evidence("c", &[]);
        evidence.children.remove(&digest('d'));
        evidence.referrers.clear();
        evidence.complete = false;
        let lines = evidence.of_delete(&rows());
        let unchecked: Vec<_> = lines.iter().filter(|line| line.tone == Tone::Unchecked).collect();
        assert_eq!(unchecked.len(), 3, "{lines:?}");
        assert_eq!(evidence.unread(&rows()), [digest('d')]);
    }

    #[test]
    fn indexes_to_be_deleted_are_read_first_and_untagged_ones_last() {
        let mut evidence = evidence("d", &[]);
        evidence.children.clear();
        let mut rows = rows();
        rows.insert(0, row('f', Kind::Index, &[]));
        assert_eq!(evidence.unread(&rows), [digest('d'), digest('a'), digest('f')]);
    }

    #[test]
    fn an_untag_names_what_has_no_tag_left() {
        assert!(evidence("a", &["latest"]).of_untag(&rows()).is_empty());
        assert_eq!(evidence("a", &["latest", "1.2"]).of_untag(&rows()).len(), 1);
    }

    #[test]
    fn tags_asked_for_by_digest_win_over_a_list_that_was_cut_short() {
        let mut evidence = evidence("a", &[]);
        evidence.tags.insert(digest('a'), vec!["1.2".into(), "1.3".into(), "latest".into()]);
        assert_eq!(names(&evidence.of_delete(&rows()), &text::tags_go(3)), ["1.2", "1.3", "latest"]);
    }
}

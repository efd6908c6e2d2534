//! What else goes, what breaks and what stays when manifests are deleted or tags removed, from what has been read. Pure:
//! `survey.rs` asks the registry.

use std::collections::{BTreeMap, BTreeSet};

use acr_artifact::cosign_tag;
use acr_artifact::relation::tag_subject;

use super::dependents::Dependents;
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
    /// `os/architecture`, or what it is; empty where neither is known.
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
    /// Digest and description of what refers to each digest to be deleted, as far as it was asked for.
    pub(crate) referrers: BTreeMap<String, Vec<(String, String)>>,
    /// Whether the list of manifests is complete.
    pub(crate) complete: bool,
    /// Whether the repository forbids every change in it.
    pub(crate) frozen: bool,
    /// Why reading ended early.
    pub(crate) failure: Option<String>,
}

impl Evidence {
    /// Takes in who depends on whom among the manifests of the repository, which are these: no question is left then.
    pub(crate) fn learn(&mut self, known: Dependents, rows: &[ManifestRow]) {
        let listed: BTreeMap<&str, &ManifestRow> = rows.iter().map(|row| (&*row.digest, row)).collect();
        let child = |digest: String| {
            let row = listed.get(digest.as_str());
            let platform = row.map(|row| match &*row.platform {
                "" => row.description.title(),
                platform => platform.to_owned(),
            });
            Child { platform: platform.unwrap_or_default(), digest }
        };
        let Dependents { children, mut referrers } = known;
        let children = children.into_iter();
        self.children.extend(children.map(|(index, all)| (index, all.into_iter().map(child).collect())));
        for digest in &self.gone {
            self.referrers.insert(digest.clone(), referrers.remove(digest).unwrap_or_default());
            let tags = listed.get(digest.as_str()).map(|row| row.tags.to_vec()).unwrap_or_default();
            self.tags.insert(digest.clone(), tags);
        }
    }

    /// The indexes that no request has been spent on yet, those to be deleted first, then the tagged ones.
    pub(crate) fn unread(&self, rows: &[ManifestRow]) -> Vec<String> {
        let mut unread: Vec<_> = rows
            .iter()
            .filter(|row| row.description.is_index && !self.children.contains_key(&*row.digest))
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

    /// Indexes that stay and refer to something that goes, directly or through an index within them.
    fn broken(&self, rows: &[ManifestRow], lines: &mut Vec<Line>) {
        let staying: Vec<_> = rows
            .iter()
            .filter(|row| !self.gone.contains(&*row.digest))
            .filter_map(|row| Some((row, self.children.get(&*row.digest)?)))
            .collect();
        let mut names = Vec::new();
        for digest in &self.gone {
            let (mut open, mut seen) = (vec![digest.as_str()], BTreeSet::from([digest.as_str()]));
            let (mut tags, mut untagged, mut name) = (Vec::new(), Vec::new(), None);
            while let Some(part) = open.pop() {
                for (row, children) in &staying {
                    let Some(child) = children.iter().find(|child| child.digest == part) else { continue };
                    name = name.or_else(|| Some(child_name(child)));
                    if seen.insert(&row.digest) {
                        open.push(&row.digest);
                        tags.extend(row.tags.iter().cloned());
                        untagged.extend(row.tags.is_empty().then(|| name_of(row)));
                    }
                }
            }
            let Some(name) = name else { continue };
            let parents =
                if tags.is_empty() { text::breaks_indexes(&untagged) } else { text::breaks_tags(&tags) };
            names.push(text::belongs_to(&name, &parents));
        }
        if !names.is_empty() {
            lines.push(line(Tone::Breaks, text::breaks(names.len()), names));
        }
    }

    /// Signatures, SBOMs and attestations whose subject goes and which are not chosen themselves.
    fn orphaned(&self, rows: &[ManifestRow], lines: &mut Vec<Line>) {
        let mut names: Vec<_> = self
            .referrers
            .iter()
            .flat_map(|(subject, all)| all.iter().map(move |(digest, title)| (subject, digest, title)))
            .filter(|(_, digest, _)| !self.gone.contains(*digest))
            .map(|(subject, _, title)| text::refers_to(title, &format::short_digest(subject)))
            .collect();
        for row in rows.iter().filter(|row| !self.gone.contains(&*row.digest)) {
            for tag in &row.tags {
                let Some(subject) = tag_subject(tag).filter(|subject| self.gone.contains(subject)) else {
                    continue;
                };
                let title =
                    cosign_tag(tag).map_or_else(|| row.description.title(), |tag| tag.kind.name().to_owned());
                names.push(text::refers_to(&title, &format::short_digest(&subject)));
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
        // The index of a build cache lists blobs, and an index may list what is not there: neither is a manifest that stays.
        let listed: BTreeSet<&str> = rows.iter().map(|row| &*row.digest).collect();
        left.retain(|digest, _| !self.gone.contains(*digest) && (!self.complete || listed.contains(digest)));
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

/// A manifest by its first tag, else by what it is and its digest.
fn name_of(row: &ManifestRow) -> String {
    let short = format::short_digest(&row.digest);
    row.tags.first().map_or_else(|| format!("{} {short}", row.description.title()), Clone::clone)
}

fn child_name(child: &Child) -> String {
    let short = format::short_digest(&child.digest);
    if child.platform.is_empty() { short } else { format!("{} {short}", child.platform) }
}

#[cfg(test)]
mod tests;

//! What an untagged manifest belongs to: the index that lists it, or the subject that it refers to. Pure.

use std::collections::{BTreeMap, BTreeSet};

use crate::action::dependents::Dependents;
use crate::format;
use crate::list::rows::ManifestRow;

/// How a manifest belongs to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relation {
    /// The other is an index that lists it.
    Child,
    /// The other is its subject.
    Referrer,
}

/// What a manifest belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Belonging {
    pub(super) relation: Relation,
    /// The first tag that leads to the other, else the beginning of its digest.
    pub(super) owner: String,
    /// Whether a tag leads to the other, so that deleting this manifest breaks something that can be pulled by name.
    pub(super) is_in_use: bool,
}

impl Belonging {
    /// Of a manifest that the index with this tag lists.
    pub(super) fn child_of_tag(tag: &str) -> Self {
        Self { relation: Relation::Child, owner: tag.to_owned(), is_in_use: true }
    }
}

/// What each untagged manifest of a repository belongs to, by digest; those that belong to nothing are left out.
pub(super) fn belongings(rows: &[ManifestRow], known: &Dependents) -> BTreeMap<String, Belonging> {
    let mut owners: BTreeMap<&str, Vec<(Relation, &str)>> = BTreeMap::new();
    for (index, children) in &known.children {
        for child in children {
            owners.entry(child).or_default().push((Relation::Child, index));
        }
    }
    for (subject, referrers) in &known.referrers {
        for (referrer, _) in referrers {
            owners.entry(referrer).or_default().push((Relation::Referrer, subject));
        }
    }
    let tags: BTreeMap<&str, &String> =
        rows.iter().filter_map(|row| Some((&*row.digest, row.tags.first()?))).collect();
    let untagged = rows.iter().filter(|row| row.tags.is_empty());
    let belonging =
        |row: &ManifestRow| Some((row.digest.to_string(), belonging(&row.digest, &owners, &tags)?));
    untagged.filter_map(belonging).collect()
}

/// What one manifest belongs to. Of several owners the first that a tag leads to counts.
fn belonging(
    digest: &str,
    owners: &BTreeMap<&str, Vec<(Relation, &str)>>,
    tags: &BTreeMap<&str, &String>,
) -> Option<Belonging> {
    let own = owners.get(digest)?;
    let tagged = own.iter().find_map(|(relation, owner)| {
        let owner = leading_tag(owner, owners, tags)?.clone();
        Some(Belonging { relation: *relation, owner, is_in_use: true })
    });
    tagged.or_else(|| {
        let (relation, owner) = own.first()?;
        Some(Belonging { relation: *relation, owner: format::short_digest(owner), is_in_use: false })
    })
}

/// The first tag on a manifest or on what it belongs to, however far. References may run in circles.
fn leading_tag<'a>(
    digest: &'a str,
    owners: &BTreeMap<&'a str, Vec<(Relation, &'a str)>>,
    tags: &BTreeMap<&'a str, &'a String>,
) -> Option<&'a String> {
    let (mut open, mut seen) = (vec![digest], BTreeSet::from([digest]));
    while let Some(next) = open.pop() {
        if let Some(tag) = tags.get(next) {
            return Some(tag);
        }
        let further = owners.get(next).into_iter().flatten().map(|(_, owner)| *owner);
        open.extend(further.filter(|owner| seen.insert(owner)));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::list::rows::tests::{digest, listed};

    fn row(letter: char, tags: &[&str]) -> ManifestRow {
        listed(letter, "image", tags)
    }

    fn known(children: &[(char, &str)], referrers: &[(char, char)]) -> Dependents {
        let letters = |letters: &str| letters.chars().map(digest).collect();
        Dependents {
            children: children.iter().map(|(index, all)| (digest(*index), letters(all))).collect(),
            referrers: referrers
                .iter()
                .map(|(subject, one)| (digest(*subject), vec![(digest(*one), "Signature".to_owned())]))
                .collect(),
        }
    }

    fn short(letter: char) -> String {
        format::short_digest(&digest(letter))
    }

    #[test]
    fn an_untagged_manifest_belongs_to_its_index_or_its_subject() {
        let rows = [row('a', &["1.2"]), row('b', &[]), row('c', &[]), row('d', &["other"]), row('e', &[])];
        let known = known(&[('a', "bd")], &[('b', 'c')]);
        let found = belongings(&rows, &known);
        assert_eq!(found.get(&digest('b')), Some(&Belonging::child_of_tag("1.2")));
        let signature = Belonging { relation: Relation::Referrer, owner: "1.2".to_owned(), is_in_use: true };
        assert_eq!(found.get(&digest('c')), Some(&signature), "of a platform of the tag");
        assert_eq!(found.len(), 2, "a tag of its own says enough, and e belongs to nothing");
    }

    #[test]
    fn an_owner_without_a_tag_is_named_by_its_digest_and_one_with_a_tag_is_preferred() {
        let rows = [row('a', &[]), row('b', &[]), row('c', &["1"])];
        let untagged = known(&[('a', "b")], &[]);
        let expected = Belonging { relation: Relation::Child, owner: short('a'), is_in_use: false };
        assert_eq!(belongings(&rows, &untagged).get(&digest('b')), Some(&expected));
        let both = known(&[('a', "b"), ('c', "b")], &[]);
        assert_eq!(belongings(&rows, &both).get(&digest('b')), Some(&Belonging::child_of_tag("1")));
    }

    #[test]
    fn a_circle_of_references_ends() {
        let rows = [row('a', &[]), row('b', &[])];
        let found = belongings(&rows, &known(&[('a', "b"), ('b', "a")], &[]));
        assert_eq!(found.len(), 2);
        assert!(found.values().all(|belonging| !belonging.is_in_use));
    }
}

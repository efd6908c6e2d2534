//! Which platforms are compared where a side is an index: those that the URL names, else the same on both sides. Pure.

use crate::page::manifest::candidate::{Candidate, of_name};

/// The images of an index.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Choices {
    pub(super) candidates: Vec<Candidate>,
    /// The position of the one that opens first.
    pub(super) first: usize,
}

impl Choices {
    /// The image of the platform asked for, else of the other side's platform, else the one that opens first.
    pub(super) fn choose(&self, wanted: &str, other: &str) -> Option<Candidate> {
        let first = || self.candidates.get(self.first);
        of_name(&self.candidates, wanted).or_else(|| self.like(other)).or_else(first).cloned()
    }

    /// The image of a platform, where need be of another variant or another version of Windows.
    fn like(&self, platform: &str) -> Option<&Candidate> {
        let same = |candidate: &&Candidate| !platform.is_empty() && base(&candidate.name) == base(platform);
        of_name(&self.candidates, platform).or_else(|| self.candidates.iter().find(same))
    }

    /// The name of the platform asked for, if there is one.
    fn settled(&self, wanted: &str) -> Option<String> {
        of_name(&self.candidates, wanted).map(|candidate| candidate.name.clone())
    }
}

/// Operating system and architecture of a platform's name.
fn base(name: &str) -> Vec<&str> {
    let platform = name.split([' ', '·']).next().unwrap_or_default();
    platform.split('/').take(2).collect()
}

/// A side of the comparison: the images of an index with the platform that the URL names, or a single image's platform.
#[derive(Clone, Copy)]
pub(super) enum Side<'a> {
    Index(&'a Choices, &'a str),
    Image(&'a str),
}

impl Side<'_> {
    /// The platform that is certain before the other side is looked at.
    fn settled(self) -> Option<String> {
        match self {
            Self::Index(choices, wanted) => choices.settled(wanted),
            Self::Image(platform) => Some(platform.to_owned()),
        }
    }

    fn choose(self, other: &str) -> Option<Candidate> {
        match self {
            Self::Index(choices, wanted) => choices.choose(wanted, other),
            Self::Image(_) => None,
        }
    }
}

/// The images that are compared; none for a side that is a single image, and for an empty index.
pub(super) fn choose(left: Side<'_>, right: Side<'_>) -> (Option<Candidate>, Option<Candidate>) {
    let (left_settled, right_settled) = (left.settled(), right.settled());
    let chosen = left.choose(&right_settled.unwrap_or_default());
    let other = chosen.as_ref().map(|chosen| chosen.name.clone()).or(left_settled).unwrap_or_default();
    (chosen, right.choose(&other))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index(names: &[&str]) -> Choices {
        let candidate = |(at, name): (usize, &&str)| Candidate {
            name: (*name).to_owned(),
            digest: format!("sha256:{at:064}").parse().unwrap(),
        };
        Choices { candidates: names.iter().enumerate().map(candidate).collect(), first: 0 }
    }

    fn names(left: Side<'_>, right: Side<'_>) -> [String; 2] {
        let (left, right) = choose(left, right);
        [left, right].map(|chosen| chosen.map(|chosen| chosen.name).unwrap_or_default())
    }

    #[test]
    fn both_sides_show_the_same_platform_unless_the_url_names_others() {
        let (old, new) = (index(&["linux/amd64", "linux/arm64"]), index(&["linux/amd64", "linux/arm64/v8"]));
        let both = |left, right| names(Side::Index(&old, left), Side::Index(&new, right));
        assert_eq!(both("", ""), ["linux/amd64", "linux/amd64"]);
        assert_eq!(both("linux/arm64", ""), ["linux/arm64", "linux/arm64/v8"]);
        assert_eq!(both("", "linux/arm64/v8"), ["linux/arm64", "linux/arm64/v8"]);
        assert_eq!(both("linux/arm64", "linux/amd64"), ["linux/arm64", "linux/amd64"]);
        assert_eq!(both("plan9/mips", ""), ["linux/amd64", "linux/amd64"]);
    }

    #[test]
    fn an_index_follows_the_platform_of_a_single_image() {
        let all = index(&["linux/amd64", "linux/arm64/v8 · zstd", "windows/amd64 (10.0.20348.1)"]);
        let against = |platform| names(Side::Index(&all, ""), Side::Image(platform));
        assert_eq!(against("linux/arm64/v8"), ["linux/arm64/v8 · zstd", ""]);
        assert_eq!(against("windows/amd64 (10.0.17763.1)"), ["windows/amd64 (10.0.20348.1)", ""]);
        assert_eq!(against(""), ["linux/amd64", ""]);
        assert_eq!(names(Side::Image("linux/arm64"), Side::Index(&all, "")), ["", "linux/arm64/v8 · zstd"]);
    }

    #[test]
    fn an_empty_index_has_nothing_to_choose() {
        let (none, one) = (index(&[]), index(&["linux/amd64"]));
        assert_eq!(names(Side::Index(&none, ""), Side::Index(&one, "")), ["", "linux/amd64"]);
    }
}

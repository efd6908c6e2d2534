//! Which lines, or steps, of two lists belong together, within a bound on the work.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::ops::Range;

use imara_diff::{Algorithm, Diff, InternedInput};

/// Most pairs of lines that may have to be looked at: the sum over the parts between lines that certainly belong
/// together, each with the product of its lengths. The search for the fewest changes takes some nanoseconds for each.
const MOST_PAIRS: usize = 200_000_000;

/// A part of the first list that a part of the second replaces.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) before: Range<usize>,
    pub(super) after: Range<usize>,
}

/// The changes that make the second list of the first, in order. `None` where the lists are too different and too long.
///
/// What both begin and end with is left out. The lines that both have exactly once divide the rest into parts ("patience"
/// diff), which are compared by Myers's algorithm.
pub(super) fn align(before: &[&str], after: &[&str]) -> Option<Vec<Change>> {
    let start = common(before.iter().zip(after));
    let (before, after) = (before.get(start..)?, after.get(start..)?);
    let end = common(before.iter().rev().zip(after.iter().rev()));
    let (before, after) = (before.get(..before.len() - end)?, after.get(..after.len() - end)?);
    let mut changes = Vec::new();
    let mut pairs_left = MOST_PAIRS;
    let mut from = (0, 0);
    for to in anchors(before, after).into_iter().chain([(before.len(), after.len())]) {
        let part = (before.get(from.0..to.0)?, after.get(from.1..to.1)?);
        pairs_left = pairs_left.checked_sub(part.0.len().checked_mul(part.1.len())?)?;
        add_changes(&mut changes, part, (start + from.0, start + from.1));
        from = (to.0 + 1, to.1 + 1);
    }
    Some(changes)
}

/// How many pairs are equal from the first on.
fn common<'a>(mut pairs: impl Iterator<Item = (&'a &'a str, &'a &'a str)>) -> usize {
    let mut count = 0;
    while pairs.next().is_some_and(|(a, b)| a == b) {
        count += 1;
    }
    count
}

/// Adds the changes of a part that starts at `offset`.
fn add_changes(changes: &mut Vec<Change>, (before, after): (&[&str], &[&str]), offset: (usize, usize)) {
    let mut input: InternedInput<&str> = InternedInput::default();
    input.update_before(before.iter().copied());
    input.update_after(after.iter().copied());
    let mut diff = Diff::compute(Algorithm::Myers, &input);
    diff.postprocess_lines(&input);
    let moved = |range: Range<u32>, by: usize| range.start as usize + by..range.end as usize + by;
    changes.extend(
        diff.hunks()
            .map(|hunk| Change { before: moved(hunk.before, offset.0), after: moved(hunk.after, offset.1) }),
    );
}

/// The lines that each list has once, as far as they have the same order in both.
fn anchors(before: &[&str], after: &[&str]) -> Vec<(usize, usize)> {
    let (before, after) = (unique(before), unique(after));
    let mut pairs: Vec<(usize, usize)> =
        before.iter().filter_map(|(line, at)| Some(((*at)?, (*after.get(line)?)?))).collect();
    pairs.sort_unstable();
    longest_ascending(&pairs)
}

/// The places of the lines; `None` for those that are there more than once.
fn unique<'a>(lines: &[&'a str]) -> HashMap<&'a str, Option<usize>> {
    let mut places = HashMap::with_capacity(lines.len());
    for (at, line) in lines.iter().enumerate() {
        match places.entry(*line) {
            Entry::Vacant(place) => {
                place.insert(Some(at));
            }
            Entry::Occupied(mut place) => {
                place.insert(None);
            }
        }
    }
    places
}

/// Of pairs in the order of their first numbers, the most whose second numbers ascend.
fn longest_ascending(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    // For each length, the pair with the least second number that ends a sequence of it; for each pair, the one before.
    let mut ends: Vec<usize> = Vec::new();
    let mut previous: Vec<Option<usize>> = Vec::with_capacity(pairs.len());
    for (index, (_, second)) in pairs.iter().enumerate() {
        let length = ends.partition_point(|end| pairs.get(*end).is_some_and(|(_, end)| end < second));
        previous.push(length.checked_sub(1).and_then(|before| ends.get(before).copied()));
        match ends.get_mut(length) {
            Some(end) => *end = index,
            None => ends.push(index),
        }
    }
    let mut chain = Vec::with_capacity(ends.len());
    let mut next = ends.last().copied();
    while let Some(index) = next {
        chain.extend(pairs.get(index));
        next = previous.get(index).copied().flatten();
    }
    chain.reverse();
    chain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changes(before: &str, after: &str) -> Vec<(Range<usize>, Range<usize>)> {
        let split = |text| str::split_inclusive(text, |_| true).collect::<Vec<&str>>();
        let (before, after) = (split(before), split(after));
        let changes = align(&before, &after).unwrap();
        // What is not changed is equal.
        let (mut at, mut kept) = (0, Vec::new());
        for change in &changes {
            kept.extend_from_slice(&before[at..change.before.start]);
            kept.extend_from_slice(&after[change.after.clone()]);
            at = change.before.end;
        }
        kept.extend_from_slice(&before[at..]);
        assert_eq!(kept, after);
        changes.into_iter().map(|change| (change.before, change.after)).collect()
    }

    #[test]
    fn lists_are_aligned() {
        assert!(changes("abc", "abc").is_empty());
        assert_eq!(changes("", "ab"), [(0..0, 0..2)]);
        assert_eq!(changes("ab", ""), [(0..2, 0..0)]);
        assert_eq!(changes("abcd", "axcd"), [(1..2, 1..2)]);
        assert_eq!(changes("axbxc", "xbxxc"), [(0..1, 0..0), (3..3, 2..3)]);
        assert_eq!(changes("abcde", "bcdea"), [(0..1, 0..0), (5..5, 4..5)]);
        changes("aaaabbbbccccabab", "abababaccbbaaabb");
    }

    #[test]
    fn the_longest_ascending_pairs_are_found() {
        let seconds = |list: &[usize]| {
            let pairs: Vec<(usize, usize)> = list.iter().copied().enumerate().collect();
            longest_ascending(&pairs).into_iter().map(|(_, second)| second).collect::<Vec<_>>()
        };
        assert!(seconds(&[]).is_empty());
        assert_eq!(seconds(&[3, 0, 1, 4, 2]), [0, 1, 2]);
        assert_eq!(seconds(&[4, 3, 2, 1]), [1]);
    }

    #[test]
    fn long_lists_without_common_order_are_refused() {
        let many =
            |period: usize| (0..50_000).map(|at| ["a", "b", "c"][at * at % period % 3]).collect::<Vec<_>>();
        assert_eq!(align(&many(7), &many(11)), None);
        // The same with few changes among lines that are there once.
        let before: Vec<String> = (0..50_000).map(|at| format!("{at}")).collect();
        let before: Vec<&str> = before.iter().map(String::as_str).collect();
        let mut after = before.clone();
        (0..50_000).step_by(1000).for_each(|at| after[at] = "changed");
        assert_eq!(align(&before, &after).unwrap().len(), 50);
    }
}

//! Which rows are shown and in which order, as positions in the list. Long lists are sorted in steps, so that no frame waits.

use std::cmp::Ordering;
use std::rc::Rc;

use leptos::prelude::*;

use super::stepped_sort::SteppedSort;
use crate::clock::in_steps;
use crate::query::run_until_cleanup;

/// Lists up to this length are sorted at once: it takes less than a frame.
const AT_ONCE: usize = 4096;

/// How two rows compare.
pub(crate) type Compare<T> = Rc<dyn Fn(&T, &T) -> Ordering>;

/// What a list is filtered and sorted by.
pub(crate) struct Criteria<T> {
    /// Which rows are shown.
    pub(crate) keep: Box<dyn Fn(&T) -> bool>,
    /// How rows are sorted; none where the registry's own order is the one asked for.
    pub(crate) compare: Option<Compare<T>>,
    pub(crate) descending: bool,
}

/// The positions of the rows to show, kept up while rows come and criteria change. `criteria` is tracked.
pub(crate) fn arrangement<T>(
    rows: RwSignal<Vec<T>>,
    criteria: impl Fn() -> Criteria<T> + 'static,
) -> RwSignal<Vec<u32>>
where
    T: Send + Sync + 'static,
{
    // The first answer is there at once, so that a list that has rows never looks empty.
    let order = RwSignal::new(untrack(|| first_order(rows, &criteria())));
    Effect::new(move |_| {
        let criteria = criteria();
        let kept = rows.with(|rows| filter(rows, &criteria));
        let Some(compare) = criteria.compare else { return order.set(kept) };
        let descending = criteria.descending;
        if kept.len() <= AT_ONCE {
            return order.set(rows.with_untracked(|rows| sorted(kept, rows, &compare, descending)));
        }
        run_until_cleanup(async move {
            let mut sort = SteppedSort::new(kept);
            let compare = |rows: &[T], a, b| compare_at(rows, &compare, descending, a, b);
            let step = || rows.with_untracked(|rows| sort.step(&|a, b| compare(rows, a, b))).then_some(());
            in_steps(step).await;
            order.set(sort.finish());
        });
    });
    order
}

fn first_order<T: Send + Sync + 'static>(rows: RwSignal<Vec<T>>, criteria: &Criteria<T>) -> Vec<u32> {
    rows.with(|rows| {
        let kept = filter(rows, criteria);
        match &criteria.compare {
            Some(compare) if kept.len() <= AT_ONCE => sorted(kept, rows, compare, criteria.descending),
            _ => kept,
        }
    })
}

fn filter<T>(rows: &[T], criteria: &Criteria<T>) -> Vec<u32> {
    let kept = rows.iter().enumerate().filter(|(_, row)| (criteria.keep)(row));
    kept.filter_map(|(position, _)| u32::try_from(position).ok()).collect()
}

fn sorted<T>(mut kept: Vec<u32>, rows: &[T], compare: &Compare<T>, descending: bool) -> Vec<u32> {
    kept.sort_by(|a, b| compare_at(rows, compare, descending, *a, *b));
    kept
}

/// Equal rows keep the registry's order; rows that are gone come last.
fn compare_at<T>(rows: &[T], compare: &Compare<T>, descending: bool, a: u32, b: u32) -> Ordering {
    let order = match (rows.get(a as usize), rows.get(b as usize)) {
        (Some(one), Some(other)) if descending => compare(other, one),
        (Some(one), Some(other)) => compare(one, other),
        (one, other) => other.is_some().cmp(&one.is_some()),
    };
    order.then(a.cmp(&b))
}

/// Compares names as people order versions: digits count as numbers, so `v9` comes before `v10`.
pub(crate) fn by_version(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a.as_bytes(), b.as_bytes());
    loop {
        let (Some((first_a, rest_a)), Some((first_b, rest_b))) = (a.split_first(), b.split_first()) else {
            return a.len().cmp(&b.len());
        };
        if first_a.is_ascii_digit() && first_b.is_ascii_digit() {
            let (number_a, after_a) = take_number(a);
            let (number_b, after_b) = take_number(b);
            let order = number_a.len().cmp(&number_b.len()).then_with(|| number_a.cmp(number_b));
            if order != Ordering::Equal {
                return order;
            }
            (a, b) = (after_a, after_b);
        } else {
            let order = first_a.cmp(first_b);
            if order != Ordering::Equal {
                return order;
            }
            (a, b) = (rest_a, rest_b);
        }
    }
}

/// The digits at the start, without leading zeros, and what follows them.
fn take_number(text: &[u8]) -> (&[u8], &[u8]) {
    let end = text.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    let zeros = digits.iter().position(|byte| *byte != b'0').unwrap_or(digits.len());
    (digits.split_at(zeros).1, rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arrange(keep: fn(&(&'static str, i32)) -> bool, compare: bool, descending: bool) -> Vec<u32> {
        let rows = [("b", 1), ("a", 2), ("c", 1), ("d", 3)];
        let by_number: Compare<(&str, i32)> = Rc::new(|a, b| a.1.cmp(&b.1));
        let criteria = Criteria { keep: Box::new(keep), compare: compare.then_some(by_number), descending };
        let kept = filter(&rows, &criteria);
        match &criteria.compare {
            Some(compare) => sorted(kept, &rows, compare, descending),
            None => kept,
        }
    }

    #[test]
    fn rows_are_filtered_and_sorted_stably() {
        assert_eq!(arrange(|row| row.0 != "d", false, false), [0, 1, 2]);
        assert_eq!(arrange(|_| true, true, false), [0, 2, 1, 3]);
        assert_eq!(arrange(|_| true, true, true), [3, 1, 0, 2]);
    }

    #[test]
    fn versions_are_ordered_as_numbers() {
        let mut names = ["v10", "v9", "v1.10", "v1.9", "latest", "1.0", "01.0", "1"];
        names.sort_by(|a, b| by_version(a, b));
        assert_eq!(names, ["1", "1.0", "01.0", "latest", "v1.9", "v1.10", "v9", "v10"]);
    }
}

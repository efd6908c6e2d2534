//! Which rows are shown and in which order, as positions in the list. Pure.

use std::cmp::Ordering;

/// How two rows compare.
pub(crate) type Compare<'a, T> = &'a dyn Fn(&T, &T) -> Ordering;

/// The positions of the rows to show. `compare` is left out where the registry's own order is the one asked for; equal
/// rows keep the registry's order.
pub(crate) fn arrange<T>(
    rows: &[T],
    keep: impl Fn(&T) -> bool,
    compare: Option<Compare<'_, T>>,
    descending: bool,
) -> Vec<u32> {
    let mut kept: Vec<(u32, &T)> = rows
        .iter()
        .enumerate()
        .filter(|(_, row)| keep(row))
        .filter_map(|(position, row)| Some((u32::try_from(position).ok()?, row)))
        .collect();
    if let Some(compare) = compare {
        kept.sort_by(|(_, a), (_, b)| if descending { compare(b, a) } else { compare(a, b) });
    }
    kept.into_iter().map(|(position, _)| position).collect()
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

    #[test]
    fn rows_are_filtered_and_sorted_stably() {
        let rows = [("b", 1), ("a", 2), ("c", 1), ("d", 3)];
        let by_number = |a: &(&str, i32), b: &(&str, i32)| a.1.cmp(&b.1);
        assert_eq!(arrange(&rows, |row| row.0 != "d", None, false), [0, 1, 2]);
        assert_eq!(arrange(&rows, |_| true, Some(&by_number), false), [0, 2, 1, 3]);
        assert_eq!(arrange(&rows, |_| true, Some(&by_number), true), [3, 1, 0, 2]);
    }

    #[test]
    fn versions_are_ordered_as_numbers() {
        let mut names = ["v10", "v9", "v1.10", "v1.9", "latest", "1.0", "01.0", "1"];
        names.sort_by(|a, b| by_version(a, b));
        assert_eq!(names, ["1", "1.0", "01.0", "latest", "v1.9", "v1.10", "v9", "v10"]);
    }
}

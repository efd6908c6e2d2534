//! A merge sort that can be put aside after every few thousand comparisons. Pure: who runs it decides when.

use std::cmp::Ordering;
use std::collections::VecDeque;

/// How many positions are sorted, or merged, in a step.
const STEP: usize = 4096;

/// The sort of a list of positions.
#[derive(Debug, Default)]
pub(crate) struct SteppedSort {
    unsorted: Vec<u32>,
    runs: VecDeque<Vec<u32>>,
    merge: Option<Merge>,
}

/// Two sorted runs on their way to being one.
#[derive(Debug, Default)]
struct Merge {
    left: VecDeque<u32>,
    right: VecDeque<u32>,
    merged: Vec<u32>,
}

impl SteppedSort {
    pub(crate) fn new(positions: Vec<u32>) -> Self {
        Self { unsorted: positions, ..Self::default() }
    }

    /// Does a little; `true` once all is sorted.
    pub(crate) fn step(&mut self, compare: &dyn Fn(u32, u32) -> Ordering) -> bool {
        if !self.unsorted.is_empty() {
            let mut run = self.unsorted.split_off(self.unsorted.len().saturating_sub(STEP));
            run.sort_by(|a, b| compare(*a, *b));
            self.runs.push_back(run);
            return false;
        }
        if let Some(mut merge) = self.merge.take() {
            if merge.advance(compare) {
                self.runs.push_back(merge.merged);
            } else {
                self.merge = Some(merge);
                return false;
            }
        }
        if self.runs.len() < 2 {
            return true;
        }
        if let (Some(left), Some(right)) = (self.runs.pop_front(), self.runs.pop_front()) {
            let merged = Vec::with_capacity(left.len() + right.len());
            self.merge = Some(Merge { left: left.into(), right: right.into(), merged });
        }
        false
    }

    /// The positions in order.
    pub(crate) fn finish(mut self) -> Vec<u32> {
        self.runs.pop_front().unwrap_or_default()
    }
}

impl Merge {
    fn advance(&mut self, compare: &dyn Fn(u32, u32) -> Ordering) -> bool {
        for _ in 0..STEP * 2 {
            let next = match (self.left.front(), self.right.front()) {
                (Some(left), Some(right)) if compare(*right, *left) == Ordering::Less => {
                    self.right.pop_front()
                }
                (Some(_), _) => self.left.pop_front(),
                (None, Some(_)) => self.right.pop_front(),
                (None, None) => return true,
            };
            self.merged.extend(next);
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_sorts_whatever_the_length() {
        for length in [0, 1, 2, STEP, STEP + 1, 5 * STEP + 17] {
            // A permutation that is far from sorted.
            let values: Vec<usize> = (0..length).map(|at| (at * 7919) % length.max(1)).collect();
            let mut sort = SteppedSort::new((0..u32::try_from(length).unwrap()).collect());
            let compare = |a: u32, b: u32| values[a as usize].cmp(&values[b as usize]).then(a.cmp(&b));
            let mut steps = 0;
            while !sort.step(&compare) {
                steps += 1;
                assert!(steps < 10_000, "it comes to an end");
            }
            let sorted = sort.finish();
            assert_eq!(sorted.len(), length);
            assert!(sorted.is_sorted_by(|a, b| compare(*a, *b) == Ordering::Less));
        }
    }
}

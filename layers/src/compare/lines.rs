//! The lines of a text that differ.

use std::ops::Range;

use imara_diff::{Algorithm, Diff, InternedInput};
use serde::Serialize;

/// What happened to a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LineChange {
    /// It is in both texts, near a change.
    Context,
    /// It is only in the first text.
    Removed,
    /// It is only in the second text.
    Added,
}

/// A line of a comparison.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// What happened to it.
    pub change: LineChange,
    /// Its number in the first text, from 1, if it is there.
    pub before: Option<u32>,
    /// Its number in the second text, from 1, if it is there.
    pub after: Option<u32>,
    /// The line without its line break.
    pub text: String,
}

/// Changes that are near to each other, with the lines around them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LineHunk {
    /// The lines in order; removed ones before the added ones that replace them.
    pub lines: Vec<Line>,
}

/// Compares two texts line by line, with `context` unchanged lines around each change. An empty list means that the
/// texts are equal.
#[must_use]
pub fn compare_lines(before: &str, after: &str, context: u32) -> Vec<LineHunk> {
    let input = InternedInput::new(before, after);
    let mut diff = Diff::compute(Algorithm::Histogram, &input);
    diff.postprocess_lines(&input);
    let texts = Texts { before: before.lines().collect(), after: after.lines().collect() };
    let mut hunks: Vec<LineHunk> = Vec::new();
    // The end of what was written, in lines of the first and of the second text.
    let mut end = (0, 0);
    for hunk in diff.hunks() {
        let gap = hunk.before.start - end.0;
        let continues = !hunks.is_empty() && gap <= context.saturating_mul(2);
        if !continues {
            if let Some(last) = hunks.last_mut() {
                texts.context(last, end, context);
            }
            hunks.push(LineHunk { lines: Vec::new() });
        }
        let Some(current) = hunks.last_mut() else { break };
        let lead = if continues { gap } else { gap.min(context) };
        texts.context(current, (hunk.before.start - lead, hunk.after.start - lead), lead);
        texts.add(current, LineChange::Removed, hunk.before.clone());
        texts.add(current, LineChange::Added, hunk.after.clone());
        end = (hunk.before.end, hunk.after.end);
    }
    if let Some(last) = hunks.last_mut() {
        texts.context(last, end, context);
    }
    hunks
}

struct Texts<'a> {
    before: Vec<&'a str>,
    after: Vec<&'a str>,
}

impl Texts<'_> {
    fn context(&self, hunk: &mut LineHunk, from: (u32, u32), count: u32) {
        for offset in 0..count {
            let (before, after) = (from.0 + offset, from.1 + offset);
            let Some(text) = self.before.get(before as usize) else { break };
            hunk.lines.push(Line {
                change: LineChange::Context,
                before: Some(before + 1),
                after: Some(after + 1),
                text: (*text).to_owned(),
            });
        }
    }

    fn add(&self, hunk: &mut LineHunk, change: LineChange, range: Range<u32>) {
        let is_added = change == LineChange::Added;
        let texts = if is_added { &self.after } else { &self.before };
        for number in range {
            let Some(text) = texts.get(number as usize) else { break };
            let (before, after) = if is_added { (None, Some(number + 1)) } else { (Some(number + 1), None) };
            hunk.lines.push(Line { change, before, after, text: (*text).to_owned() });
        }
    }
}

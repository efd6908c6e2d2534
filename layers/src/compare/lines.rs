//! The lines of a text that differ.

use std::ops::Range;

use serde::Serialize;

use super::align::align;

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

/// Two texts that are so long and so different that the comparison of their lines would take too long, and that a list of
/// changes would explain nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the files are too different to be compared line by line")]
pub struct TooDifferent;

/// Compares two texts line by line, with `context` unchanged lines around each change. An empty list means that the
/// texts are equal.
///
/// # Errors
/// [`TooDifferent`] above a bound on the work, which takes less than a second.
pub fn compare_lines(before: &str, after: &str, context: u32) -> Result<Vec<LineHunk>, TooDifferent> {
    // With their breaks: a text that lacks the last one is not the same.
    let split = |text| str::split_inclusive(text, '\n').collect::<Vec<&str>>();
    let changes = align(&split(before), &split(after)).ok_or(TooDifferent)?;
    let texts = Texts { before: before.lines().collect(), after: after.lines().collect() };
    let context = context as usize;
    let mut hunks: Vec<LineHunk> = Vec::new();
    // The end of what was written, in lines of the first and of the second text.
    let mut end = (0, 0);
    for change in changes {
        let gap = change.before.start - end.0;
        let continues = !hunks.is_empty() && gap <= context.saturating_mul(2);
        if !continues {
            if let Some(last) = hunks.last_mut() {
                texts.context(last, end, context);
            }
            hunks.push(LineHunk { lines: Vec::new() });
        }
        let Some(current) = hunks.last_mut() else { break };
        let lead = if continues { gap } else { gap.min(context) };
        texts.context(current, (change.before.start - lead, change.after.start - lead), lead);
        end = (change.before.end, change.after.end);
        texts.add(current, LineChange::Removed, change.before);
        texts.add(current, LineChange::Added, change.after);
    }
    if let Some(last) = hunks.last_mut() {
        texts.context(last, end, context);
    }
    Ok(hunks)
}

struct Texts<'a> {
    before: Vec<&'a str>,
    after: Vec<&'a str>,
}

impl Texts<'_> {
    fn context(&self, hunk: &mut LineHunk, from: (usize, usize), count: usize) {
        for offset in 0..count {
            let (before, after) = (from.0 + offset, from.1 + offset);
            let Some(text) = self.before.get(before) else { break };
            hunk.lines.push(Line {
                change: LineChange::Context,
                before: Some(before as u32 + 1),
                after: Some(after as u32 + 1),
                text: (*text).to_owned(),
            });
        }
    }

    fn add(&self, hunk: &mut LineHunk, change: LineChange, range: Range<usize>) {
        let is_added = change == LineChange::Added;
        let texts = if is_added { &self.after } else { &self.before };
        for number in range {
            let Some(text) = texts.get(number) else { break };
            let number = Some(number as u32 + 1);
            let (before, after) = if is_added { (None, number) } else { (number, None) };
            hunk.lines.push(Line { change, before, after, text: (*text).to_owned() });
        }
    }
}

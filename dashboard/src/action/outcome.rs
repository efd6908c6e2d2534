//! What became of one item of a run.

use crate::failure::Failure;
use crate::text::action as text;

/// What became of an item.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Outcome {
    /// Not started yet, or never started because the run was cancelled.
    Waiting,
    Done,
    /// It had already been deleted, which counts as success.
    Gone,
    /// It is locked.
    Skipped,
    Failed(Failure),
}

impl Outcome {
    /// Whether the item is in the state that was asked for.
    pub(crate) fn is_good(&self) -> bool {
        matches!(self, Self::Done | Self::Gone)
    }

    /// Whether there is something left to do.
    pub(crate) fn is_open(&self) -> bool {
        matches!(self, Self::Waiting | Self::Failed(_))
    }

    /// Its name in the events of the embedding page.
    pub(super) fn status(&self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Done => "done",
            Self::Gone => "gone",
            Self::Skipped => "skipped",
            Self::Failed(_) => "failed",
        }
    }

    /// Its name on the page.
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::Waiting => text::WAITING,
            Self::Done => text::DONE,
            Self::Gone => text::GONE,
            Self::Skipped => text::SKIPPED,
            Self::Failed(_) => text::FAILED,
        }
    }
}

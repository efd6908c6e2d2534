//! Work that can be put aside: how much of it is done before the caller is asked again.

/// How many items are still looked at in a step. Each step looks at one at least, so that it comes to an end.
#[derive(Debug)]
pub(super) struct Budget {
    left: usize,
}

impl Budget {
    pub(super) fn new(items: usize) -> Self {
        Self { left: items.max(1) }
    }

    /// Whether the step ends before the next item.
    pub(super) fn is_spent(&self) -> bool {
        self.left == 0
    }

    /// Counts items that were looked at. What cannot be divided may be more than was left.
    pub(super) fn spend(&mut self, items: usize) {
        self.left = self.left.saturating_sub(items);
    }

    /// Does something with each item from `next` on, as far as the step goes. Whether that was the last.
    pub(super) fn each<T: Copy>(&mut self, items: &[T], next: &mut usize, mut act: impl FnMut(T)) -> bool {
        while let Some(item) = items.get(*next) {
            if self.is_spent() {
                return false;
            }
            self.spend(1);
            *next += 1;
            act(*item);
        }
        true
    }
}

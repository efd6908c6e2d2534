//! Which rows of a table are near enough to the screen to be in the document.

use std::ops::Range;

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::surface::document::listen_to_scrolling;

/// Tables up to this length are completely in the document.
const WHOLE: usize = 200;
/// Rows kept in the document above and below the screen.
const MARGIN: usize = 12;
/// Rows that may come into the document in one frame, beyond those on the screen: rows outside the screen can wait for the next.
const STEP: usize = 12;

/// A range of rows and how high one is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Window {
    /// The first row in the document.
    pub(crate) first: usize,
    /// The row after the last in the document.
    pub(crate) end: usize,
    /// In CSS pixels.
    pub(crate) row_height: f64,
}

/// How high a row is until one is there to be measured.
const ROW_HEIGHT: f64 = 40.0;

/// How high the screen is, in CSS pixels.
fn screen_height() -> f64 {
    window().inner_height().ok().and_then(|height| height.as_f64()).unwrap_or(1000.0)
}

impl Window {
    /// The first rows, as many as fill a screen: what a table begins with.
    pub(crate) fn first() -> Self {
        Self { first: 0, end: (screen_height() / ROW_HEIGHT).ceil() as usize, row_height: ROW_HEIGHT }
    }

    /// The rows on the screen, when the first of `count` rows begins at `top` (CSS pixels, negative above the screen's upper edge)
    /// and the screen is `height` high.
    fn on_screen(count: usize, top: f64, height: f64, row_height: f64) -> Self {
        let above = (-top / row_height).floor().max(0.0) as usize;
        // One more than fit: the first may be cut.
        let fit = (height / row_height).ceil().max(1.0) as usize + 1;
        let below = ((height - top) / row_height).ceil().max(0.0) as usize;
        let first = above.min(count.saturating_sub(fit));
        Self { first, end: (first + fit).min(below.max(first)).min(count), row_height }
    }

    /// The rows to have in the document around those on the screen.
    fn around(self, count: usize) -> Self {
        if count <= WHOLE {
            return Self { first: 0, end: count, ..self };
        }
        let first = self.first.saturating_sub(MARGIN);
        // Rounded to even rows, so that small movements change nothing.
        Self { first: first - first % 2, end: (self.end + MARGIN).min(count), ..self }
    }

    /// What to have in the document next on the way from `self` to `goal`: all that is on the screen, and little more that is new.
    fn towards(self, goal: Self, on_screen: Self) -> Self {
        // What is there already stays, where it touches what is on the screen.
        let (mut first, mut end) = (self.first.max(goal.first), self.end.min(goal.end));
        if first >= end || first > on_screen.end || end < on_screen.first {
            (first, end) = (on_screen.first, on_screen.end);
        }
        (first, end) = (first.min(on_screen.first), end.max(on_screen.end));
        let kept = end.min(self.end).saturating_sub(first.max(self.first));
        let room = STEP.saturating_sub((end - first).saturating_sub(kept));
        let below = room.min(goal.end.saturating_sub(end));
        let above = (room - below).min(first.saturating_sub(goal.first));
        Self { first: first - above, end: end + below, ..goal }
    }
}

/// What follows the scrolling of one table.
#[derive(Clone, Copy)]
struct Follower {
    body: NodeRef<html::Tbody>,
    count: Signal<usize>,
    window: RwSignal<Window>,
    on_screen: RwSignal<Range<usize>>,
    /// Whether the next frame measures already.
    asked: StoredValue<bool>,
}

impl Follower {
    /// Measures in the next frame, and in those after it until all rows are there that should be.
    fn ask(self) {
        if self.asked.try_get_value() != Some(false) {
            return;
        }
        self.asked.set_value(true);
        request_animation_frame(move || {
            let _ = self.asked.try_set_value(false);
            if self.measure() == Some(false) {
                self.ask();
            }
        });
    }

    /// Moves the window nearer to where the rows are; whether it is there. `None` once the table is gone.
    fn measure(self) -> Option<bool> {
        let body = self.body.try_get_untracked().flatten()?;
        let (count, current) = (self.count.try_get_untracked()?, self.window.try_get_untracked()?);
        let row_height = body
            .query_selector("tr.row")
            .ok()
            .flatten()
            .and_then(|row| row.dyn_into::<web_sys::HtmlElement>().ok())
            .map(|row| row.get_bounding_client_rect().height())
            .filter(|height| *height >= 1.0)
            .unwrap_or(ROW_HEIGHT);
        let top = body.get_bounding_client_rect().top();
        let seen = Window::on_screen(count, top, screen_height(), row_height);
        let goal = seen.around(count);
        let next = current.towards(goal, seen);
        if current != next {
            self.window.set(next);
        }
        let seen = seen.first..seen.end;
        if self.on_screen.with_untracked(|current| *current != seen) {
            self.on_screen.set(seen);
        }
        Some(next == goal)
    }
}

/// Keeps `window` up to date while anything scrolls or the screen's size changes, and `on_screen` with the rows that can be seen.
pub(crate) fn follow_scroll(
    body: NodeRef<html::Tbody>,
    count: Signal<usize>,
    window: RwSignal<Window>,
    on_screen: RwSignal<Range<usize>>,
) {
    let follower = Follower { body, count, window, on_screen, asked: StoredValue::new(false) };
    Effect::new(move |_| {
        count.track();
        body.track();
        follower.ask();
    });
    listen_to_scrolling(move || follower.ask());
    let resize = window_event_listener(leptos::ev::resize, move |_| follower.ask());
    on_cleanup(move || resize.remove());
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Window = Window { first: 0, end: 20, row_height: 40.0 };

    /// What `towards` comes to, and the most rows that came in one of its frames.
    fn arrived(mut window: Window, count: usize, top: f64) -> (Window, usize) {
        let mut most = 0;
        for _ in 0..100 {
            let seen = Window::on_screen(count, top, 800.0, 40.0);
            let next = window.towards(seen.around(count), seen);
            assert!(next.first <= seen.first && next.end >= seen.end, "{next:?} lacks what is on the screen");
            if next == window {
                return (window, most);
            }
            let kept = next.end.min(window.end).saturating_sub(next.first.max(window.first));
            most = most.max(next.end - next.first - kept);
            window = next;
        }
        panic!("still moving: {window:?}")
    }

    #[test]
    fn short_tables_are_whole() {
        let (window, _) = arrived(START, 200, -4000.0);
        assert_eq!(window, Window { first: 0, end: 200, row_height: 40.0 });
    }

    #[test]
    fn long_tables_keep_what_is_on_screen_and_a_margin() {
        let (window, _) = arrived(START, 100_000, -40_000.0);
        assert!(window.first <= 1000 && window.first >= 980, "{window:?}");
        assert!(window.end >= 1020 && window.end <= 1040, "{window:?}");
    }

    #[test]
    fn the_end_of_the_table_is_the_end_of_the_window() {
        let (window, _) = arrived(START, 300, -1e9);
        assert_eq!(window.end, 300);
        assert!(window.first < window.end);
    }

    #[test]
    fn no_frame_brings_more_than_a_screen_of_rows() {
        let far = Window { first: 90_000, end: 90_050, row_height: 40.0 };
        for (from, count, top) in
            [(START, 200, 0.0), (far, 150, 0.0), (far, 100_000, -40_000.0), (far, 100_000, 100.0)]
        {
            let (_, most) = arrived(from, count, top);
            assert!(most <= 21 + STEP, "{most} rows in one frame, from {from:?} to {top}");
        }
    }

    #[test]
    fn what_is_on_screen_is_counted_and_nothing_else() {
        let seen = |count, top| {
            let window = Window::on_screen(count, top, 800.0, 40.0);
            window.first..window.end
        };
        assert_eq!(seen(100, 200.0), 0..15, "the table begins below the screen's upper edge");
        assert_eq!(seen(100, -60.0), 1..22, "the first and the last are cut");
        assert_eq!(seen(5, 0.0), 0..5);
        assert_eq!(seen(100, 900.0), 0..0, "below the screen");
    }
}

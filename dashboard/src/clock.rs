//! The browser's clock.

use std::time::Duration;

use futures_util::future::{abortable, pending};

/// The current time, in milliseconds since the Unix epoch.
pub(crate) fn now() -> i64 {
    js_sys::Date::now() as i64
}

/// Milliseconds of work between two moments in which the browser can draw and react: half of what a frame takes at 60 Hz.
const SLICE: i64 = 8;

/// Takes steps until one of them ends with something, and lets the browser draw and react in between.
pub(crate) async fn in_steps<T>(mut step: impl FnMut() -> Option<T>) -> T {
    let mut begun = now();
    loop {
        if let Some(done) = step() {
            return done;
        }
        // A clock that was set back ends the slice too.
        if !(0..SLICE).contains(&(now() - begun)) {
            sleep(Duration::ZERO).await;
            begun = now();
        }
    }
}

/// Waits, for a day at most. A wait of nothing lets the browser draw and react.
pub(crate) async fn sleep(time: Duration) {
    /// Browsers count the milliseconds of a timer in 31 bits.
    const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);
    let time = time.min(LONGEST);
    let (done, wake) = abortable(pending::<()>());
    leptos::prelude::set_timeout(move || wake.abort(), time);
    let _ = done.await;
}

//! The browser's clock.

use std::time::Duration;

use futures_util::future::{abortable, pending};

/// The current time, in milliseconds since the Unix epoch.
pub(crate) fn now() -> i64 {
    js_sys::Date::now() as i64
}

/// Waits. A wait of nothing lets the browser draw and react.
pub(crate) async fn sleep(time: Duration) {
    let (done, wake) = abortable(pending::<()>());
    leptos::prelude::set_timeout(move || wake.abort(), time);
    let _ = done.await;
}

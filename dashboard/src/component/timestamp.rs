//! A moment: relative with the absolute one on hover, or the other way round, as this person prefers.

use leptos::prelude::*;

use crate::format::time;
use crate::preferences::use_preferences;
use crate::theme::TimeStyle;

/// A moment in milliseconds since the Unix epoch; a dash for none.
#[component]
pub(crate) fn Moment(moment: Option<i64>) -> impl IntoView {
    let Some(moment) = moment else { return view! { <span class="muted">"–"</span> }.into_any() };
    let preferences = use_preferences();
    let machine = time::absolute(moment).replacen(' ', "T", 1).replacen(" UTC", "Z", 1);
    let relative = move || time::relative(moment, now());
    let absolute = move || time::absolute(moment);
    let is_relative = move || preferences.times() == TimeStyle::Relative;
    view! {
        <time
            datetime=machine
            title=move || if is_relative() { absolute() } else { relative() }
        >
            {move || if is_relative() { relative() } else { absolute() }}
        </time>
    }
    .into_any()
}

/// The browser's clock, in milliseconds since the Unix epoch.
pub(crate) fn now() -> i64 {
    js_sys::Date::now() as i64
}

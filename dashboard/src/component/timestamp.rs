//! A moment: relative with the absolute time on hover, or the other way round, as the user prefers.

use leptos::prelude::*;

use crate::clock::now;
use crate::format::time;
use crate::theme::TimeStyle;

/// How the user wants times to be written. Provided as a context by the app; relative where there is none.
#[derive(Clone, Copy)]
pub(crate) struct TimeFormat(pub(crate) Signal<TimeStyle>);

/// A moment in milliseconds since the Unix epoch; a dash for none.
#[component]
pub(crate) fn Moment(moment: Option<i64>) -> impl IntoView {
    let Some(moment) = moment else { return view! { <span class="muted">"–"</span> }.into_any() };
    let format = use_context::<TimeFormat>();
    let machine = time::absolute(moment).replacen(' ', "T", 1).replacen(" UTC", "Z", 1);
    let relative = move || time::relative(moment, now());
    let absolute = move || time::absolute(moment);
    let is_relative = move || format.is_none_or(|format| format.0.get() == TimeStyle::Relative);
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

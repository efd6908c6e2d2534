//! Figures as they are shown: a size, and which way it can still move.

use acr_inventory::{Bound, Figure};
use leptos::prelude::*;

use crate::format;

/// The word before a figure that is not exact.
fn word(bound: Bound) -> &'static str {
    match bound {
        Bound::Exact => "",
        Bound::AtLeast => "at least ",
        Bound::AtMost => "at most ",
        Bound::Estimate => "about ",
    }
}

/// A figure in words.
pub(crate) fn figure_text(figure: Figure) -> String {
    format!("{}{}", word(figure.bound), format::size(figure.bytes))
}

/// A figure, with all its digits on hover.
pub(crate) fn figure_view(figure: Figure) -> AnyView {
    let word = word(figure.bound);
    view! {
        <span title=format::bytes(figure.bytes)>
            {(!word.is_empty()).then(|| view! { <span class="bound">{word}</span> })}
            {format::size(figure.bytes)}
        </span>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_that_can_move_says_which_way() {
        let text = |bound| figure_text(Figure { bytes: 1024, bound }).replace('\u{a0}', " ");
        assert_eq!(text(Bound::Exact), "1.0 KiB");
        assert_eq!(text(Bound::AtLeast), "at least 1.0 KiB");
        assert_eq!(text(Bound::AtMost), "at most 1.0 KiB");
        assert_eq!(text(Bound::Estimate), "about 1.0 KiB");
    }
}

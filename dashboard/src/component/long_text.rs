//! Text of any length: a browser that lays out megabytes of it at once stands still, so it is shown in parts. Pure but for the views.

use leptos::prelude::*;

use super::growing::Growing;
use crate::format;
use crate::text::list as text;

/// How many bytes one part has at most.
const PART: usize = 128 * 1024;
/// How many parts are shown at once.
const STEP: usize = 2;
/// A text longer than this many bytes is folded.
const FOLDED: usize = 600;
/// How many bytes of a folded text are shown when it is opened.
const OPENED: usize = 64 * 1024;

/// A block of preformatted text; `draw` makes the view of a part of it.
pub(crate) fn long_text(whole: String, draw: Callback<String, AnyView>) -> AnyView {
    let parts: Vec<String> = parts(&whole).into_iter().map(str::to_owned).collect();
    let count = parts.len();
    let parts = StoredValue::new(parts);
    let piece = Callback::new(move |at: usize| {
        draw.run(parts.with_value(|parts| parts.get(at).cloned()).unwrap_or_default())
    });
    let growing = Growing::new(count, STEP, piece);
    view! {
        <pre class="code" tabindex="0">{growing.pieces()}</pre>
        {growing.more()}
    }
    .into_any()
}

/// A value in a table or next to a name: as it is where it is short, else its beginning, to be opened.
pub(crate) fn folded(value: String) -> AnyView {
    if value.len() <= FOLDED {
        return value.into_any();
    }
    let start = head(&value, FOLDED / 4).to_owned();
    let opened = head(&value, OPENED).to_owned();
    let cut = (opened.len() < value.len()).then(|| text::cut(&format::size(OPENED as u64)));
    let size = format::size(value.len() as u64);
    view! {
        <details class="fold">
            <summary>{start}"… " <span class="muted">{size}</span></summary>
            <pre class="code" tabindex="0">{opened}</pre>
            {cut.map(|cut| view! { <p class="hint">{cut}</p> })}
        </details>
    }
    .into_any()
}

/// The beginning of a text, at most so many bytes, never half a character.
fn head(text: &str, most: usize) -> &str {
    let end = (0..=most.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    text.get(..end).unwrap_or_default()
}

/// A text in parts, cut after the ends of lines where there are any.
fn parts(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = text;
    while rest.len() > PART {
        let part = head(rest, PART);
        let part = part.rfind('\n').and_then(|at| part.get(..=at)).unwrap_or(part);
        let (part, after) = rest.split_at_checked(part.len()).unwrap_or((rest, ""));
        parts.push(part);
        rest = after;
    }
    parts.push(rest);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_after_lines_and_loses_nothing() {
        let text = "0123456789\n".repeat(40_000);
        let parts = parts(&text);
        assert!(parts.len() >= 4 && parts.iter().all(|part| part.len() <= PART && part.ends_with('\n')));
        assert_eq!(parts.concat(), text);
    }

    #[test]
    fn a_text_without_lines_is_cut_between_characters() {
        let text = "ü".repeat(PART);
        let parts = parts(&text);
        assert_eq!(parts.concat(), text);
        assert!(parts.len() > 1 && parts.iter().all(|part| part.len() <= PART));
        assert_eq!(super::parts(""), [""]);
    }

    #[test]
    fn a_beginning_is_whole_characters() {
        assert_eq!(head("aü", 2), "a");
        assert_eq!(head("aü", 9), "aü");
    }
}

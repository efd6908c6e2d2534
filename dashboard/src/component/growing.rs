//! What may be long and has no rows of one height: so much of it at first, the rest when it is asked for.

use leptos::prelude::*;

use crate::text::list as text;

/// So many pieces, of which the first are shown. Cheap to copy.
#[derive(Clone, Copy)]
pub(crate) struct Growing {
    count: usize,
    step: usize,
    shown: RwSignal<usize>,
    piece: StoredValue<Callback<usize, AnyView>>,
}

impl Growing {
    /// `step` of `count` pieces at first, and as many more each time; `piece` draws the one at a position.
    pub(crate) fn new(count: usize, step: usize, piece: Callback<usize, AnyView>) -> Self {
        Self { count, step, shown: RwSignal::new(step.min(count)), piece: StoredValue::new(piece) }
    }

    /// The pieces shown so far. Those that are there stay when more come.
    pub(crate) fn pieces(self) -> AnyView {
        let draw = move |at: usize| self.piece.with_value(|piece| piece.run(at));
        view! { <For each=move || 0..self.shown.get() key=|at| *at let:at>{draw(at)}</For> }.into_any()
    }

    /// How many of how many, and the button that shows more; nothing once all are there.
    pub(crate) fn more(self) -> AnyView {
        let grow = move |_| self.shown.update(|shown| *shown = (*shown + self.step).min(self.count));
        let line = move || {
            let shown = self.shown.get();
            (shown < self.count).then(|| {
                view! {
                    <p class="completeness">
                        {text::shown(shown, self.count)}
                        <button type="button" class="button button-small" on:click=grow>{text::SHOW_MORE}</button>
                    </p>
                }
                .into_any()
            })
        };
        line.into_any()
    }
}

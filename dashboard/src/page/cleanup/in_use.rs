//! The area "Images in use": pasted, typed, or dropped as files. Read here only; nothing of it is sent anywhere.

use acr_inventory::in_use::{InUse, decode};
use js_sys::Uint8Array;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

use crate::cleanup::planning::Planning;
use crate::failure::Failure;
use crate::query::run;
use crate::text::cleanup as text;
use crate::toasts::use_toasts;

/// The area, and how many images were found in it.
pub(super) fn in_use(planning: Planning) -> AnyView {
    let (form, toasts) = (planning.form, use_toasts());
    let server = StoredValue::new(planning.inventory.with(|inventory| inventory.registry().to_owned()));
    let typed = Memo::new(move |_| form.with(|form| form.in_use.clone()));
    let found = Memo::new(move |_| {
        let uses = typed.with(|typed| InUse::parse(typed));
        let here = server.with_value(|server| uses.of_registry(server).len());
        (uses.uses().len() + uses.bare_digests(), here, uses.unresolved())
    });
    let drop_files = move |event: leptos::ev::DragEvent| {
        let Some(files) = event.data_transfer().and_then(|dropped| dropped.files()) else { return };
        if files.length() == 0 {
            // A text that is dropped is put in by the browser.
            return;
        }
        event.prevent_default();
        for file in (0..files.length()).filter_map(|at| files.get(at)) {
            drop(run(async move {
                let buffer = file.unchecked_ref::<web_sys::Blob>().array_buffer();
                let Ok(buffer) = JsFuture::from(buffer).await else {
                    let what = text::file_not_read(&file.name());
                    return toasts.fail(&Failure::local(what, text::FILE_NOT_READ, text::FILE_REMEDY));
                };
                let content = decode(&Uint8Array::new(&buffer).to_vec());
                let _ = form.try_update(|form| {
                    if !form.in_use.is_empty() {
                        // A document of its own, also where it is YAML.
                        form.in_use.push_str("\n---\n");
                    }
                    form.in_use.push_str(&content);
                });
            }));
        }
    };
    view! {
        <div class="field">
            <label for="in-use">{text::IN_USE}</label>
            <textarea
                id="in-use"
                rows="4"
                aria-describedby="in-use-hint"
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                prop:value=move || typed.get()
                on:input:target=move |event| form.update(|form| form.in_use = event.target().value())
                on:dragover=move |event| event.prevent_default()
                on:drop=drop_files
            ></textarea>
            <p class="hint" id="in-use-hint">{text::IN_USE_HINT}</p>
            <p class="hint" role="status">
                {move || typed.with(|typed| !typed.is_empty()).then(|| {
                    let (all, here, unresolved) = found.get();
                    text::images_found(all, here, unresolved)
                })}
            </p>
        </div>
    }
    .into_any()
}

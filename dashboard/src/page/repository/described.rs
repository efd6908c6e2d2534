//! What the manifest of a row is, and the command that pulls it. Where the list states too little the document is fetched: of what could
//! be anything while its row is on the screen, and of what could still be another kind when its pane is open or a command for it is
//! about to be copied.

use std::sync::Arc;

use acr_artifact::relation::tag_subject;
use acr_artifact::{Description, command};
use acr_client_wasm::Reference;
use leptos::prelude::*;

use crate::component::copy_button::CopyButton;
use crate::component::facts::Fact;
use crate::list::rows::ManifestRow;
use crate::repository_data::RepositoryData;
use crate::text::manifest as text;

/// What is known of the manifest of one row. Cheap to copy.
#[derive(Clone, Copy)]
pub(super) struct Described {
    data: RepositoryData,
    digest: StoredValue<String>,
    /// The digest of the manifest that it is about, as far as one of its tags says so.
    subject: StoredValue<Option<String>>,
    /// What it is; none while neither a list nor a document has come.
    pub(super) description: Memo<Option<Arc<Description>>>,
}

impl Described {
    /// Follows a manifest, for as long as the current reactive owner lives. `row` is its row in the list of manifests, once it has come.
    pub(super) fn follow(
        data: RepositoryData,
        digest: &str,
        row: impl Fn() -> Option<(Arc<Description>, bool)> + Send + Sync + 'static,
    ) -> Self {
        let descriptions = data.session().descriptions;
        let digest = StoredValue::new(digest.to_owned());
        let row = Memo::new(move |_| row());
        let description = Memo::new(move |_| {
            let listed = row.get().map(|(description, _)| description);
            digest.with_value(|digest| descriptions.of(digest, listed))
        });
        Effect::new(move |_| {
            if row.get().is_some_and(|(_, needs_document)| needs_document) {
                data.with_name(|name| digest.with_value(|digest| descriptions.look_up(name, digest)));
            }
        });
        Self { data, digest, subject: StoredValue::new(None), description }
    }

    /// Follows the manifest of a row of the list of manifests.
    pub(super) fn of_row(data: RepositoryData, row: &ManifestRow) -> Self {
        let listed = (row.description.clone(), row.needs_document());
        let this = Self::follow(data, &row.digest, move || Some(listed.clone()));
        this.subject.set_value(row.tags.iter().find_map(|tag| tag_subject(tag)));
        this
    }

    /// The command that pulls it, tracked; none while it is not known what it is.
    pub(super) fn pull(&self, reference: &Reference) -> Option<String> {
        let subject = self.subject.get_value();
        self.description.get().map(|description| pull(self.data, &description, reference, subject.as_deref()))
    }

    /// Whether it has the shape of an index, tracked by the signal.
    pub(super) fn is_index(&self) -> Memo<bool> {
        let description = self.description;
        Memo::new(move |_| description.with(|one| one.as_ref().is_some_and(|one| one.is_index)))
    }

    /// What it is, in a pane.
    pub(super) fn kind_fact(&self) -> AnyView {
        let description = self.description;
        (move || {
            let title = description.get()?.title();
            Some(view! { <Fact name=text::TYPE>{title}</Fact> })
        })
        .into_any()
    }

    /// The command and its button, in a pane; nothing for a tag that cannot be named.
    pub(super) fn command(self, reference: Option<Reference>) -> AnyView {
        let Some(reference) = reference else { return ().into_any() };
        // A pane shows the kind and the command of one manifest, so its document is read; that of an index is by the list of its platforms.
        Effect::new(move |_| {
            let known = self.description.get();
            if known.is_some_and(|known| !known.is_index && depends_on_document(&known)) {
                self.look_up();
            }
        });
        let button = self.copy_pull(reference.clone());
        view! {
            <div class="command">
                <code>{move || self.pull(&reference)}</code>
                {button}
            </div>
        }
        .into_any()
    }

    /// Fetches the document where the command could be another one by what it says.
    fn prepare(&self) {
        if self.description.with_untracked(|one| one.as_deref().is_none_or(depends_on_document)) {
            self.look_up();
        }
    }

    fn look_up(&self) {
        let descriptions = self.data.session().descriptions;
        self.data.with_name(|name| self.digest.with_value(|digest| descriptions.look_up(name, digest)));
    }

    /// The button that copies the command.
    pub(super) fn copy_pull(self, reference: Reference) -> AnyView {
        let descriptions = self.data.session().descriptions;
        let value = Signal::derive(move || self.pull(&reference).unwrap_or_default());
        let prepare = Callback::new(move |()| self.prepare());
        let preparing =
            Signal::derive(move || self.digest.with_value(|digest| descriptions.is_waiting(digest)));
        let known = Memo::new(move |_| self.description.with(Option::is_some));
        view! {
            <Show when=move || known.get()>
                <CopyButton value name=text::COPY_PULL prepare preparing/>
            </Show>
        }
        .into_any()
    }
}

/// Whether the document could show another kind, or what evidence is about.
fn depends_on_document(description: &Description) -> bool {
    description.is_index
        || description.is_provisional
        || (description.kind.is_evidence() && description.subject.is_none())
}

/// The command that pulls a manifest of a repository.
fn pull(
    data: RepositoryData,
    description: &Description,
    reference: &Reference,
    subject: Option<&str>,
) -> String {
    let session = data.session();
    data.with_name(|name| {
        let login_server = session.login_server();
        let target = command::Target { login_server, repository: name.as_str(), reference, subject };
        command::pull(description, &target).line
    })
}

#[cfg(test)]
mod tests {
    use crate::list::rows::tests::description;

    use super::*;

    #[test]
    fn a_command_waits_for_what_the_document_could_change() {
        // Ollama's models are listed as images of linux/amd64.
        for open in ["image", "index", "application/vnd.cncf.notary.signature"] {
            assert!(depends_on_document(&description(open)), "{open}");
        }
        assert!(!depends_on_document(&description("application/vnd.cncf.helm.config.v1+json")));
        let mut read = (*description("application/spdx+json")).clone();
        read.subject = Some("sha256:1".to_owned());
        assert!(!depends_on_document(&read));
    }
}

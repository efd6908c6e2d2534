//! What a tab keeps of a sign-in with Microsoft over a redirect and a reload: where it stands, and whose it is. No credential: neither a
//! token nor a code is in it.

use serde::{Deserialize, Serialize};

use crate::config::MicrosoftConfig;
use crate::surface::tab_storage;

/// The key in the tab's storage.
const KEY: &str = "acr-dashboard.microsoft";

/// How far the sign-in is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Stage {
    /// The page has left for Microsoft, where a person signs in.
    Leaving,
    /// The page has left for Microsoft, which answers without asking the user.
    Renewing,
    /// Signed in: a reload signs in again.
    SignedIn,
}

/// The note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ReturnNote {
    /// The application that signs in; a registry with another application ignores the note.
    client_id: String,
    /// Where it signs in.
    authority: String,
    pub(crate) stage: Stage,
    /// Whether a registry has accepted the account.
    #[serde(default)]
    pub(crate) accepted: bool,
    /// The name of the account, which Microsoft is asked for when a person has several.
    pub(crate) username: Option<String>,
}

impl ReturnNote {
    /// A note for an application, with an account that no registry has accepted yet.
    pub(crate) fn new(application: &MicrosoftConfig, stage: Stage, username: Option<String>) -> Self {
        let MicrosoftConfig { client_id, authority, .. } = application.clone();
        Self { client_id, authority, stage, accepted: false, username }
    }

    /// The same account at another stage.
    pub(crate) fn at(self, stage: Stage) -> Self {
        Self { stage, ..self }
    }

    /// The same with whether a registry has accepted the account.
    pub(crate) fn with_accepted(self, accepted: bool) -> Self {
        Self { accepted, ..self }
    }

    /// The note of this tab for an application.
    pub(crate) fn read(application: &MicrosoftConfig) -> Option<Self> {
        let note: Self = serde_json::from_str(&tab_storage::read(KEY)?).ok()?;
        ((note.client_id.as_str(), note.authority.as_str()) == application.identity()).then_some(note)
    }

    /// Keeps the note.
    pub(crate) fn write(&self) {
        if let Ok(text) = serde_json::to_string(self) {
            tab_storage::write(KEY, &text);
        }
    }

    /// Forgets the note for an application. One of another application stays.
    pub(crate) fn remove(application: &MicrosoftConfig) {
        if Self::read(application).is_some() {
            tab_storage::remove(KEY);
        }
    }
}

//! One attempt to sign in with Microsoft: leaving the page or opening a window, coming back, and offering the token to the registry. A chunk
//! of its own, which is fetched when a user signs in this way.

use std::rc::Rc;

use acr_client_wasm::{Error, ErrorKind};
use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;

use crate::config::{MicrosoftConfig, RegistryConfig};
use crate::failure::Failure;
use crate::lazy::{self, Chunk};
use crate::microsoft::library::{Library, Prompt, SignedIn};
use crate::microsoft::refusal::{Around, Cause, explain};
use crate::microsoft::return_note::{ReturnNote, Stage};
use crate::session::{Credentials, Session, Sessions};
use crate::surface::{Kind, Surface};
use crate::text::microsoft as text;
use crate::text::session as session_text;

/// What the chunk can do.
#[derive(Clone, Copy)]
pub(super) struct Chunked {
    pub(super) attempt: fn(Attempt) -> LocalBoxFuture<'static, Result<Outcome, Failure>>,
    pub(super) sign_out: fn(Library, Extent) -> LocalBoxFuture<'static, Result<(), Failure>>,
}

/// The chunk.
pub(super) const ATTEMPT: Chunk<Chunked> = || lazy::load(chunked());

#[cfg_attr(feature = "split", wasm_split_helpers::wasm_split(microsoft, fallible))]
fn chunked() -> Result<Chunked, Failure> {
    Ok(Chunked {
        attempt: |attempt| attempt.run().boxed_local(),
        sign_out: |library, extent| sign_out(library, extent).boxed_local(),
    })
}

/// How far a sign-out goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extent {
    /// This page forgets the account.
    Page,
    /// Microsoft ends its session with the browser as well.
    Microsoft,
}

/// What is attempted.
pub(super) struct Attempt {
    pub(super) sessions: Sessions,
    pub(super) surface: Surface,
    pub(super) registry: RegistryConfig,
    pub(super) application: MicrosoftConfig,
    pub(super) step: Step,
    /// Shows that the window was closed, while the attempt goes on.
    pub(super) on_closed: Rc<dyn Fn(Failure)>,
}

/// How far it is.
#[derive(Clone, Copy)]
pub(super) enum Step {
    /// A user pressed the button.
    Begin(Prompt),
    /// The page was opened again, or another registry of the same application.
    Resume,
}

/// What came of it.
pub(super) enum Outcome {
    /// The registry accepted the token.
    Opened {
        session: Box<Session>,
        /// What the user should know of it.
        notice: Option<String>,
    },
    /// The browser leaves the page.
    Leaving,
    /// Nothing to resume: a user has to begin.
    Nothing,
}

/// How far Microsoft is.
enum Progress {
    SignedIn(SignedIn),
    Leaving,
    Nothing,
}

impl Attempt {
    async fn run(self) -> Result<Outcome, Failure> {
        let library = self.library();
        let is_accepted = self.is_accepted();
        let progress = match self.step {
            Step::Begin(prompt) => self.begin(&library, prompt).await,
            Step::Resume => self.resume(&library).await,
        };
        match progress {
            Ok(Progress::SignedIn(signed_in)) => self.open(&library, signed_in, is_accepted).await,
            Ok(Progress::Leaving) => Ok(Outcome::Leaving),
            Ok(Progress::Nothing) => {
                ReturnNote::remove(&self.application);
                Ok(Outcome::Nothing)
            }
            Err(cause) => Err(self.refused(cause)),
        }
    }

    /// Whether a registry has accepted the account, so that one that refuses it is no reason to forget it.
    fn is_accepted(&self) -> bool {
        ReturnNote::read(&self.application).is_some_and(|note| note.accepted)
            || !self.sessions.of_application(&self.application).is_empty()
    }

    async fn begin(&self, library: &Library, prompt: Prompt) -> Result<Progress, Cause> {
        if self.surface.kind() != Kind::Page {
            let (on_closed, failure) = (self.on_closed.clone(), self.refused(Cause::WindowClosed));
            let on_closed = move || on_closed(failure.clone());
            return Ok(Progress::SignedIn(library.popup(prompt, None, on_closed).await?));
        }
        self.note(&ReturnNote::new(&self.application, Stage::Leaving, None));
        library.redirect(prompt, None).await?;
        Ok(Progress::Leaving)
    }

    async fn resume(&self, library: &Library) -> Result<Progress, Cause> {
        let note = ReturnNote::read(&self.application);
        match note.as_ref().map(|note| note.stage) {
            None | Some(Stage::SignedIn) => {
                if let Ok(signed_in) = library.token(&self.application.scope).await {
                    return Ok(Progress::SignedIn(signed_in));
                }
                let Some(note) = note else { return Ok(Progress::Nothing) };
                let username = note.username.clone();
                self.note(&note.at(Stage::Renewing));
                library.redirect(Prompt::Never, username.as_deref()).await?;
                Ok(Progress::Leaving)
            }
            Some(Stage::Leaving) => library.finish().await?.map(Progress::SignedIn).ok_or(Cause::NotFinished),
            Some(Stage::Renewing) => match library.finish().await {
                Ok(signed_in) => Ok(signed_in.map_or(Progress::Nothing, Progress::SignedIn)),
                Err(cause) if cause.only_needs_person() => Ok(Progress::Nothing),
                Err(cause) => Err(cause),
            },
        }
    }

    /// Offers the token to the registry, and one of the other audience where it refuses the first.
    async fn open(
        &self,
        library: &Library,
        signed_in: SignedIn,
        is_accepted: bool,
    ) -> Result<Outcome, Failure> {
        let username = &signed_in.username;
        let note = ReturnNote::new(&self.application, Stage::SignedIn, Some(username.clone()));
        let note = note.with_accepted(is_accepted);
        self.note(&note);
        let MicrosoftConfig { scope, other_scope, .. } = &self.application;
        let mut refused: Vec<&str> = Vec::new();
        for scope in [scope, other_scope].into_iter().filter(|scope| !scope.is_empty()) {
            match library.token(scope).await {
                Ok(_) => {}
                // What the registry said of the first token explains more than what Microsoft says of the second.
                Err(_) if scope == other_scope => break,
                Err(cause) => return Err(self.refused(cause)),
            }
            let credentials =
                Credentials::Microsoft { username: username.clone(), source: library.source(scope) };
            let session = self.sessions.prepare(&self.registry, credentials)?;
            match session.client.check_support().await {
                Ok(_) => {
                    self.note(&note.with_accepted(true));
                    let is_other = scope == other_scope;
                    let notice = is_other.then(|| text::other_scope(&self.registry.login_server, scope));
                    return Ok(Outcome::Opened { session: Box::new(session), notice });
                }
                Err(error) if refuses_token(&error) => refused.push(scope),
                Err(error) => {
                    return Err(Failure::of(session_text::failed(&self.registry.login_server), &error));
                }
            }
        }
        if !is_accepted {
            ReturnNote::remove(&self.application);
        }
        Err(self.refused_by_registry(&signed_in, &refused))
    }

    fn library(&self) -> Library {
        Library::new(self.application.clone(), self.surface)
    }

    /// The account failed: a reload does not try it again.
    fn refused(&self, cause: Cause) -> Failure {
        ReturnNote::remove(&self.application);
        let redirect_uri = self.library().redirect_uri();
        let around = Around {
            login_server: &self.registry.login_server,
            client_id: &self.application.client_id,
            redirect_uri: &redirect_uri,
            ..Around::default()
        };
        explain(cause, around)
    }

    /// The registry refused the tokens of these scopes.
    fn refused_by_registry(&self, signed_in: &SignedIn, scopes: &[&str]) -> Failure {
        let (authority, tenant) = (&self.application.authority, signed_in.tenant.as_deref());
        let around = Around {
            login_server: &self.registry.login_server,
            authority,
            tenant: tenant.unwrap_or_default(),
            scopes,
            ..Around::default()
        };
        explain(Cause::of_registry(authority, tenant, signed_in.clock_offset), around)
    }

    /// Keeps in the tab how far the sign-in is. A frame does not leave its page, so that it has nothing to come back to.
    fn note(&self, note: &ReturnNote) {
        if self.surface.kind() == Kind::Page {
            note.write();
        }
    }
}

/// Whether a registry refused the token itself, and not what was asked for with it.
fn refuses_token(error: &Error) -> bool {
    error.kind() == ErrorKind::Unauthorized && error.missing_action().is_none()
}

async fn sign_out(library: Library, extent: Extent) -> Result<(), Failure> {
    let ended = match extent {
        Extent::Page => library.forget().await,
        Extent::Microsoft => library.sign_out().await,
    };
    ended.map_err(|cause| explain(cause, Around::default()))
}

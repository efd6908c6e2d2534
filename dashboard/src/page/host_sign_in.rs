//! Opens a registry with the credential that the page around the dashboard gives, asked for when it is needed and again when it has ended.

use std::rc::Rc;

use acr_client_wasm::Credential;
use futures_util::future::LocalBoxFuture;
use leptos::prelude::*;

use crate::component::error_state::ErrorState;
use crate::component::skeleton::Skeleton;
use crate::config::{RegistryConfig, SignInMethod};
use crate::failure::{Failure, FailureKind};
use crate::query::{Load, query};
use crate::session::{Credentials, use_sessions};
use crate::text::session as text;

/// Gives a credential, or says why there is none.
type Ask = dyn Fn() -> LocalBoxFuture<'static, Result<Credential, String>>;

/// Where credentials come from. Cheap to clone.
#[derive(Clone)]
pub(crate) struct CredentialSource(StoredValue<Rc<Ask>, LocalStorage>);

impl CredentialSource {
    /// A source that belongs to the current reactive owner.
    pub(crate) fn new(ask: Rc<Ask>) -> Self {
        Self(StoredValue::new_local(ask))
    }

    fn ask(&self) -> LocalBoxFuture<'static, Result<Credential, String>> {
        self.0.with_value(|ask| ask())
    }
}

/// The page's source of credentials, where it has one.
pub(crate) fn use_credentials() -> Option<CredentialSource> {
    use_context::<Option<CredentialSource>>().flatten()
}

/// Asks, and opens the registry.
#[component]
pub(crate) fn HostSignIn(registry: RegistryConfig, credentials: CredentialSource) -> impl IntoView {
    let sessions = use_sessions();
    let opened = query(move || {
        let (credentials, registry) = (credentials.clone(), registry.clone());
        async move {
            let credential = credentials.ask().await.map_err(|why| not_given(&registry, why))?;
            let method = match &credential {
                Credential::Password { .. } => SignInMethod::Password,
                Credential::RefreshToken(_) => SignInMethod::RefreshToken,
                Credential::Entra { .. } => SignInMethod::Entra,
                _ => SignInMethod::Anonymous,
            };
            sessions.prepare(&registry, Credentials::Credential(method, credential))
        }
    });
    Effect::new(move |_| {
        if let Load::Ready(session) = opened.get() {
            sessions.add(session);
        }
    });
    move || match opened.get() {
        Load::Failed(failure) => {
            view! { <ErrorState failure on_retry=Callback::new(move |()| opened.refresh())/> }.into_any()
        }
        _ => view! { <Skeleton/> }.into_any(),
    }
}

fn not_given(registry: &RegistryConfig, why: String) -> Failure {
    Failure {
        kind: FailureKind::SignIn,
        ..Failure::local(text::failed(&registry.login_server), why, text::NO_CREDENTIAL_REMEDY)
    }
}

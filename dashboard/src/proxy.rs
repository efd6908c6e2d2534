//! Notices that the session of a proxy in front of this page has ended. Such a proxy answers with its own sign-in page, or redirects to it,
//! in place of the gateway: a CORS failure, HTML with status 200, or a 401 or 403 in HTML.

use std::sync::Arc;

use acr_client_wasm::{Request, Response, Transport, TransportError};
use futures_util::future::LocalBoxFuture;
use leptos::prelude::*;

use crate::surface::fetch::Head;
use crate::text::failure::PROXY_ENDED;

/// Asks the gateway for something that it always answers with JSON. None where no answer comes at all.
pub(crate) type Probe = fn() -> LocalBoxFuture<'static, Option<Head>>;

/// Whether the session of the proxy has ended. A context of the app. Cheap to copy.
#[derive(Clone, Copy)]
pub(crate) struct ProxySession {
    ended: RwSignal<bool>,
}

impl ProxySession {
    /// It is open, as far as is known.
    pub(crate) fn new() -> Self {
        Self { ended: RwSignal::new(false) }
    }

    /// Whether it has ended, tracked.
    pub(crate) fn has_ended(&self) -> bool {
        self.ended.get()
    }

    /// Whether it has ended, untracked.
    pub(crate) fn has_ended_untracked(&self) -> bool {
        self.ended.get_untracked()
    }

    /// A transport that looks at the answers of another one.
    pub(crate) fn watch(self, inner: Arc<dyn Transport>, probe: Probe) -> Arc<dyn Transport> {
        Arc::new(Watching { inner, probe, session: self })
    }
}

/// Passes requests on. Where an answer looks like one of a proxy, the probe decides: a registry may answer in HTML as well, and a gateway
/// may be down.
struct Watching {
    inner: Arc<dyn Transport>,
    probe: Probe,
    session: ProxySession,
}

impl Transport for Watching {
    fn send(&self, request: Request) -> LocalBoxFuture<'_, Result<Response, TransportError>> {
        Box::pin(async move {
            let answer = self.inner.send(request).await;
            let suspicious = match &answer {
                Ok(response) => is_sign_in(&head(response)),
                Err(error) => !error.is_unsendable(),
            };
            if suspicious && (self.probe)().await.is_some_and(|head| is_sign_in(&head)) {
                let _ = self.session.ended.try_set(true);
                return Err(TransportError::new(PROXY_ENDED));
            }
            answer
        })
    }
}

fn head(response: &Response) -> Head {
    let content_type = response.headers.get("content-type").unwrap_or_default();
    Head {
        status: response.status.as_u16(),
        is_html: content_type.trim_start().to_ascii_lowercase().starts_with("text/html"),
        is_redirect: false,
        has_challenge: response.headers.get("www-authenticate").is_some(),
    }
}

/// Whether an answer could be a proxy asking for a sign-in.
fn is_sign_in(head: &Head) -> bool {
    let refused = match head.status {
        401 => !head.has_challenge,
        403 => true,
        status => (200..300).contains(&status),
    };
    head.is_redirect || head.is_html && refused
}

/// The transport of a page of its own; none outside a browser.
pub(crate) fn browser_transport() -> Option<Arc<dyn Transport>> {
    #[cfg(target_arch = "wasm32")]
    {
        Some(Arc::new(acr_client_wasm::FetchTransport::new()))
    }
    #[cfg(not(target_arch = "wasm32"))]
    {
        None
    }
}

#[cfg(test)]
mod tests {
    use acr_client_wasm::{Body, Headers, RegistryClient};
    use futures_util::FutureExt as _;

    use super::*;
    use crate::action::run::tests::Still;
    use crate::failure::{Failure, FailureKind};

    /// Answers everything alike: a status, a content type, and whether there is a challenge; or nothing.
    struct Always(Option<(u16, &'static str, bool)>);

    impl Transport for Always {
        fn send(&self, _: Request) -> LocalBoxFuture<'_, Result<Response, TransportError>> {
            let answer = self.0.map(|(status, content_type, challenge)| {
                let mut headers = Headers::new();
                headers.set("content-type", content_type);
                if challenge {
                    headers.set("www-authenticate", "Bearer realm=\"https://x/\"");
                }
                Response { status: status.try_into().unwrap(), headers, body: Body::from_bytes("") }
            });
            std::future::ready(answer.ok_or_else(|| TransportError::new("Failed to fetch"))).boxed_local()
        }
    }

    const JSON: Probe = || answer(200, false, false);
    const REDIRECT: Probe = || answer(0, false, true);
    const HTML: Probe = || answer(200, true, false);
    const NOTHING: Probe = || std::future::ready(None).boxed_local();

    fn answer(status: u16, is_html: bool, is_redirect: bool) -> LocalBoxFuture<'static, Option<Head>> {
        std::future::ready(Some(Head { status, is_html, is_redirect, has_challenge: false })).boxed_local()
    }

    /// Whether the session has ended after an answer, which is then reported as a failure of its own.
    fn after(answer: Option<(u16, &'static str, bool)>, probe: Probe) -> bool {
        Owner::new().with(|| {
            let session = ProxySession::new();
            let transport = session.watch(Arc::new(Always(answer)), probe);
            let builder = RegistryClient::builder("https://gateway.example").shared_transport(transport);
            let client = builder.environment(Still).build().unwrap();
            let error = client.check_support().now_or_never().unwrap().unwrap_err();
            let failure = Failure::of("It failed", &error);
            let ended = session.has_ended_untracked();
            assert_eq!(failure.kind == FailureKind::ProxySession, ended, "{failure:?}");
            assert_eq!(failure.why == PROXY_ENDED, ended, "{failure:?}");
            ended
        })
    }

    #[test]
    fn a_proxy_that_asks_for_a_sign_in_has_ended_its_session() {
        let html = "text/html; charset=utf-8";
        assert!(after(None, REDIRECT), "a redirect to another origin");
        assert!(after(None, HTML));
        assert!(after(Some((200, html, false)), HTML));
        assert!(after(Some((401, html, false)), REDIRECT));
        assert!(after(Some((403, html, false)), HTML));
    }

    #[test]
    fn a_gateway_that_answers_is_not_taken_for_a_proxy() {
        let html = "text/html";
        assert!(!after(Some((403, html, false)), JSON), "a firewall of the registry");
        assert!(!after(Some((401, html, true)), HTML), "a registry with a challenge");
        assert!(!after(Some((401, "application/json", true)), HTML));
        assert!(!after(Some((502, html, false)), HTML));
        assert!(!after(None, NOTHING), "the network is gone");
        assert!(!after(None, JSON));
    }
}

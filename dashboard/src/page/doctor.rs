//! The connection doctor: goes from this page to the registry step by step, and says at which step it ends and why.

use acr_client_wasm::{Error, ErrorKind};
use leptos::prelude::*;

use crate::component::icon::{Glyph, Icon};
use crate::config::RegistryConfig;
use crate::query::run_until_cleanup;
use crate::session::{Given, use_sessions};
use crate::text::doctor as text;

/// How far it got, and what it means.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Finding {
    good: bool,
    what: &'static str,
    meaning: String,
}

impl Finding {
    fn good(what: &'static str, meaning: impl Into<String>) -> Self {
        Self { good: true, what, meaning: meaning.into() }
    }

    fn bad(what: &'static str, meaning: impl Into<String>) -> Self {
        Self { good: false, what, meaning: meaning.into() }
    }
}

/// A button that runs the steps, and their findings.
#[component]
pub(crate) fn Doctor(registry: RegistryConfig) -> impl IntoView {
    let sessions = use_sessions();
    let findings = RwSignal::new(Vec::<Finding>::new());
    let busy = RwSignal::new(false);
    let owner = Owner::current().unwrap_or_default();
    let run = move |_| {
        let session = sessions
            .get_untracked(&registry.name)
            .map_or_else(|| sessions.prepare(&registry, Given::Anonymous), Ok);
        let server = registry.login_server.clone();
        findings.set(Vec::new());
        busy.set(true);
        owner.with(|| {
            run_until_cleanup(async move {
                findings.update(|all| all.push(Finding::good(text::PAGE, text::PAGE_GOOD)));
                let answer = match &session {
                    Ok(session) => session.client.check_support().await,
                    Err(_) => Ok(false),
                };
                findings.update(|all| all.extend(read(&answer, &server)));
                busy.set(false);
            });
        });
    };
    view! {
        <section class="doctor">
            <button type="button" class="button" on:click=run aria-busy=move || if busy.get() { "true" } else { "false" }>
                <Glyph icon=Icon::Stethoscope/>
                {text::CHECK}
            </button>
            <ol class="findings" aria-live="polite">
                {move || {
                    findings
                        .get()
                        .into_iter()
                        .map(|finding| {
                            view! {
                                <li class=if finding.good { "finding good" } else { "finding bad" }>
                                    <Glyph icon=if finding.good { Icon::Check } else { Icon::Warning }/>
                                    <strong>{finding.what}</strong>
                                    <span>{finding.meaning}</span>
                                </li>
                            }
                        })
                        .collect_view()
                }}
            </ol>
        </section>
    }
}

/// What an answer to "do you speak this API" means for each step of the way.
fn read(answer: &Result<bool, Error>, server: &str) -> Vec<Finding> {
    let gateway = Finding::good(text::GATEWAY, text::GATEWAY_GOOD);
    let registry = Finding::good(text::REGISTRY, text::registry_good(server));
    let firewall = Finding::good(text::FIREWALL, text::FIREWALL_GOOD);
    match answer {
        Ok(true) => vec![gateway, registry, firewall, Finding::good(text::CREDENTIAL, text::CREDENTIAL_GOOD)],
        Ok(false) => vec![gateway, Finding::bad(text::REGISTRY, text::not_a_registry(server))],
        Err(error) => match (error.kind(), error.status()) {
            (ErrorKind::Network, _) => vec![Finding::bad(text::GATEWAY, text::GATEWAY_BAD)],
            (ErrorKind::Forbidden, _) => {
                vec![gateway, registry, Finding::bad(text::FIREWALL, text::FIREWALL_BAD)]
            }
            (ErrorKind::Unauthorized, _) => {
                vec![gateway, registry, firewall, Finding::bad(text::CREDENTIAL, text::CREDENTIAL_BAD)]
            }
            (ErrorKind::RateLimited, _) => {
                let wait = crate::text::failure::wait(error.retry_after());
                vec![gateway, registry, firewall, Finding::bad(text::BUDGET, wait)]
            }
            (_, Some(502..=504)) => vec![gateway, Finding::bad(text::REGISTRY, text::registry_bad(server))],
            (ErrorKind::NotFound, _) => vec![Finding::bad(text::GATEWAY, text::NO_GATEWAY)],
            _ => vec![gateway, Finding::bad(text::REGISTRY, text::not_a_registry(server))],
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_registry_that_answers_is_healthy_at_every_step() {
        assert!(read(&Ok(true), "demo.azurecr.io").iter().all(|finding| finding.good));
    }

    #[test]
    fn something_else_in_the_registrys_place_is_named() {
        let findings = read(&Ok(false), "demo.azurecr.io");
        assert!(findings.last().is_some_and(|last| !last.good && last.meaning.contains("demo.azurecr.io")));
    }
}

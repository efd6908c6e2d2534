//! The connection doctor: goes from this page to the registry step by step, and says at which step it ends and why.

use acr_client_wasm::{Error, ErrorKind, ListOptions};
use leptos::prelude::*;

use crate::clock::now;
use crate::component::icon::{Glyph, Icon};
use crate::config::RegistryConfig;
use crate::query::run_until_cleanup;
use crate::session::{Credentials, Session, use_sessions};
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
            .map_or_else(|| sessions.prepare(&registry, Credentials::Anonymous), Ok);
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
                let ends = session.as_ref().ok().and_then(Session::ends);
                let ended = ends.is_some_and(|ends| ends <= now());
                findings.update(|all| all.extend(read(&answer, ended, &server)));
                if let (Ok(session), Ok(true)) = (&session, &answer) {
                    let one = ListOptions { last: None, n: Some(1) };
                    let listed = session.client.repositories().list(one).next_page().await.map(|_| ());
                    findings.update(|all| all.extend(read_catalog(&listed)));
                }
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

/// What an answer to "do you speak this API" means for each step of the way. `ended` says that the token is past its end.
fn read(answer: &Result<bool, Error>, ended: bool, server: &str) -> Vec<Finding> {
    let error = match answer {
        Ok(true) => None,
        Ok(false) => Some(Finding::bad(text::REGISTRY, text::not_a_registry(server))),
        Err(error) => Some(trouble(error, ended, server)),
    };
    let steps = [
        Finding::good(text::GATEWAY, text::GATEWAY_GOOD),
        Finding::good(text::NAME, text::name_good(server)),
        Finding::good(text::REGISTRY, text::registry_good(server)),
        Finding::good(text::FIREWALL, text::FIREWALL_GOOD),
        Finding::good(text::BUDGET, text::BUDGET_GOOD),
        Finding::good(text::CREDENTIAL, text::CREDENTIAL_GOOD),
    ];
    let Some(error) = error else { return steps.into() };
    // Every step before the failed one works; of the steps after it nothing is known.
    let mut all: Vec<_> = steps.into_iter().take_while(|step| step.what != error.what).collect();
    all.push(error);
    all
}

/// The step at which an error ended the way, and what it means.
fn trouble(error: &Error, ended: bool, server: &str) -> Finding {
    let first = error.errors().first();
    let (code, said) = first.map_or(("", ""), |info| (info.code.as_str(), info.message.as_str()));
    match (error.kind(), error.status()) {
        (ErrorKind::Network, _) => Finding::bad(text::GATEWAY, text::GATEWAY_BAD),
        (_, Some(502..=504)) if code == "GATEWAY_UPSTREAM_NAME" => {
            Finding::bad(text::NAME, text::reason(said))
        }
        (_, Some(502..=504)) if code.starts_with("GATEWAY_UPSTREAM_") => {
            Finding::bad(text::REGISTRY, text::reason(said))
        }
        (_, Some(502..=504)) => Finding::bad(text::REGISTRY, text::registry_bad(server)),
        // Whatever else the gateway says itself is about the gateway.
        _ if code.starts_with("GATEWAY_") => Finding::bad(text::GATEWAY, text::reason(said)),
        (ErrorKind::Forbidden, _) => Finding::bad(text::FIREWALL, text::FIREWALL_BAD),
        (ErrorKind::Unauthorized, _) if ended => Finding::bad(text::CREDENTIAL, text::CREDENTIAL_ENDED),
        (ErrorKind::Unauthorized, _) => Finding::bad(text::CREDENTIAL, text::CREDENTIAL_BAD),
        (ErrorKind::RateLimited, _) => {
            Finding::bad(text::BUDGET, crate::text::failure::wait(error.retry_after()))
        }
        (ErrorKind::NotFound, _) => Finding::bad(text::GATEWAY, text::NO_GATEWAY),
        _ => Finding::bad(text::REGISTRY, text::not_a_registry(server)),
    }
}

/// Whether the repositories may be listed, which many sessions may not.
fn read_catalog(listed: &Result<(), Error>) -> Option<Finding> {
    match listed {
        Ok(()) => Some(Finding::good(text::PERMISSION, text::CATALOG_GOOD)),
        Err(error) if error.kind() == ErrorKind::Unauthorized => {
            let missing = error.missing_action().map(ToString::to_string).unwrap_or_default();
            Some(Finding::bad(text::PERMISSION, text::catalog_refused(&missing)))
        }
        Err(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_registry_that_answers_is_healthy_at_every_step() {
        assert!(read(&Ok(true), false, "demo.azurecr.io").iter().all(|finding| finding.good));
    }

    #[test]
    fn something_else_in_the_registrys_place_is_named_and_later_steps_are_not_judged() {
        let findings = read(&Ok(false), false, "demo.azurecr.io");
        assert!(findings.last().is_some_and(|last| !last.good && last.meaning.contains("demo.azurecr.io")));
        assert!(findings.iter().all(|finding| finding.what != text::CREDENTIAL), "{findings:?}");
    }
}

//! The events for the embedding page: names and details as the package's declarations have them. Pure.

use serde_json::{Map, Value};

use crate::failure::{Failure, FailureKind};
use crate::route::{Route, Screen};

/// One event: its name, its detail, and whether it can be stopped.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Event {
    /// `acr-navigate`, `acr-select`, `acr-action`, `acr-error`, and in a frame `acr-ready` and `acr-resize`.
    pub(crate) name: &'static str,
    /// The detail: a JSON object.
    pub(crate) detail: Map<String, Value>,
    /// Whether a listener may prevent it.
    pub(crate) cancelable: bool,
}

impl Event {
    pub(crate) fn new(name: &'static str, cancelable: bool) -> Self {
        Self { name, detail: Map::new(), cancelable }
    }

    #[must_use]
    pub(crate) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.detail.insert(name.to_owned(), value.into());
        self
    }

    /// A member that is left out where there is none.
    #[must_use]
    fn with_some(self, name: &str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// `acr-navigate`: about to show another screen, or the same with other parameters (`replace`).
    pub(crate) fn navigate(route: &Route, replace: bool) -> Self {
        let (view, reference) = match &route.screen {
            Screen::Repository { .. } => ("repository", None),
            Screen::Manifest { reference, .. } => ("manifest", Some(reference.as_str())),
            Screen::Compare { .. } => ("compare", None),
            Screen::Storage { .. } => ("storage", None),
            Screen::Cleanup { .. } => ("cleanup", None),
            Screen::Home | Screen::Repositories { .. } | Screen::Malformed { .. } => ("repositories", None),
        };
        let repository = route.screen.repository().map(|name| name.as_str());
        Self::new("acr-navigate", true)
            .with("route", route.within_registry())
            .with("view", view)
            .with("replace", replace)
            .with_some("repository", repository)
            .with_some("reference", reference)
    }

    /// `acr-select`: the selected rows of a list of tags or manifests.
    pub(crate) fn select(kind: &str, repository: &str, names: Vec<String>) -> Self {
        Self::new("acr-select", false).with("kind", kind).with("repository", repository).with("names", names)
    }

    /// `acr-error`: a failure that the dashboard shows.
    pub(crate) fn error(failure: &Failure) -> Self {
        let kind = match failure.kind {
            FailureKind::SignIn => "sign-in",
            FailureKind::NotFound => "not-found",
            FailureKind::Locked => "locked",
            FailureKind::Throttled => "rate-limited",
            FailureKind::Unreachable | FailureKind::ProxySession => "network",
            FailureKind::Unreadable | FailureKind::Other => "other",
        };
        Self::new("acr-error", false)
            .with("kind", kind)
            .with("what", failure.what.as_str())
            .with("why", failure.why.as_str())
            .with("remedy", failure.remedy.as_str())
            .with_some("code", failure.code.as_deref())
            .with_some("requestId", failure.request_id.as_deref())
    }
}

/// A change of the registry, as it is reported before and after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    /// `untag`, `delete`, `lock`, `unlock`, `delete-repository`, `update-attributes` or `restore-tag`.
    pub(crate) action: &'static str,
    pub(crate) repository: String,
    /// The tags and digests it is about; empty for a repository itself.
    pub(crate) references: Vec<String>,
    /// The attribute that is set, in the API's words, and to what.
    pub(crate) attribute: Option<(&'static str, bool)>,
}

/// What became of one reference: it, a word (`done`, `gone`, `skipped`, `failed`, `waiting`), and why it failed.
pub(crate) type Outcome = (String, &'static str, Option<String>);

impl Change {
    /// A change of a repository, or of things in it.
    pub(crate) fn new(action: &'static str, repository: impl Into<String>, references: Vec<String>) -> Self {
        Self { action, repository: repository.into(), references, attribute: None }
    }

    fn event(&self, phase: &str, cancelable: bool) -> Event {
        let event = Event::new("acr-action", cancelable)
            .with("phase", phase)
            .with("action", self.action)
            .with("repository", self.repository.as_str())
            .with("references", self.references.clone());
        match self.attribute {
            Some((name, on)) => {
                event.with("attributes", Value::Object(Map::from_iter([(name.into(), on.into())])))
            }
            None => event,
        }
    }

    /// The event before anything is sent; a listener may prevent it.
    pub(crate) fn before(&self) -> Event {
        self.event("before", true)
    }

    /// The event once it is over.
    pub(crate) fn after(&self, outcomes: Vec<Outcome>) -> Event {
        let outcomes = outcomes.into_iter().map(|(reference, status, message)| {
            let message = message.map(|message| ("message".to_owned(), Value::from(message)));
            let members = [("reference".to_owned(), reference.into()), ("status".to_owned(), status.into())];
            Value::Object(members.into_iter().chain(message).collect())
        });
        self.event("after", false).with("results", outcomes.collect::<Vec<_>>())
    }

    /// The one outcome of a change of one thing: of its only reference, or of the repository.
    pub(crate) fn after_one(&self, failure: Option<&Failure>) -> Event {
        let reference = self.references.first().unwrap_or(&self.repository).clone();
        let status = if failure.is_some() { "failed" } else { "done" };
        self.after(vec![(reference, status, failure.map(Failure::sentence))])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(event: &Event) -> Value {
        Value::Object(event.detail.clone())
    }

    #[test]
    fn a_route_is_emitted_without_the_registry_and_with_its_parts() {
        let event = Event::navigate(&Route::parse("contoso/team/app:1.2", "?tab=layers"), false);
        assert!(event.cancelable);
        assert_eq!(
            json(&event),
            serde_json::json!({ "route": "team/app:1.2?tab=layers", "view": "manifest", "repository": "team/app",
                "reference": "1.2", "replace": false })
        );
        assert_eq!(
            json(&Event::navigate(&Route::repositories("contoso").with("q", "a"), true))["route"],
            "?q=a"
        );
    }

    #[test]
    fn a_change_is_emitted_before_and_after() {
        let change = Change::new("untag", "app", vec!["1".into(), "2".into()]);
        assert!(change.before().cancelable && !change.after(Vec::new()).cancelable);
        let after = change.after(vec![("1".into(), "done", None), ("2".into(), "failed", Some("no".into()))]);
        assert_eq!(
            json(&after)["results"],
            serde_json::json!([{ "reference": "1", "status": "done" }, { "reference": "2", "status": "failed", "message": "no" }])
        );
        let mut switch = Change::new("update-attributes", "app", Vec::new());
        switch.attribute = Some(("deleteEnabled", false));
        assert_eq!(json(&switch.before())["attributes"], serde_json::json!({ "deleteEnabled": false }));
        assert_eq!(json(&switch.after_one(None))["results"][0]["reference"], "app");
    }
}

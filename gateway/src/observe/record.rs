//! The record of one call to a registry: metrics, trace, audit and access log. It is complete whatever happens to the call: a record that is
//! dropped before the call was answered says so.

use std::sync::Arc;

use axum::response::Response;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, StatusCode};
use tokio::time::Instant;

use super::access_log::{self, AccessLine, Entry};
use super::logging::{self, Mark, NotWritten};
use super::metrics::Metrics;
use super::reported::Passed;
use super::trace::Traces;
use crate::inbound::caller::Caller;
use crate::problem::{Problem, ProblemCode};
use crate::route::operation::Call;

/// The status of a call whose client left before an answer began, as nginx has it.
const CLIENT_GONE: u16 = 499;

/// The code of a write that was not sent since the audit log could not be written.
const NOT_ON_RECORD: &str = "GATEWAY_AUDIT";

/// The audit line of an answer.
pub(crate) struct Outcome {
    /// Where it is, of a write that was sent, or refused for another reason than the log.
    mark: Option<Mark>,
}

impl Outcome {
    /// Waits until it is written: no client learns of a change before it is on record. Where it cannot be written, the change was made all the
    /// same.
    pub(crate) async fn written(self) {
        if let Some(mark) = self.mark {
            let _ = logging::written(mark).await;
        }
    }
}

/// A call while it has no answer.
pub(crate) struct Record {
    facts: Facts,
    answered: bool,
}

/// What is known of a call from its beginning.
pub(crate) struct Facts {
    pub(crate) metrics: Metrics,
    pub(crate) traces: Option<Arc<Traces>>,
    pub(crate) parts: Arc<Parts>,
    pub(crate) id: HeaderValue,
    pub(crate) caller: Caller,
    pub(crate) registry: Arc<str>,
    pub(crate) call: Call,
    pub(crate) started: Instant,
}

impl Record {
    pub(crate) fn new(facts: Facts) -> Self {
        Self { facts, answered: false }
    }

    /// Writes to the audit log that a write is about to be sent, and waits until that is written.
    ///
    /// # Errors
    /// A log that cannot be written: nothing is changed that is not on record.
    pub(crate) async fn sending(&self) -> Result<(), Problem> {
        let facts = &self.facts;
        let Some(action) = facts.call.audited_action(&facts.parts.method) else { return Ok(()) };
        let mark = logging::mark();
        access_log::audit_intent(&facts.entry(StatusCode::OK, None, &HeaderMap::new()), action, &facts.call);
        logging::written(mark).await.map_err(|NotWritten| {
            let message = "the gateway cannot write its audit log, so it sends no change; its operator should check what reads its log";
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, NOT_ON_RECORD, message)
        })
    }

    /// Records the answer. The line is to be written when the answer's body has ended, and the outcome before the answer is sent.
    pub(crate) fn answered(mut self, response: &Response) -> (AccessLine, Outcome) {
        self.answered = true;
        let code = response.extensions().get().map(|ProblemCode(code)| *code);
        let write = self.facts.call.audited_action(&self.facts.parts.method).is_some();
        let mark = (write && code != Some(NOT_ON_RECORD)).then(logging::mark);
        let line = self.facts.record(response.status(), code, response.headers());
        (line, Outcome { mark })
    }
}

impl Drop for Record {
    fn drop(&mut self) {
        if self.answered {
            return;
        }
        // Only the end of the process stops a write; its client does not.
        let write = self.facts.call.audited_action(&self.facts.parts.method).is_some();
        let code = if write { "GATEWAY_OUTCOME_UNKNOWN" } else { "GATEWAY_CLIENT_GONE" };
        let status = StatusCode::from_u16(CLIENT_GONE).unwrap_or(StatusCode::BAD_REQUEST);
        let line = self.facts.record(status, Some(code), &HeaderMap::new());
        line.write(Passed { bytes: 0, aborted: true }, self.facts.started.elapsed());
    }
}

impl Facts {
    fn record(&self, status: StatusCode, code: Option<&'static str>, answer: &HeaderMap) -> AccessLine {
        let entry = self.entry(status, code, answer);
        self.metrics.call(&self.registry, entry.operation, status, entry.took);
        if let Some(traces) = &self.traces {
            traces.record(&entry);
        }
        if let Some(action) = self.call.audited_action(&self.parts.method) {
            access_log::audit(&entry, action, &self.call);
        }
        AccessLine::new(&entry, &self.registry)
    }

    fn entry<'a>(
        &'a self,
        status: StatusCode,
        code: Option<&'static str>,
        answer: &'a HeaderMap,
    ) -> Entry<'a> {
        Entry {
            parts: &self.parts,
            id: &self.id,
            caller: &self.caller,
            registry: &self.registry,
            operation: self.call.operation.id(),
            status,
            code,
            answer,
            took: self.started.elapsed(),
        }
    }
}

//! Numbers for Prometheus: by registry, operation and status. Never by repository or user, which have no bound.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct CallLabels {
    registry: Arc<str>,
    operation: &'static str,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OperationLabels {
    registry: Arc<str>,
    operation: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct CodeLabels {
    code: &'static str,
}

/// What a gateway counts.
#[derive(Clone)]
pub(crate) struct Metrics {
    requests: Family<CallLabels, Counter>,
    duration: Family<OperationLabels, Histogram, fn() -> Histogram>,
    problems: Family<CodeLabels, Counter>,
    in_flight: Gauge,
    broken: Counter<u64, AtomicU64>,
    sent: Counter<u64, AtomicU64>,
    registry: Arc<Registry>,
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let mut registry = Registry::with_prefix("acr_gateway");
        let requests = Family::default();
        registry.register(
            "requests",
            "Requests to registries, by operation and the status answered",
            requests.clone(),
        );
        let duration = Family::new_with_constructor(histogram as fn() -> Histogram);
        let help = "Time from a request's head to its answer's";
        registry.register_with_unit("request_duration", help, Unit::Seconds, duration.clone());
        let problems = Family::default();
        registry.register("problems", "Answers of the gateway itself, by their code", problems.clone());
        let in_flight = Gauge::default();
        registry.register("requests_in_flight", "Requests whose answers have not ended", in_flight.clone());
        let broken = Counter::default();
        let help = "Connections that ended in an error: what came was no HTTP or too large, TLS failed, or the client left";
        registry.register("connections_ended_early", help, broken.clone());
        let sent = Counter::default();
        registry.register_with_unit(
            "response_body",
            "Bytes of registries' answers passed on",
            Unit::Bytes,
            sent.clone(),
        );
        let build: Family<Vec<(&'static str, &'static str)>, Gauge> = Family::default();
        build.get_or_create(&vec![("version", env!("CARGO_PKG_VERSION"))]).set(1);
        registry.register("build_info", "The version that runs", build);
        Self { requests, duration, problems, in_flight, broken, sent, registry: Arc::new(registry) }
    }

    /// Counts an answer to a call.
    pub(crate) fn call(
        &self,
        registry: &Arc<str>,
        operation: &'static str,
        status: StatusCode,
        took: Duration,
    ) {
        let registry = Arc::clone(registry);
        self.duration
            .get_or_create(&OperationLabels { registry: Arc::clone(&registry), operation })
            .observe(took.as_secs_f64());
        self.requests.get_or_create(&CallLabels { registry, operation, status: status.as_u16() }).inc();
    }

    /// Counts an answer of the gateway itself.
    pub(crate) fn problem(&self, code: &'static str) {
        self.problems.get_or_create(&CodeLabels { code }).inc();
    }

    /// Counts a connection that ended in an error.
    pub(crate) fn connection_ended_early(&self) {
        self.broken.inc();
    }

    /// Where the bytes of one body are counted.
    pub(crate) fn body(&self) -> BodyBytes {
        BodyBytes(self.sent.clone())
    }

    /// Counts a request in until the returned guard is dropped.
    pub(crate) fn enter(&self) -> InFlight {
        self.in_flight.inc();
        InFlight(self.in_flight.clone())
    }

    /// All of it in the OpenMetrics text format.
    pub(crate) fn render(&self) -> Response {
        let mut body = String::new();
        if text::encode(&mut body, &self.registry).is_err() {
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
        let media_type =
            HeaderValue::from_static("application/openmetrics-text; version=1.0.0; charset=utf-8");
        (
            [
                (header::CONTENT_TYPE, media_type),
                (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
            ],
            body,
        )
            .into_response()
    }
}

/// Counts the bytes of a body that is passed on.
#[derive(Debug, Clone, Default)]
pub(crate) struct BodyBytes(Counter<u64, AtomicU64>);

impl BodyBytes {
    /// Counts bytes that have passed.
    pub(crate) fn add(&self, bytes: u64) {
        self.0.inc_by(bytes);
    }
}

/// A request that is in flight.
pub(crate) struct InFlight(Gauge);

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.dec();
    }
}

fn histogram() -> Histogram {
    Histogram::new([0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0])
}

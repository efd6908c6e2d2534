//! One span a registry request, sent to an OpenTelemetry collector, when one is configured. Operations and outcomes, no names.

use std::fmt;
use std::time::{Duration, SystemTime};

use axum::body::Body;
use bytes::Bytes;
use http::{HeaderMap, Request, Response, Uri};
use http_body_util::{BodyExt, Limited};
use opentelemetry::propagation::TextMapPropagator;
use opentelemetry::trace::{Span, SpanKind, Status, Tracer, TracerProvider};
use opentelemetry::{Context, KeyValue};
use opentelemetry_http::{HeaderExtractor, HttpClient, HttpError};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider};
use tokio::runtime::Handle;

use crate::config::ConfigError;
use crate::observe::access_log::Entry;
use crate::outbound::upstream::UpstreamClient;

/// An answer of a collector is a few bytes; more is not read.
const ANSWER_BYTES: usize = 64 << 10;

/// How long a collector may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Where spans go.
pub(crate) struct Traces {
    tracer: SdkTracer,
    propagator: TraceContextPropagator,
    provider: SdkTracerProvider,
}

impl Traces {
    /// Sends to a collector's base URL, such as `http://collector:4318`, by OTLP over HTTP.
    pub(crate) fn new(endpoint: &Uri, client: UpstreamClient) -> Result<Self, ConfigError> {
        let wrong = |why: &dyn fmt::Display| {
            ConfigError::new(
                "otlp_endpoint",
                format!("traces cannot be sent to {endpoint}: {why}; name a collector's base URL"),
            )
        };
        let runtime = Handle::try_current().map_err(|error| wrong(&error))?;
        let base = endpoint.to_string();
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(HyperAdapter { client, runtime })
            .with_endpoint(format!("{}/v1/traces", base.trim_end_matches('/')))
            .with_protocol(Protocol::HttpBinary)
            .build()
            .map_err(|error| wrong(&error))?;
        let resource = Resource::builder()
            .with_service_name("acr-gateway")
            .with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
            .build();
        let provider =
            SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build();
        Ok(Self {
            tracer: provider.tracer("acr-gateway"),
            propagator: TraceContextPropagator::new(),
            provider,
        })
    }

    /// Sends what is left. Blocks meanwhile, so it wants a thread that may.
    pub(crate) fn finish(&self) {
        if let Err(error) = self.provider.shutdown() {
            tracing::warn!(%error, "the last spans could not be sent");
        }
    }

    /// Records an answered request, as part of the caller's trace when it names one.
    pub(crate) fn record(&self, entry: &Entry<'_>) {
        let parent =
            self.propagator.extract_with_context(&Context::new(), &HeaderExtractor(&entry.parts.headers));
        let end = SystemTime::now();
        let mut span = self
            .tracer
            .span_builder(entry.operation)
            .with_kind(SpanKind::Server)
            .with_start_time(end.checked_sub(entry.took).unwrap_or(end))
            .with_attributes(attributes(entry))
            .start_with_context(&self.tracer, &parent);
        if entry.status.is_server_error() {
            span.set_status(Status::error(entry.code.unwrap_or("")));
        }
        span.end_with_timestamp(end);
    }
}

impl Drop for Traces {
    /// Of a configuration that a reload has replaced, the last connection drops this, on a thread that serves others: what is left is sent
    /// from elsewhere.
    fn drop(&mut self) {
        let provider = self.provider.clone();
        // A system without another thread loses the last spans, and no more.
        let _ = std::thread::Builder::new().spawn(move || provider.shutdown());
    }
}

fn attributes(entry: &Entry<'_>) -> Vec<KeyValue> {
    let text =
        |headers: &HeaderMap, name: &str| headers.get(name).and_then(|v| v.to_str().ok()).map(str::to_owned);
    let mut attributes = vec![
        KeyValue::new("http.request.method", entry.parts.method.as_str().to_owned()),
        KeyValue::new("http.response.status_code", i64::from(entry.status.as_u16())),
        KeyValue::new("acr.registry", entry.registry.to_owned()),
        KeyValue::new("acr.operation", entry.operation),
    ];
    attributes.extend(entry.id.to_str().ok().map(|id| KeyValue::new("acr.request_id", id.to_owned())));
    let correlation = text(entry.answer, "x-ms-correlation-request-id");
    attributes.extend(correlation.map(|id| KeyValue::new("acr.correlation_id", id)));
    attributes.extend(entry.code.map(|code| KeyValue::new("error.type", code)));
    attributes
}

/// The gateway's client as the exporter wants one. The exporter has a thread of its own; the client needs the runtime.
struct HyperAdapter {
    client: UpstreamClient,
    runtime: Handle,
}

impl fmt::Debug for HyperAdapter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the gateway's client")
    }
}

#[async_trait::async_trait]
impl HttpClient for HyperAdapter {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let client = self.client.clone();
        let exchange = async move {
            let answer = client.request(request.map(Body::from)).await?;
            let (parts, body) = answer.into_parts();
            let body = Limited::new(body, ANSWER_BYTES).collect().await?.to_bytes();
            Ok::<_, HttpError>(Response::from_parts(parts, body))
        };
        self.runtime.spawn(async move { tokio::time::timeout(PATIENCE, exchange).await? }).await?
    }
}

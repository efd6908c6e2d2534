//! One connection of a client: TLS, the limits on its times, and the service that answers its requests.

use std::convert::Infallible;
use std::error::Error;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use axum::body::Body;
use axum::response::Response;
use http::{HeaderValue, Request, Version, header};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::Watcher;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_io_timeout::TimeoutStream;

use crate::config::{Config, ConfigError};
use crate::gateway::Gateway;
use crate::inbound::caller::Peer;
use crate::inbound::framing::{Ambiguous, FramingState, Verdict};
use crate::inbound::linger::Lingering;
use crate::inbound::opening::{Opened, Opening};
use crate::inbound::pace::{ConnectionPace, End, Pace};
use crate::inbound::room::NoRoom;
use crate::inbound::tls::Certificate;

/// How long a connection that only has room for health checks may take for its first request, at most.
const RESERVED_HEAD: Duration = Duration::from_secs(5);

/// The gateway and what connections need of its configuration, until the next change of configuration.
pub(crate) struct Current {
    gateway: Gateway,
    certificate: Option<Certificate>,
    protocol: auto::Builder<TokioExecutor>,
    /// For connections that only have room for health checks: they end after a request, which an answer over HTTP/2 cannot announce.
    reserved_protocol: auto::Builder<TokioExecutor>,
}

impl Current {
    /// # Errors
    /// A certificate that cannot be used.
    pub(crate) fn new(gateway: Gateway) -> Result<Self, ConfigError> {
        let certificate = gateway.config().tls.as_ref().map(Certificate::read).transpose()?;
        let protocol = protocol(gateway.config());
        let reserved_protocol = protocol.clone().http1_only();
        Ok(Self { gateway, certificate, protocol, reserved_protocol })
    }

    pub(crate) fn gateway(&self) -> &Gateway {
        &self.gateway
    }

    pub(crate) fn has_certificate(&self) -> bool {
        self.certificate.is_some()
    }
}

/// What is said on a connection, to its end.
type Conversation = Pin<Box<dyn Future<Output = Result<(), Box<dyn Error + Send + Sync>>> + Send>>;

/// A connection that was accepted.
pub(crate) struct Connection {
    pub(crate) current: Arc<ArcSwap<Current>>,
    pub(crate) peer: SocketAddr,
    /// Whether there is only room for health checks.
    pub(crate) reserved: bool,
    pub(crate) pace: Pace,
}

impl Connection {
    /// Serves the connection to its end.
    pub(crate) async fn serve(self, stream: TcpStream, watcher: Watcher) {
        let current = self.current.load_full();
        let mut head = current.gateway.config().timeouts.client_head;
        if self.reserved {
            head = head.min(RESERVED_HEAD);
        }
        // Small answers must not wait for more to send with them.
        let _ = stream.set_nodelay(true);
        let acceptor = current.certificate.as_ref().map(|certificate| certificate.acceptor(!self.reserved));
        let Some(acceptor) = acceptor else {
            return self.converse(&current, stream, head, watcher).await;
        };
        // Boxed, so that connections without TLS do not hold its room.
        Box::pin(async move {
            match tokio::time::timeout(head, acceptor.accept(stream)).await {
                Ok(Ok(stream)) => self.converse(&current, stream, head, watcher).await,
                Ok(Err(error)) => {
                    current.gateway.connection_ended_early();
                    tracing::debug!(%error, "a TLS handshake failed");
                }
                Err(_) => {
                    current.gateway.connection_ended_early();
                    tracing::debug!("a TLS handshake took too long");
                }
            }
        })
        .await;
    }

    async fn converse<S>(self, current: &Current, stream: S, head: Duration, watcher: Watcher)
    where
        S: AsyncRead + AsyncWrite + Send + 'static,
    {
        let own_pace = ConnectionPace::default();
        let conversation = self.conversation(current, stream, head, watcher, own_pace.clone());
        tokio::select! {
            ended = conversation => {
                if let Err(error) = ended {
                    // What the parser itself refused, with a bare 400 or 431, never was a request, and is in no other number.
                    current.gateway.connection_ended_early();
                    tracing::debug!(%error, "a connection ended early");
                }
            }
            end = own_pace.ended() => {
                if end == End::Unread {
                    current.gateway.connection_ended_early();
                }
                tracing::debug!(?end, "a connection over HTTP/2 was ended");
            }
            () = current.gateway.abandoned() => {}
        }
    }

    /// Every request of the connection and its answer. Boxed, and made outside of the task: what a task only needs on the way there stays in
    /// the room that it holds for as long as the connection is open.
    fn conversation<S>(
        self,
        current: &Current,
        stream: S,
        head: Duration,
        watcher: Watcher,
        own_pace: ConnectionPace,
    ) -> Conversation
    where
        S: AsyncRead + AsyncWrite + Send + 'static,
    {
        // A client that stops taking what it asked for is let go; one that stops sending is a matter of its request's body.
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(current.gateway.config().timeouts.client_idle));
        let (opened, verdict) = (Opened::default(), Verdict::default());
        let stream = FramingState::new(Box::pin(stream), verdict.clone());
        let stream = Opening::new(stream, head, opened.clone());
        let protocol = if self.reserved { &current.reserved_protocol } else { &current.protocol };
        let pace = self.pace.clone();
        let service = service_fn(move |mut request: Request<Incoming>| {
            opened.set();
            request.extensions_mut().insert(Peer(self.peer));
            if self.reserved {
                request.extensions_mut().insert(NoRoom);
            }
            let closes = verdict.next_is_ambiguous();
            if closes {
                request.extensions_mut().insert(Ambiguous);
            }
            let closes = closes || self.reserved;
            let gateway = self.current.load().gateway.clone();
            let paced = (request.version() == Version::HTTP_2).then(|| (pace.clone(), pace.begin(&own_pace)));
            // hyper keeps a future's room for as long as the connection lives; boxed, an idle connection holds a pointer.
            Box::pin(async move {
                let mut answer = gateway.respond(lingering(request)).await;
                match paced {
                    Some((pace, request)) => answer = answer.map(|body| pace.watch(body, request)),
                    None if closes => {
                        // Where the next request would begin is not known, or there is no room for it.
                        answer.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
                    }
                    None => {}
                }
                Ok::<Response, Infallible>(answer)
            })
        });
        let connection = protocol.serve_connection(TokioIo::new(stream), service).into_owned();
        Box::pin(watcher.watch(connection))
    }
}

/// The request, with a body whose rest is read when it is refused. A client that waits to be asked for its body (`Expect`) has not begun
/// to send it; over HTTP/2 a body is refused by itself.
fn lingering(request: Request<Incoming>) -> Request<Body> {
    if request.version() == Version::HTTP_2 || request.headers().contains_key(header::EXPECT) {
        request.map(Body::new)
    } else {
        request.map(|body| Body::new(Lingering::new(body)))
    }
}

fn protocol(config: &Config) -> auto::Builder<TokioExecutor> {
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(config.timeouts.client_head)
        .max_buf_size(config.limits.header_bytes.max(8 << 10))
        .max_headers(config.limits.headers);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(config.timeouts.client_idle)
        .keep_alive_timeout(config.timeouts.client_head)
        .max_concurrent_streams(256)
        .max_send_buf_size(64 << 10)
        .max_header_list_size(u32::try_from(config.limits.header_bytes).unwrap_or(u32::MAX));
    builder
}

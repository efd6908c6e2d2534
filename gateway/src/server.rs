//! Listening: sockets, TLS, time limits on connections, and stopping without breaking what is in flight.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use http::{HeaderValue, Request, header};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinHandle;
use tokio_io_timeout::TimeoutStream;

use crate::config::{Config, ConfigError};
use crate::gateway::Gateway;
use crate::inbound::caller::Peer;
use crate::inbound::framing::{Ambiguous, FramingState, Verdict};
use crate::inbound::tls::Certificate;

/// A gateway bound to its socket, not yet taking connections.
pub struct Server {
    gateway: Gateway,
    listener: TcpListener,
    certificate: Option<Arc<Certificate>>,
    address: SocketAddr,
}

/// Why a server does not start.
#[derive(Debug, thiserror::Error)]
pub enum BindError {
    /// The socket: taken, or not this machine's.
    #[error("cannot listen on {address}: {source}; {remedy}")]
    Socket {
        /// What was asked for.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
        /// What to do about it.
        remedy: &'static str,
    },
    /// A key of the configuration, such as the certificate.
    #[error(transparent)]
    Config(#[from] ConfigError),
}

impl Server {
    /// Binds the address of the gateway's configuration. Port 0 takes any free one.
    ///
    /// # Errors
    /// An address that cannot be had, or a certificate that cannot be used.
    pub async fn bind(gateway: Gateway) -> Result<Self, BindError> {
        let wanted = gateway.config().listen;
        let certificate = gateway.config().tls.as_ref().map(Certificate::read).transpose()?.map(Arc::new);
        let failed =
            |source: io::Error| BindError::Socket { address: wanted, remedy: remedy(&source), source };
        let listener = TcpListener::bind(wanted).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        Ok(Self { gateway, listener, certificate, address })
    }

    /// Where it listens: the real port, when 0 was asked for.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The URL of the dashboard.
    #[must_use]
    pub fn url(&self) -> String {
        let scheme = if self.certificate.is_some() { "https" } else { "http" };
        let base = self.gateway.config().base_path.as_str();
        format!("{scheme}://{}{}", self.address, base.strip_suffix('/').unwrap_or(base))
    }

    /// Serves until `stop` resolves, then until the requests in flight have ended or the time for that is over.
    pub async fn serve(self, stop: impl Future<Output = ()>) {
        let connections = Connections::new(&self.gateway, self.certificate.clone());
        let graceful = GracefulShutdown::new();
        let drain = self.gateway.config().timeouts.drain;
        let gateway = self.gateway.clone();
        let mut stop = std::pin::pin!(async move {
            stop.await;
            gateway.stop_taking_requests();
            if !drain.is_zero() {
                tokio::time::sleep(drain).await;
            }
        });
        loop {
            let accepted = tokio::select! {
                accepted = accept(&self.listener, &connections.slots) => accepted,
                () = &mut stop => break,
            };
            connections.take(accepted, graceful.watcher());
        }
        drop(self.listener);
        let limit = self.gateway.config().timeouts.shutdown;
        if tokio::time::timeout(limit, graceful.shutdown()).await.is_err() {
            tracing::warn!(
                seconds = limit.as_secs(),
                "requests were still in flight when the time to stop was over"
            );
        }
        self.gateway.finish().await;
    }

    /// Serves in the background; stops when the returned handle is dropped.
    #[must_use]
    pub fn start(self) -> RunningServer {
        let (stop, mut stopped) = watch::channel(());
        let (url, address) = (self.url(), self.address);
        let task = tokio::spawn(self.serve(async move {
            // Ends with an error when the sender is dropped, which is what is waited for.
            let _ = stopped.changed().await;
        }));
        RunningServer { url, address, stop, task }
    }
}

/// A server in the background.
pub struct RunningServer {
    url: String,
    address: SocketAddr,
    stop: watch::Sender<()>,
    task: JoinHandle<()>,
}

impl RunningServer {
    /// The URL of the dashboard.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Stops taking connections and waits until the requests in flight have ended.
    pub async fn stop(self) {
        drop(self.stop);
        // The task only ends by itself; were it to panic, there would be nothing left to stop.
        let _ = self.task.await;
    }
}

type Slot = tokio::sync::OwnedSemaphorePermit;

/// Waits for room, then for a connection. Errors that concern one connection only, or pass, do not end the server.
async fn accept(listener: &TcpListener, slots: &Arc<Semaphore>) -> (TcpStream, SocketAddr, Option<Slot>) {
    let slot = Arc::clone(slots).acquire_owned().await.ok();
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => return (stream, peer, slot),
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                // Out of descriptors, as a rule: some come back when connections end.
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
}

struct Connections {
    gateway: Gateway,
    certificate: Option<Arc<Certificate>>,
    protocol: auto::Builder<TokioExecutor>,
    slots: Arc<Semaphore>,
    head: Duration,
    idle: Duration,
}

impl Connections {
    fn new(gateway: &Gateway, certificate: Option<Arc<Certificate>>) -> Self {
        let config = gateway.config();
        Self {
            gateway: gateway.clone(),
            certificate,
            protocol: protocol(config),
            slots: Arc::new(Semaphore::new(config.limits.connections)),
            head: config.timeouts.client_head,
            idle: config.timeouts.client_idle,
        }
    }

    fn take(
        &self,
        (stream, peer, slot): (TcpStream, SocketAddr, Option<Slot>),
        watcher: hyper_util::server::graceful::Watcher,
    ) {
        let acceptor = self.certificate.as_ref().map(|certificate| certificate.acceptor());
        let (gateway, protocol) = (self.gateway.clone(), self.protocol.clone());
        let (head, idle) = (self.head, self.idle);
        tokio::spawn(async move {
            // Small answers must not wait for more to send with them.
            let _ = stream.set_nodelay(true);
            match acceptor {
                None => serve_connection(gateway, &protocol, stream, peer, idle, watcher).await,
                // Boxed, so that connections without TLS do not hold its room.
                Some(acceptor) => {
                    Box::pin(async move {
                        match tokio::time::timeout(head, acceptor.accept(stream)).await {
                            Ok(Ok(stream)) => {
                                serve_connection(gateway, &protocol, stream, peer, idle, watcher).await
                            }
                            Ok(Err(error)) => {
                                gateway.connection_ended_early();
                                tracing::debug!(%error, "a TLS handshake failed");
                            }
                            Err(_) => {
                                gateway.connection_ended_early();
                                tracing::debug!("a TLS handshake took too long");
                            }
                        }
                    })
                    .await
                }
            }
            drop(slot);
        });
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
        .max_header_list_size(u32::try_from(config.limits.header_bytes).unwrap_or(u32::MAX));
    builder
}

async fn serve_connection<S>(
    gateway: Gateway,
    protocol: &auto::Builder<TokioExecutor>,
    stream: S,
    peer: SocketAddr,
    idle: Duration,
    watcher: hyper_util::server::graceful::Watcher,
) where
    S: AsyncRead + AsyncWrite + Send + 'static,
{
    // A client that stops taking what it asked for is let go; one that stops sending is the bodies' own affair.
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(idle));
    let counter = gateway.clone();
    let verdict = Verdict::default();
    let stream = FramingState::new(Box::pin(stream), verdict.clone());
    let service = service_fn(move |mut request: Request<Incoming>| {
        let gateway = gateway.clone();
        request.extensions_mut().insert(Peer(peer));
        let ambiguous = verdict.next_is_ambiguous();
        if ambiguous {
            request.extensions_mut().insert(Ambiguous);
        }
        // hyper keeps a future's room for as long as the connection lives; boxed, an idle connection holds a pointer.
        Box::pin(async move {
            let mut answer = gateway.respond(request.map(Body::new)).await;
            if ambiguous {
                // Nobody can say where the next request would begin.
                answer.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
            }
            Ok::<_, std::convert::Infallible>(answer)
        })
    });
    let connection = protocol.serve_connection(TokioIo::new(stream), service);
    if let Err(error) = watcher.watch(connection.into_owned()).await {
        // What the parser itself refused, with a bare 400 or 431, never was a request, and is in no other number.
        counter.connection_ended_early();
        tracing::debug!(%error, "a connection ended early");
    }
}

fn remedy(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::AddrInUse => "another process has it; choose another with --port",
        io::ErrorKind::PermissionDenied => "ports below 1024 need a privilege; choose another with --port",
        io::ErrorKind::AddrNotAvailable => "the address is not this machine's; choose another with --listen",
        _ => "choose another with --listen or --port",
    }
}

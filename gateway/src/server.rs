//! Listening: sockets, a change of configuration while it runs, and stopping without breaking what is in flight.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::config::{Config, ConfigError};
use crate::connection::{Connection, Current};
use crate::gateway::Gateway;
use crate::inbound::pace::{Pace, Patience};
use crate::inbound::room::Room;
use crate::workers::Workers;

/// A gateway bound to its socket, not yet taking connections.
pub struct Server {
    current: Arc<ArcSwap<Current>>,
    listener: TcpListener,
    address: SocketAddr,
    workers: Option<Workers>,
}

/// Why a server does not start.
#[derive(Debug, thiserror::Error)]
pub enum BindError {
    /// The socket: taken, or not this machine's.
    #[error("cannot listen on {address}: {source}; {remedy}")]
    Socket {
        /// The address that was configured.
        address: SocketAddr,
        /// What the system reported.
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
    /// An address that cannot be bound, or a certificate that cannot be used.
    pub async fn bind(gateway: Gateway) -> Result<Self, BindError> {
        let wanted = gateway.config().listen;
        let current = Current::new(gateway)?;
        let failed =
            |source: io::Error| BindError::Socket { address: wanted, remedy: remedy(&source), source };
        let listener = TcpListener::bind(wanted).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        Ok(Self { current: Arc::new(ArcSwap::from_pointee(current)), listener, address, workers: None })
    }

    /// The same, with threads of its own for its connections. Without them, they are served by the runtime of the caller.
    #[must_use]
    pub fn with_workers(self, workers: Workers) -> Self {
        Self { workers: Some(workers), ..self }
    }

    /// Where it listens: the real port, when the configured one is 0.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The URL of the dashboard.
    #[must_use]
    pub fn url(&self) -> String {
        let current = self.current.load();
        let scheme = if current.has_certificate() { "https" } else { "http" };
        let base = current.gateway().config().base_path.as_str();
        format!("{scheme}://{}{}", self.address, base.strip_suffix('/').unwrap_or(base))
    }

    /// A handle that gives the server another configuration while it runs.
    #[must_use]
    pub fn reloader(&self) -> Reloader {
        Reloader { current: Arc::clone(&self.current) }
    }

    /// Serves until `stop` resolves, then until the requests in flight have ended or the time for that is over.
    pub async fn serve(self, stop: impl Future<Output = ()>) {
        let Self { current, listener, workers, .. } = self;
        let config = current.load().gateway().config().clone();
        let room = Room::new(config.limits.connections);
        let (graceful, pace) = (GracefulShutdown::new(), Pace::default());
        let of_now = Arc::clone(&current);
        let enforcing = tokio::spawn(pace.clone().enforce(move || {
            let timeouts = of_now.load().gateway().config().timeouts;
            Patience { answer: timeouts.client_idle, request: timeouts.client_head }
        }));
        let mut stop = std::pin::pin!(stop_when(stop, &current));
        loop {
            let (stream, peer) = tokio::select! {
                accepted = accept(&listener) => accepted,
                () = &mut stop => break,
            };
            // Beyond the reserve for health checks a connection is closed, rather than left waiting for silent ones to end.
            let Some(place) = room.place(peer, current.load().gateway().config()) else { continue };
            let connection = Connection {
                current: Arc::clone(&current),
                peer,
                reserved: place.is_reserved(),
                pace: pace.clone(),
            };
            let watcher = graceful.watcher();
            match &workers {
                None => drop(tokio::spawn(async move {
                    connection.serve(stream, watcher).await;
                    drop(place);
                })),
                // A socket belongs to the runtime that waits for it. One that cannot be handed over is closed.
                Some(workers) => match stream.into_std() {
                    Ok(stream) => workers.spawn(async move {
                        if let Ok(stream) = TcpStream::from_std(stream) {
                            connection.serve(stream, watcher).await;
                        }
                        drop(place);
                    }),
                    Err(error) => tracing::debug!(%error, "a connection could not be handed over"),
                },
            }
        }
        drop(listener);
        Self::drain(&current.load_full(), graceful).await;
        enforcing.abort();
        drop(workers);
    }

    async fn drain(current: &Current, graceful: GracefulShutdown) {
        let gateway = current.gateway();
        let limit = gateway.config().timeouts.shutdown;
        let ended = async {
            graceful.shutdown().await;
            gateway.writes_ended().await;
        };
        if tokio::time::timeout(limit, ended).await.is_err() {
            let seconds = limit.as_secs();
            tracing::warn!(seconds, "requests were still in flight when the time to stop was over");
            gateway.abandon_writes().await;
        }
        gateway.finish().await;
    }

    /// Serves in the background; stops when the returned handle is dropped.
    #[must_use]
    pub fn start(self) -> RunningServer {
        let (stop, mut stopped) = watch::channel(());
        let (url, address, reloader) = (self.url(), self.address, self.reloader());
        let task = tokio::spawn(async move {
            self.serve(async move {
                // Ends with an error when the sender is dropped, which is what is waited for.
                let _ = stopped.changed().await;
            })
            .await;
        });
        RunningServer { url, address, reloader, stop, task }
    }
}

/// Gives a running server another configuration. Requests in flight end as they began; the next ones, on open connections too, are
/// answered by the new configuration.
#[derive(Clone)]
pub struct Reloader {
    current: Arc<ArcSwap<Current>>,
}

impl Reloader {
    /// Takes a configuration. Where to listen, how many connections may be open and what is logged stay as they are.
    ///
    /// # Errors
    /// A configuration that cannot be used; the former one stays.
    pub fn reload(&self, config: Config) -> Result<(), ConfigError> {
        let former = self.current.load_full();
        let (old, new) = (former.gateway().config(), &config);
        if old.listen != new.listen || old.limits.connections != new.limits.connections || old.log != new.log
        {
            tracing::warn!(
                "listen, port, limits.connections and log take effect when the gateway is started again"
            );
        }
        let next = Current::new(former.gateway().reconfigured(config)?)?;
        self.current.store(Arc::new(next));
        Ok(())
    }
}

/// A server in the background.
pub struct RunningServer {
    url: String,
    address: SocketAddr,
    reloader: Reloader,
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

    /// A handle that gives the server another configuration.
    #[must_use]
    pub fn reloader(&self) -> Reloader {
        self.reloader.clone()
    }

    /// Stops taking connections and waits until the requests in flight have ended.
    pub async fn stop(self) {
        drop(self.stop);
        // The task only ends by itself; were it to panic, there would be nothing left to stop.
        let _ = self.task.await;
    }
}

/// Resolves once no new requests are to be taken: after `stop`, and the time in which balancers look elsewhere.
async fn stop_when(stop: impl Future<Output = ()>, current: &ArcSwap<Current>) {
    stop.await;
    let gateway = current.load().gateway().clone();
    gateway.stop_taking_requests();
    let drain = gateway.config().timeouts.drain;
    if !drain.is_zero() {
        tokio::time::sleep(drain).await;
    }
}

/// Waits for a connection. Errors that concern one connection only, or pass, do not end the server.
async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok(accepted) => return accepted,
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                // Out of descriptors, as a rule: some come back when connections end.
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
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

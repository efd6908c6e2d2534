//! The gateway under everything its users and enemies do at once, for minutes: whether its memory, files and answers stay as they are.

use std::io::Read as _;
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use crate::process::{self, median, mib};
use crate::rig::{Rig, TAGS, address, path};
use crate::wire::Connection;

/// Samples are gathered into windows of this length at most.
const WINDOW: Duration = Duration::from_secs(60);

/// Memory is looked at this often.
const SAMPLE: Duration = Duration::from_millis(500);

/// Bytes of the blob that is fetched and given up all the time.
const BLOB: usize = 64 << 20;

/// What the callers share.
#[derive(Clone)]
struct Load {
    address: SocketAddr,
    token: Arc<str>,
    blob: Arc<str>,
    done: Arc<AtomicU64>,
}

pub(crate) async fn measure(time: Duration) -> Result<()> {
    let rig = Rig::start().await?;
    let digest = rig.upload("bench/blob", BLOB).await?;
    let [(_, url, id), _] = rig.servers()?;
    let load = Load {
        address: address(&url)?,
        token: rig.token.as_str().into(),
        blob: path(&format!("/v2/bench/blob/blobs/{digest}")).into(),
        done: Arc::default(),
    };
    println!(
        "\nsoak: {} s of reading, listing, fetching, giving up, idling, garbage and refusals at once",
        time.as_secs()
    );
    println!(
        "{:>9} {:>14} {:>14} {:>6} {:>12}",
        "to second", "memory, median", "memory at most", "files", "exchanges"
    );
    let callers = callers(&load);
    let (begin, window) = (Instant::now(), WINDOW.min(time / 2));
    let mut sample = tokio::time::interval(SAMPLE);
    let mut medians = Vec::new();
    while begin.elapsed() < time {
        let (start, mut samples) = (Instant::now(), Vec::new());
        while start.elapsed() < window && begin.elapsed() < time {
            sample.tick().await;
            samples.push(process::resident(id)? as f64);
            if callers.iter().any(|(_, caller)| caller.is_finished()) {
                return end(callers);
            }
        }
        let most = samples.iter().copied().fold(0.0, f64::max);
        medians.push(median(samples));
        let middle = medians.last().copied().unwrap_or_default();
        println!(
            "{:>9} {:>14} {:>14} {:>6} {:>12}",
            begin.elapsed().as_secs(),
            mib(middle as u64),
            mib(most as u64),
            process::open_files(id)?,
            load.done.load(Ordering::Relaxed)
        );
    }
    end(callers)?;
    // The first window fills pools and caches.
    let (first, last) = (medians.get(1).or(medians.first()), medians.last());
    let (first, last) = first.zip(last).context("nothing was measured")?;
    println!("memory at the end to memory after the first window: {:.2} (flat is 1.00)", last / first);
    Ok(())
}

type Caller = fn(&Load) -> Result<()>;

/// A caller's thread, which ends when its sender is gone.
type Running = (Sender<()>, JoinHandle<Result<()>>);

/// Every kind of caller, each as often as it is listed and with so many milliseconds between two of its turns.
fn callers(load: &Load) -> Vec<Running> {
    let kinds: [(Caller, u64, usize); 6] =
        [(read, 5, 8), (list, 20, 2), (fetch, 200, 1), (give_up, 50, 2), (idle, 100, 1), (offend, 20, 2)];
    let each = kinds.into_iter().flat_map(|(caller, pause, count)| (0..count).map(move |_| (caller, pause)));
    each.map(|(caller, pause)| run(load.clone(), caller, Duration::from_millis(pause))).collect()
}

fn run(load: Load, caller: Caller, pause: Duration) -> Running {
    let (stop, stopped) = mpsc::channel();
    let turns = move || {
        while stopped.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
            caller(&load)?;
            load.done.fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    };
    (stop, std::thread::spawn(turns))
}

/// Ends every caller; an error when one of them was answered otherwise than it expected.
fn end(callers: Vec<Running>) -> Result<()> {
    for (stop, caller) in callers {
        drop(stop);
        caller.join().ok().context("a caller of the soak panicked")??;
    }
    Ok(())
}

fn tags() -> String {
    path(&format!("/acr/v1/{}", TAGS.replace('/', "%2F")))
}

/// A page that asks a few small things on one connection.
fn read(load: &Load) -> Result<()> {
    let mut connection = Connection::open(load.address)?;
    for _ in 0..20 {
        let (status, _) = connection.exchange("GET", &tags(), &load.token)?;
        ensure!(status == 200, "a read was answered with {status}");
    }
    Ok(())
}

/// A page that lists.
fn list(load: &Load) -> Result<()> {
    let below = format!("{}/_tags?n=1000", tags());
    let (status, size) = Connection::open(load.address)?.exchange("GET", &below, &load.token)?;
    ensure!(status == 200 && size > 100_000, "a list was answered with {status} and {size} bytes");
    Ok(())
}

/// A client that fetches a blob to its end.
fn fetch(load: &Load) -> Result<()> {
    let (status, size) = Connection::open(load.address)?.exchange("GET", &load.blob, &load.token)?;
    ensure!((status, size) == (200, BLOB as u64), "a blob was answered with {status} and {size} bytes");
    Ok(())
}

/// A client that leaves in the midst of a blob.
fn give_up(load: &Load) -> Result<()> {
    let head = Connection::open(load.address)?.ask("GET", &load.blob, &load.token)?;
    ensure!(head.status == 200, "a blob was answered with {}", head.status);
    Ok(())
}

/// A hundred connections that come, say nothing, and go.
fn idle(load: &Load) -> Result<()> {
    let held: Vec<TcpStream> =
        (0..100).map(|_| TcpStream::connect(load.address)).collect::<std::io::Result<_>>()?;
    drop(held);
    Ok(())
}

/// What no client of a registry sends.
fn offend(load: &Load) -> Result<()> {
    for (target, expected) in [
        (path("/v2/a/%2e%2e/manifests/x"), 400),
        ("/registries/nobody/v2/".to_owned(), 404),
        (path("/acr/v1/nothing%2Fhere"), 404),
    ] {
        let (status, _) = Connection::open(load.address)?.exchange("GET", &target, &load.token)?;
        ensure!(status == expected, "{target} was answered with {status}");
    }
    for garbage in ["garbage\r\n\r\n", "GET / HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n", "GET / HT"] {
        let mut stream = TcpStream::connect(load.address)?;
        std::io::Write::write_all(&mut stream, garbage.as_bytes())?;
        stream.shutdown(std::net::Shutdown::Write)?;
        // Whatever it says, it says it to its end.
        let _ = stream.read_to_end(&mut Vec::new());
    }
    Ok(())
}

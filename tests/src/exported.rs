//! The examples of deploy/ for those who serve the dashboard's files themselves, run as they are but for names and ports: nginx and
//! Caddy in front of a registry on the loopback address.

use std::fs;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use tempfile::TempDir;
use tokio::process::{Child, Command};

use crate::environment;
use crate::service::{REGISTRY, Upstream};

/// How long a server may take until it listens.
const START: Duration = Duration::from_secs(30);

/// How the Caddyfile reaches storage, which has no TLS here.
const TLS_TO_STORAGE: &str =
    "{acr_host}:443 {\n\t\t\t\t\t\ttransport http {\n\t\t\t\t\t\t\ttls\n\t\t\t\t\t\t}\n";

/// A server with an example's configuration; ended when dropped.
pub struct Exported {
    port: u16,
    process: Child,
    // Its files, and what it wrote.
    _folder: TempDir,
}

impl Exported {
    /// nginx with these files, the example's server, and what stands around it in Debian's own configuration.
    pub async fn nginx(files: &Path, registry: &Upstream) -> Result<Self> {
        let (folder, port) = (served_folder(files)?, free_port()?);
        // The emulator redirects from a name to an address. nginx follows an address without a resolver, which a test machine may lack.
        let host = authority(registry.url()).replace("127.0.0.1", "localhost");
        let storage = authority(registry.storage().unwrap_or_default()).replace("localhost", "127.0.0.1");
        let storage = storage.replace('.', "\\.");
        let example = replaced(
            &example("nginx/acr-dashboard.conf")?,
            &[
                ("listen 8080;", &format!("listen 127.0.0.1:{port};")),
                ("/srv/acr-dashboard", &site(&folder).display().to_string()),
                ("https://contoso.azurecr.io$acr_raw", "http://acr_registry$acr_raw"),
                ("Host contoso.azurecr.io;", &format!("Host {host};")),
                (
                    "~^https://(?<acr_blob_host>[a-z0-9-]+\\.blob\\.core\\.windows\\.net)/",
                    &format!("~^http://(?<acr_blob_host>{storage})/"),
                ),
            ],
        )?;
        let file = folder.path().join("nginx.conf");
        fs::write(&file, around_nginx(folder.path(), authority(registry.url()), &example))?;
        let mut command = Command::new(environment::path("ACR_NGINX")?);
        command.arg("-p").arg(folder.path()).arg("-c").arg(&file);
        Self::start(folder, port, command).await
    }

    /// Caddy with these files and the example's site.
    pub async fn caddy(files: &Path, registry: &Upstream) -> Result<Self> {
        let (folder, port) = (served_folder(files)?, free_port()?);
        let storage = registry.storage().unwrap_or_default();
        let text = replaced(
            &example("caddy/Caddyfile")?,
            &[
                ("http://localhost:8080 {", &format!("http://127.0.0.1:{port} {{")),
                ("/srv/acr-dashboard\n", &format!("{}\n", site(&folder).display())),
                ("https://contoso.azurecr.io {", &format!("{} {{", registry.url())),
                ("Host contoso.azurecr.io\n", &format!("Host {}\n", authority(registry.url()))),
                (
                    "~^https://([a-z0-9-]+\\.blob\\.core\\.windows\\.net)(",
                    &format!("~^http://({})(", authority(storage).replace('.', "\\.")),
                ),
                (TLS_TO_STORAGE, "{acr_host} {\n"),
            ],
        )?;
        let file = folder.path().join("Caddyfile");
        fs::write(&file, format!("{{\n\tadmin off\n}}\n{text}"))?;
        let mut command = Command::new(environment::path("ACR_CADDY")?);
        command.args(["run", "--adapter", "caddyfile", "--config"]).arg(&file).env("HOME", folder.path());
        Self::start(folder, port, command).await
    }

    /// Where it listens, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The id of its first process.
    pub fn id(&self) -> Option<u32> {
        self.process.id()
    }

    async fn start(folder: TempDir, port: u16, mut command: Command) -> Result<Self> {
        let log = fs::File::create(folder.path().join("output"))?;
        command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log).kill_on_drop(true);
        let mut process = command.spawn().with_context(|| format!("cannot start {command:?}"))?;
        let begin = Instant::now();
        // Neither of them says when it listens.
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            let ended = process.try_wait()?;
            if ended.is_some() || begin.elapsed() > START {
                let said = fs::read_to_string(folder.path().join("output")).unwrap_or_default();
                bail!("{command:?} does not listen on port {port}: {said}");
            }
            tokio::task::yield_now().await;
        }
        Ok(Self { port, process, _folder: folder })
    }
}

impl Drop for Exported {
    fn drop(&mut self) {
        // nginx's first process ends its workers when it is asked to end, and leaves them when it is killed.
        if let Some(id) = self.process.id() {
            let asked = std::process::Command::new("kill").args(["-TERM", &id.to_string()]).status();
            let begin = Instant::now();
            while asked.is_ok() && matches!(self.process.try_wait(), Ok(None)) && begin.elapsed() < START {
                std::thread::yield_now();
            }
        }
    }
}

/// The dashboard's files with the `config.json` that the examples ask for.
fn served_folder(files: &Path) -> Result<TempDir> {
    let folder = tempfile::tempdir()?;
    let site = site(&folder);
    // nginx's workers are another user's where its first process is root's.
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755))?;
    copy(files, &site)?;
    let registry = serde_json::json!({
        "name": REGISTRY,
        "loginServer": "contoso.azurecr.io",
        "endpoint": format!("/registries/{REGISTRY}"),
        "signIn": ["anonymous"],
    });
    let config = serde_json::json!({ "version": "0.1.0", "basePath": "/", "registries": [registry] });
    fs::write(site.join("config.json"), config.to_string())?;
    Ok(folder)
}

fn site(folder: &TempDir) -> PathBuf {
    folder.path().join("site")
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from).with_context(|| format!("cannot read {}", from.display()))? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

/// Where an example of deploy/ is.
pub fn example_path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy").join(name)
}

fn example(name: &str) -> Result<String> {
    let path = example_path(name);
    fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
}

/// The example with other names in it. One that is not there would leave it pointing at the real service.
fn replaced(text: &str, pairs: &[(&str, &str)]) -> Result<String> {
    let mut text = text.to_owned();
    for (from, to) in pairs {
        ensure!(text.contains(from), "the example no longer holds {from:?}");
        text = text.replace(from, to);
    }
    Ok(text)
}

fn authority(url: &str) -> &str {
    url.split_once("://").map_or(url, |(_, rest)| rest).trim_end_matches('/')
}

/// What Debian's nginx.conf has around a site, with every path inside the folder, a log line a request as the gateway has it, and
/// connections to the registry kept.
fn around_nginx(folder: &Path, registry: &str, site: &str) -> String {
    let folder = folder.display();
    // Only https has a certificate to check.
    let site: Vec<&str> = site.lines().filter(|line| !line.trim_start().starts_with("proxy_ssl_")).collect();
    let site = site.join("\n");
    format!(
        r#"daemon off;
worker_processes auto;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 16384; }}
http {{
    log_format acr escape=json '{{"timestamp":"$time_iso8601","request_id":"$request_id",'
        '"correlation_id":"$upstream_http_x_ms_correlation_request_id","client":"$remote_addr","method":"$request_method",'
        '"path":"$uri","registry":"contoso","status":$status,"head_ms":"$upstream_header_time","duration_ms":"$request_time",'
        '"bytes":$body_bytes_sent,"aborted":"$request_completion"}}';
    access_log {folder}/access.log acr;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 1000000000;
    types {{ text/html html; application/json json; }}
    upstream acr_registry {{
        server {registry};
        keepalive 256;
        keepalive_requests 1000000000;
    }}
{site}
}}
"#
    )
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

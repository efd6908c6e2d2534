//! The program as its users start it: its help, its one line, its refusals, its health, TLS.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use rstest::rstest;

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_acr-emulator")).args(arguments).output().unwrap()
}

struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A program that listens, and its host and port.
fn start(arguments: &[&str]) -> (Running, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_acr-emulator"));
    let mut child =
        Running(command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap());
    let mut line = String::new();
    BufReader::new(child.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let url = line.split_whitespace().find(|word| word.starts_with("http")).expect("an address");
    let address = url.split_once("//").unwrap().1.to_owned();
    (child, address)
}

fn get(address: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[rstest]
#[case::unknown_flag(&["--no-such-flag"], "--no-such-flag")]
#[case::not_a_port(&["--port", "many"], "many")]
#[case::not_a_fault(&["--fault", "{\"fault\":\"fire\"}"], "fire")]
#[case::no_status(&["--fault", "{\"fault\":\"status\",\"status\":999}"], "999")]
#[case::no_probability(&["--fault", "{\"fault\":\"firewall\",\"probability\":7}"], "probability")]
#[case::no_lifetime(&["--access-token-lifetime", "0"], "--access-token-lifetime")]
#[case::password_alone(&["--password", "x"], "--username")]
#[case::no_such_certificate(&["--tls-cert", "/no/such.pem", "--tls-key", "/no/such.pem"], "/no/such.pem")]
#[case::no_such_tokens(&["--tokens", "/no/such.json"], "/no/such.json")]
#[case::no_such_folder(&["--port", "0", "--data", "/dev/null/data"], "/dev/null/data")]
fn what_cannot_be_is_refused_in_one_line(#[case] arguments: &[&str], #[case] named: &str) {
    let output = run(arguments);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success());
    assert_eq!((said.lines().count(), said.contains(named)), (1, true), "{said}");
}

#[test]
fn a_damaged_journal_is_refused_in_one_line_and_nothing_is_removed() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    drop(start(&["--port", "0", "--log", "off", "--data", data]));
    let journal = folder.path().join("journal");
    let (blobs, uploads) = (folder.path().join("blobs/sha256/ab"), folder.path().join("uploads"));
    std::fs::create_dir_all(&blobs).unwrap();
    std::fs::write(blobs.join("ab".repeat(32)), "blob").unwrap();
    std::fs::write(uploads.join("half"), "half").unwrap();
    let whole = "ead540c7 [{\"record\":\"deleteRepository\",\"repository\":\"a\"}]\n";
    std::fs::write(&journal, format!("{whole}{}{whole}", whole.replace("\"a\"", "\"b\""))).unwrap();
    let before = std::fs::read(&journal).unwrap();
    let output = run(&["--port", "0", "--log", "off", "--data", data]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.success(), said.lines().count()), (false, 1), "{said}");
    assert!(said.contains(journal.to_str().unwrap()) && said.contains("line 2"), "{said}");
    assert_eq!(std::fs::read(&journal).unwrap(), before);
    assert!(blobs.join("ab".repeat(32)).exists() && uploads.join("half").exists());
}

#[test]
fn a_blob_whose_file_is_missing_is_named_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    drop(start(&["--port", "0", "--log", "off", "--repositories", "1", "--data", data]));
    let shard = std::fs::read_dir(folder.path().join("blobs/sha256")).unwrap().next().unwrap().unwrap();
    let blob = std::fs::read_dir(shard.path()).unwrap().next().unwrap().unwrap();
    std::fs::remove_file(blob.path()).unwrap();
    let (mut running, _) = start(&["--port", "0", "--log", "json", "--data", data]);
    running.0.kill().unwrap();
    let mut log = String::new();
    running.0.stderr.take().unwrap().read_to_string(&mut log).unwrap();
    assert!(log.contains(blob.file_name().to_str().unwrap()) && log.contains("WARN"), "{log}");
}

#[rstest]
#[case::announced_and_not_sent("Content-Length: 1000000")]
#[case::waiting_to_be_asked_for_it("Content-Length: 1000000\r\nExpect: 100-continue")]
fn a_refusal_does_not_wait_for_the_body(#[case] headers: &str) {
    let (_running, address) = start(&["--port", "0", "--log", "off"]);
    let mut stream = TcpStream::connect(&address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(2))).unwrap();
    let put = "PUT /v2/team/app/manifests/1.0 HTTP/1.1";
    write!(stream, "{put}\r\nHost: {address}\r\n{headers}\r\n\r\n").unwrap();
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line).expect("an answer before the body");
    assert_eq!(line, "HTTP/1.1 401 Unauthorized\r\n");
}

#[test]
fn a_client_that_sends_all_of_its_body_first_gets_to_read_the_refusal() {
    let (_running, address) = start(&["--port", "0", "--log", "off"]);
    let mut stream = TcpStream::connect(&address).unwrap();
    let body = vec![b'x'; 6 * 1024 * 1024];
    let put = "PUT /v2/team/app/manifests/1.0 HTTP/1.1";
    write!(stream, "{put}\r\nHost: {address}\r\nContent-Length: {}\r\n\r\n", body.len()).unwrap();
    stream.write_all(&body).unwrap();
    // The same connection serves the next request.
    write!(stream, "GET /healthz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answers = String::new();
    stream.read_to_string(&mut answers).unwrap();
    assert!(answers.starts_with("HTTP/1.1 401 ") && answers.ends_with("ok\n"), "{answers}");
}

#[test]
fn a_host_that_can_be_none_is_refused_and_never_repeated() {
    let (_running, address) = start(&["--port", "0", "--log", "off"]);
    for host in ["Host: evil\"x\r\n", "Host: a b\r\n", "Host: a/b\r\n", "Host: \r\n", ""] {
        let mut stream = TcpStream::connect(&address).unwrap();
        write!(stream, "GET /v2/ HTTP/1.1\r\n{host}Connection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 400 ") && !answer.contains("evil"), "{host}: {answer}");
    }
}

#[test]
fn a_port_in_use_is_refused_in_one_line() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let output = run(&["--port", &taken.local_addr().unwrap().port().to_string()]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success() && said.lines().count() == 1 && said.contains("in use"), "{said}");
}

#[test]
fn the_help_names_every_group_of_flags() {
    let help = String::from_utf8(run(&["--help"]).stdout).unwrap();
    for flag in [
        "--seed",
        "--data",
        "--username",
        "--anonymous-pull",
        "--tls-cert",
        "--blob-redirect",
        "--mount",
        "--fault",
        "--throttle",
        "--repositories",
        "/expire",
        "/healthz",
        "--tags",
    ] {
        assert!(help.contains(flag), "{flag}");
    }
}

#[test]
fn headers_are_spelled_as_the_service_spells_them() {
    let (_running, address) = start(&["--port", "0", "--log", "off"]);
    let answer = get(&address, "/v2/");
    assert!(answer.starts_with("HTTP/1.1 401 Unauthorized\r\n"));
    assert!(
        answer.contains(&format!(
            "\r\nWww-Authenticate: Bearer realm=\"http://{address}/oauth2/token\",service=\"{address}\"\r\n"
        )),
        "{answer}"
    );
    assert_eq!(answer.matches("\r\nAccess-Control-Expose-Headers: ").count(), 4);
    assert_eq!(answer.matches("\r\nStrict-Transport-Security: ").count(), 2);
    assert!(get(&address, "/healthz").ends_with("ok\n"));
}

#[test]
fn the_log_has_requests_and_no_token() {
    let (mut running, address) = start(&["--port", "0", "--log", "json"]);
    let answer = get(&address, "/oauth2/token?service=x&scope=registry:catalog:*");
    let token = answer.split('"').skip_while(|part| *part != "access_token").nth(2).unwrap().to_owned();
    let mut stream = TcpStream::connect(&address).unwrap();
    write!(stream, "GET /acr/v1/_catalog HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n").unwrap();
    stream.read_to_string(&mut String::new()).unwrap();
    running.0.kill().unwrap();
    let mut log = String::new();
    running.0.stderr.take().unwrap().read_to_string(&mut log).unwrap();
    let lines: Vec<serde_json::Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(
        (lines[1]["path"].as_str(), lines[1]["status"].as_u64()),
        (Some("/acr/v1/_catalog"), Some(200))
    );
    assert!(!log.contains(&token) && !log.contains("scope="), "{log}");
}

#[tokio::test]
async fn tls_is_served_with_the_certificate_it_was_given() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let folder = tempfile::tempdir().unwrap();
    let (certificate, key) = (folder.path().join("cert.pem"), folder.path().join("key.pem"));
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    std::fs::write(&certificate, made.cert.pem()).unwrap();
    std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    let (certificate, key) = (certificate.to_str().unwrap(), key.to_str().unwrap());
    let (_running, address) =
        start(&["--port", "0", "--log", "off", "--tls-cert", certificate, "--tls-key", key]);

    let mut roots = rustls::RootCertStore::empty();
    roots.add(made.cert.der().clone()).unwrap();
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let config =
        rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = config.with_root_certificates(roots).with_no_client_auth();
    let connector = tokio_rustls::TlsConnector::from(std::sync::Arc::new(config));
    let stream = tokio::net::TcpStream::connect(&address).await.unwrap();
    let mut stream = connector.connect("localhost".try_into().unwrap(), stream).await.unwrap();
    let request = format!("GET /v2/ HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    let answer = String::from_utf8_lossy(&answer).into_owned();
    assert!(answer.contains(&format!("realm=\"https://{address}/oauth2/token\"")), "{answer}");
}

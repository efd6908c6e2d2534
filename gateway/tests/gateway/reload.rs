//! SIGHUP: configuration and certificates are read again, and no connection ends for it.

use std::io::Write as _;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::binary::{Running, file};
use crate::support::until;

/// Sends a GET over a connection that is kept, and returns the answer as far as it came in one piece.
async fn ask(stream: &mut TcpStream, path: &str) -> String {
    stream.write_all(format!("GET {path} HTTP/1.1\r\nhost: localhost\r\n\r\n").as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    while !answer.ends_with(b"}") {
        let read = stream.read_buf(&mut answer).await.unwrap();
        assert!(read > 0, "the connection was closed");
    }
    String::from_utf8(answer).unwrap()
}

#[tokio::test]
async fn the_configuration_is_read_again_without_dropping_a_connection() {
    const REGISTRY: &str = "[[registries]]\nurl = \"a.azurecr.io\"\n";
    let file = file(REGISTRY);
    let append = |text: &str| {
        let mut file = std::fs::File::options().append(true).open(file.path()).unwrap();
        file.write_all(text.as_bytes()).unwrap();
    };
    let path = file.path().to_str().unwrap().to_owned();
    let mut gateway = Running::start(&["serve", "--port", "0", "--config", &path], &[]);
    let mut stream = TcpStream::connect(gateway.address()).await.unwrap();
    assert!(!ask(&mut stream, "/config.json").await.contains("Renamed"));
    append("[branding]\ntitle = \"Renamed\"\n");
    gateway.signal("HUP");
    let stream = tokio::sync::Mutex::new(stream);
    until(|| async { ask(&mut *stream.lock().await, "/config.json").await.contains("Renamed") }).await;
    // One that cannot be used is reported, and changes nothing.
    append("theme = \"neon\"\n");
    gateway.signal("HUP");
    gateway.wait_for_log("branding.theme");
    assert!(ask(&mut *stream.lock().await, "/config.json").await.contains("Renamed"));
    drop(stream);
    let (code, log) = gateway.stop();
    assert_eq!(code, 0, "{log}");
    assert!(log.contains(&format!("{path}:5: branding.theme")), "{log}");
}

#[tokio::test]
async fn a_hangup_right_after_the_start_ends_nothing() {
    let gateway = Running::start(&["serve", "--port", "0", "--registry", "a.azurecr.io"], &[]);
    gateway.signal("HUP");
    let (code, log) = gateway.stop_once_logged("the configuration was read again");
    assert_eq!(code, 0, "{log}");
}

#[tokio::test]
async fn what_a_change_of_needs_a_restart_is_named() {
    let file = file("[[registries]]\nurl = \"a.azurecr.io\"\n");
    let path = file.path().to_str().unwrap().to_owned();
    let gateway = Running::start(&["serve", "--port", "0", "--config", &path], &[]);
    std::fs::write(file.path(), "[[registries]]\nurl = \"a.azurecr.io\"\n[log]\nrequests = false\n").unwrap();
    gateway.signal("HUP");
    let (_, log) = gateway.stop_once_logged("the configuration was read again");
    let line = log.lines().find(|line| line.contains("when the gateway is started again"));
    assert!(line.is_some_and(|line| line.contains("log")), "{log}");
}

//! Faults on demand, from the library and from the admin endpoint.

use std::time::{Duration, Instant};

use acr_emulator::{Emulator, EntraRefusal, Fault, FaultPlan, FaultRule, ListenOptions, Throttle};
use axum::body::Body;
use http::{Method, Request, StatusCode};
use http_body_util::BodyExt as _;
use hyper_util::client::legacy::Client as HyperClient;
use hyper_util::rt::TokioExecutor;

use crate::client::{Client, EVERYTHING};
use crate::image::push_blob;

fn plan(rules: impl IntoIterator<Item = FaultRule>) -> FaultPlan {
    FaultPlan { rules: rules.into_iter().collect(), ..FaultPlan::default() }
}

async fn faulty(fault: Fault) -> (Emulator, Client) {
    let emulator = Emulator::builder().build().unwrap();
    let client = Client::new(&emulator).await;
    emulator.set_faults(plan([FaultRule::always(fault)]));
    (emulator, client)
}

#[tokio::test]
async fn a_status_comes_in_place_of_the_answer_and_nothing_is_done() {
    let (emulator, client) = faulty(Fault::Status { status: 503 }).await;
    let refused = client.send(Method::POST, "/v2/app/blobs/uploads/", &[], "").await;
    assert_eq!((refused.status, emulator.open_uploads()), (StatusCode::SERVICE_UNAVAILABLE, 0));
    emulator.set_faults(FaultPlan::default());
    assert_eq!(client.get("/v2/").await.status, StatusCode::OK);
}

#[tokio::test]
async fn an_expired_token_is_refused_as_invalid() {
    let (_, client) = faulty(Fault::ExpiredToken).await;
    assert!(
        client.get("/acr/v1/_catalog").await.header("www-authenticate").ends_with("error=\"invalid_token\"")
    );
}

#[tokio::test]
async fn json_is_cut_short() {
    let (_, client) = faulty(Fault::TruncateJson { after: 5 }).await;
    let cut = client.get("/acr/v1/_catalog").await;
    assert_eq!(
        (cut.status, cut.text().as_str(), cut.header("content-length")),
        (StatusCode::OK, "{\"rep", "5")
    );
}

#[tokio::test]
async fn the_firewall_and_the_throttle_answer_as_the_service_does() {
    let (_, client) = faulty(Fault::Firewall).await;
    assert_eq!(client.get("/v2/").await.code(), "DENIED");
    let (_, client) = faulty(Fault::Throttle { retry_after: 3 }).await;
    let throttled = client.get("/v2/").await;
    assert_eq!((throttled.status, throttled.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "3"));
}

#[tokio::test]
async fn calls_over_the_limit_are_throttled_by_class() {
    let emulator = Emulator::builder().build().unwrap();
    let client = Client::new(&emulator).await;
    emulator.set_faults(FaultPlan { throttle: Throttle::Limit(2), ..FaultPlan::default() });
    for _ in 0..2 {
        assert_eq!(client.delete("/acr/v1/none").await.status, StatusCode::NOT_FOUND);
    }
    let throttled = client.delete("/acr/v1/none").await;
    assert_eq!(
        (throttled.status, throttled.code()),
        (StatusCode::TOO_MANY_REQUESTS, "TOOMANYREQUESTS".to_owned())
    );
    assert!((1..=60).contains(&throttled.header("retry-after").parse::<u64>().unwrap()));
    assert_eq!(client.get("/acr/v1/none").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn latency_and_slow_bodies_take_their_time() {
    let (emulator, client) = faulty(Fault::Latency { milliseconds: 120 }).await;
    let started = Instant::now();
    client.get("/v2/").await;
    assert!(started.elapsed() >= Duration::from_millis(120));
    emulator.set_faults(plan([FaultRule::always(Fault::SlowBody { bytes_per_second: 100 })]));
    let started = Instant::now();
    assert_eq!(client.get("/acr/v1/_catalog").await.text(), "{\"repositories\":[]}\n");
    assert!(started.elapsed() >= Duration::from_millis(200));
}

#[tokio::test]
async fn a_connection_breaks_at_the_byte_asked_for() {
    let running = Emulator::start().await.unwrap();
    let mut client = Client::over_socket(&running);
    client.token = Some(client.anonymous_token(EVERYTHING).await);
    let blob = push_blob(&client, "app", vec![7; 100_000]).await;
    let http = HyperClient::builder(TokioExecutor::new()).build_http::<Body>();
    let ask = || {
        let request = Request::get(format!("{}/v2/app/blobs/{blob}", running.url()));
        let authorization = format!("Bearer {}", client.token.clone().unwrap());
        http.request(request.header("authorization", authorization).body(Body::empty()).unwrap())
    };
    running.emulator().set_faults(plan([FaultRule::always(Fault::Drop { after: 50_000 })]));
    let mut body = ask().await.unwrap().into_body();
    let mut received = 0;
    let failure = loop {
        match body.frame().await {
            Some(Ok(frame)) => received += frame.into_data().map_or(0, |data| data.len()),
            Some(Err(error)) => break Some(error),
            None => break None,
        }
    };
    assert!(failure.is_some() && received <= 50_000, "{received}");
    running.emulator().set_faults(plan([FaultRule::always(Fault::Drop { after: 0 })]));
    assert!(ask().await.is_err());
}

#[tokio::test]
async fn the_admin_endpoint_shows_and_changes_the_faults() {
    let listen = ListenOptions { admin_port: Some(0), ..ListenOptions::default() };
    let running = Emulator::builder().listen(listen).start().await.unwrap();
    let admin = |method: Method, body: &'static str| {
        let request =
            Request::builder().method(method).uri(format!("{}/faults", running.admin_url().unwrap()));
        crate::redirects::ask(request.body(Body::from(body)).unwrap())
    };
    let put =
        admin(Method::PUT, r#"{"rules":[{"fault":"status","status":500,"path":"/v2/","times":2}]}"#).await;
    assert_eq!(put.json()["rules"][0]["fault"], "status");
    let client = Client::over_socket(&running);
    assert_eq!(client.get("/v2/").await.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(admin(Method::GET, "").await.json()["rules"][0]["times"], 1);
    assert_eq!(
        admin(Method::POST, r#"{"fault":"latency","milliseconds":1}"#).await.json()["rules"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    let nonsense = admin(Method::POST, r#"{"fault":"status","status":999}"#).await;
    assert_eq!((nonsense.status, nonsense.text().contains("status")), (StatusCode::BAD_REQUEST, true));
    let large: &'static str = " ".repeat(1024 * 1024 + 1).leak();
    assert_eq!(admin(Method::POST, large).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(admin(Method::PUT, "{").await.status, StatusCode::BAD_REQUEST);
    admin(Method::DELETE, "").await;
    assert_eq!(client.get("/v2/").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn the_admin_endpoint_gets_the_port_it_asks_for_though_storage_would_take_it() {
    let bind = |port| std::net::TcpListener::bind(("127.0.0.1", port));
    let pair = std::iter::repeat_with(|| bind(0).unwrap()).find_map(|first| {
        let port = first.local_addr().unwrap().port();
        bind(port.checked_add(1)?).ok().map(|_second| port)
    });
    let free = pair.unwrap();
    let listen = ListenOptions { port: free, admin_port: Some(free + 1), ..ListenOptions::default() };
    let running = Emulator::builder().blob_redirect(true).listen(listen).start().await.unwrap();
    assert!(running.admin_url().unwrap().ends_with(&format!(":{}", free + 1)));
    assert_ne!(running.storage_address().unwrap().port(), free + 1);
}

/// Every fault, with the name that its notation and the README give it.
fn every_fault() -> Vec<(Fault, &'static str)> {
    let faults = [
        Fault::Latency { milliseconds: 1 },
        Fault::Status { status: 503 },
        Fault::Throttle { retry_after: 1 },
        Fault::Firewall,
        Fault::ExpiredToken,
        Fault::Drop { after: 1 },
        Fault::TruncateJson { after: 1 },
        Fault::SlowBody { bytes_per_second: 1 },
        Fault::Entra { refusal: EntraRefusal::MultiFactor },
    ];
    // Without a default arm, so that a new fault is added here as well.
    let name = |fault: &Fault| match fault {
        Fault::Latency { .. } => "latency",
        Fault::Status { .. } => "status",
        Fault::Throttle { .. } => "throttle",
        Fault::Firewall => "firewall",
        Fault::ExpiredToken => "expired-token",
        Fault::Drop { .. } => "drop",
        Fault::TruncateJson { .. } => "truncate-json",
        Fault::SlowBody { .. } => "slow-body",
        Fault::Entra { .. } => "entra",
    };
    faults.into_iter().map(|fault| (fault.clone(), name(&fault))).collect()
}

#[test]
fn every_fault_has_a_notation_and_a_row_in_the_readme() {
    let readme = include_str!("../../README.md");
    for (fault, name) in every_fault() {
        let rule = FaultRule::always(fault);
        let json = serde_json::to_string(&rule).unwrap();
        assert!(json.contains(&format!("\"fault\":\"{name}\"")), "{json}");
        assert_eq!(serde_json::from_str::<FaultRule>(&json).unwrap(), rule);
        assert!(readme.contains(&format!("| `{name}` |")), "README.md has no row for {name}");
    }
}

//! Every recorded exchange again: the same request against a registry made to match gets the recorded status and
//! headers (ids and dates aside), the recorded body where it is an error, and the recorded JSON shape where it is not.
//! `ACR_RECORDINGS` names a folder of recordings; without it the fixtures of this crate, of the same form, are used.

mod shape;
mod world;

use std::collections::BTreeMap;
use std::path::PathBuf;

use http::Method;
use serde::Deserialize;
use serde_json::Value;

use crate::client::Answer;
use shape::{normal, same_order, shape};
use world::World;

/// A recorded exchange.
#[derive(Clone, Debug, Deserialize)]
pub struct Exchange {
    #[serde(default)]
    file: String,
    #[serde(rename = "bodyBytesExact")]
    body_bytes_exact: bool,
    request: Request,
    response: Response,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Request {
    method: String,
    url: String,
    #[serde(default)]
    headers: Option<BTreeMap<String, OneOrMany>>,
    #[serde(default)]
    body: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Response {
    status: u16,
    headers: BTreeMap<String, OneOrMany>,
    #[serde(default)]
    body: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl OneOrMany {
    fn values(&self) -> Vec<String> {
        match self {
            Self::One(value) => vec![value.clone()],
            Self::Many(values) => values.clone(),
        }
    }
}

impl Exchange {
    /// The recording's number, the first two characters of its name.
    fn number(&self) -> u32 {
        self.file[..2].parse().unwrap()
    }

    /// The registry's name and the path behind it.
    fn split_url(&self) -> (&str, &str) {
        let rest = self.request.url.strip_prefix("https://").unwrap();
        rest.split_at(rest.find('/').unwrap())
    }
}

/// Headers that differ from one answer to the next.
const VARYING: [&str; 6] =
    ["x-ms-correlation-request-id", "x-ms-request-id", "docker-upload-uuid", "date", "etag", "last-modified"];

fn exchanges() -> Vec<Exchange> {
    let fixtures = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/exchanges.json");
    let Some(folder) = std::env::var_os("ACR_RECORDINGS") else {
        return serde_json::from_slice(&std::fs::read(fixtures).unwrap()).unwrap();
    };
    // Tests run in the package's folder, whereas the variable is set for the workspace's.
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..").join(folder);
    let mut exchanges = Vec::new();
    for entry in std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "json") {
            let mut exchange: Exchange = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
            exchange.file = path.file_name().unwrap().to_str().unwrap().to_owned();
            exchanges.push(exchange);
        }
    }
    exchanges.sort_by(|a, b| a.file.cmp(&b.file));
    exchanges
}

#[tokio::test]
async fn every_recorded_exchange_is_answered_as_it_was() {
    let exchanges = exchanges();
    assert_eq!(exchanges.len(), 75);
    let mut differences = Vec::new();
    for exchange in &exchanges {
        differences.extend(replay(exchange).await);
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

async fn replay(exchange: &Exchange) -> Vec<String> {
    let world = World::for_exchange(exchange).await;
    let path = world.path(exchange);
    let method: Method = exchange.request.method.parse().unwrap();
    let body = world.body(exchange);
    let mut headers = world.headers(exchange);
    for (name, values) in exchange.request.headers.iter().flatten() {
        if !name.eq_ignore_ascii_case("authorization") {
            headers.extend(values.values().into_iter().map(|value| (name.clone(), value)));
        }
    }
    let headers: Vec<(&str, &str)> =
        headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let answer = world.client_for(exchange).send(method, &path, &headers, body).await;

    let mut differences = Vec::new();
    if answer.status.as_u16() != exchange.response.status {
        differences.push(format!(
            "status {} instead of {}: {}",
            answer.status,
            exchange.response.status,
            answer.text()
        ));
    }
    if answer.headers.contains_key("access-control-allow-origin") {
        differences.push("Access-Control-Allow-Origin is never sent".to_owned());
    }
    differences.extend(compare_headers(exchange, &answer));
    differences.extend(compare_body(exchange, &answer, &world));
    differences.iter().map(|difference| format!("{}: {difference}", exchange.file)).collect()
}

fn compare_headers(exchange: &Exchange, answer: &Answer) -> Vec<String> {
    let mut differences = Vec::new();
    for (name, values) in &exchange.response.headers {
        let lower = name.to_lowercase();
        let ours = answer.headers.get_all(&lower).iter().map(|value| normal(value.to_str().unwrap()));
        let ours: Vec<String> = ours.collect();
        let theirs: Vec<String> = values.values().iter().map(|value| normal(value)).collect();
        let same = match lower.as_str() {
            // A length where the recording has none, or the other way round, is a matter of its registry's size.
            "content-length" | "transfer-encoding" => {
                ["content-length", "transfer-encoding"].iter().any(|name| answer.headers.contains_key(*name))
            }
            varying if VARYING.contains(&varying) => !ours.is_empty(),
            // The recorder split the products of storage's `Server` into values.
            _ => ours.join(" ") == theirs.join(" "),
        };
        if !same {
            differences.push(format!("{name} is {ours:?} instead of {theirs:?}"));
        }
    }
    differences
}

fn compare_body(exchange: &Exchange, answer: &Answer, world: &World) -> Vec<String> {
    let Some(theirs) = exchange.response.body.as_ref().filter(|body| !body.is_empty()) else {
        return Vec::new();
    };
    let ours = answer.text();
    let mut differences = Vec::new();
    if exchange.response.status >= 400 && normal(&ours).trim_end() != normal(theirs).trim_end() {
        differences.push(format!("the body is {ours} instead of {theirs}"));
    } else if let Ok(recorded) = serde_json::from_str::<Value>(theirs) {
        let expected = shape(&world.expected(exchange, recorded));
        let found =
            serde_json::from_str::<Value>(&ours).map_or_else(|error| error.to_string(), |ours| shape(&ours));
        if found != expected {
            differences.push(format!("the shape is {found} instead of {expected}"));
        }
        if world.has_order(exchange) && !same_order(&ours, theirs) {
            differences.push(format!("the fields of {ours} come in another order than those of {theirs}"));
        }
    }
    if exchange.body_bytes_exact && theirs.ends_with('\n') != ours.ends_with('\n') {
        differences.push("the closing newline differs".to_owned());
    }
    differences
}

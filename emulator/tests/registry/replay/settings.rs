//! The settings of the emulator that an exchange shows: the age of the service, its tier, who may call it.

use acr_emulator::{Behaviour, EmulatorBuilder, Fault, FaultPlan, FaultRule, MountMode, Sku};

use super::exchange::{Exchange, Resource};
use super::manifest::is_conversion;

/// How many calls came before, in the same second or minute, by the rate header.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CallsBefore {
    pub deletes: u64,
    pub token_calls: u64,
}

/// Applies what the exchange shows.
pub fn apply(builder: EmulatorBuilder, exchange: &Exchange) -> EmulatorBuilder {
    let builder = builder
        .login_server(exchange.login_server())
        .behaviour(behaviour(exchange))
        .sku(sku(exchange))
        .mount(mount(exchange))
        .blob_redirect(true);
    let builder = match fault(exchange) {
        Some(fault) => {
            builder.faults(FaultPlan { rules: vec![FaultRule::always(fault)], ..FaultPlan::default() })
        }
        None => builder,
    };
    who_may_call(builder, exchange)
}

fn behaviour(exchange: &Exchange) -> Behaviour {
    let mut behaviour = Behaviour::default();
    if exchange.response.header("server").is_some_and(|server| server == "openresty") {
        behaviour.server = Behaviour::of_year(2023).server;
    }
    behaviour.closing_newline = has_closing_newline(exchange);
    behaviour.config_media_type = !lacks_config_media_type(exchange);
    behaviour.wildcard_covers_artifacts = !exchange.response.message().contains("OCI artifact found");
    behaviour.schema_1_conversion = is_conversion(exchange);
    behaviour.push_before_pull = names_push_or_source_first(exchange);
    let oldest = Behaviour::of_year(2021).rejected_audience;
    if exchange.response.message() == oldest {
        behaviour.rejected_audience = oldest;
    }
    behaviour
}

fn is_json(exchange: &Exchange) -> bool {
    exchange.response.header("content-type").is_some_and(|value| value.starts_with("application/json"))
}

fn has_closing_newline(exchange: &Exchange) -> bool {
    let text = exchange.response.text();
    let is_document = is_json(exchange) && exchange.body_bytes_exact && exchange.split_url().1 != "/v2/";
    let token_service = matches!(exchange.resource(), Resource::Exchange | Resource::Token);
    let longer = exchange.response.content_length().is_some_and(|length| length > text.len());
    !is_document || token_service || text.is_empty() || text.ends_with('\n') || longer
}

fn lacks_config_media_type(exchange: &Exchange) -> bool {
    let body = exchange.response.json();
    let rows = body["manifests"].as_array().cloned().unwrap_or_else(|| vec![body["manifest"].clone()]);
    rows.iter().any(|row| row["architecture"].is_string() && row["configMediaType"].is_null())
}

fn names_push_or_source_first(exchange: &Exchange) -> bool {
    let challenge = exchange.challenge().unwrap_or_default();
    match exchange.resource() {
        Resource::Uploads(name) => !challenge.contains(&format!("scope=\"repository:{name}:")),
        _ => challenge.contains(":push,pull"),
    }
}

fn rate(exchange: &Exchange) -> Option<f64> {
    exchange.response.header("x-ms-ratelimit-remaining-calls-per-second")?.parse().ok()
}

fn is_token_service(exchange: &Exchange) -> bool {
    matches!(exchange.resource(), Resource::Exchange | Resource::Token)
}

fn sku(exchange: &Exchange) -> Sku {
    let most = if is_token_service(exchange) { 10_000.0 / 60.0 } else { 8.0 };
    if rate(exchange).is_some_and(|rate| rate > most) { Sku::Premium } else { Sku::Standard }
}

/// The calls that the rate header has counted before this one.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small positive numbers")]
pub fn calls_before(exchange: &Exchange) -> CallsBefore {
    let Some(rate) = rate(exchange) else { return CallsBefore::default() };
    let premium = sku(exchange) == Sku::Premium;
    if is_token_service(exchange) {
        let budget = if premium { 20_000.0 } else { 10_000.0 };
        let spent = (budget - rate * 60.0).round() as u64;
        return CallsBefore { token_calls: spent.saturating_sub(1), deletes: 0 };
    }
    let budget = if premium { 32.0 } else { 8.0 };
    CallsBefore { deletes: (budget - rate).round() as u64, token_calls: 0 }
}

fn mount(exchange: &Exchange) -> MountMode {
    let is_mount = exchange.query("mount").is_some();
    if is_mount && exchange.response.status == 202 { MountMode::Fallback } else { MountMode::Real }
}

fn fault(exchange: &Exchange) -> Option<Fault> {
    match exchange.response.status {
        403 if exchange.response.code() == "DENIED" => Some(Fault::Firewall),
        429 => {
            let retry_after = exchange.response.header("retry-after").and_then(|text| text.parse().ok());
            Some(Fault::Throttle { retry_after: retry_after.unwrap_or(1) })
        }
        status @ 500.. => Some(Fault::Status { status }),
        _ => None,
    }
}

fn who_may_call(builder: EmulatorBuilder, exchange: &Exchange) -> EmulatorBuilder {
    let field = |name: &str| exchange.form_field(name).unwrap_or_default();
    let by_password = field("grant_type") == "password";
    let anonymous =
        by_password && field("username").is_empty() || exchange.world.as_deref() == Some("anonymous");
    let refused = exchange.response.status == 401;
    match exchange.resource() {
        Resource::Exchange | Resource::Token if anonymous && !refused => builder.anonymous_pull(true),
        Resource::Token if by_password && !refused => builder.admin(field("username"), field("password")),
        Resource::Token if refused => builder.admin("another", "another"),
        _ => builder,
    }
}

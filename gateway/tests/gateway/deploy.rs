//! What lies in deploy/ agrees with the gateway: example, schema, and the policies that nginx and Caddy repeat.

use std::path::{Path, PathBuf};

use acr_gateway::settings::{SettingsFile, example, resolve, schema};

use crate::binary::run;
use crate::support::{config, gateway, get};

fn deploy(file: &str) -> (PathBuf, String) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy").join(file);
    let text = std::fs::read_to_string(&path).unwrap();
    (path, text)
}

/// The keys of the schema, tables and all: `limits.form_bytes`.
fn keys(schema: &serde_json::Value, root: &serde_json::Value, above: &str, found: &mut Vec<String>) {
    for (name, property) in schema["properties"].as_object().unwrap() {
        let reference =
            property.get("$ref").or_else(|| property["items"].get("$ref")).and_then(|r| r.as_str());
        match reference
            .and_then(|r| root.pointer(&r[1..]))
            .filter(|target| target.get("properties").is_some())
        {
            Some(table) => keys(table, root, name, found),
            None => found.push(format!("{above}{}{name}", if above.is_empty() { "" } else { "." })),
        }
    }
}

#[test]
fn the_example_works_as_it_is_and_with_every_key_in_it() {
    let (path, text) = deploy("gateway.example.toml");
    resolve(SettingsFile::parse(&path, text.clone()).unwrap().settings).unwrap();
    let switched_on: Vec<&str> = text
        .lines()
        .map(|line| {
            line.strip_prefix("# ")
                .filter(|rest| {
                    rest.starts_with('[') || rest.split_once(" = ").is_some_and(|(key, _)| !key.contains(' '))
                })
                .unwrap_or(line)
        })
        // A secret comes from one place, and identity "password" has neither client nor tenant.
        .filter(|line| !["secret_variable", "client_id", "tenant_id"].iter().any(|key| line.starts_with(key)))
        .collect();
    resolve(SettingsFile::parse(&path, switched_on.join("\n")).unwrap().settings).unwrap();
}

#[test]
fn the_example_names_every_key_there_is() {
    let (_, text) = deploy("gateway.example.toml");
    let root: serde_json::Value = serde_json::from_str(&schema()).unwrap();
    let mut every = Vec::new();
    keys(&root, &root, "", &mut every);
    assert!(every.len() > 40, "{every:?}");
    for key in every {
        let name = key.rsplit('.').next().unwrap();
        assert!(
            text.lines().any(|line| line.trim_start_matches("# ").starts_with(&format!("{name} = "))),
            "{key}"
        );
    }
}

#[test]
fn every_key_of_the_file_is_a_flag_and_a_variable_too() {
    let root: serde_json::Value = serde_json::from_str(&schema()).unwrap();
    let mut every = Vec::new();
    keys(&root, &root, "", &mut every);
    let (_, help, _) = run(&["serve", "--help"], &[]);
    // `--registry NAME=URL` says both.
    for key in every.iter().filter(|key| !matches!(key.as_str(), "registries.name" | "registries.url")) {
        let flag = key.replace("registries.", "registry.").replace(['.', '_'], "-");
        assert!(help.contains(&format!("--{flag} ")), "{key} has no --{flag}");
        let variable = format!("ACR_GATEWAY_{}", flag.to_uppercase().replace('-', "_"));
        assert!(help.contains(&format!("[env: {variable}=")), "{key} has no {variable}");
    }
}

#[test]
fn the_example_that_is_kept_is_the_one_the_gateway_prints() {
    let (_, kept) = deploy("gateway.example.toml");
    assert!(kept == example(), "write it anew: acr-gateway example > deploy/gateway.example.toml");
}

#[test]
fn the_schema_that_is_kept_is_the_one_the_gateway_prints() {
    let (_, kept) = deploy("gateway.schema.json");
    assert!(kept.trim() == schema().trim(), "write it anew: acr-gateway schema > deploy/gateway.schema.json");
}

/// A block of nginx's configuration for each location, with its first line.
fn locations(conf: &str) -> Vec<&str> {
    conf.split("\n    location ").skip(1).map(|rest| rest.split("\n    }").next().unwrap()).collect()
}

#[tokio::test]
async fn nginx_sends_every_policy_from_every_location() {
    let mut framed = config("http://127.0.0.1:1");
    framed.frame_ancestors = vec!["https://portal.contoso.com".parse().unwrap()];
    let server = gateway(framed).await;
    let (page, embed) = (get(&server, "/").await, get(&server, "/embed").await);
    let (_, conf) = deploy("nginx/acr-dashboard.conf");
    let answering: Vec<&str> =
        locations(&conf).into_iter().filter(|block| block.contains("add_header")).collect();
    assert_eq!(answering.len(), 6);
    for block in answering {
        for name in [
            "X-Content-Type-Options",
            "Referrer-Policy",
            "Cross-Origin-Opener-Policy",
            "Cross-Origin-Embedder-Policy",
            "Cross-Origin-Resource-Policy",
            "X-Frame-Options",
            "Permissions-Policy",
        ] {
            // nginx inherits none of a server's once a location has one of its own.
            let value = if block.contains("/embed") { embed.header(name) } else { page.header(name) };
            if value.is_empty() {
                assert!(!block.contains(name), "{name} in {block}");
                continue;
            }
            let plain = format!("add_header {name} {value} always;");
            let quoted = format!("add_header {name} \"{value}\" always;");
            assert!(block.contains(&plain) || block.contains(&quoted), "{name} in {block}");
        }
    }
}

#[test]
fn nginx_hides_what_the_gateway_does_not_return() {
    let (_, conf) = deploy("nginx/acr-dashboard.conf");
    assert!(
        locations(&conf).iter().all(|block| !block.contains("proxy_hide_header")),
        "one in a location would undo the server's"
    );
    for name in [
        "Set-Cookie",
        "Strict-Transport-Security",
        "Access-Control-Allow-Origin",
        "Access-Control-Allow-Credentials",
        "Access-Control-Allow-Methods",
        "Access-Control-Allow-Headers",
        "Access-Control-Expose-Headers",
        "Access-Control-Max-Age",
        "Content-Security-Policy",
    ] {
        assert!(conf.contains(&format!("\n    proxy_hide_header {name};")), "{name}");
    }
}

#[tokio::test]
async fn nginx_and_caddy_send_the_gateways_own_policies() {
    let server = gateway(config("http://127.0.0.1:1")).await;
    let page = get(&server, "/").await;
    let data = get(&server, "/registries/demo/v2/").await;
    for file in ["nginx/acr-dashboard.conf", "caddy/Caddyfile"] {
        let (_, text) = deploy(file);
        for answer in [&page, &data] {
            assert!(text.contains(answer.header("content-security-policy")), "{file}");
        }
        assert!(text.contains("max-age=31536000, immutable") && text.contains("no-store"), "{file}");
    }
}

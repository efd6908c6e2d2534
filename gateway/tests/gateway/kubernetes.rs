//! The plain YAML of deploy/, and what Helm renders of its chart, against the own types of Kubernetes and of the Gateway API; and the
//! chart's values against their schema. That it is what Helm renders is a test of the peers.
//!
//! A field that the API does not have, or of another type, does not survive a round trip through the types.

use std::path::Path;

use gateway_api::httproutes::HttpRoute;
use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::autoscaling::v2::HorizontalPodAutoscaler;
use k8s_openapi::api::core::v1::{ConfigMap, Service, ServiceAccount};
use k8s_openapi::api::networking::v1::{Ingress, NetworkPolicy};
use k8s_openapi::api::policy::v1::PodDisruptionBudget;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

fn deploy(file: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy").join(file)).unwrap()
}

fn documents(file: &str) -> Vec<Value> {
    let text = deploy(file);
    serde_yaml_ng::Deserializer::from_str(&text)
        .map(|document| Value::deserialize(document).unwrap())
        .collect()
}

/// Whether everything in one value is also in the other.
fn is_within(part: &Value, whole: &Value) -> bool {
    match (part, whole) {
        (Value::Object(part), Value::Object(whole)) => {
            part.iter().all(|(key, value)| whole.get(key).is_some_and(|other| is_within(value, other)))
        }
        (Value::Array(part), Value::Array(whole)) => {
            part.len() == whole.len() && part.iter().zip(whole).all(|(value, other)| is_within(value, other))
        }
        _ => part == whole,
    }
}

fn survives<T: DeserializeOwned + serde::Serialize>(document: &Value) {
    let typed: T =
        serde_json::from_value(document.clone()).unwrap_or_else(|error| panic!("{error}: {document}"));
    let back = serde_json::to_value(typed).unwrap();
    assert!(is_within(document, &back), "{document}\nis more than\n{back}");
}

/// The kinds of these documents, each checked.
fn checked(files: &[&str]) -> Vec<String> {
    let mut kinds = Vec::new();
    for document in files.iter().flat_map(|file| documents(file)) {
        let kind = document["kind"].as_str().unwrap().to_owned();
        match kind.as_str() {
            "ServiceAccount" => survives::<ServiceAccount>(&document),
            "ConfigMap" => survives::<ConfigMap>(&document),
            "Deployment" => survives::<Deployment>(&document),
            "Service" => survives::<Service>(&document),
            "NetworkPolicy" => survives::<NetworkPolicy>(&document),
            "PodDisruptionBudget" => survives::<PodDisruptionBudget>(&document),
            "HorizontalPodAutoscaler" => survives::<HorizontalPodAutoscaler>(&document),
            "Ingress" => survives::<Ingress>(&document),
            "HTTPRoute" => survives::<HttpRoute>(&document),
            // The Prometheus Operator's; there are no types of it here.
            "ServiceMonitor" => assert_eq!(document["apiVersion"], "monitoring.coreos.com/v1"),
            other => panic!("{other} is not checked"),
        }
        kinds.push(kind);
    }
    kinds.sort();
    kinds
}

#[test]
fn every_plain_manifest_is_one_that_the_api_has() {
    let files = ["kubernetes/acr-gateway.yaml", "kubernetes/ingress.yaml", "kubernetes/httproute.yaml"];
    assert_eq!(checked(&files).len(), 9);
}

#[test]
fn what_the_chart_renders_is_what_the_api_has() {
    let usual =
        ["ConfigMap", "Deployment", "NetworkPolicy", "PodDisruptionBudget", "Service", "ServiceAccount"];
    let sorted = |more: &[&'static str]| {
        let mut kinds = [&usual, more].concat();
        kinds.sort_unstable();
        kinds
    };
    let rendered = "../tests/peers/helm/rendered";
    assert_eq!(checked(&[&format!("{rendered}/default.yaml")]), sorted(&["HorizontalPodAutoscaler"]));
    let everything = sorted(&["HTTPRoute", "Ingress", "ServiceMonitor"]);
    assert_eq!(checked(&[&format!("{rendered}/everything.yaml")]), everything);
}

#[test]
fn a_field_that_the_api_does_not_have_is_found() {
    let mut document =
        documents("kubernetes/acr-gateway.yaml").into_iter().find(|d| d["kind"] == "Service").unwrap();
    document["spec"]["prots"] = 1.into();
    let typed: Service = serde_json::from_value(document.clone()).unwrap();
    assert!(!is_within(&document, &serde_json::to_value(typed).unwrap()));
}

#[test]
fn the_pod_runs_with_no_privilege_and_its_probes_ask_what_the_gateway_answers() {
    let documents = documents("kubernetes/acr-gateway.yaml");
    let pod = &documents.iter().find(|d| d["kind"] == "Deployment").unwrap()["spec"]["template"]["spec"];
    let container = &pod["containers"][0];
    assert_eq!(pod["securityContext"]["runAsNonRoot"], true);
    assert_eq!(container["securityContext"]["readOnlyRootFilesystem"], true);
    assert_eq!(container["securityContext"]["allowPrivilegeEscalation"], false);
    assert_eq!(container["securityContext"]["capabilities"]["drop"], serde_json::json!(["ALL"]));
    assert_eq!(pod["automountServiceAccountToken"], false);
    assert_eq!(pod["enableServiceLinks"], false, "a Service acr-gateway would set ACR_GATEWAY_PORT");
    assert_eq!(container["livenessProbe"]["httpGet"]["path"], "/healthz");
    assert_eq!(container["readinessProbe"]["httpGet"]["path"], "/readyz");
}

#[test]
fn the_configuration_in_the_manifests_is_one_the_gateway_takes() {
    use acr_gateway::settings::{SettingsFile, resolve};
    let documents = documents("kubernetes/acr-gateway.yaml");
    let plain = documents.iter().find(|d| d["kind"] == "ConfigMap").unwrap()["data"]["gateway.toml"].clone();
    let values: Value = serde_yaml_ng::from_str(&deploy("helm/acr-gateway/values.yaml")).unwrap();
    for text in [plain, values["config"].clone()] {
        let file = SettingsFile::parse(Path::new("gateway.toml"), text.as_str().unwrap().to_owned()).unwrap();
        resolve(file.settings).unwrap();
    }
}

#[test]
fn only_a_managed_identity_may_reach_the_metadata_service() {
    let chart = deploy("helm/acr-gateway/templates/networkpolicy.yaml");
    let (before, after) = chart.split_once("cidr: 169.254.169.254/32").unwrap();
    let condition = before.rsplit("{{-").next().unwrap().lines().next().unwrap();
    assert!(condition.contains("managed") && condition.contains(".Values.config"), "{condition}");
    assert!(after.trim_start().starts_with("{{- end }}"), "{after}");
    let rule = "# - ports:\n    #     - {port: 80, protocol: TCP}\n    #   to:\n    #     - ipBlock: {cidr: 169.254.169.254/32}\n";
    let plain = deploy("kubernetes/acr-gateway.yaml");
    assert!(plain.contains(rule));
    let switched_on = plain.replace(rule, &rule.replace("# ", "").replace("    #", "    "));
    let policy = serde_yaml_ng::Deserializer::from_str(&switched_on)
        .map(|document| Value::deserialize(document).unwrap())
        .find(|document| document["kind"] == "NetworkPolicy")
        .unwrap();
    survives::<NetworkPolicy>(&policy);
    assert_eq!(policy["spec"]["egress"][2]["to"][0]["ipBlock"]["cidr"], "169.254.169.254/32");
}

#[test]
fn the_charts_values_and_their_schema_name_the_same_keys() {
    let values: Value = serde_yaml_ng::from_str(&deploy("helm/acr-gateway/values.yaml")).unwrap();
    let schema: Value = serde_json::from_str(&deploy("helm/acr-gateway/values.schema.json")).unwrap();
    let keys = |value: &Value| -> Vec<String> { value.as_object().unwrap().keys().cloned().collect() };
    let mut known = keys(&schema["properties"]);
    // Helm's own.
    known.retain(|key| key != "global");
    assert_eq!(keys(&values), known);
    for (name, property) in schema["properties"].as_object().unwrap() {
        if let Some(fields) = property.get("properties") {
            assert_eq!(keys(&values[name]), keys(fields), "{name}");
        }
    }
}

#[test]
fn the_chart_uses_every_value_and_no_other() {
    let values: Value = serde_yaml_ng::from_str(&deploy("helm/acr-gateway/values.yaml")).unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy/helm/acr-gateway/templates");
    let templates: String = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap())
        .collect();
    for path in templates.split(".Values.").skip(1) {
        let path =
            path.split(|c: char| !(c.is_alphanumeric() || c == '.')).next().unwrap().trim_end_matches('.');
        let pointer = format!("/{}", path.replace('.', "/"));
        assert!(values.pointer(&pointer).is_some(), "{path} is no value");
    }
    for name in values.as_object().unwrap().keys() {
        assert!(templates.contains(&format!(".Values.{name}")), "{name} is not used");
    }
}

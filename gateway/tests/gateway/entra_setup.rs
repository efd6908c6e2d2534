//! The script that `entra-setup` prints, run by a shell with an `az` that records its arguments and answers as the test says.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use crate::binary::{refused, run};

const URL: &str = "https://registry.example";
const APPLICATION: &str = "0f6b2c1e-8a35-4d79-9b60-3e5d7a1c2f48";

/// Answers of `az` by what its arguments contain; the first that fits counts. This is a tenant without the application.
const EMPTY: &[(&str, &str)] = &[
    ("rest --method GET", ""),
    ("ad app create", APPLICATION),
    ("ad app show --id * {spa:", r#"{"spa":{"redirectUris":["merged"]}}"#),
    ("ad app show --id * requiredResourceAccess", ""),
    ("ad sp list --filter appId", ""),
    ("ad sp list --filter servicePrincipalNames", "6a0ec4d3"),
    ("ad sp show", "scope-id"),
    ("account show", "tenant-id"),
];

/// What the script did: its exit code, what it printed, and each call of `az`, with `|` between the arguments.
struct Ran {
    code: i32,
    stdout: String,
    stderr: String,
    calls: Vec<String>,
}

impl Ran {
    fn called(&self, part: &str) -> bool {
        self.calls.iter().any(|call| call.contains(part))
    }
}

/// Runs the script of these arguments in a tenant that answers with `answers`, then as an empty one.
fn run_script(arguments: &[&str], answers: &[(&str, &str)]) -> Ran {
    let (code, script, stderr) = run(&[&["entra-setup"], arguments].concat(), &[]);
    assert_eq!(code, 0, "{stderr}");
    let folder = tempfile::tempdir().unwrap();
    let az = folder.path().join("az");
    let cases: String = answers
        .iter()
        .chain(EMPTY)
        .map(|(part, answer)| {
            let part = part.replace('*', "'*'");
            format!("  *'{part}'*) printf '%s\\n' '{answer}' ;;\n")
        })
        .collect();
    let log = "for word in \"$@\"; do printf '%s|' \"$word\"; done >> calls; echo >> calls";
    fs::write(&az, format!("#!/bin/sh\n{log}\ncase \"$*\" in\n{cases}esac\n")).unwrap();
    fs::set_permissions(&az, fs::Permissions::from_mode(0o755)).unwrap();
    fs::write(folder.path().join("script"), script).unwrap();
    let path = format!("{}:{}", folder.path().display(), std::env::var("PATH").unwrap());
    let output =
        Command::new("sh").arg("script").current_dir(folder.path()).env("PATH", path).output().unwrap();
    let mut files: Vec<_> =
        fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
    files.sort();
    assert_eq!(files, ["az", "calls", "script"], "the script has written a file");
    Ran {
        code: output.status.code().unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
        calls: fs::read_to_string(folder.path().join("calls")).unwrap().lines().map(str::to_owned).collect(),
    }
}

#[test]
fn an_application_is_registered_with_its_redirect_uris_and_permissions() {
    let ran = run_script(
        &["--registry", "contoso.azurecr.io", "--url", URL, "--url", "http://localhost:8080/acr"],
        &[],
    );
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    assert!(
        ran.stdout.ends_with(&format!("[entra]\nclient_id = \"{APPLICATION}\"\ntenant = \"tenant-id\"\n")),
        "{}",
        ran.stdout
    );
    for part in [
        "ad|app|create|--display-name|ACR Dashboard|",
        r#"`["https://registry.example/redirect.html","http://localhost:8080/acr/redirect.html"]`"#,
        r#"Content-Type=application/json|--body|{"spa":{"redirectUris":["merged"]}}|"#,
        "ad|sp|create|--id|0f6b2c1e",
        "ad|app|permission|add|--id|0f6b2c1e-8a35-4d79-9b60-3e5d7a1c2f48|--api|6a0ec4d3|--api-permissions|scope-id=Scope|",
        "ad|app|permission|admin-consent",
    ] {
        assert!(ran.called(part), "{part} in {:?}", ran.calls);
    }
    assert!(!ran.called("role|assignment"), "{:?}", ran.calls);
}

#[test]
fn a_second_run_keeps_what_the_first_one_made() {
    let answers = [
        ("rest --method GET", APPLICATION),
        ("ad app show --id * requiredResourceAccess", "scope-id"),
        ("ad sp list --filter appId", APPLICATION),
    ];
    let ran = run_script(&["--registry", "contoso.azurecr.io", "--url", URL], &answers);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    // What `az ad app show` has merged is written, and not the new address alone.
    assert!(
        ran.called("(spa.redirectUris || `[]`)[?@ != `\"https://registry.example/redirect.html\"`]"),
        "{:?}",
        ran.calls
    );
    assert!(ran.called(r#"--body|{"spa":{"redirectUris":["merged"]}}|"#), "{:?}", ran.calls);
    for part in ["app|create", "sp|create", "permission|add"] {
        assert!(!ran.called(part), "{part} in {:?}", ran.calls);
    }
}

#[test]
fn an_application_of_another_name_is_named_by_its_id() {
    let answers = [("ad app show --id * --query appId", APPLICATION)];
    let ran = run_script(&["--registry", "c.azurecr.io", "--url", URL, "--client-id", APPLICATION], &answers);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(!ran.called("app|create") && !ran.called("displayName"), "{:?}", ran.calls);
    refused(&["entra-setup", "--registry", "c.azurecr.io", "--url", URL, "--client-id", "app"], &[]);
}

#[test]
fn the_script_ends_at_a_lookup_without_an_answer() {
    for (answer, reported) in [
        (
            ("ad sp list --filter servicePrincipalNames", ""),
            "no service principal of https://containerregistry",
        ),
        (("ad sp show", ""), "no permission user_impersonation"),
        (("rest --method GET", "one\ntwo"), "several applications"),
        (("ad app show --id * {spa:", ""), "cannot be read"),
        (("account show", ""), "no tenant"),
    ] {
        let ran = run_script(&["--registry", "c.azurecr.io", "--url", URL], &[answer]);
        assert_eq!(ran.code, 1, "{reported}");
        assert!(ran.stderr.contains(reported) && !ran.stdout.contains("[entra]"), "{}", ran.stderr);
    }
}

#[test]
fn no_argument_becomes_a_command() {
    const HOSTILE: &[&str] =
        &["';touch pwned;'", "$(touch pwned)", "`touch pwned`", "\";touch pwned;\"", "x\\';touch pwned;'"];
    for text in HOSTILE {
        let ran = run_script(&["--registry", "c.azurecr.io", "--url", URL, "--name", text], &[]);
        assert_eq!(ran.code, 0, "{text}: {}", ran.stderr);
        assert!(ran.called(&format!("--display-name|{text}|")), "{text}: {:?}", ran.calls);
        assert!(
            ran.called(&format!("displayName eq '{}'|", text.replace('\'', "''"))),
            "{text}: {:?}",
            ran.calls
        );
        for registry in [format!("{text}.azurecr.io"), format!("x=https://{text}.azurecr.io")] {
            refused(&["entra-setup", "--url", URL, "--registry", &registry], &[]);
        }
        for url in [format!("{URL}/#{text}"), format!("{URL}/{text}"), format!("https://{text}@x.example")] {
            refused(&["entra-setup", "--registry", "c.azurecr.io", "--url", &url], &[]);
        }
    }
    for name in ["", "@/etc/passwd", "--help", "a\nb"] {
        let name = format!("--name={name}");
        refused(&["entra-setup", "--registry", "c.azurecr.io", "--url", URL, &name], &[]);
    }
}

#[test]
fn addresses_that_microsoft_or_a_browser_reads_in_another_way_are_refused() {
    for url in [
        "registry.example",
        "http://registry.example",
        "https://registry.example/?a",
        "https://registry.example/#",
        "https://user@registry.example",
        "https://u'p@x.example",
        "https://registry.example:70000",
        "https://registry.example/../x",
        "https://registry.example/a//b",
        "https://a/'b",
        "https://",
    ] {
        refused(&["entra-setup", "--registry", "c.azurecr.io", "--url", url], &[]);
    }
    for registries in [["a.azurecr.io,b.azurecr.us"].as_slice(), &["a.azurecr.io", "b.azurecr.us"]] {
        let registries: Vec<&str> = registries.iter().flat_map(|registry| ["--registry", registry]).collect();
        let message = refused(&[&["entra-setup", "--url", URL], registries.as_slice()].concat(), &[]);
        assert!(message.contains("several registries") || message.contains("another cloud"), "{message}");
    }
}

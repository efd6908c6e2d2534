//! The binary as a person runs it: one line when it cannot, one line when it serves, and logs that report what happened.

use acr_gateway::SOURCE_CLIENT;

use crate::binary::{Running, file, refused, run};
use crate::support::{Reply, Upstream, raw, status};

#[test]
fn what_cannot_be_is_one_line_with_a_remedy() {
    for (arguments, said) in [
        (&["serve"][..], "--registry"),
        (&["serve", "--bogus"], "--bogus"),
        (&["serve", "--registry", "ftp://x"], "https://"),
        (&["serve", "--registry", "metrics.azurecr.io"], "reserved"),
        (&["serve", "--registry", "embed=contoso.azurecr.io"], "\"embed\" is reserved"),
        (&["serve", "--registry", "a.azurecr.io", "--registry", "a.azurecr.us"], "NAME=URL"),
        (&["serve", "--registry", "a.azurecr.io", "--port", "99999"], "--port"),
        (&["serve", "--registry", "a.azurecr.io", "--listen", "nowhere"], "0.0.0.0"),
        (&["serve", "--registry", "a.azurecr.io", "--base-path", "/../"], "/acr/"),
        (&["serve", "--registry", "a.azurecr.io", "--frame-ancestors", "*"], "https://portal"),
        (&["serve", "--registry", "a.azurecr.io", "--registry-allow", "b=delete"], "--registry b=URL"),
        (
            &["serve", "--registry", "a.azurecr.io", "--registry-allow", "a=fly"],
            "untag, delete, lock or push",
        ),
        (&["serve", "--registry", "a.azurecr.io", "--registry-identity", "a=password"], "username"),
        (&["serve", "--registry", "a.azurecr.io", "--user-header", "x-user"], "trusted_proxies"),
        (&["serve", "--registry", "a.azurecr.io", "--config", "/nowhere.toml"], "/nowhere.toml"),
        (&["serve", "--registry", "a.azurecr.io", "--tls-key", "/k"], "tls.certificate"),
        (&["serve", "--registry", "a.azurecr.io", "--ca-file", "/nowhere.pem"], "/nowhere.pem"),
        (&["serve", "--registry", "a.azurecr.io", "--log-format", "xml"], "json or text"),
        (&["demo", "--base-path", "a b"], "/acr/"),
        (&["fly"], "fly"),
    ] {
        let line = refused(arguments, &[]);
        assert!(line.contains(said), "{arguments:?}: {line}");
    }
}

#[test]
fn a_file_that_cannot_be_is_one_line_with_its_name_line_and_key() {
    for (text, line, said) in [
        ("listen = ", 1, "gateway.example.toml"),
        ("\nlistne = \"x\"\n", 2, "listne"),
        ("port = \"80\"", 1, "port: "),
        ("[limits]\n\nheaders = \"x\"", 3, "limits.headers: "),
        ("[[registries]]\nurl = \"a\"\n[[registries]]\nurl = 5", 4, "registries[1].url: "),
        ("listen = \"x\"\ntls = 5", 2, "tls: "),
        ("[[registries]]\nurl = \"a.azurecr.io\"\nallow = [\"fly\"]\n", 3, "fly"),
        (
            "[[registries]]\nurl = \"a.azurecr.io\"\n\n[[registries]]\nurl = \"ftp://x\"\n",
            5,
            "registries[1].url",
        ),
        ("[[registries]]\nurl = \"a.azurecr.io\"\n[limits]\nform_bytes = -1\n", 4, "-1"),
        ("[[registries]]\nurl = \"a.azurecr.io\"\n[limits]\nheaders = 0\n", 4, "limits.headers"),
        ("[[registries]]\nurl = \"a.azurecr.io\"\n[timeouts]\nconnect = 0\n", 4, "timeouts.connect"),
        ("[[registries]]\nurl = \"a.azurecr.io\"\nidentity = \"magic\"\n", 3, "registries[0].identity"),
        (
            "[branding]\ntheme = \"neon\"\n[[registries]]\nurl = \"a.azurecr.io\"\n",
            2,
            "light, dark or system",
        ),
    ] {
        let file = file(text);
        let path = file.path().to_str().unwrap();
        let message = refused(&["check", "--offline", "--config", path], &[]);
        assert!(message.contains(&format!("{path}:{line}: ")) && message.contains(said), "{text}: {message}");
    }
}

#[test]
fn a_file_that_is_no_text_is_one_line_with_its_name_line_and_remedy() {
    let file = tempfile::NamedTempFile::with_suffix(".toml").unwrap();
    std::fs::write(file.path(), b"port = 80\nlisten = \"\xff\"\n").unwrap();
    let path = file.path().to_str().unwrap();
    let message = refused(&["check", "--offline", "--config", path], &[]);
    assert!(message.contains(&format!("{path}:2: ")) && message.contains("save it as UTF-8"), "{message}");
}

#[test]
fn a_certificate_that_cannot_be_used_is_named_by_its_key() {
    let file = file(
        "[tls]\nkey = \"/nowhere.key\"\ncertificate = \"/nowhere.pem\"\n[[registries]]\nurl = \"a.azurecr.io\"\n",
    );
    let path = file.path().to_str().unwrap();
    for command in [&["check", "--offline"][..], &["serve", "--port", "0"]] {
        let message = refused(&[command, &["--config", path]].concat(), &[]);
        assert!(message.contains("tls.certificate: cannot use /nowhere.pem"), "{message}");
    }
}

#[tokio::test]
async fn a_shells_limit_on_open_files_is_raised_and_the_connections_fit() {
    // As a shell with a low limit starts it.
    let gateway = Running::start_limited("ulimit -Sn 32", &["demo", "--port", "0"]);
    let mut held = Vec::new();
    for _ in 0..200 {
        held.push(tokio::net::TcpStream::connect(gateway.address()).await.unwrap());
    }
    assert_eq!(status(&gateway.get("/config.json", "").await), 200);
    drop(held);
    let (_, log) = gateway.stop();
    assert!(!log.contains("could not be accepted"), "{log}");
}

#[tokio::test]
async fn a_hard_limit_on_open_files_is_said() {
    let gateway =
        Running::start_limited("ulimit -n 256", &["serve", "--registry", "a.azurecr.io", "--port", "0"]);
    let (_, log) = gateway.stop();
    assert!(log.contains("the process may open 256 files") && log.contains("LimitNOFILE"), "{log}");
}

#[test]
fn a_port_in_use_is_one_line() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    assert!(
        refused(&["serve", "--registry", "a.azurecr.io", "--port", &port], &[])
            .contains("choose another with --port")
    );
}

#[tokio::test]
async fn flags_win_over_variables_and_variables_over_the_file() {
    let file = file(
        "base_path = \"/file/\"\n[branding]\ntitle = \"File\"\ntheme = \"dark\"\naccent = \"#000000\"\n[[registries]]\nurl = \"a.azurecr.io\"\n",
    );
    let arguments =
        ["serve", "--config", file.path().to_str().unwrap(), "--port", "0", "--branding-title", "Flag"];
    let variables = [("ACR_GATEWAY_BRANDING_TITLE", "Variable"), ("ACR_GATEWAY_BRANDING_THEME", "light")];
    let gateway = Running::start(&arguments, &variables);
    assert!(gateway.url.ends_with("/file"), "{}", gateway.url);
    let answer = gateway.get("/file/config.json", "").await;
    assert!(answer.contains(r##""title":"Flag","theme":"light","accent":"#000000""##), "{answer}");
}

#[tokio::test]
async fn registries_can_be_configured_by_flags_alone() {
    let arguments = [
        "serve",
        "--port",
        "0",
        "--registry",
        "one=https://contoso.azurecr.io",
        "--registry",
        "http://127.0.0.1:1",
        "--registry-display-name",
        "one=Contoso, production",
        "--registry-sign-in",
        "one=entra,password",
        "--registry-pinned-repositories",
        "one=team/app,base",
        "--registry-allow",
        "127=untag",
    ];
    let answer = Running::start(&arguments, &[]).get("/config.json", "").await;
    let json: serde_json::Value = serde_json::from_str(answer.split("\r\n\r\n").nth(1).unwrap()).unwrap();
    assert_eq!(
        json["registries"],
        serde_json::json!([
            {"name": "one", "loginServer": "contoso.azurecr.io", "endpoint": "/registries/one", "displayName": "Contoso, production",
             "signIn": ["entra", "password"], "pinnedRepositories": ["team/app", "base"]},
            {"name": "127", "loginServer": "127.0.0.1:1", "endpoint": "/registries/127",
             "signIn": ["password", "refreshToken", "anonymous", "entra"], "allowedActions": ["untag"]},
        ])
    );
}

#[tokio::test]
async fn the_demonstration_serves_an_open_registry_and_stops_at_a_signal() {
    let gateway = Running::start(&["demo", "--port", "0"], &[]);
    let page = gateway.get("/config.json", "").await;
    assert!(
        page.contains(r#""name":"demo","loginServer":"demo.azurecr.io","endpoint":"/registries/demo""#),
        "{page}"
    );
    assert!(page.contains(r#""signIn":["anonymous"]"#), "{page}");
    assert_eq!(status(&gateway.get("/registries/demo/v2/", "").await), 401);
    let (code, log) = gateway.stop();
    assert_eq!(code, 0, "{log}");
}

#[tokio::test]
async fn logs_are_json_lines_with_the_registrys_ids_and_no_secret() {
    let upstream = Upstream::start(|_| Reply::ok("x-ms-correlation-request-id: theirs\r\n", "{}")).await;
    let url = format!("demo={}", upstream.url());
    let arguments =
        ["serve", "--port", "0", "--registry", &url, "--log-format", "json", "--log-level", "trace"];
    let gateway = Running::start(&arguments, &[]);
    let fields =
        "x-ms-client-request-id: mine\r\nauthorization: Bearer top-secret\r\ncookie: crumb-secret\r\n";
    assert_eq!(status(&gateway.get("/registries/demo/acr/v1/a/_tags?token=query-secret", fields).await), 200);
    let request = format!(
        "DELETE /registries/demo/acr/v1/team%2Fapp/_tags/1.0 HTTP/1.1\r\nhost: {}\r\n{fields}connection: close\r\n\r\n",
        gateway.address()
    );
    assert_eq!(status(&raw(gateway.address(), request.as_bytes()).await), 200);
    let (_, log) = gateway.stop();
    assert!(!log.contains("secret"), "{log}");
    let lines: Vec<serde_json::Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let of = |target: &str| lines.iter().find(|line| line["target"] == target).unwrap();
    let access = of("acr_gateway::access");
    assert_eq!((&access["request_id"], &access["correlation_id"]), (&"mine".into(), &"theirs".into()));
    assert_eq!((&access["operation"], &access["status"]), (&"Tag_GetList".into(), &200.into()));
    assert_eq!((&access["bytes"], &access["aborted"]), (&2.into(), &false.into()));
    let audit = of("acr_gateway::audit");
    assert_eq!((&audit["action"], &audit["operation"]), (&"untag".into(), &"Tag_Delete".into()));
    assert_eq!((&audit["repository"], &audit["reference"]), (&"team/app".into(), &"1.0".into()));
    assert_eq!(upstream.asked()[0].header("x-meta-source-client"), Some(SOURCE_CLIENT));
}

#[tokio::test]
async fn what_is_refused_before_it_is_a_call_is_logged_with_its_id_too() {
    let gateway = Running::start(&["serve", "--port", "0", "--registry", "demo=http://127.0.0.1:1"], &[]);
    let mut ids = Vec::new();
    for (path, code) in [
        ("/registries/nobody/v2/", "GATEWAY_UNKNOWN_REGISTRY"),
        ("/registries/demo/v2/%2e%2e/x?token=secret", "GATEWAY_HOSTILE_PATH"),
        ("/demo/%00", "GATEWAY_HOSTILE_PATH"),
    ] {
        let answer = gateway.get(path, "authorization: Bearer secret\r\n").await;
        assert!(answer.contains(code), "{answer}");
        let id = answer.lines().find_map(|line| line.strip_prefix("x-ms-client-request-id: ")).unwrap();
        ids.push((id.to_owned(), code, path.split('?').next().unwrap()));
    }
    let (_, log) = gateway.stop();
    assert!(!log.contains("secret"), "{log}");
    for (id, code, path) in ids {
        let line = log.lines().find(|line| line.contains(&id)).unwrap_or_else(|| panic!("{id} in {log}"));
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!(
            (&line["code"], &line["path"], &line["client"]),
            (&code.into(), &path.into(), &"127.0.0.1".into())
        );
    }
}

#[tokio::test]
async fn spans_reach_the_collector_within_the_callers_trace() {
    let upstream = Upstream::start(|_| Reply::ok("", "{}")).await;
    let url = format!("demo={}", upstream.url());
    let endpoint = upstream.url();
    let arguments = ["serve", "--port", "0", "--registry", &url, "--otlp-endpoint", &endpoint];
    let gateway = Running::start(&arguments, &[]);
    let fields = "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\nauthorization: Bearer secret\r\n";
    assert_eq!(status(&gateway.get("/registries/demo/acr/v1/hidden/_tags", fields).await), 200);
    // What is left is sent on the way out. The upstream answers on this thread's runtime meanwhile.
    let (code, _) = tokio::task::spawn_blocking(move || gateway.stop()).await.unwrap();
    assert_eq!(code, 0);
    let asked = upstream.asked();
    let export = asked.iter().find(|asked| asked.target() == "/v1/traces").unwrap();
    let holds = |wanted: &[u8]| export.body.windows(wanted.len()).any(|window| window == wanted);
    assert!(holds(b"Tag_GetList") && holds(b"acr-gateway") && holds(b"demo"));
    assert!(holds(&[
        0x0a, 0xf7, 0x65, 0x19, 0x16, 0xcd, 0x43, 0xdd, 0x84, 0x48, 0xeb, 0x21, 0x1c, 0x80, 0x31, 0x9c
    ]));
    assert!(!holds(b"secret") && !holds(b"hidden"));
}

#[tokio::test]
async fn a_write_with_the_gateways_identity_is_on_record_under_the_users_name() {
    let upstream = Upstream::start(|asked| match asked.target() {
        "/oauth2/token" => Reply::ok("", r#"{"access_token":"gateways"}"#),
        _ => Reply::status("202 Accepted", "x-ms-correlation-request-id: theirs\r\n"),
    })
    .await;
    let url = format!("em={}", upstream.url());
    let flags = ["serve", "--port", "0", "--log-format", "json", "--registry", &url]
        .into_iter()
        .chain(["--registry-identity", "em=anonymous", "--registry-allow", "em=untag"])
        .chain(["--user-header", "X-Forwarded-User", "--trusted-proxies", "127.0.0.0/8"])
        .collect::<Vec<_>>();
    let gateway = Running::start(&flags, &[]);
    let untag = |user: &str| {
        let host = gateway.address();
        format!(
            "DELETE /registries/em/acr/v1/team%2Fapp/_tags/1.0 HTTP/1.1\r\nhost: {host}\r\n{user}connection: close\r\n\r\n"
        )
    };
    let address = gateway.address();
    let (named, nameless) = (untag("x-forwarded-user: jane\r\n"), untag(""));
    assert_eq!(status(&raw(address, named.as_bytes()).await), 202);
    assert_eq!(status(&raw(address, nameless.as_bytes()).await), 403);
    let (_, log) = gateway.stop();
    let audit: Vec<serde_json::Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .filter(|line: &serde_json::Value| line["target"] == "acr_gateway::audit")
        .collect();
    for (key, value) in [
        ("user", "jane"),
        ("action", "untag"),
        ("repository", "team/app"),
        ("reference", "1.0"),
        ("correlation_id", "theirs"),
    ] {
        assert_eq!(audit[0][key], value, "{log}");
    }
    assert_eq!((audit.len(), &audit[0]["status"], &audit[1]["status"]), (2, &202.into(), &403.into()));
    assert_eq!(audit[1]["code"], "GATEWAY_NO_USER");
    let written = upstream.asked().into_iter().filter(|asked| asked.target() != "/oauth2/token").count();
    assert_eq!(written, 1);
}

#[tokio::test]
async fn check_says_of_each_registry_whether_it_answers() {
    let challenge = "www-authenticate: Bearer realm=\"https://x/oauth2/token\",service=\"x\"\r\n";
    let good = Upstream::start(move |_| Reply::status("401 Unauthorized", challenge)).await;
    let odd = Upstream::start(|_| Reply::ok("", "<html>").into_status("500 Oops")).await;
    let (good, odd) = (format!("good={}", good.url()), format!("odd={}", odd.url()));
    let arguments =
        ["check", "--registry", &good, "--registry", &odd, "--registry", "gone=http://127.0.0.1:1"]
            .map(str::to_owned);
    let output = tokio::task::spawn_blocking(move || {
        run(&arguments.iter().map(String::as_str).collect::<Vec<_>>(), &[])
    })
    .await;
    let (code, stdout, _) = output.unwrap();
    assert_eq!(code, 1);
    assert!(stdout.contains("configuration: 3 registries below /"), "{stdout}");
    let (_, one, _) = run(&["check", "--offline", "--registry", "a.azurecr.io"], &[]);
    assert!(one.contains("configuration: 1 registry below /"), "{one}");
    let line =
        |name: &str| stdout.lines().find(|line| line.contains(&format!("{name}="))).unwrap().to_owned();
    assert!(line("good").starts_with("ok") && line("good").contains("asks for a token"), "{stdout}");
    assert!(line("odd").starts_with("FAILED") && line("odd").contains("500"), "{stdout}");
    assert!(line("gone").starts_with("FAILED") && line("gone").contains("cannot be reached"), "{stdout}");
}

#[test]
fn help_names_every_flag_with_its_variable() {
    let (code, help, _) = run(&["serve", "--help"], &[]);
    assert_eq!(code, 0);
    for flag in help.lines().filter_map(|line| line.trim().strip_prefix("--")?.split([' ', '=']).next()) {
        if flag == "config" || !flag.starts_with("help") {
            let variable = format!("ACR_GATEWAY_{}", flag.to_uppercase().replace('-', "_"));
            assert!(help.contains(&format!("[env: {variable}=")), "{flag}");
        }
    }
}

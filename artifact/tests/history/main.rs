//! Histories of every builder become Dockerfiles that parse, and layers are assigned only where they match.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod hostile;
mod steps;

use acr_artifact::config::{ReadConfig, User};
use acr_artifact::history::{History, Mismatch, StepLayer};
use acr_client_wasm::V1Manifest;
use proptest::prelude::*;
use serde_json::json;

fn read(json: &str) -> ReadConfig {
    ReadConfig::from_slice(json.as_bytes()).unwrap()
}

fn texts(history: &History) -> Vec<&str> {
    history.steps.iter().map(|step| step.instruction.text.as_str()).collect()
}

/// A parser of another project reads the Dockerfile, and finds as many instructions as the history has.
fn assert_parses(history: &History) {
    // Docker takes an empty list, which resets the entry point of the base image; this parser does not.
    let text = history.dockerfile().replace("ENTRYPOINT []", "ENTRYPOINT [\"\"]");
    let parsed = parse_dockerfile::parse(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let expected = history.steps.iter().filter(|step| !step.instruction.is_comment()).count();
    assert_eq!(parsed.instructions.len(), expected + 1, "{text}");
}

#[test]
fn buildkit() {
    let config = read(include_str!("../fixtures/buildkit-config.json"));
    let history = History::new(&config, 11);
    assert_eq!(history.mismatch, None);
    assert_eq!(
        texts(&history),
        [
            "ADD rootfs.tar.xz /",
            r#"CMD ["bash"]"#,
            "ARG VERSION=22.11.0",
            "ARG FLAGS",
            "RUN make install",
            "RUN make check",
            r#"SHELL ["/bin/bash", "-o", "pipefail", "-c"]"#,
            "RUN curl -fsS https://example.test/key | gpg --dearmor",
            "RUN cat /etc/hosts | wc -l",
            "RUN <<EOF\nset -e\napt-get update\napt-get install -y curl\nEOF",
            "RUN <<EOF1\ncat <<EOF > /etc/motd\nhello\nEOF\nEOF1",
            "RUN <<EOF\n[ -f /etc/motd ] && echo yes\nEOF",
            r#"ENV GREETING="hello B=world" TOKEN="a\$b""#,
            r#"LABEL org.opencontainers.image.title="two words""#,
            "HEALTHCHECK --interval=30s --timeout=5s --retries=3 CMD curl -f http://localhost/ || exit 1",
            r#"HEALTHCHECK --interval=1m30s --retries=10 CMD ["curl", "-f"]"#,
            "HEALTHCHECK NONE",
            "EXPOSE 443/tcp 8080/tcp",
            "EXPOSE 9090/tcp",
            r#"VOLUME ["/data", "/var/log"]"#,
            "USER app",
            "WORKDIR /srv",
            "STOPSIGNAL SIGQUIT",
            "ONBUILD RUN make",
            "COPY --chown=app:app --from=build /out /srv",
            "COPY <<EOF /etc/app.conf\n# The history does not hold this content.\nEOF",
            r#"ENTRYPOINT ["/opt/app", "--name", "a \"b\""]"#,
        ]
    );
    assert_eq!(history.steps[4].instruction.build_arguments, ["VERSION=22.11.0"]);
    assert_eq!(history.steps[5].instruction.build_arguments, ["VERSION=22.11.0", "FLAGS=-O2 -g X=1"]);
    assert_parses(&history);
}

#[test]
fn the_classic_builder() {
    let history = History::new(&read(include_str!("../fixtures/classic-config.json")), 5);
    assert_eq!(
        texts(&history),
        [
            "ADD file:0a1b2c /",
            r#"CMD ["/bin/bash"]"#,
            "ARG V=1",
            "RUN make",
            "RUN apt-get update && \\\tapt-get install -y curl",
            "COPY --chown=1:1 dir:ff /app",
            "EXPOSE 80/tcp",
            r#"ENTRYPOINT ["/bin/sh", "-c", "exec app"]"#,
            r#"SHELL ["/bin/bash", "-o", "pipefail", "-c"]"#,
            "ENV A=1",
            "RUN a | b",
            r#"VOLUME ["/data"]"#,
            "USER nobody",
            "MAINTAINER Some One",
        ]
    );
    assert_eq!(history.steps[3].instruction.build_arguments, ["V=1"]);
    assert_eq!(history.steps[3].layer, StepLayer::Layer(1));
    assert_parses(&history);
}

#[test]
fn windows() {
    let config = read(include_str!("../fixtures/windows-config.json"));
    let history = History::new(&config, 4);
    assert_eq!(
        texts(&history),
        [
            "# Apply image 10.0.20348.2402",
            "# Install update 10.0.20348.2527",
            r#"SHELL ["powershell", "-Command", "$ErrorActionPreference = 'Stop'; $ProgressPreference = 'SilentlyContinue';"]"#,
            "ENV APP_VERSION=4.8.1",
            "RUN Invoke-WebRequest https://example.test/a.zip -OutFile a.zip",
            "RUN setup.exe /quiet",
            r"WORKDIR C:\app\",
            r#"ENV P="C:\a b\""#,
            r#"CMD ["c:\\app\\run.exe"]"#,
        ]
    );
    assert!(history.dockerfile().starts_with("# escape=`\nFROM scratch\n"));
    assert_parses(&history);
    assert_eq!(config.user(), User::Default("ContainerAdministrator"));
    assert_eq!(config.user().to_string(), "ContainerAdministrator (not set)");
}

#[test]
fn other_builders() {
    let history = History::new(&read(include_str!("../fixtures/other-builders-config.json")), 10);
    assert_eq!(
        texts(&history),
        [
            "RUN apk add curl",
            "# bazel build //:image",
            "# jib-gradle-plugin:3.4.0",
            "# ko build ko://example.test/cmd",
            "# store paths: ['/nix/store/abc-glibc']",
            "# apko",
            "# debian.sh --arch 'amd64' out/ 'bookworm' '@1700000000'",
            "# Buildpacks Launcher Config",
            "# no instruction recorded",
            "RUN echo buildah",
        ]
    );
    assert_parses(&history);
}

#[test]
fn the_value_in_the_config_decides_where_a_line_was_recorded_as_it_was_typed() {
    let step = r"/bin/sh -c #(nop) ENV E=f\ g F=1";
    let config =
        json!({"os": "linux", "config": {"Env": ["E=f g", "F=1"]}, "history": [{"created_by": step}]});
    assert_eq!(texts(&History::new(&read(&config.to_string()), 1)), [r#"ENV E="f g" F=1"#]);
}

#[test]
fn the_shell_of_the_config_counts_where_no_step_declares_it() {
    let shell = ["/bin/bash", "-Eeuo", "pipefail", "-c"];
    let steps = [
        "/bin/bash -Eeuo pipefail -c make",
        "/bin/bash -Eeuo pipefail -c #(nop)  CMD [\"x\"]",
        "RUN /bin/bash -Eeuo pipefail -c a | b # buildkit",
    ];
    let steps: Vec<_> = steps.iter().map(|step| json!({"created_by": step})).collect();
    let config = read(&json!({"os": "linux", "config": {"Shell": shell}, "history": steps}).to_string());
    assert_eq!(texts(&History::new(&config, 3)), ["RUN make", r#"CMD ["x"]"#, "RUN a | b"]);
}

#[test]
fn triggers_that_no_step_is_follow_the_steps() {
    let config = read(
        &json!({"os": "linux", "config": {"OnBuild": ["COPY . /app", "RUN [\"make\", \"all\"]", "RUN a\nEXPOSE 1", "RUN a\rEXPOSE 1"]},
            "history": [{"created_by": "ADD a /"}, {"created_by": "/bin/sh -c #(nop)  ONBUILD COPY . /app", "empty_layer": true}]})
        .to_string(),
    );
    let text = History::new(&config, 1).dockerfile();
    let expected = "FROM scratch\nADD a /\nONBUILD COPY . /app\nONBUILD RUN [\"make\", \"all\"]\n# ONBUILD RUN a\n# EXPOSE 1\nONBUILD RUN a EXPOSE 1\n";
    assert_eq!(text, expected);
    parse_dockerfile::parse(&text).unwrap();
}

#[test]
fn no_layer_is_assigned_where_history_and_layers_do_not_match() {
    let config = read(include_str!("../fixtures/classic-config.json"));
    for layers in [0, 4, 6] {
        let history = History::new(&config, layers);
        assert_eq!(history.mismatch, Some(Mismatch { steps: 5, layers }));
        assert!(history.steps.iter().all(|step| !matches!(step.layer, StepLayer::Layer(_))));
        assert_eq!(history.steps[1].layer, StepLayer::None);
    }
    assert_eq!(History::new(&read("{}"), 3).mismatch, None);
    let sentence = Mismatch { steps: 1, layers: 2 }.to_string();
    assert!(sentence.contains("1 step ") && sentence.contains("2 layers"), "{sentence}");
}

#[test]
fn schema_1_marks_steps_without_a_layer() {
    let manifest: V1Manifest = serde_json::from_str(include_str!("../fixtures/schema1.json")).unwrap();
    let history = History::of_schema1(&manifest);
    assert_eq!(texts(&history), ["ADD file:bb /", "ENV A=1", "RUN make", r#"CMD ["/opt/app"]"#]);
    let layers: Vec<_> = history.steps.iter().map(|step| step.layer).collect();
    assert_eq!(layers, [StepLayer::Layer(0), StepLayer::None, StepLayer::Layer(2), StepLayer::None]);
    assert_parses(&history);
    let config = ReadConfig::from_schema1(&manifest);
    assert_eq!(config.config.config.cmd, ["/opt/app"]);
    assert_eq!((config.user().to_string().as_str(), config.config.os.as_str()), ("1000", "linux"));
    assert!(config.unread.is_empty(), "{:?}", config.unread);
    let short = V1Manifest { fs_layers: Vec::new(), ..manifest };
    assert!(History::of_schema1(&short).mismatch.is_some());
}

#[test]
fn an_odd_value_in_a_step_of_schema_1_is_lost_alone() {
    let step = json!({ "v1Compatibility": r#"{"os":"linux","author":"\ud83d","Size":1e999,"container_config":{"Cmd":["a"]}}"# });
    let manifest: V1Manifest = serde_json::from_value(json!({ "history": [step] })).unwrap();
    let read = ReadConfig::from_schema1(&manifest);
    assert_eq!((read.config.os.as_str(), read.unread.len()), ("linux", 0));
    assert_eq!(read.config.author.as_deref(), Some("\u{fffd}"));
    assert_eq!(read.config.history[0].created_by.as_deref(), Some("a"));
}

#[test]
fn what_no_parser_takes_is_lost_alone() {
    let deep = "[".repeat(1000) + &"]".repeat(1000);
    let rest = r#""os":"linux","history":[{"created_by":"ENV A=1"}]"#;
    for (odd, unread) in [
        (r#""author":"\ud83d""#, &[][..]),
        (r#""config":{"Memory":1e999,"User":"u"}"#, &[]),
        (r#""config":{"User":1e999}"#, &["config.User"]),
        (r#""author":1e999"#, &["author"]),
        (&format!(r#""other":{deep}"#), &[]),
        (&format!(r#""config":{{"Env":["A=1",{deep}]}}"#), &["config.Env[1]"]),
    ] {
        let config = read(&format!("\u{feff}{{{odd},{rest}}}"));
        assert_eq!(config.unread, unread, "{odd}");
        assert_eq!((config.config.os.as_str(), config.config.history.len()), ("linux", 1), "{odd}");
    }
    let bytes = [&br#"{"author":"a"#[..], b"\xff", br#"","os":"linux"}"#].concat();
    assert_eq!(ReadConfig::from_slice(&bytes).unwrap().config.author.as_deref(), Some("a\u{fffd}"));
    for bad in ["{", "{\"a\":}", "[1e999]", "\u{feff}"] {
        assert!(ReadConfig::from_slice(bad.as_bytes()).is_err(), "{bad}");
    }
}

#[test]
fn an_odd_field_is_lost_alone() {
    let fields = [
        "created",
        "author",
        "architecture",
        "variant",
        "os",
        "os.version",
        "os.features",
        "config",
        "history",
        "rootfs",
    ];
    let good = json!({"created": "2026-01-01T00:00:00Z", "author": "a", "architecture": "amd64", "variant": "v1", "os": "linux",
        "os.version": "1", "os.features": ["x"], "config": {"User": "u", "Env": ["A=1"]}, "history": [{"created_by": "x"}],
        "rootfs": {"type": "layers", "diff_ids": ["d"]}});
    assert!(read(&good.to_string()).unread.is_empty());
    for field in fields {
        let mut odd = good.clone();
        odd[field] = json!(7);
        let config = read(&odd.to_string());
        assert_eq!(config.unread, [field]);
        assert_eq!(config.config.config.user.is_empty(), field == "config");
        assert_eq!(config.config.history.is_empty(), field == "history");
    }
    let inner = [
        "User",
        "ExposedPorts",
        "Env",
        "Entrypoint",
        "Cmd",
        "Volumes",
        "WorkingDir",
        "Labels",
        "StopSignal",
        "Healthcheck",
        "Shell",
        "OnBuild",
    ];
    for field in inner {
        let config = read(&json!({"config": {field: 7, "Other": 1}, "os": "linux"}).to_string());
        assert_eq!(config.unread, [format!("config.{field}")]);
        assert_eq!(config.config.os, "linux");
    }
    let config = read(&json!({"config": {"Labels": {"a": "1", "b": null, "c": {}}}, "history": [7, null, {"created_by": []}]}).to_string());
    assert_eq!(config.unread, ["config.Labels.c", "history[0]", "history[2].created_by"]);
    assert_eq!(config.config.history.len(), 3);
    assert_eq!(read(r#"{"config":{}}"#).user().to_string(), "not set");
    assert_eq!(read(r#"{"os":"linux"}"#).user().to_string(), "root (not set)");
    for bad in ["", "[]", "<html>", "7"] {
        assert!(ReadConfig::from_slice(bad.as_bytes()).is_err(), "{bad}");
    }
}

fn config_of(steps: &[String], os: &str) -> ReadConfig {
    let history: Vec<_> = steps.iter().map(|step| json!({"created_by": step})).collect();
    read(&json!({"os": os, "history": history}).to_string())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_history_parses(
        steps in proptest::collection::vec(
            "(RUN|ENV|COPY|ADD|LABEL|CMD|SHELL|ARG|EXPOSE|HEALTHCHECK|VOLUME|USER|ONBUILD RUN|/bin/sh -c|/bin/sh -c #\\(nop\\) ENV|\\|1)[ =]?[ -~\n]{0,30}( # buildkit)?",
            0..5,
        ),
        windows in any::<bool>(),
    ) {
        let config = config_of(&steps, if windows { "windows" } else { "linux" });
        let history = History::new(&config, steps.len());
        let text = history.dockerfile();
        let parsed = parse_dockerfile::parse(&text);
        prop_assert!(parsed.is_ok(), "{:?}\n{}", parsed.err(), text);
    }

    #[test]
    fn any_text_is_read(bytes in proptest::collection::vec(any::<u8>(), 0..60), text in any::<String>()) {
        let _ = ReadConfig::from_slice(&bytes);
        let _ = History::new(&config_of(&[text], "linux"), 1).dockerfile();
    }
}

//! Histories of every builder become Dockerfiles that parse, and layers are assigned only where they match.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

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
    let config = read(include_str!("fixtures/buildkit-config.json"));
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
    let history = History::new(&read(include_str!("fixtures/classic-config.json")), 5);
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
    let config = read(include_str!("fixtures/windows-config.json"));
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
    let history = History::new(&read(include_str!("fixtures/other-builders-config.json")), 10);
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
fn single_steps() {
    for (step, expected) in [
        ("ENV JAVA_OPTS=-Dfoo=bar -Dx=y # buildkit", r#"ENV JAVA_OPTS="-Dfoo=bar -Dx=y""#),
        ("ENV A=b=c D=e", "ENV A=b=c D=e"),
        ("ENV A= B=1", "ENV A= B=1"),
        ("ENV A value of it", r#"ENV A="value of it""#),
        ("/bin/sh -c #(nop)  ENV PATH=/usr/bin:/bin", "ENV PATH=/usr/bin:/bin"),
        ("LABEL maintainer=Some One <one@example.test>", r#"LABEL maintainer="Some One <one@example.test>""#),
        ("CMD []", "CMD []"),
        ("ENTRYPOINT []", "ENTRYPOINT []"),
        (
            r#"CMD ["/bin/sh" "-c" "nginx -g 'daemon off;'"]"#,
            r#"CMD ["/bin/sh", "-c", "nginx -g 'daemon off;'"]"#,
        ),
        ("RUN --mount=type=cache,target=/x /bin/sh -c make", "RUN --mount=type=cache,target=/x make"),
        ("RUN |0 /bin/sh -c make # buildkit", "RUN make"),
        ("|0 /bin/sh -c make", "RUN make"),
        ("cmd /S /C powershell -Command X", "RUN powershell -Command X"),
        ("bash", "# bash"),
        (r#"RUN ["apk", "add", "curl"]"#, r#"RUN ["apk", "add", "curl"]"#),
        (r#"/bin/sh -c ["apk", "add", "curl"]"#, r#"RUN ["apk", "add", "curl"]"#),
        (r#"RUN ["make"]"#, r#"RUN ["make"]"#),
        ("RUN /bin/sh -c [ -f x ] && make # buildkit", "RUN <<EOF\n[ -f x ] && make\nEOF"),
        (r#"RUN /bin/sh -c [ "x" ]"#, "RUN <<EOF\n[ \"x\" ]\nEOF"),
        (
            "/bin/sh -c --mount=type=cache,target=/x dnf install -y git",
            "RUN --mount=type=cache,target=/x dnf install -y git",
        ),
        (
            "|1 V=1 /bin/sh -c --mount=type=cache,target=/x --network=none make",
            "RUN --mount=type=cache,target=/x --network=none make",
        ),
        (
            "/bin/sh -c <<EOF\napt-get update\napt-get install -y git",
            "RUN <<EOF\napt-get update\napt-get install -y git\nEOF",
        ),
        ("/bin/sh -c <<-'END'\nmake\n", "RUN make"),
        ("/bin/sh -c <<EOF\nmake\nEOF", "RUN <<EOF1\n<<EOF\nmake\nEOF\nEOF1"),
        (
            "RUN /bin/sh -c /dev/pipes/EOF # buildkit",
            "RUN <<EOF\n# The history does not hold this content.\nEOF",
        ),
        ("/bin/sh -c #(nop) HEALTHCHECK --interval=30s CMD curl x", "HEALTHCHECK --interval=30s CMD curl x"),
        ("/bin/sh -c #(nop)  ONBUILD COPY . /app", "ONBUILD COPY . /app"),
        ("EXPOSE 80", "EXPOSE 80"),
        ("VOLUME map[/data:{}]", r#"VOLUME ["/data"]"#),
        (r#"VOLUME ["/data"]"#, r#"VOLUME ["/data"]"#),
        ("ADD multi:ab in /dest/ ", "ADD multi:ab /dest/"),
        ("ADD file:ab in ", "ADD file:ab /"),
        (
            "/bin/sh -c #(nop) COPY --chown=node:nodefile:2c3e4f in /app/ ",
            "COPY --chown=node:node file:2c3e4f /app/",
        ),
        (
            "/bin/sh -c #(nop) COPY --chown=101:101dir:0a1b in /usr/in ",
            "COPY --chown=101:101 dir:0a1b /usr/in",
        ),
        ("/bin/sh -c #(nop) ADD --chown=app:appmulti:77aa in /x/ ", "ADD --chown=app:app multi:77aa /x/"),
        (
            r"/bin/sh -c #(nop) COPY dir:aa in C:\Program Files\x ",
            r#"COPY ["dir:aa", "C:\\Program Files\\x"]"#,
        ),
        (
            "COPY <<EOF /etc/motd # buildkit",
            "COPY <<EOF /etc/motd\n# The history does not hold this content.\nEOF",
        ),
        (
            "COPY --chmod=644 a <<robots.txt <<humans.txt /srv/ # buildkit",
            "COPY --chmod=644 a <<robots.txt <<humans.txt /srv/\n# The history does not hold this content.\nrobots.txt\n\
             # The history does not hold this content.\nhumans.txt",
        ),
        ("COPY <<a/b /srv/ # buildkit", "# COPY <<a/b /srv/"),
        ("COPY file:a b in /c # buildkit", "COPY file:a b in /c"),
        ("COPY --link --chmod=755 a b /c # buildkit", "COPY --link --chmod=755 a b /c"),
    ] {
        let history = History::new(&config_of(&[step.to_owned()], "linux"), 1);
        assert_eq!(texts(&history), [expected], "{step}");
        assert_parses(&history);
    }
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
    let config = read(include_str!("fixtures/classic-config.json"));
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
    let manifest: V1Manifest = serde_json::from_str(include_str!("fixtures/schema1.json")).unwrap();
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

#[test]
fn hostile_steps_stay_within_their_step() {
    for step in [
        "RUN",
        "RUN ",
        "COPY",
        "COPY a",
        "ADD file:x in",
        "ENV",
        "ENV =",
        "ENV A",
        "LABEL \"x\"",
        "CMD",
        "CMD [",
        "CMD [\"a\"",
        "SHELL",
        "SHELL []",
        "EXPOSE map[]",
        "HEALTHCHECK &{}",
        "HEALTHCHECK &{[] }",
        "HEALTHCHECK",
        "ONBUILD",
        "ONBUILD ONBUILD RUN x",
        "ONBUILD FROM x",
        "|9 a",
        "|1",
        "|1 A=1",
        "|99999999999999999999 A=1 /bin/sh -c x",
        "# buildkit",
        "#(nop)",
        "/bin/sh -c",
        "WORKDIR",
        "RUN /bin/sh -c a\\",
        "RUN /bin/sh -c <<A <<B",
        "ENV A=b\nRUN evil",
        "LABEL a=\"\nRUN evil",
        "USER a\nRUN evil",
        "COPY a b\nRUN evil",
        "Apply image\nRUN evil",
        "RUN <<EOF\nEOF\nRUN evil",
        "ENV A=\\",
        "ARG \u{1b}[31m",
        "VOLUME [\"a\nb\"]",
        "COPY <<EOF a\nEOF\nRUN evil",
        "STOPSIGNAL",
        "USER []",
        "MAINTAINER",
        "RUN --mount=type=bind x",
        "RUN [\"a\"",
        "COPY [\"a\", \"b\"]",
        "COPY --evil a b",
        "ADD << x y",
    ] {
        for os in ["linux", "windows"] {
            assert_parses(&History::new(&config_of(&[step.to_owned(), "ENV SAFE=1".to_owned()], os), 2));
        }
    }
}

/// Work that grows with the square of any of these would not end.
#[test]
fn large_steps_are_read() {
    const MANY: usize = 200_000;
    let numbered = |each: &dyn Fn(usize) -> String| (0..MANY).map(each).collect::<Vec<_>>().join(" ");
    let pairs = numbered(&|number| format!("A{number}=x"));
    let delimiters = (0..MANY).map(|number| format!("EOF{number}\n")).collect::<String>();
    let steps = [
        format!("RUN /bin/sh -c EOF\n{delimiters} # buildkit"),
        format!("ENV A={}", "\"x \"".repeat(MANY)),
        format!("ENV {pairs}"),
        format!("ARG {}", numbered(&|number| format!("B{number}"))),
        format!("RUN |1 {pairs} /bin/sh -c make"),
        format!("ENV {}", "C=x ".repeat(MANY)),
    ];
    let history: Vec<_> = steps.iter().map(|step| json!({"created_by": step})).collect();
    let mut env: Vec<_> = (0..MANY).map(|number| format!("A{number}=x")).collect();
    env.push(format!("C={}", "x C=".repeat(MANY)));
    let config = json!({"os": "linux", "history": history, "config": {"Env": env}});
    let history = History::new(&read(&config.to_string()), steps.len());
    let keywords: Vec<&str> = history.steps.iter().map(|step| step.instruction.keyword.as_str()).collect();
    assert_eq!(keywords, ["RUN", "ENV", "ENV", "ARG", "RUN", "ENV"]);
    assert!(history.steps[0].instruction.text.starts_with(&format!("RUN <<EOF{MANY}\nEOF\n")));

    let shells = (0..20_000).map(|number| format!("SHELL [/bin/sh{number} -c]"));
    let steps: Vec<String> =
        shells.chain((0..20_000).map(|_| format!("RUN |1 A=1 {} x", "y ".repeat(50)))).collect();
    assert_eq!(History::new(&config_of(&steps, "linux"), steps.len()).steps.len(), steps.len());
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

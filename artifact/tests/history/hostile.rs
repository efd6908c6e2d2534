//! Steps that are made to break out of their step, or to take for ever.

use acr_artifact::history::History;
use serde_json::json;

use super::{assert_parses, config_of, read};

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

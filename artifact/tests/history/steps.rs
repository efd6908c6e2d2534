//! What one step of a history becomes.

use acr_artifact::history::History;

use super::{assert_parses, config_of, texts};

fn assert_step(step: &str, expected: &str) {
    let history = History::new(&config_of(&[step.to_owned()], "linux"), 1);
    assert_eq!(texts(&history), [expected], "{step}");
    assert_parses(&history);
}

#[test]
fn instructions() {
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
        ("/bin/sh -c #(nop) env LOWER=1", "ENV LOWER=1"),
        (
            r#"/bin/sh -c #(nop) LABEL "com.example.vendor"="ACME Incorporated" version='1.0'"#,
            r#"LABEL com.example.vendor="ACME Incorporated" version=1.0"#,
        ),
        (r#"/bin/sh -c #(nop) ENV A='b c' D="x y""#, r#"ENV A="b c" D="x y""#),
        ("EXPOSE 80", "EXPOSE 80"),
        ("VOLUME map[/data:{}]", r#"VOLUME ["/data"]"#),
        (r#"VOLUME ["/data"]"#, r#"VOLUME ["/data"]"#),
    ] {
        assert_step(step, expected);
    }
}

#[test]
fn files_that_are_copied() {
    for (step, expected) in [
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
        assert_step(step, expected);
    }
}

//! The Dockerfile that an image's history amounts to. Pure.
//!
//! Docker's classic builder writes `/bin/sh -c #(nop)  CMD ["x"]`, BuildKit writes `CMD ["x"]` and `RUN /bin/sh -c … # buildkit`.

/// One step of the history as an instruction: `RUN apt-get update`.
pub(crate) fn instruction(created_by: &str) -> String {
    let text = created_by.trim();
    let text = text.strip_suffix("# buildkit").map_or(text, str::trim_end);
    if let Some(rest) = text.strip_prefix("/bin/sh -c #(nop)") {
        return rest.trim_start().to_owned();
    }
    if let Some(rest) = text.strip_prefix("/bin/sh -c ") {
        return format!("RUN {}", rest.trim_start());
    }
    // `|2 A=1 B=2 /bin/sh -c make`: build arguments before the shell.
    if text.starts_with('|')
        && let Some((arguments, command)) = text.split_once(" /bin/sh -c ")
    {
        let arguments = arguments.split_once(' ').map_or("", |(_, rest)| rest);
        return if arguments.is_empty() {
            format!("RUN {command}")
        } else {
            format!("RUN {command} # {arguments}")
        };
    }
    if let Some(rest) = text.strip_prefix("RUN /bin/sh -c ") {
        return format!("RUN {}", rest.trim_start());
    }
    text.to_owned()
}

/// The instruction's word and the rest: `("RUN", "apt-get update")`.
pub(crate) fn split(instruction: &str) -> (&str, &str) {
    match instruction.split_once(char::is_whitespace) {
        Some((word, rest)) if word.len() >= 3 && word.chars().all(|c| c.is_ascii_uppercase()) => {
            (word, rest.trim_start())
        }
        _ => ("", instruction),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_builders_read_alike() {
        for (history, expected) in [
            (r#"/bin/sh -c #(nop)  CMD ["nginx"]"#, r#"CMD ["nginx"]"#),
            (r#"CMD ["nginx"]"#, r#"CMD ["nginx"]"#),
            ("/bin/sh -c apt-get update", "RUN apt-get update"),
            ("RUN /bin/sh -c apt-get update # buildkit", "RUN apt-get update"),
            ("|1 V=2 /bin/sh -c make", "RUN make # V=2"),
            ("COPY /app /app # buildkit", "COPY /app /app"),
            ("", ""),
        ] {
            assert_eq!(instruction(history), expected);
        }
    }

    #[test]
    fn the_word_is_told_from_the_rest() {
        assert_eq!(split("RUN make all"), ("RUN", "make all"));
        assert_eq!(split("bazel build"), ("", "bazel build"));
    }
}

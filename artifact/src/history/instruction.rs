//! One entry of a history as an instruction.

/// What one step amounts to in a Dockerfile.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Instruction {
    /// The instruction's keyword, for instance `RUN`; empty where the step is a comment.
    pub keyword: String,
    /// The text with its keyword; more than one line where it needs them. A comment where the step can be no instruction.
    pub text: String,
    /// The build arguments (`NAME=value`) that the step ran with.
    pub build_arguments: Vec<String>,
}

impl Instruction {
    pub(super) fn new(keyword: &str, text: String) -> Self {
        Self { keyword: keyword.to_owned(), text, build_arguments: Vec::new() }
    }

    pub(super) fn comment(text: &str) -> Self {
        Self { text: comment(text), ..Self::default() }
    }

    /// The text after the keyword.
    #[must_use]
    pub fn arguments(&self) -> &str {
        self.text.strip_prefix(&self.keyword).unwrap_or(&self.text).trim_start()
    }

    /// Whether the step is a comment, since it can be no instruction.
    #[must_use]
    pub fn is_comment(&self) -> bool {
        self.keyword.is_empty()
    }
}

/// Each line of a text as a comment. The first comments of a Dockerfile could be directives, but these follow `FROM`.
pub(super) fn comment(text: &str) -> String {
    let lines = text.lines().map(|line| line.trim_start_matches(['#', ' ', '\t']).trim_end());
    let lines: Vec<_> = lines.filter(|line| !line.is_empty()).map(|line| format!("# {line}")).collect();
    if lines.is_empty() { "#".to_owned() } else { lines.join("\n") }
}

/// The instructions that a history can hold.
const KEYWORDS: &[&str] = &[
    "ADD",
    "ARG",
    "CMD",
    "COPY",
    "ENTRYPOINT",
    "ENV",
    "EXPOSE",
    "HEALTHCHECK",
    "LABEL",
    "MAINTAINER",
    "ONBUILD",
    "RUN",
    "SHELL",
    "STOPSIGNAL",
    "USER",
    "VOLUME",
    "WORKDIR",
];

/// An instruction's keyword at the front of a text, and what follows it.
pub(super) fn keyword(text: &str) -> Option<(&'static str, &str)> {
    keyword_in_any_case(text).filter(|(keyword, _)| text.trim_start().starts_with(keyword))
}

/// The same of a line as it was typed.
pub(super) fn keyword_in_any_case(text: &str) -> Option<(&'static str, &str)> {
    let text = text.trim_start();
    let word = text.split(|c: char| c.is_whitespace()).next()?;
    let keyword = KEYWORDS.iter().find(|keyword| keyword.eq_ignore_ascii_case(word))?;
    Some((keyword, text.strip_prefix(word)?.trim()))
}

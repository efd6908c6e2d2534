//! Why a text is not a valid name.

/// Why a text is not the name it was meant to be. The text itself is quoted, cut to a readable length.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{quoted} is not a valid {what}: {rule}")]
pub struct NameError {
    what: &'static str,
    rule: &'static str,
    quoted: String,
}

impl NameError {
    pub(crate) fn new(what: &'static str, text: &str, rule: &'static str) -> Self {
        const LONGEST_QUOTE: usize = 80;
        let mut quoted: String = text.chars().filter(|c| !c.is_control()).take(LONGEST_QUOTE).collect();
        if quoted.len() < text.len() {
            quoted.push('…');
        }
        Self { what, rule, quoted: format!("\"{quoted}\"") }
    }

    /// What the text was meant to be, for instance "repository name".
    #[must_use]
    pub fn what(&self) -> &'static str {
        self.what
    }

    /// The rule the text breaks, as a sentence for the person who typed it.
    #[must_use]
    pub fn rule(&self) -> &'static str {
        self.rule
    }
}

//! Why a rule cannot be used.

/// What is wrong with a rule. The texts are for the person who wrote it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RuleError {
    /// A filter has no colon, or more than one, outside of groups and classes.
    #[error("the filter `{0}` is not `repository:tag-expression` with one colon")]
    Filter(String),
    /// An expression cannot be compiled.
    #[error("the expression `{expression}` cannot be used: {reason}")]
    Expression {
        /// The expression.
        expression: String,
        /// What the compiler of expressions says.
        reason: String,
    },
    /// An age is not one.
    #[error("`{0}` is not an age: write for instance 30d, 1d12h or 90m")]
    Age(String),
    /// Nothing is selected.
    #[error("a rule needs at least one filter; `.*:.*` selects every tag")]
    NoFilter,
}

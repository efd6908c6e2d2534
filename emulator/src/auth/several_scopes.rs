//! What the token service does with a request for several scopes.

/// How a request for scopes of several resources is answered. The recorded service grants them all; what it does in a registry with
/// attribute-based access control is not documented, so clients have to cope with less.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SeveralScopes {
    /// One token for all of them.
    #[default]
    Grant,
    /// A token for the first of them.
    Narrow,
    /// No token: 401.
    Refuse,
}

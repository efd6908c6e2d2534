//! What an empty registry is filled with, and how much.

/// What an empty registry is filled with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Seed {
    /// Nothing.
    #[default]
    Empty,
    /// A believable registry of a small company.
    Demo,
}

/// How much there is on top, to try size.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scale {
    /// Repositories of one image each, `scale/repository-…`.
    pub repositories: u32,
    /// Tags of one repository, `scale/tags`, each on an image of its own.
    pub tags: u32,
}

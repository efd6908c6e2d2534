//! An image in use, and what uses it.

use super::reference::ImageReference;

/// An image that something runs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ImageUse {
    /// The image.
    pub image: ImageReference,
    /// What runs it, for instance `deployment/web`; empty where the input does not say.
    pub user: String,
    /// Whether the input leaves the tag to something that it does not say, such as a variable or the version of a chart: any tag of the
    /// repository may be in use.
    pub any_tag: bool,
}

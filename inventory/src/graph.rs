//! The registry as a graph: who refers to whom, what it costs, and what a deletion means.

mod deletion;
mod figures;
mod growth;
mod measure;
mod sharing;
mod view;

pub use deletion::{Broken, Deletion};
pub use figures::{Bound, Figure, Figures};
pub use growth::GrowthPoint;
pub use sharing::{Base, LayerUse, Repeated, StatedBase};
pub use view::Graph;

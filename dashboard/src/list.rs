//! What every list of the dashboard does alike: load page by page, filter, sort, select, export. No markup here.

pub(crate) mod arrangement;
pub(crate) mod digest_index;
pub(crate) mod export;
pub(crate) mod listing;
pub(crate) mod matcher;
pub(crate) mod rows;
pub(crate) mod selection;
mod stepped_sort;

//! The dashboard as this gateway serves it: its files, its one page for every deep link, and the page's configuration.

pub(crate) mod assets;
pub(crate) mod page;
mod page_config;

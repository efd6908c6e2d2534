//! What a browser, a worker or a JavaScript runtime provides: `fetch`, time and chance, and credentials that a page supplies.

mod credential;
mod environment;
mod fetch;
mod fetch_body;
pub(crate) mod read_stream;
pub(crate) mod rejection;
mod token_function;

pub use credential::read_credential;
pub use environment::BrowserEnvironment;
pub(crate) use environment::page_host;
pub use fetch::FetchTransport;
pub use fetch_body::FetchBody;
pub use token_function::TokenFunction;

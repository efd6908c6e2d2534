//! What people paste: references to images in the forms that tools print, and what `az acr login --expose-token` prints.

mod az;
mod candidates;
mod command_line;
mod document;
mod login_server;
mod options;
mod parse;
mod prompt;
mod reference;
mod text;
mod token;
mod tools;

pub use login_server::login_server;
pub use reference::{PasteError, PastedReference};
pub use token::{PastedToken, TokenError};

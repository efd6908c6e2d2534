//! What people paste: references to images in the forms that tools print, and what `az acr login --expose-token` prints.

mod command_line;
mod document;
mod login_server;
mod parse;
mod reference;
mod text;
mod token;

pub use login_server::login_server;
pub use reference::{PasteError, PastedReference};
pub use token::{PastedToken, TokenError};

//! The worker: takes messages from the page, one at a time and in order, and answers each.
//!
//! A message is an array of a number, JSON, and an `ArrayBuffer` or nothing; the answer has the same number and the same form. Natively
//! this is an empty program.

#[cfg(target_arch = "wasm32")]
mod message;

fn main() {
    #[cfg(target_arch = "wasm32")]
    message::listen();
}

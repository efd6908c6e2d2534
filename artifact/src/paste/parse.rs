//! One parser for a reference, wherever a person can paste one.

use super::reference::{PasteError, PastedReference};
use super::{candidates, command_line, document, text};

/// Far more than any command line that names an image.
const LONGEST: usize = 256 * 1024;

impl PastedReference {
    /// Reads a reference out of what a person pasted: `[host/]repository[:tag][@digest]`, with a scheme (`oci://`, `docker://`, `https://`,
    /// `br:`), in a command line (`docker pull …`, `helm pull … --version …`, `az acr …`), in the JSON that `az acr` or `docker inspect`
    /// prints, in quotes, or wrapped by a terminal.
    ///
    /// ```
    /// use acr_artifact::paste::PastedReference;
    ///
    /// let pasted = PastedReference::parse("docker pull Contoso.azurecr.io:443/team/app:1.2\n")?;
    /// assert_eq!(pasted.registry.as_deref(), Some("contoso.azurecr.io"));
    /// assert_eq!(pasted.to_string(), "contoso.azurecr.io/team/app:1.2");
    /// assert!(pasted.is_at("CONTOSO.azurecr.io"));
    /// # Ok::<(), acr_artifact::paste::PasteError>(())
    /// ```
    ///
    /// # Errors
    /// [`PasteError`], whose text is a sentence for the person. It never repeats what could be a password.
    pub fn parse(pasted: &str) -> Result<Self, PasteError> {
        if pasted.len() > LONGEST {
            return Err(PasteError::TooLong);
        }
        let clean = text::trimmed(pasted);
        if clean.is_empty() {
            return Err(PasteError::Empty);
        }
        if let Some(found) = document::find(pasted.trim()).or_else(|| document::find(clean)) {
            return found;
        }
        if !text::is_wrapped(clean) {
            return command_line::parse(clean);
        }
        let commands = command_line::commands(clean);
        if commands.len() > 1 {
            let read = commands.iter().map(|command| of_lines(command)).filter_map(Result::ok).collect();
            return candidates::agreed(read);
        }
        of_lines(clean)
    }
}

/// Reads a text of several lines.
fn of_lines(text: &str) -> Result<PastedReference, PasteError> {
    // A terminal may have wrapped the text within a word.
    let rejoined = command_line::rejoined(text).and_then(|joined| command_line::parse(&joined).ok());
    if let Some(read) = rejoined {
        return Ok(read);
    }
    let read = command_line::parse(text);
    if read.is_ok() { read } else { command_line::parse(&text::unwrapped(text)).or(read) }
}

//! Quoted strings in the values of header fields (RFC 9110, section 5.6.4). Pure.

/// Follows a value character by character: whether it is within a quoted string.
#[derive(Default)]
pub(crate) struct Quotes {
    open: bool,
    escaped: bool,
}

impl Quotes {
    /// Takes the next character. Whether it is outside of quoted strings.
    pub(crate) fn take(&mut self, c: char) -> bool {
        let is_outside = !self.open;
        match c {
            _ if self.escaped => self.escaped = false,
            '\\' if self.open => self.escaped = true,
            '"' => self.open = !self.open,
            _ => {}
        }
        is_outside
    }

    /// Whether the value has ended within a quoted string.
    pub(crate) fn is_open(&self) -> bool {
        self.open
    }
}

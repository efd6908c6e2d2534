//! A file on its way to what ships.

/// A path below the folder that ships, with `/` between its parts, and the bytes.
pub(crate) type File = (String, Vec<u8>);

/// Bytes as lower-case hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

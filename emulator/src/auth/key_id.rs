//! The ids of keys, in the form of the service: twelve groups of four characters.

use sha2::{Digest as _, Sha512};

const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// The id of a key. It does not reveal the key.
pub(super) fn key_id(key: &[u8]) -> String {
    let hash = Sha512::digest([b"key id of ".as_slice(), key].concat());
    let letter = |byte: &u8| ALPHABET.get(usize::from(byte & 31)).map_or('A', |letter| char::from(*letter));
    let letters: Vec<char> = hash.iter().take(48).map(letter).collect();
    let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
    groups.join(":")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_twelve_groups_of_four() {
        let id = key_id(b"key");
        assert_eq!(id.split(':').map(str::len).collect::<Vec<_>>(), [4; 12]);
        assert_ne!(id, key_id(b"another"));
    }
}

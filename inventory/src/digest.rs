//! Digests, interned: 32 bytes each for sha256, and a number of four bytes wherever one is referred to.

use std::fmt;
use std::hash::BuildHasher as _;

use hashbrown::{DefaultHashBuilder, HashTable};

use crate::id::DigestId;

/// A digest in its compact form. The order is that of the texts, which is the order of the registry's lists.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum DigestKey {
    /// The 32 bytes of a sha256 digest.
    Sha256([u8; 32]),
    /// Any other digest that is valid, as text.
    Other(Box<str>),
}

impl DigestKey {
    /// Reads a digest; `None` where the text is not one (OCI image specification, "Digests").
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if let Some(hex) = text.strip_prefix("sha256:") {
            return sha256(hex.as_bytes()).map(Self::Sha256);
        }
        text.parse::<acr_client_wasm::Digest>().ok().map(|digest| Self::Other(digest.as_str().into()))
    }
}

fn sha256(hex: &[u8]) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    if hex.len() != 64 {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(hex.chunks_exact(2)) {
        let [high, low] = pair else { return None };
        *byte = nibble(*high)? << 4 | nibble(*low)?;
    }
    Some(bytes)
}

/// Digests are lower-case: upper-case digits make another, invalid text.
fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

impl fmt::Display for DigestKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sha256(bytes) => {
                // In one piece: digests are written by the hundred thousand.
                let mut text = String::with_capacity("sha256:".len() + 64);
                text.push_str("sha256:");
                let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
                text.extend(digits.filter_map(|digit| char::from_digit(digit.into(), 16)));
                f.write_str(&text)
            }
            Self::Other(text) => f.write_str(text),
        }
    }
}

/// Every digest that an inventory met, each once.
#[derive(Debug, Clone, Default)]
pub(crate) struct DigestTable {
    keys: Vec<DigestKey>,
    ids: HashTable<DigestId>,
    hasher: DefaultHashBuilder,
}

impl DigestTable {
    /// The id of a digest, new where it was not met before.
    pub(crate) fn intern(&mut self, key: DigestKey) -> DigestId {
        let Self { keys, ids, hasher } = self;
        let hash = hasher.hash_one(&key);
        let is_same = |id: &DigestId| keys.get(id.index()) == Some(&key);
        if let Some(id) = ids.find(hash, is_same) {
            return *id;
        }
        let id = DigestId::new(keys.len());
        keys.push(key);
        ids.insert_unique(hash, id, |id| keys.get(id.index()).map_or(0, |key| hasher.hash_one(key)));
        id
    }

    /// The id of a digest that was met.
    pub(crate) fn find(&self, text: &str) -> Option<DigestId> {
        let key = DigestKey::parse(text)?;
        self.ids.find(self.hasher.hash_one(&key), |id| self.key(*id) == Some(&key)).copied()
    }

    /// A digest by its id.
    pub(crate) fn key(&self, id: DigestId) -> Option<&DigestKey> {
        self.keys.get(id.index())
    }

    /// How many digests there are.
    pub(crate) fn len(&self) -> usize {
        self.keys.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_keep_their_text_and_their_order() {
        let low = format!("sha256:{}", "0a".repeat(32));
        let high = format!("sha256:{}", "f0".repeat(32));
        let other = format!("sha512:{}", "00".repeat(64));
        for text in [&low, &high, &other] {
            assert_eq!(DigestKey::parse(text).unwrap().to_string(), **text);
        }
        assert!(DigestKey::parse(&low) < DigestKey::parse(&high));
        assert!(DigestKey::parse(&high) < DigestKey::parse(&other));
    }

    #[test]
    fn what_is_not_a_digest_has_no_key() {
        for text in ["", "sha256:", "sha256:00", &format!("sha256:{}", "0A".repeat(32)), "latest", "md5:00"] {
            assert_eq!(DigestKey::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_digest_is_interned_once() {
        let mut table = DigestTable::default();
        let text = format!("sha256:{}", "0a".repeat(32));
        let id = table.intern(DigestKey::parse(&text).unwrap());
        assert_eq!(table.intern(DigestKey::parse(&text).unwrap()), id);
        assert_eq!((table.find(&text), table.len()), (Some(id), 1));
    }
}

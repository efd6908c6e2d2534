//! The bytes of a manifest in a record.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde::{Deserialize, Serialize};

/// A manifest's bytes. Records have them as text, and as Base64 where a text in the manifest is not UTF-8.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub(crate) struct Document(pub(super) Bytes);

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Written {
    Text(String),
    Bytes { base64: String },
}

impl From<Document> for Written {
    fn from(document: Document) -> Self {
        match std::str::from_utf8(&document.0) {
            Ok(text) => Self::Text(text.to_owned()),
            Err(_) => Self::Bytes { base64: STANDARD.encode(&document.0) },
        }
    }
}

impl TryFrom<Written> for Document {
    type Error = base64::DecodeError;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        Ok(Self(match written {
            Written::Text(text) => text.into(),
            Written::Bytes { base64 } => STANDARD.decode(base64)?.into(),
        }))
    }
}

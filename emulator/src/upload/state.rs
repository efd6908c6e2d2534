//! `_state`: what an upload's `Location` carries, `base64url(MAC ‖ JSON)`, as the service makes it.

use base64::Engine as _;
use base64::engine::general_purpose::{URL_SAFE, URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::auth::Signer;
use crate::protocol::name::RepositoryName;
use crate::protocol::query::encode;

const MAC_LENGTH: usize = 32;

/// The state of an upload at one step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct UploadState {
    name: String,
    #[serde(rename = "UUID")]
    id: String,
    pub(crate) offset: u64,
    started_at: String,
}

impl UploadState {
    pub(crate) fn new(name: &RepositoryName, id: &Uuid, offset: u64, started_at: &str) -> Self {
        Self { name: name.to_string(), id: id.to_string(), offset, started_at: started_at.to_owned() }
    }

    /// Signed, and escaped for a query.
    pub(crate) fn seal(&self, signer: &Signer) -> String {
        let json = serde_json::to_vec(self).unwrap_or_default();
        let mut sealed = signer.mac(&json).to_vec();
        sealed.extend(json);
        encode(&URL_SAFE.encode(sealed))
    }

    /// Reads a state back; `None` when it is not ours.
    pub(crate) fn open(signer: &Signer, text: &str) -> Option<Self> {
        let sealed = URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok()?;
        let (mac, json) = sealed.split_at_checked(MAC_LENGTH)?;
        if !signer.verify(json, mac) {
            return None;
        }
        serde_json::from_slice(json).ok()
    }

    /// Whether it belongs to the upload that the path names.
    pub(crate) fn is_for(&self, name: &RepositoryName, id: &str) -> bool {
        self.name == name.as_str() && self.id == id
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::query::Query;

    #[test]
    fn a_state_is_read_back_by_its_signer_only() {
        let signer = Signer::random();
        let name = RepositoryName::parse("hello-world").unwrap();
        let state = UploadState::new(&name, &Uuid::nil(), 736, "2024-01-24T06:18:09Z");
        let query = Query::parse(&format!("_state={}", state.seal(&signer)));
        let text = query.get("_state").unwrap();
        let opened = UploadState::open(&signer, text).unwrap();
        assert_eq!(opened, state);
        assert!(opened.is_for(&name, "00000000-0000-0000-0000-000000000000"));
        assert!(UploadState::open(&Signer::random(), text).is_none());
        assert!(UploadState::open(&signer, "").is_none() && UploadState::open(&signer, "AAAA").is_none());
    }
}

//! Docker's image manifest of schema 1: signed, without sizes, its layers the newest first.

use serde::{Deserialize, Deserializer, Serialize};

use crate::http::Members;

/// Docker image manifest, schema 1 (`V1Manifest`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct V1Manifest {
    /// Always 1.
    pub schema_version: u64,
    /// The image's name when it was pushed.
    pub name: String,
    /// The tag when it was pushed.
    pub tag: String,
    /// CPU architecture.
    pub architecture: String,
    /// The layers, the newest first.
    pub fs_layers: Vec<FsLayer>,
    /// The history, one entry a layer and in the layers' order.
    pub history: Vec<History>,
    /// The signatures, on the signed kind.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub signatures: Vec<ImageSignature>,
}

impl<'de> Deserialize<'de> for V1Manifest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let members = Members::deserialize(deserializer)?;
        Ok(Self {
            schema_version: members.read("schemaVersion"),
            name: members.read("name"),
            tag: members.read("tag"),
            architecture: members.read("architecture"),
            fs_layers: members.list("fsLayers")?,
            history: members.list("history")?,
            signatures: members.list("signatures")?,
        })
    }
}

/// A layer of schema 1 (`FsLayer`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FsLayer {
    /// The layer's digest.
    pub blob_sum: String,
}

impl<'de> Deserialize<'de> for FsLayer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let members = Members::deserialize(deserializer)?;
        Ok(Self { blob_sum: members.read("blobSum") })
    }
}

/// An entry of schema 1's history (`History`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct History {
    /// JSON inside a string, in the form of Docker's first image format.
    pub v1_compatibility: String,
}

impl<'de> Deserialize<'de> for History {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let members = Members::deserialize(deserializer)?;
        Ok(Self { v1_compatibility: members.read("v1Compatibility") })
    }
}

/// A signature of schema 1 (`ImageSignature`). This client does not check it; the digest is checked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ImageSignature {
    /// Which key signed, and how.
    pub header: Jwk,
    /// The signature, base64url.
    pub signature: String,
    /// The signed header, base64url.
    pub protected: String,
}

impl<'de> Deserialize<'de> for ImageSignature {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let members = Members::deserialize(deserializer)?;
        Ok(Self {
            header: members.read("header"),
            signature: members.read("signature"),
            protected: members.read("protected"),
        })
    }
}

/// The header of a JSON web signature (`JWK`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Jwk {
    /// The key.
    pub jwk: JwkHeader,
    /// The algorithm, for instance `ES256`.
    pub alg: String,
}

impl<'de> Deserialize<'de> for Jwk {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let members = Members::deserialize(deserializer)?;
        Ok(Self { jwk: members.read("jwk"), alg: members.read("alg") })
    }
}

/// A JSON web key (`JWKHeader`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct JwkHeader {
    /// The curve.
    pub crv: String,
    /// The key's id.
    pub kid: String,
    /// The key's type.
    pub kty: String,
    /// The x coordinate.
    pub x: String,
    /// The y coordinate.
    pub y: String,
}

impl<'de> Deserialize<'de> for JwkHeader {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let members = Members::deserialize(deserializer)?;
        Ok(Self {
            crv: members.read("crv"),
            kid: members.read("kid"),
            kty: members.read("kty"),
            x: members.read("x"),
            y: members.read("y"),
        })
    }
}

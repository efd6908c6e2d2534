//! Docker's image manifest of schema 1: signed, without sizes, its layers the newest first.

use serde::{Deserialize, Serialize};

use crate::model::wire::or_default;

/// Docker image manifest, schema 1 (`V1Manifest`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct V1Manifest {
    /// Always 1.
    #[serde(default)]
    pub schema_version: u64,
    /// The image's name when it was pushed.
    #[serde(default, deserialize_with = "or_default")]
    pub name: String,
    /// The tag when it was pushed.
    #[serde(default, deserialize_with = "or_default")]
    pub tag: String,
    /// CPU architecture.
    #[serde(default, deserialize_with = "or_default")]
    pub architecture: String,
    /// The layers, the newest first.
    #[serde(default, deserialize_with = "or_default")]
    pub fs_layers: Vec<FsLayer>,
    /// The history, one entry a layer and in the layers' order.
    #[serde(default, deserialize_with = "or_default")]
    pub history: Vec<History>,
    /// The signatures, on the signed kind.
    #[serde(default, deserialize_with = "or_default", skip_serializing_if = "Vec::is_empty")]
    pub signatures: Vec<ImageSignature>,
}

/// A layer of schema 1 (`FsLayer`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FsLayer {
    /// The layer's digest.
    #[serde(default, deserialize_with = "or_default")]
    pub blob_sum: String,
}

/// An entry of schema 1's history (`History`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct History {
    /// JSON inside a string, in the form of Docker's first image format.
    #[serde(default, deserialize_with = "or_default")]
    pub v1_compatibility: String,
}

/// A signature of schema 1 (`ImageSignature`). This client does not check it; the digest is checked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImageSignature {
    /// Which key signed, and how.
    #[serde(default, deserialize_with = "or_default")]
    pub header: Jwk,
    /// The signature, base64url.
    #[serde(default, deserialize_with = "or_default")]
    pub signature: String,
    /// The signed header, base64url.
    #[serde(default, deserialize_with = "or_default")]
    pub protected: String,
}

/// The header of a JSON web signature (`JWK`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Jwk {
    /// The key.
    #[serde(default, deserialize_with = "or_default")]
    pub jwk: JwkHeader,
    /// The algorithm, for instance `ES256`.
    #[serde(default, deserialize_with = "or_default")]
    pub alg: String,
}

/// A JSON web key (`JWKHeader`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct JwkHeader {
    /// The curve.
    #[serde(default, deserialize_with = "or_default")]
    pub crv: String,
    /// The key's id.
    #[serde(default, deserialize_with = "or_default")]
    pub kid: String,
    /// The key's type.
    #[serde(default, deserialize_with = "or_default")]
    pub kty: String,
    /// The x coordinate.
    #[serde(default, deserialize_with = "or_default")]
    pub x: String,
    /// The y coordinate.
    #[serde(default, deserialize_with = "or_default")]
    pub y: String,
}

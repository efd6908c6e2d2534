//! Which operation of the registry API a method and path are: for limits, permissions, scopes, metrics and the audit log.
//! Pure; the names are the operation ids of the API's specification.

use http::Method;

use super::query;
use crate::config::Action;
use crate::inbound::target::{Api, Target};

macro_rules! operations {
    ($($(#[$doc:meta])* $variant:ident = $id:literal),* $(,)?) => {
        /// An operation of the registry API, by its specification's operation id.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Operation { $($(#[$doc])* $variant),* }

        impl Operation {
            /// The operation id, such as `Tag_Delete`.
            #[must_use]
            pub fn id(self) -> &'static str {
                match self { $(Self::$variant => $id),* }
            }
        }
    };
}

operations! {
    /// `GET /v2/`
    V2SupportCheck = "V2Support_Check",
    /// Reading a manifest.
    ManifestsGet = "Manifests_Get",
    /// Putting a manifest.
    ManifestsCreate = "Manifests_Create",
    /// Deleting a manifest.
    ManifestsDelete = "Manifests_Delete",
    /// Reading a blob, whole or in part.
    BlobGet = "Blob_Get",
    /// Asking whether a blob is there.
    BlobCheck = "Blob_Check",
    /// Deleting a blob.
    BlobDelete = "Blob_Delete",
    /// Mounting a blob of another repository.
    BlobMount = "Blob_Mount",
    /// Beginning an upload.
    BlobStartUpload = "Blob_StartUpload",
    /// Asking how far an upload is.
    BlobGetStatus = "Blob_GetStatus",
    /// Sending a part of an upload.
    BlobUpload = "Blob_Upload",
    /// Ending an upload.
    BlobEndUpload = "Blob_EndUpload",
    /// Giving an upload up.
    BlobCancelUpload = "Blob_CancelUpload",
    /// Listing repositories.
    RepositoryGetList = "Repository_GetList",
    /// Reading a repository's attributes.
    RepositoryGetAttributes = "Repository_GetAttributes",
    /// Changing a repository's attributes.
    RepositoryUpdateAttributes = "Repository_UpdateAttributes",
    /// Deleting a repository.
    RepositoryDelete = "Repository_Delete",
    /// Listing tags.
    TagGetList = "Tag_GetList",
    /// Reading a tag's attributes.
    TagGetAttributes = "Tag_GetAttributes",
    /// Changing a tag's attributes.
    TagUpdateAttributes = "Tag_UpdateAttributes",
    /// Removing a tag.
    TagDelete = "Tag_Delete",
    /// Listing manifests.
    ManifestsGetList = "Manifests_GetList",
    /// Reading a manifest's attributes.
    ManifestsGetAttributes = "Manifests_GetAttributes",
    /// Changing a manifest's attributes.
    ManifestsUpdateAttributes = "Manifests_UpdateAttributes",
    /// Listing what refers to a manifest.
    ReferrersGetList = "Referrers_GetList",
    /// Exchanging an Entra token for a refresh token.
    RefreshTokensGetFromExchange = "RefreshTokens_GetFromExchange",
    /// Getting an access token for a refresh token or password.
    AccessTokensGet = "AccessTokens_Get",
    /// Getting an access token with Basic credentials.
    AccessTokensGetFromLogin = "AccessTokens_GetFromLogin",
    /// Any other path of the API.
    Other = "Other",
}

/// An operation and the repository it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The operation.
    pub operation: Operation,
    /// The repository, decoded; none for catalog, token and support calls.
    pub repository: Option<String>,
    /// The tag, digest or upload at the end of the path, decoded.
    pub reference: Option<String>,
    /// The digest that an upload or a mount names in its query, decoded.
    pub digest: Option<String>,
    /// The repository that a mount names in its query, decoded.
    pub from: Option<String>,
}

impl Call {
    fn new(operation: Operation, repository: &[String], reference: Option<&String>) -> Self {
        let repository = (!repository.is_empty()).then(|| repository.join("/"));
        Self { operation, repository, reference: reference.cloned(), digest: None, from: None }
    }

    /// A call that is not known to be one of the API's.
    pub(crate) fn unknown() -> Self {
        Self::new(Operation::Other, &[], None)
    }
}

/// Names the operation of a method and path. A mount differs from an upload by its query, which names a digest to mount.
#[must_use]
pub fn classify(method: &Method, target: &Target, query: Option<&str>) -> Call {
    match target.api {
        Api::Distribution => distribution(method, &target.segments, query),
        Api::Metadata => metadata(method, &target.segments),
        Api::Token => token(method, &target.segments),
    }
}

fn distribution(method: &Method, segments: &[String], query: Option<&str>) -> Call {
    use Operation as O;
    let words: Vec<&str> = segments.iter().map(String::as_str).collect();
    let none: &[String] = &[];
    let (operation, repository, reference) = match words.as_slice() {
        [""] => (on_read(method, O::V2SupportCheck), none, None),
        ["_catalog"] => (on_read(method, O::RepositoryGetList), none, None),
        [name @ .., "tags", "list"] => (on_read(method, O::TagGetList), name_of(segments, name), None),
        [name @ .., "referrers", _] => {
            (on_read(method, O::ReferrersGetList), name_of(segments, name), segments.last())
        }
        [name @ .., "manifests", _] => (manifests(method), name_of(segments, name), segments.last()),
        [name @ .., "blobs", "uploads"] | [name @ .., "blobs", "uploads", _] if !name.is_empty() => {
            return uploads(method, name_of(segments, name), segments.get(name.len() + 2), query);
        }
        [name @ .., "blobs", _] => (blobs(method), name_of(segments, name), segments.last()),
        _ => (O::Other, none, None),
    };
    // A repository without a name is not a call the API has.
    let named =
        repository.is_empty() == matches!(operation, O::V2SupportCheck | O::RepositoryGetList | O::Other);
    if named { Call::new(operation, repository, reference) } else { Call::unknown() }
}

fn name_of<'a>(segments: &'a [String], name: &[&str]) -> &'a [String] {
    segments.get(..name.len()).unwrap_or_default()
}

fn on_read(method: &Method, operation: Operation) -> Operation {
    if matches!(*method, Method::GET | Method::HEAD) { operation } else { Operation::Other }
}

fn manifests(method: &Method) -> Operation {
    match *method {
        Method::GET | Method::HEAD => Operation::ManifestsGet,
        Method::PUT => Operation::ManifestsCreate,
        Method::DELETE => Operation::ManifestsDelete,
        _ => Operation::Other,
    }
}

fn blobs(method: &Method) -> Operation {
    match *method {
        Method::GET => Operation::BlobGet,
        Method::HEAD => Operation::BlobCheck,
        Method::DELETE => Operation::BlobDelete,
        _ => Operation::Other,
    }
}

fn uploads(method: &Method, repository: &[String], upload: Option<&String>, query: Option<&str>) -> Call {
    let mount = query::values(query, "mount");
    let operation = match *method {
        Method::POST if mount.is_some() => Operation::BlobMount,
        Method::POST => Operation::BlobStartUpload,
        Method::GET | Method::HEAD => Operation::BlobGetStatus,
        Method::PATCH => Operation::BlobUpload,
        Method::PUT => Operation::BlobEndUpload,
        Method::DELETE => Operation::BlobCancelUpload,
        _ => return Call::unknown(),
    };
    let call = Call::new(operation, repository, upload.filter(|upload| !upload.is_empty()));
    let digest = mount.or_else(|| query::values(query, "digest"));
    Call { digest, from: query::values(query, "from"), ..call }
}

fn metadata(method: &Method, segments: &[String]) -> Call {
    use Operation as O;
    // No component of a repository name begins with an underscore, so the first that does ends the name.
    let split = segments.iter().position(|s| s.starts_with('_')).unwrap_or(segments.len());
    let (repository, rest) = segments.split_at(split);
    let words: Vec<&str> = rest.iter().map(String::as_str).collect();
    let pick = |read, update, delete| match *method {
        Method::GET | Method::HEAD => read,
        Method::PATCH => update,
        Method::DELETE => delete,
        _ => O::Other,
    };
    let operation = match (repository.is_empty(), words.as_slice()) {
        // A closing slash makes it another path, which the API does not have.
        _ if segments.iter().any(String::is_empty) => O::Other,
        (true, ["_catalog"]) => pick(O::RepositoryGetList, O::Other, O::Other),
        (false, []) => pick(O::RepositoryGetAttributes, O::RepositoryUpdateAttributes, O::RepositoryDelete),
        (false, ["_tags"]) => pick(O::TagGetList, O::Other, O::Other),
        (false, ["_tags", _]) => pick(O::TagGetAttributes, O::TagUpdateAttributes, O::TagDelete),
        (false, ["_manifests"]) => pick(O::ManifestsGetList, O::Other, O::Other),
        (false, ["_manifests", _]) => pick(O::ManifestsGetAttributes, O::ManifestsUpdateAttributes, O::Other),
        _ => O::Other,
    };
    if operation == O::Other {
        Call::new(operation, &[], None)
    } else {
        Call::new(operation, repository, rest.get(1))
    }
}

fn token(method: &Method, segments: &[String]) -> Call {
    let words: Vec<&str> = segments.iter().map(String::as_str).collect();
    let operation = match (method, words.as_slice()) {
        (&Method::POST, ["exchange"]) => Operation::RefreshTokensGetFromExchange,
        (&Method::POST, ["token"]) => Operation::AccessTokensGet,
        (&Method::GET, ["token"]) => Operation::AccessTokensGetFromLogin,
        _ => Operation::Other,
    };
    Call::new(operation, &[], None)
}

impl Operation {
    /// The write it is; none for what only reads and for [`Operation::Other`], which is judged by its method.
    #[must_use]
    pub fn action(self) -> Option<Action> {
        match self {
            Self::TagDelete => Some(Action::Untag),
            Self::ManifestsDelete | Self::BlobDelete | Self::RepositoryDelete => Some(Action::Delete),
            Self::RepositoryUpdateAttributes
            | Self::TagUpdateAttributes
            | Self::ManifestsUpdateAttributes => Some(Action::Lock),
            Self::ManifestsCreate
            | Self::BlobMount
            | Self::BlobStartUpload
            | Self::BlobUpload
            | Self::BlobEndUpload
            | Self::BlobCancelUpload => Some(Action::Push),
            _ => None,
        }
    }

    /// Whether it is one of the three calls that hand out tokens.
    #[must_use]
    pub fn is_token_call(self) -> bool {
        matches!(
            self,
            Self::RefreshTokensGetFromExchange | Self::AccessTokensGet | Self::AccessTokensGetFromLogin
        )
    }

    /// Whether the registry may answer with a redirect to storage.
    #[must_use]
    pub fn may_redirect_to_storage(self) -> bool {
        matches!(self, Self::BlobGet | Self::BlobCheck)
    }
}

impl Call {
    /// What the audit log calls the write that a call with this method is; none for what only reads and for token calls.
    pub(crate) fn audited_action(&self, method: &Method) -> Option<&'static str> {
        match self.operation.action() {
            Some(action) => Some(action.as_str()),
            None if matches!(*method, Method::GET | Method::HEAD) || self.operation.is_token_call() => None,
            // A call that the API does not have may still change something.
            None => Some("unknown"),
        }
    }

    /// The scope an access token needs for the call, as in a challenge; none where any token will do.
    ///
    /// A mount also needs `pull` on the repository it mounts from, which the registry's challenge names.
    #[must_use]
    pub fn scope(&self) -> Option<String> {
        use Operation as O;
        let actions = match self.operation {
            O::RepositoryGetList => return Some("registry:catalog:*".to_owned()),
            O::ManifestsGet | O::BlobGet | O::BlobCheck | O::ReferrersGetList => "pull",
            O::RepositoryGetAttributes | O::TagGetList | O::TagGetAttributes => "metadata_read",
            O::ManifestsGetList | O::ManifestsGetAttributes => "metadata_read",
            O::RepositoryUpdateAttributes | O::TagUpdateAttributes | O::ManifestsUpdateAttributes => {
                "metadata_write"
            }
            O::RepositoryDelete | O::TagDelete | O::ManifestsDelete | O::BlobDelete | O::BlobCancelUpload => {
                "delete"
            }
            O::ManifestsCreate | O::BlobMount | O::BlobStartUpload => "pull,push",
            O::BlobGetStatus | O::BlobUpload | O::BlobEndUpload => "pull,push",
            _ => return None,
        };
        Some(format!("repository:{}:{actions}", self.repository.as_deref()?))
    }
}

#[cfg(test)]
#[path = "operation_tests.rs"]
mod tests;

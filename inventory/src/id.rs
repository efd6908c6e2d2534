//! The numbers that stand for names inside an inventory: four bytes each, valid for the inventory that handed them out.

macro_rules! id {
    ($name:ident, $what:literal) => {
        #[doc = concat!("A ", $what, " of one inventory. Ids stay valid while that inventory lives, also after the registry deleted what they name.")]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u32);

        impl $name {
            pub(crate) fn new(index: usize) -> Self {
                Self(u32::try_from(index).unwrap_or(u32::MAX))
            }

            /// The position in the inventory's own tables.
            pub(crate) fn index(self) -> usize {
                self.0 as usize
            }
        }
    };
}

id!(RepositoryId, "repository");
id!(TagId, "tag");
id!(ManifestId, "manifest in a repository");
id!(DigestId, "digest");
id!(ContentId, "manifest's content");

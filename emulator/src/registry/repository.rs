//! One repository: its manifests and tags, each indexed by name and by time. Holds and orders; checks nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::sync::Arc;

use super::attributes::{Flags, Quarantine};
use super::content::Content;
use crate::protocol::name::{Digest, TagName};
use crate::protocol::page::{Cursor, Order};
use crate::protocol::time::Time;

/// A repository.
#[derive(Debug, Default)]
pub(crate) struct Repository {
    pub(crate) created: Time,
    pub(crate) updated: Time,
    pub(crate) flags: Flags,
    pub(crate) manifests: Indexed<Digest, Box<Manifest>>,
    pub(crate) tags: Indexed<TagName, Tag>,
    /// Manifests whose subject is the key, by when they were pushed.
    pub(crate) referrers: BTreeMap<Digest, BTreeSet<(Time, Digest)>>,
}

/// A manifest in a repository.
#[derive(Clone, Debug)]
pub(crate) struct Manifest {
    pub(crate) content: Arc<Content>,
    pub(crate) created: Time,
    pub(crate) updated: Time,
    /// Bytes: of an image its manifest, config and layers, of an index its own and its children's.
    pub(crate) image_size: u64,
    pub(crate) architecture: Option<Arc<str>>,
    pub(crate) os: Option<Arc<str>>,
    pub(crate) flags: Flags,
    pub(crate) quarantine: Quarantine,
    pub(crate) tags: BTreeSet<TagName>,
}

/// A tag in a repository.
#[derive(Clone, Debug)]
pub(crate) struct Tag {
    pub(crate) digest: Digest,
    pub(crate) created: Time,
    pub(crate) updated: Time,
    pub(crate) flags: Flags,
}

/// Something that has a time of last update.
pub(crate) trait Dated {
    fn updated(&self) -> Time;
}

impl Dated for Box<Manifest> {
    fn updated(&self) -> Time {
        self.updated
    }
}

impl Dated for Tag {
    fn updated(&self) -> Time {
        self.updated
    }
}

/// A map ordered by key and by time of last update: a page of either starts in logarithmic time, wherever it lies.
#[derive(Debug)]
pub(crate) struct Indexed<K, V> {
    items: BTreeMap<K, V>,
    by_time: BTreeMap<Time, BTreeSet<K>>,
}

impl<K, V> Default for Indexed<K, V> {
    fn default() -> Self {
        Self { items: BTreeMap::new(), by_time: BTreeMap::new() }
    }
}

impl<K: Ord + Clone + std::borrow::Borrow<str>, V: Dated> Indexed<K, V> {
    pub(crate) fn get(&self, key: &K) -> Option<&V> {
        self.items.get::<K>(key)
    }

    pub(crate) fn len(&self) -> usize {
        self.items.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// All items by key.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.items.iter()
    }

    pub(crate) fn insert(&mut self, key: K, value: V) {
        let before = self.items.get::<K>(&key).map(V::updated);
        let after = value.updated();
        self.items.insert(key.clone(), value);
        self.reorder(&key, before, Some(after));
    }

    /// Changes an item in place; its time of last update is kept in order.
    pub(crate) fn update(&mut self, key: &K, change: impl FnOnce(&mut V)) {
        if let Some(value) = self.items.get_mut::<K>(key) {
            let before = value.updated();
            change(value);
            let after = value.updated();
            self.reorder(key, Some(before), Some(after));
        }
    }

    pub(crate) fn remove(&mut self, key: &K) -> Option<V> {
        let value = self.items.remove::<K>(key)?;
        self.reorder(key, Some(value.updated()), None);
        Some(value)
    }

    fn reorder(&mut self, key: &K, before: Option<Time>, after: Option<Time>) {
        if before == after {
            return;
        }
        if let Some(before) = before
            && let Some(keys) = self.by_time.get_mut(&before)
        {
            keys.remove::<K>(key);
            if keys.is_empty() {
                self.by_time.remove(&before);
            }
        }
        if let Some(after) = after {
            self.by_time.entry(after).or_default().insert(key.clone());
        }
    }

    /// The items after `cursor` in `order`.
    pub(crate) fn after<'a>(
        &'a self,
        cursor: Cursor<'_>,
        order: Order,
    ) -> Box<dyn Iterator<Item = (&'a K, &'a V)> + 'a> {
        let with_value = move |key: &'a K| Some((key, self.items.get::<K>(key)?));
        if order == Order::Lexical {
            let start = match cursor {
                Cursor::Start => Bound::Unbounded,
                Cursor::Name(name) | Cursor::Moment(_, name) => Bound::Excluded(name),
            };
            return Box::new(self.items.range::<str, _>((start, Bound::Unbounded)));
        }
        let ascending = order == Order::TimeAscending;
        let Some((time, name)) = self.moment(cursor) else {
            let keys = self.by_time.values();
            return if ascending {
                Box::new(keys.flatten().filter_map(with_value))
            } else {
                Box::new(keys.rev().flat_map(|keys| keys.iter().rev()).filter_map(with_value))
            };
        };
        let same_time = self.by_time.get(&time);
        if ascending {
            let after = (Bound::Excluded(name), Bound::Unbounded);
            let same_time = same_time.map(|keys| keys.range::<str, _>(after)).into_iter().flatten();
            let later = self.by_time.range((Bound::Excluded(time), Bound::Unbounded));
            Box::new(same_time.chain(later.flat_map(|(_, keys)| keys)).filter_map(with_value))
        } else {
            let before = (Bound::Unbounded, Bound::Excluded(name));
            let same_time = same_time.map(|keys| keys.range::<str, _>(before).rev()).into_iter().flatten();
            let earlier = self.by_time.range(..time).rev().flat_map(|(_, keys)| keys.iter().rev());
            Box::new(same_time.chain(earlier).filter_map(with_value))
        }
    }

    /// The place of a cursor in the order of time; `None` for the beginning, and for a name that is not there.
    fn moment<'c>(&self, cursor: Cursor<'c>) -> Option<(Time, &'c str)> {
        match cursor {
            Cursor::Start => None,
            Cursor::Moment(time, name) => Some((time, name)),
            Cursor::Name(name) => Some((self.items.get(name)?.updated(), name)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags(times: &[(&str, u64)]) -> Indexed<TagName, Tag> {
        let mut tags = Indexed::default();
        for (name, time) in times {
            let updated = Time::from_ticks(*time);
            let tag = Tag { digest: Digest::of(b""), created: updated, updated, flags: Flags::default() };
            tags.insert(TagName::parse(name).unwrap(), tag);
        }
        tags
    }

    fn names(tags: &Indexed<TagName, Tag>, cursor: Cursor<'_>, order: Order) -> Vec<String> {
        tags.after(cursor, order).map(|(name, _)| name.to_string()).collect()
    }

    #[test]
    fn a_page_starts_after_the_last_item_in_every_order() {
        let tags = tags(&[("a", 3), ("b", 1), ("c", 2)]);
        assert_eq!(names(&tags, Cursor::Name("a"), Order::Lexical), ["b", "c"]);
        assert_eq!(names(&tags, Cursor::Name("aa"), Order::Lexical), ["b", "c"]);
        assert_eq!(names(&tags, Cursor::Start, Order::TimeAscending), ["b", "c", "a"]);
        assert_eq!(names(&tags, Cursor::Name("b"), Order::TimeAscending), ["c", "a"]);
        assert_eq!(names(&tags, Cursor::Name("a"), Order::TimeDescending), ["c", "b"]);
    }

    #[test]
    fn a_moment_finds_its_place_whatever_became_of_its_item() {
        let tags = tags(&[("a", 2), ("b", 2), ("c", 2), ("d", 1), ("e", 3)]);
        let at = |name| Cursor::Moment(Time::from_ticks(2), name);
        assert_eq!(names(&tags, at("b"), Order::TimeAscending), ["c", "e"]);
        assert_eq!(names(&tags, at("b"), Order::TimeDescending), ["a", "d"]);
        assert_eq!(names(&tags, at("gone"), Order::TimeAscending), ["e"]);
        assert_eq!(names(&tags, Cursor::Start, Order::TimeDescending), ["e", "c", "b", "a", "d"]);
    }

    #[test]
    fn moving_a_tag_moves_it_in_the_order_of_time() {
        let mut tags = tags(&[("a", 1), ("b", 2)]);
        tags.update(&TagName::parse("a").unwrap(), |tag| tag.updated = Time::from_ticks(9));
        assert_eq!(names(&tags, Cursor::Start, Order::TimeDescending), ["a", "b"]);
    }
}

//! One repository: its manifests and tags, each indexed by name and by time. Holds and orders; checks nothing.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::ops::Bound;
use std::sync::Arc;

use super::attributes::{Flags, Quarantine};
use super::content::Content;
use crate::protocol::name::{Digest, TagName};
use crate::protocol::page::Order;
use crate::protocol::time::Time;

/// How many removed names a repository remembers the times of, so that a client which deletes while it pages by
/// time can go on from an item that it has deleted.
const DEPARTED_MAX: usize = 1_000;

/// A repository.
#[derive(Debug, Default)]
pub(crate) struct Repository {
    pub(crate) created: Time,
    pub(crate) updated: Time,
    pub(crate) flags: Flags,
    pub(crate) manifests: Indexed<Digest, Box<Manifest>>,
    pub(crate) tags: Indexed<TagName, Tag>,
    /// Digests of manifests whose subject is the key.
    pub(crate) referrers: BTreeMap<Digest, BTreeSet<Digest>>,
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
    by_time: BTreeSet<(Time, K)>,
    departed: VecDeque<(K, Time)>,
}

impl<K, V> Default for Indexed<K, V> {
    fn default() -> Self {
        Self { items: BTreeMap::new(), by_time: BTreeSet::new(), departed: VecDeque::new() }
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
        self.by_time.insert((value.updated(), key.clone()));
        if let Some(old) = self.items.get::<K>(&key)
            && old.updated() != value.updated()
        {
            self.by_time.remove(&(old.updated(), key.clone()));
        }
        self.items.insert(key, value);
    }

    /// Changes an item in place; its time of last update is kept in order.
    pub(crate) fn update(&mut self, key: &K, change: impl FnOnce(&mut V)) {
        if let Some(value) = self.items.get_mut::<K>(key) {
            let before = value.updated();
            change(value);
            let after = value.updated();
            if before != after {
                self.by_time.remove(&(before, key.clone()));
                self.by_time.insert((after, key.clone()));
            }
        }
    }

    pub(crate) fn remove(&mut self, key: &K) -> Option<V> {
        let value = self.items.remove::<K>(key)?;
        self.by_time.remove(&(value.updated(), key.clone()));
        if self.departed.len() == DEPARTED_MAX {
            self.departed.pop_front();
        }
        self.departed.push_back((key.clone(), value.updated()));
        Some(value)
    }

    /// The items after `last` in `order`; all of them when `last` is empty.
    pub(crate) fn after<'a>(
        &'a self,
        last: &str,
        order: Order,
    ) -> Box<dyn Iterator<Item = (&'a K, &'a V)> + 'a> {
        let with_value = move |(_, key): &'a (Time, K)| Some((key, self.items.get::<K>(key)?));
        match order {
            Order::Lexical => {
                let start = if last.is_empty() { Bound::Unbounded } else { Bound::Excluded(last) };
                Box::new(self.items.range::<str, _>((start, Bound::Unbounded)))
            }
            Order::TimeAscending => {
                let start = self.position(last).map_or(Bound::Unbounded, Bound::Excluded);
                Box::new(self.by_time.range((start, Bound::Unbounded)).filter_map(with_value))
            }
            Order::TimeDescending => {
                let end = self.position(last).map_or(Bound::Unbounded, Bound::Excluded);
                Box::new(self.by_time.range((Bound::Unbounded, end)).rev().filter_map(with_value))
            }
        }
    }

    fn position(&self, last: &str) -> Option<(Time, K)> {
        if let Some((key, value)) = self.items.get_key_value(last) {
            return Some((value.updated(), key.clone()));
        }
        let departed = self.departed.iter().rev().find(|(key, _)| key.borrow() == last);
        departed.map(|(key, time)| (*time, key.clone()))
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

    fn names(tags: &Indexed<TagName, Tag>, last: &str, order: Order) -> Vec<String> {
        tags.after(last, order).map(|(name, _)| name.to_string()).collect()
    }

    #[test]
    fn a_page_starts_behind_the_last_item_in_every_order() {
        let tags = tags(&[("a", 3), ("b", 1), ("c", 2)]);
        assert_eq!(names(&tags, "a", Order::Lexical), ["b", "c"]);
        assert_eq!(names(&tags, "aa", Order::Lexical), ["b", "c"]);
        assert_eq!(names(&tags, "", Order::TimeAscending), ["b", "c", "a"]);
        assert_eq!(names(&tags, "b", Order::TimeAscending), ["c", "a"]);
        assert_eq!(names(&tags, "a", Order::TimeDescending), ["c", "b"]);
    }

    #[test]
    fn a_client_that_deletes_while_paging_by_time_loses_nothing() {
        let mut tags = tags(&[("a", 3), ("b", 1), ("c", 2)]);
        tags.remove(&TagName::parse("a").unwrap());
        assert_eq!(names(&tags, "a", Order::TimeDescending), ["c", "b"]);
    }

    #[test]
    fn moving_a_tag_moves_it_in_the_order_of_time() {
        let mut tags = tags(&[("a", 1), ("b", 2)]);
        tags.update(&TagName::parse("a").unwrap(), |tag| tag.updated = Time::from_ticks(9));
        assert_eq!(names(&tags, "", Order::TimeDescending), ["a", "b"]);
    }
}

//! Lists of ids by id in two flat vectors (compressed sparse rows).

/// For each key below a number, a list of values.
#[derive(Debug, Clone, Default)]
pub(crate) struct Csr {
    /// Where each key's values begin; one more than there are keys.
    starts: Vec<u32>,
    values: Vec<u32>,
}

impl Csr {
    /// Groups pairs of key and value. A key at or above `keys` is left out; values keep the order of the pairs.
    pub(crate) fn group(keys: usize, pairs: impl Iterator<Item = (usize, usize)> + Clone) -> Self {
        let mut starts = vec![0_u32; keys + 1];
        for (key, _) in pairs.clone() {
            if let Some(count) = starts.get_mut(key + 1) {
                *count += 1;
            }
        }
        let mut total = 0;
        for start in &mut starts {
            total += *start;
            *start = total;
        }
        let mut next = starts.clone();
        let mut values = vec![0; total as usize];
        for (key, value) in pairs {
            if key < keys
                && let Some(place) = next.get_mut(key)
                && let Some(slot) = values.get_mut(*place as usize)
            {
                *slot = u32::try_from(value).unwrap_or(u32::MAX);
                *place += 1;
            }
        }
        Self { starts, values }
    }

    /// The values of a key; empty where it has none.
    pub(crate) fn get(&self, key: usize) -> &[u32] {
        let bounds = self.starts.get(key).zip(self.starts.get(key + 1));
        bounds.and_then(|(start, end)| self.values.get(*start as usize..*end as usize)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_grouped_by_key_in_order() {
        let pairs = [(2, 7), (0, 1), (2, 5), (9, 9)];
        let csr = Csr::group(3, pairs.into_iter());
        assert_eq!(
            (csr.get(0), csr.get(1), csr.get(2), csr.get(9)),
            (&[1][..], &[][..], &[7, 5][..], &[][..])
        );
    }
}

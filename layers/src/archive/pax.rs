//! The records of PAX extended headers (POSIX.1-2001): `length key=value\n`.

use super::header::{decimal, signed_decimal};
use super::sparse::Segment;

/// What the records of an extended header set for an entry.
#[derive(Debug, Clone, Default)]
pub(super) struct Pax {
    pub(super) path: Option<Vec<u8>>,
    pub(super) link: Option<Vec<u8>>,
    pub(super) size: Option<u64>,
    pub(super) uid: Option<i64>,
    pub(super) gid: Option<i64>,
    pub(super) mtime: Option<i64>,
    /// Whether a record that does not locate content is invalid and was ignored.
    pub(super) has_invalid_field: bool,
    pub(super) sparse: SparseRecords,
}

/// The records by which GNU tar describes sparse files, in its three versions.
#[derive(Debug, Clone, Default)]
pub(super) struct SparseRecords {
    pub(super) name: Option<Vec<u8>>,
    pub(super) size: Option<u64>,
    pub(super) major: Option<u64>,
    /// Version 0.1: `offset,length,…`; version 0.0: separate records.
    pub(super) map: Vec<Segment>,
    pub(super) is_sparse: bool,
    pub(super) invalid: bool,
    offset: Option<u64>,
}

impl Pax {
    /// Reads records. Later ones replace earlier ones. Returns `None` where the records are malformed or the size is
    /// invalid: where the next header is would be a guess.
    pub(super) fn read(mut records: &[u8]) -> Option<Self> {
        let mut pax = Self::default();
        while !records.is_empty() {
            // Some writers pad the last record with NUL bytes.
            if records.iter().all(|byte| *byte == 0) {
                break;
            }
            let digits = records.iter().position(|byte| *byte == b' ')?;
            let length = usize::try_from(decimal(records.get(..digits)?)?).ok()?;
            let record = records.get(digits + 1..length)?.strip_suffix(b"\n")?;
            let equals = record.iter().position(|byte| *byte == b'=')?;
            let (key, value) = record.split_at_checked(equals)?;
            pax.set(key, value.get(1..)?)?;
            records = records.get(length..)?;
        }
        Some(pax)
    }

    fn set(&mut self, key: &[u8], value: &[u8]) -> Option<()> {
        // An empty value leaves the header's own field in force (POSIX.1, pax, "pax Extended Header").
        let value = Some(value).filter(|value| !value.is_empty());
        match key {
            b"path" => self.path = value.map(<[u8]>::to_vec),
            b"linkpath" => self.link = value.map(<[u8]>::to_vec),
            b"size" => self.size = value.map(|value| decimal(value).ok_or(())).transpose().ok()?,
            b"uid" => self.uid = self.field(value, signed_decimal),
            b"gid" => self.gid = self.field(value, signed_decimal),
            b"mtime" => self.mtime = self.field(value, seconds),
            _ => {
                if let (Some(key), Some(value)) = (key.strip_prefix(b"GNU.sparse."), value) {
                    self.sparse.set(key, value);
                }
            }
        }
        Some(())
    }

    fn field(&mut self, value: Option<&[u8]>, parse: fn(&[u8]) -> Option<i64>) -> Option<i64> {
        let parsed = value.and_then(parse);
        self.has_invalid_field |= value.is_some() && parsed.is_none();
        parsed
    }
}

impl SparseRecords {
    fn set(&mut self, key: &[u8], value: &[u8]) {
        self.is_sparse = true;
        let number = decimal(value);
        match key {
            b"name" => self.name = Some(value.to_vec()),
            b"size" | b"realsize" => self.size = number,
            b"major" => self.major = number,
            b"offset" => self.offset = number,
            b"numbytes" => match (self.offset.take(), number) {
                (Some(offset), Some(length)) => self.map.push(Segment { offset, length }),
                _ => self.invalid = true,
            },
            b"map" => match parse_map(value) {
                Some(map) => self.map = map,
                None => self.invalid = true,
            },
            _ => {}
        }
    }
}

fn parse_map(value: &[u8]) -> Option<Vec<Segment>> {
    let numbers = value.split(|byte| *byte == b',').map(decimal).collect::<Option<Vec<u64>>>()?;
    let (pairs, rest) = numbers.as_chunks::<2>();
    rest.is_empty()
        .then(|| pairs.iter().map(|[offset, length]| Segment { offset: *offset, length: *length }).collect())
}

/// The integer part of a time in seconds, rounded down.
fn seconds(value: &[u8]) -> Option<i64> {
    let text = std::str::from_utf8(value).ok()?;
    let (integer, fraction) = text.split_once('.').unwrap_or((text, ""));
    let seconds: i64 = integer.parse().ok()?;
    let below = integer.starts_with('-') && fraction.bytes().any(|digit| digit != b'0');
    Some(if below { seconds.saturating_sub(1) } else { seconds })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_read() {
        let pax = Pax::read(b"12 path=a/b\n15 size=000123\n19 mtime=-1.500000\n10 uid=-1\n").unwrap();
        assert_eq!(
            (pax.path.as_deref(), pax.size, pax.mtime, pax.uid),
            (Some(b"a/b".as_slice()), Some(123), Some(-2), Some(-1))
        );
    }

    #[test]
    fn empty_values_set_nothing() {
        let pax =
            Pax::read(b"8 uid=5\n7 uid=\n8 path=\n13 linkpath=\n8 size=\n9 mtime=\n20 GNU.sparse.name=\n")
                .unwrap();
        assert_eq!((pax.uid, pax.path, pax.link, pax.size, pax.mtime), (None, None, None, None, None));
        assert!(!pax.has_invalid_field && !pax.sparse.is_sparse);
    }

    #[test]
    fn records_that_do_not_locate_content_may_be_invalid() {
        let pax = Pax::read(b"8 uid=x\n11 mtime=x\n8 gid=7\n").unwrap();
        assert_eq!((pax.uid, pax.mtime, pax.gid), (None, None, Some(7)));
        assert!(pax.has_invalid_field);
    }

    #[test]
    fn malformed_records_are_refused() {
        for records in [
            "path=a\n",
            "99 path=a\n",
            "8 path=a\n",
            "4 a\n",
            "0 a=b\n",
            "x a=b\n",
            "13 size=12x4\n\n",
            "11 size=-1\n",
        ] {
            assert!(Pax::read(records.as_bytes()).is_none(), "{records}");
        }
    }
}

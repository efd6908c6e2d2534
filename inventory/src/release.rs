//! Tags that look like releases.

/// Whether a tag looks like a release: numbers with dots between, at least two of them, an optional `v` in front, and after it nothing
/// that says otherwise: `1.2`, `v1.2.3`, `2024.01.15`, `1.2.3-alpine`, but not `1.2.3-rc.1`, `latest` or `20240115`.
#[must_use]
pub fn is_release(tag: &str) -> bool {
    let rest = tag.strip_prefix(['v', 'V']).unwrap_or(tag);
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
    let Some((numbers, suffix)) = rest.split_at_checked(end) else { return false };
    let parts: Vec<&str> = numbers.split('.').collect();
    let is_version = (2..=4).contains(&parts.len()) && parts.iter().all(|part| (1..=9).contains(&part.len()));
    if !is_version || !(suffix.is_empty() || suffix.starts_with(['-', '_', '+'])) {
        return false;
    }
    const UNFINISHED: [&str; 13] = [
        "alpha", "beta", "rc", "pre", "preview", "dev", "snapshot", "nightly", "canary", "test", "pr", "wip",
        "next",
    ];
    let words = suffix.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| !word.is_empty());
    !words.map(str::to_ascii_lowercase).any(|word| UNFINISHED.contains(&word.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_are_distinguished_from_other_tags() {
        for tag in [
            "1.2",
            "v1.2.3",
            "V2.0",
            "2024.01.15",
            "1.2.3-alpine",
            "1.2.3.4",
            "3.19-slim_2",
            "10.0.1-preserved",
        ] {
            assert!(is_release(tag), "{tag}");
        }
        for tag in [
            "",
            "v",
            "1",
            "latest",
            "20240115",
            "1.2.3-rc.1",
            "1.2-RC1",
            "2.0.0-beta",
            "1.",
            ".1",
            "1..2",
            "1.2x",
            "v1.2.3-dev-5",
            "1.2.3.4.5",
        ] {
            assert!(!is_release(tag), "{tag}");
        }
    }
}

//! Numbers as people read them: sizes, counts, digests. Pure; times are in `format/time.rs`.

pub(crate) mod time;

/// A size in bytes in binary units: `525 B`, `3.2 KiB`, `21.5 MiB`.
pub(crate) fn size(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["KiB", "MiB", "GiB", "TiB", "PiB"];
    if bytes < 1024 {
        return format!("{bytes}\u{a0}B");
    }
    // Exact enough for three digits, which is all that is shown.
    let mut value = bytes as f64 / 1024.0;
    let mut unit = UNITS[0];
    for next in UNITS.into_iter().skip(1) {
        if value < 1023.95 {
            break;
        }
        value /= 1024.0;
        unit = next;
    }
    if value < 99.95 { format!("{value:.1}\u{a0}{unit}") } else { format!("{value:.0}\u{a0}{unit}") }
}

/// A count with its digits grouped by threes: `1 204`.
pub(crate) fn count(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push('\u{a0}');
        }
        text.push(digit);
    }
    text
}

/// A count with the noun that fits it: `1 tag`, `1 204 tags`.
pub(crate) fn counted(number: usize, one: &str, many: &str) -> String {
    format!("{} {}", count(number), if number == 1 { one } else { many })
}

/// A size in bytes with all its digits, for the hover text.
pub(crate) fn bytes(number: u64) -> String {
    format!("{} bytes", count(usize::try_from(number).unwrap_or(usize::MAX)))
}

/// The part of a digest that is shown: the algorithm and twelve digits. Anything else is shown cut to as many characters.
pub(crate) fn short_digest(digest: &str) -> String {
    match digest.split_once(':') {
        Some((algorithm, hex)) => format!("{algorithm}:{}", hex.chars().take(12).collect::<String>()),
        None => digest.chars().take(19).collect(),
    }
}

/// What share of a total a part is, in percent; 0 of 0 is 0.
pub(crate) fn percent(part: u64, total: u64) -> f64 {
    if total == 0 { 0.0 } else { part as f64 * 100.0 / total as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_in_binary_units_with_three_digits() {
        for (bytes, text) in [
            (0, "0 B"),
            (1023, "1023 B"),
            (1024, "1.0 KiB"),
            (22_581_618, "21.5 MiB"),
            (1_048_575, "1.0 MiB"),
            (150 * 1024 * 1024, "150 MiB"),
            (u64::MAX, "16384 PiB"),
        ] {
            assert_eq!(size(bytes).replace('\u{a0}', " "), text, "{bytes} bytes");
        }
    }

    #[test]
    fn counts_are_grouped_by_threes() {
        for (number, text) in
            [(0, "0"), (142, "142"), (1204, "1 204"), (100_000, "100 000"), (1_000_000, "1 000 000")]
        {
            assert_eq!(count(number).replace('\u{a0}', " "), text);
        }
    }

    #[test]
    fn a_digest_is_shown_by_its_first_twelve_digits() {
        assert_eq!(short_digest("sha256:0123456789abcdef"), "sha256:0123456789ab");
        assert_eq!(short_digest("höchst-seltsamer-text-ohne-doppelpunkt"), "höchst-seltsamer-te");
    }

    #[test]
    fn a_share_of_nothing_is_nothing() {
        assert!((percent(1, 4) - 25.0).abs() < f64::EPSILON);
        assert!(percent(0, 0).abs() < f64::EPSILON);
    }
}

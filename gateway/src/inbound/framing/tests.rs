//! How requests are separated, in one piece and in several.

use super::*;

const GET: &str = "GET / HTTP/1.1\r\nhost: a\r\n\r\n";

/// Which request of these bytes is the first ambiguous one, however they are cut.
fn ambiguous(text: &str) -> Option<u64> {
    let mut whole = Reader::default();
    whole.read(text.as_bytes());
    for size in [1, 2, 3, 7] {
        let mut parts = Reader::default();
        text.as_bytes().chunks(size).for_each(|part| parts.read(part));
        assert_eq!(
            (parts.ambiguous, parts.requests),
            (whole.ambiguous, whole.requests),
            "{text:?} by {size}"
        );
    }
    whole.ambiguous
}

fn put(fields: &str, body: &str) -> String {
    format!("PUT /x HTTP/1.1\r\nhost: a\r\n{fields}\r\n{body}")
}

#[test]
fn a_length_next_to_chunks_is_ambiguous_wherever_it_stands() {
    let both = "content-length: 4\r\ntransfer-encoding: chunked\r\n";
    let other = "TRANSFER-ENCODING: chunked\r\nX: y\r\nContent-Length:\t4 \r\n";
    let long = format!("content-length:{}4\r\ntransfer-encoding: chunked\r\n", " ".repeat(200));
    for fields in [both, other, long.as_str()] {
        assert_eq!(ambiguous(&put(fields, "0\r\n\r\n")), Some(0), "{fields:?}");
        let second = format!("{GET}{}", put(fields, "0\r\n\r\n"));
        assert_eq!(ambiguous(&second), Some(1), "{fields:?}");
    }
    assert_eq!(ambiguous(&put(&both.replace('\r', ""), "").replace("\r\n", "\n")), Some(0));
}

#[test]
fn a_length_that_is_said_twice_or_is_none_is_ambiguous() {
    for fields in [
        "content-length: 4\r\ncontent-length: 4\r\n",
        "content-length: 4, 4\r\n",
        "content-length: +4\r\n",
        "content-length:\r\n",
    ] {
        assert_eq!(ambiguous(&put(fields, "four")), Some(0), "{fields:?}");
    }
}

#[test]
fn requests_with_one_length_are_followed_to_the_next() {
    let after = put("content-length: 1\r\ntransfer-encoding: chunked\r\n", "");
    for before in [
        GET.to_owned(),
        put("content-length: 4\r\n", "four"),
        put("content-length: 0\r\n", ""),
        put("transfer-encoding: chunked\r\n", "4\r\nfour\r\n0\r\n\r\n"),
        put(
            "transfer-encoding: chunked\r\n",
            "A;x=\"y\"\r\n0123456789\r\n1 \r\nx\r\n0\r\ncontent-length: 9\r\n\r\n",
        ),
        put("content-length: 27\r\n", GET),
        put("x-content-length: 4\r\nx: transfer-encoding: chunked\r\n", ""),
        format!("\r\n\r\n{GET}"),
    ] {
        assert_eq!(ambiguous(&before), None, "{before:?}");
        assert_eq!(ambiguous(&format!("{before}{after}")), Some(1), "{before:?}");
    }
}

#[test]
fn what_cannot_be_followed_is_believed_no_longer() {
    let zeros = format!("{}5\r\nhello\r\n0\r\n\r\n", "0".repeat(100));
    let long = format!("0\r\nx: {}\n\n", "y".repeat(200));
    for body in [
        "x\r\n",
        "fffffffffffffffff\r\n",
        "4\r\nfourx\r\n",
        "\r\n",
        "5\nhello\r\n0\r\n\r\n",
        "5\r\nhello\n0\r\n\r\n",
        "5\r\nhello\r\n0\r\nx: y\n\nGET / HTTP/1.1\n\n\r\n\r\n",
        &zeros,
        &long,
    ] {
        assert_eq!(ambiguous(&put("transfer-encoding: chunked\r\n", body)), Some(1), "{body:?}");
    }
}

#[test]
fn a_fragment_in_a_target_is_ambiguous() {
    assert_eq!(ambiguous("GET /v2/#x HTTP/1.1\r\nhost: a\r\n\r\n"), Some(0));
    let long = format!("{GET}GET /{}#x HTTP/1.1\r\nhost: a\r\n\r\n", "v".repeat(300));
    assert_eq!(ambiguous(&long), Some(1));
    assert_eq!(ambiguous("GET / HTTP/1.1\r\nx: #\r\n\r\n"), None);
}

#[test]
fn http_2_is_left_alone() {
    assert_eq!(
        ambiguous("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n"),
        None
    );
}

#[test]
fn a_verdict_is_about_the_request_and_all_that_follow() {
    let verdict = Verdict::default();
    verdict.0.ambiguous.store(2, Ordering::Relaxed);
    let judged: Vec<bool> = (0..3).map(|_| verdict.next_is_ambiguous()).collect();
    assert_eq!(judged, [false, true, true]);
}

proptest::proptest! {
    #[test]
    fn however_bytes_are_cut_they_are_judged_the_same(
        lines in proptest::collection::vec(
            proptest::sample::select(vec![
                "GET / HTTP/1.1\r\n", "content-length: 3\r\n", "Transfer-Encoding: chunked\r\n", "x: y\n", "\r\n", "\n",
                "3\r\n", "0\r\n", "abc", "fffffffff\r\n", ":\r\n", "content-length:", "\u{0}", " ", "PRI * HTTP/2.0\r\n",
            ]),
            0..40,
        ),
        cut in 1_usize..50,
    ) {
        let bytes = lines.concat().into_bytes();
        let (mut whole, mut parts) = (Reader::default(), Reader::default());
        whole.read(&bytes);
        bytes.chunks(cut).for_each(|part| parts.read(part));
        proptest::prop_assert_eq!((parts.ambiguous, parts.requests), (whole.ambiguous, whole.requests));
    }
}

//! What deletions and untags are reported to break, take along and leave.

use super::*;
use crate::list::rows::tests::{digest, listed as row};

fn child(letter: char, platform: &str) -> Child {
    Child { digest: digest(letter), platform: platform.to_owned() }
}

/// An index `a` tagged `latest` of `b` and `c`, an index `d` tagged `old` of `c`, and a signature of `b`.
fn rows() -> Vec<ManifestRow> {
    let signature = format!("sha256-{}.sig", "b".repeat(64));
    vec![
        row('a', "index", &["latest", "1.2"]),
        row('b', "image", &[]),
        row('c', "image", &[]),
        row('d', "index", &["old"]),
        row('e', "application/vnd.dev.cosign.artifact.sig.v1+json", &[&signature]),
    ]
}

fn evidence(gone: &str, chosen: &[&str]) -> Evidence {
    let gone: BTreeSet<_> = gone.chars().map(digest).collect();
    Evidence {
        referrers: gone.iter().map(|digest| (digest.clone(), Vec::new())).collect(),
        gone,
        chosen: chosen.iter().map(|tag| (*tag).to_owned()).collect(),
        children: BTreeMap::from([
            (digest('a'), vec![child('b', "linux/amd64"), child('c', "linux/arm64")]),
            (digest('d'), vec![child('c', "linux/arm64")]),
        ]),
        complete: true,
        ..Evidence::default()
    }
}

fn names(lines: &[Line], text: &str) -> Vec<String> {
    lines.iter().find(|line| line.text == text).map(|line| line.names.clone()).unwrap_or_default()
}

#[test]
fn a_child_of_a_live_index_breaks_it_and_its_signature_loses_its_subject() {
    let mut evidence = evidence("b", &[]);
    let referrers = vec![(digest('9'), "SBOM".to_owned()), (digest('b'), "SBOM".to_owned())];
    evidence.referrers.insert(digest('b'), referrers);
    let lines = evidence.of_delete(&rows());
    assert_eq!(
        names(&lines, &text::breaks(1)),
        [format!("linux/amd64 sha256:{} belongs to latest and 1.2, and these tags break", "b".repeat(12))]
    );
    assert_eq!(names(&lines, &text::orphans(2)).len(), 2, "cosign's by its tag, the other by referrers");
    assert!(lines.iter().all(|line| line.tone == Tone::Breaks), "{lines:?}");
}

#[test]
fn the_index_of_the_referrers_fallback_loses_its_subject() {
    let mut rows = rows();
    rows.push(row('f', "index", &[&format!("sha256-{}", "c".repeat(64))]));
    let lines = evidence("c", &[]).of_delete(&rows);
    assert_eq!(
        names(&lines, &text::orphans(1)),
        [text::refers_to("Image index", &format::short_digest(&digest('c')))]
    );
}

#[test]
fn a_child_of_an_index_with_an_artifact_type_breaks_its_tag() {
    let mut rows = rows();
    let provider = acr_artifact::Traits {
        media_type: "application/vnd.oci.image.index.v1+json",
        artifact_type: Some("application/vnd.opentofu.provider"),
        ..acr_artifact::Traits::default()
    };
    rows[0].description = acr_artifact::Description::new(&provider).into();
    let mut evidence = evidence("b", &[]);
    evidence.children.clear();
    assert!(evidence.unread(&rows).contains(&digest('a')), "it is read like any other index");
    evidence.children.insert(digest('a'), vec![child('b', "")]);
    evidence.children.insert(digest('d'), Vec::new());
    let lines = evidence.of_delete(&rows);
    let expected = format!("sha256:{} belongs to latest and 1.2, and these tags break", "b".repeat(12));
    assert_eq!(names(&lines, &text::breaks(1)), [expected]);
}

#[test]
fn a_child_of_an_index_within_an_index_breaks_the_tag_on_the_outer_one() {
    let rows = [row('a', "index", &["outer"]), row('b', "index", &[]), row('c', "image", &[])];
    let mut evidence = evidence("c", &[]);
    evidence.children =
        BTreeMap::from([(digest('a'), vec![child('b', "")]), (digest('b'), vec![child('c', "linux/amd64")])]);
    let lines = evidence.of_delete(&rows);
    let expected = format!("linux/amd64 sha256:{} belongs to outer, and that tag breaks", "c".repeat(12));
    assert_eq!(names(&lines, &text::breaks(1)), [expected]);
    evidence.children.remove(&digest('a'));
    let lines = evidence.of_delete(&rows);
    assert!(
        names(&lines, &text::breaks(1))[0]
            .ends_with(&format!("belongs to Image index sha256:{}, which breaks", "b".repeat(12)))
    );
}

#[test]
fn the_blobs_of_a_build_cache_are_no_manifests_that_stay() {
    let rows = [row('a', "index", &["cache"]), row('b', "image", &["1"])];
    let mut evidence = evidence("a", &["cache"]);
    evidence.children = BTreeMap::from([(digest('a'), vec![child('7', ""), child('8', "")])]);
    let lines = evidence.of_delete(&rows);
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert_eq!(lines[0].text, text::NOTHING_ELSE);
}

#[test]
fn the_children_of_an_index_stay_in_another_index_or_untagged() {
    let lines = evidence("a", &["latest"]).of_delete(&rows());
    assert_eq!(names(&lines, &text::tags_go(1)), ["1.2"], "the chosen tag is not named again");
    assert_eq!(names(&lines, &text::children_bare(1)), [format!("linux/amd64 sha256:{}", "b".repeat(12))]);
    assert_eq!(names(&lines, &text::children_kept(1)).len(), 1);
}

#[test]
fn an_index_deleted_with_its_children_breaks_nothing_of_its_own() {
    let lines = evidence("abcde", &[]).of_delete(&rows());
    assert!(lines.iter().all(|line| line.tone == Tone::Goes), "{lines:?}");
    assert!(lines.iter().any(|line| line.text == text::WHOLE_REPOSITORY));
}

#[test]
fn what_was_not_read_is_said() {
    let mut evidence = evidence("c", &[]);
    evidence.children.remove(&digest('d'));
    evidence.referrers.clear();
    evidence.complete = false;
    let lines = evidence.of_delete(&rows());
    let unchecked: Vec<_> = lines.iter().filter(|line| line.tone == Tone::Unchecked).collect();
    assert_eq!(unchecked.len(), 3, "{lines:?}");
    assert_eq!(evidence.unread(&rows()), [digest('d')]);
}

#[test]
fn indexes_to_be_deleted_are_read_first_and_untagged_ones_last() {
    let mut evidence = evidence("d", &[]);
    evidence.children.clear();
    let mut rows = rows();
    rows.insert(0, row('f', "index", &[]));
    assert_eq!(evidence.unread(&rows), [digest('d'), digest('a'), digest('f')]);
}

#[test]
fn an_untag_names_what_has_no_tag_left() {
    assert!(evidence("a", &["latest"]).of_untag(&rows()).is_empty());
    assert_eq!(evidence("a", &["latest", "1.2"]).of_untag(&rows()).len(), 1);
}

#[test]
fn tags_asked_for_by_digest_win_over_a_list_that_was_cut_short() {
    let mut evidence = evidence("a", &[]);
    evidence.tags.insert(digest('a'), vec!["1.2".into(), "1.3".into(), "latest".into()]);
    assert_eq!(names(&evidence.of_delete(&rows()), &text::tags_go(3)), ["1.2", "1.3", "latest"]);
}

#[test]
fn what_an_analysis_knows_answers_every_question() {
    let mut rows = rows();
    rows[1].platform = "linux/amd64".into();
    let known = Dependents {
        children: BTreeMap::from([
            (digest('a'), vec![digest('b'), digest('c')]),
            (digest('d'), vec![digest('c')]),
        ]),
        referrers: BTreeMap::from([(digest('b'), vec![(digest('9'), "SBOM".to_owned())])]),
    };
    let gone = BTreeSet::from([digest('b')]);
    let mut evidence = Evidence { gone, complete: true, ..Evidence::default() };
    evidence.learn(known, &rows);
    assert!(evidence.unread(&rows).is_empty() && evidence.unasked().is_empty());
    let lines = evidence.of_delete(&rows);
    let expected =
        format!("linux/amd64 sha256:{} belongs to latest and 1.2, and these tags break", "b".repeat(12));
    assert_eq!(names(&lines, &text::breaks(1)), [expected]);
    assert_eq!(names(&lines, &text::orphans(2)).len(), 2, "the SBOM, and cosign's signature by its tag");
}

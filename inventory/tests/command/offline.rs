//! Snapshot files: the same tables without a registry, differences, exit codes, and files that are no snapshots.

use std::fs;

use crate::program::{Company, run, run_with};

const RULE: [&str; 5] = ["--filter", ".*:.*", "--ago", "30d", "--untagged"];

#[test]
fn a_snapshot_gives_the_same_tables_as_the_registry_and_holds_no_credentials() {
    let company = Company::start();
    let path = company.snapshot("today.jsonl");
    let text = fs::read_to_string(&path).unwrap();
    for secret in [crate::program::PASSWORD, crate::program::USERNAME, "eyJ", "http"] {
        assert!(!text.contains(secret), "{secret}");
    }
    let url = company.running.url();
    for command in ["storage", "layers", "locks"] {
        for json in [&[][..], &["--json"]] {
            let of = |source| run(&[&[command, source], json].concat());
            assert_eq!(of(path.as_str()).out, of(url.as_str()).out, "{command}");
        }
    }
    let again = run_with(&["snapshot", &path], &[], "");
    assert_eq!((again.code, again.out), (0, text));
}

#[test]
fn a_plan_is_the_same_in_every_format() {
    let company = Company::start();
    let path = company.snapshot("today.jsonl");
    let plan = |more: &[&str]| run(&[&["plan", path.as_str()], &RULE[..], more].concat());
    let json = plan(&["--json"]);
    assert_eq!(json.code, 0, "{}", json.err);
    let document = json.json();
    let steps: Vec<&str> =
        document["steps"].as_array().unwrap().iter().map(|step| step["item"].as_str().unwrap()).collect();
    assert!(!steps.is_empty() && !document["kept"].as_array().unwrap().is_empty());
    assert_eq!(plan(&["--format", "json"]).out, json.out);
    let text = plan(&[]).out;
    assert!(text.lines().last().unwrap().starts_with(&format!("{} steps; frees ", steps.len())), "{text}");
    let (csv, az) = (plan(&["--format", "csv"]).out, plan(&["--format", "az"]).out);
    for step in &steps {
        assert!(text.contains(step) && csv.contains(step) && az.contains(step), "{step}");
    }
    let purge = plan(&["--format", "purge"]).out;
    assert!(purge.lines().last().unwrap().contains("acr purge"), "{purge}");
    assert_eq!(plan(&["--exit-code"]).code, 1);
    let none = run(&["plan", &path, "--filter", "no-such-repository:.*", "--ago", "0d", "--exit-code"]);
    assert_eq!(none.code, 0);
}

#[test]
fn images_in_use_stay() {
    let company = Company::start();
    let path = company.snapshot("today.jsonl");
    let plan = |more: &[&str]| run(&[&["plan", path.as_str(), "--json"], &RULE[..], more].concat());
    let document = plan(&[]).json();
    let untagged = document["steps"].as_array().unwrap().iter().find(|step| step["action"] == "untag");
    let item = untagged.unwrap()["item"].as_str().unwrap().to_owned();
    let pods = company.file("pods.txt");
    fs::write(&pods, format!("deployment/web runs {}/{item}\n", company.running.login_server())).unwrap();
    let kept = plan(&["--in-use", pods.to_str().unwrap()]).json();
    let reason = kept["kept"].as_array().unwrap().iter().find(|row| row["item"] == item.as_str()).unwrap();
    assert!(reason["reason"].as_str().unwrap().starts_with("in use"), "{reason}");
    assert_eq!(plan(&["--in-use", "/no/such/file"]).code, 3);
}

#[test]
fn images_in_use_are_matched_by_the_name_that_the_registry_calls_itself() {
    let company = Company::start_as("contoso.azurecr.io");
    let url = company.running.url();
    let path = company.snapshot("today.jsonl");
    let plan = |source: &str, more: &[&str]| run(&[&["plan", source, "--json"], &RULE[..], more].concat());
    let document = plan(&path, &[]).json();
    assert_eq!(document["registry"], "contoso.azurecr.io");
    let untagged = document["steps"].as_array().unwrap().iter().find(|step| step["action"] == "untag");
    let item = untagged.unwrap()["item"].as_str().unwrap().to_owned();
    let pods = company.file("pods.txt");
    let in_use = ["--in-use", pods.to_str().unwrap()];
    let address = url.trim_start_matches("http://");
    for host in ["contoso.azurecr.io", address] {
        let text: Vec<u16> = format!("\u{feff}web runs {host}/{item}\r\n").encode_utf16().collect();
        fs::write(&pods, text.iter().flat_map(|unit| unit.to_le_bytes()).collect::<Vec<u8>>()).unwrap();
        let ended = plan(&url, &in_use);
        assert_eq!(ended.json()["imagesInUse"], 1, "{}", ended.err);
        assert!(ended.err.contains("1 named, 1 of contoso.azurecr.io, 1 of these found"), "{}", ended.err);
    }
    let text = run(&[&["plan", &path], &RULE[..], &in_use].concat());
    assert!(text.err.contains("names images (1), none of contoso.azurecr.io"), "{}", text.err);
    assert!(text.out.contains("images in use: 1 named, 0 of contoso.azurecr.io"), "{}", text.out);
    fs::write(&pods, "nothing here").unwrap();
    assert!(plan(&path, &in_use).err.contains("names no image in use"));
}

#[test]
fn a_difference_is_printed_as_text_and_as_json() {
    let company = Company::start();
    let before = company.snapshot("before.jsonl");
    let same = run(&["difference", &before, &company.running.url(), "--exit-code"]);
    assert_eq!((same.code, same.out.as_str()), (0, "no difference\n"));
    let plan = run(&[&["plan", before.as_str(), "--json"], &RULE[..]].concat()).json();
    let step = plan["steps"].as_array().unwrap().iter().find(|step| step["action"] == "untag").unwrap();
    let item = step["item"].as_str().unwrap();
    let (repository, tag) = item.split_once(':').unwrap();
    company.delete(&format!("/acr/v1/{repository}/_tags/{tag}"));
    let after = company.snapshot("after.jsonl");
    let text = run(&["difference", &before, &after]);
    assert_eq!(text.code, 0);
    assert!(text.out.lines().any(|line| line.starts_with("deleted") && line.ends_with(item)), "{}", text.out);
    let json = run(&["difference", &before, &after, "--json", "--exit-code"]);
    assert_eq!((json.code, &json.json()["deletedTags"]), (1, &serde_json::json!([item])));
    let back = run(&["difference", &after, &before, "--json"]).json();
    assert_eq!(back["pushedTags"], serde_json::json!([item]));
}

#[test]
fn rules_that_cannot_be_read_are_refused_before_anything_is() {
    let plan =
        |filter: &str, ago: &str| run(&["plan", "http://127.0.0.1:1", "--filter", filter, "--ago", ago]);
    for (filter, ago) in [("app", "30d"), ("app:(", "30d"), ("app:.*", "soon"), ("app:.*", "")] {
        let ended = plan(filter, ago);
        let expected = if ago.is_empty() { 4 } else { 2 };
        assert_eq!((ended.code, ended.err.lines().count()), (expected, 1), "{filter} {ago}: {}", ended.err);
    }
    assert_eq!(run(&["plan", "x.jsonl", "--ago", "1d"]).code, 2, "a plan needs a filter");
    assert_eq!(run(&["no-such-command"]).code, 2);
    assert_eq!(run(&["storage", "x.jsonl", "--concurrency", "0"]).code, 2);
}

#[test]
fn files_that_are_no_snapshots_are_refused_in_one_line() {
    let company = Company::start();
    let good = fs::read_to_string(company.snapshot("good.jsonl")).unwrap();
    let half = good.char_indices().nth(good.chars().count() / 2).unwrap().0;
    let lines: Vec<&str> = good.lines().collect();
    let header = lines[0];
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        ("empty", Vec::new(), "not an inventory snapshot"),
        ("another file", b"{\"name\":\"package\"}\n".to_vec(), "not an inventory snapshot"),
        ("cut off in a line", good.get(..half).unwrap().into(), "cut off"),
        ("cut off between lines", format!("{}\n", lines[..lines.len() / 2].join("\n")).into(), "cut off"),
        ("newer", header.replace("\"version\":1", "\"version\":2").into(), "version 2"),
        (
            "a reference to nothing",
            format!("{header}\n{{\"diffId\":{{\"layer\":4000000000,\"content\":0}}}}\n").into(),
            "line 2",
        ),
        (
            "a row of no repository",
            format!("{header}\n{{\"tag\":{{\"name\":\"a\",\"digest\":0}}}}\n").into(),
            "line 2",
        ),
        ("no digest", format!("{header}\n{{\"digest\":{{\"digest\":\"../../etc\"}}}}\n").into(), "line 2"),
        ("deeply nested", format!("{header}\n{}\n", "[".repeat(100_000)).into(), "line 2"),
        (
            "a number too large",
            format!("{header}\n{{\"digest\":{{\"digest\":\"x\",\"size\":1e400}}}}\n").into(),
            "line 2",
        ),
        ("not text", vec![0xff, 0xfe, 0x00], "UTF-8"),
    ];
    for (name, content, expected) in cases {
        let path = company.file("bad.jsonl");
        fs::write(&path, content).unwrap();
        let ended = run(&["storage", path.to_str().unwrap()]);
        assert_eq!(
            (ended.code, ended.out.as_str(), ended.err.lines().count()),
            (3, "", 1),
            "{name}: {}",
            ended.err
        );
        assert!(ended.err.contains(expected), "{name}: {}", ended.err);
    }
}

#[test]
fn names_in_a_hostile_snapshot_do_not_reach_the_terminal_as_commands() {
    let company = Company::start();
    let path = company.file("hostile.jsonl");
    let lines = [
        r#"{"acrInventory":{"version":1,"registry":"evil\u001b[2J.azurecr.io","taken":"2026-01-01T00:00:00Z"}}"#.to_owned(),
        format!(r#"{{"digest":{{"digest":"sha256:{}","size":18446744073709551614}}}}"#, "0".repeat(64)),
        r#"{"content":{"digest":0,"size":18446744073709551614,"kind":"index","children":[0,0]}}"#.to_owned(),
        r#"{"repository":{"name":"app\u001b]0;owned\u0007"}}"#.to_owned(),
        r#"{"manifest":{"digest":0,"updated":-9223372036854775808}}"#.to_owned(),
        r#"{"tag":{"name":"v1\u001b[31m","digest":0,"updated":-9223372036854775808}}"#.to_owned(),
        r#"{"end":{"lines":6}}"#.to_owned(),
    ];
    fs::write(&path, lines.join("\n")).unwrap();
    let path = path.to_str().unwrap();
    let rule = [&["plan", path], &RULE[..]].concat();
    let purge = [&rule[..], &["--format", "purge"]].concat();
    let csv = [&rule[..], &["--format", "csv"]].concat();
    let az = [&rule[..], &["--format", "az"]].concat();
    for arguments in [
        &["storage", path][..],
        &["layers", path],
        &["locks", path],
        &["difference", path, path],
        &rule,
        &purge,
        &csv,
        &az,
    ] {
        let ended = run(arguments);
        assert_eq!(ended.code, 0, "{arguments:?}: {}", ended.err);
        assert!(
            !ended.out.contains('\u{1b}') && !ended.out.contains('\u{7}'),
            "{arguments:?}: {:?}",
            ended.out
        );
    }
}

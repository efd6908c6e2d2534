//! Where an inventory comes from, and what is missing of it.

use std::fs;

use acr_emulator::{Fault, FaultPlan, FaultRule};
use serde_json::json;

use crate::program::{Company, run, run_with};

const RULE: [&str; 5] = ["--filter", ".*:.*", "--ago", "30d", "--untagged"];

#[test]
fn what_looks_like_a_file_is_never_asked_for_over_the_network() {
    for source in ["yesterday.jsonl", "TODAY.JSON", "a.gz", "b.zip", "./contoso.azurecr.io", r"c:\x", "a/b"] {
        let ended = run(&["storage", source]);
        assert_eq!((ended.code, ended.err.lines().count()), (3, 1), "{source}: {}", ended.err);
        assert!(ended.err.contains("there is no such file"), "{source}: {}", ended.err);
    }
    let company = Company::start();
    let folder = run(&["storage", company.folder.path().to_str().unwrap()]);
    assert_eq!((folder.code, folder.err.lines().count()), (3, 1), "{}", folder.err);
}

#[test]
fn a_snapshot_can_come_from_a_pipe() {
    let company = Company::start();
    let path = company.snapshot("today.jsonl");
    let text = fs::read_to_string(&path).unwrap();
    let expected = run(&["storage", &path]).out;
    let piped = run_with(&["storage", "-"], &[], &text);
    assert_eq!((piped.code, piped.out), (0, expected.clone()));
    #[cfg(unix)]
    assert_eq!(run_with(&["storage", "/dev/stdin"], &[], &text).out, expected);
    assert_eq!(run_with(&["storage", "-", "--password-stdin"], &[], &text).code, 2);
    assert_eq!(run_with(&["storage", "-"], &[], "").code, 3);
}

#[test]
fn a_snapshot_of_a_part_says_so_in_every_command() {
    let company = Company::start();
    let url = company.running.url();
    let all = run(&["storage", &url, "--json"]).json();
    let name = all["repositories"][0]["name"].as_str().unwrap();
    let part = company.file("part.jsonl");
    let part = part.to_str().unwrap();
    let taken = run(&["snapshot", &url, "--repository", name, "--output", part]);
    assert_eq!((taken.code, taken.err.as_str()), (0, ""));
    let plan = [&["plan", part][..], &RULE].concat();
    let commands: [&[&str]; 5] =
        [&["storage", part], &["layers", part], &["locks", part], &plan, &["difference", part, part]];
    for command in commands {
        let (text, document) = (run(command), run(&[command, &["--json"]].concat()));
        assert_eq!((text.code, document.code), (5, 5), "{command:?}");
        assert!(text.out.lines().any(|line| line.starts_with("incomplete: ")), "{command:?}: {}", text.out);
        assert_eq!(document.json()["complete"], false, "{command:?}");
        assert!(text.err.contains("not all of"), "{command:?}: {}", text.err);
        let asked = run(&[command, &["--repository", name]].concat());
        assert_eq!(asked.code, 0, "{command:?}: {}", asked.err);
    }
    let full = company.snapshot("full.jsonl");
    let compared = run(&["difference", &full, &url, "--repository", name]);
    assert_eq!(compared.code, 5, "{}", compared.out);
    for format in ["az", "purge"] {
        let printed = run(&[&plan[..], &["--format", format]].concat());
        assert!(printed.out.contains("# Not all of the registry was read"), "{}", printed.out);
    }
}

#[test]
fn a_repository_that_is_not_there_is_reported() {
    let company = Company::start();
    let ended = run(&["storage", &company.running.url(), "--repository", "nosuch"]);
    assert_eq!((ended.code, ended.err.lines().count()), (5, 1), "{}", ended.err);
    assert!(ended.err.contains("no repository nosuch"), "{}", ended.err);
}

#[test]
fn what_was_not_read_is_not_read_in_the_snapshot_either() {
    let company = Company::start();
    let refused = FaultRule {
        path: Some("/manifests/sha256".to_owned()),
        ..FaultRule::always(Fault::Status { status: 403 })
    };
    company.running.emulator().set_faults(FaultPlan { rules: vec![refused], ..FaultPlan::default() });
    let path = company.file("part.jsonl");
    let path = path.to_str().unwrap();
    assert_eq!(run(&["snapshot", &company.running.url(), "--output", path]).code, 5);
    assert_eq!(run(&[&["plan", path][..], &RULE, &["--exit-code"]].concat()).code, 5);
}

#[test]
fn two_registries_are_not_compared() {
    let company = Company::start();
    let path = company.snapshot("one.jsonl");
    let other = company.file("other.jsonl");
    let host = company.running.login_server();
    let text = fs::read_to_string(&path).unwrap().replace(&format!("\"{host}\""), "\"other.azurecr.io\"");
    fs::write(&other, text).unwrap();
    let ended = run(&["difference", &path, other.to_str().unwrap()]);
    assert_eq!((ended.code, ended.out.as_str()), (2, ""), "{}", ended.err);
    assert!(
        ended.err.contains("different registries") && ended.err.contains("other.azurecr.io"),
        "{}",
        ended.err
    );
}

#[test]
fn options_that_contradict_each_other_are_refused() {
    let company = Company::start();
    let path = company.snapshot("today.jsonl");
    let plan = |more: &[&str]| run(&[&["plan", path.as_str()], &RULE[..], more].concat()).code;
    assert_eq!(plan(&["--json", "--format", "az"]), 2);
    assert_eq!(plan(&["--json", "--format", "json"]), 0);
    assert_eq!(run(&["snapshot", &path, "--json"]).code, 2);
    assert_eq!(run(&["plan", &path, "--filter", ".*:.*", "--ago", "-1d"]).code, 0, "an age in the future");
}

#[test]
fn locks_are_printed_as_the_switches_that_they_are() {
    let company = Company::start();
    let before = company.snapshot("before.jsonl");
    let text = fs::read_to_string(&before).unwrap();
    let name =
        |line: &str| serde_json::from_str::<serde_json::Value>(line).unwrap()["repository"]["name"].clone();
    let line =
        text.lines().find(|line| line.starts_with(r#"{"repository""#) && line.contains("\"locks\":15"));
    let line = line.unwrap();
    let after = company.file("after.jsonl");
    fs::write(&after, text.replace(line, &line.replace("\"locks\":15", "\"locks\":14"))).unwrap();
    let difference = |more: &[&str]| run(&[&["difference", &before, after.to_str().unwrap()], more].concat());
    let document = difference(&["--json"]).json();
    let switches = |delete: bool| json!({ "deleteEnabled": delete, "writeEnabled": true, "readEnabled": true, "listEnabled": true });
    let change = json!({ "name": name(line), "from": switches(true), "to": switches(false) });
    assert_eq!(document["locks"], json!([change]));
    assert!(difference(&[]).out.contains("unlocked -> no delete"), "{}", difference(&[]).out);
}

#[test]
fn the_readme_names_every_field_of_every_document() {
    let readme = include_str!("../../README.md");
    let company = Company::start();
    let path = company.snapshot("today.jsonl");
    let plan = [&["plan", path.as_str()][..], &RULE].concat();
    let commands: [&[&str]; 5] =
        [&["storage", &path], &["layers", &path], &["locks", &path], &plan, &["difference", &path, &path]];
    for command in commands {
        let document = run(&[command, &["--json"]].concat()).json();
        let mut open = vec![document];
        while let Some(value) = open.pop() {
            for (key, value) in value.as_object().into_iter().flatten() {
                let is_named =
                    ["`", "\""].iter().any(|quote| readme.contains(&format!("{quote}{key}{quote}")));
                assert!(is_named, "{key} of {command:?}");
                open.push(value.clone());
            }
            open.extend(value.as_array().into_iter().flatten().cloned());
        }
    }
}

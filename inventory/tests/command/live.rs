//! A registry that is read over the network: sign-in, figures, and what cannot be read.

use acr_emulator::{Fault, FaultPlan, FaultRule};

use crate::program::{Company, PASSWORD, USERNAME, run, run_with};

#[test]
fn the_storage_that_is_printed_is_what_the_registry_stores() {
    let company = Company::start();
    let url = company.running.url();
    let json = run(&["storage", &url, "--json"]);
    assert_eq!((json.code, json.err.as_str()), (0, ""));
    let document = json.json();
    let stored = company.running.emulator().stored_bytes();
    assert_eq!(document["complete"], true);
    assert_eq!(document["total"]["unique"]["bytes"], stored);
    let text = run(&["storage", &url]);
    assert_eq!(text.out.lines().count(), document["repositories"].as_array().unwrap().len() + 2);
    for repository in document["repositories"].as_array().unwrap() {
        assert!(text.out.contains(repository["name"].as_str().unwrap()), "{}", text.out);
    }
    for command in ["layers", "locks"] {
        let (text, json) = (run(&[command, &url]), run(&[command, &url, "--json"]));
        assert_eq!((text.code, json.code), (0, 0), "{command}: {}", text.err);
        assert!(text.out.lines().count() > 1 && json.json().is_object(), "{command}");
    }
}

#[test]
fn repositories_that_are_named_are_read_without_the_catalog() {
    let company = Company::start();
    let url = company.running.url();
    let all = run(&["storage", &url, "--json"]).json();
    let name = all["repositories"][0]["name"].as_str().unwrap();
    let refused = FaultRule {
        path: Some("/acr/v1/_catalog".to_owned()),
        ..FaultRule::always(Fault::Status { status: 403 })
    };
    company.running.emulator().set_faults(FaultPlan { rules: vec![refused], ..FaultPlan::default() });
    let one = run(&["storage", &url, "--json", "--repository", name]);
    assert_eq!(one.code, 0, "{}", one.err);
    assert_eq!(one.json()["repositories"][0]["name"], name);
    let none = run(&["storage", &url]);
    assert_eq!((none.code, none.out.as_str(), none.err.lines().count()), (4, "", 1), "{}", none.err);
}

#[test]
fn the_password_comes_from_the_environment_or_from_standard_input() {
    let company = Company::start();
    let url = company.running.url();
    let user = [("ACR_USERNAME", USERNAME)];
    let piped = run_with(&["storage", &url, "--password-stdin"], &user, &format!("{PASSWORD}\n"));
    assert_eq!((piped.code, piped.err.as_str()), (0, ""));
    let missing = run_with(&["storage", &url], &user, "");
    assert_eq!(missing.code, 2);
    assert!(missing.err.contains("ACR_PASSWORD"), "{}", missing.err);
    for (arguments, variables) in [
        (&["storage", url.as_str()][..], &[("ACR_PASSWORD", PASSWORD)][..]),
        (&["storage", url.as_str(), "--password-stdin"][..], &[][..]),
    ] {
        let unnamed = run_with(arguments, variables, PASSWORD);
        assert_eq!(
            (unnamed.code, unnamed.err.as_str()),
            (2, "acr-inventory: a password needs ACR_USERNAME\n")
        );
    }
    for (variables, input) in [
        (&[("ACR_USERNAME", USERNAME), ("ACR_PASSWORD", "s3cret-and-wrong")][..], ""),
        (&user[..], "s3cret-and-wrong"),
        (&[("ACR_REFRESH_TOKEN", "s3cret-and-wrong")][..], ""),
        (&[][..], ""),
    ] {
        let mut arguments = vec!["storage", url.as_str()];
        if !input.is_empty() {
            arguments.push("--password-stdin");
        }
        let refused = run_with(&arguments, variables, input);
        assert_eq!((refused.code, refused.err.lines().count()), (4, 1), "{}", refused.err);
        assert!(!refused.err.contains("s3cret") && refused.out.is_empty(), "{}", refused.err);
    }
}

#[test]
fn there_is_no_argument_for_a_password() {
    let help = run_with(&["--help"], &[], "");
    assert_eq!(help.code, 0);
    for text in ["ACR_USERNAME", "ACR_PASSWORD", "ACR_REFRESH_TOKEN", "--password-stdin", "Exit codes"] {
        assert!(help.out.contains(text), "{text}");
    }
    for argument in ["--password", "--username", "--token"] {
        assert_eq!(run(&["storage", "localhost:1", argument, "x"]).code, 2, "{argument}");
    }
}

#[test]
fn the_readme_names_every_command_and_option() {
    let readme = include_str!("../../README.md");
    let commands = ["storage", "layers", "locks", "plan", "snapshot", "difference"];
    for command in commands {
        assert!(readme.contains(&format!("| `{command} ")), "{command}");
        let help = run_with(&[command, "--help"], &[], "").out;
        let words = help.split_whitespace().filter(|word| word.starts_with("--") && *word != "--help");
        for option in words.map(|word| word.trim_end_matches([',', ';', '.'])) {
            assert!(readme.contains(&format!("`{option}")), "{option} of {command}");
        }
    }
    let listed = run_with(&["--help"], &[], "").out;
    let listed = listed
        .lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .map_while(|line| line.split_whitespace().next());
    assert!(listed.eq(commands.into_iter().chain(["help"])));
}

#[test]
fn what_cannot_be_read_is_reported_and_nothing_that_depends_on_it_is_planned() {
    let company = Company::start();
    let url = company.running.url();
    let all = run(&["plan", &url, "--filter", ".*:.*", "--ago", "30d", "--untagged", "--json"]).json();
    let deleted = all["steps"].as_array().unwrap().iter().find(|step| step["action"] == "delete").unwrap();
    let (repository, digest) = deleted["item"].as_str().unwrap().split_once('@').unwrap();
    let broken = FaultRule {
        path: Some(format!("/v2/{repository}/manifests/{digest}")),
        ..FaultRule::always(Fault::Status { status: 403 })
    };
    company.running.emulator().set_faults(FaultPlan { rules: vec![broken], ..FaultPlan::default() });
    let partial = run(&["plan", &url, "--filter", ".*:.*", "--ago", "30d", "--untagged", "--json"]);
    assert_eq!((partial.code, partial.err.lines().count()), (5, 1), "{}", partial.err);
    let document = partial.json();
    let prefix = format!("{repository}@");
    let steps = document["steps"].as_array().unwrap();
    assert!(steps.iter().all(|step| !step["item"].as_str().unwrap().starts_with(&prefix)));
    assert_ne!(document["frees"]["bound"], "exact");
}

#[test]
fn an_error_of_the_registry_is_asked_about_again() {
    let company = Company::start();
    let once = FaultRule {
        path: Some("/acr/v1/_catalog".to_owned()),
        times: Some(1),
        ..FaultRule::always(Fault::Status { status: 500 })
    };
    company.running.emulator().set_faults(FaultPlan { rules: vec![once], ..FaultPlan::default() });
    let ended = run(&["storage", &company.running.url(), "--json", "--verbose"]);
    assert_eq!((ended.code, &ended.json()["complete"]), (0, &true.into()), "{}", ended.err);
    assert!(ended.err.contains("requests answered"), "{}", ended.err);
}

#[test]
fn a_registry_that_cannot_be_reached_is_one_line() {
    for source in ["http://127.0.0.1:1", "https://127.0.0.1:1"] {
        let ended = run(&["storage", source]);
        assert_eq!((ended.code, ended.err.lines().count()), (4, 1), "{}", ended.err);
    }
    let ended = run(&["storage", "no-such-file"]);
    assert_eq!(ended.code, 3);
    assert!(ended.err.contains("no-such-file"), "{}", ended.err);
}

//! A plan as commands and files.

use acr_inventory::Inventory;
use acr_inventory::cleanup::{self, Plan, RuleText};
use acr_inventory::in_use::InUse;

use crate::sample::{LOCKED, Sample, day, digest};
use crate::stepwise::plan;

fn registry() -> Inventory {
    let mut sample = Sample::default();
    sample.image("team/app", "old", 10, &[("a", 10)]);
    sample.tag("team/app", "v1", "old", 10);
    sample.image("team/app", "new", 99, &[("b", 10)]);
    sample.tag("team/app", "v2", "new", 99);
    sample.image("team/app", "child", 10, &[("c", 10)]);
    sample.index("team/app", "locked-index", 10, &["child"]);
    sample.lock_manifest("team/app", "locked-index");
    sample.read()
}

fn made(inventory: &Inventory, rule: RuleText) -> Plan {
    plan(inventory.graph(), &rule.compile().unwrap(), &InUse::default(), day(100))
}

fn rule() -> RuleText {
    let filters = vec!["team/.*:^v|it's".to_owned()];
    RuleText { filters, ago: "30d".to_owned(), untagged: true, ..RuleText::default() }
}

#[test]
fn the_acr_purge_command_says_what_it_would_do_otherwise() {
    let inventory = registry();
    let command = cleanup::purge_command(inventory.graph(), &made(&inventory, rule()));
    let expected = r#"az acr run --registry contoso --timeout 3600 --cmd 'acr purge --filter '\''team/.*:^v|it'\''\'\'''\''s'\'' --ago 30d --untagged' /dev/null"#;
    assert_eq!(command.command, expected);
    assert_eq!(command.also_deletes, [format!("team/app@{}", digest("child"))]);
    assert_eq!(command.does_not_delete, Vec::<String>::new());
    assert_eq!(command.notes.len(), 1);
    let protecting = RuleText { keep: 2, include_locked: true, protect: vec!["^v1$".to_owned()], ..rule() };
    let command = cleanup::purge_command(inventory.graph(), &made(&inventory, protecting));
    assert!(command.command.contains(" --keep 2 --untagged --include-locked"));
    assert!(command.notes[0].contains("protected"));
}

#[test]
fn the_script_untags_before_it_deletes_and_unlocks_before_both() {
    let mut sample = Sample::default();
    sample.image("app", "old", 10, &[("a", 10)]);
    sample.tag("app", "v1", "old", 10);
    sample.lock_tag("app", "v1");
    let inventory = sample.read();
    assert!(!LOCKED.allow_delete());
    let rule = RuleText { include_locked: true, filters: vec!["app:.*".to_owned()], ..rule() };
    let script = cleanup::az_script(inventory.graph(), &made(&inventory, rule));
    let commands: Vec<&str> = script.lines().filter(|line| line.starts_with("az ")).collect();
    let manifest =
        format!("az acr repository delete --name \"$registry\" --image app@{} --yes", digest("old"));
    assert_eq!(
        commands,
        [
            "az acr repository update --name \"$registry\" --image app:v1 --delete-enabled true --write-enabled true",
            "az acr repository untag --name \"$registry\" --image app:v1",
            &manifest,
        ]
    );
    assert!(script.contains("registry=contoso\n"));
}

#[test]
fn tables_and_documents_hold_every_item() {
    let inventory = registry();
    let plan = made(&inventory, rule());
    let csv = cleanup::csv(inventory.graph(), &plan);
    assert_eq!(csv.lines().count(), 1 + plan.items().len());
    assert!(csv.contains("team/app:v1,untag,\"selected, older than 30d\",0\r\n"), "{csv}");
    let json: serde_json::Value = serde_json::from_str(&cleanup::json(inventory.graph(), &plan)).unwrap();
    assert_eq!(json["steps"].as_array().unwrap().len(), plan.steps().len());
    assert_eq!(json["frees"], serde_json::json!({ "bytes": 110, "bound": "exact" }));
    assert_eq!(json["rule"]["ago"], "30d");
    assert!(json["kept"].as_array().unwrap().iter().any(|row| row["reason"] == "locked"));
}

//! Images in use that name no tag.

use acr_inventory::cleanup::{RuleText, plan};
use acr_inventory::in_use::InUse;

use crate::sample::{Sample, day, digest};

#[test]
fn an_image_in_use_by_the_digest_of_its_config_stays() {
    let mut sample = Sample::default();
    sample.image("app", "one", 10, &[("config", 10), ("layer", 10)]);
    sample.contents.get_mut(&digest("one")).unwrap().has_config = true;
    sample.tag("app", "1", "one", 10);
    let inventory = sample.read();
    let in_use = InUse::parse(&format!(r#"{{"imageID":"docker://{}"}}"#, digest("config")));
    let rule = RuleText {
        filters: vec![".*:.*".to_owned()],
        ago: "1d".to_owned(),
        untagged: true,
        ..RuleText::default()
    };
    let plan = plan(inventory.graph(), &rule.compile().unwrap(), &in_use, day(100));
    assert_eq!(plan.steps(), []);
}

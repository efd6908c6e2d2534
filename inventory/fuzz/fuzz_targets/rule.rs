//! Any text as each part of a rule: an error or a rule that can be asked.
#![no_main]

use acr_inventory::cleanup::{Age, Filter, RuleText};
use acr_inventory::{Instant, is_release};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    for filter in [Filter::parse(text), Filter::parse_protection(text)].into_iter().flatten() {
        let _ = filter.matches_repository("team/app") && filter.matches_tag("1.0");
    }
    if let Ok(age) = Age::parse(text) {
        let _ = age.before(Instant::from_ticks(0));
    }
    let _ = is_release(text);
    let parts = vec![text.to_owned()];
    let _ = RuleText { filters: parts.clone(), protect: parts, ago: text.to_owned(), ..RuleText::default() }.compile();
});

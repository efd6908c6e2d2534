//! Locks as rules: what is locked less than it seems, and locking all that match a pattern, checked in the registry afterwards.

use acr_tests::browser::Browser::{self, Chromium, Firefox};
use acr_tests::browser::visit_in;
use acr_tests::json;
use acr_tests::page::dialog::Dialog;
use acr_tests::push::{self, LAYER};
use acr_tests::role::{self, Role};
use acr_tests::service::{REGISTRY, Service};
use anyhow::{Context, Result};
use rstest::rstest;
use serde_json::{Value, json};

use super::accessibility::{NARROW, WIDE, assert_fine, axe, prefer, resize};

/// An image in `repository` under a tag, whose digest is returned.
async fn image(registry: &str, repository: &str, tag: &str) -> Result<String> {
    let repository = push::Repository::at(registry, repository).await?;
    let layer = repository.blob(LAYER, tag.as_bytes()).await?;
    repository.image(tag, &json!({ "os": "linux", "tag": tag }), &[layer], &json!({})).await
}

/// The registry's own interface for attributes, as anyone may use it.
struct Attributes {
    registry: String,
    token: String,
}

impl Attributes {
    async fn of(registry: &str, repository: &str) -> Result<Self> {
        let scope = format!("repository:{repository}:metadata_read,metadata_write");
        let token = json::get(&format!("{registry}/oauth2/token?scope={scope}")).await?;
        let token = token["access_token"].as_str().context("no access token")?.to_owned();
        Ok(Self { registry: format!("{registry}/acr/v1/{repository}"), token })
    }

    /// Switches `deleteEnabled` and `writeEnabled` of a tag off.
    async fn lock(&self, tag: &str) -> Result<()> {
        let patch = reqwest::Client::new().patch(format!("{}/_tags/{tag}", self.registry));
        let body = json!({ "deleteEnabled": false, "writeEnabled": false }).to_string();
        let patch = patch.bearer_auth(&self.token).header("content-type", "application/json").body(body);
        patch.send().await?.error_for_status()?;
        Ok(())
    }

    /// Whether `_tags/TAG` or `_manifests/DIGEST` is locked.
    async fn is_locked(&self, path: &str) -> Result<bool> {
        let found = json::get_with(&format!("{}/{path}", self.registry), &self.token).await?;
        let one = found.get("tag").or(found.get("manifest")).context("no attributes")?;
        let off = |name: &str| one["changeableAttributes"][name] == Value::Bool(false);
        Ok(off("deleteEnabled") && off("writeEnabled"))
    }
}

#[rstest]
#[tokio::test]
async fn everything_that_matches_a_pattern_is_locked_and_nothing_else(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let emulator = Service::faulty_emulator(&["--seed", "empty"]).await?;
    let registry = emulator.url();
    let child = push::Repository::at(&registry, "team/app").await?.index("1.2.0").await?;
    let first = image(&registry, "team/app", "1.0.0").await?;
    let latest = image(&registry, "team/app", "latest").await?;
    image(&registry, "other/web", "2.0").await?;
    let (app, web) =
        (Attributes::of(&registry, "team/app").await?, Attributes::of(&registry, "other/web").await?);
    app.lock("1.0.0").await?;
    let faults = emulator.faults()?;
    let gateway = Service::open_gateway(&emulator.upstream()).await?;
    visit_in(browser, &gateway.url(), async |page| {
        page.open(&format!("/{REGISTRY}/-/storage")).await?;
        page.press("Analyze storage").await?;
        page.wait_for_status("Complete").await?;
        page.wait_for_status("3 findings").await?;
        let findings = page.table("Lock findings").await?;
        findings.row_with(&["team/app:1.2.0", "Release not locked"]).await?;
        findings.row_with(&["other/web:2.0", "Release not locked"]).await?;
        findings
            .row_with(&["team/app@sha256:", "Manifest not locked", "The tag team/app:1.0.0 is locked"])
            .await?;
        page.fill(Role::TextBox, "Tags to lock", "(").await?;
        page.press("Preview locks").await?;
        page.wait_for_alert("The pattern cannot be used").await?;
        page.fill(Role::TextBox, "Tags to lock", r"^\d+\.\d+").await?;
        page.press("Preview locks").await?;
        page.wait_for_status("Locks 2 tags and 4 manifests.").await?;
        page.table("Lock plan").await?.row_with(&["team/app:1.2.0", "Tag"]).await?;
        // One failure never stops the rest.
        faults.add(&json!({"fault": "status", "status": 500, "path": "/acr/v1/other/web/_tags/2.0"})).await?;
        page.press("Lock all").await?;
        let dialog = Dialog::shown(&page, "Lock all").await?;
        dialog.wait_for_text("other/web:2.0").await?;
        assert!(!app.is_locked("_tags/1.2.0").await?);
        dialog.press("Lock all").await?;
        dialog.wait_for_text("5 of 6 done, 1 failed").await?;
        faults.clear().await?;
        dialog.press("Continue with the rest").await?;
        dialog.wait_for_text("6 of 6 done").await?;
        role::find(page.browser(), Role::Button, "Close").await?;
        for (attributes, path) in [
            (&app, "_tags/1.2.0".to_owned()),
            (&app, "_tags/1.0.0".to_owned()),
            (&app, format!("_manifests/{child}")),
            (&app, format!("_manifests/{first}")),
            (&web, "_tags/2.0".to_owned()),
        ] {
            assert!(attributes.is_locked(&path).await?, "{path}");
        }
        assert!(!app.is_locked("_tags/latest").await?);
        assert!(!app.is_locked(&format!("_manifests/{latest}")).await?);
        page.wait_for_status("Every release is locked").await
    })
    .await
}

#[rstest]
#[case::light_wide("light", WIDE)]
#[case::dark_narrow("dark", NARROW)]
#[tokio::test]
async fn more_than_ten_locks_are_confirmed_and_a_repository_is_locked_by_itself(
    #[case] theme: &str,
    #[case] width: u32,
) -> Result<()> {
    let axe = axe()?;
    let emulator = Service::emulator(&["--seed", "empty"]).await?;
    let registry = emulator.url();
    for number in 0..6 {
        image(&registry, "team/app", &format!("1.{number}")).await?;
    }
    image(&registry, "team/web", "1.0").await?;
    let (app, web) =
        (Attributes::of(&registry, "team/app").await?, Attributes::of(&registry, "team/web").await?);
    let gateway = Service::open_gateway(&emulator.upstream()).await?;
    visit_in(Chromium, &gateway.url(), async |page| {
        prefer(&page, theme, "reduce").await?;
        resize(&page, width).await?;
        page.open(&format!("/{REGISTRY}/team/app?tab=storage")).await?;
        page.press("Analyze storage").await?;
        page.wait_for_status("Complete").await?;
        page.wait_for_status("6 findings").await?;
        // The field opens with an expression for releases.
        page.press("Preview locks").await?;
        page.wait_for_status("Locks 6 tags and 6 manifests.").await?;
        assert_fine(&page, &axe, "the plan of a rule", width).await?;
        page.press("Lock all").await?;
        let dialog = Dialog::shown(&page, "Lock all").await?;
        assert_fine(&page, &axe, "the dialog of a rule", width).await?;
        dialog.wait_for_disabled("Lock all", true).await?;
        dialog.fill(&format!("Type {REGISTRY} to confirm"), REGISTRY).await?;
        dialog.wait_for_disabled("Lock all", false).await?;
        dialog.press("Lock all").await?;
        dialog.wait_for_text("12 of 12 done").await?;
        assert_fine(&page, &axe, "the results of a rule", width).await?;
        assert!(app.is_locked("_tags/1.5").await? && !web.is_locked("_tags/1.0").await?);
        page.wait_for_status("Every release is locked").await
    })
    .await
}

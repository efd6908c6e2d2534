//! Every flow without a mouse: each key does what the list of shortcuts says, the focus is where one expects it and can be seen.

use acr_tests::browser::Browser::{self, Chromium, Firefox};
use acr_tests::browser::visit_in;
use acr_tests::demo;
use acr_tests::page::Page;
use acr_tests::page::dialog::Dialog;
use acr_tests::page::keyboard::Keyboard;
use acr_tests::page::manifest::Manifest;
use acr_tests::page::repositories::Repositories;
use acr_tests::page::repository::Repository;
use acr_tests::page::sign_in::SignIn;
use acr_tests::role::Role;
use acr_tests::service::Service;
use anyhow::Result;
use rstest::rstest;
use thirtyfour::Key;

const USERNAME: &str = "contoso";
const PASSWORD: &str = "correct-horse";

/// No dialog is open.
const CLOSED: &str = "return document.querySelector('dialog[open]') === null";

/// Of the demo: three tags, `latest` and `stable` on one digest.
const SMALL: &str = "nginx";

#[rstest]
#[tokio::test]
async fn signing_in_and_out(#[values(Chromium, Firefox)] browser: Browser) -> Result<()> {
    let (_emulator, gateway) = Service::closed(USERNAME, PASSWORD).await?;
    visit_in(browser, &gateway.url(), async |page| {
        page.open("/").await?;
        SignIn::shown(&page).await?;
        let keyboard = Keyboard::of(&page);
        keyboard.tabs_to(Role::TextBox, "Username").await?;
        keyboard.types(USERNAME).await?;
        keyboard.tabs_to(Role::TextBox, "Password").await?;
        keyboard.types("wrong").await?;
        keyboard.presses(Key::Enter).await?;
        page.wait_for_alert("refused these credentials").await?;
        // The field keeps the focus, so that it can be corrected on the spot.
        keyboard.wait_for_focus(Role::TextBox, "Password").await?;
        keyboard.presses_with(Key::Control, 'a').await?;
        keyboard.types(PASSWORD).await?;
        keyboard.presses(Key::Enter).await?;
        Repositories::shown(&page).await?;
        keyboard.wait_for_focus(Role::Heading, "Repositories").await?;
        keyboard.tabs_back_to(Role::Button, "Session").await?;
        keyboard.opens_the_menu().await?;
        keyboard.tabs_to(Role::Button, "Sign out").await?;
        keyboard.presses(Key::Enter).await?;
        SignIn::shown(&page).await?;
        Ok(())
    })
    .await
}

#[rstest]
#[tokio::test]
async fn from_the_search_to_a_manifest_and_back(#[values(Chromium, Firefox)] browser: Browser) -> Result<()> {
    let service = Service::demo(&[]).await?;
    visit_in(browser, &service.url(), async |page| {
        page.open("/").await?;
        let repositories = Repositories::shown(&page).await?;
        let keyboard = Keyboard::of(&page);
        keyboard.wait_for_focus(Role::Heading, "Repositories").await?;
        keyboard.types("/").await?;
        keyboard.wait_for_focus(Role::SearchBox, "Search to filter repositories").await?;
        keyboard.assert_visible().await?;
        keyboard.types("samples/").await?;
        page.wait_for_path(|path| path.contains("q=samples")).await?;
        repositories.table().await?.row_link(demo::MULTI_PLATFORM).await?;
        // Keys in a field are text; Esc leaves it empty, and then leaves it.
        keyboard.presses(Key::Escape).await?;
        page.wait_for_path(|path| !path.contains("q=")).await?;
        keyboard.presses(Key::Escape).await?;
        let first = repositories.table().await?.row_headers().await?;
        keyboard.types("j").await?;
        keyboard.wait_for_focus(Role::Link, &first[0]).await?;
        keyboard.assert_visible().await?;
        keyboard.types("jj").await?;
        keyboard.wait_for_focus(Role::Link, &first[2]).await?;
        keyboard.types("k").await?;
        keyboard.wait_for_focus(Role::Link, &first[1]).await?;
        keyboard.presses(Key::Enter).await?;
        Repository::shown(&page, &first[1]).await?.tags().await?.rows().await?;
        keyboard.wait_for_focus(Role::Heading, &first[1]).await?;
        keyboard.types("j").await?;
        keyboard.presses(Key::Enter).await?;
        page.wait_for_path(|path| path.contains(':')).await?;
        page.find(Role::Tab, "Layers").await?;
        keyboard.presses(Key::Escape).await?;
        Repository::shown(&page, &first[1]).await?;
        keyboard.presses(Key::Escape).await?;
        Repositories::shown(&page).await?;
        Ok(())
    })
    .await
}

#[rstest]
#[tokio::test]
async fn the_palette_and_the_list_of_shortcuts_give_the_focus_back(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let service = Service::demo(&[]).await?;
    visit_in(browser, &service.url(), async |page| {
        page.open("/").await?;
        let repositories = Repositories::shown(&page).await?;
        let keyboard = Keyboard::of(&page);
        let rows = repositories.table().await?.row_headers().await?;
        keyboard.types("j").await?;
        keyboard.wait_for_focus(Role::Link, &rows[0]).await?;
        keyboard.types("?").await?;
        let shortcuts = Dialog::shown(&page, "Keyboard shortcuts").await?;
        shortcuts.wait_for_text("Select the row").await?;
        // What is typed in a dialog is not for the page below it.
        keyboard.types("j").await?;
        keyboard.presses(Key::Escape).await?;
        keyboard.wait_for_focus(Role::Link, &rows[0]).await?;
        keyboard.presses_with(Key::Control, 'k').await?;
        keyboard.wait_for_focus(Role::ComboBox, "Type a repository, repository:tag, or a command").await?;
        keyboard.presses(Key::Escape).await?;
        keyboard.wait_for_focus(Role::Link, &rows[0]).await?;
        keyboard.presses_with(Key::Control, 'k').await?;
        keyboard.wait_for_focus(Role::ComboBox, "Type a repository, repository:tag, or a command").await?;
        keyboard.types(&format!("{}:{}", demo::MULTI_PLATFORM, demo::TAG)).await?;
        keyboard.presses(Key::Enter).await?;
        Manifest::shown(&page, &format!("{}:{}", demo::MULTI_PLATFORM, demo::TAG)).await?;
        keyboard.wait_for_focus(Role::Heading, &format!("{}:{}", demo::MULTI_PLATFORM, demo::TAG)).await?;
        keyboard.presses_with(Key::Control, 'k').await?;
        keyboard.wait_for_focus(Role::ComboBox, "Type a repository, repository:tag, or a command").await?;
        let selected = |position: usize| {
            format!("return document.querySelectorAll('[role=option]')[{position}]?.getAttribute('aria-selected') === 'true'")
        };
        page.wait_until(&selected(0)).await?;
        keyboard.presses(Key::Down).await?;
        page.wait_until(&selected(1)).await?;
        keyboard.presses(Key::Up).await?;
        page.wait_until(&selected(0)).await?;
        keyboard.types("dark").await?;
        choose(&page, &keyboard, "Theme: Dark").await?;
        page.wait_until("return document.documentElement.dataset.theme === 'dark'").await
    })
    .await
}

/// Goes down the palette to this entry and takes it.
async fn choose(page: &Page, keyboard: &Keyboard<'_>, entry: &str) -> Result<()> {
    let chosen = "document.querySelector('[role=option][aria-selected=true]')?.textContent";
    for _ in 0..12 {
        if page.evaluate(&format!("return {chosen}")).await? == entry {
            return keyboard.presses(Key::Enter).await;
        }
        keyboard.presses(Key::Down).await?;
    }
    anyhow::bail!("the palette has no {entry}")
}

#[rstest]
#[tokio::test]
async fn a_range_of_tags_is_selected_locked_unlocked_and_untagged(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let service = Service::demo(&[]).await?;
    visit_in(browser, &service.url(), async |page| {
        page.open(&format!("/demo/{SMALL}")).await?;
        let tags = Repository::shown(&page, SMALL).await?.tags().await?;
        tags.row_link("latest").await?;
        demo::assert_settled(&page).await?;
        let keyboard = Keyboard::of(&page);
        keyboard.types("jx").await?;
        page.wait_for_text("1 selected").await?;
        keyboard.types("j").await?;
        keyboard.presses_with(Key::Shift, 'X').await?;
        page.wait_for_text("2 selected").await?;
        for action in ["Lock", "Unlock", "Untag"] {
            keyboard.tabs_to(Role::Button, action).await?;
            keyboard.presses(Key::Enter).await?;
            let dialog = Dialog::shown(&page, &format!("{action} 2 of {SMALL}")).await?;
            assert_focus_inside(&page).await?;
            keyboard.tabs_to(Role::Button, action).await?;
            assert_focus_inside(&page).await?;
            keyboard.presses(Key::Enter).await?;
            dialog.wait_for_text("2 of 2 done").await?;
            assert_focus_inside(&page).await?;
            keyboard.tabs_to(Role::Button, "Close").await?;
            keyboard.presses(Key::Enter).await?;
            page.wait_until(CLOSED).await?;
            // Somewhere on the screen, not on the document: Tab goes on from there.
            page.wait_until("return document.activeElement.closest('main') !== null").await?;
            if action != "Untag" {
                select_two(&page, &keyboard).await?;
            }
        }
        Ok(())
    })
    .await
}

/// Done items are unselected; the first two rows again.
async fn select_two(page: &Page, keyboard: &Keyboard<'_>) -> Result<()> {
    demo::assert_settled(page).await?;
    keyboard.types("kkkxj").await?;
    keyboard.presses_with(Key::Shift, 'X').await?;
    page.wait_for_text("2 selected").await
}

#[rstest]
#[tokio::test]
async fn manifests_are_selected_and_deleted(#[values(Chromium, Firefox)] browser: Browser) -> Result<()> {
    let service = Service::demo(&[]).await?;
    visit_in(browser, &service.url(), async |page| {
        page.open(&format!("/demo/{SMALL}")).await?;
        Repository::shown(&page, SMALL).await?.tags().await?.row_link("latest").await?;
        demo::assert_settled(&page).await?;
        let keyboard = Keyboard::of(&page);
        keyboard.tabs_to(Role::Tab, "Tags").await?;
        keyboard.presses(Key::Right).await?;
        keyboard.wait_for_focus(Role::Tab, "Manifests").await?;
        let before = page.table("Manifests").await?.row_headers().await?;
        keyboard.types("jx").await?;
        keyboard.types("j").await?;
        keyboard.presses_with(Key::Shift, 'X').await?;
        page.wait_for_text("2 selected").await?;
        keyboard.tabs_to(Role::Button, "Delete").await?;
        keyboard.presses(Key::Enter).await?;
        Dialog::shown(&page, &format!("Delete 2 of {SMALL}")).await?;
        // Esc leaves it, and nothing has happened.
        keyboard.presses(Key::Escape).await?;
        page.wait_until(CLOSED).await?;
        keyboard.wait_for_focus(Role::Button, "Delete").await?;
        keyboard.presses(Key::Enter).await?;
        let dialog = Dialog::shown(&page, &format!("Delete 2 of {SMALL}")).await?;
        keyboard.tabs_to(Role::Button, "Delete").await?;
        assert_focus_inside(&page).await?;
        keyboard.presses(Key::Enter).await?;
        dialog.wait_for_text("2 of 2 done").await?;
        keyboard.tabs_to(Role::Button, "Close").await?;
        keyboard.presses(Key::Enter).await?;
        page.wait_until(CLOSED).await?;
        page.wait_until("return document.activeElement.closest('main') !== null").await?;
        let rest = before.len() - 2;
        page.wait_until(&format!("return document.querySelectorAll('tbody tr.row').length === {rest}")).await
    })
    .await
}

#[rstest]
#[tokio::test]
async fn deleting_a_repository_asks_for_its_name_and_escape_leaves_it(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let service = Service::demo(&[]).await?;
    visit_in(browser, &service.url(), async |page| {
        page.open(&format!("/demo/{SMALL}")).await?;
        Repository::shown(&page, SMALL).await?;
        let keyboard = Keyboard::of(&page);
        keyboard.tabs_to(Role::Button, "Delete repository").await?;
        keyboard.presses(Key::Enter).await?;
        Dialog::shown(&page, &format!("Delete repository {SMALL}")).await?;
        keyboard.presses(Key::Escape).await?;
        keyboard.wait_for_focus(Role::Button, "Delete repository").await?;
        keyboard.presses(Key::Enter).await?;
        let dialog = Dialog::shown(&page, &format!("Delete repository {SMALL}")).await?;
        keyboard.tabs_to(Role::TextBox, &format!("Type {SMALL} to confirm")).await?;
        keyboard.types(SMALL).await?;
        dialog.wait_for_disabled("Delete repository", false).await?;
        keyboard.tabs_to(Role::Button, "Delete repository").await?;
        keyboard.presses(Key::Enter).await?;
        Repositories::shown(&page).await?;
        page.wait_for_status("deleted").await
    })
    .await
}

#[rstest]
#[tokio::test]
async fn tabs_are_moved_through_with_arrows_and_a_switch_is_flipped_with_space(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let service = Service::demo(&[]).await?;
    visit_in(browser, &service.url(), async |page| {
        let reference = format!("{}:{}", demo::MULTI_PLATFORM, demo::TAG);
        page.open(&format!("/demo/{reference}")).await?;
        Manifest::shown(&page, &reference).await?;
        let keyboard = Keyboard::of(&page);
        keyboard.tabs_to(Role::Tab, "Overview").await?;
        for tab in
            ["Platforms", "Layers", "Files", "History", "Config", "Annotations", "Referrers", "Raw JSON"]
        {
            keyboard.presses(Key::Right).await?;
            keyboard.wait_for_focus(Role::Tab, tab).await?;
            keyboard.assert_visible().await?;
        }
        keyboard.presses(Key::End).await?;
        keyboard.wait_for_focus(Role::Tab, "Commands").await?;
        keyboard.presses(Key::Left).await?;
        keyboard.wait_for_focus(Role::Tab, "Attributes").await?;
        page.wait_for_path(|path| path.contains("tab=attributes")).await?;
        demo::assert_settled(&page).await?;
        keyboard.tabs_to(Role::Switch, "Delete enabled").await?;
        keyboard.types(" ").await?;
        page.wait_for_status("Delete enabled: off").await?;
        // The switch keeps the focus: pressed again, it goes back.
        keyboard.wait_for_focus(Role::Switch, "Delete enabled").await?;
        keyboard.types(" ").await?;
        page.wait_for_status("Delete enabled: on").await?;
        keyboard.presses(Key::Escape).await?;
        Repository::shown(&page, demo::MULTI_PLATFORM).await?;
        Ok(())
    })
    .await
}

#[rstest]
#[tokio::test]
async fn a_menu_opens_closes_and_keeps_the_focus(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let service = Service::demo(&[]).await?;
    visit_in(browser, &service.url(), async |page| {
        page.open(&format!("/demo/{}", demo::MANY_TAGS)).await?;
        Repository::shown(&page, demo::MANY_TAGS).await?.tags().await?.rows().await?;
        let keyboard = Keyboard::of(&page);
        keyboard.tabs_back_to(Role::Button, "Preferences").await?;
        keyboard.opens_the_menu().await?;
        keyboard.tabs_to(Role::Button, "Dark").await?;
        keyboard.types(" ").await?;
        page.wait_until("return document.documentElement.dataset.theme === 'dark'").await?;
        keyboard.presses(Key::Escape).await?;
        keyboard.wait_for_focus(Role::Button, "Preferences").await?;
        keyboard.tabs_to(Role::Button, "Columns").await?;
        keyboard.opens_the_menu().await?;
        keyboard.tabs_to(Role::CheckBox, "Platform").await?;
        keyboard.types(" ").await?;
        page.wait_until("return ![...document.querySelectorAll('thead th')].some(head => head.textContent.includes('Platform'))").await?;
        // Leaving it closes it.
        keyboard.tabs_to(Role::Button, "Export CSV").await?;
        page.wait_until("return document.querySelector('.menu [aria-expanded=true]') === null").await
    })
    .await
}

async fn assert_focus_inside(page: &Page) -> Result<()> {
    page.wait_until("return document.querySelector('dialog[open]').contains(document.activeElement)").await
}

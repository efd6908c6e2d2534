//! How often the registry is asked: opening something costs what it must, and rows that are not on screen cost nothing.

use acr_tests::browser::Browser::{self, Chromium, Firefox};
use acr_tests::browser::visit_in;
use acr_tests::demo;
use acr_tests::page::Page;
use acr_tests::page::manifest::Manifest;
use acr_tests::page::repositories::Repositories;
use acr_tests::page::repository::Repository;
use acr_tests::page::sign_in::SignIn;
use acr_tests::service::{REGISTRY, Service};
use anyhow::{Context, Result};
use rstest::rstest;
use serde_json::json;

/// Every request to the registry since `from`, tokens included: its path.
async fn requests(page: &Page, from: usize) -> Result<Vec<String>> {
    let script = "return performance.getEntriesByType('resource').map(entry => new URL(entry.name).pathname)";
    let paths = page.evaluate(script).await?;
    let paths = paths.as_array().context("no list of requests")?;
    let api = paths.iter().filter_map(|path| path.as_str()).filter(|path| path.starts_with("/registries/"));
    Ok(api.skip(from).map(str::to_owned).collect())
}

/// The calls of the registry's API since `from`, without tokens: one for each repository.
async fn calls(page: &Page, from: usize) -> Result<Vec<String>> {
    let all = requests(page, 0).await?;
    Ok(all.into_iter().filter(|path| !path.ends_with("/oauth2/token")).skip(from).collect())
}

/// What was asked since `before`, which is that many requests later afterwards.
async fn opened(page: &Page, before: &mut usize) -> Result<Vec<String>> {
    demo::assert_shown(page).await?;
    let opened = requests(page, *before).await?;
    *before += opened.len();
    Ok(opened)
}

/// Waits until the row of [`demo::TAG`] says what only the list of manifests knows.
async fn whole_row(page: &Page) -> Result<()> {
    Repository::shown(page, demo::MULTI_PLATFORM).await?.tags().await?.row_link(demo::TAG).await?;
    page.wait_until("return /multi-platform/.test(document.querySelector('tbody').innerText)").await
}

#[rstest]
#[tokio::test]
async fn a_screenful_of_repositories_costs_one_token_and_a_call_each(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let emulator = Service::emulator(&["--seed", "empty", "--repositories", "12"]).await?;
    let gateway = Service::open_gateway(&emulator.upstream()).await?;
    visit_in(browser, &gateway.url(), async |page| {
        page.open("/").await?;
        Repositories::shown(&page).await?;
        page.wait_until("return document.querySelectorAll('tbody tr .pending').length === 0").await?;
        let asked = requests(&page, 0).await?;
        let (tokens, calls): (Vec<_>, Vec<_>) =
            asked.iter().partition(|path| path.ends_with("/oauth2/token"));
        let rows = calls.iter().filter(|path| path.contains("/acr/v1/scale")).count();
        // The catalog has a token of its own.
        assert_eq!((rows, tokens.len()), (12, 2), "{asked:?}");
        Ok(())
    })
    .await
}

#[rstest]
#[tokio::test]
async fn from_the_list_a_repository_costs_at_most_three_requests_and_a_manifest_four(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let service = Service::demo(&[]).await?;
    visit_in(browser, &service.url(), async |page| {
        page.open("/").await?;
        let repositories = Repositories::shown(&page).await?;
        repositories.search("hello").await?;
        repositories.table().await?.row_link(demo::MULTI_PLATFORM).await?;
        demo::assert_shown(&page).await?;
        let mut before = requests(&page, 0).await?.len();
        repositories.open(demo::MULTI_PLATFORM).await?;
        whole_row(&page).await?;
        let asked = opened(&page, &mut before).await?;
        assert!((1..=3).contains(&asked.len()), "{asked:?}");
        page.wait_for_text("Created").await?;
        let tags = Repository::shown(&page, demo::MULTI_PLATFORM).await?.tags().await?;
        tags.open(demo::TAG).await?;
        Manifest::shown(&page, &format!("{}:{}", demo::MULTI_PLATFORM, demo::TAG)).await?;
        let asked = opened(&page, &mut before).await?;
        assert!((1..=4).contains(&asked.len()), "{asked:?}");
        Ok(())
    })
    .await
}

#[rstest]
#[tokio::test]
async fn from_a_link_a_repository_stands_with_three_requests_its_token_among_them_and_a_manifest_with_four(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let service = Service::demo(&[]).await?;
    visit_in(browser, &service.url(), async |page| {
        page.open(&format!("/demo/{}", demo::MULTI_PLATFORM)).await?;
        whole_row(&page).await?;
        // How many there are and when they changed follows from the lists; what only the repository itself knows comes after them.
        page.wait_until("return document.querySelector('.essentials').innerText.includes('None')").await?;
        let mut before = 0;
        let asked = opened(&page, &mut before).await?;
        let (last, first) = asked.split_last().context("nothing was asked")?;
        assert!((2..=3).contains(&first.len()), "{asked:?}");
        let attributes = format!("/acr/v1/{}", demo::MULTI_PLATFORM);
        assert!(
            last.ends_with(&attributes) && !first.iter().any(|path| path.ends_with(&attributes)),
            "{asked:?}"
        );
        let all = ["Login server", "Repository", "Tags", "Manifests", "Last updated", "Created", "Locks"];
        assert_eq!(facts(&page).await?, all);
        for tab in ["Manifests", "Tags"] {
            page.tab(tab).await?;
            demo::assert_shown(&page).await?;
        }
        // Lists state no artifact type: of the rows that leave it open, the documents are fetched once.
        let documents = opened(&page, &mut before).await?;
        assert!(documents.iter().all(|path| path.contains("/manifests/sha256:")), "{documents:?}");
        assert!(documents.len() <= 4, "{documents:?}");
        for tab in ["Manifests", "Tags"] {
            page.tab(tab).await?;
            demo::assert_shown(&page).await?;
        }
        assert_eq!(opened(&page, &mut before).await?, Vec::<String>::new());
        for path in [
            format!("/demo/{}?tab=manifests", demo::MULTI_PLATFORM),
            format!("/demo/{}?tab=attributes", demo::MULTI_PLATFORM),
        ] {
            page.open(&path).await?;
            page.wait_until("return document.querySelector('[role=tabpanel] table, [role=switch]') !== null")
                .await?;
            page.wait_for_text("Locks").await?;
            let mut asked = opened(&page, &mut 0).await?;
            asked.retain(|path| !path.contains("/manifests/sha256:"));
            assert!((2..=3).contains(&asked.len()), "{path}: {asked:?}");
        }
        let reference = format!("{}:{}", demo::MULTI_PLATFORM, demo::TAG);
        page.open(&format!("/demo/{reference}")).await?;
        Manifest::shown(&page, &reference).await?;
        let asked = opened(&page, &mut 0).await?;
        assert!((2..=4).contains(&asked.len()), "{asked:?}");
        Ok(())
    })
    .await
}

/// The names of a repository's essentials.
async fn facts(page: &Page) -> Result<Vec<String>> {
    let script = "return [...document.querySelectorAll('.essentials dt')].map(name => name.innerText)";
    Ok(serde_json::from_value(page.evaluate(script).await?)?)
}

#[rstest]
#[tokio::test]
async fn after_signing_in_a_repository_stands_with_three_requests_its_token_among_them(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let (_emulator, gateway) = Service::closed("contoso", "correct-horse").await?;
    visit_in(browser, &gateway.url(), async |page| {
        page.open(&format!("/{REGISTRY}/{}", demo::MULTI_PLATFORM)).await?;
        let sign_in = SignIn::shown(&page).await?;
        sign_in.with_password("contoso", "correct-horse").await?;
        whole_row(&page).await?;
        let attributes = format!("/acr/v1/{}", demo::MULTI_PLATFORM);
        let mut asked = opened(&page, &mut 0).await?;
        // They come once the lists stand.
        asked.retain(|path| !path.ends_with(&attributes));
        let signing_in = asked.iter().rposition(|path| path.ends_with("/v2/")).context("no sign-in")?;
        assert!((2..=3).contains(&(asked.len() - signing_in - 1)), "{asked:?}");
        Ok(())
    })
    .await
}

#[rstest]
#[tokio::test]
async fn a_repository_of_more_than_a_page_says_how_many_there_are_before_all_have_come(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let emulator = Service::faulty_emulator(&["--tags", "20000"]).await?;
    let faults = emulator.faults()?;
    let gateway = Service::open_gateway(&emulator.upstream()).await?;
    visit_in(browser, &gateway.url(), async |page| {
        faults.add(&json!({"fault": "latency", "milliseconds": 300, "path": "/scale/tags/_tags"})).await?;
        page.open(&format!("/{REGISTRY}/scale/tags")).await?;
        let said = "return /20.000/.test(document.querySelector('.essentials')?.innerText)
            && document.querySelector('.completeness')?.innerText.includes('…')";
        page.wait_until(said).await
    })
    .await
}

#[rstest]
#[tokio::test]
async fn a_thousand_repositories_cost_their_pages_and_the_rows_on_screen(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let service = Service::demo(&["--repositories", "1000"]).await?;
    visit_in(browser, &service.url(), async |page| {
        page.open("/").await?;
        let repositories = Repositories::shown(&page).await?;
        repositories.table().await?.rows().await?;
        page.wait_for_text("complete").await?;
        demo::assert_shown(&page).await?;
        let asked = calls(&page, 0).await?;
        let pages = asked.iter().filter(|path| path.ends_with("/_catalog")).count();
        assert!((1..=12).contains(&pages), "{pages} pages");
        assert!(asked.len() - pages < 100, "{} rows were asked for", asked.len() - pages);
        let rows = page.evaluate("return document.querySelectorAll('tbody tr').length").await?;
        assert!(rows.as_u64().is_some_and(|rows| rows < 200), "{rows} rows in the document");
        Ok(())
    })
    .await
}

/// Leaps from screen to screen, one a frame, and says how many rows it passed.
const LEAPS: &str = "performance.setResourceTimingBufferSize(10000);
return new Promise(done => {
  const root = document.documentElement;
  const leap = at => {
    scrollTo(0, root.scrollHeight * at / 25);
    requestAnimationFrame(() => at < 20 ? leap(at + 1) : done(20 * Math.floor(innerHeight / 40)));
  };
  leap(1);
})";

const ROW_IN_THE_MIDDLE: &str = "const middle = document.elementFromPoint(innerWidth / 2, innerHeight / 2);
return middle !== null && middle.closest('tr.row') !== null";

#[rstest]
#[tokio::test]
async fn rows_that_are_scrolled_past_are_not_asked_for(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let service = Service::demo(&["--repositories", "1000"]).await?;
    visit_in(browser, &service.url(), async |page| {
        page.open("/").await?;
        Repositories::shown(&page).await?.table().await?.rows().await?;
        page.wait_for_text("complete").await?;
        demo::assert_shown(&page).await?;
        let before = calls(&page, 0).await?.len();
        let passed = page.evaluate(LEAPS).await?.as_u64().context("no number of rows")?;
        page.wait_until(ROW_IN_THE_MIDDLE).await?;
        demo::assert_shown(&page).await?;
        let asked = calls(&page, before).await?;
        // A machine so slow that it rests between two leaps may ask for what it rested at.
        assert!(!asked.is_empty() && asked.len() as u64 * 2 < passed, "{passed} rows, asked for {asked:?}");
        let before = before + asked.len();
        page.press("Refresh").await?;
        page.wait_for_text("complete").await?;
        demo::assert_shown(&page).await?;
        let again = calls(&page, before).await?;
        let rows = again.iter().filter(|path| !path.ends_with("/_catalog")).count();
        assert!((1..100).contains(&rows), "{again:?}");
        Ok(())
    })
    .await
}

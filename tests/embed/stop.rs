//! An error inside the element's module: every element of the page says that it has stopped, and what to do.

use acr_tests::browser::{Browser, visit_with_errors_in};
use acr_tests::embedded::Embedded;
use anyhow::Result;
use rstest::rstest;
use serde_json::json;

use crate::{Host, events};

/// The element unwraps what this returns: a panic. It works again afterwards.
const PANIC: &str = "const clone = Node.prototype.cloneNode; \
     Node.prototype.cloneNode = function () { Node.prototype.cloneNode = clone; throw new Error('broken by the test'); };";

/// What this throws passes through the module, which unwinds nothing.
const EXCEPTION: &str = "Document.prototype.createTextNode = Node.prototype.appendChild";

#[rstest]
#[case::panic(PANIC)]
#[case::exception(EXCEPTION)]
#[tokio::test]
async fn an_error_in_the_module_stops_every_element_with_a_message(
    #[case] fault: &str,
    #[values(Browser::Chromium, Browser::Firefox)] browser: Browser,
) -> Result<()> {
    let host = Host::plain().await?;
    visit_with_errors_in(browser, &host.site.url(), async |page| {
        page.open(&host.page("repository=samples/hello-world")).await?;
        let element = Embedded::new(&page, "acr-dashboard");
        element.wait_for_heading("samples/hello-world").await?;
        element.wait_for_text("latest").await?;
        page.evaluate(fault).await?;
        element.click("latest").await?;
        element.wait_for_text("The dashboard has stopped.").await?;
        element.wait_until("root.querySelector('[role=alert]') !== null").await?;
        let events = events(&page, "acr-error").await?;
        let stopped = events.iter().filter(|error| error["what"] == json!("The dashboard has stopped."));
        assert_eq!(stopped.count(), 1, "{events:?}");
        // It is taken down without another error, and another one does not begin.
        let before = page.evaluate("return failures.length").await?;
        let replace =
            "const first = document.querySelector('acr-dashboard'); first.replaceWith(first.cloneNode(true))";
        page.evaluate(replace).await?;
        element.wait_for_text("The dashboard has stopped.").await?;
        assert_eq!(page.evaluate("return failures.length").await?, before);
        Ok(())
    })
    .await
}

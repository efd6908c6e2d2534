//! Pictures of each screen that a person has approved, and what is on the screen now. `cargo xtask screenshots --references` takes
//! them anew, after which the change in them wants to be reviewed like any other.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Map, Value, json};
use thirtyfour::cdp::Cdp;

use crate::browser::visit;
use crate::demo;
use crate::page::Page;
use crate::page::sign_in::SignIn;
use crate::picture::Picture;
use crate::scene;
use crate::service::Service;

/// What of a picture's cells may differ: less than any button covers.
const TOLERATED: f64 = 0.001;

/// How far a box may be moved or grown in CSS pixels, where the machine's fonts are others than the reference's.
const SHIFT: f64 = 40.0;

/// The instant of the pictures, in seconds since the Unix epoch, so that what they say of times and months is the same every day.
const INSTANT: u64 = 1_773_568_800;

/// Runs in every page before its own scripts: the browser's clock goes as it does and is another. After the registry's, which has
/// begun before, so that nothing is from the future.
const CLOCK: &str = "{
    const Machine = Date;
    const ahead = BEGIN * 1000 + 60000 - Machine.now();
    Date = class extends Machine {
        constructor(...given) { given.length === 0 ? super(Machine.now() + ahead) : super(...given); }
        static now() { return Machine.now() + ahead; }
    };
}";

/// How often a screen is looked at until it stands still.
const SHOTS: usize = 20;

/// Theme and width of a set of pictures.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// `light` or `dark`.
    pub theme: &'static str,
    /// In CSS pixels.
    pub width: u32,
}

impl Look {
    /// All there are.
    pub const ALL: [Self; 4] = [
        Self { theme: "light", width: 1280 },
        Self { theme: "dark", width: 1280 },
        Self { theme: "light", width: 375 },
        Self { theme: "dark", width: 375 },
    ];

    /// Makes the page look so.
    pub async fn apply(self, page: &Page) -> Result<()> {
        let devtools = Cdp::new(page.browser().clone());
        let media = json!({"features": [
            {"name": "prefers-color-scheme", "value": self.theme},
            {"name": "prefers-reduced-motion", "value": "reduce"},
        ]});
        devtools.send_raw("Emulation.setEmulatedMedia", media).await?;
        let height = if self.width < 600 { 812 } else { 900 };
        let size = json!({"width": self.width, "height": height, "deviceScaleFactor": 1, "mobile": self.width < 600});
        devtools.send_raw("Emulation.setDeviceMetricsOverride", size).await?;
        Ok(())
    }

    fn file(self, scene: &str) -> PathBuf {
        folder().join(format!("{scene}-{}-{}.png", self.theme, self.width))
    }

    fn layout_file(self) -> PathBuf {
        folder().join(format!("layout-{}-{}.json", self.theme, self.width))
    }
}

/// The demo's registry and gateway at the instant of the pictures.
pub async fn demo() -> Result<(Service, Service)> {
    Service::demo_at(INSTANT).await
}

/// Sets the clock of every page of this browser from now on to the instant of the pictures.
pub async fn set_clock(page: &Page) -> Result<()> {
    let devtools = Cdp::new(page.browser().clone());
    let script = json!({"source": CLOCK.replace("BEGIN", &INSTANT.to_string())});
    devtools.send_raw("Page.addScriptToEvaluateOnNewDocument", script).await?;
    Ok(())
}

/// Shows each screen of the demo in this look, and signing in at last, and does with each what is asked.
pub async fn walk(look: Look, with: &mut impl AsyncFnMut(&Page, &str) -> Result<()>) -> Result<()> {
    let (_registry, demo) = demo().await?;
    visit(&demo.url(), async |page| {
        look.apply(&page).await?;
        set_clock(&page).await?;
        for scene in scene::screens() {
            scene.show(&page).await?;
            with(&page, scene.name).await?;
        }
        Ok(())
    })
    .await?;
    let closed = scene::closed_gateway().await?;
    visit(&closed.url(), async |page| {
        look.apply(&page).await?;
        page.open("/").await?;
        SignIn::shown(&page).await?;
        with(&page, "sign-in").await
    })
    .await
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("references")
}

/// What is measured with each picture: the width of a text, which shows whether the fonts are the same, and the boxes of what
/// every screen is made of.
const MEASURE: &str = "
    const pen = document.createElement('canvas').getContext('2d');
    pen.font = getComputedStyle(document.body).font;
    const boxes = {};
    for (const part of ['header', 'nav', 'main', 'h1', '[role=tablist]', '[role=tabpanel]', 'main table', 'main form']) {
        const element = document.querySelector(part);
        if (element === null) continue;
        const { x, y, width } = element.getBoundingClientRect();
        boxes[part] = [x, y, width].map(Math.round);
    }
    return { text: Math.round(pen.measureText('Repositories sha256:0123456789').width * 10), boxes };";

/// What was seen of a look: for each scene what was measured.
#[derive(Default)]
pub struct Seen {
    layouts: Map<String, Value>,
    wrong: Vec<String>,
    compared: usize,
    /// Scenes whose text is drawn with other fonts than the references.
    other_fonts: Vec<String>,
}

impl Seen {
    /// Takes the picture of what is on the screen as the reference from now on.
    pub async fn keep(&mut self, page: &Page, look: Look, scene: &str) -> Result<()> {
        let picture = picture(page).await?;
        std::fs::create_dir_all(folder())?;
        std::fs::write(look.file(scene), picture.write()?)?;
        self.layouts.insert(scene.to_owned(), page.evaluate(MEASURE).await?);
        Ok(())
    }

    /// Writes what was measured next to the pictures.
    pub fn finish_keeping(self, look: Look) -> Result<()> {
        // A screen a line, so that a difference names its screen.
        let lines: Vec<_> =
            self.layouts.iter().map(|(scene, seen)| format!("{}: {seen}", json!(scene))).collect();
        std::fs::write(look.layout_file(), format!("{{\n{}\n}}\n", lines.join(",\n")))
            .context("cannot write the layout")
    }

    /// Compares what is on the screen with the reference. All differences are reported together at the end.
    pub async fn compare(&mut self, page: &Page, look: Look, scene: &str) -> Result<()> {
        let layouts = std::fs::read_to_string(look.layout_file()).context("there are no references")?;
        let layouts: Value = serde_json::from_str(&layouts)?;
        let reference = layouts.get(scene).with_context(|| format!("there is no reference of {scene}"))?;
        settle(page).await?;
        let seen = page.evaluate(MEASURE).await?;
        self.wrong.extend(moved(reference, &seen).into_iter().map(|what| format!("{scene}: {what}")));
        if reference.get("text") != seen.get("text") {
            // Every letter differs, and the boxes are what can be compared.
            self.other_fonts.push(scene.to_owned());
            return Ok(());
        }
        self.compared += 1;
        let path = look.file(scene);
        let bytes = std::fs::read(&path).with_context(|| format!("there is no {}", path.display()))?;
        let reference = Picture::read(&bytes)?;
        let differs = |(differs, cells): (usize, usize)| differs as f64 > cells as f64 * TOLERATED;
        let now = picture(page).await?;
        if !differs(reference.differences(&now)?) {
            return Ok(());
        }
        // With as few colours as the reference has: what it lost is no difference. Choosing them takes seconds, so only where it may matter.
        let now = Picture::read(&now.write()?)?;
        let (different, cells) = reference.differences(&now)?;
        if differs((different, cells)) {
            let kept = failed(look, scene)?;
            std::fs::write(&kept, now.write()?)?;
            let kept = kept.display();
            self.wrong
                .push(format!("{scene}: {different} of {cells} cells differ; it looks like {kept} now"));
        }
        Ok(())
    }

    /// Prints how many pictures were compared. Fails if anything differed, or if a picture could not be compared where the browser uses the
    /// fonts that the tests bring along.
    pub fn finish_comparing(self, look: Look) -> Result<()> {
        let (compared, skipped) = (self.compared, self.other_fonts.len());
        println!("{look:?}: {compared} pictures compared, {skipped} not compared since their fonts differ");
        let must = cfg!(target_os = "linux") || std::env::var_os("CI").is_some();
        ensure!(
            skipped == 0 || !must,
            "{look:?}: these pictures were not compared, since the browser draws text with other fonts than the references: {}",
            self.other_fonts.join(", ")
        );
        let wrong = self.wrong.join("\n");
        ensure!(
            wrong.is_empty(),
            "{look:?}:\n{wrong}\nIf that is meant, run `cargo xtask screenshots --references` and look at the pictures."
        );
        Ok(())
    }
}

/// Waits until everything is there: without motion a skeleton does not breathe.
pub async fn settle(page: &Page) -> Result<()> {
    demo::assert_shown(page).await?;
    // All at once, since what is loading may become something else that is.
    let loading = "[aria-busy=true], .skeleton, .essentials .pending, progress";
    page.wait_until(&format!("return document.querySelector('{loading}') === null")).await
}

async fn picture(page: &Page) -> Result<Picture> {
    settle(page).await?;
    // A request's id is another each time.
    let hide = "for (const one of document.querySelectorAll('.state-id')) one.style.visibility = 'hidden'; return null";
    page.evaluate(hide).await?;
    // What comes without a place of its own is there once two in a row are the same.
    let mut before = Vec::new();
    for _ in 0..SHOTS {
        let now = page.browser().screenshot_as_png().await?;
        if now == before {
            return Picture::read(&now);
        }
        before = now;
    }
    bail!("the screen does not stand still")
}

fn failed(look: Look, scene: &str) -> Result<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/journeys");
    std::fs::create_dir_all(&folder)?;
    Ok(folder.join(format!("reference-{scene}-{}-{}.png", look.theme, look.width)))
}

/// The boxes that are gone, new, or elsewhere.
fn moved(reference: &Value, seen: &Value) -> Vec<String> {
    let boxes = |of: &Value| of.get("boxes").and_then(Value::as_object).cloned().unwrap_or_default();
    let (reference, seen) = (boxes(reference), boxes(seen));
    let mut wrong: Vec<_> = seen
        .keys()
        .filter(|part| !reference.contains_key(*part))
        .map(|part| format!("{part} is new"))
        .collect();
    for (part, before) in &reference {
        let numbers =
            |of: &Value| of.as_array().into_iter().flatten().filter_map(Value::as_f64).collect::<Vec<_>>();
        match seen.get(part) {
            None => wrong.push(format!("{part} is gone")),
            Some(now) => {
                let far = numbers(before).iter().zip(numbers(now)).any(|(a, b)| (a - b).abs() > SHIFT);
                if far {
                    wrong.push(format!("{part} was at {before} and is at {now}"));
                }
            }
        }
    }
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_that_is_gone_new_or_elsewhere_is_reported() {
        let boxes = |boxes: Value| json!({"boxes": boxes});
        let before = boxes(json!({"nav": [0, 48, 240], "main": [240, 48, 1040]}));
        assert_eq!(moved(&before, &before), Vec::<String>::new());
        let shifted = boxes(json!({"nav": [0, 60, 240], "main": [240, 48, 1040]}));
        assert_eq!(moved(&before, &shifted), Vec::<String>::new());
        let after = boxes(json!({"header": [0, 0, 1280], "main": [0, 48, 1280]}));
        let differences = moved(&before, &after).join("; ");
        assert!(
            differences.contains("header is new")
                && differences.contains("nav is gone")
                && differences.contains("main was at"),
            "{differences}"
        );
    }
}

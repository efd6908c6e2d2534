//! The history of an image as steps of a Dockerfile.
//!
//! Builders record what they ran in free text. The classic builder writes `/bin/sh -c #(nop)  CMD ["sh"]`, BuildKit `CMD ["sh"]` and
//! `RUN |1 V=2 /bin/sh -c make # buildkit`, Windows base images `Apply image 10.0.20348.1`, other tools a sentence of their own. What can
//! be an instruction becomes one; anything else becomes a comment, so that the result always parses as a Dockerfile.

mod go_text;
mod instruction;
mod metadata;
mod pairs;
mod reader;
mod run;
mod shell;
mod state;

use acr_client_wasm::{Timestamp, V1Manifest};

use crate::config::ReadConfig;
pub use instruction::Instruction;
use state::State;

/// The layer that a step made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepLayer {
    /// The step changed settings only.
    None,
    /// The position of the layer among the manifest's layers, the lowest first.
    Layer(usize),
    /// The step made a layer, but which one is not known, since history and layers do not match.
    Unknown,
}

/// One step of a build.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// What the step amounts to in a Dockerfile.
    pub instruction: Instruction,
    /// When it ran.
    pub created: Option<Timestamp>,
    /// What the builder noted, for instance `buildkit.dockerfile.v0`.
    pub comment: Option<String>,
    /// The layer it made.
    pub layer: StepLayer,
}

/// History and layers disagree, so no layer can be assigned to a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// How many steps of the history made a layer.
    pub steps: usize,
    /// How many layers the manifest has.
    pub layers: usize,
}

impl std::fmt::Display for Mismatch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { steps, layers } = self;
        let plural =
            |count: usize, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
        write!(
            f,
            "The history and the layers of this image do not match: {} of the history changed files, but the image has {}.",
            plural(*steps, "step"),
            plural(*layers, "layer"),
        )
    }
}

/// The steps of an image's build, the oldest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    /// The steps.
    pub steps: Vec<Step>,
    /// Whether history and layers disagree; an image without history has none.
    pub mismatch: Option<Mismatch>,
    /// The triggers for later builds (`ONBUILD`) that the config lists and no step is: BuildKit records none.
    triggers: Vec<Instruction>,
    windows: bool,
}

impl History {
    /// Reads the history of an image with so many layers.
    ///
    /// ```
    /// use acr_artifact::{config::ReadConfig, history::{History, StepLayer}};
    ///
    /// let config = ReadConfig::from_slice(br#"{"os":"linux","history":[
    ///     {"created_by":"ADD rootfs.tar.xz / # buildkit"},
    ///     {"created_by":"EXPOSE map[8080/tcp:{}]","empty_layer":true},
    ///     {"created_by":"RUN |1 V=2 /bin/sh -c make install # buildkit"}]}"#)?;
    /// let history = History::new(&config, 2);
    /// assert_eq!(history.steps[1].instruction.text, "EXPOSE 8080/tcp");
    /// assert_eq!((history.steps[2].instruction.text.as_str(), history.steps[2].layer), ("RUN make install", StepLayer::Layer(1)));
    /// assert_eq!(history.dockerfile(),
    ///     "FROM scratch\nADD rootfs.tar.xz /\nEXPOSE 8080/tcp\n# build arguments: V=2\nRUN make install\n");
    /// # Ok::<(), acr_artifact::config::ConfigError>(())
    /// ```
    #[must_use]
    pub fn new(config: &ReadConfig, layers: usize) -> Self {
        let entries = &config.config.history;
        let made = entries.iter().filter(|entry| !entry.empty_layer).count();
        let mismatch = (!entries.is_empty() && made != layers).then_some(Mismatch { steps: made, layers });
        let mut next = 0;
        Self::read(config, mismatch, |empty| {
            if empty {
                return StepLayer::None;
            }
            next += 1;
            if mismatch.is_some() { StepLayer::Unknown } else { StepLayer::Layer(next - 1) }
        })
    }

    /// Reads the history of a manifest of schema 1. Each entry has a blob there, those of steps without a layer (`throwaway`) too, so the
    /// position counts all entries of `fsLayers`, the last one first.
    #[must_use]
    pub fn of_schema1(manifest: &V1Manifest) -> Self {
        let config = ReadConfig::from_schema1(manifest);
        let (steps, layers) = (manifest.history.len(), manifest.fs_layers.len());
        let mismatch = (steps > 0 && steps != layers).then_some(Mismatch { steps, layers });
        let mut position = 0;
        Self::read(&config, mismatch, |empty| {
            position += 1;
            match (empty, mismatch) {
                (true, _) => StepLayer::None,
                (false, Some(_)) => StepLayer::Unknown,
                (false, None) => StepLayer::Layer(position - 1),
            }
        })
    }

    fn read(
        config: &ReadConfig,
        mismatch: Option<Mismatch>,
        mut layer: impl FnMut(bool) -> StepLayer,
    ) -> Self {
        let mut state = State::new(config);
        let steps: Vec<Step> = config
            .config
            .history
            .iter()
            .map(|entry| {
                let created_by = entry.created_by.as_deref().unwrap_or_default();
                let comment = entry.comment.as_deref().filter(|comment| !comment.is_empty());
                Step {
                    instruction: reader::read(&mut state, created_by, comment),
                    created: entry.created.clone(),
                    comment: comment.map(str::to_owned),
                    layer: layer(entry.empty_layer),
                }
            })
            .collect();
        let triggers = config.config.config.on_build.iter();
        let triggers = triggers.map(|text| reader::read(&mut state, &format!("ONBUILD {text}"), None));
        let is_step = |trigger: &Instruction| steps.iter().any(|step| step.instruction.text == trigger.text);
        let triggers = triggers.filter(|trigger| !is_step(trigger)).collect();
        Self { steps, mismatch, triggers, windows: config.config.os.eq_ignore_ascii_case("windows") }
    }

    /// The Dockerfile that the history amounts to. It begins `FROM scratch`, since a history holds the steps of its base image too.
    #[must_use]
    pub fn dockerfile(&self) -> String {
        let mut text = String::new();
        if self.windows {
            // Paths of Windows are full of backslashes.
            text.push_str("# escape=`\n");
        }
        text.push_str("FROM scratch\n");
        for step in &self.steps {
            if !step.instruction.build_arguments.is_empty() {
                let arguments = step.instruction.build_arguments.join(" ");
                text.push_str(&instruction::comment(&format!("build arguments: {arguments}")));
                text.push('\n');
            }
            text.push_str(&step.instruction.text);
            text.push('\n');
        }
        for trigger in &self.triggers {
            text.push_str(&trigger.text);
            text.push('\n');
        }
        text
    }
}

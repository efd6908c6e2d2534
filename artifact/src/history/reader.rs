//! One entry of a history as an instruction, whichever builder wrote it.

use super::instruction::{Instruction, keyword, keyword_in_any_case};
use super::state::State;
use super::{metadata, run};

/// Reads an entry: what the builder ran, and its comment, which counts where there is no such text.
pub(super) fn read(state: &mut State<'_>, created_by: &str, comment: Option<&str>) -> Instruction {
    let text = printable(created_by);
    let text = text.trim();
    let text = text.strip_suffix("# buildkit").map_or(text, str::trim_end);
    if text.is_empty() {
        return Instruction::comment(&printable(comment.unwrap_or("no instruction recorded")));
    }
    if let Some((keyword, rest)) = keyword(text) {
        return by_keyword(state, keyword, rest);
    }
    if let Some(rest) = state.shells.classic_metadata(text) {
        // Buildah records the line as it was typed.
        return match keyword_in_any_case(rest) {
            Some((keyword, rest)) => by_keyword(state, keyword, rest),
            None => Instruction::comment(rest),
        };
    }
    let (arguments, rest) = run::build_arguments(text, &state.shells, &state.arguments);
    match state.shells.strip(rest) {
        Some(command) => run::instruction(command, arguments, state.escape),
        None if !arguments.is_empty() || text.starts_with('|') => {
            run::instruction(rest, arguments, state.escape)
        }
        None => Instruction::comment(text),
    }
}

fn by_keyword(state: &mut State<'_>, keyword: &'static str, rest: &str) -> Instruction {
    if keyword == "RUN" {
        let (flags, rest) = run::flags(rest);
        let (arguments, rest) = run::build_arguments(rest, &state.shells, &state.arguments);
        let command = state.shells.strip(rest).unwrap_or(rest);
        return run::with_flags(&flags, command, arguments, state.escape);
    }
    metadata::instruction(state, keyword, rest)
}

/// A text whose lines end in `\n` alone and that has no other control character but tabs.
fn printable(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    text.chars().map(|c| if c.is_control() && c != '\n' && c != '\t' { ' ' } else { c }).collect()
}

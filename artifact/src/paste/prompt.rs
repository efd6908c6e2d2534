//! What stands in front of a command: the prompt of a shell, `sudo`, variables.

use super::tools::is_tool;

/// What prompts end with.
const ENDS: [char; 5] = ['$', '#', '%', '>', '❯'];

/// Drops what stands in front of a command.
pub(super) fn skip(words: &mut Vec<String>) {
    skip_prompt(words);
    let leading = words.iter().take_while(|word| is_skipped(word)).count();
    words.drain(..leading.min(words.len().saturating_sub(1)));
}

/// Drops a prompt of several words (`(base) me@mac ~ %`), which only the tool after it shows to be one.
fn skip_prompt(words: &mut Vec<String>) {
    // In a command that begins here, such a word is the redirection of a shell.
    if words.iter().find(|word| !is_skipped(word)).is_some_and(|word| is_tool(word)) {
        return;
    }
    for (position, word) in words.iter().enumerate() {
        // The prompt of Windows has no space after it.
        let glued = word.rsplit_once('>').map(|(_, tool)| tool).filter(|tool| is_tool(tool));
        if let Some(tool) = glued.map(str::to_owned) {
            words.drain(..position);
            if let Some(first) = words.first_mut() {
                *first = tool;
            }
            return;
        }
        let mut after = words.iter().skip(position + 1).skip_while(|word| is_skipped(word));
        if word.ends_with(ENDS) && after.next().is_some_and(|next| is_tool(next)) {
            words.drain(..=position);
            return;
        }
    }
}

fn is_skipped(word: &str) -> bool {
    matches!(word, "$" | "#" | ">" | "%" | "PS" | "sudo" | "-" | "&" | "time" | "!")
        || word.ends_with('>')
        || (word.contains('=') && !word.contains(['/', ':', '@']))
}

//! The `Link` header of a list (RFC 8288): where its next page is.

/// The target of the first link whose relation is `next`.
pub(crate) fn next_link(value: &str) -> Option<&str> {
    let mut rest = value;
    while let Some((_, after)) = rest.split_once('<') {
        let (target, after) = after.split_once('>')?;
        let end = end_of_parameters(after);
        if after.get(..end)?.split(';').any(is_next) {
            return Some(target);
        }
        rest = after.get(end..)?;
    }
    None
}

/// Where the parameters of a link end: at the comma before the next link, those inside quotes not counted.
fn end_of_parameters(text: &str) -> usize {
    let mut quoted = false;
    for (index, c) in text.char_indices() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => return index,
            _ => {}
        }
    }
    text.len()
}

fn is_next(parameter: &str) -> bool {
    let Some((name, value)) = parameter.split_once('=') else { return false };
    let relations = value.trim().trim_matches('"');
    name.trim().eq_ignore_ascii_case("rel")
        && relations.split_ascii_whitespace().any(|rel| rel.eq_ignore_ascii_case("next"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_registrys_link_is_found() {
        let value = r#"</acr/v1/_catalog?last=alpine&n=1&orderby=>; rel="next""#;
        assert_eq!(next_link(value), Some("/acr/v1/_catalog?last=alpine&n=1&orderby="));
    }

    #[test]
    fn it_is_found_among_others_and_in_every_spelling() {
        assert_eq!(next_link(r#"</a>; rel=prev, </b?x=1,2>;title="a, b";REL="last NEXT""#), Some("/b?x=1,2"));
        assert_eq!(next_link("<https://r/x>;rel=next"), Some("https://r/x"));
    }

    #[test]
    fn no_next_link_is_none() {
        for value in
            ["", "</a>", "</a>; rel=\"prev\"", "</a; rel=next", "rel=next", "</a>; title=\"rel=next\""]
        {
            assert_eq!(next_link(value), None, "{value}");
        }
    }
}

//! A list as a file: CSV for spreadsheets, JSON for programs. Pure; `download.rs` hands the file to the browser.

use acr_inventory::spreadsheet;

/// A table as CSV (RFC 4180, with CR LF), safe to open in a spreadsheet.
pub(crate) fn csv(heads: &[&str], rows: &[Vec<String>]) -> String {
    let mut text = String::new();
    let mut line = |cells: &mut dyn Iterator<Item = &str>| {
        for (position, cell) in cells.enumerate() {
            if position > 0 {
                text.push(',');
            }
            text.push_str(&spreadsheet::cell(cell));
        }
        text.push_str("\r\n");
    };
    line(&mut heads.iter().copied());
    for row in rows {
        line(&mut row.iter().map(String::as_str));
    }
    text
}

/// A table as a JSON array of objects, one a row, every value a string.
pub(crate) fn json(heads: &[&str], rows: &[Vec<String>]) -> String {
    let objects: Vec<serde_json::Value> = rows
        .iter()
        .map(|row| {
            let pairs = heads.iter().zip(row).map(|(head, cell)| ((*head).to_owned(), cell.as_str().into()));
            serde_json::Value::Object(pairs.collect())
        })
        .collect();
    let mut text = serde_json::Value::Array(objects).to_string();
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn csv_quotes_what_needs_it_and_defuses_formulas() {
        let rows =
            [vec!["a,b".to_owned(), "say \"hi\"".to_owned()], vec!["=1+1".to_owned(), "plain".to_owned()]];
        assert_eq!(
            csv(&["name", "note"], &rows),
            "name,note\r\n\"a,b\",\"say \"\"hi\"\"\"\r\n'=1+1,plain\r\n"
        );
    }

    #[test]
    fn json_is_one_object_a_row() {
        let rows = [vec!["latest".to_owned(), "sha256:1".to_owned()]];
        let parsed: serde_json::Value = serde_json::from_str(&json(&["name", "digest"], &rows)).unwrap();
        assert_eq!(parsed, serde_json::json!([{"name": "latest", "digest": "sha256:1"}]));
    }
}

//! The table: printed, and put into the document between its two markers.

use anyhow::{Context, Result};

const BEGIN: &str = "<!-- bench: begin -->";
const END: &str = "<!-- bench: end -->";

/// One figure.
pub struct Row {
    /// What was measured.
    pub what: String,
    /// What came out.
    pub ours: String,
    /// What it was compared with, if it was.
    pub bare: String,
    /// The figure that counts.
    pub figure: String,
    /// What was wanted of it.
    pub wanted: String,
    /// What repeats it.
    pub command: &'static str,
}

/// The figures as a Markdown table.
pub fn render(rows: &[Row]) -> String {
    let head = [
        "measured",
        "DocuVault",
        "compared with",
        "result",
        "wanted",
        "command",
    ];
    let mut lines: Vec<Vec<String>> = vec![head.map(str::to_owned).to_vec()];
    lines.extend(rows.iter().map(|row| {
        let command = format!("`{}`", row.command);
        [
            &row.what,
            &row.ours,
            &row.bare,
            &row.figure,
            &row.wanted,
            &command,
        ]
        .map(String::clone)
        .to_vec()
    }));
    let widths: Vec<usize> = (0..head.len())
        .map(|at| lines.iter().map(|line| width(line, at)).max().unwrap_or(0))
        .collect();
    let rule = widths.iter().map(|width| "-".repeat(*width)).collect();
    lines.insert(1, rule);
    lines.iter().map(|line| padded(line, &widths)).collect()
}

fn width(line: &[String], at: usize) -> usize {
    line.get(at).map_or(0, |cell| cell.chars().count())
}

fn padded(line: &[String], widths: &[usize]) -> String {
    let cells = line.iter().zip(widths);
    let cells = cells.map(|(cell, width)| format!("| {cell:width$} "));
    format!("{}|\n", cells.collect::<String>())
}

/// The document with this text between its markers.
pub fn replaced(document: &str, text: &str) -> Result<String> {
    let (before, rest) = document
        .split_once(BEGIN)
        .with_context(|| format!("the line `{BEGIN}` is missing"))?;
    let (_, after) = rest
        .split_once(END)
        .with_context(|| format!("the line `{END}` is missing"))?;
    Ok(format!("{before}{BEGIN}\n\n{text}\n{END}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(what: &str) -> Row {
        Row {
            what: what.to_owned(),
            ours: "1".to_owned(),
            bare: "2".to_owned(),
            figure: "50 %".to_owned(),
            wanted: String::new(),
            command: "make bench",
        }
    }

    #[test]
    fn every_line_has_the_same_columns_and_width() {
        let table = render(&[row("short"), row("something längeres")]);
        let lines: Vec<&str> = table.lines().collect();
        assert_eq!(lines.len(), 4);
        for line in &lines {
            assert_eq!(line.matches('|').count(), 7, "{line}");
            assert_eq!(line.chars().count(), lines[0].chars().count(), "{line}");
        }
        assert!(lines[3].contains("| something längeres | 1 "), "{table}");
    }

    #[test]
    fn what_lies_between_the_markers_is_replaced_and_nothing_else() {
        let document = format!("before\n{BEGIN}\nold\n{END}\nafter\n");
        let once = replaced(&document, "new\n").unwrap();
        assert_eq!(once, format!("before\n{BEGIN}\n\nnew\n\n{END}\nafter\n"));
        assert_eq!(replaced(&once, "new\n").unwrap(), once);
    }

    #[test]
    fn a_document_without_both_markers_is_refused() {
        assert!(replaced("nothing", "new").is_err());
        assert!(replaced(BEGIN, "new").is_err());
        assert!(replaced(&format!("{END}{BEGIN}"), "new").is_err());
    }
}

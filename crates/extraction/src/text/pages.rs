//! Clean text, in pieces of a page's size.

/// Length of a page of text that has no pages of its own, in characters.
const PAGE: usize = 3000;

/// Text without NUL and other control characters (PostgreSQL refuses the first, nobody can read the
/// others), with `\n` line ends and nothing but text at its end.
pub(crate) fn clean(text: &str) -> String {
    let unix = text.replace("\r\n", "\n");
    let mut kept: String = unix
        .chars()
        .filter_map(|c| match c {
            '\n' | '\t' => Some(c),
            '\r' | '\u{c}' | '\u{b}' | '\u{85}' => Some('\n'),
            '\u{feff}' => None,
            c if c.is_control() => None,
            c => Some(c),
        })
        .collect();
    kept.truncate(kept.trim_end().len());
    kept
}

/// Cuts text at line ends into pages of about [`PAGE`] characters. Blank pages are left out; there is
/// always one page.
pub(crate) fn cut(text: &str) -> Vec<String> {
    let text = clean(text);
    let mut pages = Vec::new();
    let mut page = String::new();
    let mut length = 0;
    for piece in text.split_inclusive('\n').flat_map(short_pieces) {
        let more = piece.chars().count();
        if length > 0 && length + more > PAGE {
            turn(&mut pages, &mut page);
            length = 0;
        }
        page.push_str(piece);
        length += more;
    }
    turn(&mut pages, &mut page);
    if pages.is_empty() {
        pages.push(String::new());
    }
    pages
}

fn turn(pages: &mut Vec<String>, page: &mut String) {
    let full = std::mem::take(page);
    if !full.trim().is_empty() {
        pages.push(full.trim_end().to_owned());
    }
}

/// A line longer than a page in pieces, cut after a space where there is one.
fn short_pieces(line: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = line;
    while let Some((limit, _)) = rest.char_indices().nth(PAGE) {
        let head = rest.get(..limit).unwrap_or(rest);
        let end = head.rfind(' ').map_or(limit, |space| space + 1);
        let (piece, after) = rest.split_at(end);
        pieces.push(piece);
        rest = after;
    }
    pieces.push(rest);
    pieces
}

/// Drops what exceeds `limit` bytes in all; says whether something was dropped. Pages keep their
/// numbers: those without room left become empty.
pub(crate) fn keep_within(pages: &mut [String], limit: u64) -> bool {
    let mut left = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut dropped = false;
    for page in pages {
        if page.len() > left {
            dropped = true;
            page.truncate(page.floor_char_boundary(left));
            left = 0;
        } else {
            left -= page.len();
        }
    }
    dropped
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn control_characters_go_and_lines_stay() {
        assert_eq!(
            clean("\u{feff}a\0b\r\nc\rd\u{c}e\u{7}\tf \n\n"),
            "ab\nc\nd\ne\tf"
        );
    }

    #[test]
    fn long_text_is_cut_at_line_ends() {
        let line = format!("{}\n", "word ".repeat(19).trim_end());
        let pages = cut(&line.repeat(100));
        assert!(pages.len() > 2);
        assert!(
            pages
                .iter()
                .all(|page| page.chars().count() <= PAGE && page.ends_with("word"))
        );
        assert_eq!(
            pages.iter().map(|page| page.lines().count()).sum::<usize>(),
            100
        );
    }

    #[test]
    fn a_line_without_end_is_cut_as_well() {
        assert_eq!(cut(&"ä".repeat(7000)).len(), 3);
        assert!(
            cut(&"word ".repeat(2000))
                .iter()
                .all(|page| page.starts_with("word") && page.ends_with("word"))
        );
    }

    #[test]
    fn what_exceeds_the_limit_is_dropped() {
        let mut pages = vec!["äää".to_owned(), "bbb".to_owned()];
        assert!(!keep_within(&mut pages, 9));
        assert!(keep_within(&mut pages, 3));
        assert_eq!(pages, ["ä", ""]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn no_control_character_survives(text: String) {
            let bad = |c: char| c.is_control() && c != '\n' && c != '\t';
            prop_assert!(!clean(&text).contains(bad));
            let pages = cut(&text);
            prop_assert!(!pages.is_empty());
            prop_assert!(!pages.concat().contains(bad));
        }

        #[test]
        fn cutting_loses_no_letter(text in "[a-z \n]{0,9000}") {
            let letters = |s: &str| s.chars().filter(|c| c.is_alphabetic()).count();
            prop_assert_eq!(letters(&cut(&text).concat()), letters(&text));
        }
    }
}
